"""Whether models find that a source supports a sentence: `rag.models.entailment`, and the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.errors import LLMError, ModelError
from rag.models.encoder import open_sentence_encoder
from rag.models.entailment import load_entailment_model, open_entailment
from rag.prompts import read_prompt
from rag.settings import Settings
from rag.verify.verdict import check_sentence
from tests.fakes import ScriptedModel, WordEncoder

SOURCE = "The bridge opened in 1931."


@dataclass
class FixedEntailment:
    """Entailment of two fixed numbers, whatever the sentence."""

    confidence: float | None = None
    cosine: float = 0.0

    def similarity(self, sentence: str, source: str) -> float:
        return self.cosine

    def entails(self, sentence: str, source: str) -> float | None:
        return self.confidence


@pytest.mark.parametrize(
    ("sentence", "entailment", "verdict"),
    [
        ("The bridge opened in 1931.", FixedEntailment(confidence=0.0), "partly"),
        ("The bridge opened in 1931.", FixedEntailment(confidence=0.5), "verified"),
        ("The bridge was inaugurated in 1931.", None, "partly"),
        ("The bridge was inaugurated in 1931.", FixedEntailment(confidence=0.9), "verified"),
        ("The bridge was inaugurated in 1931.", FixedEntailment(confidence=0.5), "partly"),
        ("Traffic began crossing then.", None, "unsupported"),
        ("Traffic began crossing then.", FixedEntailment(cosine=0.9), "partly"),
        ("Traffic began crossing then.", FixedEntailment(confidence=0.9), "partly"),
        # A rule goes before every entailment.
        ("The bridge opened in 1932.", FixedEntailment(confidence=1.0, cosine=1.0), "unsupported"),
        ("The bridge never opened in 1931.", FixedEntailment(confidence=1.0, cosine=1.0), "unsupported"),
        ("The bridge may have been inaugurated in 1931.", FixedEntailment(confidence=1.0, cosine=1.0), "partly"),
    ],
)
def test_entailment_counts_only_where_no_rule_is_broken(
    sentence: str, entailment: FixedEntailment | None, verdict: str
) -> None:
    assert check_sentence(sentence, [SOURCE], entailment=entailment).verdict == verdict


def test_the_embedding_model_gives_the_similarity_of_two_texts() -> None:
    entailment = open_entailment("", WordEncoder(), None, read_prompt("check"), 1)
    assert entailment.similarity("bridge", "bridge") == pytest.approx(1.0)
    assert entailment.similarity("bridge", "ferry") == pytest.approx(0.0)
    assert entailment.entails("bridge", "bridge") is None


@pytest.mark.parametrize(
    ("reply", "confidence"),
    [(["Yes", "."], 1.0), (["no"], 0.0), (["Perhaps"], None), ([LLMError("Gone away.")], None)],
)
def test_the_language_model_is_asked_for_one_word(reply: list[str | Exception], confidence: float | None) -> None:
    model = ScriptedModel(reply)
    entailment = open_entailment("llm", WordEncoder(), model, read_prompt("check"), 1)
    assert entailment.entails("The bridge opened.", SOURCE) == confidence
    assert SOURCE in model.asked[0][1].content
    assert open_entailment("llm", WordEncoder(), None, read_prompt("check"), 1).entails("a", "b") is None


@pytest.mark.model
@pytest.mark.parametrize("labels", [("contradiction", "entailment", "neutral"), ("supported", "not"), ("score",)])
def test_a_cross_encoder_gives_the_share_of_its_supporting_class(labels: tuple[str, ...], tmp_path: Path) -> None:
    """A tiny cross-encoder with seeded weights: of its classes the supporting one is taken."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(
        str(open_sentence_encoder("all-minilm-l6-v2", Settings())._folder), local_files_only=True
    )
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=len(labels), id2label=dict(enumerate(labels)), initializer_range=1.0,
    )  # fmt: skip
    model = BertForSequenceClassification(config).eval()
    model.save_pretrained(tmp_path / "checker")
    tokenizer.save_pretrained(tmp_path / "checker")
    with torch.no_grad():
        logits = model(**tokenizer(SOURCE, "It opened.", return_tensors="pt")).logits[0]
    column = {"contradiction": 1, "supported": 0}.get(labels[0])
    expected = torch.sigmoid(logits[0]) if column is None else torch.softmax(logits, 0)[column]
    assert load_entailment_model(str(tmp_path / "checker"), 1)("It opened.", SOURCE) == pytest.approx(
        float(expected), abs=1e-4
    )


def test_a_checker_that_cannot_be_loaded_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="RAG_CHECKER"):
        load_entailment_model(str(tmp_path), 1)
