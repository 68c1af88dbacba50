"""Presentations: list numbers, comments, hidden shapes, warnings: `rag.load.office.powerpoint`."""

from __future__ import annotations

from tests.load.office.packages import RELATIONS, package, read

P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
SPACES = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{RELATIONS}"'


def pptx(shapes: str, links: str = "", **parts: str) -> bytes:
    """A presentation of one slide; ``parts`` stand beside the slide."""

    def relations(*kinds: tuple[str, str]) -> str:
        return "".join(f'<x Id="{kind}" Type="{RELATIONS}/{kind}" Target="{target}"/>' for kind, target in kinds)

    authors = relations(("slide", "slide.xml"), ("commentAuthors", "a.xml"))
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f"<R>{relations(('officeDocument', 'ppt/presentation.xml'))}</R>",
            "ppt/presentation.xml": f'<p:presentation {SPACES}><p:sldId r:id="slide"/></p:presentation>',
            "ppt/_rels/presentation.xml.rels": f"<R>{authors}</R>",
            "ppt/a.xml": '<a><b id="7" name="Ida"/></a>',
            "ppt/slide.xml": f"<p:sld {SPACES}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>",
            "ppt/_rels/slide.xml.rels": f"<R>{links}</R>",
        }
        | {f"ppt/{name}.xml": text for name, text in parts.items()}
    )


def shape(body: str, top: int = 0, placeholder: str = "", more: str = "") -> str:
    held = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    place = f'<p:spPr><a:xfrm><a:off x="0" y="{top}"/><a:ext cx="9" cy="9"/></a:xfrm></p:spPr>'
    head = f'<p:nvSpPr><p:cNvPr id="1" name="x" {more}/><p:nvPr>{held}</p:nvPr></p:nvSpPr>'
    return f"<p:sp>{head}{place}<p:txBody>{body}</p:txBody></p:sp>"


def line(text: str, form: str = "") -> str:
    return f"<a:p><a:pPr{form}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>"


def numbered(text: str, kind: str, level: int = 0) -> str:
    return line(text, f' lvl="{level}"><a:buAutoNum type="{kind}"/>')


def test_list_numbers_begin_again_below_and_after_a_paragraph_without() -> None:
    body = "".join(
        (numbered("a", "arabicPeriod"), numbered("b", "alphaLcParenBoth", 1), numbered("c", "alphaLcParenBoth", 1),
         numbered("d", "arabicPeriod"), numbered("e", "alphaLcParenBoth", 1), line("f", ">"),
         numbered("g", "romanUcPlain"))
    )  # fmt: skip
    assert read(pptx(shape(body)), "a.pptx").text == "1. a\n(a) b\n(b) c\n2. d\n(a) e\nf\nI g"


def test_a_slide_begins_with_its_title_and_ends_with_its_foot_without_its_number() -> None:
    shapes = (
        shape(line("3", ">"), 0, "sldNum") + shape(line("Foot", ">"), 0, "ftr") + shape(line("Low", ">"), 90)
        + shape(line("High", ">"), 50) + shape(line("Hidden", ">"), 1, more='hidden="1"')
        + shape(line("Title", ">"), 99, "ctrTitle") + shape(line("Body", ">"), 70, "body")
    )  # fmt: skip
    document = read(pptx(shapes), "a.pptx")
    assert document.text == "Title\n\nBody\n\nHigh\n\nLow\n\nFoot"
    assert [block.kind for block in document.blocks] == ["heading", *["paragraph"] * 4]


def test_comments_and_objects() -> None:
    comments = f'<p:cmLst {SPACES}><p:cm authorId="7"><p:text>Why?</p:text></p:cm></p:cmLst>'
    uri = "http://schemas.openxmlformats.org/presentationml/2006/ole"
    thing = f'<a:graphic><a:graphicData uri="{uri}"><p:oleObj progId="x"/></a:graphicData></a:graphic>'
    links = f'<x Id="c" Type="{RELATIONS}/comments" Target="c.xml"/>'
    document = read(pptx(f"<p:graphicFrame>{thing}</p:graphicFrame>", links, c=comments), "a.pptx")
    assert document.text == "Comment by Ida: Why?"
    assert [warning.text("en") for warning in document.warnings] == [
        "slide 1: an embedded object is not read: x; save it as a file of its own"
    ]


def test_signs_struck_out_and_raised_words() -> None:
    body = (
        '<a:p><a:r><a:rPr><a:sym typeface="Wingdings"/></a:rPr><a:t>a \uf0fe</a:t></a:r>'
        '<a:r><a:rPr strike="sngStrike"/><a:t> no</a:t></a:r>'
        '<a:r><a:t> 10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>6</a:t></a:r><a:br/>'
        '<a:r><a:rPr baseline="0"/><a:t>b</a:t></a:r></a:p>'
    )
    assert read(pptx(shape(body)), "a.pptx").text == "a ☑ [struck out: no] 10⁶\nb"
