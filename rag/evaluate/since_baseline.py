"""What changed since the baseline: the cases, the documents, and what answered.

Owns: which cases of a baseline are asked unchanged, and the sentences on all that differs. Knows nothing about figures
and the gate's verdict.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rag.evaluate.settings import compare_settings, settings_of
from rag.evaluate.types import METRIC_DIGITS

# What a case may change without being another question; a reply counts for the turns that follow it.
_DESCRIPTIVE = ("id", "tags", "weight", "xfail", "skip", "labels", "reply")
# What a fixed history makes of a turn.
_REPLYING = ("reply", "answers", "small_talk", "answerable")
# Names that are listed; the others are counted.
_LISTED = 3
# Settings that differ and are listed.
_SETTINGS_LISTED = 20
_HASH_SHOWN = 12
# A value longer than this is cut.
_LONGEST = 60


def asked_fingerprints(cases: Iterable[Mapping[str, Any]], conversation: str) -> dict[str, str]:
    """Return a hash of what each case of a run asks and expects.

    Args:
        cases: The cases that are asked, in their JSON form and in order.
        conversation: ``live`` or ``fixed``: what stands before the turns of a conversation.

    Returns:
        By the case's id 16 hexadecimal digits: the same for a case of which nothing changed but tags, weight, marks and
        labels. Those of a turn depend on the turns before it, too, and where there are some on ``conversation``.
    """
    found: dict[str, str] = {}
    name, before = "", ""
    for case in cases:
        if case.get("conversation", "") != name:
            name, before = case.get("conversation", ""), ""
        asked = {key: value for key, value in case.items() if key not in _DESCRIPTIVE}
        found[str(case["id"])] = _hash([asked, before])
        if name:
            reply = [case.get(key) for key in _REPLYING] if conversation == "fixed" else []
            before = _hash([conversation, before, case.get("question"), reply])
    return found


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(_rounded(value), sort_keys=True).encode()).hexdigest()[:16]


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
    # One of the two was read back from a file.
    both = compare_settings([settings_of(_rounded(before)), settings_of(_rounded(now))])
    differing = [setting for setting in both if setting.differs]
    for setting in differing[:_SETTINGS_LISTED]:
        yield f"Setting {setting.name}: {' → '.join(_short(value, _LONGEST) for value in setting.values)}."
    if (more := len(differing) - _SETTINGS_LISTED) > 0:
        yield f"{more} more setting{'s differ' if more > 1 else ' differs'}."


def _rounded(value: Any) -> Any:
    """Return a value as results hold it, see `METRIC_DIGITS`."""
    if isinstance(value, Mapping):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, METRIC_DIGITS) if isinstance(value, float) else value


def _short(text: str, longest: int = _HASH_SHOWN) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
