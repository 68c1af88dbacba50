"""Read the paragraphs of a shape of a presentation: words, marks, formulas, list numbers.

Owns: what each element of a text body reads as. Knows nothing about where the words go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.load.office.counting import Style, written
from rag.load.office.drawings import DRAWING
from rag.load.office.inline import Inline, Script
from rag.load.office.math_xml import OMML, read_omml
from rag.load.office.symbols import is_symbol_font, private_signs, without_private
from rag.load.office.xml_parts import number, visible_children

_STYLES: dict[str, Style] = {"romanLc": "lower-roman", "romanUc": "upper-roman", "alphaLc": "lower-letter",
                             "alphaUc": "upper-letter"}  # fmt: skip
_ENDINGS = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}


def paragraphs(body: Any) -> Iterator[tuple[str, bool]]:
    """Yield the words of each paragraph of a text body, and whether it has a number.

    Args:
        body: The element of the text body.
    """
    counts: dict[int, int] = {}
    for paragraph in body.iterfind(f"{DRAWING}p"):
        text = _text(paragraph).strip()
        if not text:
            continue
        label = _label(paragraph, counts)
        yield f"{label} {text}" if label else text, bool(label)


def _label(paragraph: Any, counts: dict[int, int]) -> str:
    """Return the number of a paragraph, and count it; a paragraph without one starts its level again."""
    properties = paragraph.find(f"{DRAWING}pPr")
    level = number(properties.get("lvl", "0"), 0) if properties is not None else 0
    automatic = properties.find(f"{DRAWING}buAutoNum") if properties is not None else None
    for deeper in [other for other in counts if other > level or (other == level and automatic is None)]:
        del counts[deeper]
    if automatic is None:
        return ""
    counts[level] = counts.get(level, number(automatic.get("startAt", "1"), 1) - 1) + 1
    kind = automatic.get("type", "arabicPeriod")
    ending = next((ending for ending in _ENDINGS if kind.endswith(ending)), "Period")
    style = _STYLES.get(kind.removesuffix(ending), "decimal")
    return _ENDINGS[ending].format(written(counts[level], style))


def _text(paragraph: Any) -> str:
    inline = Inline()
    _read(paragraph, inline)
    return inline.text()


def _read(element: Any, inline: Inline) -> None:
    for child in visible_children(element):
        tag = child.tag
        if tag in (f"{DRAWING}r", f"{DRAWING}fld"):
            _read_run(child, inline)
        elif tag == f"{DRAWING}br":
            inline.add("\n")
        elif tag == f"{OMML}oMath":
            inline.add(read_omml(child))
        elif tag not in (f"{DRAWING}pPr", f"{DRAWING}endParaRPr"):
            _read(child, inline)


def _read_run(run: Any, inline: Inline) -> None:
    text = run.findtext(f"{DRAWING}t") or ""
    form = run.find(f"{DRAWING}rPr")
    if form is None:
        inline.add(text.replace("\v", "\n"))
        return
    offset = form.get("baseline", "0").rstrip("%")
    script: Script = "lowered" if offset.startswith("-") else "raised" if offset.strip("0.") else ""
    latin, signs = (_typeface(form, name) for name in ("latin", "sym"))
    words = private_signs(text, signs) if is_symbol_font(signs) else without_private(text, latin)
    is_struck = form.get("strike", "noStrike") != "noStrike"
    inline.add(words.replace("\v", "\n"), struck=is_struck, script=script)


def _typeface(form: Any, name: str) -> str:
    font = form.find(f"{DRAWING}{name}")
    return "" if font is None else str(font.get("typeface", ""))
