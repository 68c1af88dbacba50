"""Fetch a page by its address.

Owns: the request, which redirects are followed, what robots.txt decides, and the one sentence for whatever goes wrong.
Sends no cookies, runs nothing, and asks for nothing that a page names. Knows nothing about files or indexes.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

import rag
from rag.errors import LoadError, UsageError
from rag.notices import Notice
from rag.public_addresses import Allowed, is_public_at_any_port
from rag.web.addresses import PageAddress, read_page_address
from rag.web.body import TooLarge, read_body
from rag.web.connections import CONNECT_SECONDS, SILENCE_SECONDS, CheckedNetwork, Deadline
from rag.web.robots import MOST_BYTES, NOTHING, Rules, read_rules
from rag.web.shown import shown_address

MOST_REDIRECTS = 5
# Headers and what frames a body come on top of its size.
_HEADER_BYTES = 1_000_000
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE, _CLOSED, _BUSY = (404, 410), (401, 402, 403, 407, 451), (429, 503)
# Names that mean this machine or its network wherever they are looked up.
_INSIDE_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
_LONGEST_TAG = 400
_LONGEST_WAIT = 7 * 24 * 3600
_ACCEPT = "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.5"
_Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Known:
    """What a server said of the version that is here, by which it is asked for another.

    Attributes:
        final: The address that it came from, behind redirects.
        etag: The tag of the version; "" for none.
        last_modified: When it was changed, as the server wrote it; "" where it did not say.
    """

    final: str
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was sent.

    Attributes:
        final: The address that it came from, behind redirects.
        data: Its bytes, unpacked.
        media_type: The type that the server names, in small letters; "" for none.
        charset: The encoding that it names; "" for none.
        etag: The tag of the version; "" for none.
        last_modified: When it was changed, as the server wrote it; "" where it did not say.
    """

    final: PageAddress
    data: bytes
    media_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that a person has configured.

    Attributes:
        scheme: ``http`` or ``https``.
        host: Its host.
        port: Its port.
        user: The name that it asks for; "" for none.
        password: The password; it stands in no notice and no ``repr``.
    """

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How a page may be fetched.

    Attributes:
        megabytes: The most that it may have, packed and unpacked.
        seconds: The most that it may take, with all redirects.
        proxy: Through which proxy; None for none.
        allowed: Which network addresses may be connected to.
        certificates: Who may vouch for a server; None for those whom this machine trusts.
    """

    megabytes: float
    seconds: float
    proxy: Proxy | None = None
    allowed: Allowed = is_public_at_any_port
    certificates: ssl.SSLContext | None = None


