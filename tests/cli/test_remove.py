"""`rag remove` with patterns: brackets are no pattern, and more than was named is not removed unasked."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Command, write_files

FILES = {
    "[draft] plan.txt": "The draft of the plan.",
    "plan.txt": "The plan.",
    "d.txt": "The dam.",
    "a.txt": "The arch.",
}


def sources(rag: Command) -> set[str]:
    return {row["source"] for row in json.loads(rag("sources", "--json").out)["sources"]}


def test_brackets_stand_for_themselves(rag: Command, tmp_path: Path) -> None:
    write_files(tmp_path / "library", FILES)
    assert rag("ingest", str(tmp_path / "library")).code == 0
    assert rag("remove", "*[draft]*").code == 0
    assert sources(rag) == {"plan.txt", "d.txt", "a.txt"}


def test_a_pattern_for_more_than_one_asks(rag: Command, tmp_path: Path) -> None:
    write_files(tmp_path / "library", FILES)
    assert rag("ingest", str(tmp_path / "library")).code == 0
    refused = rag("remove", "*.txt")
    assert refused.code == 2
    assert "This removes 4 of the 4 sources of index default; nothing was removed. Add --yes" in refused.err
    assert len(sources(rag)) == 4
    assert rag("remove", "a.txt", "d.txt").code == 0, "what is named one by one is meant"
    assert rag("remove", "*.txt", "--yes").code == 0
    assert sources(rag) == set()
