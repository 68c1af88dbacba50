"""The cases of a results file in few bytes, and back.

Owns: what is written once for a file in place of once a case. Packing loses nothing: `unpack_cases` of `pack_cases`
gives equal cases. Knows nothing about what a value means.

Written once are the names of values (``names``: of those that are there and of those that are null), the sources that
passages and citations lie in (``sources``), and the value that most objects have of a field (``usual``). A case has
only what differs from that; the text of a sentence that stands in the answer at the sentence's place is left out. What
programs look for in a case stands there under its name all the same: its id, error, answer, and first metrics.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Object = dict[str, Any]
# The names of an object's values in order, and of those that are None, by the number that stands for both.
_Names = dict[tuple[tuple[str, ...], tuple[str, ...]], int]
_NameLists = Sequence[tuple[Sequence[str], Sequence[str]]]

# The fields by which passages and citations name their source, and the field in their place: a number of ``sources``.
_SOURCE, _AT = ("source", "source_id", "title"), "at"
# The fields of an object that it lacks although it usually has them.
_LACKS = "lacks"
# Lists of an answer whose objects have the same fields; the first two name sources.
_CITING = ("passages", "citations")
_LISTS = (*_CITING, "sentences", "left_out", "calls")
# The metrics other than those that stand under their names, as numbers.
_OTHERS = "others"
# Fields of a case that are packed in their own way.
_APART = ("answer", "metrics", _OTHERS)
# Metrics that every case has under their names, where they have a value.
_UNDER_NAMES = frozenset(
    {
        "right",
        "right_and_cited",
        "f1",
        "refused",
        "tentative",
        "citation_precision",
        "citation_recall",
        "false_refusal",
        "wrong_on_unanswerable",
    }
)
# Fields that stand in every case and answer, however usual their value is.
_ALWAYS = frozenset({"id", "error", "answer", "abstained", "tentative"})


def pack_cases(cases: Sequence[Mapping[str, Any]]) -> Object:
    """Return the cases of a run in few bytes.

    Args:
        cases: Plain data, as `rag.evaluate.results.results_data` has it.

    Returns:
        ``names``, ``sources``, ``usual`` and ``rows``, one for each case.
    """
    names: _Names = {}
    sources: dict[tuple[Any, ...], int] = {}
    rows = [_with_numbers(case, names, sources) for case in cases]
    answers = [row["answer"] for row in rows]
    usual = {
        "case": _usual(_without(row, _APART) for row in rows),
        "answer": _usual(_without(answer, _LISTS) for answer in answers),
    }
    for name in _LISTS:
        usual[name] = _usual(item for answer in answers for item in answer.get(name, ()))
    short = [_shortened(row, usual, names) for row in rows]
    return {
        "names": [[list(valued), list(none)] for valued, none in names],
        "sources": [list(row) for row in sources],
        "usual": usual,
        "rows": short,
    }


def unpack_cases(packed: Mapping[str, Any]) -> list[Object]:
    """Return cases that equal those that `pack_cases` was given.

    Args:
        packed: What it returned, perhaps read from a file.

    Returns:
        Plain data, one object for each case; they share the values that are written once, so change none of them.

    Raises:
        KeyError: A part is missing.
        TypeError: A part has another type.
        ValueError: Names and values are not of one number.
        IndexError: A name or source is not in its list.
        AttributeError: A part is no object where it must be one.
    """
    names, sources, usual = packed["names"], packed["sources"], packed["usual"]
    return [_unpacked(row, names, sources, usual) for row in packed["rows"]]


# -- numbers, sources and sentences ------------------------------------------------------------------------------------


def _with_numbers(case: Mapping[str, Any], names: _Names, sources: dict[tuple[Any, ...], int]) -> Object:
    """Return a case with its numbers without their names, its sources by number, its sentences without their text."""
    answer = dict(case["answer"])
    for name in _CITING:
        if name in answer:
            answer[name] = [_citing(item, names, sources) for item in answer[name]]
    if "sentences" in answer:
        answer["sentences"] = [_sentence(item, answer.get("answer", "")) for item in answer["sentences"]]
    metrics = case["metrics"]
    plain = {name: value for name, value in metrics.items() if name in _UNDER_NAMES and value is not None}
    return {
        **case,
        "answer": answer,
        "metrics": {name: _plain(value) for name, value in plain.items()},
        _OTHERS: _values(_without(metrics, plain), names),
    }


def _citing(item: Mapping[str, Any], names: _Names, sources: dict[tuple[Any, ...], int]) -> Object:
    changed = dict(item)
    if all(isinstance(item.get(field), str) for field in _SOURCE):
        source = tuple(changed.pop(field) for field in _SOURCE)
        changed[_AT] = sources.setdefault(source, len(sources))
    if "scores" in item:
        changed["scores"] = _values(item["scores"], names)
    return changed


def _sentence(item: Mapping[str, Any], answer: str) -> Object:
    if "text" in item and item["text"] == _slice(item, answer):
        return {name: value for name, value in item.items() if name != "text"}
    return dict(item) if "text" in item else {**item, "text": None}


def _slice(item: Mapping[str, Any], answer: str) -> str | None:
    start, end = item.get("start"), item.get("end")
    return answer[start:end] if isinstance(start, int) and isinstance(end, int) else None


def _values(named: Mapping[str, Any], names: _Names) -> list[Any]:
    """Return which names the values have, as a number of ``names``, then the values that are not None."""
    in_order = sorted(named)
    valued = tuple(name for name in in_order if named[name] is not None)
    none = tuple(name for name in in_order if named[name] is None)
    return [names.setdefault((valued, none), len(names)), *(_plain(named[name]) for name in valued)]


def _plain(value: Any) -> Any:
    """Return a number without a fraction as a whole one, which takes two characters less."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _named(values: Sequence[Any], names: _NameLists) -> Object:
    valued, none = names[values[0]]
    return {**dict(zip(valued, values[1:], strict=True)), **dict.fromkeys(none)}


