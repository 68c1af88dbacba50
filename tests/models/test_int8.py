"""Embedding models in eight bits: the graph, the export, and the index that keeps to it: `rag.models.onnx_int8`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.models import onnx_export
from rag.models.encoder import SentenceEncoder, open_sentence_encoder
from rag.models.onnx_engine import OnnxEngine
from rag.models.onnx_export import MODEL_FILE
from rag.models.onnx_int8 import quantize
from rag.precision import FP32, INT8, marked, precision_of, unmarked
from rag.scoring.file import describe_scoring, scoring_for, shipped_scoring
from rag.settings import Settings
from rag.store.index import open_index
from tests.models.test_onnx import DEFAULT, TEXTS, engine_of, write_model

EIGHT_BITS = ".onnx-int8"


def write_product(path: Path, weights: Any, opset: int = 17, times: int = 1) -> Path:
    """Write a graph that multiplies `x` by weights, and adds that up `times` times."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    nodes = [helper.make_node("MatMul", ["x", "w"], [f"y{i}"]) for i in range(times)]
    nodes.append(helper.make_node("Sum", [f"y{i}" for i in range(times)], ["y"]))
    graph = helper.make_graph(
        nodes,
        "products",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", len(weights)])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", weights.shape[1]])],
        [numpy_helper.from_array(weights, "w")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8), path)
    return path


def product(path: Path, x: Any) -> Any:
    import onnxruntime

    (y,) = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, {"x": x})
    return y


def test_a_product_is_one_of_whole_numbers_with_a_scale_a_row_and_a_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    weights = np.array([[63, -3, 0], [31, 4, 0], [-10.4, 1, 0]], np.float32)
    quantize(write_product(tmp_path / "full.onnx", weights), tmp_path / "int8.onnx")
    x = np.array([[127, 0, 10.3], [0, 0, 0], [0, 254, -1]], np.float32)
    # Columns have the scales 1, 4 / 63 and, of zeros, 1; rows 1, of zeros one that does not matter, and 2. 10.3 is 10,
    # and -1 is half a step, which is rounded to the even one, 0.
    whole = np.array([[63, -47, 0], [31, 63, 0], [-10, 16, 0]])
    wanted = np.array([[127, 0, 10], [0, 0, 0], [0, 127, 0]]) @ whole * [[1], [0], [2]] * [1, 4 / 63, 1]
    assert np.allclose(product(tmp_path / "int8.onnx", x), wanted, rtol=1e-6)
    assert np.array_equal(product(tmp_path / "int8.onnx", x)[:1], product(tmp_path / "int8.onnx", x[:1]))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full.onnx", "int8.onnx"]


def test_what_is_multiplied_twice_is_rounded_once_and_no_weight_is_kept_in_full(tmp_path: Path) -> None:
    import onnx
    from onnx import numpy_helper

    weights = np.linspace(-1, 1, 6, dtype=np.float32).reshape(3, 2)
    quantize(write_product(tmp_path / "full.onnx", weights, times=2), tmp_path / "int8.onnx")
    graph = onnx.load(tmp_path / "int8.onnx").graph
    kinds = [node.op_type for node in graph.node]
    assert (kinds.count("Round"), kinds.count("MatMulInteger"), kinds.count("MatMul")) == (1, 2, 0)
    kept = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    assert "w" not in kept
    most = max(int(np.abs(values).max()) for values in kept.values() if values.dtype == np.int8)
    assert 2 * 255 * most <= np.iinfo(np.int16).max, "a processor without VNNI adds two products in sixteen bits"


def test_a_graph_that_cannot_be_brought_to_eight_bits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="another version"):
        quantize(write_product(tmp_path / "new.onnx", np.ones((2, 2), np.float32), opset=18), tmp_path / "int8.onnx")
    with pytest.raises(ValueError, match="nothing"):
        quantize(write_product(tmp_path / "odd.onnx", np.ones((1, 2, 2), np.float32)[0], times=0), tmp_path / "x.onnx")


def test_a_fingerprint_tells_the_precision() -> None:
    assert (marked("abc", FP32), marked("abc", INT8)) == ("abc", "abc-int8")
    assert [precision_of(marked("abc", precision)) for precision in (FP32, INT8)] == [FP32, INT8]
    assert unmarked("abc-int8") == unmarked("abc") == "abc"


def test_the_numbers_of_a_model_count_for_it_in_eight_bits() -> None:
    shipped = shipped_scoring()
    fingerprint = marked(shipped.encoder.fingerprint, INT8)
    assert scoring_for(fingerprint) == (shipped, True)
    assert describe_scoring(shipped, "m", fingerprint).code == "scoring-fitted"
    assert not scoring_for("another-int8")[1]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of seeded weights with its export in full precision."""
    folder = write_model(tmp_path_factory.mktemp("int8") / "model")
    SentenceEncoder("m", folder, 1).encode_question("noon")
    return folder


@pytest.fixture
def folder(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, from which no torch is needed."""
    import shutil

    monkeypatch.setattr("rag.models.torch_engine.load_model", lambda *_: pytest.fail("torch is used"))
    return shutil.copytree(model, tmp_path / "model")


