"""Addresses, their names, robots.txt and encodings: `rag.web.addresses`, `.names`, `.robots`, `.charset`."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LoadError
from rag.load.markup.charset import decode_markup
from rag.load.text import decode
from rag.web.addresses import PageAddress, read_page_address
from rag.web.charset import with_known_encoding
from rag.web.names import name_of
from rag.web.robots import Rules, read_rules

# -- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [("https://example.org", "https://example.org/"), (" HTTPS://Example.ORG:443/A#b ", "https://example.org/A"),
     ("http://example.org:8080/a b?c=d", "http://example.org:8080/a%20b?c=d"),
     ("https://bücher.example/übung", "https://xn--bcher-kva.example/%C3%BCbung"),
     ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
     ("https://example.org/a/../../b", "https://example.org/b"), ("http://example.org:65535/", "http://example.org:65535/"),
     ("http://[2606:4700::1]:8100/x", "http://[2606:4700::1]:8100/x"), ("https://example.org/a@b", "https://example.org/a@b")],
)  # fmt: skip
def test_an_address_has_one_form(written: str, read: str) -> None:
    assert read_page_address(written).text == read
    assert read_page_address(read).text == read


@pytest.mark.parametrize(
    "written",
    ["", "https://", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://x.example/",
     "javascript:alert(1)", "http:/\\127.0.0.1", "http:\\\\example.org", "http://example.org\r\nX: y/",
     "http://exa mple/",
     "http://example.org:0/", "http://example.org:22/", "http://example.org:99999/", "http://[::1", "http://127.1/",
     "http://2130706433/", "http://0x7f.0.0.1/", "http://0x7f000001/", "http://①②⑦.0.0.1/", "http://1.2.3.4.5/",
     "https://example.org/" + "a" * 3000, "https://" + "a" * 300 + ".example/", "http://0/", "http://ex*mple.org/"],
)  # fmt: skip
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(LoadError) as error:
        read_page_address(written)
    assert error.value.notice.code == "web-address-wrong"
    assert "no port below 1024" in str(error.value)


@pytest.mark.parametrize("written", ["http://ann:pw@example.org/", "http://ann@example.org/", "http://@example.org/",
                                     "http://127.0.0.1:80@example.org/"])  # fmt: skip
def test_an_address_holds_no_password(written: str) -> None:
    with pytest.raises(LoadError) as error:
        read_page_address(written)
    assert error.value.notice.code == "web-address-with-password"
    assert "pw" not in str(error.value)


# -- names -------------------------------------------------------------------------------------------------------------


def named(url: str, media_type: str = "text/html", taken: tuple[str, ...] = ()) -> str:
    return name_of(read_page_address(url), media_type, taken)


@pytest.mark.parametrize(
    ("url", "media_type", "name"),
    [
        ("https://example.org", "text/html", "example.org/index.html"),
        ("https://example.org/docs/", "text/html", "example.org/docs/index.html"),
        ("https://example.org/docs", "text/html", "example.org/docs.html"),
        ("https://example.org/a.php?id=3&x=y", "text/html", "example.org/a_id=3_x=y.php.html"),
        ("https://example.org/paper.pdf?download=1", "application/pdf", "example.org/paper_download=1.pdf"),
        ("https://example.org/paper", "application/pdf", "example.org/paper.pdf"),
        ("https://example.org/paper.pdf", "text/html", "example.org/paper.pdf"),
        ("https://example.org/README.md", "text/html", "example.org/README.md.html"),
        ("https://example.org/README.md", "text/plain", "example.org/README.md"),
        ("https://example.org/notes.txt", "text/plain", "example.org/notes.txt"),
        ("https://example.org/v1.2", "text/plain", "example.org/v1.2.txt"),
        ("https://example.org:8443/x", "text/html", "example.org_8443/x.html"),
        ("https://bücher.example/übung", "text/html", "xn--bcher-kva.example/übung.html"),
        ("https://example.org/%2e%2e/%2E%2E/etc/passwd", "text/plain", "example.org/etc/passwd.txt"),
        ("https://example.org/..%2f..%2f.ssh/id", "", "example.org/ssh/id"),
        ("https://example.org/a%5c..%5cb", "", "example.org/a/b"),
        ("https://example.org/con", "text/html", "example.org/_con.html"),
        ("https://example.org/aux/NUL.txt", "text/plain", "example.org/_aux/_NUL.txt"),
        ("https://example.org/a%00b%0a", "text/html", "example.org/a_b.html"),
    ],
)
def test_a_name_is_host_path_and_kind(url: str, media_type: str, name: str) -> None:
    assert named(url, media_type) == name


def test_a_long_query_is_told_by_its_hash() -> None:
    long = "https://example.org/?q=" + "x" * 200
    assert len(named(long)) == len("example.org/index_12345678.html")
    assert named(long) != named(f"{long}y")


def test_no_two_pages_have_one_name() -> None:
    urls = ["http://example.org/a", "https://example.org/a", "https://example.org/A", "https://example.org/a.html",
            "https://example.org/a.html/b", "https://example.org/a.html/b.html/c", "https://example.org/x/b",
            "https://example.org/x", "https://example.org/x?", "https://example.org/%78", "https://example.org/x.html",
            "https://example.org/" + "l" * 300, "https://example.org/" + "l" * 301]  # fmt: skip
    names: list[str] = []
    for url in urls:
        names.append(named(url, taken=tuple(names)))
    folded = [name.casefold() for name in names]
    assert len(set(folded)) == len(folded)
    assert not [one for one in folded for other in folded if other.startswith(f"{one}/")], names


HOSTS = st.sampled_from(["example.org", "con", "a.example", "xn--bcher-kva.example", "2606:4700::1", "..", "web.json"])
PARTS = st.text(max_size=400) | st.sampled_from(
    ["..", ".", "", "con", "a.pdf", "%2e%2e", "C:", "~", "a" * 300, "e\u0301"]
)
TYPES = st.sampled_from(["text/html", "application/pdf", "", "text/plain", "x/y", "../../etc"])


@given(host=HOSTS, parts=st.lists(PARTS, max_size=12), query=st.text(max_size=100), media_type=TYPES)
def test_no_name_leads_out_of_its_folder(host: str, parts: list[str], query: str, media_type: str) -> None:
    target = "/" + "/".join(parts) + (f"?{query}" if query else "")
    address = PageAddress("", "https", host, 443, target)
    taken: list[str] = []
    for _ in range(3):
        name = name_of(address, media_type, taken)
        assert name not in taken
        taken.append(name)
        posix, windows = PurePosixPath(name), PureWindowsPath(name)
        assert not posix.is_absolute()
        assert not windows.drive
        assert not windows.is_reserved()
        assert posix.parts == windows.parts
        assert len(posix.parts) >= 2
        assert str(posix) == name
        for part in posix.parts:
            assert part not in ("", ".", "..")
            assert part[0] != "."
            assert part[-1] not in ". "
            assert part.isprintable()
            assert not set(part) & set('\\<>:"|?*')
            # A number behind a name that is taken comes on top.
            assert len(part.encode()) <= 130
            assert unicodedata.normalize("NFC", part) == part


# -- robots.txt --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "target", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: *\nDisallow: /a*b*c", "/aXbYc", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: FOOTNOTE # us\nUser-agent: other\nDisallow: /a", "/a", False),
        ("User-agent: footnote\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: footnote\n\nUser-agent: *\nDisallow: /", "/a", False),
        ("Disallow: /\nnonsense\n: :\n\0", "/a", True),
    ],
)
def test_rules_of_a_site(rules: str, target: str, allowed: bool) -> None:
    assert read_rules(rules).allow(target) is allowed


def test_a_pattern_of_many_stars_is_compared_in_time_of_its_length() -> None:
    assert Rules(((False, "/" + "*a" * 20_000 + "$"),)).allow("/" + "a" * 19_999)


@given(st.text())
def test_any_text_is_rules(text: str) -> None:
    assert isinstance(read_rules(text).allow("/a?b"), bool)


# -- encodings ---------------------------------------------------------------------------------------------------------

GREEK = "Η γέφυρα άνοιξε το 1931."


@pytest.mark.parametrize(
    ("page", "label", "read"),
    [
        (f"<p>{GREEK}".encode("iso-8859-7"), "ISO-8859-7", GREEK),
        (f"<p>{GREEK}".encode(), "ISO-8859-7", GREEK),
        (f'<meta charset="iso-8859-7"><p>{GREEK}'.encode("iso-8859-7"), "utf-8", GREEK),
        (f'<meta charset="iso-8859-7"><p>{GREEK}'.encode("iso-8859-7"), "windows-1252", GREEK),
        ("\ufeff<p>" .encode() + GREEK.encode(), "iso-8859-7", GREEK),
        ("<p>日本語の文書".encode("shift_jis"), "Shift_JIS", "日本語の文書"),
    ],
)  # fmt: skip
def test_the_encoding_that_a_server_names_counts_where_the_page_names_none(page: bytes, label: str, read: str) -> None:
    assert read in decode_markup(with_known_encoding(page, "text/html", label))


def test_a_text_has_no_other_word_for_its_encoding() -> None:
    short = "Żółw".encode("iso-8859-2")
    assert decode(with_known_encoding(short, "text/plain", "iso-8859-2")) == "Żółw"
    assert with_known_encoding(short, "text/plain", "no-such") == short
    assert with_known_encoding(short, "application/pdf", "iso-8859-2") == short
    assert with_known_encoding(b"\x81\xff\x00\x01" * 40, "text/plain", "iso-8859-2") == b"\x81\xff\x00\x01" * 40
    assert with_known_encoding(b"plain", "text/plain", "iso-8859-2") == b"plain"


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-16", "iso-8859-1", "gb2312", "idna", "rot13", "x"]))
def test_no_bytes_and_no_label_break_it(data: bytes, label: str) -> None:
    kept = with_known_encoding(data, "text/html", label)
    assert kept == data or kept.decode("utf-8-sig")
