"""The table of encoders: which one a setting names, what one from outside must be, and vectors that are none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rag
from rag.errors import ModelError
from rag.models.encoder import EncodedTokens, Encoder, SentenceEncoder
from rag.models.encoders import ENCODERS, encode_words, open_encoder
from rag.settings import Settings
from rag.store.index import open_index
from rag.store.vector_cache import VectorCache
from tests.fakes import WordEncoder, vector_of

SECRET = "sk-very-secret-0123456789"


class WordsOnly(WordEncoder):
    """An encoder from outside: it has no token vectors of its own."""

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> Any:
        return encode_words(self, texts, question)


def throw(error: BaseException) -> Any:
    raise error


HALF = np.zeros(64, np.float32) + np.float32(0.5)
ONE = vector_of("one")
# What an encoder from outside gives in the place of what it must: by the name of its model, the method and the value.
GIVEN: dict[str, tuple[str, Any]] = {
    "list": ("encode_question", ONE.tolist()),
    "none": ("encode_question", None),
    "nan": ("encode_question", ONE * np.float32("nan")),
    "half": ("encode_question", HALF),
    "row": ("encode_question", ONE[np.newaxis]),
    "short": ("encode_question", np.array([1, 0], np.float32)),
    "counts": ("count_tokens", ["a"]),
    "few counts": ("count_tokens", []),
    "no counts": ("count_tokens", None),
    "no tokens": ("encode_tokens", None),
    "few tokens": ("encode_tokens", []),
    "odd tokens": ("encode_tokens", ["one"]),
    "wrong vector": ("encode_tokens", [EncodedTokens(HALF, ONE[np.newaxis], ((0, 3),))]),
    "spanless": ("encode_tokens", [EncodedTokens(ONE, ONE[np.newaxis], ())]),
    "wrong token": ("encode_tokens", [EncodedTokens(ONE, HALF[np.newaxis], ((0, 3),))]),
    "short token": ("encode_tokens", [EncodedTokens(ONE, np.ones((1, 1), np.float32), ((0, 3),))]),
    "wrong span": ("encode_tokens", [EncodedTokens(ONE, ONE[np.newaxis], ((0, 4),))]),
    "odd span": ("encode_tokens", [EncodedTokens(ONE, ONE[np.newaxis], (("a", "b"),))]),  # type: ignore[arg-type]
}


def open_words(name: str, settings: Settings, fetch: object) -> Any:
    """The factory of the encoder ``words``. The name tells what goes wrong in it."""
    encoder = WordsOnly("its own name")
    if name == "raises":
        raise RuntimeError(f"key {SECRET}")
    if name == "text":
        return "no encoder"
    if name == "unmarked":
        encoder.fingerprint = ""
    if name == "long mark":
        encoder.fingerprint = "x" * 100
    if name in ("exits", "hangs up"):
        error = SystemExit(SECRET) if name == "exits" else KeyboardInterrupt()
        encoder.encode_question = lambda text: throw(error)  # type: ignore[assignment,method-assign]
    if name in GIVEN:
        method, given = GIVEN[name]
        setattr(encoder, method, lambda *_: given)
    if name == "fails":
        encoder.encode_question = lambda text: 1 / 0  # type: ignore[assignment,method-assign,return-value]
    return encoder


@pytest.fixture(autouse=True)
def encoders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages that bring ``words``, one with the name of a Windows drive, and one that cannot be imported."""
    entries = (
        EntryPoint("words", f"{__name__}:open_words", ENCODERS.group),
        EntryPoint("c", f"{__name__}:open_words", ENCODERS.group),
        EntryPoint("gone", "no_such_module:open", ENCODERS.group),
    )
    monkeypatch.setattr("rag.parts.entries_of", lambda group: entries if group == ENCODERS.group else ())


def opened(spec: str, tmp_path: Path) -> Encoder:
    return open_encoder(Settings(embedding_model=spec, models=tmp_path / "models", home=tmp_path / "home"))


