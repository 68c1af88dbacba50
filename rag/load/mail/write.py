"""Write messages as blocks of a document.

Owns: the order in which a message is told: subject, headers, what was written, events, attachments. Knows nothing
about the formats of messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rag.load.append import append_document
from rag.load.builder import Builder
from rag.load.limits import Limits
from rag.load.mail.attachments import MAILS, add_attachment, document_of, reader_of
from rag.load.mail.calendar import events
from rag.load.mail.mbox import messages
from rag.load.mail.message import mail_of_bytes
from rag.load.mail.outlook import mail_of_outlook
from rag.load.mail.types import MOST_FORWARDED, Alternatives, Attachment, Calendar, Html, Mail, Part, PlainText
from rag.load.mail.unsaid import has_further_words, is_said, is_stub, lacks_words, runs_of, words_of
from rag.load.markup.html import read_html
from rag.load.plain_text.plain import plain_blocks
from rag.load.tables import Cell, add_table
from rag.load.text import without_breaks
from rag.notices import Notice
from rag.types import Document

# White space between a text and what is appended to it.
_MARGIN = 100


class MailWriter:
    """Appends messages to a document, and says at the end what of them was not read."""

    def __init__(self, builder: Builder, limits: Limits) -> None:
        """Begin.

        Args:
            builder: What the messages are appended to.
            limits: The limits of reading.
        """
        self._builder = builder
        self._limits = limits
        self._unread: list[str] = []
        self._is_too_deep = False

    def add(self, mail: Mail, depth: int = 0, in_mailbox: bool = False) -> None:
        """Append a message.

        Args:
            mail: The message.
            depth: Within how many others it is forwarded.
            in_mailbox: Whether others stand beside it: then it begins with a heading even without a subject.
        """
        level = 1 + depth
        self._builder.add("heading", mail.subject, level)
        is_heading = (in_mailbox or depth > 0) and not mail.subject
        if is_heading:
            self._builder.add("heading", "\n".join(f"{name}: {value}" for name, value in mail.headers.items()), level)
        else:
            add_table(
                self._builder, ((Cell(name), Cell(value)) for name, value in mail.headers.items()), names=0, labels=1
            )
        attachments = [part for part in mail.parts if isinstance(part, Attachment)]
        start = self._builder.length
        for part in mail.parts:
            self._add_part(part, depth)
        self._add_calendars([part for part in mail.parts if isinstance(part, Calendar)], start)
        if attachments:
            self._builder.add("paragraph", f"Attachments: {', '.join(part.name for part in attachments)}")
        for attachment in attachments:
            self._add_attachment(attachment, depth)

    def close(self) -> None:
        """Say what was not read."""
        if self._unread:
            self._builder.warn(Notice("reading-attachments", {"names": list(dict.fromkeys(self._unread))}))
        if self._is_too_deep:
            self._builder.warn(Notice("reading-forwarded", {"levels": MOST_FORWARDED}))

    def _add_part(self, part: Part, depth: int) -> None:
        if isinstance(part, PlainText):
            self._add_plain(part.text)
        elif isinstance(part, Html):
            read_html(part.text, self._builder)
        elif isinstance(part, Alternatives):
            self._add_alternatives(part)
        elif isinstance(part, Mail):
            self.add(part, depth + 1)
        elif not isinstance(part, Attachment | Calendar):
            self._is_too_deep = True

    def _add_plain(self, text: str) -> None:
        text = without_breaks(text)
        for block in plain_blocks(text):
            self._builder.add(block.kind, text[block.start : block.end], block.level)

    def _add_alternatives(self, part: Alternatives) -> None:
        """Append the plain text where it has all words of the page; else the page, and what it leaves out."""
        page = Builder(self._limits.max_characters)
        for piece in _leaves(part, of_page=True):
            if isinstance(piece, Html):
                read_html(piece.text, page)
            else:
                page.add("paragraph", without_breaks(piece.text))
        plain = [without_breaks(piece.text) for piece in _leaves(part, of_page=False)]
        plain_text, page_text = "\n".join(plain), page.text
        if not lacks_words(plain_text, page_text):
            for text in plain:
                self._add_plain(text)
            return
        append_document(self._builder, page.document("text/html", "page"), 0)
        known = words_of(page_text)
        for text in () if is_stub(plain_text, page_text) else plain:
            for block in plain_blocks(text):
                if has_further_words(text[block.start : block.end], known):
                    self._builder.add(block.kind, text[block.start : block.end], block.level)

    def _add_calendars(self, calendars: list[Calendar], start: int) -> None:
        """Append the events of a message, each once, with what the message itself does not say of them.

        Args:
            calendars: The parts that hold events.
            start: Where the text of the message starts.
        """
        seen = set()
        runs = runs_of(self._builder.text_since(start)) if calendars else frozenset()
        for event in (event for part in calendars for event in events(part.text)):
            if event in seen:
                continue
            seen.add(event)
            add_table(self._builder, ((Cell(name), Cell(value)) for name, value in event.values), names=0, labels=1)
            description = without_breaks(event.description)
            for block in plain_blocks(description):
                text = description[block.start : block.end]
                if not is_said(text, runs):
                    self._builder.add(block.kind, text, block.level)

    def _add_attachment(self, attachment: Attachment, depth: int) -> None:
        name, data = attachment.name, attachment.data
        reader = reader_of(name, data)
        if reader in MAILS:
            if depth >= MOST_FORWARDED:
                self._is_too_deep = True
                return
            self._builder.add("heading", name, 2 + depth)
            for mail in _mails(data, reader, depth + 2):
                self.add(mail, depth + 2)
            return
        document = self._read(name, data, reader) if reader else None
        if document is None:
            self._unread.append(name)
        else:
            add_attachment(self._builder, name, document, 2 + depth)

    def _read(self, name: str, data: bytes, reader: str) -> Document | None:
        limit = self._limits.max_characters
        return document_of(name, data, reader, self._limits, limit - self._builder.length - _MARGIN)


def _leaves(part: Alternatives, of_page: bool) -> Iterator[PlainText | Html]:
    """Yield the texts of alternatives, those within them too: of the pages, or of the plain texts beside them."""
    for pieces, is_page in ((part.plain, False), (part.html, True)):
        for piece in pieces:
            if isinstance(piece, Alternatives):
                yield from _leaves(piece, of_page)
            elif is_page == of_page and isinstance(piece, PlainText | Html):
                yield piece


def _mails(data: bytes, reader: str, depth: int) -> Iterable[Mail]:
    if reader == "mbox":
        return (mail_of_bytes(message.data, depth) for message in messages(data))
    return (mail_of_outlook(data, depth) if reader == "msg" else mail_of_bytes(data, depth),)
