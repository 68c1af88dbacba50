"""A small suite over the library of ``tests/conftest.py``, and a run of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.evaluate.run.configuration import Configuration, apply_overrides
from rag.evaluate.run.runner import open_corpus
from rag.evaluate.suite.file import load_suite
from rag.evaluate.types import Suite
from rag.models.llm.model import Model
from rag.settings import Settings
from rag.store.index import Index
from tests.fakes import WordEncoder

SUITE = """\
schema_version: 1
suite: coast
corpus: {path: library}
gate:
  right: {min: 0.5}
cases:
  - id: ferry
    question: How many cars does the ferry carry?
    answers: ["28 cars"]
    evidence: [{source: sea/ferry.txt, quote: The ferry carries 28 cars.}]
    tags: [sea, numeric]
  - id: toll
    question: What is the toll in crowns for cars?
    answers: ["3 crowns"]
    evidence: [{source: bridge.md, quote: The toll is 3 crowns for cars.}]
    tags: [land]
  - id: keeper
    question: Who is the keeper of the lighthouse?
    answers: [Maren]
    evidence: [{source: sea/keeper.txt, quote: Maren is the keeper of the lighthouse.}]
    tags: [sea]
  - id: hamlet
    question: Who wrote Hamlet?
    answerable: false
    tags: [foreign]
"""

Writer = Callable[..., Path]


@pytest.fixture
def suite_path(library: Path) -> Path:
    """The suite beside the library's folder."""
    path = library.parent / "suite.yaml"
    path.write_text(SUITE, encoding="utf-8")
    return path


@pytest.fixture
def suite(suite_path: Path) -> Suite:
    return load_suite(suite_path)


@pytest.fixture
def corpus(
    suite: Suite, settings: Settings, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Index, str]]:
    """The suite's corpus as an open index, and the hash of its files."""
    import rag.store.index

    monkeypatch.setattr(rag.store.index, "open_encoder", lambda *_: encoder)
    index, sha256 = open_corpus(suite, settings)
    yield index, sha256
    index.close()


@pytest.fixture
def configure(settings: Settings) -> Callable[..., Configuration]:
    """What answers: ``configure(model)``; without a model the answers are quotes."""

    def make(model: Model | None = None) -> Configuration:
        own_settings, options = apply_overrides(settings, {"llm": "none"})
        return Configuration(own_settings, options, model)

    return make
