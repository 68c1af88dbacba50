"""What answers the questions of an evaluation, and the settings of it that may be varied.

Owns: the names that a suite's ``defaults`` and ``--set`` take, the check of their values, and the description that goes
into every result. Knows nothing about suites or figures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rag.answering.checkers import BY_LANGUAGE_MODEL, read_spec
from rag.answering.options import AnswerOptions
from rag.errors import UsageError
from rag.evaluate.types import Suite
from rag.ingestion.chunking import CHUNKER_VERSION
from rag.load.loader import loader_version
from rag.models.llm.model import Model
from rag.models.llm.opening import open_llm
from rag.models.weights import Fetch
from rag.prompts import read_prompt
from rag.retrieval.answerability import threshold_of
from rag.retrieval.passages import Reranker, open_reranker
from rag.scoring.file import scoring_id
from rag.settings import Settings
from rag.store.index import Index
from rag.verify.compare import read_rules_off

# Settings that answering uses; all others change the index or the machine, not what is asked of it.
_SETTINGS = tuple(
    "checker context_window llm llm_trust max_answer_tokens policy reranker rules_off threshold top_k".split()
)
# The weight of the dense ranking: an option of an answer that is no setting.
_FUSION = "fusion"


@dataclass(frozen=True)
class Configuration:
    """What answers: settings, the options of each answer, a language model or none, a reranker or none."""

    settings: Settings
    options: AnswerOptions
    model: Model | None = None
    reranker: Reranker | None = None


def variable_settings() -> list[str]:
    """Return the names of what may be varied over one index."""
    return [_FUSION, *_SETTINGS]


def apply_overrides(settings: Settings, values: Mapping[str, Any]) -> tuple[Settings, AnswerOptions]:
    """Return settings and options with some values changed.

    Args:
        settings: The settings without them.
        values: Value by name, of the settings and of ``fusion``; text is converted.

    Returns:
        The settings, and the options of an answer that follow from them.

    Raises:
        UsageError: A name is unknown or a value is wrong.
    """
    if unknown := sorted(set(values) - {_FUSION, *Settings.model_fields}):
        raise UsageError(f"{unknown[0]!r} cannot be set for an evaluation; it takes {', '.join(variable_settings())}.")
    changed = {name: value for name, value in values.items() if name != _FUSION}
    try:
        checked = Settings.model_validate(settings.model_dump() | changed)
    except UsageError as error:
        invalid = error.__cause__
        if not isinstance(invalid, ValidationError):
            raise
        first = invalid.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        raise UsageError(f"The value {values.get(name)!r} of {name!r} is wrong: {first['msg']}.") from None
    settings = settings.model_copy(update={name: getattr(checked, name) for name in changed})
    options = AnswerOptions.of(settings)
    if _FUSION in values:
        options = replace(options, dense_weight=_share(values[_FUSION]))
    return settings, options


def _share(value: Any) -> float:
    """Return the value of ``fusion`` as a number.

    Raises:
        UsageError: It is no number from 0 to 1.
    """
    try:
        share = float(value)
    except (TypeError, ValueError):
        share = -1.0
    if not 0 <= share <= 1:
        raise UsageError(f"The value {value!r} of {_FUSION!r} is wrong: it must be a number from 0 to 1.")
    return share


@contextmanager
def open_configuration(
    settings: Settings, options: AnswerOptions, fetch: Fetch | None = None
) -> Iterator[Configuration]:
    """Open what answers, and close its language model in the end.

    Where the language model cannot be opened, no other is measured instead.

    Args:
        settings: The settings.
        options: The options of each answer.
        fetch: Fetches the weights of a model that is absent.

    Yields:
        The configuration with its language model open.

    Raises:
        LLMError: The language model cannot be opened.
    """
    model = open_llm(settings.llm, settings, fetch)
    try:
        reranker = open_reranker(settings.reranker, settings.threads, settings.device, settings.models)
        yield Configuration(settings, options, model, reranker)
    finally:
        if model:
            model.close()


@contextmanager
def configured(index: Index, configuration: Configuration) -> Iterator[None]:
    """Let an index be asked by the settings of a configuration, and give it back its own in the end.

    Args:
        index: The open index. It is not copied: asking may open its files anew.
        configuration: What answers.

    Yields:
        Nothing; the index has the settings meanwhile.
    """
    own = index.settings
    index.settings = configuration.settings
    try:
        yield
    finally:
        index.settings = own


def describe_configuration(index: Index, configuration: Configuration, judge: str = "") -> dict[str, Any]:
    """Describe all that an answer depends on besides the documents; equal descriptions give equal answers.

    Args:
        index: The index that is asked.
        configuration: What answers.
        judge: The name of the judge's model, if there is one.

    Returns:
        Plain data, written into every result.
    """
    from rag import __version__

    settings, model = configuration.settings, configuration.model
    options = asdict(configuration.options)
    del options["sources"]
    options["threshold"] = threshold_of(index, configuration.options.threshold)
    if options["dense_weight"] is None:
        options["dense_weight"] = index.scoring.fusion.dense_weight
    return {
        "footnote": __version__,
        "embedding_model": _name(index.encoder.name),
        "embedding_fingerprint": index.encoder.fingerprint,
        "loader": loader_version(),
        "chunker": CHUNKER_VERSION,
        "chunk_tokens": min(settings.chunk_tokens, index.encoder.max_tokens),
        "scoring": scoring_id(index.scoring),
        "options": options,
        "reranker": _name(settings.reranker),
        "checker": _checker_name(settings.checker),
        "rules_off": sorted(read_rules_off(settings.rules_off)),
        "model": model.name if model else "none",
        "model_is_weak": bool(model and model.weak),
        "context_window": model.context_window if model else 0,
        "prompts": {name: read_prompt(name, settings.prompts).id for name in _prompts(configuration)},
        "judge": judge,
    }


def describe_system(
    index: Index, settings: Settings, system: Mapping[str, Any], checked_by: Model | None = None, judge: str = ""
) -> dict[str, Any]:
    """Describe all that the figures of another system depend on besides its answers and the documents.

    Args:
        index: The index of the documents.
        settings: The settings of the run; of them those count by which sentences are checked.
        system: What the system is, as plain data.
        checked_by: The language model that judges sentences; None where the rules check alone.
        judge: The name of the judge's model, if there is one.

    Returns:
        Plain data, written into every result.
    """
    from rag import __version__

    return {
        "footnote": __version__,
        "system": dict(system),
        "model": str(system.get("model") or system.get("name") or system.get("address") or ""),
        "loader": loader_version(),
        "scoring": scoring_id(index.scoring),
        "checker": _checker_name(settings.checker),
        "checker_model": checked_by.name if checked_by else "none",
        "rules_off": sorted(read_rules_off(settings.rules_off)),
        "judge": judge,
    }


def prompt_texts(configuration: Configuration) -> dict[str, str]:
    """Return the whole text of each prompt that an answer may be made with, by its name."""
    prompts = (read_prompt(name, configuration.settings.prompts) for name in _prompts(configuration))
    return {prompt.name: f"## system\n\n{prompt.system}\n\n## user\n\n{prompt.user}" for prompt in prompts}


def _prompts(configuration: Configuration) -> list[str]:
    """Return the names of the prompts that an answer may be made with."""
    model = configuration.model
    if not model:
        return []
    asking = ["answerable"] * (model.weak and getattr(model, "likelihood", None) is not None)
    judging = ["judge"] * (not model.weak and read_spec(configuration.settings.checker)[0] == BY_LANGUAGE_MODEL)
    return ["answer_small" if model.weak else "answer", *asking, *judging, "condense"]


def configuration_fingerprint(config: Mapping[str, Any]) -> str:
    """Return the first 16 digits of the SHA-256 of a description."""
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()[:16]


def _name(spec: str) -> str:
    """Return a model's name without the folder it lies in: results tell nothing about the machine."""
    return Path(spec).name if Path(spec).is_absolute() or spec.startswith("~") else spec


