"""What each command imports, in a process of its own: a command that is quick stays so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.store.index import Index
from tests.conftest import LIBRARY, ROOT, write_files

LISTING_MODULES = """
import json, sys
path, sys.argv = sys.argv[1], ["rag", *sys.argv[2:]]
from rag.__main__ import main
try:
    main()
finally:
    with open(path, "w") as file:
        json.dump(sorted(sys.modules), file)
"""
# What takes longer to import than a command may take to answer.
HEAVY = {"torch", "transformers", "sentence_transformers", "gradio", "fastapi", "pandas", "scipy", "sklearn", "lxml"}
HEAVY |= {"chromadb", "llama_index", "opentelemetry", "grpc", "httpx", "rich", "openpyxl", "onnx", "huggingface_hub"}
# What must not be loaded to say what is wrong with a question.
ENGINES = {"chromadb_rust_bindings", "onnxruntime", "tokenizers", "numpy", "Stemmer"}

# The packages that a command may import, and the most modules of all kinds.
COMMAND_LINE = {"annotated_doc", "rag", "shellingham", "typer"}
SETTINGS = COMMAND_LINE | {
    "annotated_types",
    "dotenv",
    "platformdirs",
    "pydantic",
    "pydantic_core",
    "pydantic_settings",
}
SETTINGS |= {"typing_extensions", "typing_inspection", "yaml"}
LISTS = SETTINGS | {"Stemmer", "cython_runtime"}
QUESTIONS = LISTS | {
    "chromadb_rust_bindings",
    "numpy",
    "onnxruntime",
    "tokenizers",
    "py3langid",
    "pathspec",
    "filelock",
    "sentencex",
}


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its exit code, what it printed, and the modules that it imported."""

    code: int
    out: str
    err: str
    modules: frozenset[str]

    @property
    def packages(self) -> set[str]:
        """The packages outside the standard library, without those that only start Python."""
        known = {*sys.stdlib_module_names, "__main__", "__mp_main__"}
        first = {module.partition(".")[0] for module in self.modules} - known
        return {name for name in first if not name.startswith("_")}


def run(tmp_path: Path, *arguments: str | Path, home: Path | None = None, **environment: str) -> Ran:
    listed = tmp_path / "modules.json"
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE"))}
    if home:
        environment["RAG_HOME"] = str(home)
    ran = subprocess.run(
        [sys.executable, "-c", LISTING_MODULES, str(listed), *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=plain | environment,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr, frozenset(json.loads(listed.read_text())))


def check(ran: Ran, allowed: set[str], most: int) -> None:
    assert not ran.packages & HEAVY
    # What Python starts with differs from one environment to another: only what the command asks for counts.
    assert ran.packages <= allowed | _started(), sorted(ran.packages - allowed)
    assert len(ran.modules) <= most


def _started() -> set[str]:
    """Return the packages that an empty program has, such as those that an editable installation hooks in."""
    code = "import sys; print(*{module.partition('.')[0] for module in sys.modules})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split())


@pytest.fixture(scope="module")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an index that was made with the default embedding model."""
    folder = tmp_path_factory.mktemp("imports")
    write_files(folder / "library", LIBRARY)
    command = [sys.executable, "-m", "rag", "ingest", str(folder / "library"), "--home", str(folder / "home")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder / "home"


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["ask", "--help"]])
def test_help_and_version_import_the_command_line_alone(tmp_path: Path, arguments: Sequence[str]) -> None:
    ran = run(tmp_path, *arguments)
    assert ran.code == 0
    check(ran, COMMAND_LINE | SETTINGS if arguments[0] == "ask" else COMMAND_LINE, 400)


@pytest.mark.parametrize("command", ["sources", "status"])
def test_what_an_index_holds_is_told_without_a_model(tmp_path: Path, index: Index, command: str) -> None:
    ran = run(tmp_path, command, home=index.folder.parent)
    assert ran.code == 0, ran.err
    assert not ran.packages & {"numpy", "onnxruntime", "tokenizers", "chromadb_rust_bindings"}
    check(ran, LISTS, 500)


def test_keys_are_kept_without_a_model_or_a_server(tmp_path: Path) -> None:
    ran = run(tmp_path, "keys", "add", "bot", "--all-indexes", "--scope", "read", home=tmp_path / "home")
    assert ran.code == 0, ran.err
    check(ran, LISTS | {"filelock"}, 500)


@pytest.mark.model
def test_a_question_imports_only_what_answers_it(tmp_path: Path, real_home: Path) -> None:
    ran = run(tmp_path, "ask", "How long is the bridge?", "--llm", "none", home=real_home)
    assert ran.code == 0, ran.err
    assert "412 metres" in ran.out
    check(ran, QUESTIONS, 820)
    assert not [name for name in ran.modules if name.startswith(("rag.load.", "rag.ingestion.", "rag.evaluate."))]


@pytest.mark.model
def test_retrieval_imports_only_what_finds_passages(tmp_path: Path, real_home: Path) -> None:
    ran = run(tmp_path, "retrieve", "How long is the bridge?", home=real_home)
    assert ran.code == 0, ran.err
    assert "bridge.md" in ran.out
    check(ran, QUESTIONS, 700)
    assert not [name for name in ran.modules if name.startswith(("rag.load.", "rag.ingestion.", "rag.answering."))]


def test_a_check_imports_no_index_and_no_model(tmp_path: Path) -> None:
    text, source = tmp_path / "text.txt", tmp_path / "source.txt"
    text.write_text("The bridge is 512 metres long.")
    source.write_text("The bridge is 412 metres long.")
    ran = run(tmp_path, "verify", "--text", text, "--source", source)
    assert "1 contradicted" in ran.out
    assert not ran.packages & {"chromadb_rust_bindings", "onnxruntime", "tokenizers"}
    check(ran, QUESTIONS, 850)


@pytest.mark.parametrize(
    ("arguments", "setting", "words"),
    [
        (["ask", ""], "", "The question is empty"),
        (["retrieve", " "], "", "The question is empty"),
        (["ask", "Who?", "--llm", "nix"], "", "'nix' names no language model"),
        (["ask", "Who?", "--llm", "none", "--source", "nix*"], "", "No source of the index 'default' matches nix*"),
        (["retrieve", "Who?", "--source", "nix*"], "", "No source of the index 'default' matches nix*"),
        (["ask", "Who?", "--llm", "none", "--index", "nix"], "", "There is no index"),
        (["ask", "Who?", "--llm", "none"], "no/such/model", "no/such/model"),
    ],
)
def test_a_mistake_is_told_before_anything_heavy_is_loaded(
    tmp_path: Path, index: Index, arguments: Sequence[str], setting: str, words: str
) -> None:
    ran = run(tmp_path, *arguments, home=index.folder.parent, **({"RAG_EMBEDDING_MODEL": setting} if setting else {}))
    assert ran.code != 0
    assert words in ran.err
    # An embedding model is named by a setting and opened by what knows vectors.
    assert not ran.packages & (ENGINES - {"numpy", "Stemmer"} if setting or "--index" in arguments else ENGINES)
    assert "chromadb" not in ran.modules
