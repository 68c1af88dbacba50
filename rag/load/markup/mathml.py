"""Read MathML as a line of text.

Owns: what each element of a formula means. Knows nothing about pages, or about spaces and brackets on a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.load.linear import Piece, joined, over, piece, root, scripted

_DROPPED = frozenset("annotation annotation-xml mphantom none mprescripts maligngroup malignmark".split())
_SCRIPTED = frozenset("msub msup msubsup munder mover munderover mmultiscripts".split())
_LARGEST_DEPTH = 50
# Signs that show nothing: function application, invisible times, comma and plus.
_INVISIBLE = str.maketrans("", "", "\u2061\u2062\u2063\u2064\u200b")
_ACCENTS = frozenset("¯‾^~→⃗˙¨ˆ˜_⏞⏟︷︸")


def linear_mathml(math: Any) -> str:
    """Return the formula in an element ``math``, a node of selectolax, on one line."""
    return joined(list(_pieces(math, 0)))


def _pieces(node: Any, depth: int) -> Iterator[Piece]:
    """Yield the parts of what stands in an element."""
    for child in _elements(node):
        yield from _piece(child, depth + 1)


def _piece(node: Any, depth: int) -> Iterator[Piece]:
    tag = _name(node)
    if tag in _DROPPED:
        return
    children = list(_elements(node))
    if depth > _LARGEST_DEPTH or tag in ("mi", "mn", "mo", "mtext", "ms") or not children:
        text = " ".join(node.text(deep=True).translate(_INVISIBLE).split())
        if tag == "mspace":
            yield Piece(" ", "space")
        elif tag in ("mtext", "ms") or depth > _LARGEST_DEPTH:
            yield Piece(text, "word")
        elif text:
            yield Piece(text, "letter") if tag == "mi" and len(text) == 1 else piece(text)
        return
    if tag == "mfrac" and len(children) == 2:
        yield over(*(_joined(child, depth) for child in children))
    elif tag == "msqrt":
        yield root(joined(list(_pieces(node, depth))))
    elif tag == "mroot" and len(children) == 2:
        yield root(*(_joined(child, depth) for child in children))
    elif tag in _SCRIPTED and len(children) > 1:
        yield _scripted(tag, children, depth)
    elif tag == "mtable":
        rows = (", ".join(_joined(cell, depth) for cell in _elements(row)) for row in children)
        yield Piece(f"[{'; '.join(rows)}]", "letter")
    elif tag == "mfenced":
        first, last = node.attributes.get("open") or "(", node.attributes.get("close") or ")"
        yield Piece(f"{first}{', '.join(_joined(child, depth) for child in children)}{last}", "letter")
    else:
        yield from _pieces(node, depth)


def _scripted(tag: str, children: list[Any], depth: int) -> Piece:
    pieces = list(_piece(children[0], depth + 1))
    base = pieces[0] if len(pieces) == 1 else Piece(f"({joined(pieces)})" if pieces else "", "letter")
    scripts = [_joined(child, depth) for child in children[1:3]]
    if tag in ("msubsup", "munderover", "mmultiscripts"):
        return scripted(base, *scripts)
    if tag in ("munder", "mover") and scripts[0] in _ACCENTS:
        return base
    return scripted(base, above=scripts[0]) if tag in ("msup", "mover") else scripted(base, below=scripts[0])


def _joined(node: Any, depth: int) -> str:
    return joined(list(_piece(node, depth + 1)))


def _elements(node: Any) -> Iterator[Any]:
    child = node.child
    while child is not None:
        if not child.tag.startswith("-"):
            yield child
        child = child.next


def _name(node: Any) -> str:
    """Return the name of an element without the prefix that some pages give it."""
    return str(node.tag).rsplit(":", 1)[-1]
