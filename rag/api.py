"""The Python interface: one function a task.

Owns: the calls that a program makes, with settings from the environment. Adds no behaviour of its own.

    import rag

    with rag.open_index("papers", create=True) as index:
        rag.ingest(index, ["~/papers"])
        print(rag.answer(index, "What was measured?", llm="none").answer)
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer as answer_in_steps
from rag.ingestion.pipeline import Progress
from rag.ingestion.pipeline import ingest as ingest_paths
from rag.models.llm.opening import open_llm
from rag.models.weights import pull
from rag.retrieval.passages import open_reranker
from rag.retrieval.passages import retrieve as retrieve_passages
from rag.settings import load_settings
from rag.store.index import Index, open_index
from rag.types import Answer, IngestReport, Passage, Turn
from rag.verify.document import Verification, verify_text

__all__ = ["Index", "Verification", "answer", "ingest", "open_index", "retrieve", "verify_text"]


def ingest(index: Index, paths: Sequence[str | PathLike[str]], progress: Progress | None = None) -> IngestReport:
    """Make an index mirror files and folders: new and changed files are read, files that are gone are removed.

    A file that cannot be read does not stop the others; the report says why.

    Args:
        index: An open index.
        paths: Files and folders. Folders are searched for every format that Footnote reads.
        progress: Called while files are read and embedded.

    Returns:
        What happened to each file.

    Raises:
        UsageError: A path does not exist, or a setting is wrong.
        IndexUnusable: Another process writes to the index.

    Example:
        >>> with rag.open_index("papers", create=True) as index:
        ...     report = rag.ingest(index, ["~/papers"])
        >>> report.count("added")
        12
    """
    return ingest_paths(index, [Path(path) for path in paths], load_settings(), progress)


def retrieve(index: Index, question: str, k: int = 8, sources: Sequence[str] = ()) -> list[Passage]:
    """Find the passages that bear most on a question, by meaning and by keywords.

    Args:
        index: An open index.
        question: The question, in words.
        k: The most passages to return.
        sources: Globs such as ``reports/*.pdf``; only documents that match one are searched. Empty: all.

    Returns:
        At most ``k`` passages, best first; ``scores`` says how each was ranked.

    Raises:
        UsageError: No document matches ``sources``, or a setting is wrong.
        ModelError: A model that a setting names cannot be loaded.

    Example:
        >>> for passage in rag.retrieve(index, "What was measured?", k=3):
        ...     print(passage.rank, passage.source, passage.text)
    """
    settings = load_settings()
    reranker = open_reranker(settings.reranker, settings.threads)
    return retrieve_passages(index, question, k, sources=sources, reranker=reranker)


def answer(
    index: Index,
    question: str,
    *,
    llm: str | None = None,
    history: Sequence[Turn] = (),
    sources: Sequence[str] = (),
) -> Answer:
    """Answer a question from the documents of an index; every sentence cites the words it rests on.

    Args:
        index: An open index.
        question: The question, in words.
        llm: A language model as on the command line, such as ``local`` or ``ollama:NAME``; ``none`` answers with
            quotes. None: the setting ``RAG_LLM``. Weights that are absent are fetched.
        history: The conversation so far, oldest message first, for a question that refers to it.
        sources: Globs such as ``reports/*.pdf``; only documents that match one are searched. Empty: all.

    Returns:
        The finished answer. ``abstained`` says that the documents do not hold one; ``notice`` and ``degraded`` say
        that the model failed and quotes stand in for its words.

    Raises:
        UsageError: ``llm`` has no known form, no document matches ``sources``, or a setting is wrong.
        ModelError: The weights of a model cannot be fetched or loaded.
        LLMError: The language model's service cannot be used.

    Example:
        >>> answer = rag.answer(index, "What was measured?", llm="none")
        >>> for citation in answer.citations:
        ...     print(citation.number, citation.source, citation.quote)
    """
    settings = load_settings()
    model = open_llm(llm or settings.llm, settings, lambda name: pull(name, settings.models))
    options = AnswerOptions.of(settings, sources)
    reranker = open_reranker(settings.reranker, settings.threads)
    try:
        *_, last = answer_in_steps(
            index, question, model=model, settings=settings, history=history, options=options, reranker=reranker
        )
    finally:
        if model:
            model.close()
    return last
