"""Where models compute: a GPU that is there, one that is not, and one that fails; fakes stand in for the GPU."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import xllamacpp

from rag.errors import UsageError
from rag.models.cross_encoder import LoadedCrossEncoder
from rag.models.device import TorchDevice, choose_torch_device, describe_devices, gpu_layers, llama_gpus
from rag.models.encoder import SentenceEncoder
from rag.models.llm.local import _start
from rag.models.torch_engine import BATCH_SIZE, GPU_BATCH_SIZE
from rag.parts import warn_once
from rag.settings import DATA_FOLDER, Settings
from tests.conftest import Command

GPU = {"name": "CUDA0", "description": "Some GPU", "type": SimpleNamespace(name="GGML_BACKEND_DEVICE_TYPE_GPU")}
PROCESSOR = {"name": "CPU", "description": "Some CPU", "type": SimpleNamespace(name="GGML_BACKEND_DEVICE_TYPE_CPU")}
FASTER_CPU = {"name": "BLAS", "description": "", "type": SimpleNamespace(name="GGML_BACKEND_DEVICE_TYPE_ACCEL")}


@pytest.fixture(autouse=True)
def fresh_warnings() -> Iterator[None]:
    warn_once.cache_clear()
    yield
    warn_once.cache_clear()


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr("rag.models.encoder.may_have_gpu", lambda wanted: wanted != "cpu")


@pytest.mark.parametrize(
    ("wanted", "cuda", "mps", "chosen"),
    [
        ("auto", False, False, "cpu"), ("auto", True, False, "cuda"), ("auto", False, True, "mps"),
        ("auto", True, True, "cuda"), ("cpu", True, True, "cpu"), ("mps", True, True, "mps"),
        ("cuda", False, True, "cpu"), ("mps", True, False, "cpu"),
    ],
)  # fmt: skip
def test_the_device_that_is_chosen(
    wanted: str, cuda: bool, mps: bool, chosen: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    with caplog.at_level(logging.WARNING):
        assert [choose_torch_device(wanted) for _ in range(2)] == [chosen, chosen]
    absent = wanted not in ("auto", chosen)
    assert len(caplog.messages) == absent
    assert all(message.startswith(f"torch finds no GPU of the kind {wanted} here") for message in caplog.messages)


def test_a_wrong_device_is_a_wrong_setting() -> None:
    with pytest.raises(UsageError, match="RAG_DEVICE"):
        Settings(device="tpu")


def test_a_model_too_large_for_the_gpu_is_loaded_on_the_cpu(cuda: None, caplog: pytest.LogCaptureFixture) -> None:
    asked: list[str] = []

    def load(device: str) -> str:
        asked.append(device)
        if device != "cpu":
            raise torch.cuda.OutOfMemoryError("hf_secret")
        return "model"

    device = TorchDevice("auto")
    assert device.load(load) == "model"
    assert (asked, device.name) == (["cuda", "cpu"], "cpu")
    (sentence,) = caplog.messages
    assert sentence == (
        "The GPU (cuda) failed or is too small (OutOfMemoryError), so the model computes on the CPU: set "
        "RAG_DEVICE=cpu to leave the GPU alone."
    )


def test_a_damaged_model_is_not_blamed_on_the_gpu(cuda: None, caplog: pytest.LogCaptureFixture) -> None:
    def load(_: str) -> None:
        raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        TorchDevice("auto").load(load)
    assert not caplog.messages


class FakeEncoder:
    """Stands in for a SentenceTransformer; it fails on the GPU where it is told to."""

    def __init__(self, device: str, fails: bool) -> None:
        self.device, self.fails = device, fails
        self.batches: list[int] = []
        self.prompts: dict[str, str] = {}

    def to(self, device: str) -> None:
        self.device = device

    def encode(self, texts: list[str], batch_size: int, **_: object) -> np.ndarray[Any, Any]:
        self.batches.append(batch_size)
        if self.fails and self.device != "cpu":
            raise RuntimeError("CUDA error: device-side assert triggered")
        return np.tile(np.array([1, 0], np.float32), (len(texts), 1))


@pytest.mark.parametrize("fails", [False, True])
def test_an_encoder_uses_the_gpu_and_goes_on_without_it(
    fails: bool, cuda: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from tokenizers import Tokenizer, models

    Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]")).save(str(tmp_path / "tokenizer.json"))
    loaded: list[FakeEncoder] = []

    def load(folder: Path, threads: int, device: str) -> FakeEncoder:
        loaded.append(FakeEncoder(device, fails))
        return loaded[0]

    monkeypatch.setattr("rag.models.torch_engine.load_model", load)
    on_gpu, on_cpu = (SentenceEncoder("m", tmp_path, 1, device=device) for device in ("auto", "cpu"))
    assert on_gpu.fingerprint == on_cpu.fingerprint, "an index would have to be made anew"
    assert on_gpu.encode_passages(["a", "b"]).shape == (2, 2)
    assert loaded[0].device == ("cpu" if fails else "cuda")
    assert loaded[0].batches == ([GPU_BATCH_SIZE, BATCH_SIZE] if fails else [GPU_BATCH_SIZE])
    assert len(caplog.messages) == fails
    on_gpu.encode_passages(["c"])
    assert len(caplog.messages) == fails


def test_a_cross_encoder_goes_on_on_the_cpu(cuda: None) -> None:
    class FakeCrossEncoder:
        tokenizer = config = None
        on = "cuda"

        def to(self, device: str) -> None:
            self.on = device

        def predict(self, pairs: list[tuple[str, str]]) -> list[float]:
            if self.on != "cpu":
                raise torch.cuda.OutOfMemoryError
            return [float(len(pairs))]

    device, model = TorchDevice("cuda"), FakeCrossEncoder()
    device.load(lambda _: model)
    assert LoadedCrossEncoder(model, device).predict([("a", "b")]) == [1.0]  # type: ignore[arg-type]
    assert model.on == "cpu"


# -- llama.cpp ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("devices", "wanted", "layers"),
    [([PROCESSOR, FASTER_CPU], "auto", 0), ([GPU, PROCESSOR], "auto", 999), ([GPU, PROCESSOR], "cpu", 0),
     ([GPU, PROCESSOR], "cuda", 999), ([PROCESSOR], "mps", 0)],
)  # fmt: skip
def test_layers_go_to_a_gpu_that_llama_cpp_can_use(
    devices: list[dict[str, Any]], wanted: str, layers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xllamacpp, "get_device_info", lambda: devices)
    assert gpu_layers(wanted) == layers


def test_a_driver_that_fails_is_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("no driver")

    monkeypatch.setattr(xllamacpp, "get_device_info", fail)
    assert llama_gpus() == ()


def test_this_build_of_llama_cpp_says_which_devices_it_has() -> None:
    assert isinstance(llama_gpus(), tuple)
    assert all({"name", "description", "type"} <= set(device) for device in xllamacpp.get_device_info())


@pytest.mark.parametrize("layers", [999, 0])
def test_a_language_model_that_a_gpu_cannot_hold_is_loaded_on_the_cpu(
    layers: int, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[int] = []

    class Engine:
        @staticmethod
        def Server(parameters: Any) -> str:
            asked.append(parameters.n_gpu_layers)
            if parameters.n_gpu_layers or not layers:
                raise RuntimeError("unable to allocate a buffer")
            return "server"

    if layers:
        assert _start(Engine, SimpleNamespace(n_gpu_layers=layers)) == "server"
        assert asked == [999, 0]
        assert "The GPU (llama.cpp) failed or is too small (RuntimeError)" in caplog.messages[0]
    else:
        with pytest.raises(RuntimeError):
            _start(Engine, SimpleNamespace(n_gpu_layers=0))
        assert asked == [0]


# -- what is said ------------------------------------------------------------------------------------------------------


def test_the_devices_are_described(cuda: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xllamacpp, "get_device_info", lambda: [GPU, PROCESSOR])
    assert str(describe_devices("auto")) == (
        "embedding models, rerankers and checkers compute on: cuda; language models on: Some GPU (RAG_DEVICE=auto)"
    )
    assert str(describe_devices("cpu")) == (
        "embedding models, rerankers and checkers compute on: cpu; language models on: cpu (RAG_DEVICE=cpu)"
    )
    assert "Sprachmodelle auf: Some GPU" in describe_devices("auto").text("de")


def test_the_doctor_says_where_models_compute(rag: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_DEVICE", "cpu")
    findings = json.loads(rag("doctor", "--json").out)["findings"]
    assert [finding["ok"] for finding in findings if "RAG_DEVICE=cpu" in finding["text"]] == [True]


@pytest.mark.model
def test_the_default_model_gives_the_same_vectors_wherever_it_is_told_to_compute() -> None:
    """Without a GPU here, both are of the CPU; the setting itself changes nothing."""
    folder = DATA_FOLDER / "models" / "all-minilm-l6-v2"
    one, other = (SentenceEncoder("m", folder, 1, device=device) for device in ("auto", "cpu"))
    assert one.fingerprint == other.fingerprint
    assert np.allclose(one.encode_question("How long is the bridge?"), other.encode_question("How long is the bridge?"))