# -- what is usual -----------------------------------------------------------------------------------------------------


def _usual(objects: Iterable[Mapping[str, Any]]) -> Object:
    """Return the value that most objects have of each field, of fields that more than half of them have."""
    counts: dict[str, Counter[str]] = {}
    values: dict[tuple[str, str], Any] = {}
    total = 0
    for one in objects:
        total += 1
        for name, value in one.items():
            key = _key(value)
            counts.setdefault(name, Counter())[key] += 1
            values.setdefault((name, key), value)
    most = {name: keys.most_common(1)[0] for name, keys in sorted(counts.items())}
    # Of a value that more than half have there is only one.
    return {name: values[name, key] for name, (key, count) in most.items() if count * 2 > total}


def _key(value: Any) -> str:
    """Return a value as JSON, so that 1, 1.0 and true are three values."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list | tuple) else repr(value)


def _shortened(row: Mapping[str, Any], usual: Mapping[str, Object], names: _Names) -> Object:
    answer = row["answer"]
    lists = {
        name: [_values(_unusual(item, usual[name]), names) for item in answer[name]]
        for name in _LISTS
        if name in answer
    }
    return {
        **_unusual(_without(row, _APART), usual["case"]),
        "metrics": row["metrics"],
        _OTHERS: row[_OTHERS],
        "answer": {**_unusual(_without(answer, _LISTS), usual["answer"]), **lists},
    }


def _without(one: Mapping[str, Any], names: Iterable[str]) -> Object:
    return {name: value for name, value in one.items() if name not in names}


def _unusual(one: Mapping[str, Any], usual: Mapping[str, Any]) -> Object:
    short = {
        name: value
        for name, value in one.items()
        if name in _ALWAYS or name not in usual or not _same(value, usual[name])
    }
    lacking = [name for name in usual if name not in one]
    return {**short, _LACKS: lacking} if lacking else short


def _same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and bool(value == other)


def _whole(short: Mapping[str, Any], usual: Mapping[str, Any]) -> Object:
    whole = {**usual, **short}
    for name in whole.pop(_LACKS, ()):
        del whole[name]
    return whole


# -- back --------------------------------------------------------------------------------------------------------------


def _unpacked(
    row: Mapping[str, Any], names: _NameLists, sources: Sequence[Sequence[Any]], usual: Mapping[str, Object]
) -> Object:
    short = row["answer"]
    answer = _whole(_without(short, _LISTS), usual["answer"])
    for name in _LISTS:
        if name in short:
            answer[name] = [_whole(_named(item, names), usual[name]) for item in short[name]]
    for name in _CITING:
        for item in answer.get(name, ()):
            if _AT in item:
                item.update(zip(_SOURCE, sources[item.pop(_AT)], strict=True))
            if "scores" in item:
                item["scores"] = _named(item["scores"], names)
    for item in answer.get("sentences", ()):
        _restore_text(item, answer.get("answer", ""))
    return {
        **_whole(_without(row, _APART), usual["case"]),
        "metrics": {**row["metrics"], **_named(row[_OTHERS], names)},
        "answer": answer,
    }


def _restore_text(sentence: Object, answer: str) -> None:
    if "text" not in sentence:
        sentence["text"] = _slice(sentence, answer)
    elif sentence["text"] is None:
        del sentence["text"]
