"""Says at the end of a run which counts got smaller and wait to be stored."""

from __future__ import annotations

import pytest

LESS = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for sentence in config.stash.get(LESS, []):
        terminalreporter.line(sentence, yellow=True)
