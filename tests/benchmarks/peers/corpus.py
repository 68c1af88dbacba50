"""One folder that every system reads: a hundred text files and six PDFs, and questions whose answers stand in them.

Owns: what is in the folder, which is the same in every run. Knows nothing about the systems.

From the public data, where ``FOOTNOTE_DATA`` names it: a hundred times two paragraphs of SQuAD 2.0, spread over its
articles, with questions of theirs, and three pages each of six of FinanceBench's annual reports. Elsewhere made-up
prose of the same size, also in the PDFs, and questions in its words.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from tests.benchmarks import speed
from tests.benchmarks.squad2 import spread

_PAGES = 3
_PARAGRAPHS_A_TEXT = 2
# Behind the cover and the contents.
_FIRST_PAGE = 5
_MADE_UP = re.compile(r"The (?P<what>\S+) of (?P<name>\S+) .*? had (?P<answer>\d+) of them in (?P<year>\d+)\.")


@dataclass(frozen=True)
class Asked:
    """A question about one of the files; one of ``answers`` stands in the passage that answers it."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Corpus:
    """A folder of files, where they are from, and questions about them."""

    folder: Path
    origin: str
    questions: Sequence[Asked]


def make(folder: Path, questions: int, texts: int = 100, pdfs: int = 6) -> Corpus:
    """Write the files into a new folder, and choose questions about the text files.

    Args:
        folder: A folder that is not there yet.
        questions: How many questions; there are at most as many as text files.
        texts: How many text files.
        pdfs: How many PDFs, six at most.

    Returns:
        The folder, in words what it holds, and the questions.
    """
    folder.mkdir(parents=True)
    data = Path(os.environ.get("FOOTNOTE_DATA", "data"))
    is_public = all((data / name).is_dir() for name in ("squad2", "financebench"))
    written, asked = _squad2(data / "squad2" / "dev-half.json", texts) if is_public else _made_up(texts)
    for number, text in enumerate(written):
        (folder / f"text-{number:03}.txt").write_text(text, encoding="utf-8")
    if is_public:
        _write_reports(folder, data / "financebench" / "pdfs", pdfs)
    else:
        _write_made_up_pdfs(folder, pdfs)
    origin = "SQuAD 2.0 and FinanceBench" if is_public else "made up"
    return Corpus(folder, f"{texts} text files and {pdfs} PDFs of {_PAGES} pages, {origin}", spread(asked, questions))


def _squad2(path: Path, number: int) -> tuple[list[str], list[Asked]]:
    """Return texts of neighbouring paragraphs, and a question for each that has one."""
    articles = sorted(json.loads(path.read_text(encoding="utf-8"))["data"], key=lambda article: article["title"])
    groups = [
        article["paragraphs"][i : i + _PARAGRAPHS_A_TEXT]
        for article in articles
        for i in range(0, len(article["paragraphs"]) - 1, _PARAGRAPHS_A_TEXT)
    ]
    texts, asked = [], []
    for group in spread(groups, number):
        texts.append("\n\n".join(" ".join(paragraph["context"].split()) for paragraph in group) + "\n")
        answered = (qa for paragraph in group for qa in paragraph["qas"] if qa["answers"])
        if first := next(answered, None):
            answers = tuple(dict.fromkeys(answer["text"] for answer in first["answers"]))
            asked.append(Asked(first["question"].strip(), answers))
    return texts, asked


def _write_reports(folder: Path, source: Path, number: int) -> None:
    """Write a few pages of each of so many reports as PDFs."""
    for path in sorted(source.glob("*_10K.pdf"))[:number]:
        with pypdfium2.PdfDocument(path) as whole, pypdfium2.PdfDocument.new() as part:
            part.import_pages(whole, list(range(_FIRST_PAGE, _FIRST_PAGE + _PAGES)))
            part.save(folder / path.name)


def _made_up(number: int) -> tuple[list[str], list[Asked]]:
    """Return made-up texts, and a question about a sentence of each."""
    texts = [f"{speed.text(2 * i)}\n\n{speed.text(2 * i + 1)}\n" for i in range(number)]
    asked = []
    for text in texts:
        found = _MADE_UP.search(text)
        assert found is not None, "every sentence has this form"
        question = f"How many had the {found['what']} of {found['name']} in {found['year']}?"
        asked.append(Asked(question, (found["answer"],)))
    return texts, asked


def _write_made_up_pdfs(folder: Path, number: int) -> None:
    for i in range(number):
        pages = [speed.text(10_000 + _PAGES * i + page, sentences=30) for page in range(_PAGES)]
        (folder / f"report-{i}.pdf").write_bytes(pdf([list(_lines(page)) for page in pages]))


def _lines(text: str, width: int = 90) -> Iterator[str]:
    """Cut a text into lines as a typesetter does."""
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF with these lines of ASCII on its pages."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for lines in pages:
        shown = b"".join(b"(%s) Tj T*\n" % re.sub(rb"([\\()])", rb"\\\1", line.encode("ascii")) for line in lines)
        content = b"BT /F1 10 Tf 12 TL 50 780 Td\n%sET" % shown
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(data),
    )
