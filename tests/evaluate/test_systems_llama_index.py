"""LlamaIndex's stock query engine, measured in the process and over HTTP by the command's own code."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rag.evaluate.types import Suite
from rag.store.index import Index
from tests.conftest import Command
from tests.fakes import WordEncoder
from tests.json_service import Reply, Request, serving
from tests.stock_llama_index import UNKNOWN, QuotingLLM, best_sentence, stock_engine


@pytest.fixture
def engine(library: Path, encoder: WordEncoder) -> Any:
    return stock_engine(library, encoder)


def test_the_stand_in_quotes_the_nearest_sentence() -> None:
    assert best_sentence("A tree. The ferry carries 28 cars.", "How many cars does the ferry carry?").endswith(
        "28 cars."
    )
    assert best_sentence("A tree.", "Who wrote Hamlet?") == UNKNOWN
    assert QuotingLLM().complete("no prompt of this kind").text == UNKNOWN


def test_a_query_engine_and_its_service_have_the_same_figures(
    suite: Suite,
    suite_path: Path,
    corpus: tuple[Index, str],
    engine: Any,
    monkeypatch: pytest.MonkeyPatch,
    rag: Command,
) -> None:
    corpus[0].close()
    module = ModuleType("my_llama_index")
    module.engine = engine  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "my_llama_index", module)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def answer(request: Request) -> Reply:
        response = engine.query(request.data["question"])
        contexts = [{"text": node.text, "source": node.metadata["file_path"]} for node in response.source_nodes]
        return Reply({"answer": str(response), "contexts": contexts})

    def measure(target: str) -> dict[str, Any]:
        ran = rag("eval", str(suite_path), "--target", target, "--json", "-")
        assert ran.code == 0, ran.err
        return dict(json.loads(ran.out))

    inside = measure("my_llama_index:engine")
    with serving(answer) as (address, requests):
        outside = measure(f"{address}/ask")
    assert len(requests) == len(suite.cases)
    assert inside["figures"] == outside["figures"]
    assert inside["config"]["system"] == {"kind": "python", "name": "my_llama_index:engine"}
    assert outside["config"]["system"]["protocol"] == "json"
    figures = inside["figures"]
    assert figures["right"]["mean"] == 1
    assert figures["hit@1/document"]["mean"] == 1
    assert figures["sentences_verified"]["mean"] == 1
    assert figures["wrong_on_unanswerable"]["mean"] == 0
    assert "citation_recall" not in figures, "the stock engine cites nothing"
    assert all(case["answer"]["not_placed"] == 0 for case in inside["cases"])
