"""The checkers of a model's sentences: which there are, and which of them a setting names.

Owns: the table of checkers, what their makers are given, and how ``RAG_CHECKER`` is read. Knows nothing about how a
checker works: ``rag.verify`` has the rules, ``rag.answering.shipped_checkers`` and ``cross_encoder_checker`` those
that ask a model.

A package adds a checker with an entry point in the group ``footnote.checkers``: a class or function of an argument and
a ``CheckerContext`` that returns a ``rag.verify.checker.Checker``. ``RAG_CHECKER=NAME:ARGUMENT`` asks it behind the
rules, for what they leave open.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from rag.errors import LLMError, UsageError
from rag.models.encoder import Encoder
from rag.models.hub_names import PREFIX
from rag.models.llm.metering import Meter, meter_for, metered
from rag.models.llm.model import Model
from rag.models.llm.opening import is_known_weak, open_llm
from rag.notices import Notice
from rag.parts import PartFailed, Parts
from rag.scoring.file import scoring_for, shipped_scoring
from rag.scoring.values import Support
from rag.settings import Settings
from rag.verify.checker import Checker
from rag.verify.guarded_checker import GuardedChecker

RULES, CROSS_ENCODER, BY_LANGUAGE_MODEL = "rules", "cross-encoder", "llm"
AUTO = "auto"
"""The setting for the strong model that answers, else the rules alone."""
# A path on a drive, or one with a folder before its first colon.
_PATH = re.compile(r"[A-Za-z]:[\\/]|[^:]*[\\/]")


@dataclass(frozen=True, slots=True)
class CheckerContext:
    """What a checker may be made with.

    Attributes:
        encoder: The embedding model of the index that is asked; None where texts are checked without an index.
        model: The open language model that answers; None without one.
        open_model: Opens another language model by its spec, or returns the one that is open already.
        meter: Records what is asked of language models, and allows no call that would pass a cap.
        trace: What was asked of models, and what that cost, is added to it.
        cancel: Ends what a model is asked when it is set; None where nobody can.
        prompts: The folder whose prompts replace those of the same name; None for none.
        threads: Threads that a model computes with.
        device: Where a model computes, as ``RAG_DEVICE`` names it.
        models: The folder of models; None where none is fetched.
        rules_off: The ids of the rules that are switched off.
        support: From where on a sentence is supported.
        further: For the rules: the checkers that are asked behind them.
    """

    encoder: Encoder | None = None
    model: Model | None = None
    open_model: Callable[[str], Model | None] = lambda _: None
    meter: Meter = field(default_factory=Meter)
    trace: list[Notice] = field(default_factory=list)
    cancel: threading.Event | None = None
    prompts: Path | None = None
    threads: int = 1
    device: str = "cpu"
    models: Path | None = None
    rules_off: frozenset[str] = frozenset()
    support: Support = field(default_factory=lambda: shipped_scoring().support)
    further: tuple[GuardedChecker, ...] = ()


MakeChecker = Callable[[str, CheckerContext], Checker]
"""Makes a checker of what stands behind its name in ``RAG_CHECKER`` ("" for nothing) and a context."""

CHECKERS: Parts[MakeChecker] = Parts(
    "checker",
    {
        RULES: "rag.answering.shipped_checkers:rules_checker",
        CROSS_ENCODER: "rag.answering.cross_encoder_checker:cross_encoder_checker",
        BY_LANGUAGE_MODEL: "rag.answering.shipped_checkers:language_model_checker",
    },
)


def open_checker(spec: str, context: CheckerContext) -> Checker:
    """Open the checker that a setting names: the rules, and behind them whoever judges what sentences mean.

    Args:
        spec: ``auto`` or empty: the strong model that answers; ``rules``: the rules alone; ``llm:SPEC``: another
            language model; ``NAME`` or ``NAME:ARGUMENT``: a checker of the table; else a cross-encoder, by folder or
            name.
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
    return _make(RULES, "", replace(context, further=(GuardedChecker(named, name, CHECKERS.package(name)),)))


