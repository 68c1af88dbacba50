"""Put the shapes of a slide of OpenDocument in the order in which they are read.

Owns: what comes first on a slide, and where a shape stands. Knows nothing about the words of a shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rag.load.office.odf_inline import DRAW, PRESENTATION
from rag.load.office.placement import Placed, in_reading_order

_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_OUTLINE = ("subtitle", "outline", "text")
_FOOT = ("date-time", "footer", "header")
_LENGTH = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(cm|mm|in|pt|px)?")
_MOVED = re.compile(r"translate\s{0,9}\((\S{1,30})[\s,]{1,9}(\S{1,30})\)")
_MILLIMETRES = {"cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96}


def ordered_shapes(slide: Any) -> Iterator[Any]:
    """Yield the shapes of a slide: its title, its outline, the rest as it is read, and what is at its foot.

    The number of the slide is left out: it is that of the page.
    """
    shapes = list(_shapes(slide))
    kinds = [shape.get(f"{PRESENTATION}class", "") for shape in shapes]
    of_kind = list(zip(shapes, kinds, strict=True))
    yield from (shape for shape, kind in of_kind if kind == "title")
    yield from (shape for shape, kind in of_kind if kind in _OUTLINE)
    yield from _free([shape for shape, kind in of_kind if kind not in ("title", "page-number", *_OUTLINE, *_FOOT)])
    yield from (shape for shape, kind in of_kind if kind in _FOOT)


def _free(shapes: list[Any]) -> Iterator[Any]:
    """Yield shapes as they are read, those of a group together."""
    for shape in in_reading_order(_placed(shape) for shape in shapes):
        if shape.tag == f"{DRAW}g":
            yield from _free(list(_shapes(shape)))
        else:
            yield shape


def _shapes(element: Any) -> Iterator[Any]:
    return (child for child in element if isinstance(child.tag, str) and child.tag.startswith(DRAW))


def _placed(shape: Any) -> Placed:
    """Return a shape with its place; a group has that of its first shape."""
    first = next((e for e in shape.iter() if e.get(f"{_SVG}y") or e.get(f"{DRAW}transform")), shape)
    moved = _MOVED.search(first.get(f"{DRAW}transform", ""))
    left, top = (moved[1], moved[2]) if moved else (first.get(f"{_SVG}x", ""), first.get(f"{_SVG}y", ""))
    return Placed(shape, _length(top), _length(left), _length(first.get(f"{_SVG}height", "")))


def _length(text: str) -> float:
    """Return a length in millimetres; 0 for one that cannot be read."""
    match = _LENGTH.fullmatch(text)
    return float(match[1]) * _MILLIMETRES.get(match[2] or "", 1.0) if match else 0.0
