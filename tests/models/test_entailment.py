"""How sure models are that a source supports a sentence: `rag.models.entailment`."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.encoder import open_sentence_encoder
from rag.models.entailment import load_entailment_model
from rag.settings import Settings

SOURCE = "The bridge opened in 1931."


def test_a_cross_encoder_is_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import sentence_transformers

    asked: list[dict[str, object]] = []

    def refuse(_: str, **options: object) -> None:
        asked.append(options)
        raise OSError("not here")

    # Even where a user lets libraries reach the hub.
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setattr(sentence_transformers, "CrossEncoder", refuse)
    with pytest.raises(ModelError, match="'owner/checker' cannot be loaded"):
        load_entailment_model("owner/checker", 1)
    assert [options["local_files_only"] for options in asked] == [True]


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
    entails = load_entailment_model(str(tmp_path / "checker"), 1)
    longer = ("It opened to the sound of many trumpets.", SOURCE)
    assert entails([("It opened.", SOURCE), longer])[0] == pytest.approx(float(expected), abs=1e-4)
    assert entails([]) == []


def test_a_checker_that_cannot_be_loaded_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="RAG_CHECKER"):
        load_entailment_model(str(tmp_path), 1)
