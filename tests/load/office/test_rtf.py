"""RTF: encodings, tables, notes, fields: `rag.load.office.rtf`."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SkipFile
from tests.load.office.packages import lines, read

FONTS = r"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Times Cyr;}{\f2\fcharset128 Mincho;}{\f3\fcharset2 Symbol;}}"


def blocks(body: str) -> list[str]:
    return lines(rf"{{\rtf1\ansi\ansicpg1252 {FONTS}{body}}}".encode("latin-1"), "a.rtf")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"caf\'e9", "café"),
        (r"\f1 \'cf\'e8\'f0", "Пир"),
        (r"\f2 \'93\'8c\'8b\'9e \f0 b", "東京 b"),
        (r"\f2 \'83A", "ア"),
        (r"{\f3 a}b", "αb"),
        (r"\u8364 ?5", "€5"),
        (r"\uc2\u8364\'80\'80 5", "€ 5"),
        (r"\uc0\u8364 5", "€5"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"a\~b\_c\-d \{x\}\\", "a\u00a0b-cd {x}\\"),
        (r"{\upr{ansi}{\*\ud unicode}}", "unicode"),
        (r"{\*\unheard of}a{\pict 0102}{\v hidden}{\deleted gone}\fs2 tiny", "a"),
        (r"{\strike 40} 50", "[struck out: 40] 50"),
        (r"10{\super 6} and 1,200{\super 3} CO{\sub 2}", "10⁶ and 1,200 [3] CO₂"),
        (r"{\field{\*\fldinst HYPERLINK http://x}{\fldrslt here}}", "here"),
        (
            r"{\field{\*\fldinst FORMDROPDOWN {\*\formfield{\fftype2\ffres1{\*\ffl Oak}{\*\ffl Elm}}}}{\fldrslt Oak}}",
            "Elm",
        ),
    ],
)
def test_words(body: str, text: str) -> None:
    assert blocks(body) == [text]


def test_a_note_a_comment_and_a_box_stand_behind_their_paragraph() -> None:
    body = (
        r"A{\super\chftn}{\footnote\pard\plain{\super\chftn} B\par C} D{\*\atnauthor Ida}\chatn{\*\annotation\pard E}"
        r"{\shp{\*\shpinst{\sp{\sn fill}{\sv 1}}{\shptxt\pard F\par}}}.\par G{\footnote\ftnalt H}\par"
    )
    assert blocks(body) == ["A [1] D.", "[1] B", "C", "Comment by Ida: E", "F", "G [1]", "[1] H"]


def test_a_table_with_cells_that_reach_over_columns() -> None:
    body = (
        r"\trowd\trhdr\cellx1000\cellx3000\pard\intbl City\cell Staff\cell\row"
        r"\trowd\trhdr\cellx1000\cellx2000\cellx3000\pard\intbl\cell 2023\cell 2024\cell\row"
        r"\trowd\cellx1005\cellx2010\cellx3000\pard\intbl Oslo\par Norway\cell 12\cell 13\cell\row\pard After.\par"
    )
    assert blocks(body) == ["City: Oslo Norway; Staff 2023: 12; Staff 2024: 13", "After."]


def test_headings_items_and_margins() -> None:
    body = (
        r"{\stylesheet{\s3 heading 2;}}{\header Head\par}{\footer 4\par}\pard\s3 Fees\par\pard"
        r"{\listtext 2.\tab}Pay.\par{\listtext\'95\tab}Go.\par 3)\tab Come.\par\pard Stay.\par"
    )
    document = read(rf"{{\rtf1 {body}}}".encode("latin-1"), "a.doc")
    assert document.text == "Fees\n\n2. Pay.\nGo.\n3) Come.\n\nStay.\n\nHead"
    assert [block.kind for block in document.blocks] == ["heading", *["item"] * 3, "paragraph", "paragraph"]
    assert document.blocks[0].level == 2


@given(
    st.lists(
        st.sampled_from(
            [r"{", "}", r"\par", r"\cell", r"\row", r"\trowd", r"\cellx900", r"\intbl", r"\itap3", r"\nestcell",
             r"\nestrow", r"{\footnote", r"{\field{\*\fldinst", r"{\header", r"\u955", r"\'8", r"\'e9", "\\", "x", " ",
             r"{\*\nesttableprops", r"\pard", r"\uc5", r"{\listtext", r"\bin9 ", r"\f1"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_order_of_control_words_is_read_or_empty(pieces: list[str]) -> None:
    with suppress(SkipFile):
        read(("{\\rtf1 " + "".join(pieces)).encode("latin-1"), "a.rtf")


def test_groups_without_an_end_take_linear_time_and_memory() -> None:
    assert blocks("{" * 100_000 + "x") == ["x"]
    assert len(blocks(r"{\footnote x" * 3000)) <= 3000
