"""The readers of messages and mailboxes.

Owns: what each is recognised by. Knows nothing about the parts of a message.
"""

from __future__ import annotations

import re

from rag.load import media_types
from rag.load.builder import Builder
from rag.load.file import File
from rag.load.mail.mbox import is_mailbox, messages
from rag.load.mail.outlook import is_outlook
from rag.load.mail.types import Mail
from rag.load.readers import Content
from rag.types import Document

_MAIL_HEAD = re.compile(
    rb"(?:From |Received:|Return-Path:|Delivered-To:|Message-ID:|MIME-Version:|Date:|From:|To:|Subject:)", re.I
)


_TEXT_NAMES = ("", ".txt", ".text")


class MailReader:
    """Reads messages. Their subject is the title."""

    media_type = media_types.EML
    suffixes = (".eml",)
    content: Content = "any"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a message by its name, where there is a header of one in it."""
        if file.suffix not in self.suffixes or file.is_zip:
            return False
        # Parts may be raw bytes: such a message is told by how it begins.
        return bool(_MAIL_HEAD.match(file.head) if file.is_binary else _MAIL_HEAD.search(file.head))

    def read(self, file: File) -> Document:
        """Return the document in a message."""
        from rag.load.mail.message import mail_of_bytes

        return _document(file, self.media_type, mail_of_bytes(file.data))


class MailboxReader:
    """Reads mailboxes: all messages of a folder in one file."""

    media_type = media_types.MBOX
    suffixes = (".mbox", ".mbx")
    content: Content = "any"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell a mailbox by how it begins; by other names it may be a message with the line of a mailbox."""
        return is_mailbox(file.head) and file.suffix in (*self.suffixes, *_TEXT_NAMES)

    def read(self, file: File) -> Document:
        """Return the document in a mailbox: its messages in order; its day is that of the latest."""
        from rag.load.mail.message import mail_of_bytes
        from rag.load.mail.write import MailWriter

        builder = Builder(file.limits.max_characters)
        writer = MailWriter(builder, file.limits)
        for message in messages(file.data):
            mail = mail_of_bytes(message.data)
            writer.add(mail, in_mailbox=True)
            builder.date = max(builder.date, mail.date or message.day)
        writer.close()
        return builder.document(self.media_type, file.name, headings_are_titles=False)


class OutlookReader:
    """Reads the messages that Outlook saves."""

    media_type = media_types.MSG
    suffixes = (".msg",)
    content: Content = "any"
    sandboxed = True

    def recognises(self, file: File) -> bool:
        """Tell such a message by what stands at the top of its container."""
        return is_outlook(file.data)

    def read(self, file: File) -> Document:
        """Return the document in a message."""
        from rag.load.mail.outlook import mail_of_outlook

        return _document(file, self.media_type, mail_of_outlook(file.data))


def _document(file: File, media_type: str, mail: Mail) -> Document:
    """Return the document that holds one message."""
    from rag.load.mail.write import MailWriter

    builder = Builder(file.limits.max_characters)
    writer = MailWriter(builder, file.limits)
    writer.add(mail)
    writer.close()
    builder.date = mail.date
    return builder.document(media_type, file.name, mail.subject, headings_are_titles=False)
