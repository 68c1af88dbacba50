"""A virtual environment for each peer, made for one run or kept in a folder.

Owns: which packages a peer needs, and making environments with them. Knows nothing about the work.

Torch is not fetched: each environment reads that of the environment that this runs in, so that all compute with the
same build, and none fetches gigabytes for GPUs. Everything else is what pip installs today by itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tests.benchmarks.peers.measure import Failed

SYSTEMS = Path(__file__).parent / "systems"
# Torch and what its builds for GPUs are made of.
_READ_FROM_HERE = ("torch", "triton", "nvidia-", "cuda-")
_LINKED, _DONE = "linked", "installed.json"


@dataclass(frozen=True)
class System:
    """A system that does the work.

    Attributes:
        name: Its heading in the table.
        script: What it does, a file of ``systems/``.
        requires: What pip installs for it; nothing for what is installed here.
        megabytes: About how much is fetched for it, torch aside.
        shown: The packages whose versions stand under the table.
    """

    name: str
    script: str
    requires: tuple[str, ...]
    megabytes: int
    shown: tuple[str, ...]


FOOTNOTE = System("Footnote", "footnote.py", (), 0, ("footnote-rag", "onnxruntime", "chromadb"))
PEERS = (
    System(
        "LlamaIndex",
        "llamaindex.py",
        ("llama-index", "llama-index-embeddings-huggingface", "llama-index-vector-stores-chroma"),
        200,
        ("llama-index-core", "sentence-transformers", "chromadb"),
    ),
    System(
        "plain script",
        "plain.py",
        ("sentence-transformers", "chromadb", "pypdf"),
        150,
        ("sentence-transformers", "chromadb", "pypdf"),
    ),
    System("txtai", "txtai.py", ("txtai", "pypdf"), 100, ("txtai", "transformers", "faiss-cpu")),
    System(
        "Haystack",
        "haystack.py",
        ("haystack-ai", "chroma-haystack", "sentence-transformers-haystack", "pypdf"),
        200,
        ("haystack-ai", "sentence-transformers", "chromadb"),
    ),
)


@dataclass(frozen=True)
class Environment:
    """An environment that is ready: its Python, and the versions of the packages that are shown."""

    python: Path
    versions: dict[str, str]


def here(system: System) -> Environment:
    """Return the environment that this runs in."""
    return Environment(Path(sys.executable), {name: metadata.version(name) for name in system.shown})


def make(system: System, folder: Path) -> Environment:
    """Make a peer's environment in a folder, or take the one that was made there for the same packages.

    Raises:
        Failed: A package cannot be installed.
    """
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted = {"requires": system.requires, "python": sys.version, "torch": metadata.version("torch")}
    done = folder / _DONE
    if not done.exists() or json.loads(done.read_text()) != json.loads(json.dumps(wanted)):
        venv.create(folder, with_pip=True, clear=True)
        _read_torch_from_here(folder)
        constraints = folder / "constraints.txt"
        constraints.write_text("".join(f"{part.name}=={part.version}\n" for part in _parts_of_torch()))
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--constraint", constraints]
        ran = subprocess.run([*pip, *system.requires], capture_output=True, text=True)
        if ran.returncode:
            raise Failed((ran.stderr.strip().splitlines() or ["pip failed"])[-1])
        done.write_text(json.dumps(wanted))
    told = "import json, sys; from importlib import metadata; "
    told += "print(json.dumps({name: metadata.version(name) for name in sys.argv[1:]}))"
    ran = subprocess.run([python, "-c", told, *system.shown], capture_output=True, text=True)
    if ran.returncode:
        raise Failed((ran.stderr.strip().splitlines() or ["its packages cannot be read"])[-1])
    return Environment(python, json.loads(ran.stdout))


def megabytes_on_disk(folder: Path) -> float:
    """Return how much an environment takes, what it reads from here aside."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 2**20


def _parts_of_torch() -> Iterator[metadata.Distribution]:
    for part in metadata.distributions():
        if part.name == "torch" or part.name.startswith(_READ_FROM_HERE[1:]):
            yield part


def _read_torch_from_here(folder: Path) -> None:
    """Let an environment read torch from this one. It lies beside its packages, so pip leaves it alone."""
    linked = folder / _LINKED
    linked.mkdir()
    for part in _parts_of_torch():
        for name in {file.parts[0] for file in part.files or () if file.parts[0] != ".."}:
            (linked / name).symlink_to(Path(str(part.locate_file(name))))
    paths = sysconfig.get_paths("venv", vars={"base": str(folder), "platbase": str(folder)})
    (Path(paths["purelib"]) / "linked.pth").write_text(f"{linked}\n")
