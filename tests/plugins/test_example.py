"""A package with a part of each kind, installed as a user installs one: `tests/plugins/footnote_example`.

It is installed into an environment of its own, beside this project and its libraries, and used by the command line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, write_files

EXAMPLE = Path(__file__).parent / "footnote_example"

FERRY, BRIDGE, HARBOUR = (
    "The ferry carries 28 cars to Skarholm.",
    "The bridge is 412 metres long.",
    "The harbour of Skarholm was built in 1874.",
)
LIBRARY = {
    "sea.cards": f"%CARDS\n# Ferry\n{FERRY}\n# Bridge\n{BRIDGE}\n",
    "no suffix": f"%CARDS\n# Harbour\n{HARBOUR}\n",
    "damaged.cards": "# Ferry\nThe ferry carries goats.\n",
    "toll.md": "# Toll\n\nThe toll is 3 crowns for each horse.\n",
    "weather.txt": "The storm of 1952 broke two windows.\n",
}
SUITE = """
schema_version: 1
suite: sea
corpus: {path: library}
gate:
  short: {min: 0.9}
cases:
  - {id: ferry, question: "How many cars does the ferry carry to Skarholm?", answers: ["28 cars"]}
  - {id: bridge, question: "How many metres long is the bridge?", answers: ["412 metres"]}
  - {id: toll, question: "How many crowns is the toll for each horse?", answers: ["3 crowns"]}
