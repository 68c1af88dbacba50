"""The real embedding model: `rag.models.encoder`; and a cross-encoder of the right shape: `rag.retrieval.passages`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.models.encoder import SentenceEncoder, open_sentence_encoder
from rag.retrieval.passages import open_reranker, retrieve
from rag.settings import Settings
from rag.store.index import Index
from rag.store.vector_cache import VectorCache
from tests.fakes import WordEncoder

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def real() -> SentenceEncoder:
    return open_sentence_encoder("all-minilm-l6-v2", Settings())


def test_vectors_have_unit_length_and_near_texts_are_near(real: SentenceEncoder) -> None:
    vectors = real.encode_passages(["The ferry leaves at noon.", "The boat departs at 12.", "Bread is made of flour."])
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_prompts_stand_before_questions_and_passages(real: SentenceEncoder) -> None:
    folder = real._folder
    prompted = SentenceEncoder("prompted", folder, 1, "query: ", "passage: ")
    assert np.allclose(prompted.encode_question("noon"), real.encode_question("query: noon"), atol=1e-5)
    assert np.allclose(prompted.encode_passages(["noon"]), real.encode_passages(["passage: noon"]), atol=1e-5)
    assert prompted.fingerprint != real.fingerprint, "other vectors need another index"
    assert prompted.max_tokens < real.max_tokens, "the prompt takes room"


def test_tokens_are_the_models_own(real: SentenceEncoder) -> None:
    assert real.count_tokens(["ferry", "unbelievably", ""]) == [1, 5, 0]  # un ##bel ##ie ##va ##bly
    assert real.max_tokens == 256


def test_nothing_is_embedded_twice(tmp_path: Path) -> None:
    encoder = WordEncoder()
    first = VectorCache(tmp_path / "vectors.sqlite")
    before = first.encode(encoder, ["bridge", "ferry", "bridge"])
    first.close()
    again = VectorCache(tmp_path / "vectors.sqlite")
    after = again.encode(encoder, ["ferry", "bridge", "bridge"])
    again.close()
    assert encoder.texts == ["bridge", "ferry"]
    assert np.array_equal(before[[1, 0, 2]], after)


def test_a_damaged_cache_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    cache = VectorCache(path)
    assert cache.encode(WordEncoder(), ["bridge"]).shape[0] == 1
    cache.close()
    assert path.with_name("vectors.sqlite.damaged").read_bytes() == b"not a database at all" * 100


def test_a_cross_encoder_reranks(index: Index, real: SentenceEncoder, tmp_path: Path) -> None:
    """A tiny cross-encoder with seeded weights: its scores, whatever they are, decide the order."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(str(real._folder), local_files_only=True)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=1, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(tmp_path / "cross")
    tokenizer.save_pretrained(tmp_path / "cross")
    reranker = open_reranker(str(tmp_path / "cross"), 1)
    plain = retrieve(index, "How long is the bridge?", 4)
    reranked = retrieve(index, "How long is the bridge?", 4, reranker=reranker)
    scores = [passage.scores["rerank"] for passage in reranked]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert {passage.chunk_id for passage in reranked} == {passage.chunk_id for passage in plain}
    assert all("rerank" not in passage.scores for passage in plain)