def test_import_is_light() -> None:
    code = (
        "import sys, rag.models.encoders as e; list(e.ENCODERS.shipped()); "
        "sys.exit(bool({'torch', 'sentence_transformers', 'tokenizers', 'llama_index.core'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_shipped_encoder_comes_out_of_the_table() -> None:
    assert [name for name, _ in ENCODERS.shipped()] == ["sentence-transformers", "hf"]


def test_an_encoder_from_outside_is_opened_by_its_prefix_and_named_by_the_setting(tmp_path: Path) -> None:
    encoder = opened("words:small", tmp_path)
    assert isinstance(encoder, Encoder)
    assert (encoder.name, encoder.fingerprint, encoder.max_tokens) == ("words:small", "fake-its own name", 256)
    assert np.array_equal(encoder.encode_question("ferry"), vector_of("ferry"))


@pytest.mark.parametrize("spec", ["no such model", "c:\\models\\mine", "words", "words:", "other:small"])
def test_what_no_prefix_begins_is_a_name_as_ever(spec: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not a model: give one of all-minilm-l6-v2"):
        opened(spec, tmp_path)


@pytest.mark.parametrize("prefix", ["", "sentence-transformers:"])
def test_a_folder_with_and_without_the_prefix(prefix: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(ModelError, match=r"mine/tokenizer\.json cannot be read"):
        opened(f"{prefix}{tmp_path / 'mine'}", tmp_path)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("words:raises", "The embedding model words:raises failed (RuntimeError)"),
        (
            "words:text",
            "The encoder 'words' has no count_tokens, encode_passages, encode_question, encode_tokens, fingerprint, "
            "max_tokens, name: update",
        ),
        ("words:unmarked", "The encoder 'words' has no fingerprint: update"),
        ("gone:x", "The encoder 'gone' of an unknown package cannot be used (ModuleNotFoundError"),
    ],
)
def test_what_a_factory_from_outside_may_do_wrong(spec: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        opened(spec, tmp_path)
    assert str(caught.value).startswith(words)
    assert SECRET not in caught.value.notice.text("de")


def test_a_failure_while_encoding_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"words:fails failed \(ZeroDivisionError\)"):
        opened("words:fails", tmp_path).encode_question("ferry")


def test_an_encoder_that_ends_the_program_is_one_sentence_and_ctrl_c_goes_on(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"words:exits failed \(SystemExit\)"):
        opened("words:exits", tmp_path).encode_question("ferry")
    with pytest.raises(KeyboardInterrupt):
        opened("words:hangs up", tmp_path).encode_question("ferry")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("list", "gave vectors of the type list, not a numpy array of float32"),
        ("none", "gave vectors of the type NoneType, not"),
        ("nan", "gave a vector of length nan, not of unit length"),
        ("half", "gave a vector of length 4, not"),
        ("row", "failed (encode_question gave an array of 2 dimensions in the place of one vector)"),
        ("short", "gave vectors of 2 numbers, and earlier ones of 64"),
    ],
)
def test_a_wrong_vector_of_a_question_is_found_before_a_store_is_asked(name: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        opened(f"words:{name}", tmp_path).encode_question("one")
    assert f"The embedding model words:{name} {words}" in str(caught.value)


@pytest.mark.parametrize("name", ["counts", "few counts"])
def test_wrong_counts_of_tokens_are_found(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"failed \(count_tokens gave no whole number for each text"):
        opened(f"words:{name}", tmp_path).count_tokens(["one"])
    with pytest.raises(ModelError, match=r"failed \(TypeError"):
        opened("words:no counts", tmp_path).count_tokens(["one"])


def test_numbers_of_numpy_are_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GIVEN, "array", ("count_tokens", np.array([3])))
    counts = opened("words:array", tmp_path).count_tokens(["one"])
    assert counts == [3]
    assert type(counts[0]) is int


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no tokens", "failed (TypeError)"),
        ("few tokens", "failed (encode_tokens gave no EncodedTokens for each text)"),
        ("odd tokens", "failed (encode_tokens gave no EncodedTokens for each text)"),
        ("wrong vector", "gave a vector of length 4, not"),
        ("spanless", "failed (encode_tokens gave not one vector for each span)"),
        ("short token", "failed (encode_tokens gave not one vector for each span)"),
        ("wrong token", "gave a vector of length 4, not"),
        ("wrong span", "failed (encode_tokens gave a span that lies outside its text)"),
        ("odd span", "failed (encode_tokens gave a span that lies outside its text)"),
    ],
)
def test_wrong_vectors_of_tokens_are_found(name: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        opened(f"words:{name}", tmp_path).encode_tokens(["one"])
    assert f"The embedding model words:{name} {words}" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("c", "a single letter is the drive of a Windows path"),
        ("all-minilm-l6-v2", "it is that of a model of rag models list"),
    ],
)
def test_a_name_that_no_encoder_may_have(name: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (EntryPoint(name, f"{__name__}:open_words", ENCODERS.group),)
    monkeypatch.setattr("rag.parts.entries_of", lambda group: entries)
    assert ENCODERS.names() == ["sentence-transformers", "hf"]
    assert reason in ENCODERS.describe_outside()[0].problem


def test_a_long_fingerprint_is_shortened(tmp_path: Path) -> None:
    assert len(opened("words:long mark", tmp_path).fingerprint) == 64


def test_an_index_is_made_and_searched_with_an_encoder_from_outside(tmp_path: Path) -> None:
    document = tmp_path / "docs" / "ferry.txt"
    document.parent.mkdir()
    document.write_text("The ferry carries 28 cars. The bridge is 412 metres long.")
    settings = Settings(embedding_model="words:small", home=tmp_path / "home", llm="none", threads=1)
    with open_index(settings=settings, create=True) as index:
        rag.ingest(index, [document.parent])
        answer = rag.answer(index, "How many cars does the ferry carry?", llm="none")
        assert answer.citations[0].quote.startswith("The ferry carries 28 cars.")
        assert answer.index["embedding_model"] == "words:small"
        assert index.catalog.get("embedding_model") == "words:small"


class Wrong(WordEncoder):
    """Returns what it is told to."""

    def __init__(self, vectors: Any) -> None:
        super().__init__("wrong")
        self.vectors = vectors

    def encode_passages(self, texts: Sequence[str]) -> Any:
        return self.vectors


UNIT = np.array([[1, 0], [0, 1]], dtype=np.float32)


@pytest.mark.parametrize(
    ("vectors", "words"),
    [
        (UNIT.tolist(), "the type list, not a numpy array of float32"),
        (UNIT.astype(np.float64), "the type float64, not"),
        (UNIT[:1], "the shape 1×2 for 2 texts"),
        (UNIT[0], "the shape 2 for 2 texts"),
        (np.zeros((2, 0), np.float32), "the shape 2×0 for 2 texts"),
        (UNIT * 2, "a vector of length 2, not of unit length"),
        (UNIT * 0, "a vector of length 0, not"),
        (UNIT * np.float32("nan"), "a vector of length nan, not"),
    ],
)
def test_vectors_that_are_none_are_found_and_not_kept(vectors: Any, words: str, tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    encoder = Wrong(vectors)
    with pytest.raises(ModelError, match=words) as caught:
        cache.encode(encoder, ["one", "two"])
    assert "wrong" in caught.value.notice.text("de")
    assert cache.look_up(encoder, ["one", "two"]) == [None, None]
    cache.close()


def test_a_dimension_that_changes_is_found(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    cache.encode(Wrong(UNIT), ["one", "two"])
    with pytest.raises(ModelError, match="of 3 numbers, and earlier ones of 2"):
        cache.encode(Wrong(np.array([[1, 0, 0]], dtype=np.float32)), ["one", "three"])
    cache.close()


def test_half_precision_is_near_enough(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    half = (np.ones((1, 384)) / np.sqrt(384)).astype(np.float16).astype(np.float32)
    assert cache.encode(Wrong(half), ["one"]).shape == (1, 384)
    cache.close()


def test_words_stand_in_for_tokens() -> None:
    encoder = WordEncoder(max_tokens=3)
    ferry, nothing, long = encode_words(encoder, ["The ferry, the ferry", "…", "a b c d"])
    assert ferry.spans == ((0, 3), (4, 9), (11, 14))
    assert np.array_equal(ferry.vector, vector_of("The ferry, the ferry"))
    assert np.array_equal(ferry.tokens, np.stack([vector_of(word) for word in ("The", "ferry", "the")]))
    assert nothing.tokens.shape == (0, len(nothing.vector))
    assert len(long.spans) == 3
    assert encoder.texts == ["The ferry, the ferry", "…", "a b c d", "The", "ferry", "the", "a", "b", "c"]


def test_the_words_of_a_question_are_encoded_too() -> None:
    encoder = WordEncoder()
    (question,) = encode_words(encoder, ["Which ferry?"], question=True)
    assert np.array_equal(question.vector, encoder.encode_question("Which ferry?"))
    assert encoder.texts == ["Which", "ferry"]


@pytest.mark.model
def test_the_default_model_with_and_without_a_prefix() -> None:
    settings = Settings()
    encoder = open_encoder(settings)
    prefixed = open_encoder(settings.model_copy(update={"embedding_model": "sentence-transformers:all-minilm-l6-v2"}))
    assert encoder.name == "all-minilm-l6-v2"
    assert prefixed.name == "sentence-transformers:all-minilm-l6-v2"
    assert encoder.fingerprint == prefixed.fingerprint
    assert not isinstance(encoder, SentenceEncoder), "every encoder is reached through the same lines"
