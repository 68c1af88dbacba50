"""`rag` at a terminal: what a person reads there, wrapped and coloured, and what a pipe gets instead."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from rag.cli.screen import cells
from rag.store.index import Index
from tests.cli.terminal import Shown, Terminal
from tests.conftest import Command, write_files

WIDTHS = [44, 80, 100, 200]
_HALF = re.compile(r"\x1b(?!\[\??[0-9;]*[A-Za-z])")


@pytest.fixture
def terminal(home: Path, rag: Command) -> Terminal:
    """A terminal whose commands work in the test's home, set up like those of the fixture ``rag``."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE"))}
    for name in ("COLUMNS", "LINES", "NO_COLOR", "BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    return Terminal(environment | {"TERM": "xterm-256color", "PYTHONPATH": os.environ.get("PYTHONPATH", "")})


def check(shown: Shown, columns: int) -> None:
    """Nothing is wider than the terminal but a word that is, no word is broken, no escape code is cut."""
    assert not _HALF.search(shown.raw)
    for line in shown.lines:
        assert cells(line) <= columns or max(map(cells, line.split())) > columns, line


# -- help and mistakes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_help_lists_what_most_users_need_first_and_cuts_nothing(terminal: Terminal, columns: int) -> None:
    shown = terminal.run("--help", columns=columns)
    check(shown, columns)
    names = [match.group(1) for line in shown.lines if (match := re.match(r"  ([a-z]+)  ", line))]
    assert names[:3] == ["ingest", "ask", "chat"]
    assert "..." not in shown.text.replace("[ARGS]...", "")
    assert "on questions whose answers are known, and keep it there." in shown.text
    assert "rag help ask" in shown.text


@pytest.mark.parametrize("group", ["eval", "models"])
def test_help_of_a_group_has_whole_sentences(terminal: Terminal, group: str) -> None:
    shown = terminal.run("help", group, columns=70)
    check(shown, 70)
    assert "..." not in shown.text.replace("[ARGS]...", "")


def test_help_on_a_command_is_its_own(rag: Command) -> None:
    assert rag("help", "eval", "run").out == rag("eval", "run", "--help").out
    assert rag("help").out == rag("--help").out
    assert "Usage: rag ask [OPTIONS] QUESTION..." in rag("help", "ask").out
    assert (rag("help", "nix").code, rag("help", "ask", "nix").code) == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "x", "--indx", "a"], "No such option: --indx. Did you mean --index? See: rag ask --help"),
        (["ask", "what", "does", "--rebuild", "do"], "put the question in quotes. See: rag ask --help"),
        (["eval", "run"], "Missing argument SUITE. See: rag eval run --help"),
        (["models", "pul"], "Did you mean 'pull'? See: rag models --help"),
        (["retrieve", "x", "-k", "0"], "See: rag retrieve --help"),
    ],
)
def test_a_mistake_names_the_help_of_its_command(rag: Command, arguments: list[str], words: str) -> None:
    ran = rag(*arguments)
    assert ran.code == 2
    assert words in ran.err


def test_an_index_that_is_not_there_is_met_with_the_one_that_was_meant(rag: Command, library: Path) -> None:
    assert rag("status").err.endswith("; make it with: rag ingest PATH\n")
    rag("ingest", library, "--index", "handbook")
    near = rag("status", "-i", "handbok").err
    assert "There is no index 'handbok' in " in near
    assert "Did you mean --index handbook?" in near
    assert near.endswith("rag ingest PATH --index handbok\n")
    assert "choose another with --index (handbook), or make it" in rag("sources").err


def test_advice_is_about_the_index_and_the_home_at_hand(rag: Command, library: Path, tmp_path: Path) -> None:
    home = tmp_path / "other home"
    rag("ingest", library, "-i", "land", "--home", home)
    assert rag("show", "x", "-i", "land", "--home", home).err.endswith(f"rag sources --index land --home '{home}'\n")
    rag("ingest", library, "-i", "land")
    rag("remove", "*", "-i", "land", "--yes")
    assert rag("sources", "-i", "land").err.endswith("rag ingest PATH --index land\n")
    rag("ingest", library)
    assert rag("show", "x").err.endswith("see: rag sources\n")


def test_an_error_is_wrapped_on_a_terminal_and_one_line_elsewhere(terminal: Terminal, rag: Command) -> None:
    shown = terminal.run("ask", "x", "--llm", "nonsense:spec", columns=50)
    check(shown, 50)
    assert len([line for line in shown.lines if line]) > 1
    assert all(line.startswith(("rag: ", "     ")) for line in shown.lines if line)
    assert shown.text == " ".join(rag("ask", "x", "--llm", "nonsense:spec").err.split())


# -- questions ---------------------------------------------------------------------------------------------------------


