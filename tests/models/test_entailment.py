"""How sure models are that a source supports a sentence: `rag.models.entailment`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.errors import ModelError
from rag.models.entailment import Classes, EntailmentModel, load_entailment_model, read_classes
from tests.tiny_checker import new_model, save, word_tokenizer

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


# -- what classes mean -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "supporting", "denying"),
    [
        (["contradiction", "entailment", "neutral"], 1, 0),
        (["ENTAILMENT", "NEUTRAL", "CONTRADICTION"], 0, 2),
        (["REFUTES", "NOT ENOUGH INFO", "SUPPORTS"], 2, 0),
        (["NEI", "Refuted", "Supported"], 2, 1),
        (["neutral", "entailed", "contradicts the source"], 1, 2),
        (["not_entailment", "neutral", "entailment"], 2, None),
        # Of two, the other one takes in what the source says nothing about.
        (["entailment", "not_entailment"], 0, None),
        (["entailment", "contradiction"], 0, None),
        (["unsupported", "supported"], 1, None),
        (["consistent", "inconsistent"], 0, None),
        (["correct", "hallucinated"], 0, None),
        (["LABEL_0", "LABEL_1"], 1, None),
        (["0", "1"], 1, None),
        (["LABEL_0"], None, None),
    ],
)
def test_classes_are_known_by_their_names(labels: list[str], supporting: int | None, denying: int | None) -> None:
    assert read_classes(labels) == Classes(supporting, denying)


@pytest.mark.parametrize(
    "labels", [["LABEL_0", "LABEL_1", "LABEL_2"], ["negative", "neutral", "positive"], ["spam", "ham"]]
)
def test_classes_that_are_about_something_else_mean_nothing(labels: list[str]) -> None:
    assert read_classes(labels) is None


# -- a model with seeded weights ---------------------------------------------------------------------------------------


def saved(folder: Path, *labels: str, most: int = 64, **shape: object) -> Path:
    tokenizer = word_tokenizer(most, ("the", "bridge", "opened", "in", "1931", "it", ".", "trumpets"))
    return save(new_model(labels, tokenizer, **shape), tokenizer, folder)


@pytest.mark.parametrize("labels", [("contradiction", "entailment", "neutral"), ("supported", "not"), ("score",)])
def test_a_cross_encoder_gives_the_shares_of_its_classes(labels: tuple[str, ...], tmp_path: Path) -> None:
    import torch

    tokenizer = word_tokenizer(64, ("the", "bridge", "opened", "in", "1931", "it", ".", "trumpets"))
    classifier = new_model(labels, tokenizer)
    with torch.no_grad():
        logits = classifier(**tokenizer(SOURCE, "It opened.", return_tensors="pt")).logits[0]
    shares = torch.softmax(logits, 0).tolist()
    expected = {3: (shares[1], shares[0]) if len(labels) == 3 else (), 2: (shares[0], 0.0),
                1: (float(torch.sigmoid(logits[0])), 0.0)}[len(labels)]  # fmt: skip
    model = load_entailment_model(str(save(classifier, tokenizer, tmp_path / "checker")), 1)
    longer = ("It opened. The trumpets opened it in 1931.", SOURCE)
    first, second = model.infer([("It opened.", SOURCE), longer])
    assert (first.supported, first.denied) == pytest.approx(expected, abs=1e-4)
    assert model.infer([longer]) == [
        type(second)(pytest.approx(second.supported, abs=1e-4), pytest.approx(second.denied, abs=1e-4))
    ]
    assert model.infer([]) == []


def test_a_pair_that_does_not_fit_is_refused_and_never_cut(tmp_path: Path) -> None:
    model = load_entailment_model(str(saved(tmp_path / "checker", "yes", "no", most=16)), 1)
    assert (model.most_tokens, model.own_tokens) == (16, 3)
    assert model.count_tokens(["It opened.", "", SOURCE]) == [3, 0, 6]
    assert len(model.infer([("It opened.", "bridge " * 10)])) == 1
    with pytest.raises(ValueError, match="17 tokens, where 16 fit"):
        model.infer([("It opened.", "bridge " * 11)])


def test_a_separator_in_a_document_is_text(tmp_path: Path) -> None:
    model = load_entailment_model(str(saved(tmp_path / "checker", "yes", "no")), 1)
    assert model.count_tokens(["[SEP]"]) == [3]


@pytest.mark.parametrize(
    ("tokenizer", "config", "most"),
    [
        ({"model_max_length": 512}, {"max_position_embeddings": 128, "model_type": "bert"}, 128),
        ({"model_max_length": 10**30}, {"max_position_embeddings": 512, "model_type": "deberta-v2"}, 512),
        ({"model_max_length": 513}, {"max_position_embeddings": 514, "model_type": "roberta", "pad_token_id": 1}, 512),
        ({"model_max_length": 10**30}, {"max_position_embeddings": -1, "model_type": "xlnet"}, 512),
        ({"model_max_length": 10**30}, {"model_type": "t5"}, 512),
        ({"model_max_length": 8192}, {"max_position_embeddings": 8192, "model_type": "modernbert"}, 8192),
    ],
)  # fmt: skip
def test_the_room_is_what_tokenizer_and_model_state(
    tokenizer: dict[str, int], config: dict[str, object], most: int
) -> None:
    given = SimpleNamespace(**tokenizer, num_special_tokens_to_add=lambda pair: 3)
    model = EntailmentModel(SimpleNamespace(tokenizer=given, config=SimpleNamespace(**config)), Classes(1))  # type: ignore[arg-type]
    assert model.most_tokens == most


# -- what cannot be used -----------------------------------------------------------------------------------------------


def test_a_checker_that_cannot_be_loaded_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="RAG_CHECKER"):
        load_entailment_model(str(tmp_path), 1)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"\x00" * 64])
def test_a_damaged_checker_is_one_sentence(name: str, content: bytes, tmp_path: Path) -> None:
    folder = saved(tmp_path / "checker", "yes", "no")
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match="checker' cannot be loaded") as refused:
        load_entailment_model(str(folder), 1)
    assert "\n" not in str(refused.value)


def test_a_model_without_a_classifier_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """The library would make up the missing layer at random, and says much about it on standard error."""
    tokenizer = word_tokenizer()
    folder = save(new_model(["yes", "no"], tokenizer).bert, tokenizer, tmp_path / "encoder")
    with pytest.raises(ModelError, match="would judge at random"):
        load_entailment_model(str(folder), 1)
    (tmp_path / "a.txt").write_text("The ferry is red.", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "rag", "verify", "--text", "a.txt", "--source", "a.txt"],
        cwd=tmp_path,
        env=os.environ | {"RAG_CHECKER": str(folder)},
        capture_output=True,
        text=True,
    )
    [line] = ran.stderr.splitlines()
    assert "would judge at random" in line


def test_a_classifier_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"negative, neutral(,| and) positive"):
        load_entailment_model(str(saved(tmp_path / "mood", "negative", "neutral", "positive")), 1)
