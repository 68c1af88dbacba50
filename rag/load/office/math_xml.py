"""Read the formulas of Word (OMML) and of OpenDocument (MathML).

Owns: what each element of the two means. Knows nothing about how a formula is written in a line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.load.office.formulas import (
    Term,
    accent,
    enclosed,
    fraction,
    function,
    limits,
    matrix,
    root,
    scripts,
    sequence,
    whole,
)  # fmt: skip

OMML = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SUMS = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂")
_OVERLINE = "\u0304"
# Signs above a base, with the combining characters for them.
_ACCENTS = {"¯": _OVERLINE, "‾": _OVERLINE, "―": _OVERLINE, "^": "\u0302", "ˆ": "\u0302", "~": "\u0303",
            "˜": "\u0303", "→": "\u20d7", "⃗": "\u20d7", "˙": "\u0307", "¨": "\u0308", "ˇ": "\u030c"}  # fmt: skip
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b"))


def read_omml(element: Any) -> str:
    """Return a formula of Word in a line."""
    return whole(_omml_children(element))


def read_mathml(element: Any) -> str:
    """Return a formula in MathML in a line."""
    return whole(_mathml(element))


def _omml_children(element: Any) -> Term:
    """Return the children of an element, or an empty term for None."""
    return sequence([_omml(child) for child in element if isinstance(child.tag, str)] if element is not None else [])


def _omml(element: Any) -> Term:
    tag = element.tag
    if tag == f"{OMML}r":
        return Term("".join(text.text or "" for text in element if text.tag in (f"{OMML}t", f"{_WORD}t")))
    if not tag.startswith(OMML):
        return Term("") if tag in (f"{_WORD}del", f"{_WORD}rPr") else _omml_children(element)
    name = tag[len(OMML) :]
    if name.endswith("Pr"):
        return Term("")
    read = _OMML_READERS.get(name)
    return read(element) if read else _omml_children(element)


def _part(element: Any, name: str) -> Term:
    return _omml_children(element.find(OMML + name))


def _optional(element: Any, name: str) -> Term | None:
    part = _part(element, name)
    return part if part.text else None


def _property(element: Any, name: str, absent: str) -> str:
    """Return the value of a property of an element; "" where it is there without one."""
    found = element.find(f"{element.tag}Pr/{OMML}{name}")
    return absent if found is None else str(found.get(f"{OMML}val", ""))


def _nary(element: Any) -> Term:
    return limits(Term(_property(element, "chr", "∫")), _optional(element, "sub"), _optional(element, "sup"),
                  _part(element, "e"))  # fmt: skip


def _delimiters(element: Any) -> Term:
    terms = [_omml_children(part) for part in element.findall(f"{OMML}e")]
    return enclosed(terms, _property(element, "begChr", "("), _property(element, "endChr", ")"),
                    _property(element, "sepChr", "|"))  # fmt: skip


def _omml_rows(element: Any) -> Term:
    return matrix([[_omml_children(cell) for cell in row.findall(f"{OMML}e")] for row in element.findall(f"{OMML}mr")])


def _omml_accent(element: Any) -> Term:
    sign = _property(element, "chr", "\u0302")
    return accent(_part(element, "e"), _ACCENTS.get(sign, sign))


def _bar(element: Any) -> Term:
    return accent(_part(element, "e"), _OVERLINE if _property(element, "pos", "bot") == "top" else "\u0332")


def _phantom(element: Any) -> Term:
    return Term("") if _property(element, "show", "1") in ("0", "off", "false") else _part(element, "e")


_OMML_READERS: dict[str, Callable[[Any], Term]] = {
    "f": lambda e: fraction(_part(e, "num"), _part(e, "den")),
    "sSup": lambda e: scripts(_part(e, "e"), None, _part(e, "sup")),
    "sSub": lambda e: scripts(_part(e, "e"), _part(e, "sub"), None),
    "sSubSup": lambda e: scripts(_part(e, "e"), _part(e, "sub"), _part(e, "sup")),
    "sPre": lambda e: sequence([scripts(Term(""), _part(e, "sub"), _part(e, "sup")), _part(e, "e")]),
    "rad": lambda e: root(_part(e, "e"), _optional(e, "deg")),
    "nary": _nary,
    "d": _delimiters,
    "func": lambda e: function(_part(e, "fName"), _part(e, "e")),
    "limLow": lambda e: limits(_part(e, "e"), _part(e, "lim"), None),
    "limUpp": lambda e: limits(_part(e, "e"), None, _part(e, "lim")),
    "m": _omml_rows,
    "eqArr": lambda e: matrix([[_omml_children(part)] for part in e.findall(f"{OMML}e")]),
    "acc": _omml_accent,
    "bar": _bar,
    "phant": _phantom,
}


def _mathml_children(element: Any) -> list[Term]:
    return [_mathml(child) for child in element if isinstance(child.tag, str)]


def _mathml(element: Any) -> Term:
    name = element.tag.rsplit("}", 1)[-1]
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return Term(" ".join("".join(element.itertext()).translate(_INVISIBLE).split()))
    if name in ("mspace", "mphantom", "annotation", "annotation-xml", "none", "mprescripts"):
        return Term(" " if name == "mspace" else "")
    if name == "mtable":
        return matrix([_mathml_children(row) for row in element if isinstance(row.tag, str)])
    terms = _mathml_children(element)
    if name == "mfenced":
        return enclosed(terms, element.get("open", "("), element.get("close", ")"), element.get("separators", ",")[:1])
    if name == "msqrt":
        return root(sequence(terms), None)
    read = _MATHML_READERS.get(name)
    return read[1](*terms) if read and len(terms) == read[0] else _fenced(terms)


def _fenced(terms: list[Term]) -> Term:
    """Return terms one after the other; brackets that already enclose a matrix are all that it needs."""
    terms = [term for term in terms if term.text]
    if len(terms) == 3 and terms[1].is_matrix and len(terms[0].text) == len(terms[2].text) == 1:
        return enclosed(terms[1:2], terms[0].text, terms[2].text, "")
    return sequence(terms)


def _with_scripts(base: Term, below: Term | None, above: Term | None) -> Term:
    return (limits if base.text in _SUMS else scripts)(base, below, above)


def _under_over(base: Term, below: Term | None, above: Term | None) -> Term:
    if below is None and above is not None and above.text in _ACCENTS:
        return accent(base, _ACCENTS[above.text])
    return limits(base, below, above)


# How many children each element has, and what they make.
_MATHML_READERS: dict[str, tuple[int, Callable[..., Term]]] = {
    "mfrac": (2, fraction),
    "msup": (2, lambda base, above: _with_scripts(base, None, above)),
    "msub": (2, lambda base, below: _with_scripts(base, below, None)),
    "msubsup": (3, _with_scripts),
    "munder": (2, lambda base, below: _under_over(base, below, None)),
    "mover": (2, lambda base, above: _under_over(base, None, above)),
    "munderover": (3, _under_over),
    "mroot": (2, root),
}
