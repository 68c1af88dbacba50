"""The Python interface: an assistant that stays open, and one function a task.

Owns: the calls that a program makes. Adds no behaviour: each function is a line over an ``Assistant``, which stays open
with its index.

    import rag

    with rag.open_index("papers", create=True) as index:
        rag.ingest(index, ["~/papers"])
        print(rag.answer(index, "What was measured?", llm="none").answer)
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from os import PathLike

from rag.answering.checkers import open_checker_for
from rag.assistant import Assistant
from rag.ingestion.pipeline import Progress
from rag.settings import Settings, load_settings
from rag.store.index import Index, open_index
from rag.types import Answer, Document, IngestReport, Passage, Turn
from rag.verify.texts import document
from rag.verify.texts.document import Verification

__all__ = [
    "Assistant",
    "Index",
    "Settings",
    "Verification",
    "answer",
    "ingest",
    "open_index",
    "retrieve",
    "verify_text",
]

_adding = threading.Lock()


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
    return assistant_of(index).ingest(paths, progress)


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
    return assistant_of(index).retrieve(question, k, sources)


def answer(
    index: Index,
    question: str,
    *,
    llm: str | None = None,
    history: Sequence[Turn] = (),
    sources: Sequence[str] = (),
    anyway: bool = False,
) -> Answer:
    """Answer a question from the documents of an index; every sentence cites the words it rests on.

    Args:
        index: An open index.
        question: The question, in words.
        llm: A language model as on the command line, such as ``local`` or ``ollama:NAME``; ``none`` answers with
            quotes. None: that of the index's settings. Weights that are absent are fetched. It is opened with its first
            question and stays open until the index is closed.
        history: The conversation so far, oldest message first, for a question that refers to it.
        sources: Globs such as ``reports/*.pdf``; only documents that match one are searched. Empty: all.
        anyway: Whether a question that would be refused is answered all the same, with ``tentative`` set.

    Returns:
        The finished answer. ``abstained`` says that the documents do not hold one; ``notices`` and ``degraded`` say
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
    return assistant_of(index, llm).ask(question, history=history, sources=sources, anyway=anyway)


def verify_text(text: str, sources: Mapping[str, Document | str]) -> Verification:
    """Say of each sentence of a text which words of the sources support it; no index and no model is needed.

    Args:
        text: The text. A mark such as ``[1]`` names the source that a list at its end has under that number, else the
            first one given.
        sources: Documents, or plain texts, by name.

    Returns:
        The sentences with their verdicts, the spans they cite, and notices, such as on marks that name nothing.

    Raises:
        UsageError: ``RAG_CHECKER``, ``RAG_RULES_OFF`` or ``RAG_SCORING`` is wrong.

    Example:
        >>> checked = rag.verify_text("The toll is 3 crowns.", {"tolls.txt": "The toll is 4 crowns."})
        >>> checked.sentences[0].verdict
        'unsupported'
    """
    return document.verify_text(text, sources, open_checker_for(load_settings()))


def assistant_of(index: Index, llm: str | None = None) -> Assistant:
    """Return the assistant over an open index; it is made once for each language model and closed with the index.

    Args:
        index: An open index.
        llm: A language model as on the command line; None: that of the index's settings.

    Returns:
        The assistant, whose model is opened with its first question.

    Raises:
        UsageError: The index is closed.
    """
    # A copy of the index under other settings holds open what the index does, so the key tells the two apart.
    key = f"assistant {id(index)} {llm or index.settings.llm}"
    with _adding:
        held = index.held.get(key)
        if not isinstance(held, Assistant):
            held = index.held[key] = Assistant(index, llm=llm)
        return held