def suite_settings(suite: Suite) -> dict[str, Any]:
    """Return the settings that a suite names; ``ks`` is no setting of an answer."""
    return {name: value for name, value in suite.defaults.items() if name != "ks"}


def parse_assignments(assignments: Sequence[str]) -> dict[str, list[str]]:
    """Parse what ``--set`` was given: ``["top_k=4,8", "llm=none"]`` → ``{"top_k": ["4", "8"], "llm": ["none"]}``.

    Args:
        assignments: Each a name, ``=`` and values with commas.

    Returns:
        The values of each name, as texts.

    Raises:
        UsageError: One is no assignment, or a name is given twice.
    """
    values_by_name: dict[str, list[str]] = {}
    for assignment in assignments:
        name, equals, listed = assignment.partition("=")
        values = [value.strip() for value in listed.split(",")]
        if not (equals and name and all(values)):
            raise UsageError(f"{assignment!r} is no setting; write --set NAME=VALUE or --set NAME=VALUE,VALUE.")
        if name in values_by_name:
            raise UsageError(f"--set {name} is given twice; write all its values in one: --set {name}=VALUE,VALUE.")
        values_by_name[name] = list(dict.fromkeys(values))
    return values_by_name


def _checker_name(spec: str) -> str:
    """Return what ``RAG_CHECKER`` names, without the folder of a model."""
    name, argument = read_spec(spec)
    return f"{name}:{_name(argument)}" if spec.startswith(f"{name}:") else _name(spec)
