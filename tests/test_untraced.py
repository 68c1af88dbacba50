"""What coverage sees of tests that do the same again and again: the first times, and all that is not timed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

MODULE = """\
def times(number):
    return number * 2


def plain(number):
    return number


def late(number):
    return number
"""
TESTS = """\
import pytest
import measured
from coverage import Coverage
from hypothesis import given, settings, strategies as st
from tests.processor_time import at_most

TRACED = []


@pytest.mark.parametrize("number", range(24))
def test_rows(number):
    TRACED.append(Coverage.current() is not None)
    assert measured.times(number) == 2 * number


def test_every_third_row_was_traced():
    assert TRACED == [True, False, False] * 8
    assert Coverage.current() is not None


EXAMPLES = []


@settings(max_examples=50, database=None)
@given(st.integers())
def test_examples(number):
    EXAMPLES.append(Coverage.current() is not None)


def test_the_first_examples_were_traced():
    assert len(EXAMPLES) == 50
    assert EXAMPLES == [True] * 20 + [False] * 30
    assert Coverage.current() is not None


def test_what_is_timed_is_not_traced():
    with at_most(60):
        assert Coverage.current() is None
        measured.late(1)
    measured.plain(1)
    assert Coverage.current() is not None
"""


def test_what_is_repeated_or_timed_is_not_traced(tmp_path: Path) -> None:
    """In a run of its own, whose report names the one line that was only run untraced."""
    (tmp_path / "measured.py").write_text(MODULE)
    (tmp_path / "test_them.py").write_text(TESTS)
    plugins = ["-p", "tests.untraced", "-p", "no:cacheprovider", "-p", "no:socket"]
    options = [*plugins, "--cov=measured", "--cov-report=term-missing", "-q"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{tmp_path}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "measured.py" in ran.stdout
    (report,) = [line for line in ran.stdout.splitlines() if line.startswith("measured.py")]
    assert report.split()[-1] == "10", "the line of what is timed alone"
