"""E-mail messages.

Owns: which parts of a message are read: the headers that a reader sees, and one body. Attachments are named only.
"""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.markup.html import read_html
from rag.load.plain_text.markdown import plain_blocks
from rag.load.text import canonical, decode

_HEADERS = ("Subject", "From", "To", "Cc", "Date")


def read_eml(data: bytes, builder: Builder) -> str:
    """Append headers, body and the names of attachments; return the subject."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise LoadError("damaged: this message cannot be read; save it again")
    headers = {name: _header(message, name) for name in _HEADERS}
    subject = headers["Subject"]
    if subject:
        builder.add("heading", subject, 1)
    builder.add("paragraph", "\n".join(f"{name}: {value}" for name, value in headers.items() if value))
    body, markup = _body(message)
    if markup:
        read_html(body, builder)
    else:
        for block in plain_blocks(body):
            builder.add(block.kind, body[block.start : block.end], block.level)
    names = [name for part in message.walk() if (name := _file_name(part))]
    if names:
        builder.add("paragraph", f"Attachments: {', '.join(names)}")
    return subject


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except Exception:  # The standard library's header parser raises nearly anything on garbage.
        return ""


def _file_name(part: object) -> str:
    try:
        return " ".join(str(part.get_filename() or "").split())  # type: ignore[attr-defined]
    except Exception:  # As above.
        return ""


def _body(message: EmailMessage) -> tuple[str, bool]:
    """The text of the message, and whether it is HTML. Plain text is preferred."""
    found: dict[str, str] = {}
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or kind in found or kind not in ("text/plain", "text/html") or _file_name(part):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data.strip():
            found[kind] = _decode(data, part.get_content_charset())
    if found.get("text/plain", "").strip():
        return found["text/plain"], False
    return found.get("text/html", ""), "text/html" in found


def _decode(data: bytes, charset: str | None) -> str:
    try:
        return canonical(data.decode(charset or "utf-8"))
    except (LookupError, UnicodeDecodeError):
        return decode(data)