@dataclass(slots=True)
class Fetcher:
    """Fetches pages, one after the other; what sites ask for in robots.txt is read once.

    Attributes:
        limits: How.
    """

    limits: FetchLimits
    _rules: dict[tuple[str, str, int], Rules] = field(default_factory=dict)
    _context: ssl.SSLContext | None = None

    def fetch(self, address: PageAddress, known: Known | None = None) -> Page | None:
        """Return the page at an address.

        Args:
            address: The address, which a person gave.
            known: What is known of the version that is here; None where none is.

        Returns:
            The page; None where the server says that it is the version that is here.

        Raises:
            LoadError: It cannot be had; the sentence says why.
        """
        deadline = Deadline(self.limits.seconds)
        most = int(self.limits.megabytes * 1_000_000)
        given = address
        with self._pool(deadline, 2 * most + _HEADER_BYTES) as pool:
            for _ in range(MOST_REDIRECTS + 1):
                if not _is_same_page(address, given):
                    self._ask_robots(pool, address, deadline)
                conditions = known if known is not None and known.final == address.text else None
                with _sentences(address, deadline), self._asked(pool, address, conditions) as reply:
                    if reply.status in _REDIRECTS:
                        address = _led_to(address, reply.headers)
                        continue
                    return self._page(address, reply, most, conditions)
        raise LoadError(Notice("web-redirects", {"most": MOST_REDIRECTS}))

    def _page(self, address: PageAddress, reply: httpcore.Response, most: int, conditions: Known | None) -> Page | None:
        if reply.status == 304 and conditions is not None:
            return None
        _check_status(address, reply)
        declared = _header(reply.headers, "content-length")
        try:
            if declared.isdecimal() and len(declared) < 20 and int(declared) > most:
                raise TooLarge
            data = read_body(reply.iter_stream(), _header(reply.headers, "content-encoding"), most)
        except TooLarge:
            raise LoadError(Notice("web-too-large", {"megabytes": self.limits.megabytes})) from None
        media_type, charset = _content_type(_header(reply.headers, "content-type"))
        etag, changed = _header(reply.headers, "etag"), _header(reply.headers, "last-modified")
        return Page(address, data, media_type, charset, _kept_tag(etag), _kept_tag(changed))

    def _ask_robots(self, pool: httpcore.ConnectionPool, address: PageAddress, deadline: Deadline) -> None:
        """Refuse a page that a server leads to and its site keeps from programs: nobody has given its address."""
        if address.origin not in self._rules:
            self._rules[address.origin] = self._rules_of(pool, address, deadline)
        if not self._rules[address.origin].allow(address.target):
            raise LoadError(Notice("web-robots", {"address": address.text}))

    def _rules_of(self, pool: httpcore.ConnectionPool, page: PageAddress, deadline: Deadline) -> Rules:
        address = read_page_address("/robots.txt", page)
        for _ in range(MOST_REDIRECTS + 1):
            with _sentences(address, deadline), self._asked(pool, address, None) as reply:
                if reply.status in _REDIRECTS:
                    address = _led_to(address, reply.headers)
                    continue
                if 400 <= reply.status < 500:
                    return Rules()
                if reply.status != 200:
                    return NOTHING
                try:
                    text = read_body(reply.iter_stream(), _header(reply.headers, "content-encoding"), MOST_BYTES)
                except TooLarge:
                    return NOTHING
                return read_rules(text.decode("utf-8", "replace").removeprefix("\ufeff"))
        return Rules()

    @contextmanager
    def _asked(
        self, pool: httpcore.ConnectionPool, address: PageAddress, conditions: Known | None
    ) -> Iterator[httpcore.Response]:
        """Send a request, and yield its reply while it comes."""
        if self.limits.proxy and not _may_be_named_to_proxy(address, self.limits.allowed):
            raise LoadError(Notice("web-address-private", {"host": address.host}))
        headers: dict[bytes | str, bytes | str] = {
            "Host": _host_header(address),
            "User-Agent": f"Footnote/{rag.__version__} (reads pages that its user names)",
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        if conditions and conditions.etag:
            headers["If-None-Match"] = conditions.etag
        if conditions and conditions.last_modified:
            headers["If-Modified-Since"] = conditions.last_modified
        timeouts = {"connect": CONNECT_SECONDS, "read": SILENCE_SECONDS, "write": SILENCE_SECONDS, "pool": 1.0}
        port = None if address.has_usual_port else address.port
        url = httpcore.URL(scheme=address.scheme, host=address.host, port=port, target=address.target)
        with pool.stream("GET", url, headers=headers, extensions={"timeout": timeouts}) as reply:
            yield reply

    def _pool(self, deadline: Deadline, most: int) -> httpcore.ConnectionPool:
        if self._context is None:
            self._context = self.limits.certificates or httpx.create_ssl_context()
        proxy = self.limits.proxy
        network = CheckedNetwork(deadline, most, self.limits.allowed, (proxy.host, proxy.port) if proxy else None)
        through = None
        if proxy:
            url = httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/")
            through = httpcore.Proxy(url, auth=(proxy.user, proxy.password) if proxy.user else None)
        return httpcore.ConnectionPool(ssl_context=self._context, network_backend=network, proxy=through)


def read_proxy(text: str) -> Proxy | None:
    """Read a value of ``RAG_WEB_PROXY``.

    Args:
        text: ``http://HOST:PORT``, perhaps with ``USER:PASSWORD@`` before the host; "" for none.

    Returns:
        The proxy; None for none.

    Raises:
        UsageError: It has another form.
    """
    if not text.strip():
        return None
    try:
        parts = urlsplit(text.strip())
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise UsageError(Notice("web-proxy-wrong")) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or not text.isascii():
        raise UsageError(Notice("web-proxy-wrong"))
    return Proxy(parts.scheme, parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""))


