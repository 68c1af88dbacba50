"""What promptfoo's asserts expect of an answer, as the fields of a case.

Owns: which asserts are taken, and how several that a case has no field for become one pattern. Knows nothing about
configurations and files.

A case has one match. One ``equals``, ``contains-any``, ``regex`` or ``starts-with`` is that match; where there are
several, or a negated one, all become one regular expression that looks ahead for each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rag.evaluate.formats.promptfoo_files import comma_separated
from rag.evaluate.suite.schema import pattern_error

# Groups that are called by number or name cannot stand behind those of another pattern, nor can flags for all of it.
_STANDS_ALONE = re.compile(r"\\[1-9]|\(\?P[<=>]|\(\?[a-zA-Z]+\)")


def case_fields(asserts: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Return what asserts stand for.

    Args:
        asserts: Those of one test, each with ``type`` and ``value``.

    Returns:
        The fields of a case, and the types of the asserts that were left out.
    """
    include: list[str] = []
    exclude: list[str] = []
    matches: list[tuple[str, list[str]]] = []
    unknown_types: list[str] = []
    for item in asserts:
        kind = str(item.get("type", ""))
        check = kind.replace("icontains", "contains")
        values = _values(item.get("value"), is_list=check.endswith(("-any", "-all")))
        if check == "is-refusal":
            return {"answerable": False}, [*unknown_types, *_types_behind(asserts, item)]
        if not values or any("{{" in value for value in values):
            unknown_types.append(kind)
        elif check in ("contains", "contains-all"):
            include += values
        elif check in ("not-contains", "not-contains-any"):
            exclude += values
        elif check in _LOOKS and (not matches or _can_join(check, values)):
            matches.append((check, values))
        else:
            unknown_types.append(kind)
    fields = _match_fields(matches, unknown_types)
    if include:
        fields["must_include"] = tuple(include)
    if exclude:
        fields["must_not_include"] = tuple(exclude)
    return fields, unknown_types


def _types_behind(asserts: Sequence[dict[str, Any]], refusal: dict[str, Any]) -> list[str]:
    """Return the types of what else is asked of a refusal: a case without an answer expects nothing of its words."""
    return [str(item.get("type", "")) for item in asserts if item is not refusal and item.get("type") != "is-refusal"]


def _match_fields(matches: list[tuple[str, list[str]]], unknown_types: list[str]) -> dict[str, Any]:
    """Return the match of a case; names what has no valid pattern among the unknown types."""
    if len(matches) == 1:
        check, values = matches[0]
        if check in ("equals", "contains-any"):
            return {"answers": tuple(values), "match": "em" if check == "equals" else "contains"}
        if check == "starts-with":
            return {"pattern": "^" + re.escape(values[0]), "match": "regex"}
        if check == "regex" and not pattern_error(values[0]):
            return {"pattern": values[0], "match": "regex"}
    joined = []
    for check, values in matches:
        if not _can_join(check, values):
            unknown_types.append(check)
            continue
        is_negated = check.startswith("not-")
        written = values if check.endswith("regex") else [_literal(value, check == "contains-any") for value in values]
        look = _LOOKS[check].format("|".join(written))
        joined.append(f"(?{'!' if is_negated else '='}{look})")
    return {"pattern": "^" + "".join(joined), "match": "regex"} if joined else {}


# What each looks for from the beginning of the answer, without what only one of Python and JavaScript can read.
_LOOKS = {
    "equals": r"(?:{})\s*$",
    "contains-any": r"[\s\S]*?(?:{})",
    "starts-with": "(?:{})",
    "regex": r"[\s\S]*?(?:{})",
    "not-equals": r"(?:{})\s*$",
    "not-starts-with": "(?:{})",
    "not-regex": r"[\s\S]*?(?:{})",
}


def _literal(text: str, in_any_case: bool) -> str:
    """Return a pattern of a text that Python and JavaScript read alike."""
    if not in_any_case:
        return re.escape(text)
    return "".join(
        f"[{c.lower()}{c.upper()}]" if len(c.lower() + c.upper()) == 2 and c.isalpha() else re.escape(c) for c in text
    )


def _can_join(check: str, values: list[str]) -> bool:
    """Tell whether a check can be one of several in one pattern."""
    if not check.endswith("regex"):
        return True
    return not _STANDS_ALONE.search(values[0]) and not pattern_error(values[0])


def _values(value: Any, is_list: bool) -> list[str]:
    """Return the texts of an assert: its value, or each text or number of a list, which may be a text with commas."""
    listed = comma_separated(value) if is_list and isinstance(value, str) else value
    listed = listed if isinstance(listed, list) else [listed]
    return [str(item) for item in listed if isinstance(item, str | int | float) and str(item).strip()]
