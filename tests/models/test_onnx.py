"""Embedding models in ONNX Runtime: the export, its check, and the vectors it gives: `rag.models.onnx_export`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.device import may_have_gpu
from rag.models.encoder import Engine, SentenceEncoder
from rag.models.onnx_engine import _BATCH_TOKENS, OnnxEngine, _batches
from rag.models.onnx_export import EXPORT_FOLDER, MODEL_FILE, pooling_of
from rag.models.torch_engine import TorchEngine
from rag.settings import DATA_FOLDER
from tests.conftest import Command
from tests.tiny_checker import word_tokenizer

WORDS = ("the", "ferry", "bridge", "is", "long", "old", ".", "noon")
TEXTS = ["The ferry is old.", "noon", "", "The bridge is long. " * 12, "The unknown is long."]
DEFAULT = DATA_FOLDER / "models" / "all-minilm-l6-v2"


def write_model(folder: Path, pooling: str = "mean_tokens", **configuration: object) -> Path:
    """Write a sentence-transformers model of two layers with seeded weights and a tokenizer of whole words."""
    import torch
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(3)
    tokenizer = word_tokenizer(32, WORDS)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=32, initializer_range=0.5,
    )  # fmt: skip
    BertModel(config).eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "1_Pooling").mkdir()
    values = {"word_embedding_dimension": 24, f"pooling_mode_{pooling}": True}
    if pooling != "mean_tokens":
        values["pooling_mode_mean_tokens"] = False
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(values))
    modules = [("", "Transformer"), ("1_Pooling", "Pooling")]
    (folder / "modules.json").write_text(
        json.dumps(
            [
                {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
                for i, (path, kind) in enumerate(modules)
            ]
        )
    )
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 32, "do_lower_case": False}))
    (folder / "config_sentence_transformers.json").write_text(json.dumps(configuration))
    return folder


def engine_of(encoder: SentenceEncoder) -> Engine:
    """The engine of an encoder that has been used."""
    assert encoder._engine is not None
    return encoder._engine


def by_torch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SentenceEncoder:
    """An encoder of the same model that computes with torch."""
    encoder = SentenceEncoder("m", folder, 1)
    with monkeypatch.context() as patch:
        patch.setattr("rag.models.encoder.existing_export", lambda *_: None)
        patch.setattr("rag.models.encoder.can_export", lambda *_: False)
        encoder.encode_passages(["noon"])
    assert isinstance(engine_of(encoder), TorchEngine)
    return encoder


@pytest.mark.parametrize("pooling", ["mean_tokens", "cls_token"])
def test_the_export_gives_the_vectors_of_the_model(
    pooling: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_model(tmp_path / "model", pooling, prompts={"query": "the ", "document": "noon "})
    encoder, original = SentenceEncoder("m", folder, 1), by_torch(folder, monkeypatch)
    assert np.allclose(encoder.encode_passages(TEXTS), original.encode_passages(TEXTS), atol=1e-5)
    assert isinstance(engine_of(encoder), OnnxEngine)
    for question in (False, True):
        found, wanted = encoder.encode_tokens(TEXTS, question), original.encode_tokens(TEXTS, question)
        for one, other in zip(found, wanted, strict=True):
            assert one.spans == other.spans
            assert np.allclose(one.vector, other.vector, atol=1e-5)
            assert np.allclose(one.tokens, other.tokens, atol=1e-5)
    assert encoder.fingerprint == original.fingerprint, "an index would have to be made anew"
    assert np.allclose(encoder.encode_question("noon"), original.encode_question("noon"), atol=1e-5)
    assert not np.allclose(encoder.encode_question("noon"), encoder.encode_passages(["noon"])[0], atol=1e-3)


def test_an_export_is_made_once_and_anew_for_other_weights(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    SentenceEncoder("m", folder, 1).encode_passages(["noon"])
    exported = folder / EXPORT_FOLDER / MODEL_FILE
    made = exported.stat().st_mtime_ns
    SentenceEncoder("m", folder, 1).encode_passages(["noon"])
    assert exported.stat().st_mtime_ns == made
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 16, "do_lower_case": False}))
    SentenceEncoder("m", folder, 1).encode_passages(["noon"])
    assert exported.stat().st_mtime_ns != made
    assert sorted(path.name for path in exported.parent.iterdir()) == ["model.onnx", "record.json"]


@pytest.mark.parametrize("damage", [b"", b"no model", None])
def test_a_damaged_export_is_made_again(damage: bytes | None, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    vectors = SentenceEncoder("m", folder, 1).encode_passages(TEXTS)
    exported = folder / EXPORT_FOLDER / MODEL_FILE
    if damage is None:
        exported.unlink()
    else:
        exported.write_bytes(damage)
    again = SentenceEncoder("m", folder, 1)
    assert np.allclose(again.encode_passages(TEXTS), vectors, atol=1e-6)
    assert isinstance(engine_of(again), OnnxEngine)


def test_an_export_with_other_vectors_is_not_used_nor_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_model(tmp_path / "model")
    monkeypatch.setattr("rag.models.onnx_export._least_cosine", lambda *_: 0.9)
    encoder = SentenceEncoder("m", folder, 1)
    encoder.encode_passages(["noon"])
    assert isinstance(engine_of(encoder), TorchEngine)
    assert not (folder / EXPORT_FOLDER / MODEL_FILE).exists()
    monkeypatch.setattr("rag.models.onnx_export._write_model", lambda *_: pytest.fail("it is tried again"))
    SentenceEncoder("m", folder, 1).encode_passages(["noon"])


def test_a_folder_that_is_only_read_runs_with_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    folder = write_model(tmp_path / "model")
    monkeypatch.setattr(Path, "mkdir", refuse)
    encoder = SentenceEncoder("m", folder, 1)
    assert encoder.encode_passages(["noon"]).shape == (1, 24)
    assert isinstance(engine_of(encoder), TorchEngine)


@pytest.mark.parametrize(
    ("config", "kinds"),
    [
        ({"pooling_mode_max_tokens": True}, ["Transformer", "Pooling"]),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}, ["Transformer", "Pooling"]),
        ({"pooling_mode_mean_tokens": True, "include_prompt": False}, ["Transformer", "Pooling"]),
        ({"pooling_mode_mean_tokens": True}, ["Transformer", "Pooling", "Dense"]),
        ({"pooling_mode_mean_tokens": True}, ["StaticEmbedding"]),
    ],
)
def test_models_of_other_parts_are_not_exported(config: dict[str, object], kinds: list[str], tmp_path: Path) -> None:
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps(config))
    (tmp_path / "config.json").write_text("{}")
    modules = [{"path": f"{i}_{kind}" if i else "", "type": f"x.{kind}"} for i, kind in enumerate(kinds)]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    assert pooling_of(tmp_path) is None
    (tmp_path / "modules.json").write_text("[1, 2]")
    assert pooling_of(tmp_path) is None


def test_batches_hold_texts_of_like_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.models.onnx_engine._BATCH_TOKENS", 2000)
    # Two of 1,000 tokens fill a batch, and two that are as long as 900 with their padding; three would be 2,700.
    assert _batches([1000, 10, 1000, 900, 20]) == [[0, 2], [3, 4], [1]]
    assert _batches([1000, 10, 1000, 900, 850, 20]) == [[0, 2], [3, 4], [5, 1]]
    assert _batches([10, 5000, 20]) == [[1], [2, 0]]
    assert _batches([3]) == [[0]]
    assert _batches([]) == []


@given(st.lists(st.integers(0, 700), max_size=40))
def test_no_batch_is_over_the_budget_but_a_long_text_alone(lengths: list[int]) -> None:
    batches = _batches(lengths)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= _BATCH_TOKENS for batch in batches)
    longest_first = [lengths[i] for batch in batches for i in batch]
    assert longest_first == sorted(lengths, reverse=True)


def test_a_vector_does_not_depend_on_what_it_is_computed_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = SentenceEncoder("m", write_model(tmp_path / "model"), 1)
    texts = [" ".join(WORDS[: 1 + n % 8] * (1 + n % 3)) for n in range(30)]
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    for budget in (16, 64, 100_000):
        monkeypatch.setattr("rag.models.onnx_engine._BATCH_TOKENS", budget)
        # To the last bit: what is kept of a text is used again beside others.
        assert np.array_equal(encoder.encode_passages(texts), alone)
        assert np.array_equal(encoder.encode_passages(texts[::-1])[::-1], alone)
    for text, encoded in zip(texts, encoder.encode_tokens(texts), strict=True):
        assert np.array_equal(encoded.vector, encoder.encode_tokens([text])[0].vector), "each is run alone"


def test_no_gpu_is_looked_for_where_none_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.models.device.sys.platform", "linux")
    monkeypatch.setattr("rag.models.device.version", lambda _: "2.13.0+cpu")
    assert [may_have_gpu(wanted) for wanted in ("auto", "cpu", "cuda")] == [False, False, True]
    monkeypatch.setattr("rag.models.device.version", lambda _: "2.13.0")
    monkeypatch.setattr("rag.models.device.os.path.exists", lambda path: path == "/dev/nvidiactl")
    assert may_have_gpu("auto")


@pytest.mark.model
def test_the_default_model_answers_without_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rag.models.encoder import SentenceEncoder; "
        f"SentenceEncoder('m', Path({str(DEFAULT)!r}), 1).encode_question('How long is the bridge?'); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    SentenceEncoder("m", DEFAULT, 1).encode_question("Is there an export now?")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.model
def test_pulling_a_model_makes_its_export_and_says_its_size_and_place(
    rag: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_DEVICE", "cpu")
    lines = rag("models", "pull", "all-minilm-l6-v2").out.splitlines()
    assert lines == [
        f"all-minilm-l6-v2 is at {DEFAULT}",
        f"all-minilm-l6-v2 is ready for ONNX Runtime (fp32, 90 MB): {DEFAULT / EXPORT_FOLDER}",
    ]


@pytest.mark.model
def test_the_default_model_gives_the_vectors_of_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["How long is the bridge?", "The ferry carries 28 cars. " * 40, "Öl", "The fee is 40 EUR."]
    vectors = SentenceEncoder("m", DEFAULT, 1).encode_passages(texts)
    assert np.allclose(vectors, by_torch(DEFAULT, monkeypatch).encode_passages(texts), atol=1e-5)


@pytest.mark.model
@pytest.mark.parametrize("threads", [1, 2])
def test_a_vector_of_the_default_model_is_the_same_to_the_last_bit_beside_others(threads: int) -> None:
    encoder = SentenceEncoder("m", DEFAULT, threads)
    words = "The ferry carries 28 cars and leaves at noon , a bridge is long .".split()
    texts = [" ".join((words * 3)[: 1 + 7 * n % 40]) for n in range(40)]
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert np.array_equal(encoder.encode_passages(texts), alone)
    assert np.array_equal(np.stack([encoded.vector for encoded in encoder.encode_tokens(texts)]), alone)


_SESSION = """
import sys
import rag
import onnxruntime
from onnx import TensorProto, helper

value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", value[:1], value[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
"""


def test_the_runtime_keeps_no_number_of_the_machine_and_reports_to_nobody(tmp_path: Path) -> None:
    """Where it reports, it first writes a number of the machine and what it will send into the user's cache."""
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    places = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", _SESSION], env=environment | places, check=True, timeout=120)
    assert [path for path in tmp_path.rglob("*") if "onnx" in path.name.lower() or path.name == "deviceid"] == []