@contextmanager
def _sentences(address: PageAddress, deadline: Deadline) -> Iterator[None]:
    """Turn what goes wrong on the way to a page into one sentence."""
    host = address.host
    try:
        yield
    except httpcore.ReadTimeout:
        seconds = min(deadline.seconds, SILENCE_SECONDS) if not deadline.is_over else deadline.seconds
        raise LoadError(Notice("web-too-slow", {"host": host, "seconds": seconds})) from None
    except (httpcore.ConnectTimeout, httpcore.WriteTimeout, httpcore.PoolTimeout):
        raise LoadError(Notice("web-unreachable", {"host": host})) from None
    except httpcore.ConnectError as error:
        cause = error.__cause__ or error.__context__
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise LoadError(Notice("web-certificate", {"host": host, "cause": cause.verify_message})) from None
        if isinstance(cause, ssl.SSLError):
            raise LoadError(Notice("web-encryption", {"host": host})) from None
        raise LoadError(Notice("web-unreachable", {"host": host})) from None
    except httpcore.ProxyError:
        raise LoadError(Notice("web-proxy-refuses", {"host": host})) from None
    except (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError) as error:
        code = "web-broke-off" if _is_broken_off(error) else "web-garbled"
        raise LoadError(Notice(code, {"host": host})) from None
    except (httpcore.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.UnsupportedProtocol):
        raise LoadError(Notice("web-garbled", {"host": host})) from None


def _is_broken_off(error: Exception) -> bool:
    """Tell whether a reply began as one and did not come to its end."""
    return isinstance(error, httpcore.ReadError | httpcore.WriteError) or "peer closed connection" in str(error)


def _may_be_named_to_proxy(address: PageAddress, allowed: Allowed) -> bool:
    """Tell whether a proxy may be asked for a page: it looks names up itself, so only the host as written is known."""
    try:
        return allowed(ipaddress.ip_address(address.host), address.port)
    except ValueError:
        return "." in address.host and not address.host.rstrip(".").endswith(_INSIDE_NAMES)


def _check_status(address: PageAddress, reply: httpcore.Response) -> None:
    """Raise LoadError where a reply is no page."""
    status = reply.status
    values = {"host": address.host, "status": status}
    if status == 200:
        return
    if status in _GONE:
        raise LoadError(Notice("web-gone", values))
    if status in _CLOSED:
        raise LoadError(Notice("web-closed", values))
    if status in _BUSY:
        wait = _header(reply.headers, "retry-after")
        seconds = int(wait) if wait.isdecimal() and len(wait) < 10 else 0
        raise LoadError(Notice("web-busy", {**values, "wait": min(seconds, _LONGEST_WAIT)}))
    raise LoadError(Notice("web-failing" if status >= 500 else "web-no-page", values))


def _led_to(address: PageAddress, headers: _Headers) -> PageAddress:
    """Return the address that a server leads to."""
    # A few servers write it in UTF-8; httpx encodes it as browsers do.
    target = {name.lower(): value for name, value in headers}.get(b"location", b"").decode("utf-8", "replace")
    try:
        there = read_page_address(target, address) if target.strip() else None
    except LoadError:
        there = None
    if there is None:
        raise LoadError(Notice("web-redirect-wrong", {"host": address.host, "address": shown_address(target[:200])}))
    if address.scheme == "https" and there.scheme == "http":
        raise LoadError(Notice("web-redirect-insecure", {"address": there.text}))
    return there


def _is_same_page(address: PageAddress, given: PageAddress) -> bool:
    """Tell whether an address is the one that was given, over an encrypted connection or not."""
    return (address.host, address.target) == (given.host, given.target)


def _header(headers: _Headers, name: str) -> str:
    """Return a header; of several the first, "" for none."""
    wanted = name.encode()
    return next((value.decode("latin-1").strip() for key, value in headers if key.lower() == wanted), "")


def _host_header(address: PageAddress) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return host if address.has_usual_port else f"{host}:{address.port}"


def _content_type(header: str) -> tuple[str, str]:
    """Return the media type and the encoding that a header names, each "" for none."""
    media_type, *parameters = header.split(";")
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return media_type.strip().lower(), value.strip().strip("\"'")
    return media_type.strip().lower(), ""


def _kept_tag(text: str) -> str:
    """Return what a server wants to be asked with, where it can be sent back as it is."""
    return text if len(text) <= _LONGEST_TAG and text.isascii() and text.isprintable() else ""
