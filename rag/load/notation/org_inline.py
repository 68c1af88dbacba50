"""Write the inline marks of Org as HTML.

Owns: emphasis, links, notes, formulas, days. Knows nothing about blocks.
"""

from __future__ import annotations

import html
import re

from rag.load.tex_math import readable_math

_BEFORE, _AFTER = r"(?<![^\s\-({'\"|—–])", r"(?![^\s\-.,;:!?'\")}\]|—–])"
_MARKS = re.compile(
    r"\\\((?P<math>(?:[^\\]|\\[^()]){1,2000})\\\)|\\\[(?P<display>(?:[^\\]|\\[^\[\]]){1,2000})\\\]"
    r"|(?<![\w$])\$(?P<dollar>[^\s$](?:[^$]{0,300}[^\s$.,])?)\$(?!\w)"
    r"|\[\[(?P<target>[^\[\]]{1,1000})\](?:\[(?P<words>[^\[\]]{1,1000})\])?\]"
    r"|\[fn:(?P<note>[\w-]{0,60})(?::(?P<note_text>[^\[\]]{1,2000}))?\]"
    r"|[<\[](?P<day>\d{4}-\d{2}-\d{2}[^<>\[\]\n]{0,60})[>\]]"
    rf"|{_BEFORE}(?P<sign>[*/_+=~])(?P<marked>(?!\s)(?:(?!(?P=sign))[^\n]){{1,400}}(?<!\s))(?P=sign){_AFTER}"
    r"|(?<=\S)(?P<script>[\^_])(?:\{(?P<group>[^{}]{1,200})\}|(?P<digits>[+-]?\d{1,6}(?!\w)))"
    r"|\\(?P<entity>[a-zA-Z]{1,20})(?:\{\})?"
    r"|<{2,3}(?P<anchor>[^<>\n]{1,200})>{2,3}|@@(?P<backend>[^@\n]{1,500})@@"
    r"|(?P<line_end>\\\\)(?=\s|$)",
    re.S,
)
_PICTURE = re.compile(r".*\.(?:png|jpe?g|gif|svg|webp)$", re.I)


class OrgNotes:
    """The numbers of notes in the order in which they are named, and those whose text stands in the line."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}
        self.waiting: list[str] = []

    def number(self, label: str) -> str:
        """Return the number of a note; one without a label has a number of its own."""
        label = label or f"\0{len(self._numbers)}"
        return self._numbers.setdefault(label, str(len(self._numbers) + 1))


def inline_html(text: str, notes: OrgNotes) -> str:
    """Return words with their marks as HTML.

    Args:
        text: The words of a paragraph.
        notes: The numbers of the notes; notes in the line wait there.

    Returns:
        The words, without the marks.
    """
    parts: list[str] = []
    end = 0
    for mark in _MARKS.finditer(text):
        parts += (html.escape(text[end : mark.start()], quote=False), _written(mark, notes))
        end = mark.end()
    parts.append(html.escape(text[end:], quote=False))
    return "".join(parts)


def _written(mark: re.Match[str], notes: OrgNotes) -> str:
    if formula := mark["math"] or mark["display"] or mark["dollar"]:
        return html.escape(readable_math(formula), quote=False)
    if mark["target"]:
        words = mark["words"] or ("" if _PICTURE.match(mark["target"]) else mark["target"])
        return html.escape(words, quote=False)
    if mark["note"] is not None:
        number = notes.number(mark["note"])
        if mark["note_text"]:
            notes.waiting.append(f"<p>[{number}] {html.escape(mark['note_text'].strip(), quote=False)}</p>")
        return f'<a role="doc-noteref">{number}</a>'
    if mark["sign"]:
        words = html.escape(mark["marked"], quote=False)
        if mark["sign"] in "=~":
            return words
        words = inline_html(mark["marked"], notes) if len(mark["marked"]) < 200 else words
        return f"<s>{words}</s>" if mark["sign"] == "+" else words
    if mark["script"]:
        tag = "sup" if mark["script"] == "^" else "sub"
        return f"<{tag}>{html.escape(mark['group'] or mark['digits'], quote=False)}</{tag}>"
    if mark["entity"]:
        sign = readable_math(f"\\{mark['entity']}")
        return html.escape(mark[0] if sign == mark["entity"] else sign, quote=False)
    if mark["line_end"]:
        return "<br>"
    return html.escape(mark["day"] or "", quote=False)
