"""The command line: exit codes, one-line errors, JSON, exact slices: `rag.cli`."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from rag.errors import LLMError, ModelError
from rag.store.index import Index
from tests.conftest import LIBRARY, ROOT, Command, write_files
from tests.fakes import ScriptedModel

COMMANDS = ["ingest", "ask", "retrieve", "show", "sources", "remove", "status", "doctor", "convert", "chat", "models"]


def run(*arguments: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rag", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        **more,  # type: ignore[call-overload]
    )


def test_help_names_every_command() -> None:
    ran = run("--help")
    assert ran.returncode == 0
    assert all(f" {command} " in ran.stdout for command in COMMANDS)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['rag', '--help']\ntry:\n import rag.__main__ as m; m.main()\nexcept SystemExit: pass\n"
    )
    heavy = "{'torch', 'chromadb', 'llama_index', 'sentence_transformers', 'gradio', 'numpy', 'pydantic', 'jinja2'}"
    ran = subprocess.run(
        [sys.executable, "-c", code + f"print('loaded', sorted({heavy} & sys.modules.keys()))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip().endswith("loaded []"), ran.stdout + ran.stderr


@pytest.mark.parametrize("command", [*COMMANDS, "models list", "models pull"])
def test_every_command_has_help(rag: Command, command: str) -> None:
    ran = rag(*command.split(), "--help")
    assert ran.code == 0
    assert "Usage" in ran.out
    assert ran.err == ""


def test_version(rag: Command) -> None:
    import rag as package

    assert rag("--version").out.strip() == f"footnote {package.__version__}"


# -- mistakes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frobnicate"], "frobnicate"),
        (["ask"], "QUESTION"),
        (["ask", ""], "question is empty"),
        (["ask", " \n"], "question is empty"),
        (["retrieve", ""], "question is empty"),
        (["ask", "x", "--index", "nosuch"], "rag ingest PATH"),
        (["ask", "x", "--index", "../other"], "'../other'"),
        (["ask", "x", "--llm", "nonsense:spec"], "nonsense:spec"),
        (["chat", "--llm", "nonsense:spec"], "nonsense:spec"),
        (["chat", "--llm", "local:nowhere.gguf"], "nowhere.gguf"),
        (["ask", "x", "--llm", "openai-like:"], "openai-like:URL#NAME"),
        (["ask", "x", "--llm", "/no/such.gguf"], "/no/such.gguf"),
        (["ask", "x", "--history", "/no/such.json"], "/no/such.json"),
        (["ask", "x", "--source", "*.nothing"], "*.nothing"),
        (["retrieve", "x", "-k", "0"], "-k"),
        (["retrieve", "x", "-k", "many"], "-k"),
        (["show", "nothing.txt"], "nothing.txt"),
        (["show", "bridge.md", "--span", "5"], "START:END"),
        (["show", "bridge.md", "--span", "9:5"], "START:END"),
        (["show", "bridge.md", "--span", "0:99999"], "START:END"),
        (["show", "bridge.md", "--span=-5:2"], "START:END"),
        (["show", "bridge.md", "--span", "a:b"], "START:END"),
        (["remove", "nothing.txt"], "nothing.txt"),
        (["ingest"], "PATH"),
        (["ingest", "/no/such/folder"], "/no/such/folder"),
        (["ask", "x", "--nonsense"], "--nonsense"),
        (["models", "pull", "nothing"], "nothing"),
        (["models", "frobnicate"], "frobnicate"),
        (["chat", "--host", "0.0.0.0"], "--insecure"),
        (["chat", "--port", "0"], "port"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(rag: Command, index: Index, arguments: list[str], words: str) -> None:
    ran = rag(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("rag: ")
    assert len(ran.err.splitlines()) == 1
    assert words in ran.err
    assert len(ran.err) < 500


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[1]",
        '["a"]',
        '{"turns": []}',
        '[{"role": "user"}]',
        '[{"role": "robot", "content": "x"}]',
        "5",
        '[{"role": "user", "content": 5}]',
    ],
)
def test_a_bad_history_is_one_line(rag: Command, index: Index, tmp_path: Path, content: str) -> None:
    path = tmp_path / "history.json"
    path.write_text(content)
    ran = rag("ask", "x", "--history", path)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "history.json" in ran.err


@pytest.mark.parametrize(("name", "value"), [("RAG_THREADS", "none"), ("RAG_TOP_K", "0"), ("RAG_LLM_TRUST", "maybe")])
def test_a_bad_setting_is_named(rag: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    ran = rag("sources")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert name in ran.err


def test_a_home_that_cannot_be_made(rag: Command, library: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = rag("ingest", library, "--home", tmp_path / "file/home")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "--home" in ran.err


@pytest.mark.parametrize("arguments", [[], ["models"]])
def test_nothing_to_do_shows_the_help(rag: Command, arguments: list[str]) -> None:
    ran = rag(*arguments)
    assert ran.code in (0, 2)
    assert len((ran.out + ran.err).splitlines()) > 5, "the help was squeezed into one line"


# -- results -----------------------------------------------------------------------------------------------------------


def test_ingest_reports_each_file(rag: Command, library: Path) -> None:
    (library / "empty.txt").touch()
    first = rag("ingest", library, "--json")
    report = json.loads(first.out)
    assert first.code == 0
    assert first.out.count("\n") == 1
    assert first.err == ""
    keys = {"index", "seconds", "added", "updated", "unchanged", "removed", "skipped", "failed", "chunks", "files"}
    assert report.keys() == keys
    assert (report["added"], report["skipped"], report["chunks"]) == (
        len(LIBRARY),
        1,
        sum(f["chunks"] for f in report["files"]),
    )
    assert all(file.keys() == {"source", "status", "reason", "chunks", "warnings"} for file in report["files"])
    assert rag("ingest", library).out.splitlines()[-1].startswith(f"{len(LIBRARY)} unchanged, 1 skipped in ")


def test_ask_prints_an_answer_and_its_sources(rag: Command, index: Index) -> None:
    ran = rag("ask", "How many cars does the ferry carry?")
    assert "The ferry carries 28 cars.” [1]" in ran.out
    assert "[1] sea/ferry.txt (0:78)" in ran.out
    assert ran.code == 0
    assert ran.err == ""


def test_ask_json_is_one_object(rag: Command, index: Index) -> None:
    ran = rag("ask", "How many cars does the ferry carry?", "--json")
    assert (ran.code, ran.out.count("\n"), ran.err) == (0, 1, "")
    assert json.loads(ran.out)["question"] == "How many cars does the ferry carry?"


def test_ask_reads_questions_from_standard_input_in_order(rag: Command, index: Index) -> None:
    questions = ["storm?", "Which ferry?", "toll 桥?", "last without a newline"]
    ran = rag("ask", "-", "--json", stdin="storm?\n\n  \nWhich ferry?\r\ntoll 桥?\nlast without a newline")
    assert [json.loads(line)["question"] for line in ran.out.splitlines()] == questions
    ran = rag("retrieve", "-", "--json", "-k", 1, stdin="storm\nferry\n")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [item["question"] for item in answers] == ["storm", "ferry"]
    assert [item["passages"][0]["source"] for item in answers] == ["weather.txt", "sea/ferry.txt"]


def test_no_question_on_standard_input_is_nothing(rag: Command, index: Index) -> None:
    assert rag("ask", "-", "--json").out == ""


def test_a_history_is_followed(rag: Command, index: Index, tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    path.write_text(json.dumps([{"role": "user", "content": "Who is the keeper?"}]))
    assert (
        "keeper"
        in json.loads(rag("ask", "When does she sleep?", "--json", "--history", path).out)["standalone_question"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "The keeper 👩‍🚀 is Maren Öst.\r\nShe said: e\u0301!\r\n",
        "桥关闭了。\n",
        "a\u2028b\x0cc\x85d\n",
        "no newline at the end",
        "\ufeffwith a mark",
    ],
)
def test_show_prints_exactly_what_is_cited(rag: Command, library: Path, text: str) -> None:
    (library / "exact.txt").write_bytes(text.encode())
    rag("ingest", library)
    canonical = text.removeprefix("\ufeff").replace("\r\n", "\n")
    assert rag("show", "exact.txt").out == canonical
    for start in range(0, len(canonical) - 2, 5):
        assert rag("show", "exact.txt", "--span", f"{start}:{start + 3}").out == canonical[start : start + 3]
    retrieved = json.loads(rag("retrieve", canonical, "--json", "--source", "exact.txt").out)
    for passage in retrieved["passages"]:
        assert rag("show", "exact.txt", "--span", f"{passage['start']}:{passage['end']}").out == passage["text"]


def test_sources_status_and_remove(rag: Command, index: Index) -> None:
    rows = json.loads(rag("sources", "--json").out)["sources"]
    assert [row["source"] for row in rows] == sorted(LIBRARY)
    assert all(row["characters"] == len(LIBRARY[row["source"]]) for row in rows)
    assert set(rows[0]) == {"source", "source_id", "title", "pages", "chunks", "characters", "date", "warnings"}
    assert json.loads(rag("status", "--json").out)["sources"] == len(LIBRARY)
    assert json.loads(rag("remove", "weather.txt", "bridge.md", "--json").out) == {
        "removed": ["weather.txt", "bridge.md"]
    }
    assert len(json.loads(rag("sources", "--json").out)["sources"]) == len(LIBRARY) - 2
    assert rag("sources").out.splitlines()[0].startswith("sea/ferry.txt  (1 chunks, ")


def test_a_source_is_named_however_its_letters_are_composed(rag: Command, library: Path) -> None:
    stored = unicodedata.normalize("NFD", "Übersicht.md")
    write_files(library, {stored: "The toll is 9 crowns."})
    rag("ingest", library)
    assert json.loads(rag("ingest", library, "--json").out)["added"] == 0
    assert rag("show", "Übersicht.md").out == "The toll is 9 crowns."
    for pattern in ("Übersicht.md", "Ü*", unicodedata.normalize("NFD", "Ü*")):
        passages = json.loads(rag("retrieve", "toll", "--json", "--source", pattern).out)["passages"]
        assert {passage["source"] for passage in passages} == {stored}
    assert json.loads(rag("remove", "Übersicht.md", "--json").out) == {"removed": [stored]}


def test_two_indexes_do_not_mix(rag: Command, library: Path) -> None:
    rag("ingest", library / "sea", "--index", "sea")
    rag("ingest", library / "bridge.md", "--index", "land")
    assert "ferry.txt" in rag("retrieve", "ferry", "--index", "sea").out
    assert "ferry.txt" not in rag("retrieve", "ferry", "--index", "land").out


def test_a_file_with_a_strange_name_is_one_line(rag: Command, library: Path) -> None:
    write_files(library, {"new\nline \x1b[31m.txt": "The toll.", "-dash.txt": "A toll.", 'sp ace\'s "q".txt': "Toll."})
    ran = rag("ingest", library)
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert len(ran.out.splitlines()) == len(LIBRARY) + 3 + 1
    assert rag("show", "new\nline \x1b[31m.txt").out == "The toll."
    assert rag("remove", "--", "-dash.txt").code == 0


@pytest.mark.localhost
def test_a_model_that_cannot_be_reached_is_exit_code_1(rag: Command, index: Index) -> None:
    """Nobody listens on port 9 of this machine."""
    pytest.importorskip("llama_index.llms.openai_like")
    ran = rag("ask", "How many cars does the ferry carry?", "--llm", "openai-like:http://127.0.0.1:9/v1#nothing")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "127.0.0.1:9" in ran.err


def test_a_model_that_fails_leaves_the_quotes_and_exit_code_1(
    rag: Command, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.assistant.open_llm", lambda *_: ScriptedModel([LLMError("The key is wrong.")]))
    ran = rag("ask", "How many cars does the ferry carry?")
    assert ran.code == 1
    assert "The ferry carries 28 cars.” [1]" in ran.out
    assert "Note: The key is wrong." in ran.out


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--llm", "local"], 1)], ids=["default", "asked-for"])
def test_weights_that_cannot_be_had_are_no_reason_to_stop(
    rag: Command, index: Index, monkeypatch: pytest.MonkeyPatch, options: list[str], code: int
) -> None:
    """Quotes are not what was asked for only where a model was asked for."""

    def absent(spec: str, *_: object) -> None:
        if spec != "none":
            raise ModelError("The model cannot be fetched.")

    monkeypatch.delenv("RAG_LLM")
    monkeypatch.setattr("rag.assistant.open_llm", absent)
    ran = rag("ask", "How many cars does the ferry carry?", *options)
    assert ran.code == code
    assert "The ferry carries 28 cars.” [1]" in ran.out
    assert "cannot be fetched" in ran.err


def test_output_that_nobody_reads_is_no_error(home: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m rag models list | true; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr
