"""Typing errors of a question: `rag.planning.spelling`."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.planning.planner import make_plan
from rag.planning.spelling import correct_spelling
from rag.store.index import Index
from tests.conftest import Opener, write_files
from tests.fakes import WordEncoder

FILES = {
    "mill.md": "# The Lantern mill\n\nIts first keeper was Agnes Thornwall. The family had gathered paintings.\n",
    "names.md": "# Register\n\nJansson, Ivanova and Marvin live here. John Harrow runs a colony. They change money.\n",
}
# Words that the encoder has whole; every other word is two tokens.
WHOLE = {"martin", "charge", "the", "first", "marvin"}


class PieceEncoder(WordEncoder):
    """Knows a few words whole, as the vocabulary of a real encoder does."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [sum(1 if word.lower() in WHOLE else 2 for word in text.split()) for text in texts]


@pytest.fixture(scope="module")
def mill(shared_index: Opener, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("documents") / "files"
    write_files(folder, FILES)
    return shared_index(folder, encoder=PieceEncoder())


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("Who was the first keper?", "Who was the first keeper?"),
        ("Who was the first kepeer?", "Who was the first keeper?"),
        ("Where is the Lanturn mill?", "Where is the Lantern mill?"),
        ("What did Agnes Tornwall gather?", "What did Agnes Thornwall gather?"),
        ("Who had gatherd paintigns?", "Who had gathered paintings?"),
        ("Where is the coloyn?", "Where is the colony?"),
        ("Where does John Harow live?", "Where does John Harrow live?"),
    ],
)
def test_a_typing_error_is_read_as_the_word_of_the_index(mill: Index, question: str, corrected: str) -> None:
    assert correct_spelling(mill, question).question == corrected


@pytest.mark.parametrize(
    "question",
    [
        "Who is the keeper?",  # known
        "Do they charge money?",  # a word of the language, one letter from another
        "Does Martin live here?",  # a name of the language
        "Does Janssen live here?",  # two names
        "Does Ivanov live here?",
        "Where does Jane Harow live?",  # short, and no Jane Harrow
        "Who was the first keepings?",  # an inflection
        "What is KEPER-2 and MRA?",  # codes and initials
        "Who paid 4301?",
        "Which zebra?",
        "",
    ],
)
def test_other_words_stay_as_they_are(mill: Index, question: str) -> None:
    assert correct_spelling(mill, question).question == question


def test_the_plan_says_what_was_corrected(mill: Index) -> None:
    plan = make_plan(mill, "Where is the Lanturn mill?").plan
    assert plan.question == "Where is the Lantern mill?"
    assert [search.query for search in plan.searches] == ["Where is the Lantern mill?"]
    assert [str(reason) for reason in plan.why if reason.code == "spelling-corrected"] == [
        "Read as: Lantern (for Lanturn)"
    ]
