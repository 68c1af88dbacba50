"""Small PDF files that take very long to draw, and none to read."""

from __future__ import annotations

from tests.load.broken_files import pdf

_WORDS = b"BT /F1 12 Tf 72 700 Td (%s) Tj ET\n"


def glassy_pdf(words: str, layers: int = 20_000) -> bytes:
    """A page that lays half a transparent group after another over itself, each with a soft mask."""
    return _with_object(
        _WORDS % words.encode() + b"/G1 gs 0 0 612 792 re f\n/X Do\n" * layers,
        b"/ExtGState<</G1<</SMask<</S/Luminosity/G 6 0 R>>/BM/Luminosity/ca 0.5>>>>/XObject<</X 6 0 R>>",
        b"<</Length 25/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceRGB>>>>"
        b"stream\n1 0 0 rg 0 0 612 792 re f\nendstream",
    )


def patterned_pdf(words: str, layers: int = 20_000) -> bytes:
    """A page that is filled again and again with a pattern of very small tiles."""
    return _with_object(
        _WORDS % words.encode() + b"/Pattern cs /P1 scn 0 0 612 792 re f\n" * layers,
        b"/Pattern<</P1 6 0 R>>",
        b"<</Length 46/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 0.5 0.5]/XStep 0.5/YStep 0.5/Resources<<>>>>"
        b"stream\n0 0 1 rg 0 0 0.4 0.4 re f 0.1 0.1 0.2 0.2 re f\nendstream",
    )


def _with_object(content: bytes, resources: bytes, added: bytes) -> bytes:
    """A PDF of one page that has a sixth object; readers find it although no table names it."""
    data = pdf(content).replace(b"/Resources<<", b"/Resources<<" + resources, 1)
    body = data[: data.index(b"xref\n")]
    return body + b"6 0 obj" + added + b"\nendobj\ntrailer<</Size 7/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
