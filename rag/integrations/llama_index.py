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

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.api import assistant_of
from rag.assistant import Assistant
from rag.serialize import answer_json, sentence_json
from rag.store.index import Index
from rag.types import Answer, Citation, Passage

__all__ = ["FootnoteQueryEngine", "FootnoteRetriever", "to_node"]

# What a node tells of a sentence that cites it.
_JUDGED = ("text", "verdict", "reason")


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
        index: An open index, or an assistant.
        k: The most passages to return.
        sources: Globs; only documents that match one are searched. Empty: all.

    Example:
        >>> nodes = FootnoteRetriever(index, k=5).retrieve("What was measured?")
    """

    def __init__(self, index: Index | Assistant, k: int = 8, sources: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._assistant = index if isinstance(index, Assistant) else assistant_of(index)
        self._k, self._sources = k, sources

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [to_node(p) for p in self._assistant.retrieve(query_bundle.query_str, self._k, self._sources)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = await self._assistant.aretrieve(query_bundle.query_str, self._k, self._sources)
        return [to_node(passage) for passage in passages]


class FootnoteQueryEngine(BaseQueryEngine):
    """Footnote's answers.

    ``response.metadata`` holds ``abstained``, ``confidence``, ``sentences``, ``left_out``, ``citations`` and
    ``notices`` as ``rag ask --json`` prints them. The metadata of a node of ``response.source_nodes`` holds, beside
    its place, ``sentences``: text, verdict and reason of each sentence that cites it; no model is shown these.

    Args:
        index: An open index, or an assistant, which then brings its own language model.
        llm: A language model as on the command line; None: that of the index's settings. It is opened with the first
            question and stays open until the index is closed.
        sources: Globs; only documents that match one are searched. Empty: all.

    Example:
        >>> response = FootnoteQueryEngine(index, llm="none").query("What was measured?")
        >>> response.metadata["citations"]
    """

    def __init__(self, index: Index | Assistant, llm: str | None = None, sources: tuple[str, ...] = ()) -> None:
        super().__init__(callback_manager=None)
        self._assistant = index if isinstance(index, Assistant) else assistant_of(index, llm)
        self._sources = sources

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _to_response(self._assistant.ask(query_bundle.query_str, sources=self._sources))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return _to_response(await self._assistant.aask(query_bundle.query_str, sources=self._sources))

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _to_response(answer: Answer) -> Response:
    printed = answer_json(answer)
    return Response(
        answer.answer,
        source_nodes=[_to_cited_node(passage, answer) for passage in answer.passages],
        metadata={
            "abstained": answer.abstained,
            "confidence": answer.confidence,
            **{name: list(printed[name]) for name in ("sentences", "left_out", "citations", "notices")},
        },
    )


def _to_cited_node(passage: Passage, answer: Answer) -> NodeWithScore:
    """Return a passage as a node that names the sentences of an answer that cite it, with their verdicts."""
    cited = {citation.number for citation in answer.citations if _holds(passage, citation)}
    node = to_node(passage)
    node.node.metadata["sentences"] = [
        {name: value for name, value in sentence_json(sentence, answer.language).items() if name in _JUDGED}
        for sentence in answer.sentences
        if cited.intersection(sentence.citations)
    ]
    node.node.excluded_llm_metadata_keys.append("sentences")
    node.node.excluded_embed_metadata_keys.append("sentences")
    return node


def _holds(passage: Passage, citation: Citation) -> bool:
    return passage.source_id == citation.source_id and passage.start <= citation.start < passage.end
