"""Read an Outlook message: a compound file (MS-CFB) of properties (MS-OXMSG) to a ``Mail``.

Owns: which properties are read. A property that is missing or damaged is none; the rest of the message stays.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser
from email.utils import format_datetime
from typing import Any

from rag.errors import LoadError
from rag.load.mail.headers import SHOWN, day, header, one_line, text_of
from rag.load.mail.rtf_body import rtf_text
from rag.load.mail.types import MOST_FORWARDED, Alternatives, Attachment, Html, Mail, Part, PlainText, TooDeep
from rag.notices import Notice

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0"
_SUBJECT, _BODY, _HTML, _RTF, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP, _TO, _CC = 0x0C1A, 0x0C1F, 0x5D01, 0x0E04, 0x0E03
_SENT, _RECEIVED, _MESSAGE_CODEPAGE, _INTERNET_CODEPAGE = 0x0039, 0x0E06, 0x3FFD, 0x3FDE
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _DATA, _CONTENT_ID, _MEDIA_TYPE = 0x3707, 0x3704, 0x3001, 0x3701, 0x3712, 0x370E
_UNICODE, _STRING, _BINARY, _STORAGE = "001F", "001E", "0102", "000D"
_CODEPAGES = {65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 20866: "koi8-r", 28591: "iso-8859-1", 51932: "euc-jp"}
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

_Path = tuple[str, ...]


def is_outlook(data: bytes) -> bool:
    """Tell whether a compound file is an Outlook message: its properties stand at the top."""
    if not data.startswith(SIGNATURE) or _PROPERTIES.encode("utf-16-le") not in data:
        return False
    try:
        with _opened(data) as file:
            return bool(file.exists(_PROPERTIES))
    except Exception:  # The library raises nearly anything on damaged files.
        return False


def mail_of_outlook(data: bytes, depth: int = 0) -> Mail:
    """Return an Outlook message.

    Args:
        data: The bytes of the file.
        depth: Within how many other messages it is forwarded.

    Returns:
        The message.

    Raises:
        LoadError: When it cannot be read as one.
    """
    try:
        with _opened(data) as file:
            return _Folder(file, ()).mail(depth)
    except Exception:  # As above.
        raise LoadError(Notice("file-damaged-message")) from None


def _opened(data: bytes) -> Any:
    from olefile import OleFileIO

    return OleFileIO(io.BytesIO(data))


class _Folder:
    """A message, or an attachment, within the file."""

    def __init__(self, file: Any, path: _Path) -> None:
        self._file, self._path = file, path
        self._fixed = dict(self._fixed_properties())

    def mail(self, depth: int) -> Mail:
        headers = self._headers()
        return Mail(headers.get("Subject", ""), headers, day(headers.get("Date", "")), tuple(self._parts(depth)))

    def _headers(self) -> dict[str, str]:
        """Return the headers that a reader sees: those that the message came with, else the like properties."""
        came = HeaderParser().parsestr(self._text(_HEADERS))
        name, address = self._text(_SENDER_NAME), self._text(_SENDER_SMTP) or self._text(_SENDER_ADDRESS)
        own = {
            "Subject": self._text(_SUBJECT),
            "From": " ".join(filter(None, (f'"{name}"' if name and address else name, address and f"<{address}>"))),
            "To": self._text(_TO).rstrip("\0"),
            "Cc": self._text(_CC).rstrip("\0"),
            "Date": self._time(_SENT) or self._time(_RECEIVED),
        }
        values = {key: (own[key] if key == "Subject" else "") or header(came, key) or own[key] for key in SHOWN}
        return {key: line for key, value in values.items() if (line := one_line(value))}

    def _parts(self, depth: int) -> Iterator[Part]:
        yield from self._body()
        for name in self._folders("__attach_version1.0_#"):
            yield from _Folder(self._file, (*self._path, name)).attached(depth)

    def _body(self) -> Iterator[Part]:
        plain = self._text(_BODY)
        label = _label(self._fixed.get(_INTERNET_CODEPAGE, 0) or self._fixed.get(_MESSAGE_CODEPAGE, 0))
        html = text_of(self._stream(_HTML, _BINARY), label) or self._text(_HTML)
        if html and plain.strip():
            yield Alternatives((PlainText(plain),), (Html(html),))
        elif html:
            yield Html(html)
        elif plain.strip():
            yield PlainText(plain)
        elif text := rtf_text(self._stream(_RTF, _BINARY)):
            yield PlainText(text)

    def attached(self, depth: int) -> Iterator[Part]:
        """Yield what an attachment is; nothing for a picture of the HTML body."""
        inner = (*self._path, f"__substg1.0_{_DATA:04X}{_STORAGE}")
        if self._file.exists([*inner, _PROPERTIES]):
            yield TooDeep() if depth >= MOST_FORWARDED else _Folder(self._file, inner).mail(depth + 1)
            return
        name = self._text(_LONG_NAME) or self._text(_SHORT_NAME) or self._text(_DISPLAY_NAME)
        media_type = self._text(_MEDIA_TYPE)
        if not (self._text(_CONTENT_ID) and media_type.startswith("image/")):
            yield Attachment(one_line(name) or media_type or "attachment", self._stream(_DATA, _BINARY))

    def _folders(self, beginning: str) -> list[str]:
        depth = len(self._path)
        return [
            path[depth]
            for path in self._file.listdir(streams=False, storages=True)
            if len(path) == depth + 1 and tuple(path[:depth]) == self._path and path[depth].startswith(beginning)
        ]

    def _stream(self, number: int, kind: str) -> bytes:
        path = [*self._path, f"__substg1.0_{number:04X}{kind}"]
        try:
            return bytes(self._file.openstream(path).read()) if self._file.exists(path) else b""
        except Exception:  # As above.
            return b""

    def _text(self, number: int) -> str:
        if data := self._stream(number, _UNICODE):
            return data.decode("utf-16-le", "replace").rstrip("\0")
        data = self._stream(number, _STRING).rstrip(b"\0")
        return text_of(data, _label(self._fixed.get(_MESSAGE_CODEPAGE, 0))) if data else ""

    def _time(self, number: int) -> str:
        """Return a time as the header ``Date`` has it, or ""."""
        try:
            return format_datetime(_EPOCH + timedelta(microseconds=self._fixed[number] // 10))
        except (KeyError, OverflowError, ValueError):
            return ""

    def _fixed_properties(self) -> Iterator[tuple[int, int]]:
        """Yield number and value of the properties of a fixed length: numbers and times."""
        try:
            data = self._file.openstream([*self._path, _PROPERTIES]).read()
        except Exception:  # As above.
            return
        # What stands before the properties: 32 bytes at the top, 24 within another message, 8 for an attachment.
        for start in range(len(data) % 16 or (32 if not self._path else 0), len(data) - 15, 16):
            kind, number, _, value = struct.unpack_from("<HHIQ", data, start)
            if kind in (0x0003, 0x0040):
                yield number, value & 0xFFFFFFFF if kind == 0x0003 else value


def _label(codepage: int) -> str:
    """Return the label of a code page of Windows, or ""."""
    return _CODEPAGES.get(codepage) or (f"cp{codepage}" if codepage else "")
