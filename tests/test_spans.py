"""The first promise, end to end: every chunk, passage and citation is an exact slice of its source."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path

import pytest

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.index import Index
from tests.conftest import Opener, consistent, with_settings, write_files

ROWS = [["place", "toll"], ["bridge", "3 crowns"], ["ferry", "5 crowns"], ["tunnel", "90 crowns"]]
PROSE = "The bridge opened in 1931. 渡船在七点离开。The keeper 👩‍🚀 is Maren Öst. "


def build(folder: Path) -> list[str]:
    """One document of every format, with the same words in several parts of each."""
    import docx
    import openpyxl
    import pptx

    folder.mkdir()
    plain = {
        "a.txt": (PROSE + "\n\n") * 30,
        "crlf.txt": (PROSE + "\r\n\r\n") * 30,
        "a.md": f"# Harbour\n\n{PROSE * 5}\n\n## Tolls\n\n| place | toll |\n| --- | --- |\n| bridge | 3 |\n\n- one\n"
        * 5,
        "a.py": 'def toll(cars):\n    """The toll for cars."""\n    return 3 * cars\n\n\n' * 20,
        "a.html": f"<html><head><title>Harbour</title></head><body><h1>Tolls</h1><p>{PROSE}</p><p>{PROSE}</p>"
        "<table><tr><th>place</th><th>toll</th></tr><tr><td>bridge</td><td>3 crowns</td></tr></table></body></html>",
        "a.csv": "\n".join(",".join(row) for row in ROWS * 20),
        "a.json": json.dumps({"rows": ROWS, "text": PROSE}),
        "a.jsonl": "\n".join(json.dumps({"place": place, "toll": toll}) for place, toll in ROWS),
        "a.eml": f"From: a@example.org\nSubject: Tolls\nContent-Type: text/plain; charset=utf-8\n\n{PROSE}\n{PROSE}\n",
    }
    write_files(folder, plain)
    document = docx.Document()
    document.add_heading("Tolls", 1)
    for _ in range(3):
        document.add_paragraph(PROSE)
    table = document.add_table(len(ROWS), 2)
    for i, row in enumerate(ROWS):
        for j, cell in enumerate(row):
            table.cell(i, j).text = cell
    document.save(str(folder / "a.docx"))
    slides = pptx.Presentation()
    for _ in range(3):
        slide = slides.slides.add_slide(slides.slide_layouts[1])
        slide.shapes.title.text = "Tolls"
        slide.placeholders[1].text = PROSE
    slides.save(str(folder / "a.pptx"))
    workbook = openpyxl.Workbook()
    for row in ROWS * 10:
        workbook.active.append(row)
    workbook.save(folder / "a.xlsx")
    (folder / "a.epub").write_bytes(epub())
    (folder / "a.pdf").write_bytes(pdf(["The toll of the bridge is 3 crowns.", "The toll of the bridge is 3 crowns."]))
    return sorted([*plain, "a.docx", "a.pptx", "a.xlsx", "a.epub", "a.pdf"])


def epub() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="c.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "c.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
            'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        archive.writestr("a.xhtml", f"<html><body><h1>Tolls</h1><p>{PROSE}</p><p>{PROSE}</p></body></html>")
    return buffer.getvalue()


def pdf(pages: list[str]) -> bytes:
    """A PDF with one line of text a page."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for n, words in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
            f"/Contents {5 + 2 * n} 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    return data + f"{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF\n".encode()


@pytest.fixture(scope="module")
def every_format(shared_index: Opener, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("documents") / "docs"
    names = build(folder)
    index = shared_index(folder, chunk_tokens=64)
    assert sorted(summary.source for summary in index.catalog.sources()) == sorted(names)
    return index


def text_of(index: Index, source_id: str) -> str:
    document = index.catalog.document(source_id)
    assert document is not None
    return document.text


def test_every_chunk_is_a_slice_and_no_text_is_lost(every_format: Index) -> None:
    assert consistent(every_format) == []
    ends: dict[str, int] = {}
    for chunk in sorted(
        every_format.catalog.chunks(every_format.catalog.chunk_ids()).values(),
        key=lambda chunk: (chunk.source, chunk.start),
    ):
        text = text_of(every_format, chunk.document_id)
        assert text[chunk.start : chunk.end] == chunk.text == chunk.text.strip() != ""
        assert not text[ends.get(chunk.source, 0) : chunk.start].strip()
        ends[chunk.source] = chunk.end
    for summary in every_format.catalog.sources():
        assert not text_of(every_format, summary.source_id)[ends[summary.source] :].strip()


def test_the_vectors_carry_the_same_offsets(every_format: Index) -> None:
    stored = every_format.vectors.store._open().get(include=["metadatas", "documents"])
    assert stored["ids"]
    assert stored["metadatas"]
    assert stored["documents"]
    for metadata, document in zip(stored["metadatas"], stored["documents"], strict=True):
        text = text_of(every_format, str(metadata["source_id"]))
        assert text[int(metadata["start"]) : int(metadata["end"])] == document  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question", ["What is the toll of the bridge?", "Who is the keeper?", "渡船什么时候离开？", "toll cars return"]
)
def test_every_citation_is_a_slice(every_format: Index, settings: Settings, question: str) -> None:
    cited = set()
    for summary in every_format.catalog.sources():
        options = AnswerOptions(sources=(summary.source,), threshold=0.0)
        *_, last = answer(every_format, question, model=None, options=options)
        text = text_of(every_format, summary.source_id)
        for passage in last.passages:
            assert text[passage.start : passage.end] == passage.text
        for item in rank_evidence(every_format, question, last.passages).sentences:
            assert text[item.span.start : item.span.end] == item.span.quote
        for citation in last.citations:
            assert citation.source == summary.source
            assert text[citation.start : citation.end] == citation.quote != ""
            cited.add(summary.source)
    assert len(cited) > 5


def test_a_pdf_citation_has_its_page_and_boxes(every_format: Index, settings: Settings) -> None:
    options = AnswerOptions(sources=("a.pdf",), threshold=0.0)
    *_, last = answer(every_format, "What is the toll of the bridge?", model=None, options=options)
    citation = last.citations[0]
    assert citation.quote == "The toll of the bridge is 3 crowns."
    assert citation.page in (1, 2)
    assert citation.boxes
    for page, left, top, right, bottom in citation.boxes:
        assert page == citation.page
        assert 70 < left < right < 400
        assert 70 < top < bottom < 100, "the line stands 92 points below the top"


def test_random_unicode_is_cut_and_cited_exactly(open_again: Opener, tmp_path: Path, settings: Settings) -> None:
    chance = random.Random(11)
    alphabet = " \n\n\t.!?。#*-|`abé桥ไ👩\u200d🚀\u0301\u00a0\u2028\u3000\u0085\u202e\ufeff\U0001f1e9\U00010348"
    texts = {
        f"{n}.{chance.choice(['md', 'txt'])}": "x"
        + "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 1500)))
        for n in range(60)
    }
    write_files(tmp_path / "docs", texts)
    index = open_again()
    ingest(with_settings(index, chunk_tokens=32), [tmp_path / "docs"])
    assert consistent(index) == []
    assert {summary.source for summary in index.catalog.sources()} == texts.keys()
    for summary in index.catalog.sources():
        assert text_of(index, summary.source_id) == texts[summary.source]
    for question in ("桥", "abé", "ไ", "x"):
        passages = retrieve(index, question, 50)
        assert passages
        for item in rank_evidence(index, question, passages).sentences:
            assert texts[item.span.source][item.span.start : item.span.end] == item.span.quote
