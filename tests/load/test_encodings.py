"""Which encoding a text is in: what it declares, what its bytes show, and what is likely."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.languages.parallel import parallel_texts
from rag.load.encodings import codec_of_label, declared_encoding, guess_encoding, shown_encoding
from rag.load.text import decode, looks_binary
from tests.processor_time import at_most


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("Shift_JIS", "cp932"),
        ("windows-1251", "cp1251"),
        ("utf8", "utf-8"),
        ('"utf-8"', "utf-8"),
        ("rot13", ""),
        ("idna", ""),
        ("unicode_escape", ""),
        ("nonsense", ""),
        ("a\0b", ""),
        ("", ""),
    ],
)
def test_labels(label: str, codec: str) -> None:
    assert codec_of_label(label) == codec


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        (b'<?xml version="1.0" encoding="Shift_JIS"?>', "cp932"),
        (b'<html><head><meta http-equiv="x" content="text/html; charset=windows-1250">', "cp1250"),
        (b"#!/usr/bin/python\n# -*- coding: koi8-r -*-", "koi8-r"),
        (b'<?xml version="1.0" encoding="utf-16"?>', ""),
        (b"the charset=koi8-r of mail", ""),
        (b"", ""),
    ],
)
def test_declarations(head: bytes, codec: str) -> None:
    assert declared_encoding(head) == codec


def test_a_declaration_that_cannot_be_right_is_not_followed() -> None:
    text = '<?xml version="1.0" encoding="koi8-r"?><a>Fässer und Bücher</a>'
    assert decode(text.encode()) == text
    assert decode(text.replace("koi8-r", "euc-jp").encode("cp1252")) == text.replace("koi8-r", "euc-jp")


def test_a_label_is_followed_where_it_can_be_right() -> None:
    assert decode("caf\xe9".encode("cp850"), "cp850") == "caf\xe9"
    assert decode("联通".encode("gbk"), "gb2312") == "联通"
    assert decode("Здравствуйте, музей открыт".encode("cp1251"), "utf-8") == "Здравствуйте, музей открыт"
    assert decode("Fässer und Bücher".encode(), "iso-8859-1") == "Fässer und Bücher"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "text", ["Der Turm.\n", "Башня открыта летом.\n", "灯塔只在夏天开放。\n", "図書館は月曜日が休みです。\n"]
)
def test_wide_encodings_without_a_mark(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert shown_encoding(data) == encoding
    assert not looks_binary(data)
    assert decode(data) == text


def test_what_is_not_wide() -> None:
    import random

    chance = random.Random(1)
    for length in (64, 1000, 65_536):
        assert not shown_encoding(bytes(chance.randrange(256) for _ in range(length)))
    assert not shown_encoding(bytes(1000))
    assert not shown_encoding(
        b"%PDF-1.1\n1 0 obj << /Type /Encoding /Differences [0 /Gamma /Delta] >>\0\0stream\n" * 20
    )
    assert not shown_encoding(b"plain words")
    assert not shown_encoding(b"\x1b[31mred\x1b[0m ~{ no } ~{!}")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("橋は三月まで閉鎖されます。", "iso2022_jp"), ("다리는 삼월까지", "iso2022_kr"), ("大桥关闭", "hz")],
)
def test_encodings_with_escapes(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Näin on", "cp1252"),
        ("Fermé à Noël", "cp1252"),
        ("Größe: 5 m²", "cp1252"),
        ("20 °C, £5 – “soon”", "cp1252"),
        ("Ще бъде отворен", "cp1251"),
        ("ВНИМАНИЕ! Мост закрыт", "cp1251"),
        ("Дверь", "koi8-r"),
        ("Il coûte 12 €", "iso8859-15"),
        ("L'œuvre est à Lyon", "iso8859-15"),
        ("½ l à 2½ €", "cp1252"),
        ("Příliš žluťoučký kůň", "cp1250"),
        ("Příliš žluťoučký kůň", "iso8859-2"),
        ("Κλειστό", "cp1253"),
        ("şehir içi ışık", "cp1254"),
        ("סגור היום", "cp1255"),
        ("مغلق اليوم", "cp1256"),
        ("ปิดวันจันทร์", "tis-620"),
        ("本日休館", "cp932"),
        ("お知らせ", "euc_jp"),
        ("今天闭馆", "gb18030"),
        ("今天閉館", "big5"),
        ("오늘 휴관", "cp949"),
    ],
)
def test_short_texts(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


# Encodings of the parallel texts, and how many of the lines with letters outside of ASCII are told right in each.
# The texts were not looked at when the order of letters was written down.
@pytest.mark.parametrize(
    ("language", "encoding", "least"),
    [
        ("de", "cp1252", 1.0),
        ("fr", "cp1252", 1.0),
        ("es", "cp1252", 1.0),
        ("pl", "cp1250", 0.95),
        ("pl", "iso8859-2", 0.95),
        ("ru", "cp1251", 1.0),
        ("ru", "koi8-r", 1.0),
        ("ja", "cp932", 1.0),
        ("ja", "euc_jp", 1.0),
        ("zh", "gb18030", 0.95),
        ("ar", "cp1256", 1.0),
        ("th", "tis-620", 0.95),
    ],
)
def test_single_lines(language: str, encoding: str, least: float) -> None:
    lines = [line for pair in parallel_texts()[language] for line in pair if not line.isascii()]
    right = [decode(line.encode(encoding)) == line for line in lines]
    assert sum(right) >= least * len(right)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_have_an_encoding(data: bytes) -> None:
    data.decode(guess_encoding(data), "replace")
    shown_encoding(data)
    declared_encoding(data)


def test_the_guess_is_quick() -> None:
    with at_most(10):
        for data in (
            b"caf\xe9 " * 15_000,
            "本日休館".encode("euc_jp") * 9000,
            bytes(range(128, 256)) * 500,
            b"\xe9" * 65_000,
        ):
            guess_encoding(data)
