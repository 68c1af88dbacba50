"""Objects of other programs and pictures in Office files: it is said where they are not read."""

from __future__ import annotations

import io
import struct
import zipfile

import docx
import openpyxl
import pptx
import pytest
from docx.shared import Cm
from PIL import Image

from rag.load.builder import Builder
from rag.load.office.embedded import embedded_name, embedded_notice
from rag.load.office.sheets.xlsx import read_xlsx
from tests.load.office.packages import RELATIONS, read
from tests.load.outlook import compound_file


@pytest.mark.parametrize(
    ("part", "program", "name"),
    [
        ("word/embeddings/Costs.xlsx", "Excel.Sheet.12", "Costs.xlsx"),
        ("word/embeddings/oleObject1.bin", "Equation.3", "Equation.3"),
        ("word/embeddings/oleObject1.bin", "", "oleObject1.bin"),
        ("", "Forms.TextBox.1", "Forms.TextBox.1"),
        ("", "", ""),
    ],
)
def test_an_object_is_named_by_its_part_or_its_program(part: str, program: str, name: str) -> None:
    assert embedded_name(part, b"no container", program) == name


def test_a_file_of_any_kind_says_its_own_name() -> None:
    stream = struct.pack("<IH", 40, 2) + b"plan.dwg\0C:\\plan.dwg\0"
    data = compound_file({"\x01Ole10Native": stream})
    assert embedded_name("xl/embeddings/oleObject1.bin", data, "Package") == "plan.dwg"


def test_a_warning_names_five_of_them() -> None:
    names = [f"{number}.xlsx" for number in range(7)]
    assert embedded_notice(names[:1]).text("en") == (
        "an embedded object is not read: 0.xlsx; save it as a file of its own"
    )
    assert "7 embedded objects are not read: 0.xlsx, 1.xlsx, 2.xlsx, 3.xlsx and 4.xlsx …" in (
        embedded_notice(names).text("en").replace(", 4.xlsx", " and 4.xlsx")
    )
    assert embedded_notice(["", ""], [2]).text("de").startswith("Folie 2: 2 eingebettete Objekte werden nicht gelesen;")


def test_objects_on_a_sheet_are_named() -> None:
    saved = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Vessel", "Fee"])
    book.active.append(["Cutter", 40])
    book.save(saved)
    links = f'<Relationship Id="r1" Type="{RELATIONS}/package" Target="../embeddings/Plan.docx"/>'
    with zipfile.ZipFile(saved, "a") as package:
        package.writestr("xl/embeddings/Plan.docx", b"PK")
        package.writestr("xl/worksheets/_rels/sheet1.xml.rels", f"<Relationships>{links}</Relationships>")
    builder = Builder()
    read_xlsx(saved, builder)
    assert [warning.text("en") for warning in builder.warnings] == [
        "an embedded object is not read: Plan.docx; save it as a file of its own"
    ]


def picture() -> io.BytesIO:
    saved = io.BytesIO()
    Image.new("L", (40, 20), 200).save(saved, "PNG")
    saved.seek(0)
    return saved


def test_large_pictures_without_words_are_told() -> None:
    text = docx.Document()
    for width in (12, 12, 2):
        text.add_picture(picture(), width=Cm(width))
    text.add_paragraph("Signed by Ada.")
    text.element.body.findall(".//{*}docPr")[1].set("descr", "A plan of the weir")
    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    slide.shapes.title.text = "Plan"
    for width in (15, 3):
        slide.shapes.add_picture(picture(), Cm(2), Cm(5), width=Cm(width))
    for document, name in ((text, "a.docx"), (slides, "a.pptx")):
        saved = io.BytesIO()
        document.save(saved)
        warnings = read(saved.getvalue(), name).warnings
        assert [warning.text("en") for warning in warnings] == ["a picture in it is not read"]
