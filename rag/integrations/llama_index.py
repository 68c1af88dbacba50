"""Footnote inside LlamaIndex programs.

Owns: retrieval as a ``BaseRetriever`` and answering as a ``BaseQueryEngine``. Adds no behaviour.

    from rag.llama_index import FootnoteQueryEngine, FootnoteRetriever
    import rag

    index = rag.open_index("default")
    nodes = FootnoteRetriever(index, k=5).retrieve("What was measured?")
    response = FootnoteQueryEngine(index, llm="none").query("What was measured?")
    response.metadata["citations"]
"""

from __future__ import annotations

from dataclasses import asdict

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.api import answer, retrieve
from rag.store.index import Index
from rag.types import Passage

__all__ = ["FootnoteQueryEngine", "FootnoteRetriever", "to_node"]


def to_node(passage: Passage) -> NodeWithScore:
    """Return a passage as a LlamaIndex node with exact offsets; its score is the fused one, 0…1."""
    node = TextNode(
        id_=passage.chunk_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "source": passage.source,
            "source_id": passage.source_id,
            "title": passage.title,
            "context": passage.context,
            "start": passage.start,
            "end": passage.end,
            "page": passage.page,
        },
    )
    return NodeWithScore(node=node, score=passage.scores["fused"])


class FootnoteRetriever(BaseRetriever):
    """Footnote's retrieval by meaning and keywords.

    Args:
        index: An open index.
        k: The most passages to return.
        sources: Globs; only documents that match one are searched. Empty: all.

    Example:
        >>> nodes = FootnoteRetriever(index, k=5).retrieve("What was measured?")
    """

    def __init__(self, index: Index, k: int = 8, sources: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._index, self._k, self._sources = index, k, sources

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [to_node(passage) for passage in retrieve(self._index, query_bundle.query_str, self._k, self._sources)]


class FootnoteQueryEngine(BaseQueryEngine):
    """Footnote's answers; ``response.metadata`` holds ``abstained``, ``confidence``, ``sentences`` and ``citations``.

    Args:
        index: An open index.
        llm: A language model as on the command line; None: the setting ``RAG_LLM``.
        sources: Globs; only documents that match one are searched. Empty: all.

    Example:
        >>> response = FootnoteQueryEngine(index, llm="none").query("What was measured?")
        >>> response.metadata["citations"]
    """

    def __init__(self, index: Index, llm: str | None = None, sources: tuple[str, ...] = ()) -> None:
        super().__init__(callback_manager=None)
        self._index, self._llm, self._sources = index, llm, sources

    def _query(self, query_bundle: QueryBundle) -> Response:
        result = answer(self._index, query_bundle.query_str, llm=self._llm, sources=self._sources)
        return Response(
            result.answer,
            source_nodes=[to_node(passage) for passage in result.passages],
            metadata={
                "abstained": result.abstained,
                "confidence": result.confidence,
                "sentences": [asdict(sentence) for sentence in result.sentences],
                "citations": [asdict(citation) for citation in result.citations],
            },
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        import asyncio

        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}
