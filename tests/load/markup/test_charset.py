"""The encoding that a page names, and when it is not believed."""

from __future__ import annotations

import pytest

from rag.load.markup.charset import decode_markup, encoding_of

GERMAN = "Die Bücherei schließt früher, weil die Straße gesperrt wird; größere Bände später."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<meta charset=iso-8859-1>„Krähe“ 3 €".encode("cp1252"), "„Krähe“ 3 €"),
        ("<meta http-equiv=a content='text/html; charset=gb2312'>朱镕基".encode("gbk"), "朱镕基"),
        ("<meta charset=shift_jis>①窓口".encode("cp932"), "①窓口"),
        ("<meta charset=euc-kr>똠방각하".encode("cp949"), "똠방각하"),
        ("<?xml version='1.0' encoding='iso-8859-2'?>żółty".encode("iso-8859-2"), "żółty"),
        (f"<meta charset=utf-8>{GERMAN}".encode("cp1252"), GERMAN),
        (f"<meta charset=latin1>{GERMAN}".encode(), GERMAN),
        (f"<!-- <meta charset=gbk> -->{GERMAN}".encode(), GERMAN),
        (f"<meta charset=nonsense>{GERMAN}".encode(), GERMAN),
        ("\ufeff<meta charset=gbk>ä".encode(), "ä"),
    ],
)
def test_decode_markup(data: bytes, expected: str) -> None:
    assert decode_markup(data).rpartition(">")[2] == expected


def test_a_label_from_outside_goes_first() -> None:
    assert decode_markup("ж".encode("koi8-r"), "koi8-r") == "ж"


def test_only_encodings_of_text_are_known() -> None:
    assert [encoding_of(label) for label in ("hex", "utf-7", "idna", "", "rot13")] == [""] * 5
