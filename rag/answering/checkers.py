"""The checkers of a model's sentences: which there are, and which of them a setting names.

Owns: the table of checkers, what their makers are given, and how ``RAG_CHECKER`` is read. Knows nothing about how a
checker works: ``rag.verify`` has the rules, ``rag.answering.shipped_checkers`` those that ask a model.

A package adds a checker with an entry point in the group ``footnote.checkers``: a class or function of an argument and
a ``CheckerContext`` that returns a ``rag.verify.checker.Checker``. ``RAG_CHECKER=NAME:ARGUMENT`` asks it behind the
rules, for what they leave open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.errors import RagError, UsageError
from rag.models.encoder import Encoder
from rag.models.llm.model import Model
from rag.notices import Notice
from rag.parts import Parts
from rag.scoring.file import scoring_for, shipped_scoring
from rag.scoring.values import Support
from rag.settings import Settings
from rag.verify.checker import Checker
from rag.verify.compare import read_rules_off

RULES, SIMILARITY, CROSS_ENCODER, BY_LANGUAGE_MODEL = "rules", "similarity", "cross-encoder", "llm"
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class CheckerContext:
    """What a checker may be made with.

    Attributes:
        encoder: The embedding model of the index that is asked; None where texts are checked without an index.
        model: The open language model that answers; None without one.
        prompts: The folder whose prompts replace those of the same name; None for none.
        threads: Threads that a model computes with.
        rules_off: The ids of the rules that are switched off.
        support: From where on a sentence is supported.
        further: For the rules: the checkers that are asked about what they leave open.
    """

    encoder: Encoder | None = None
    model: Model | None = None
    prompts: Path | None = None
    threads: int = 1
    rules_off: frozenset[str] = frozenset()
    support: Support = field(default_factory=lambda: shipped_scoring().support)
    further: tuple[Checker, ...] = ()


MakeChecker = Callable[[str, CheckerContext], Checker]
"""Makes a checker of what stands behind its name in ``RAG_CHECKER`` ("" for nothing) and a context."""

CHECKERS: Parts[MakeChecker] = Parts(
    "checker",
    {
        RULES: "rag.answering.shipped_checkers:rules_checker",
        SIMILARITY: "rag.answering.shipped_checkers:similarity_checker",
        CROSS_ENCODER: "rag.answering.shipped_checkers:cross_encoder_checker",
        BY_LANGUAGE_MODEL: "rag.answering.shipped_checkers:language_model_checker",
    },
)


def open_checker(spec: str, context: CheckerContext) -> Checker:
    """Open the checker that a setting names: the rules, and behind them what is asked where they leave a claim open.

    Args:
        spec: Empty: the similarity to the embedding model; ``rules``: the rules alone; ``NAME`` or ``NAME:ARGUMENT``:
            beside the similarity a checker of the table; else a cross-encoder, by folder or name.
        context: What it may be made with.

    Returns:
        The checker.

    Raises:
        UsageError: The named checker cannot be used or opened.
    """
    name, argument = read_spec(spec)
    named = _make(name, argument, context)
    if name == RULES:
        return named
    further = (named,) if name == SIMILARITY else (_make(SIMILARITY, "", context), named)
    return _make(RULES, "", replace(context, further=further))


def open_rules(settings: Settings) -> Checker:
    """Open the rules for texts that are checked without an index, by the rules and numbers that settings want.

    Args:
        settings: The rules that are switched off, and the user's file of numbers; which checker is asked behind the
            rules is for answers, and not heeded here.

    Returns:
        The checker.

    Raises:
        UsageError: A setting is wrong, or the file of numbers cannot be read.
    """
    scoring, _ = scoring_for("", settings.scoring)
    context = CheckerContext(rules_off=read_rules_off(settings.rules_off), support=scoring.support)
    return open_checker(RULES, context)


def check_checker(spec: str) -> None:
    """Check the form of a setting that names a checker; no model is loaded.

    Args:
        spec: As for ``open_checker``.

    Raises:
        UsageError: The named checker cannot be used.
    """
    name, _ = read_spec(spec)
    if problem := CHECKERS.problem(name):
        raise UsageError(Notice("checker-unusable", {"spec": spec, "cause": problem}))


def read_spec(spec: str) -> tuple[str, str]:
    """Return the name of the checker that a value of ``RAG_CHECKER`` names, and the argument behind it."""
    if not spec:
        return SIMILARITY, ""
    names = CHECKERS.names()
    if spec in names:
        return spec, ""
    name, colon, argument = spec.partition(":")
    is_path = _DRIVE.match(spec) or Path(spec).expanduser().exists()
    return (name, argument) if colon and name in names and not is_path else (CROSS_ENCODER, spec)


def _make(name: str, argument: str, context: CheckerContext) -> Checker:
    check_checker(name)
    make = CHECKERS.get(name)
    assert make is not None
    try:
        checker = make(argument, context)
    except RagError:
        raise
    except Exception as error:  # Code from outside raises anything.
        cause = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise UsageError(Notice("checker-not-opened", {"name": name, "cause": cause})) from error
    if not isinstance(checker, Checker):
        raise UsageError(Notice("checker-incomplete", {"name": name}))
    return checker
