r"""Number the parts of a TeX text, so that ``\ref`` reads as in print.

Owns: the counters of sections, tables, figures and formulas. Knows nothing about anything else.
"""

from __future__ import annotations

import re

_PARTS = re.compile(
    r"\\(?P<section>chapter|section|subsection|subsubsection)(?P<star>\*?)(?![a-zA-Z])"
    r"|\\(?P<edge>begin|end)\{(?P<environment>table|figure|equation|align|gather|multline|eqnarray)(?P<unnumbered>\*?)\}"
    r"|\\(?P<caption>caption)(?![a-zA-Z])|\\(?P<line>\\)|\\label\{(?P<label>[^{}]{1,200})\}|(?P<appendix>\\appendix)\b"
)
_LEVELS = ("chapter", "section", "subsection", "subsubsection")
_FORMULAS = frozenset("equation align gather multline eqnarray".split())
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")


def numbers_of(text: str) -> dict[str, str]:
    """Return the number that each label of a text stands for."""
    counters = dict.fromkeys((*_LEVELS, "table", "figure", "equation"), 0)
    has_chapters = "\\chapter" in text
    numbers: dict[str, str] = {}
    current = environment = ""
    for part in _PARTS.finditer(_COMMENT.sub("", text)):
        if part["section"] and not part["star"]:
            level = _LEVELS.index(part["section"])
            counters[part["section"]] += 1
            counters.update(dict.fromkeys(_LEVELS[level + 1 :], 0))
            current = ".".join(str(counters[name]) for name in _LEVELS[0 if has_chapters else 1 : level + 1])
        elif part["edge"]:
            environment = part["environment"] if part["edge"] == "begin" and not part["unnumbered"] else ""
            if environment in _FORMULAS:
                counters["equation"] += 1
                current = str(counters["equation"])
        elif part["caption"] and environment in ("table", "figure"):
            counters[environment] += 1
            current = str(counters[environment])
        elif part["line"] and environment in ("align", "gather", "eqnarray"):
            counters["equation"] += 1
            current = str(counters["equation"])
        elif part["label"]:
            numbers.setdefault(part["label"], current)
    return numbers
