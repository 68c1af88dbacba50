"""Text under a name that says nothing is told by its content, and never where a person would call it plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LoadError
from rag.load.file import File
from rag.load.limits import Limits
from rag.load.mislabelled import told_by_content
from rag.load.sniff import sniff
from tests.processor_time import at_most

MAIL = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Crane\r\nMIME-Version: 1.0\r\n\r\nIt is out of use.\r\n"
SAVED = b'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n boundary="x"\r\n\r\n--x\r\n'


def told(data: bytes, name: str) -> str:
    return told_by_content(File(data, name, Limits()))


@pytest.mark.parametrize(
    ("data", "name", "reader"),
    [
        (b"<html><body>Words", "a.doc", "html"),
        (b"\xef\xbb\xbf<table><tr><td>Words", "a.xls", "html"),
        ("<html><p>Words".encode("utf-16"), "a.doc", "html"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "a.xls", "xml"),
        (SAVED, "a.doc", "mhtml"),
        (MAIL, "a.txt", "mail"),
        (MAIL, "message", "mail"),
        (MAIL, "a.html", "mail"),
        (MAIL, "a.csv", "mail"),
        (b'{"a": 1}', "a.txt", "json"),
        (b'[{"a": 1}]', "a.csv", "json"),
        (b'{"a": 1}\n{"a": 2}\n', "a.txt", "json"),
        (b'{"a": 1}\nand more\n', "a.txt", ""),
        (b'{"a": 1}', "a.html", ""),
        (b"[a];b\n[c];d\n", "a.csv", ""),
        (b"\n[[1, 2], [3, 4]]\n", "a", "json"),
        (b"a\tb\nc\td\n", "a.xls", "tsv"),
        (b"a;b\r\nc;d\r\n", "a.xls", "csv"),
        (b"Dear Sir,\nthe bridge is closed.\n", "a.doc", ""),
        (b"From: the keeper\nTo: the crew\nSubject: lamps\n\nPlease clean them.\n", "a.txt", ""),
        (b"[sic] the bridge", "a.txt", ""),
        (b'["a", "b"]', "a.txt", ""),
        (b"{}", "a.txt", ""),
        (SAVED, "a.html", "mhtml"),
        (b'<?xml version="1.0"?>\n<rss version="2.0"><channel/></rss>', "a.html", "xml"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "a.htm", "xml"),
        (b"<html><body><p>Words", "a.html", ""),
        (b"From: the keeper\nTo: the crew\n\n<p>Words", "a.html", ""),
        (b"1\r\n00:00:01,000 --> 00:00:02,500\r\nThe bridge is shut.\r\n", "a.txt", "captions"),
        (b"1\nThe bridge is shut from 00:00:01,000 --> on\n", "a.txt", ""),
        (b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "a.txt", "notebook"),
        (b'{"a": 1}', "a.cfg", ""),
        (b"<html><body>404 not found", "a.pdf", ""),
        (b"a,b\n", "a.xls", ""),
        (b"a\tb\nc\td\n", "a.txt", ""),
        (b"PK\x03\x04", "a.doc", ""),
        (b"", "a.txt", ""),
    ],
)
def test_text_is_told_by_its_content(data: bytes, name: str, reader: str) -> None:
    assert told(data, name) == reader


def test_a_mailbox_under_the_name_of_text() -> None:
    assert sniff(b"From a@b.example Mon Mar  4 10:00:00 2024\n" + MAIL, "a.txt") == "mbox"
    assert sniff(b"From a@b.example on Monday 10:00\nwe heard nothing.\n", "a.txt") == "plain"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx"])
def test_a_page_that_a_server_sent_in_place_of_a_file_is_not_that_file(name: str) -> None:
    with pytest.raises(LoadError, match="not what its name says"):
        sniff(b"<html><body>Please sign in", name)


@pytest.mark.parametrize("name", ["nl.msg", "a.rtf", "a.png", "a.xls", "a.bmp"])
def test_text_under_an_ending_that_is_used_for_anything_is_text(name: str) -> None:
    assert sniff(b"# -*- tcl -*-\nmsgcat::mcset nl Monday maandag\n", name) == "plain"


@given(st.binary(max_size=200), st.sampled_from(["a.doc", "a.xls", "a.txt", "a"]))
def test_any_bytes_are_told_or_not(data: bytes, name: str) -> None:
    assert told(data, name) in ("", "html", "xml", "mhtml", "mail", "json", "tsv", "csv")


@pytest.mark.parametrize(
    "data",
    [
        b"a:" * 500_000,
        b"A: b\n " * 200_000,
        b"[" * 900_000,
        b"<!--" * 200_000,
        b" " * 999_999 + b"<html>",
        b"a;" * 400_000,
        b"{" * 300_000 + b"\n" * 300_000 + b"{" * 300_000,
    ],
)
def test_hostile_text_is_told_quickly(data: bytes) -> None:
    with at_most(2):
        for name in ("a.doc", "a.xls", "a.txt", "a.csv"):
            assert told(data, name) == ""