def opened(folder: Path, precision: str, name: str = "int8", **more: Any) -> Any:
    settings = Settings(
        embedding_model=str(folder), embedding_precision=precision, home=folder.parent / "home", llm="none", threads=1
    )
    return open_index(name, settings=settings, **more)


def test_eight_bits_are_near_and_do_not_depend_on_what_is_computed_together(folder: Path) -> None:
    full, eight = SentenceEncoder("m", folder, 1), SentenceEncoder("m", folder, 1, precision=INT8)
    together = eight.encode_passages(TEXTS)
    assert isinstance(engine_of(eight), OnnxEngine)
    assert np.allclose(together, np.concatenate([eight.encode_passages([text]) for text in TEXTS]), atol=1e-6)
    cosines = (together * full.encode_passages(TEXTS)).sum(axis=1)
    assert np.all(cosines >= 0.98)
    assert cosines.min() < 0.999999, "it is computed in full precision"
    assert eight.fingerprint == f"{full.fingerprint}-int8"
    for one in eight.encode_tokens(TEXTS):
        assert len(one.spans) == len(one.tokens)


def test_the_export_in_eight_bits_is_made_once_and_again_where_it_is_damaged(folder: Path) -> None:
    vectors = SentenceEncoder("m", folder, 1, precision=INT8).encode_passages(TEXTS)
    exported = folder / EIGHT_BITS / MODEL_FILE
    made = exported.stat().st_mtime_ns
    assert SentenceEncoder("m", folder, 1, precision=INT8).prepare() == exported.parent
    assert exported.stat().st_mtime_ns == made
    assert sorted(path.name for path in exported.parent.iterdir()) == ["model.onnx", "record.json"]
    exported.write_bytes(b"no model")
    again = SentenceEncoder("m", folder, 1, precision=INT8)
    assert np.array_equal(again.encode_passages(TEXTS), vectors)


def test_two_processes_may_make_it_at_once(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rag.models.encoder import SentenceEncoder; "
        f"print(SentenceEncoder('m', Path({str(folder)!r}), 1, precision='int8').encode_question('noon').sum())"
    )
    ran = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate() for process in ran]
    assert said[0] == said[1]
    assert said[0][1] == "", "something was logged"
    assert sorted(path.name for path in (folder / EIGHT_BITS).iterdir()) == ["model.onnx", "record.json"]


def test_an_index_keeps_the_precision_that_it_was_made_with(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(folder, INT8, create=True) as made:
        fingerprint = made.catalog.get("embedding_fingerprint")
        vector = made.encoder.encode_question("noon")
    assert precision_of(fingerprint) == INT8
    with opened(folder, FP32, "full", create=True) as full:
        assert precision_of(full.encoder.fingerprint) == FP32
    caplog.clear()
    for create in (False, True):
        with opened(folder, FP32, create=create) as again:
            assert again.encoder.fingerprint == fingerprint
            assert np.array_equal(again.encoder.encode_question("noon"), vector)
        with opened(folder, INT8, "full", create=create) as full:
            assert full.encoder.fingerprint == unmarked(fingerprint)
    assert not [record for record in caplog.records if record.levelname != "INFO" and record.levelname != "DEBUG"]


def test_a_model_that_loses_too_much_keeps_full_precision(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(onnx_export._LEAST_COSINE, INT8, 1.1)
    settings = Settings(embedding_precision=INT8, threads=1)
    encoder = open_sentence_encoder(str(folder), settings)
    assert precision_of(encoder.fingerprint) == FP32
    assert encoder.encode_question("noon").shape == (24,)
    assert sorted(path.name for path in (folder / EIGHT_BITS).iterdir()) == ["record.json"]
    monkeypatch.setattr(onnx_export, "quantize", lambda *_: pytest.fail("it is tried again"))
    assert precision_of(open_sentence_encoder(str(folder), settings).fingerprint) == FP32


def test_an_index_of_eight_bits_is_not_asked_in_full_precision(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.errors import IndexUnusable

    opened(folder, INT8, create=True).close()
    onnx_export.discard_export(folder, INT8)
    monkeypatch.setitem(onnx_export._LEAST_COSINE, INT8, 1.1)
    with pytest.raises(IndexUnusable) as refused:
        opened(folder, FP32)
    assert refused.value.notice.code == "index-of-eight-bits"


def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(_: Path, target: Path) -> None:
        target.write_bytes(b"half a model")
        raise OSError("no space left on device")

    monkeypatch.setattr(onnx_export, "quantize", fill)
    assert SentenceEncoder("m", folder, 1, precision=INT8).prepare() is None
    assert list((folder / EIGHT_BITS).iterdir()) == []
    monkeypatch.undo()
    assert SentenceEncoder("m", folder, 1, precision=INT8).prepare() is not None, "it was not tried again"


@pytest.mark.model
def test_the_default_model_is_near_in_eight_bits() -> None:
    texts = ["How long is the bridge?", "The ferry carries 28 cars. " * 40, "The fee is 40 EUR.", "Net sales: 14,514"]
    eight = SentenceEncoder("m", DEFAULT, 1, precision=INT8)
    together = eight.encode_passages(texts)
    assert np.allclose(together, np.concatenate([eight.encode_passages([text]) for text in texts]), atol=1e-5)
    assert (together * SentenceEncoder("m", DEFAULT, 1).encode_passages(texts)).sum(axis=1).min() > 0.985
