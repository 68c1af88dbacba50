"""How far a download is, off a terminal: `rag.cli.terminal`."""

from __future__ import annotations

import pytest

from rag.cli.terminal import FetchProgress


@pytest.mark.parametrize(
    ("done", "total", "told"),
    [
        (2_000_000, 5_000_000, "2 of 5 MB"),
        (4_000, 9_000, "4 of 9 kB"),
        (15, 30, "15 of 30 bytes"),
        (0, 0, "0 of 0 bytes"),
    ],
)
def test_a_download_is_told_in_units_of_its_size(
    done: int, total: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    FetchProgress()(done, total, "fetching")
    assert capsys.readouterr().err == f"fetching: {told}\n"
