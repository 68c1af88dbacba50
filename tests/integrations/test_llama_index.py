"""Footnote inside LlamaIndex programs, and a plain LlamaIndex program on a Footnote index."""

from __future__ import annotations

from pathlib import Path

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding

from rag.ingestion.pipeline import ingest
from rag.integrations.llama_index import FootnoteQueryEngine, FootnoteRetriever
from rag.settings import load_settings as read_settings
from rag.store.index import Index, open_index
from tests.fakes import WordEncoder, vector_of


class WordEmbedding(BaseEmbedding):
    """The fake encoder as a LlamaIndex embedding."""

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in vector_of(text)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def test_a_plain_vector_store_index_over_our_collection(index: Index) -> None:
    """Any LlamaIndex program can open the vectors: texts, offsets and metadata are in the nodes."""
    plain = VectorStoreIndex.from_vector_store(index.vectors.llama_index_store(), embed_model=WordEmbedding())
    best = plain.as_retriever(similarity_top_k=1).retrieve("ferry cars")[0]
    assert "The ferry carries 28 cars." in best.node.get_content()
    assert best.node.metadata["source"] == "sea/ferry.txt"
    document = index.catalog.document(best.node.metadata["source_id"])
    assert document is not None
    assert document.text[best.node.metadata["start"] : best.node.metadata["end"]] == best.node.get_content()


def test_our_retriever_gives_nodes_with_exact_offsets(index: Index) -> None:
    nodes = FootnoteRetriever(index, k=2).retrieve("How long is the bridge in metres?")
    assert nodes[0].node.metadata["source"] == "bridge.md"
    assert [node.score for node in nodes] == sorted((node.score for node in nodes), reverse=True)
    for node in nodes:
        document = index.catalog.document(node.node.metadata["source_id"])
        assert document is not None
        assert document.text[node.node.start_char_idx : node.node.end_char_idx] == node.node.text


def test_our_query_engine_carries_citations(
    home: Path, library: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_HOME", str(home))
    read_settings.cache_clear()
    with open_index(create=True, encoder=encoder) as index:
        ingest(index, [library])
        response = FootnoteQueryEngine(index, llm="none").query("How many cars does the ferry carry?")
    assert response.metadata is not None
    assert not response.metadata["abstained"]
    assert any("The ferry carries 28 cars." in citation["quote"] for citation in response.metadata["citations"])
    assert str(response).startswith("“")
