"""Take a message apart: its bytes (RFC 5322, MIME) to a ``Mail``.

Owns: which parts are text, which are forwarded messages, which are attached. Knows nothing about documents.
"""

from __future__ import annotations

import base64
import binascii
import email
from collections.abc import Iterator
from contextlib import suppress
from email.message import Message
from typing import Any

from rag.load.mail.calendar import CALENDAR_TYPES
from rag.load.mail.flowed import unflowed
from rag.load.mail.headers import SHOWN, ShortHeaders, day, file_name, header, text_of
from rag.load.mail.types import MOST_FORWARDED, Alternatives, Attachment, Calendar, Html, Mail, Part, PlainText, TooDeep

# Parts that prove who wrote the message, or say again what another part says.
_OF_MACHINES = frozenset(
    "application/pgp-signature application/pkcs7-signature application/x-pkcs7-signature application/pgp-keys "
    "text/x-amp-html text/watch-html multipart/appledouble application/applefile".split()
)
# Parts of these types that are not named are text.
_FURTHER_TEXT = frozenset("message/delivery-status message/disposition-notification application/text".split())


def mail_of_bytes(data: bytes, depth: int = 0) -> Mail:
    """Return the message in some bytes.

    Args:
        data: The bytes.
        depth: Within how many other messages it is forwarded.

    Returns:
        The message.
    """
    return _mail(email.message_from_bytes(data, policy=ShortHeaders()), depth)


def _mail(message: Message[Any, Any], depth: int) -> Mail:
    headers = {name: value for name in SHOWN if (value := header(message, name))}
    return Mail(headers.get("Subject", ""), headers, day(headers.get("Date", "")), tuple(_parts(message, depth)))


def _parts(part: Message[Any, Any], depth: int, is_related: bool = False) -> Iterator[Part]:
    """Yield what a part holds, in order.

    Args:
        part: The part.
        depth: Within how many messages it stands, beside the outermost.
        is_related: Whether it belongs to a page of HTML, as a picture in it does.
    """
    media_type = part.get_content_type()
    if media_type in _OF_MACHINES:
        return
    if media_type in ("message/rfc822", "message/global"):
        yield _forwarded(part, depth + 1)
        return
    children = _children(part)
    if media_type == "multipart/alternative":
        yield from _alternatives(children, depth)
    elif media_type == "message/delivery-status":
        yield PlainText("\n\n".join("\n".join(f"{k}: {header(child, k)}" for k in child) for child in children))
    elif children:
        for child in children:
            yield from _parts(child, depth, is_related or media_type == "multipart/related")
    else:
        yield from _leaf(part, media_type, is_related)


def _children(part: Message[Any, Any]) -> list[Message[Any, Any]]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _leaf(part: Message[Any, Any], media_type: str, is_related: bool) -> Iterator[Part]:
    """Yield what a part without parts is; nothing for one that is empty, and for a picture of a page of HTML."""
    name = file_name(part)
    data = _data(part)
    if not data.strip() and not name:
        return
    if media_type in CALENDAR_TYPES:
        yield Calendar(_text(part, data))
    elif name and _is_attached(part, media_type):
        if not (is_related and media_type.startswith("image/")):
            yield Attachment(name, data)
    elif media_type == "text/html":
        yield Html(_text(part, data))
    elif media_type.startswith(("text/", "multipart/")) or media_type in _FURTHER_TEXT:
        yield PlainText(_plain(part, data))
    elif not is_related:
        yield Attachment(media_type, data)


def _is_attached(part: Message[Any, Any], media_type: str) -> bool:
    """Tell whether a part with a name is a file; a page of HTML that is shown within the message is not."""
    return media_type != "text/html" or part.get_content_disposition() != "inline"


def _alternatives(children: list[Message[Any, Any]], depth: int) -> Iterator[Part]:
    """Yield what one of several parts holds that say the same, and what is attached to the others."""
    plain: tuple[Part, ...] = ()
    html: tuple[Part, ...] = ()
    further: list[Part] = []
    for child in children:
        parts = tuple(_parts(child, depth))
        body = tuple(part for part in parts if isinstance(part, PlainText | Html | Alternatives))
        further += [part for part in parts if part not in body]
        if any(isinstance(part, Html) for part in body):
            html = html or body
        elif body:
            plain = plain or body
    if plain and html:
        yield Alternatives(plain, html)
    else:
        yield from plain or html
    yield from further


def _forwarded(part: Message[Any, Any], depth: int) -> Part:
    if depth > MOST_FORWARDED:
        return TooDeep()
    children = _children(part)
    if not children:
        return mail_of_bytes(_data(part), depth)
    inner = children[0]
    if part.get("Content-Transfer-Encoding", "").strip().lower() == "base64" and not inner.keys():
        # The standard forbids it, and some write it: the message has been taken for its own body.
        with suppress(binascii.Error, ValueError):
            return mail_of_bytes(base64.b64decode(str(inner.get_payload())), depth)
    return _mail(inner, depth)


def _data(part: Message[Any, Any]) -> bytes:
    """Return the bytes of a part."""
    try:
        data = part.get_payload(decode=True)
    except Exception:  # The library raises nearly anything on garbage.
        data = None
    return data if isinstance(data, bytes) else b""


def _text(part: Message[Any, Any], data: bytes) -> str:
    return text_of(data, _parameter(part, "charset"))


def _plain(part: Message[Any, Any], data: bytes) -> str:
    text = _text(part, data)
    if _parameter(part, "format").lower() == "flowed":
        return unflowed(text, deletes_space=_parameter(part, "delsp").lower() == "yes")
    return text


def _parameter(part: Message[Any, Any], name: str) -> str:
    """Return a parameter of the content type, or ""."""
    with suppress(Exception):  # As for any header.
        value = part.get_param(name, "")
        return str(value[2] if isinstance(value, tuple) else value or "")
    return ""
