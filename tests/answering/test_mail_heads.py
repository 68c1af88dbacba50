"""Questions that the head of a mail answers: `rag.answering.mail_heads`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.types import Answer
from tests.conftest import write_files
from tests.fakes import WordEncoder

KEYS = """From: Ada Lund <ada@example.org>
To: Per Lie <per@example.org>
Cc: Porter <porter@example.org>
Date: Tue, 14 Jan 2025 09:12:00 +0000
Subject: Keys of the store room

Please collect the keys of the store room before Friday.
"""
ROOF = """From: Tom Berg <tom@example.org>
To: Accounts <accounts@example.org>
Date: Mon, 3 Mar 2025 16:40:00 +0100
Subject: Repair of the roof

The repair of the roof is done.
"""
LETTER = "# Letters\n\nThe letter about the keys was written by Maren.\n"


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of two mails and a page that tells of a letter."""
    home = tmp_path_factory.mktemp("mails")
    write_files(home / "docs", {"keys.eml": KEYS, "roof.eml": ROOF, "letters.md": LETTER})
    with open_index("mails", settings=Settings(home=home, llm="none"), create=True, encoder=WordEncoder()) as index:
        ingest(index, [home / "docs"])
        yield index


def ask(index: Index, question: str) -> Answer:
    *_, last = answer(index, question, model=None)
    return last


@pytest.mark.parametrize(
    ("question", "short", "quoted"),
    [
        ("Who wrote the mail about the keys?", "Ada Lund", "From: Ada Lund <ada@example.org>"),
        ("Who is the mail about the keys to?", "Per Lie", "To: Per Lie <per@example.org>"),
        ("Who received the e-mail about the roof?", "Accounts", "To: Accounts <accounts@example.org>"),
        ("Who was copied on the mail about the keys?", "Porter", "Cc: Porter <porter@example.org>"),
        ("When was the mail about the repair of the roof sent?", "Mon, 3 Mar 2025 16:40:00 +0100", None),
        ("What is the subject of the mail from Ada?", "Keys of the store room", "Subject: Keys of the store room"),
        ("Wer schrieb die Mail über Keys?", "Ada Lund", None),
    ],
)
def test_the_head_of_a_mail_answers(mails: Index, question: str, short: str, quoted: str | None) -> None:
    found = ask(mails, question)
    assert found.short_answer == short
    assert not found.tentative
    (citation,) = found.citations
    assert short in citation.quote
    assert quoted in (None, citation.quote)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the letter about the keys?",  # No mail is asked about.
        "Who sent the mail?",  # There are two.
        "Who wrote the mail about the garden wall?",  # There is none.
        "Who was copied on the mail about the roof?",  # It has no such line.
    ],
)
def test_another_question_is_answered_by_what_was_found(mails: Index, question: str) -> None:
    assert ask(mails, question).short_answer not in ("Ada Lund", "Tom Berg", "Per Lie", "Porter")
