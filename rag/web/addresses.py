"""What may be an address of a page.

Owns: reading what a person, or a server that leads elsewhere, wrote. Pure; whether the machine may be connected to is
told when it is looked up.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

import httpx

from rag.errors import LoadError
from rag.notices import Notice
from rag.web.shown import shown_address

_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
# Below it, services of other kinds listen: mail, name servers, databases' neighbours.
_FIRST_FREE_PORT, _LAST_PORT = 1024, 65535
# What a C library reads as an address of numbers, such as 2130706433, 0x7f.1 or 127.1.
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)\.?", re.I)


@dataclass(frozen=True, slots=True)
class PageAddress:
    """The address of a page, in the one form that all its spellings have.

    Attributes:
        text: The whole address, in ASCII: the host of another script as punycode, without a fragment.
        scheme: ``http`` or ``https``.
        host: The host, in small letters; an IPv6 address without brackets.
        port: The port.
        target: What the server is asked for: the path, and the query behind it.
    """

    text: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """The server: scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def has_usual_port(self) -> bool:
        """Whether the port is the one of its scheme, which an address leaves out."""
        return self.port == _PORTS[self.scheme]


def read_page_address(text: str, base: PageAddress | None = None) -> PageAddress:
    """Return the address of a page.

    Args:
        text: What was written: ``http://…`` or ``https://…``, in any script.
        base: The page that leads there, where what was written may be relative to it.

    Returns:
        The address, without its fragment.

    Raises:
        LoadError: It is of another form, or has a name or password in it.
    """
    text = text.strip()
    wrong = LoadError(Notice("web-address-wrong", {"address": shown_address(text[:_LONGEST])}))
    if len(text) > _LONGEST or not text.isprintable() or "\\" in text:
        raise wrong
    try:
        url = httpx.URL(base.text).join(text) if base else httpx.URL(text)
        host, port = url.raw_host.decode("ascii").lower(), url.port
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise wrong from None
    if "@" in text.partition("://")[2].partition("/")[0] or url.userinfo:
        raise LoadError(Notice("web-address-with-password"))
    if url.scheme not in _PORTS or not _is_host(host):
        raise wrong
    if port is not None and port not in _PORTS.values() and not _FIRST_FREE_PORT <= port <= _LAST_PORT:
        raise wrong
    target = url.raw_path.decode("ascii") or "/"
    bracketed = f"[{host}]" if ":" in host else host
    shown_port = f":{port}" if port not in (None, _PORTS[url.scheme]) else ""
    whole = f"{url.scheme}://{bracketed}{shown_port}{target}"
    if len(whole) > _LONGEST:
        raise wrong
    return PageAddress(whole, url.scheme, host, port or _PORTS[url.scheme], target)


def _is_host(host: str) -> bool:
    """Tell whether a host is a name or a whole address of numbers, and none of the short spellings of one."""
    if not host or len(host) > 253:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return re.fullmatch(r"[a-z0-9._-]+", host) is not None and not _NUMERIC.fullmatch(host.rpartition(".")[2])
    return True