def open_checker_for(
    settings: Settings,
    model: Model | None = None,
    *,
    encoder: Encoder | None = None,
    support: Support | None = None,
    trace: list[Notice] | None = None,
    cancel: threading.Event | None = None,
    meter: Meter | None = None,
) -> Checker:
    """Open the checker that settings name, for an answer or for any text.

    Args:
        settings: The checker, the rules that are switched off, the prompts, threads, prices and caps.
        model: The open language model that wrote what is checked, or is to judge it; None without one.
        encoder: The embedding model of the index; None without an index.
        support: From where on a sentence is supported; None: what the settings' scoring file says.
        trace: What is asked of models, and what that costs, is added to it.
        cancel: Ends what a model is asked when it is set; None where nobody can.
        meter: Records the calls of an answer; None: one that heeds the settings' prices and caps of a day.

    Returns:
        The checker.

    Raises:
        UsageError: A setting is wrong, or what it names cannot be opened.
    """
    meter = meter or meter_for(settings, model, of_a_question=False)
    context = CheckerContext(
        encoder=encoder,
        model=model and metered(model, meter),
        open_model=partial(_open_metered, settings=settings, meter=meter),
        meter=meter,
        trace=[] if trace is None else trace,
        cancel=cancel,
        prompts=settings.prompts,
        threads=settings.threads,
        device=settings.device,
        models=settings.models,
        rules_off=read_rules_off(settings.rules_off),
        support=support or scoring_for("", settings.scoring)[0].support,
    )
    return open_checker(settings.checker, context)


def check_checker(spec: str) -> None:
    """Check the form of a setting that names a checker; no model is loaded.

    Args:
        spec: As for ``open_checker``.

    Raises:
        UsageError: There is no such checker, or it cannot be used.
    """
    name, _ = read_spec(spec)
    if problem := CHECKERS.problem(name):
        raise UsageError(Notice("checker-unusable", {"spec": spec, "cause": problem.as_json()}))


def read_rules_off(setting: str) -> frozenset[str]:
    """Return the ids of rules that ``RAG_RULES_OFF`` names, with commas between them.

    Raises:
        UsageError: There is no rule of one of these ids.
    """
    if not setting:
        return frozenset()
    # Only now: it imports every rule.
    from rag.verify.compare import read_rules_off as read

    return read(setting)


def read_spec(spec: str) -> tuple[str, str]:
    """Read a value of ``RAG_CHECKER``.

    Args:
        spec: As for ``open_checker``.

    Returns:
        The name of the checker, and the argument behind it.

    Raises:
        UsageError: What stands before a colon is no checker, and no part of a path or of a Hugging Face name.
    """
    if spec in ("", AUTO):
        return BY_LANGUAGE_MODEL, ""
    names = CHECKERS.names()
    if spec in names:
        return spec, ""
    name, colon, argument = spec.partition(":")
    if not colon or spec.startswith(PREFIX) or _PATH.match(spec) or Path(spec).expanduser().exists():
        return CROSS_ENCODER, spec
    if name not in names:
        raise UsageError(Notice("checker-unknown", {"spec": spec, "name": name, "known": names}))
    return name, argument


# The judges that are open, by spec and settings: they are asked again with the next answer.
_JUDGES: dict[tuple[str, str], Model | None] = {}
_OPENING = threading.Lock()


def _open_metered(spec: str, settings: Settings, meter: Meter) -> Model | None:
    """Open a language model whose calls a meter records."""
    model = _open_once(spec, settings)
    return model and metered(model, meter)


def _open_once(spec: str, settings: Settings) -> Model | None:
    """Open a language model, or return the one that was opened by the same spec and settings before.

    Raises:
        LLMError: It is known to be too weak to judge, so that it is not opened, or a service cannot be used.
    """
    if is_known_weak(spec, settings.llm_trust):
        raise LLMError(Notice("judge-too-weak", {"model": spec}))
    key = spec, settings.model_dump_json()
    with _OPENING:
        if key not in _JUDGES:
            _JUDGES[key] = open_llm(spec, settings)
        return _JUDGES[key]


def _make(name: str, argument: str, context: CheckerContext) -> Checker:
    check_checker(name)
    make = CHECKERS.get(name)
    assert make is not None
    try:
        with CHECKERS.calling(name):
            checker = make(argument, context)
            is_whole = isinstance(checker, Checker)
    except PartFailed as error:
        values = {"name": name, "package": error.package, "cause": error.cause}
        raise UsageError(Notice("checker-not-opened", values)) from error
    if not is_whole:
        raise UsageError(Notice("checker-incomplete", {"name": name}))
    return checker
