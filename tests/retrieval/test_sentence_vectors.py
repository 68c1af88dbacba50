"""What a question costs once it was asked: which texts are encoded, and that what is kept changes no answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import rag
from rag.ingestion.pipeline import ingest
from rag.models.encoder import EncodedTokens, Vectors
from rag.retrieval.closeness import Closeness, Standing
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.passages import retrieve
from rag.retrieval.sentence_vectors import SentenceVectors
from rag.settings import Settings
from rag.store.catalog import places, schema
from rag.store.index import Index, open_index
from rag.store.purge import purge
from rag.store.sentence_cache import SentenceCache
from rag.store.vector_file import VectorFile
from rag.types import Answer, Span
from tests.conftest import LIBRARY, write_files
from tests.fakes import WordEncoder

QUESTION = "How many cars does the ferry carry?"
TOLL = "What is the toll for cars?"
QUESTIONS = (QUESTION, "When did the bridge open?", TOLL, "Who is the keeper of the lighthouse?")
# Statements of one question, over four documents.
MOST_STATEMENTS = 32
# About each question there is more than is encoded at once.
ROUTES = "\n\n".join(f"The ferry of route {n} carries {n} cars and {n + 3} carts." for n in range(30))
FERRIES = f"# Ferries\n\n{ROUTES}\n"


class CountingEncoder(WordEncoder):
    """Notes each call and its texts; the questions it knows cost nothing, as with the real one."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, ...]] = []
        self._known: set[str] = set()

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(tuple(texts))
        return super().encode_passages(texts)

    def encode_question(self, text: str) -> Vectors:
        self._note(text)
        return super().encode_question(text)

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        if question:
            self._note(*texts)
        else:
            self.calls.append(tuple(texts))
        return super().encode_tokens(texts, question)

    def _note(self, *questions: str) -> None:
        if new := tuple(each for each in questions if each not in self._known):
            self._known |= set(new)
            self.calls.append(new)


@contextmanager
def counted(folder: Path, encoder: WordEncoder | None = None) -> Iterator[Index]:
    """An index of the library, opened with an encoder of its own."""
    settings = Settings(home=folder / "home", llm="none", threads=1)
    with open_index("counted", settings=settings, create=True, encoder=encoder or CountingEncoder()) as index:
        write_files(folder / "library", {**LIBRARY, "ferries.md": FERRIES})
        ingest(index, [folder / "library"])
        # The encoder is measured with the first question, once for an index.
        with rag.Assistant(index) as assistant:
            assistant.ask("Where is the harbour?")
        yield index


def calls_of(index: Index) -> list[tuple[str, ...]]:
    encoder: Any = index.encoder
    return list(encoder.calls)


def visible(answer: Answer) -> Answer:
    return replace(answer, timings={})


def test_a_question_is_three_or_four_calls_and_few_texts(tmp_path: Path) -> None:
    with counted(tmp_path) as index, rag.Assistant(index) as assistant:
        before = len(calls_of(index))
        assistant.ask(QUESTION)
        question, *sentences = calls_of(index)[before:]
        assert question == (QUESTION,)
        # The likeliest sentences, the others that may come near them, and the best one without its title.
        assert len(sentences) <= 3
        assert sum(map(len, sentences)) <= index.scoring.evidence.encoded + 2
        assert sum(map(len, sentences)) == len({text for texts in sentences for text in texts})


def test_a_question_that_is_asked_again_encodes_nothing(tmp_path: Path) -> None:
    with counted(tmp_path) as index, rag.Assistant(index) as assistant:
        assistant.ask(QUESTION)
        before = len(calls_of(index))
        assistant.ask(QUESTION)
        assert calls_of(index)[before:] == []
        # Another one about the same sentences encodes itself, and no sentence twice.
        assistant.ask(f"{QUESTION} And how many carts?")
        texts = [text for call in calls_of(index) for text in call]
        sentences = [text for text in texts if text.startswith("Ferries\n")]
        assert len(sentences) == len(set(sentences))


def test_what_is_kept_changes_no_answer(tmp_path: Path) -> None:
    with counted(tmp_path) as index, rag.Assistant(index) as assistant:
        many = {question: visible(assistant.ask(question)) for question in (*QUESTIONS, *QUESTIONS[::-1])}
    for question in QUESTIONS:
        with (
            open_index(
                "counted", settings=Settings(home=tmp_path / "home", llm="none"), encoder=CountingEncoder()
            ) as index,
            rag.Assistant(index) as assistant,
        ):
            assert visible(assistant.ask(question)) == many[question]


def test_a_question_that_was_asked_of_another_process_encodes_itself_alone(tmp_path: Path) -> None:
    with counted(tmp_path) as index, rag.Assistant(index) as assistant:
        first = [visible(assistant.ask(question)) for question in QUESTIONS]
    settings = Settings(home=tmp_path / "home", llm="none", threads=1)
    encoder = CountingEncoder()
    with open_index("counted", settings=settings, encoder=encoder) as index, rag.Assistant(index) as assistant:
        assert [visible(assistant.ask(question)) for question in QUESTIONS] == first
    assert encoder.calls == [(question,) for question in QUESTIONS]


