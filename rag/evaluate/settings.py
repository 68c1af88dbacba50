"""What answered, in the words of the settings: for the report of one run, and for what differs between runs.

Owns: by which name each part of a configuration is shown, and in which order. Knows nothing about how it looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# By the path in `rag.evaluate.run.configuration.describe_configuration`: the setting's name. What a reader looks at
# first stands first; what is not listed follows under its own path.
_NAMES = {
    "model": "llm",
    "embedding_model": "embedding_model",
    "reranker": "reranker",
    "checker": "checker",
    "options.passages": "top_k",
    "chunk_tokens": "chunk_tokens",
    "options.dense_weight": "fusion",
    "options.threshold": "threshold",
    "options.policy": "policy",
    "options.tentative": "tentative",
    "options.max_tokens": "max_answer_tokens",
    "context_window": "context_window",
    "rules_off": "rules_off",
    "judge": "judge",
    "scoring": "scoring",
    "chunker": "version of the chunker",
    "loader": "version of the readers",
    "embedding_fingerprint": "fingerprint of the embedding model",
    "footnote": "version of Footnote",
}
# Shown as prompts, with their texts.
_PROMPTS = "prompts."
# What another system than Footnote is; of Footnote itself nothing says so.
_SYSTEM, _FOOTNOTE = "system", "Footnote"
_ABSENT = "–"
_HASH = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its value in each run, in the order of the runs.

    Attributes:
        name: Its name.
        values: Its values; a dash for a run that does not name it.
        differs: Whether two runs have another value that can have one: what only Footnote has does not differ in
            another system.
    """

    name: str
    values: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class PromptRow:
    """A prompt: its name, its id, and its whole text; "" where the results do not hold it."""

    name: str
    id: str
    text: str


def settings_of(config: Mapping[str, Any]) -> dict[str, str]:
    """Return what answered as words.

    Args:
        config: The configuration of a run.

    Returns:
        The value of each setting by its name, and the id of each prompt under ``prompt NAME``. Of another system than
        Footnote ``system`` is its name.
    """
    flat = dict(_flat(config))
    if _SYSTEM in config:
        flat = _of_another_system(flat)
    known = {name: flat.pop(path) for path, name in _NAMES.items() if path in flat}
    return {**known, **{_other_name(path): value for path, value in flat.items()}}


def compare_settings(runs: Sequence[Mapping[str, str]]) -> list[Setting]:
    """Set the settings of runs side by side.

    Args:
        runs: What `settings_of` returned for each.

    Returns:
        Each setting that a run names, those that differ first. Where some runs are of Footnote and some of another
        system, the setting ``system`` says which.
    """
    kinds = [_SYSTEM in one for one in runs]
    if len(set(kinds)) > 1:
        runs = [{_SYSTEM: _FOOTNOTE, **one} for one in runs]
    names = dict.fromkeys(name for one in runs for name in one)
    return sorted((_setting(name, runs, kinds) for name in names), key=lambda row: not row.differs)


def _setting(name: str, runs: Sequence[Mapping[str, str]], kinds: Sequence[bool]) -> Setting:
    values = tuple(one.get(name, _ABSENT) for one in runs)
    naming = {kind for kind, one in zip(kinds, runs, strict=True) if name in one}
    comparable = {value for kind, value in zip(kinds, values, strict=True) if kind in naming}
    return Setting(name, values, len(comparable) > 1)


def _of_another_system(flat: Mapping[str, str]) -> dict[str, str]:
    """Return the flat configuration of another system, which has a name where Footnote has a language model."""
    changed = {_SYSTEM: flat.get("model", "")} | {path: value for path, value in flat.items() if path != "model"}
    for path in ("system.name", "system.address", "system.model"):
        if changed.get(path) == changed[_SYSTEM]:
            del changed[path]
    if "system.sha256" in changed:
        changed["system.sha256"] = changed["system.sha256"][:_HASH]
    return changed


def _other_name(path: str) -> str:
    return f"prompt {path.removeprefix(_PROMPTS)}" if path.startswith(_PROMPTS) else path


def settings_sentence(config: Mapping[str, Any]) -> str:
    """Return what a reader asks first of what answered, in one line: passages, chunks, models and prompts."""
    settings = settings_of(config)
    wanted = ("top_k", "chunk_tokens", "embedding_model", "reranker", "judge")
    parts = [f"{name} {settings[name]}" for name in wanted if settings.get(name, "none") != "none"]
    parts += [f"{name} {id_}" for name, id_ in settings.items() if name.startswith("prompt ")]
    return ", ".join(parts)


def prompts_of(config: Mapping[str, Any], texts: Mapping[str, str]) -> list[PromptRow]:
    """Return the prompts of a run.

    Args:
        config: The configuration of the run.
        texts: The whole text of each prompt by its name.

    Returns:
        One row for each prompt.
    """
    ids = config.get("prompts")
    return [PromptRow(name, str(id_), texts.get(name, "")) for name, id_ in (ids or {}).items()]


def _flat(config: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in config.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}.")
        else:
            yield path, _words(value)


def _words(value: Any) -> str:
    if value is None:
        return "default"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value) or "none"
