"""Regular expressions of suites: a hostile one ends in bounded time, with one sentence."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluate.metrics.answer import answer_measures
from rag.evaluate.suite.file import load_suite
from rag.evaluate.types import Case
from rag.types import Answer

LONG = Answer("", "", "a" * 30_000 + "!")
# Seconds of processor: the limit on a match is one, and what comes before it is read once.
MOST_SECONDS = 10


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "((a{1,1000}){1,1000}){1,1000}b"])
def test_a_pattern_that_would_never_end_is_an_error_of_its_case(pattern: str) -> None:
    started = time.thread_time()
    with pytest.raises(UsageError, match="The pattern of case 'hostile' takes too long on its answer"):
        answer_measures(Case("hostile", "What?", match="regex", pattern=pattern), LONG)
    assert time.thread_time() - started < MOST_SECONDS


@pytest.mark.parametrize("pattern", ["(.*)*x", r"(a*)*\1b", r"(?<=(a+)+)b", "(?:(?:a+)+|b)*c", "a{1,100000000}b"])
def test_a_pattern_that_looks_hostile_ends(pattern: str) -> None:
    started = time.thread_time()
    # One that is given up after its second is as good as one that finds nothing.
    with suppress(UsageError):
        assert answer_measures(Case("odd", "What?", match="regex", pattern=pattern), LONG)["regex"] == 0
    assert time.thread_time() - started < MOST_SECONDS


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("a" * 5001, "'cases[0].pattern' is longer than 5000 characters; shorten it."),
        ("(?:" * 800 + "a" + ")*" * 800, "'pattern' is no regular expression"),
        ("(a+", "'pattern' is no regular expression"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, pattern: str, complaint: str) -> None:
    (tmp_path / "docs").mkdir()
    path = tmp_path / "suite.yaml"
    path.write_text(
        "schema_version: 1\nsuite: s\ncorpus: {path: docs}\ncases:\n"
        f"- {{id: a, question: What?, match: regex, pattern: '{pattern}'}}\n"
    )
    with pytest.raises(UsageError) as refused:
        load_suite(path)
    assert complaint.replace("cases[0].", "") in str(refused.value)
    assert ":5: " in str(refused.value)
    assert len(str(refused.value)) < 500
