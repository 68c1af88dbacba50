"""The Python API: five functions.

Owns: convenience for programs: one call each, settings from the environment. Adds no behaviour of its own.

    import rag

    with rag.open_index("papers", create=True) as index:
        rag.ingest(index, ["~/papers"])
        print(rag.answer(index, "What was measured?", llm="none").answer)
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from rag.answering.options import Options
from rag.answering.pipeline import answer as answer_in_steps
from rag.ingestion.pipeline import Progress
from rag.ingestion.pipeline import ingest as ingest_paths
from rag.models.llm.opening import open_llm
from rag.models.weights import pull
from rag.retrieval.passages import open_reranker
from rag.retrieval.passages import retrieve as retrieve_passages
from rag.settings import settings
from rag.store.index import Index, open_index
from rag.types import Answer, IngestReport, Passage, Turn
from rag.verify.document import Verification, verify_text

__all__ = ["Index", "Verification", "answer", "ingest", "open_index", "retrieve", "verify_text"]


def ingest(index: Index, paths: Sequence[str | PathLike[str]], progress: Progress | None = None) -> IngestReport:
    """Make the index mirror files and folders; returns what happened to each file."""
    return ingest_paths(index, [Path(path) for path in paths], settings(), progress)


def retrieve(index: Index, question: str, k: int = 8, sources: Sequence[str] = ()) -> list[Passage]:
    """The ``k`` passages that bear most on the question, best first; ``sources`` are globs."""
    reranker = open_reranker(settings().reranker, settings().threads)
    return retrieve_passages(index, question, k, sources=sources, reranker=reranker)


def answer(
    index: Index,
    question: str,
    *,
    llm: str | None = None,
    history: Sequence[Turn] = (),
    sources: Sequence[str] = (),
) -> Answer:
    """Answer a question; ``llm`` is a model as on the command line, by default the setting ``RAG_LLM``."""
    chosen = settings()
    model = open_llm(llm or chosen.llm, chosen, lambda name: pull(name, chosen.models))
    options = Options.of(chosen, sources)
    reranker = open_reranker(chosen.reranker, chosen.threads)
    try:
        *_, last = answer_in_steps(
            index, question, model=model, settings=chosen, history=history, options=options, reranker=reranker
        )
    finally:
        if model:
            model.close()
    return last
