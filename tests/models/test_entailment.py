"""Second opinions on a sentence: `rag.models.entailment`, and what `rag.verify` makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.errors import LLMError, ModelError
from rag.models.entailment import load_entailment_model, open_entailment
from rag.prompts import read_prompt
from rag.settings import Settings
from rag.store.index import open_encoder
from rag.verify.verdict import check_sentence
from tests.fakes import ScriptedModel, WordEncoder

SOURCE = "The bridge opened in 1931."


@dataclass
class Says:
    """An opinion that says two fixed numbers."""

    sure: float | None = None
    near: float = 0.0

    def similarity(self, sentence: str, source: str) -> float:
        return self.near

    def entails(self, sentence: str, source: str) -> float | None:
        return self.sure


@pytest.mark.parametrize(
    ("sentence", "opinion", "verdict"),
    [
        ("The bridge opened in 1931.", Says(sure=0.0), "partly"),
        ("The bridge opened in 1931.", Says(sure=0.5), "verified"),
        ("The bridge was inaugurated in 1931.", None, "partly"),
        ("The bridge was inaugurated in 1931.", Says(sure=0.9), "verified"),
        ("The bridge was inaugurated in 1931.", Says(sure=0.5), "partly"),
        ("Traffic began crossing then.", None, "unsupported"),
        ("Traffic began crossing then.", Says(near=0.9), "partly"),
        ("Traffic began crossing then.", Says(sure=0.9), "partly"),
        # No opinion goes before a rule.
        ("The bridge opened in 1932.", Says(sure=1.0, near=1.0), "unsupported"),
        ("The bridge never opened in 1931.", Says(sure=1.0, near=1.0), "unsupported"),
        ("The bridge may have been inaugurated in 1931.", Says(sure=1.0, near=1.0), "partly"),
    ],
)
def test_an_opinion_counts_only_where_no_rule_is_broken(sentence: str, opinion: Says | None, verdict: str) -> None:
    assert check_sentence(sentence, [SOURCE], opinion=opinion).verdict == verdict


def test_the_embedding_model_says_how_alike_two_texts_are() -> None:
    plain = open_entailment("", WordEncoder(), None, read_prompt("check"), 1)
    assert plain.similarity("bridge", "bridge") == pytest.approx(1.0)
    assert plain.similarity("bridge", "ferry") == pytest.approx(0.0)
    assert plain.entails("bridge", "bridge") is None


@pytest.mark.parametrize(
    ("said", "sure"),
    [(["Yes", "."], 1.0), (["no"], 0.0), (["Perhaps"], None), ([LLMError("Gone away.")], None)],
)
def test_the_language_model_is_asked_for_one_word(said: list[str | Exception], sure: float | None) -> None:
    model = ScriptedModel(said)
    opinion = open_entailment("llm", WordEncoder(), model, read_prompt("check"), 1)
    assert opinion.entails("The bridge opened.", SOURCE) == sure
    assert SOURCE in model.asked[0][1].content
    assert open_entailment("llm", WordEncoder(), None, read_prompt("check"), 1).entails("a", "b") is None


@pytest.mark.model
@pytest.mark.parametrize("labels", [("contradiction", "entailment", "neutral"), ("supported", "not"), ("score",)])
def test_a_cross_encoder_gives_the_share_of_its_supporting_class(labels: tuple[str, ...], tmp_path: Path) -> None:
    """A tiny cross-encoder with seeded weights: of its classes the supporting one is taken."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(str(open_encoder(Settings())._folder), local_files_only=True)
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