def test_a_question_needs_no_quotes(rag: Command, index: Index) -> None:
    together = rag("ask", "How many cars does the ferry carry?", "--json")
    apart = rag("ask", "How", "many", "cars", "--json", "does", "the", "ferry", "carry?")
    assert '"question": "How many cars does the ferry carry?"' in apart.out
    assert re.sub(r'"timings".*?\}', "", apart.out) == re.sub(r'"timings".*?\}', "", together.out)
    assert rag("retrieve", "which", "ferry", "-k", "1").out == rag("retrieve", "which ferry", "-k", "1").out
    assert '"question": "does --json help"' in rag("ask", "--json", "--", "does", "--json", "help").out


def test_each_question_of_a_pipe_stands_before_its_answer(rag: Command, index: Index) -> None:
    ran = rag("ask", "-", stdin="\ufeffHow many cars does the ferry carry?\r\n\n \r\nHello\n")
    blocks = ran.out.split("> ")
    assert [block.splitlines()[0] for block in blocks[1:]] == ["How many cars does the ferry carry?", "Hello"]
    assert "The ferry carries 28 cars.” [1]" in blocks[1]
    assert "> " not in rag("ask", "-", "--json", stdin="Hello\n").out
    assert rag("retrieve", "-", "-k", "1", stdin="storm\n").out.startswith("> storm\n\n1. weather.txt")


def test_questions_are_typed_at_a_terminal(terminal: Terminal, index: Index) -> None:
    index.close()
    shown = terminal.run("ask", "-", typed=["Hello\n", "How many cars does the ferry carry?\n", "\x04"])
    assert shown.code == 0
    assert "One question a line; Ctrl-D ends." in shown.text
    assert "The ferry carries 28 cars.” [1]" in shown.text
    check(shown, 80)


def test_a_folder_of_sources_is_named_without_a_pattern(rag: Command, index: Index) -> None:
    for folder in ("sea", "sea/", "sea/*"):
        passages = rag("retrieve", "bridge", "ferry", "--source", folder).out
        assert "sea/ferry.txt" in passages
        assert "bridge.md" not in passages
    assert rag("ask", "x", "--source", "river").code == 2


# -- answers -----------------------------------------------------------------------------------------------------------

DOCUMENTS = {
    "codes.md": "# Codes\n\n| code | meaning |\n| --- | --- |\n| 0 | the toll was paid and the bridge is open |\n"
    "| 1 | the storm keeps everybody on this side of the water, and nobody crosses |\n",
    "long.txt": "The lighthouse " + "of the old harbour town " * 30 + "has a keeper. "
    "The bridge is 412 metres long. " + "Nothing is said of the weather here. " * 30,
}


@pytest.mark.parametrize("columns", WIDTHS)
def test_an_answer_fits_its_terminal(terminal: Terminal, index: Index, rag: Command, columns: int) -> None:
    index.close()
    shown = terminal.run("ask", "How", "many", "cars", "does", "the", "ferry", "carry?", columns=columns)
    check(shown, columns)
    assert shown.code == 0
    assert "The ferry carries 28 cars.” [1]" in shown.text
    assert "[1]" not in shown.lines, "a mark stands beside its words"
    assert "[1] sea/ferry.txt (0:78)" in shown.text
    # The answer quotes it whole: once is enough.
    assert shown.text.count("The ferry carries 28 cars.") == 1
    assert "\x1b[32m[1]\x1b[39m" in shown.raw
    assert rag("ask", "How many cars does the ferry carry?").out.count("The ferry carries 28 cars.") == 2


def test_no_colours_where_none_are_wanted(terminal: Terminal, index: Index) -> None:
    index.close()
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = terminal.run("ask", "How many cars does the ferry carry?", **environment)
        assert not re.search(r"\x1b\[[0-9;]+m", shown.raw.partition("“")[2])
        assert "The ferry carries 28 cars.” [1]" in shown.text


@pytest.mark.parametrize("columns", [44, 80])
def test_what_comes_nearest_is_cut_around_the_words_of_the_question(
    terminal: Terminal, library: Path, rag: Command, columns: int
) -> None:
    write_files(library, DOCUMENTS)
    rag("ingest", library)
    shown = terminal.run("retrieve", "bridge", "metres", "--source", "long.txt", "-k", "1", columns=columns)
    check(shown, columns)
    assert "The bridge is 412 metres long." in shown.text
    assert len([line for line in shown.lines if line.startswith("    ")]) <= 3 + 2
    assert "\x1b[1mbridge\x1b[22m" in shown.raw


def test_a_german_question_is_answered_in_german(terminal: Terminal, index: Index) -> None:
    index.close()
    shown = terminal.run("ask", "Wie", "heißt", "der", "Bürgermeister", "von", "Peru?", columns=50, LANG="de_DE.UTF-8")
    check(shown, 50)
    assert "Die Dokumente sagen dazu nichts." in shown.text
    assert "Mit --anyway sehen Sie trotzdem, was am nächsten kommt." in shown.text


