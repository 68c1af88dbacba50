"""Logging: nothing by default, levels and JSON on request, and no line that its values could forge."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest

from rag.errors import UsageError
from rag.log import configure_logging, report_of
from rag.store.index import Index
from tests.conftest import Command, Opener

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    configure_logging(0, "")


def logged(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the lines on standard error after one record of each level."""
    logger = logging.getLogger("rag.store.index")
    logger.debug("chunk cut", extra={"count": 3})
    logger.info("index opened", extra={"index": "default", "seconds": 0.25})
    logger.warning("a warning")
    return capsys.readouterr().err.splitlines()


def test_only_warnings_are_shown_unless_more_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    assert logged(capsys) == ["rag: warning: a warning"]
    logging.getLogger("rag.parts").warning("One is\nleft out.", extra={"name_of": "a b"})
    assert capsys.readouterr().err.splitlines() == ['rag: warning: One is left out. name_of="a b"']


@pytest.mark.parametrize(
    ("verbosity", "specification", "messages"),
    [
        (1, "", ["index opened", "a warning"]),
        (2, "", ["chunk cut", "index opened", "a warning"]),
        (9, "", ["chunk cut", "index opened", "a warning"]),
        (0, "info", ["index opened", "a warning"]),
        (0, "json", ["index opened", "a warning"]),
        (0, "WARNING", ["a warning"]),
        (0, "error", []),
        (0, " debug , json ", ["chunk cut", "index opened", "a warning"]),
        (1, "error", ["index opened", "a warning"]),
        (2, "error,json", ["chunk cut", "index opened", "a warning"]),
    ],
)
def test_level(capsys: pytest.CaptureFixture[str], verbosity: int, specification: str, messages: list[str]) -> None:
    configure_logging(verbosity, specification)
    lines = logged(capsys)
    assert len(lines) == len(messages)
    assert all(message in line for message, line in zip(messages, lines, strict=True))
    assert all(line.startswith("{") == ("json" in specification) for line in lines)


def test_a_line_has_time_level_logger_message_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(1, "")
    (line, _) = logged(capsys)
    assert re.fullmatch(rf"{TIME} INFO    rag\.store\.index: index opened index=default seconds=0\.25", line)


def test_json_has_the_fields_beside_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(0, "json")
    entry = json.loads(logged(capsys)[0])
    assert re.fullmatch(TIME, entry.pop("time"))
    assert entry == {
        "level": "info",
        "logger": "rag.store.index",
        "message": "index opened",
        "index": "default",
        "seconds": 0.25,
    }


@pytest.mark.parametrize("specification", ["info", "json"])
@pytest.mark.parametrize(
    "value", ["two words", "a\nINFO rag: forged", "\x1b[31m", "\ud800", 'say "x"', "a=b", "", None]
)
def test_a_value_stays_on_its_line(capsys: pytest.CaptureFixture[str], specification: str, value: str | None) -> None:
    configure_logging(0, specification)
    logging.getLogger("ui.server").info("file read", extra={"source": value})
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    if specification == "json":
        assert json.loads(line)["source"] == value
    elif value:
        assert json.loads(line.partition("source=")[2]) == value


@pytest.mark.parametrize("specification", ["info", "json"])
def test_an_error_has_its_traceback(capsys: pytest.CaptureFixture[str], specification: str) -> None:
    configure_logging(0, specification)
    try:
        raise ValueError("of a test")
    except ValueError:
        logging.getLogger("ui.page").exception("failed")
    err = capsys.readouterr().err
    assert "ValueError: of a test" in err
    if specification == "json":
        assert json.loads(err)["exception"].startswith("Traceback")


def test_a_second_call_replaces_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(2, "json")
    configure_logging(1, "")
    assert [line.split()[1] for line in logged(capsys)] == ["INFO", "WARNING"]


@pytest.mark.parametrize("specification", ["loud", "debug,xml", "debug json"])
def test_an_unknown_word_is_named(specification: str) -> None:
    with pytest.raises(UsageError, match="RAG_LOG is wrong"):
        configure_logging(0, specification)


# -- the command line --------------------------------------------------------------------------------------------------


def test_the_variable_and_the_option_do_the_same(rag: Command, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = rag("sources")
    assert quiet.err == ""
    verbose = rag("-v", "sources")
    assert "rag.cli.app: command started command=sources" in verbose.err
    assert verbose.out == quiet.out
    monkeypatch.setenv("RAG_LOG", "json")
    entries = [json.loads(line) for line in rag("sources").err.splitlines()]
    assert (entries[0]["message"], entries[0]["command"]) == ("command started", "sources")
    monkeypatch.setenv("RAG_LOG", "loud")
    ran = rag("sources")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "RAG_LOG" in ran.err


def test_no_log_holds_a_question_or_words_of_a_document(rag: Command, index: Index) -> None:
    for level in ("-v", "-vv"):
        ran = rag(level, "ask", "How many cars does the ferry carry?")
        assert ran.code == 0
        assert "command=ask" in ran.err
        assert "How many" not in ran.err
        assert "28 cars" not in ran.err


WORDS = "the code of the gate is 7741"


def fail() -> None:
    try:
        {}[WORDS]
    except KeyError as error:
        raise ValueError(WORDS) from error


@pytest.mark.parametrize("specification", ["", "info", "json"])
def test_what_may_be_passed_on_of_an_error_holds_no_word_of_it(
    capsys: pytest.CaptureFixture[str], specification: str
) -> None:
    configure_logging(0, specification)
    try:
        fail()
    except ValueError as error:
        logging.getLogger("rag.store.index").error("failed", exc_info=error)
        report = report_of(error)
    assert re.fullmatch(r"ValueError from KeyError; Footnote [\d.]+, Python [\d.]+, \w+; tests\.test_log:\d+", report)
    logged_line = capsys.readouterr().err
    assert report in logged_line
    # Unless more is asked for, no line holds the error's own words.
    assert (WORDS in logged_line) == bool(specification)


def test_an_unexpected_error_of_a_command_names_what_to_pass_on(
    rag: Command, open_again: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_within(*_: object) -> None:
        raise LookupError(WORDS)

    monkeypatch.setattr("rag.store.catalog.Catalog.source_counts", fail_within)
    open_again().close()
    ran = rag("status")
    assert ran.code == 2
    assert "Traceback" not in ran.err
    _, _, passed_on = ran.err.partition("pass on only this: ")
    assert passed_on.startswith("LookupError; Footnote ")
    assert " rag.cli." in passed_on
    assert WORDS not in passed_on


def test_what_ray_notes_of_every_record_is_no_field(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    logging.getLogger("rag.parts").warning("One is left out.", extra={"_ray_timestamp_ns": 1796062297809964311})
    assert capsys.readouterr().err == "rag: warning: One is left out.\n"
