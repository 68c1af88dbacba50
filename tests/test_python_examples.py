"""The programs of the README and the handbook run as they are printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rag.settings import load_settings as read_settings
from tests.conftest import ROOT, write_files
from tests.fakes import WordEncoder

PAGES = (ROOT / "README.md", ROOT / "docs" / "python.md")
PROGRAMS = [
    pytest.param(code, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.S), 1)
]


@pytest.mark.parametrize("code", PROGRAMS)
def test_it_runs_and_prints_something(
    code: str, tmp_path: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import rag
    import rag.store.index

    write_files(tmp_path / "papers", {"trial.md": "# Trials\n\nThe second trial measured the toll of 3 crowns.\n"})
    for name, value in {"HOME": str(tmp_path), "RAG_HOME": str(tmp_path / "home"), "RAG_LLM": "none"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(rag.store.index, "open_encoder", lambda *_: encoder)
    read_settings.cache_clear()
    with rag.open_index("papers", create=True) as index:
        rag.ingest(index, [tmp_path / "papers"])
    exec(compile(code, "program", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out.strip()


def test_there_are_programs_of_every_kind() -> None:
    programs = "\n".join(program.values[0] for program in PROGRAMS if isinstance(program.values[0], str))
    for needed in ("ask(", "ask_stream(", "async for", "FootnoteQueryEngine", "rag.Settings", "create=True"):
        assert needed in programs
