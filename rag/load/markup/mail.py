"""Read e-mail messages.

Owns: which parts of a message are read: the headers that a reader sees, and one body. Attachments are named only.
"""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from rag.errors import LoadError
from rag.load.builder import Builder
from rag.load.markup.html import read_html
from rag.load.plain_text.plain import plain_blocks
from rag.load.text import canonical, decode
from rag.notices import Notice

_HEADERS = ("Subject", "From", "To", "Cc", "Date")


def read_eml(data: bytes, builder: Builder) -> str:
    """Append headers, body and the names of attachments.

    Args:
        data: The bytes of the message.
        builder: What they are appended to.

    Returns:
        The subject.

    Raises:
        LoadError: When it cannot be read as a message.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise LoadError(Notice("file-damaged-message"))
    headers = {name: _header(message, name) for name in _HEADERS}
    subject = headers["Subject"]
    if subject:
        builder.add("heading", subject, 1)
    builder.add("paragraph", "\n".join(f"{name}: {value}" for name, value in headers.items() if value))
    body, is_html = _body(message)
    if is_html:
        read_html(body, builder)
    else:
        for block in plain_blocks(body):
            builder.add(block.kind, body[block.start : block.end], block.level)
    attachments = [name for part in message.walk() if (name := _file_name(part))]
    if attachments:
        builder.add("paragraph", f"Attachments: {', '.join(attachments)}")
    return subject


def _header(message: EmailMessage, name: str) -> str:
    """Return a header on one line, or "" where there is none or it cannot be parsed."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except Exception:  # The standard library's header parser raises nearly anything on garbage.
        return ""


def _file_name(part: object) -> str:
    """Return the file name of an attachment, or "" for another part of a message."""
    try:
        return " ".join(str(part.get_filename() or "").split())  # type: ignore[attr-defined]
    except Exception:  # As for any header.
        return ""


def _body(message: EmailMessage) -> tuple[str, bool]:
    """Return the text of the message, and whether it is HTML. Plain text is preferred."""
    texts: dict[str, str] = {}
    for part in message.walk():
        media_type = part.get_content_type()
        is_text = media_type in ("text/plain", "text/html") and not part.is_multipart()
        if media_type in texts or not is_text or _file_name(part):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data.strip():
            texts[media_type] = _decode(data, part.get_content_charset())
    if texts.get("text/plain", "").strip():
        return texts["text/plain"], False
    return texts.get("text/html", ""), "text/html" in texts


def _decode(data: bytes, charset: str | None) -> str:
    """Return the canonical text of a part; where the declared encoding is wrong, it is guessed."""
    try:
        return canonical(data.decode(charset or "utf-8"))
    except (LookupError, UnicodeDecodeError):
        return decode(data)
