"""LlamaIndex's stock query engine, measured in the process and over HTTP: the examples of the handbook, as printed."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from llama_index.core import Settings as LlamaIndexSettings

from rag.evaluate.results import read_results
from rag.store.index import Index
from tests.conftest import ROOT, Command
from tests.fakes import WordEncoder
from tests.stock_llama_index import UNKNOWN, EncoderEmbedding, QuotingLLM, best_sentence

EXAMPLES = re.findall(r"```py\n(.*?)```", (ROOT / "docs" / "measure-any-system.md").read_text("utf-8"), re.S)


@pytest.fixture
def folder(
    suite_path: Path, corpus: tuple[Index, str], encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The folder of the suite, which is the current one, with the module of the handbook; its models are stand-ins."""
    corpus[0].close()
    example = EXAMPLES[0]
    for printed, here in (('Path("docs")', 'Path("library")'), ('"*.md"', '"*.*"')):
        assert printed in example
        example = example.replace(printed, here)
    (suite_path.parent / "my_llama_index.py").write_text(example, encoding="utf-8")
    monkeypatch.chdir(suite_path.parent)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "my_llama_index", raising=False)
    for name, model in (("_embed_model", EncoderEmbedding(encoder)), ("_llm", QuotingLLM())):
        monkeypatch.setattr(LlamaIndexSettings, name, model)
    yield suite_path.parent
    sys.modules.pop("my_llama_index", None)


@contextmanager
def service() -> Iterator[str]:
    """Run the service of the handbook on a free port."""
    printed = 'HTTPServer(("127.0.0.1", 8000), Service).serve_forever()'
    assert printed in EXAMPLES[1]
    names: dict[str, Any] = {}
    exec(compile(EXAMPLES[1].replace(printed, ""), "service", "exec"), names)
    handler = type("Quiet", (names["Service"],), {"log_message": lambda *_: None})
    with names["HTTPServer"](("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/ask"
        finally:
            server.shutdown()
            thread.join()


def test_the_stand_in_quotes_the_nearest_sentence() -> None:
    text = "A tree. The ferry carries 28 cars."
    assert best_sentence(text, "How many cars does the ferry carry?") == "The ferry carries 28 cars."
    assert best_sentence("A tree.", "Who wrote Hamlet?") == UNKNOWN
    assert QuotingLLM().complete("no prompt of this kind").text == UNKNOWN


def test_a_query_engine_and_its_service_have_the_same_figures(folder: Path, rag: Command) -> None:
    def measure(target: str) -> dict[str, Any]:
        ran = rag("eval", str(folder / "suite.yaml"), "--target", target, "--json", "-")
        assert ran.code == 0, ran.err
        return dict(json.loads(ran.out))

    inside = measure("my_llama_index:engine")
    with service() as address:
        outside = measure(address)
    assert inside["figures"] == outside["figures"]
    assert inside["config"]["system"] == {"kind": "python", "name": "my_llama_index:engine"}
    assert outside["config"]["system"]["protocol"] == "json"
    figures = inside["figures"]
    assert figures["right"]["mean"] == 1
    assert figures["hit@1/document"]["mean"] == 1
    assert figures["sentences_verified"]["mean"] == 1
    assert figures["wrong_on_unanswerable"]["mean"] == 0
    assert "citation_recall" not in figures, "the stock engine cites nothing"
    results = folder / "inside.json"
    results.write_text(json.dumps(inside))
    assert all(case["answer"]["not_placed"] == 0 for case in read_results(results)["cases"])