def test_purging_an_index_forgets_the_vectors_of_sentences(tmp_path: Path) -> None:
    file = tmp_path / "home" / "sentences.sqlite"
    with counted(tmp_path) as index, rag.Assistant(index) as assistant:
        assistant.ask(QUESTION)
        with closing(VectorFile(file, 1)) as kept:
            assert kept.count() > 0
        purge(index)
        with closing(VectorFile(file, 1)) as kept:
            assert kept.count() == 0
            assert file.stat().st_size < 100_000


def test_a_change_by_another_connection_is_seen_by_the_next_question(tmp_path: Path) -> None:
    with counted(tmp_path) as index, rag.Assistant(index) as assistant:
        assert "3 crowns" in assistant.ask(TOLL).answer
        settings = index.settings
        with open_index("counted", settings=settings, encoder=CountingEncoder()) as other:
            new = LIBRARY["bridge.md"].replace("3 crowns", "5 crowns")
            write_files(tmp_path / "library", {"bridge.md": new})
            ingest(other, [tmp_path / "library"])
        assert "5 crowns" in assistant.ask(TOLL).answer


def test_the_statements_of_a_question_do_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[str] = []

    def traced(path: Path) -> Any:
        connection = schema.connect(path)
        connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr(places, "connect", traced)
    with counted(tmp_path) as index, rag.Assistant(index) as assistant:
        assistant.ask(QUESTION)
        statements.clear()
        assistant.ask(TOLL)
        # What begins with "--" SQLite runs itself, for its keyword index.
        own = [statement for statement in statements if not statement.startswith("--")]
        assert len(own) <= MOST_STATEMENTS, own


@pytest.mark.parametrize("question", QUESTIONS)
def test_sentences_that_are_not_encoded_stand_below_those_an_answer_may_rest_on(tmp_path: Path, question: str) -> None:
    with counted(tmp_path) as index:
        passages = retrieve(index, question)
        margin = index.scoring.quotes.score_margin
        whole = rank_evidence(index, question, passages, margin=math.inf).sentences
        ranked = rank_evidence(index, question, passages, margin=margin).sentences
        near = [item for item in whole if item.score >= whole[0].score - margin]
        assert list(ranked[: len(near)]) == near
        assert {item.span for item in ranked} == {item.span for item in whole}
        assert all(item.score < whole[0].score - margin for item in ranked[len(near) :])


def cache_in(folder: Path) -> SentenceCache:
    return SentenceCache(folder / "sentences.sqlite")


def test_only_so_many_bytes_are_kept_in_memory_the_last_used_ones(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    # Two sentences of two words: the vector of each and those of its words are three times 64 numbers of four bytes.
    vectors = SentenceVectors(encoder, cache_in(tmp_path / "full"), most_bytes=2 * 3 * 64 * 4)
    vectors.with_tokens(["the bridge", "the ferry"])
    vectors.with_tokens(["the bridge"])
    vectors.with_tokens(["the toll"])
    assert encoder.calls == [("the bridge", "the ferry"), ("the toll",)]
    vectors.with_tokens(["the bridge", "the toll"])
    assert len(encoder.calls) == 2
    vectors.close()
    (tmp_path / "full" / "sentences.sqlite").unlink()
    (ferry,) = vectors.with_tokens(["the ferry"])
    assert encoder.calls[2:] == [("the ferry",)]
    vectors.close()
    assert (ferry.vector == encoder.encode_tokens(["the ferry"])[0].vector).all()


def test_equal_texts_are_encoded_once_and_whole_texts_apart_from_tokens(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    vectors = SentenceVectors(encoder, cache_in(tmp_path))
    whole = vectors.whole(["the bridge", "the ferry", "the bridge"])
    assert whole.shape == (3, 64)
    assert (whole[0] == whole[2]).all()
    assert (whole == vectors.whole(["the bridge", "the ferry", "the bridge"])).all()
    assert encoder.calls == [("the bridge", "the ferry")]
    vectors.with_tokens(["the bridge"])
    assert encoder.calls[1:] == [("the bridge",)]
    vectors.close()


def test_a_sentence_that_leans_on_one_that_leans_itself_is_read_with_that_one_alone(tmp_path: Path) -> None:
    """The second leans on the first, the third on the second: only the third was asked for."""
    words = ("The ferry is new.", "It is red.", "It carries cars.")
    starts = (0, 18, 29)
    spans = [
        Span("a.txt", "id", "A", start, start + len(word), word) for start, word in zip(starts, words, strict=True)
    ]
    sentences = [Standing(spans[0]), Standing(spans[1], antecedent=0), Standing(spans[2], antecedent=18)]
    encoder = WordEncoder()
    (question,) = encoder.encode_tokens(["What carries cars?"], question=True)
    closeness = Closeness(question, sentences, SentenceVectors(encoder, cache_in(tmp_path)))
    closeness.encode([2])
    assert closeness.encoded == [2]
    assert closeness.nearness(2) > 0
    closeness.encode([1])
    assert closeness.encoded == [1, 2]
    assert closeness.nearness(1) >= 0