_WRITES = """
import sys, time
import rag.assistant
from tests.fakes import ScriptedModel, run

def pieces():
    yield "# The ferry\\n\\n"
    for number in range(60):
        yield f"- The ferry carries 28 cars, number{number} [1].\\n"

rag.assistant.open_llm = lambda *_: ScriptedModel([*pieces(), lambda: time.sleep(0.5)])
run()
"""


def test_a_draft_gives_way_to_the_answer_however_long_it_is(terminal: Terminal, index: Index) -> None:
    index.close()
    shown = terminal.run(
        "ask", "How many cars does the ferry carry?", "--llm", "local", program=_WRITES, rows=12, columns=60
    )
    assert shown.code == 0
    assert "Writing …" in shown.raw
    assert "number59" in shown.raw.partition("Writing …")[2]
    # What stands in the draft of twelve rows is its end.
    assert "number0 " not in shown.raw.partition("number59")[0]
    assert "[1] sea/ferry.txt" in shown.text
    assert shown.raw.count("\x1b[?25h") >= shown.raw.count("\x1b[?25l") > 0
    assert not [line for line in shown.lines if line.startswith(("⠋", "Writing"))]


def test_ctrl_c_says_that_it_stopped_and_leaves_the_cursor_on(terminal: Terminal, index: Index) -> None:
    index.close()
    shown = terminal.run("ask", "-", interrupt_at="> ")
    assert shown.code == 130
    assert shown.lines[-2:] == ["rag: Stopped.", ""]
    assert "Traceback" not in shown.raw


def test_who_types_the_command_of_an_assistant_is_told_what_it_waits_for(terminal: Terminal, index: Index) -> None:
    index.close()
    shown = terminal.run("mcp", interrupt_at="rag mcp --http")
    assert shown.code == 130
    assert "An assistant starts this command" in shown.text
    assert "There is no index" not in shown.text


# -- other commands ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [44, 100])
def test_every_list_fits_its_terminal(terminal: Terminal, library: Path, columns: int) -> None:
    write_files(library, {"a folder/with a name that is rather long/and a report 報告書 of many words.md": "The toll."})
    (library / "empty.txt").touch()
    ingested = terminal.run("ingest", library, columns=columns)
    check(ingested, columns)
    assert ingested.text.endswith("s (index default)")
    assert not [line for line in ingested.lines if "left" in line], "the bar is gone"
    for arguments in (["sources"], ["status"], ["doctor"], ["models", "list"], ["show", "bridge.md"]):
        shown = terminal.run(*arguments, columns=columns)
        check(shown, columns)
        assert len(shown.lines) > 3


def test_a_document_cannot_move_the_cursor(terminal: Terminal, library: Path, rag: Command) -> None:
    write_files(library, {"evil.txt": "The toll is\x1b[31m 3 crowns. \x1b]0;title\x07 Nobody crosses."})
    rag("ingest", library)
    shown = terminal.run("show", "evil.txt")
    assert "\x1b[31m" not in shown.raw
    assert "\x07" not in shown.raw
    assert "\x1b" in rag("show", "evil.txt").out, "a pipe gets the text as it is"


def test_a_checked_text_shows_what_speaks_for_and_against_it(terminal: Terminal, tmp_path: Path) -> None:
    source = "The bridge is 412 metres long. " + "Of the harbour nothing is known. " * 20 + "The keeper sleeps by day."
    text = "The bridge is 512 metres long. The keeper sleeps by day."
    write_files(tmp_path, {"text.md": text, "bridge.txt": source})
    shown = terminal.run("verify", "--text", tmp_path / "text.md", "--source", tmp_path / "bridge.txt", columns=60)
    check(shown, 60)
    assert shown.lines[0] == "contradicted  The bridge is 512 metres long."
    assert "“The bridge is 412 metres long.”" in shown.text
    assert "1 verified, 0 partly, 0 unsupported, 1 contradicted" in shown.text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_unicode_is_no_reason_to_stop(terminal: Terminal, index: Index, encoding: str) -> None:
    index.close()
    shown = terminal.run("ask", "How many cars does the ferry carry?", PYTHONIOENCODING=encoding)
    assert shown.code == 0
    assert "The ferry carries 28 cars." in shown.text


def test_a_shell_completes_commands_and_indexes(terminal: Terminal, index: Index) -> None:
    index.close()
    words = {"_RAG_COMPLETE": "complete_bash"}
    assert terminal.run(COMP_WORDS="rag sta", COMP_CWORD="1", **words).lines == ["status", ""]
    assert terminal.run(COMP_WORDS="rag status -i def", COMP_CWORD="3", **words).lines == ["default", ""]