"""


BROKEN_ON_PURPOSE = ("broken_metric.py", "broken_reader.py")


def test_the_handbook_shows_the_files_of_the_package() -> None:
    page = (ROOT / "docs/extend.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```(?:python|toml)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    paths = [EXAMPLE / "pyproject.toml", *(EXAMPLE / "footnote_example").glob("*.py")]
    whole = [path for path in paths if path.name not in (*BROKEN_ON_PURPOSE, "__init__.py")]
    assert sorted(shown) == sorted(path.read_text(encoding="utf-8") for path in whole)


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


Command = Callable[..., Ran]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment in which the example package is installed."""
    pytest.importorskip("hatchling")
    pytest.importorskip("pip")
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    variables = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", variables))
    libraries = sysconfig.get_path("purelib")
    (packages / "project.pth").write_text(f"{ROOT}\nimport site; site.addsitedir({libraries!r})\n")
    # Copied, since building may leave files beside the source.
    source = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("source") / "footnote_example")
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", str(packages)]
    install = [sys.executable, "-m", "pip", "install", *options, str(source)]
    ran = subprocess.run(
        install, capture_output=True, text=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return Path(sysconfig.get_path("scripts", "venv", variables)) / Path(sys.executable).name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the library and the suite, in which the commands are run."""
    folder = tmp_path_factory.mktemp("sea")
    write_files(folder / "library", LIBRARY)
    write_files(folder, {"suite.yaml": SUITE})
    return folder


@pytest.fixture(scope="module")
def rag(python: Path, folder: Path) -> Command:
    """The command ``rag`` with the example's embedding model and vector store; settings are keyword arguments."""
    return command(python, folder)


def command(python: Path, folder: Path) -> Command:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "PYTHON"))}

    def run(*arguments: str | Path, stdin: str = "", **changed: str) -> Ran:
        settings = {"HOME": "home", "EMBEDDING_MODEL": "hashing:64", "VECTOR_STORE": "file", "LLM": "none"}
        ran = subprocess.run(
            [python, "-m", "rag", *map(str, arguments)],
            cwd=folder,
            env=plain | {"HOME": str(folder)} | {f"RAG_{name}": value for name, value in (settings | changed).items()},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    return run


@pytest.fixture(scope="module")
def ingested(rag: Command) -> dict[str, tuple[str, str]]:
    """What became of each file when the library was ingested, and why."""
    report = rag("ingest", "library", "--json").json
    return {file["source"]: (file["status"], file["reason"]) for file in report["files"]}


def test_a_format_is_read_by_suffix_and_by_content_beside_ordinary_files(
    rag: Command, ingested: dict[str, tuple[str, str]]
) -> None:
    damaged = ingested.pop("damaged.cards")
    assert ingested == dict.fromkeys(("no suffix", "sea.cards", "toll.md", "weather.txt"), ("added", ""))
    assert damaged == ("failed", "not a file of cards: its first line is not %CARDS; export it again")
    assert rag("show", "sea.cards").out == f"Ferry\n\n{FERRY}\n\nBridge\n\n{BRIDGE}"
    assert rag("show", "no suffix").out == f"Harbour\n\n{HARBOUR}"


def test_an_index_rests_on_the_encoder_and_the_store(rag: Command, ingested: object, folder: Path) -> None:
    status = rag("status", "--json").json
    assert status["embedding_model"] == "hashing:64"
    assert status["vectors"] == str(Path("home/default/file/vectors.npz"))
    assert (folder / status["vectors"]).is_file()
    assert not (folder / "home/default/chroma").exists()


def test_a_language_model_answers(rag: Command, ingested: object) -> None:
    expected = {
        "How many cars does the ferry carry to Skarholm?": ("sea.cards", FERRY),
        "When was the harbour of Skarholm built?": ("no suffix", HARBOUR),
        "How many windows did the storm of 1952 break?": ("weather.txt", "The storm of 1952 broke two windows."),
    }
    asked = rag("ask", "-", "--llm", "parrot:strong", "--json", stdin="\n".join(expected))
    assert asked.code == 0, asked.err
    for line, (source, quote) in zip(asked.out.splitlines(), expected.values(), strict=True):
        answer = json.loads(line)
        assert answer["answer"] == f"{quote.rstrip('.')}! [1]"
        assert [sentence["verdict"] for sentence in answer["sentences"]] == ["verified"]
        (citation,) = answer["citations"]
        assert (citation["source"], citation["quote"]) == (source, quote)
        assert rag("show", source, "--span", f"{citation['start']}:{citation['end']}").out == quote


def test_a_weak_language_model_is_not_trusted(rag: Command, ingested: object) -> None:
    answer = rag("ask", "How many metres long is the bridge?", "--llm", "parrot:weak", "--json").json
    assert answer["citations"][0]["quote"] == BRIDGE
    assert answer["answer"] == f"“{BRIDGE}” [1]", "it said nothing that is shorter than the quote"


@pytest.mark.parametrize(
    ("checker", "sentence", "verdict"),
    [
        ("rules", "So the ferry carries 28 cars to Skarholm.", "verified"),
        ("exact", "So the ferry carries 28 cars to Skarholm.", "unsupported"),
        ("exact:words", "The ferry carries 28 cars to Skarholm!", "verified"),
    ],
)
def test_a_checker_judges_the_sentences(rag: Command, folder: Path, checker: str, sentence: str, verdict: str) -> None:
    (folder / "text.txt").write_text(sentence, encoding="utf-8")
    (folder / "source.txt").write_text("The ferry carries 28 cars to Skarholm.", encoding="utf-8")
    checked = rag("verify", "--text", "text.txt", "--source", "source.txt", "--json", CHECKER=checker).json
    (found,) = checked["sentences"]
    assert found["verdict"] == verdict
    assert ("No source says this word for word." in json.dumps(found)) == (verdict == "unsupported")


def test_a_metric_is_measured_reported_and_gated(rag: Command, folder: Path) -> None:
    ran = rag("eval", "suite.yaml", "--llm", "parrot:strong", "--gate", "--json", "results.json")
    assert ran.code == 0, ran.out + ran.err
    assert "PASS" in ran.out
    figures = json.loads((folder / "results.json").read_text(encoding="utf-8"))["figures"]
    # The parrot says the first sentence of the best passage: 8, 8 and 9 words, a mark counted as one.
    assert figures["answer_words"]["mean"] == pytest.approx(25 / 3)
    assert figures["short"]["mean"] == 1
    assert "short                1.000" in ran.out
    assert "short: answers of at most 40 words (higher is better)" in ran.out


def test_doctor_names_every_part_and_says_which_are_broken(rag: Command, ingested: object) -> None:
    ran = rag("doctor")
    assert ran.code == 1
    lines = ran.out.splitlines()
    for part in (
        "reader 'cards'",
        "model service 'parrot'",
        "encoder 'hashing'",
        "vector store 'file'",
        "checker 'exact'",
        "metric 'length'",
    ):
        assert f"ok     {part} from footnote-example 1.0" in lines
    end = "; update that package, or remove it with: pip uninstall footnote-example"
    wrong = [line for line in lines if not line.startswith("ok ")]
    assert wrong == [
        f"WRONG  The reader 'hologram' of footnote-example 1.0 cannot be used (ModuleNotFoundError){end}",
        f"WRONG  The metric 'mood' of footnote-example 1.0 cannot be used (it has no measure){end}",
    ]
    assert "ok     4 chunks, 4 vectors" in lines, "the rest is checked as ever"
    told = [line for line in lines if "footnote-example" in line]
    assert "\n".join(told) in (ROOT / "docs/extend.md").read_text(encoding="utf-8")


def test_lost_vectors_are_found_and_mended(rag: Command, ingested: object, folder: Path) -> None:
    vectors = folder / "home/default/file/vectors.npz"
    vectors.write_bytes(b"garbage")
    asked = rag("ask", "How long is the bridge?")
    assert asked.code == 2
    assert len(asked.err.splitlines()) == 1
    assert "The vector store 'file' cannot be used" in asked.err
    assert "rag doctor --fix" in asked.err
    assert "mended 4 chunks without a vector, 0 vectors without a chunk" in rag("doctor", "--fix").out
    assert "ok     4 chunks, 4 vectors" in rag("doctor").out


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        (
            ["ask", "x"],
            {"VECTOR_STORE": "spam"},
            "and there is no such vector store; there are: chroma, file.",
        ),
        (["ask", "x"], {"VECTOR_STORE": "chroma"}, "keeps its vectors in the store 'file': set RAG_VECTOR_STORE=file"),
        (["ask", "x"], {"EMBEDDING_MODEL": "hashing:many"}, "write hashing:64"),
        (["ask", "x"], {"EMBEDDING_MODEL": "hashing:32"}, "was made with the embedding model 'hashing:64'"),
        (["ask", "x", "--llm", "parrot:loud"], {}, "write parrot:strong or parrot:weak"),
        (["ask", "x", "--llm", "spam:1"], {}, "openai-like:URL#NAME, or parrot:NAME"),
        (
            ["ask", "How long is the bridge?", "--llm", "parrot:strong"],
            {"CHECKER": "exact:letters"},
            "write exact, or exact:words",
        ),
    ],
)
def test_a_wrong_name_is_one_sentence(
    rag: Command, ingested: object, arguments: list[str], settings: dict[str, str], sentence: str
) -> None:
    ran = rag(*arguments, **settings)
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert len(ran.err.splitlines()) == 1


def test_without_the_package_one_sentence_says_what_is_missing(ingested: object, folder: Path) -> None:
    ran = command(Path(sys.executable), folder)("ask", "How long is the bridge?")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "RAG_VECTOR_STORE is 'file', and there is no such vector store" in ran.err
