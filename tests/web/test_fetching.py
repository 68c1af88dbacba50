"""Fetching a page: what is refused, what ends, what is said. `rag.web.fetching`, `rag.web.connections`, `rag.web.body`.

Each server is a real one on this machine. It can be reached because the test passes a function that allows its port;
no setting or option does.
"""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import threading
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rag
from rag.errors import LoadError, UsageError
from rag.web.addresses import read_page_address
from rag.web.fetching import MOST_REDIRECTS, Fetcher, FetchLimits, Known, Page, Proxy, read_proxy
from tests.web.servers import Reply, only, raw, self_signed, sends, site

LIMITS = FetchLimits(megabytes=0.2, seconds=60)


def fetch(url: str, *ports: int, known: Known | None = None, **changes: Any) -> Page | None:
    limits = replace(LIMITS, allowed=only(*ports), **changes)
    return Fetcher(limits).fetch(read_page_address(url), known)


def refused(url: str, *ports: int, **changes: Any) -> tuple[str, str]:
    """Return the code and the sentence of a refusal."""
    with pytest.raises(LoadError) as error:
        fetch(url, *ports, **changes)
    assert "\n" not in str(error.value)
    return error.value.notice.code, str(error.value)


def test_a_page_comes_with_what_its_server_says() -> None:
    headers = {"Content-Type": 'Text/HTML; Charset="ISO-8859-2"', "ETag": '"a1"', "Last-Modified": "Mon, 1 Jan 2024"}
    with site(**{"/a?b=c": Reply(b"<p>words", headers=headers)}) as server:
        page = fetch(server.url("/a?b=c#part"), server.port)
    assert page is not None
    assert (page.data, page.media_type, page.charset) == (b"<p>words", "text/html", "ISO-8859-2")
    assert (page.etag, page.last_modified) == ('"a1"', "Mon, 1 Jan 2024")
    asked = server.asked[0]
    assert asked.target == "/a?b=c"
    assert f"Footnote/{rag.__version__}" in asked.headers["user-agent"]
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"
    assert not {"cookie", "referer", "authorization"} & asked.headers.keys()


# -- where it may not go -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254", "0.0.0.0",
     "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "192.168.0.1", "[fec0::1]", "192.0.0.192", "[3fff::1]"],
)  # fmt: skip
def test_no_private_address_is_connected_to(host: str) -> None:
    with site(**{"/": Reply(b"inside")}) as server:
        assert refused(f"http://{host}:{server.port}/")[0] == "web-address-private"
        assert server.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_inside(status: int) -> None:
    with site(**{"/": Reply(b"inside")}) as inside, site() as outside:
        outside.replies["/"] = Reply(b"", status, {"Location": inside.url()})
        assert refused(outside.url(), outside.port)[0] == "web-address-private"
        assert inside.asked == []


@pytest.mark.parametrize(
    ("there", "code"),
    [("file:///etc/passwd", "web-redirect-wrong"), ("ftp://example.org/", "web-redirect-wrong"),
     ("http://ann:pw@example.org/", "web-redirect-wrong"), ("//ann:pw@example.org/", "web-redirect-wrong"),
     ("", "web-redirect-wrong"),
     ("http://2130706433/", "web-redirect-wrong"), ("http://example.org:22/", "web-redirect-wrong"),
     ("javascript:alert(1)", "web-redirect-wrong"), ("http://169.254.169.254/latest", "web-address-private")],
)  # fmt: skip
def test_a_redirect_leads_to_pages_only(there: str, code: str) -> None:
    with site(**{"/": Reply(b"", 302, {"Location": there})}) as server:
        found, said = refused(server.url(), server.port)[:2]
    assert found == code
    assert ":pw" not in said


def test_redirects_are_followed_and_counted() -> None:
    with site() as server:
        for number in range(MOST_REDIRECTS + 2):
            server.replies[f"/{number}"] = Reply(b"", 302, {"Location": f"{number + 1}"})
        server.replies[f"/{MOST_REDIRECTS + 1}"] = Reply(b"there")
        assert refused(server.url("/0"), server.port)[0] == "web-redirects"
        page = fetch(server.url("/1"), server.port)
    assert page is not None
    assert (page.data, page.final.target) == (b"there", f"/{MOST_REDIRECTS + 1}")


