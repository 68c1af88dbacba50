"""What changed since the baseline: the cases, the documents, and what answered.

Owns: which cases of a baseline are asked unchanged, and the sentences on all that differs. Knows nothing about figures
and the gate's verdict.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rag.evaluate.types import METRIC_DIGITS

# What a case may change without being another question.
_DESCRIPTIVE = ("id", "tags", "weight")
# Names that are listed; the others are counted.
_LISTED = 3
# Settings that differ and are listed.
_SETTINGS_LISTED = 20
_HASH = 12
# What is said of the parts of a configuration; the others go by their names.
_TITLES = {
    "footnote": "version of Footnote",
    "model": "language model",
    "embedding_model": "embedding model",
    "embedding_fingerprint": "weights of the embedding model",
}


def case_fingerprint(case: Mapping[str, Any]) -> str:
    """Return a hash of what a case asks and expects.

    Args:
        case: The case in its JSON form.

    Returns:
        16 hexadecimal digits; the same for a case whose tags or weight changed.
    """
    asked = {name: _rounded(value) for name, value in case.items() if name not in _DESCRIPTIVE}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def other_questions(now: Mapping[str, str], before: Mapping[str, str]) -> frozenset[str]:
    """Return the ids under which the two runs ask or expect different things.

    Args:
        now: The fingerprint of each case of the run, by id.
        before: The same of the baseline; a case without one is taken for the same.

    Returns:
        The ids.
    """
    return frozenset(id_ for id_, asked in now.items() if before.get(id_, asked) != asked)


def case_changes(now: Sequence[str], before: Sequence[str], others: frozenset[str]) -> Iterator[str]:
    """Yield a sentence for cases that were added, that are gone, and that ask something else now.

    Args:
        now: The ids of the run.
        before: The ids of the baseline.
        others: The ids under which the two ask different things.

    Yields:
        Sentences.
    """
    known, asked = set(before), set(now)
    for ids, what in (
        ([id_ for id_ in now if id_ not in known], "not in the baseline"),
        ([id_ for id_ in before if id_ not in asked], "only in the baseline"),
        ([id_ for id_ in now if id_ in others and id_ in known], "asked or answered otherwise in the baseline"),
    ):
        if ids:
            shown = ", ".join(ids[:_LISTED]) + ", …" * (len(ids) > _LISTED)
            cases = f"{len(ids)} cases are" if len(ids) > 1 else "1 case is"
            yield f"Suite: {cases} {what} and not compared ({shown})."


def corpus_change(now: str, before: str) -> Iterator[str]:
    """Yield a sentence where the documents are not those of the baseline.

    Args:
        now: The hash of the run's documents.
        before: That of the baseline's.

    Yields:
        A sentence, or nothing.
    """
    if now != before:
        yield f"Documents: they are not those of the baseline ({_short(before)} → {_short(now)})."


def configuration_changes(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each part of what answered that differs.

    Args:
        now: The description of what answered, see `rag.evaluate.run.configuration.describe_configuration`.
        before: The same of the baseline.

    Yields:
        Sentences.
    """
    flat_now, flat_before = dict(_flat(now)), dict(_flat(before))
    names = [name for name in {**flat_before, **flat_now} if flat_now.get(name) != flat_before.get(name)]
    for name in names[:_SETTINGS_LISTED]:
        title = _TITLES.get(name, name)
        yield f"{title[0].upper()}{title[1:]}: {_value(flat_before, name)} → {_value(flat_now, name)}."
    if len(names) > _SETTINGS_LISTED:
        yield f"{len(names) - _SETTINGS_LISTED} more settings differ."


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value of a mapping of mappings; as text, so that one that was read back from a file is the same."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name} ")
        else:
            yield f"{above}{name}", json.dumps(_rounded(value), default=str, ensure_ascii=False).strip('"')


def _rounded(value: Any) -> Any:
    """Return a value as results hold it, see `METRIC_DIGITS`."""
    if isinstance(value, Mapping):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, METRIC_DIGITS) if isinstance(value, float) else value


def _value(values: Mapping[str, str], name: str) -> str:
    return _short(values[name], 60) or "none" if name in values else "absent"


def _short(text: str, longest: int = _HASH) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
