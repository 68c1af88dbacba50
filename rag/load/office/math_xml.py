"""Read the formulas of Word (OMML) and of OpenDocument (MathML) as lines of text.

Owns: what each element of the two means. Knows nothing about spaces and brackets on a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from rag.load.linear import Piece, joined, over, piece, root, scripted

OMML = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TOKEN = re.compile(r"\d[\d.,]*|\s+|\w|.", re.DOTALL)
_WORDS = re.compile(r"\d[\d.,]*|\s+|[^\W\d_]+|.", re.DOTALL)
_OVERLINE, _UNDERLINE = "\u0304", "\u0332"
# Signs above a base, with the combining characters for them.
_ACCENTS = {"¯": _OVERLINE, "‾": _OVERLINE, "―": _OVERLINE, "^": "\u0302", "ˆ": "\u0302", "~": "\u0303",
            "˜": "\u0303", "→": "\u20d7", "⃗": "\u20d7", "˙": "\u0307", "¨": "\u0308", "ˇ": "\u030c"}  # fmt: skip
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"))
_DROPPED = frozenset(("mphantom", "annotation", "annotation-xml", "none", "mprescripts"))

Pieces = list[Piece]


def read_omml(element: Any) -> str:
    """Return a formula of Word in a line."""
    return joined(_omml_children(element))


def read_mathml(element: Any) -> str:
    """Return a formula in MathML in a line."""
    return joined(_mathml(element))


def _single(pieces: Pieces) -> Piece:
    """Return pieces as one: letters as they stand, others in brackets."""
    if len(pieces) == 1:
        return pieces[0]
    text = joined(pieces)
    return Piece(text if not text or text.isalpha() else f"({text})", "letter")


def _rows(rows: Sequence[Sequence[str]]) -> Piece:
    """Return the rows of a matrix or of several equations, without brackets."""
    return Piece("; ".join(", ".join(row) for row in rows), "letter")


def _accented(pieces: Pieces, sign: str) -> Piece:
    base = joined(pieces)
    return Piece(base + sign if len(base) == 1 else f"({base}){sign}", "letter")


def _omml_children(element: Any) -> Pieces:
    """Return the parts of what stands in an element; none for None."""
    children = [child for child in element if isinstance(child.tag, str)] if element is not None else []
    return [part for child in children for part in _omml(child)]


def _omml(element: Any) -> Pieces:
    tag = element.tag
    if tag == f"{OMML}r":
        return _omml_run(element)
    if not tag.startswith(OMML):
        return [] if tag in (f"{_WORD}del", f"{_WORD}rPr") else _omml_children(element)
    name = tag[len(OMML) :]
    if name.endswith("Pr"):
        return []
    read = _OMML_READERS.get(name)
    return read(element) if read else _omml_children(element)


def _omml_run(run: Any) -> Pieces:
    """Return the parts of a run: letters are variables, each by itself, unless they are set upright as words are."""
    text = "".join(t.text or "" for t in run if t.tag in (f"{OMML}t", f"{_WORD}t"))
    style = run.find(f"{OMML}rPr/{OMML}sty")
    is_word = run.find(f"{OMML}rPr/{OMML}nor") is not None or (style is not None and style.get(f"{OMML}val") == "p")
    return [piece(match) for match in (_WORDS if is_word else _TOKEN).findall(text)]


def _part(element: Any, name: str) -> Pieces:
    return _omml_children(element.find(OMML + name))


def _line(element: Any, name: str) -> str:
    return joined(_part(element, name))


def _property(element: Any, name: str, absent: str) -> str:
    """Return the value of a property of an element; "" where it is there without one."""
    found = element.find(f"{element.tag}Pr/{OMML}{name}")
    return absent if found is None else str(found.get(f"{OMML}val", ""))


def _scripts(element: Any) -> Pieces:
    return [scripted(_single(_part(element, "e")), _line(element, "sub"), _line(element, "sup"))]


def _scripts_before(element: Any) -> Pieces:
    return [scripted(Piece("", "letter"), _line(element, "sub"), _line(element, "sup")), *_part(element, "e")]


def _large(element: Any) -> Pieces:
    sign = Piece(_property(element, "chr", "∫"), "large")
    return [scripted(sign, _line(element, "sub"), _line(element, "sup")), *_part(element, "e")]


def _limit(element: Any) -> Pieces:
    base, limit = _named(_part(element, "e")), _line(element, "lim")
    return [scripted(base, below=limit) if element.tag == f"{OMML}limLow" else scripted(base, above=limit)]


def _function(element: Any) -> Pieces:
    return [_named(_part(element, "fName")), *_part(element, "e")]


def _named(pieces: Pieces) -> Piece:
    """Return the name of a function, which stands apart from what it is applied to."""
    name = _single(pieces)
    return Piece(name.text, "word") if len(name.text) > 1 else name


def _delimited(element: Any) -> Pieces:
    separator = _property(element, "sepChr", "|")
    content = f"{separator} ".join(joined(_omml_children(part)) for part in element.iterfind(f"{OMML}e"))
    # Rows of a matrix have no brackets but these.
    is_matrix = element.find(f"{OMML}e/{OMML}m") is not None and content.startswith("[") and content.endswith("]")
    first, last = _property(element, "begChr", "("), _property(element, "endChr", ")")
    return [Piece(f"{first}{content[1:-1] if is_matrix else content}{last}", "letter")]


def _omml_matrix(element: Any) -> Pieces:
    rows = [[joined(_omml_children(e)) for e in row.iterfind(f"{OMML}e")] for row in element.iterfind(f"{OMML}mr")]
    return [Piece(f"[{_rows(rows).text}]", "letter")]


def _equations(element: Any) -> Pieces:
    return [_rows([[joined(_omml_children(part))] for part in element.iterfind(f"{OMML}e")])]


def _omml_accent(element: Any) -> Pieces:
    sign = _property(element, "chr", "\u0302")
    return [_accented(_part(element, "e"), _ACCENTS.get(sign, sign))]


def _bar(element: Any) -> Pieces:
    sign = _OVERLINE if _property(element, "pos", "bot") == "top" else _UNDERLINE
    return [_accented(_part(element, "e"), sign)]


def _phantom(element: Any) -> Pieces:
    return [] if _property(element, "show", "1") in ("0", "off", "false") else _part(element, "e")


_OMML_READERS: dict[str, Callable[[Any], Pieces]] = {
    "f": lambda element: [over(_line(element, "num"), _line(element, "den"))],
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts_before,
    "rad": lambda element: [root(_line(element, "e"), _line(element, "deg"))],
    "nary": _large,
    "d": _delimited,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _omml_matrix,
    "eqArr": _equations,
    "acc": _omml_accent,
    "bar": _bar,
    "phant": _phantom,
}


def _mathml(element: Any) -> Pieces:
    name = element.tag.rsplit("}", 1)[-1]
    if name in _DROPPED:
        return []
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        text = " ".join("".join(element.itertext()).translate(_INVISIBLE).split())
        return [Piece(text, "word") if name in ("mtext", "ms") else piece(text)]
    if name == "mspace":
        return [Piece(" ", "space")]
    children = [child for child in element if isinstance(child.tag, str)]
    if name == "mtable":
        return [_rows([[joined(_mathml(cell)) for cell in row if isinstance(cell.tag, str)] for row in children])]
    read = _MATHML_READERS.get(name)
    if read and len(children) == read[0]:
        return [read[1](*map(_mathml, children))]
    pieces = [part for child in children for part in _mathml(child)]
    if name == "msqrt":
        return [root(joined(pieces))]
    if name == "mfenced":
        return [Piece(f"{element.get('open', '(')}{joined(pieces)}{element.get('close', ')')}", "letter")]
    return pieces


def _under_over(base: Pieces, below: Pieces, above: Pieces) -> Piece:
    sign = joined(above)
    if not below and sign in _ACCENTS:
        return _accented(base, _ACCENTS[sign])
    return scripted(_named(base) if joined(base).isalpha() else _single(base), joined(below), sign)


def _sub_super(base: Pieces, below: Pieces, above: Pieces) -> Piece:
    return scripted(_single(base), joined(below), joined(above))


# How many children each element has, and what they make.
_MATHML_READERS: dict[str, tuple[int, Callable[..., Piece]]] = {
    "mfrac": (2, lambda above, below: over(joined(above), joined(below))),
    "msup": (2, lambda base, above: _sub_super(base, [], above)),
    "msub": (2, lambda base, below: _sub_super(base, below, [])),
    "msubsup": (3, _sub_super),
    "munder": (2, lambda base, below: _under_over(base, below, [])),
    "mover": (2, lambda base, above: _under_over(base, [], above)),
    "munderover": (3, _under_over),
    "mroot": (2, lambda content, degree: root(joined(content), joined(degree))),
}
