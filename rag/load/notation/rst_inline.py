"""Write the inline marks of reStructuredText as HTML.

Owns: emphasis, roles, references, marks of notes, substitutions. Knows nothing about blocks.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Callable

from rag.load.tex_math import readable_math

_MARKS = re.compile(
    r"\\(?P<escaped>.)"
    r"|``(?P<literal>(?:[^`]|`(?!`)){1,500})``"
    r"|:(?P<role>[a-zA-Z][\w:.+-]{0,60}):`(?P<role_text>[^`]{1,2000})`"
    r"|_?`(?P<text>[^`]{1,2000})`(?::(?P<role_after>[a-zA-Z][\w:.+-]{0,60}):|_{0,2})"
    r"|\*\*(?P<strong>[^*\s](?:[^*]{0,500}[^*\s])?)\*\*"
    r"|(?<![\w*])\*(?P<emphasis>[^*\s](?:[^*]{0,500}[^*\s])?)\*(?![\w*])"
    r"|\|(?P<substitution>[^|\s](?:[^|]{0,100}[^|\s])?)\|_{0,2}"
    r"|\[(?P<note>\d{1,5}|#[\w.-]{0,60}|\*|[\w][\w.-]{0,60})\]_(?!\w)"
    r"|(?P<word>\w{1,100})(?P<end>__?)(?![\w`])",
    re.S,
)
_TARGET = re.compile(r"(?P<words>[^<]{1,1000}?)\s{0,5}<[^<>]{1,1000}>$", re.S)
_RAISED = frozenset(("sup", "superscript"))
_LOWERED = frozenset(("sub", "subscript"))
_SHORT_NAMES = frozenset(("class", "func", "meth", "mod", "attr", "exc", "obj", "data"))


class Notes:
    """The numbers of a text's notes; those without a number of their own take the next that is free."""

    def __init__(self, labels: list[str]) -> None:
        """Give each note its number.

        Args:
            labels: The labels of all notes, in the order in which they stand: ``1``, ``#``, ``#name``, ``*``.
        """
        taken = {label for label in labels if label.isdecimal()}
        self._numbers: dict[str, str] = {}
        self._references: deque[str] = deque()
        self._definitions: deque[str] = deque()
        number = 0
        for label in labels:
            if label.startswith("#"):
                number += 1
                while str(number) in taken:
                    number += 1
                if label == "#":
                    self._references.append(str(number))
                    self._definitions.append(str(number))
                else:
                    self._numbers[label] = str(number)

    def number(self, label: str, *, is_definition: bool = False) -> str:
        """Return the number of a note, or its own label.

        Args:
            label: Its label.
            is_definition: Whether the note itself stands there, and not a mark of it.

        Returns:
            What stands in the brackets.
        """
        if label == "#":
            waiting = self._definitions if is_definition else self._references
            return waiting.popleft() if waiting else "#"
        return self._numbers.get(label, label.lstrip("#"))


def inline_html(text: str, notes: Notes, substitutions: dict[str, str]) -> str:
    """Return words with their marks as HTML.

    Args:
        text: The words of a paragraph.
        notes: The numbers of the notes.
        substitutions: What stands for the words between bars.

    Returns:
        The words, without the marks.
    """
    parts: list[str] = []
    end = 0
    for mark in _MARKS.finditer(text):
        parts.append(html.escape(text[end : mark.start()], quote=False))
        parts.append(_written(mark, notes, substitutions))
        end = mark.end()
    parts.append(html.escape(text[end:], quote=False))
    return "".join(parts)


def _written(mark: re.Match[str], notes: Notes, substitutions: dict[str, str]) -> str:
    if mark["escaped"] is not None:
        # An escaped space joins what stands around it.
        return "" if mark["escaped"].isspace() else html.escape(mark["escaped"], quote=False)
    if mark["role"] or mark["role_after"]:
        return _role(mark["role"] or mark["role_after"], mark["role_text"] or mark["text"])
    if mark["substitution"]:
        name = " ".join(mark["substitution"].split())
        return substitutions.get(name, html.escape(name if name in substitutions else mark[0], quote=False))
    if mark["note"]:
        label = mark["note"]
        number = notes.number(label)
        return f'<a role="doc-noteref">{html.escape(number)}</a>'
    words = next(filter(None, (mark["literal"], mark["text"], mark["strong"], mark["emphasis"], mark["word"])), "")
    words = words if mark["literal"] else _plain(_without_target(words))
    return html.escape(words, quote=False)


def _role(role: str, text: str) -> str:
    name = role.rsplit(":", 1)[-1].lower()
    if name == "math":
        return html.escape(readable_math(text), quote=False)
    words = html.escape(_plain(_without_target(text)), quote=False)
    if name in _RAISED or name in _LOWERED:
        tag = "sup" if name in _RAISED else "sub"
        return f"<{tag}>{words}</{tag}>"
    if name in _SHORT_NAMES and words.startswith("~"):
        return words.rsplit(".", 1)[-1].lstrip("~")
    return words.lstrip("!~")


def _without_target(text: str) -> str:
    """Return the words of a link without where it leads."""
    link = _TARGET.match(text)
    return link["words"] if link and not link["words"].endswith("\\") else text


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


Inline = Callable[[str], str]