def test_a_name_that_means_another_address_at_its_next_look_up_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver answers with an address that is allowed, and then with this machine: one look-up, one connection."""
    answers = ["127.0.0.1", "127.0.0.9", "127.0.0.9"]
    real, looked = socket.getaddrinfo, list[str]()

    def resolve(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if host != "rebinding.example":
            return real(host, port, *arguments, **options)
        looked.append(answers[len(looked)])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (looked[-1], port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with site(**{"/": Reply(b"first")}) as server:
        page = fetch(server.url(host="rebinding.example"), server.port)
        assert page is not None
        assert page.data == b"first"
        assert looked == ["127.0.0.1"]
        assert refused(server.url(host="rebinding.example"), server.port)[0] == "web-address-private"
        assert len(server.asked) == 1


def test_one_private_address_among_several_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with site(**{"/": Reply(b"inside")}) as server:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, server.port)) for one in ("127.0.0.1", "10.0.0.7")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        assert refused(server.url(host="both.example"), server.port)[0] == "web-address-private"
        assert server.asked == []


def test_a_name_that_stands_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    assert refused("https://nothing.example/")[0] == "web-host-unknown"


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/", port)[0] == "web-unreachable"


# -- what ends ---------------------------------------------------------------------------------------------------------


def test_a_body_that_is_too_long() -> None:
    with site(**{"/": Reply(b"x" * 200_001)}) as server:
        assert refused(server.url(), server.port) == (
            "web-too-large",
            "larger than 0.2 MB, packed or unpacked; raise RAG_MAX_FILE_MB to read it",
        )
        assert fetch(server.url(), server.port, megabytes=0.3) is not None


@pytest.mark.parametrize("head", [b"Content-Type: text/html\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"])
def test_a_body_without_end(head: bytes) -> None:
    piece = b" " * 0x8000 if b"chunked" not in head else b"8000\r\n" + b" " * 0x8000 + b"\r\n"

    def talk(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head)
        while not stop.is_set():
            connection.sendall(piece)

    with raw(talk) as port:
        assert refused(f"http://127.0.0.1:{port}/", port)[0] == "web-too-large"


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n"])
def test_a_server_that_sends_a_byte_now_and_then(start: bytes) -> None:
    """Each byte comes in time, the page does not: in the first line, in a header, in the body."""

    def talk(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(start)
        while not stop.wait(0.05):
            connection.sendall(b"H")

    with raw(talk) as port:
        code, words = refused(f"http://127.0.0.1:{port}/", port, seconds=1.0)
    # A first line of letters is no reply, which may be told before the time is over.
    assert code == "web-too-slow" or (start == b"" and code == "web-garbled")
    if code == "web-too-slow":
        assert "within 1 s" in words


def test_a_server_that_says_nothing() -> None:
    with raw(lambda _, stop: stop.wait(60) and None) as port:
        assert refused(f"http://127.0.0.1:{port}/", port, seconds=0.5)[0] == "web-too-slow"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_small_reply_that_unpacks_to_a_huge_one(encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    bomb = pack(b" " * 100_000_000)
    assert len(bomb) < 200_000
    with site(**{"/": Reply(bomb, headers={"Content-Encoding": encoding})}) as server:
        assert refused(server.url(), server.port)[0] == "web-too-large"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "x" * 500])
def test_a_reply_that_is_packed_otherwise(encoding: str) -> None:
    with site(**{"/": Reply(b"abc", headers={"Content-Encoding": encoding})}) as server:
        assert refused(server.url(), server.port)[0] == "web-packed"


def test_a_packed_reply_is_unpacked() -> None:
    words = bytes(range(256)) * 500
    two = gzip.compress(words[:1000]) + gzip.compress(words[1000:])
    with site() as server:
        server.replies["/"] = Reply(two, headers={"Content-Encoding": "gzip"})
        server.replies["/cut"] = Reply(two[:-20], headers={"Content-Encoding": "gzip"})
        server.replies["/none"] = Reply(b"no gzip", headers={"Content-Encoding": "gzip"})
        server.replies["/empty"] = Reply(b"", headers={"Content-Encoding": "gzip"})
        page, empty = fetch(server.url(), server.port), fetch(server.url("/empty"), server.port)
        assert page is not None
        assert page.data == words
        assert empty is not None
        assert empty.data == b""
        assert refused(server.url("/cut"), server.port)[0] == "web-garbled"
        assert refused(server.url("/none"), server.port)[0] == "web-garbled"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "web-broke-off|web-garbled"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", "web-broke-off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "web-broke-off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "web-garbled"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "web-garbled"),
        (b"220 smtp.example ESMTP\r\n", "web-garbled"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", "web-garbled"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 7\r\n\r\nabc", "web-garbled"),
        (b"\0" * 100, "web-garbled|web-broke-off"),
    ],
)
def test_what_is_no_reply_is_one_sentence(answer: bytes, code: str) -> None:
    with raw(sends(answer)) as port:
        assert refused(f"http://127.0.0.1:{port}/", port)[0] in code.split("|")


# -- what servers say --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "web-gone"), (410, "web-gone"), (401, "web-closed"), (403, "web-closed"), (429, "web-busy"),
     (503, "web-busy"), (500, "web-failing"), (502, "web-failing"), (204, "web-no-page"), (418, "web-no-page"),
     (304, "web-no-page"), (206, "web-no-page")],
)  # fmt: skip
def test_a_status_is_told(status: int, code: str) -> None:
    with site(**{"/": Reply(b"", status)}) as server:
        said, words = refused(server.url(), server.port)
    assert said == code
    assert f"status {status}" in words


def test_how_long_to_wait_is_told() -> None:
    with site(
        **{"/": Reply(b"", 429, {"Retry-After": "90"}), "/x": Reply(b"", 429, {"Retry-After": "soon"})}
    ) as server:
        assert refused(server.url(), server.port)[1].endswith("run the command again in 90 s")
        assert refused(server.url("/x"), server.port)[1].endswith("run the command again later")


def test_a_version_that_is_here_is_not_sent_again() -> None:
    with site(**{"/": Reply(b"one", headers={"ETag": '"1"'}), "/to": Reply(b"", 301, {"Location": "/"})}) as server:
        known = Known(server.url(), '"1"', "Mon, 01 Jan 2024 00:00:00 GMT")
        assert fetch(server.url(), server.port, known=known) is None
        assert server.asked[0].headers["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"
        # Only the server that gave the tag is sent it.
        assert fetch(server.url("/to"), server.port, known=known) is None
        assert "if-none-match" not in server.asked[1].headers
        server.replies["/"] = Reply(b"two", headers={"ETag": '"2"'})
        page = fetch(server.url(), server.port, known=known)
        assert page is not None
        assert (page.data, page.etag) == (b"two", '"2"')


@pytest.mark.parametrize("tag", ['"' + "x" * 1000 + '"', '"a\tb"', '"ä"'])
def test_a_tag_that_cannot_be_sent_back_is_not_kept(tag: str) -> None:
    with site(**{"/": Reply(b"one", headers={"ETag": tag})}) as server:
        page = fetch(server.url(), server.port)
    assert page is not None
    assert page.etag == ""


# -- robots.txt --------------------------------------------------------------------------------------------------------

BAN = Reply(b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"})


def test_a_page_that_is_given_is_fetched_whatever_robots_txt_says() -> None:
    with site(**{"/a": Reply(b"words"), "/robots.txt": BAN}) as server:
        assert fetch(server.url("/a"), server.port) is not None
        assert server.targets == ["/a"]


def test_a_page_that_a_server_leads_to_is_looked_up_in_robots_txt() -> None:
    with site(**{"/a": Reply(b"", 302, {"Location": "/b"}), "/b": Reply(b"words"), "/robots.txt": BAN}) as server:
        assert refused(server.url("/a"), server.port)[0] == "web-robots"
        assert server.targets == ["/a", "/robots.txt"]
        server.replies["/robots.txt"] = Reply(b"User-agent: Footnote\nDisallow: /c\n\nUser-agent: *\nDisallow: /\n")
        assert fetch(server.url("/a"), server.port) is not None
        server.replies["/robots.txt"] = Reply(b"", 500)
        assert refused(server.url("/a"), server.port)[0] == "web-robots"
        del server.replies["/robots.txt"]
        assert fetch(server.url("/a"), server.port) is not None


# -- encrypted ---------------------------------------------------------------------------------------------------------

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nwords"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no certificate can be made")
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context, certificate = self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with raw(sends(OK), context) as port:
        code, words = refused(f"https://127.0.0.1:{port}/", port)
        assert code == "web-certificate"
        assert "self-signed certificate" in words
        page = fetch(f"https://127.0.0.1:{port}/", port, certificates=trusting)
        assert page is not None
        assert page.data == b"words"
    # To a page that is not encrypted, an encrypted one does not lead.
    with raw(sends(b"HTTP/1.1 302 Found\r\nLocation: http://example.org/\r\n\r\n"), context) as port:
        assert refused(f"https://127.0.0.1:{port}/", port, certificates=trusting)[0] == "web-redirect-insecure"


def test_a_server_that_does_not_encrypt() -> None:
    with raw(sends(OK)) as port:
        assert refused(f"https://127.0.0.1:{port}/", port)[0] == "web-encryption"


# -- through a proxy ---------------------------------------------------------------------------------------------------


def test_a_proxy_is_asked_only_where_one_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    with site(**{"/": Reply(b"direct")}) as server, site() as proxy:
        proxy.replies["http://outside.example/a"] = Reply(b"through it")
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        direct = fetch(server.url(), server.port)
        assert direct is not None
        assert (direct.data, proxy.asked) == (b"direct", [])
        chosen = Proxy("http", "127.0.0.1", proxy.port, "ann", "pw")
        page = fetch("http://outside.example/a", proxy=chosen)
        assert page is not None
        assert page.data == b"through it"
        assert proxy.asked[0].headers["proxy-authorization"] == "Basic YW5uOnB3"
        for inside in (
            "http://127.0.0.1/",
            "http://10.0.0.7/",
            "http://localhost/",
            "http://router.local/",
            "http://nas/",
        ):
            assert refused(inside, proxy=chosen)[0] == "web-address-private"
        assert len(proxy.asked) == 1
        # A tunnel that the proxy does not make.
        assert refused("https://outside.example/", proxy=chosen)[0] == "web-proxy-refuses"


def test_a_proxy_is_read_from_its_setting() -> None:
    assert read_proxy(" ") is None
    assert read_proxy("http://proxy.example:3128") == Proxy("http", "proxy.example", 3128)
    assert read_proxy("http://a:b%40c@p:1/") == Proxy("http", "p", 1, "a", "b@c")
    assert "b@c" not in repr(read_proxy("http://a:b%40c@p:1/"))
    for wrong in ("proxy:3128", "socks5://p:1", "http://", "http://p:x", "http://p/path"):
        with pytest.raises(UsageError, match="RAG_WEB_PROXY"):
            read_proxy(wrong)
