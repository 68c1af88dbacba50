"""Footnote inside LlamaIndex programs, and a plain LlamaIndex program on a Footnote index."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import MetadataMode

from rag.assistant import Assistant
from rag.ingestion.pipeline import ingest
from rag.integrations.llama_index import FootnoteQueryEngine, FootnoteRetriever
from rag.notices import Notice
from rag.settings import load_settings as read_settings
from rag.store.chroma import ChromaStore
from rag.store.index import Index, open_index
from rag.types import Answer, Citation, LeftOut, Passage, Sentence
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
    store = index.vectors.store
    assert isinstance(store, ChromaStore)
    plain = VectorStoreIndex.from_vector_store(store.llama_index_store(), embed_model=WordEmbedding())
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


def test_a_response_and_its_nodes_carry_verdicts_and_reasons(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The ferry carries 28 cars."
    here = Passage("f", "ferry.txt", "v", "Ferry", 10, 36, text, "", None, 1, {"fused": 0.9})
    there = replace(here, chunk_id="g", start=40, end=66, rank=2)
    answer = Answer(
        "q",
        "q",
        f"{text} [1] It is old.",
        sentences=(
            Sentence(f"{text} [1]", 0, 30, "verified", (1,)),
            Sentence("It is old.", 31, 41, "unsupported", (), Notice("words-not-in-source")),
        ),
        citations=(Citation(1, "ferry.txt", "v", "Ferry", 10, 36, text),),
        passages=(here, there),
        left_out=(LeftOut("It carries 40.", "contradicted", Notice("contradicted-by-source", {"quote": text})),),
    )
    monkeypatch.setattr(Assistant, "ask", lambda *_, **__: answer)
    response = FootnoteQueryEngine(index, llm="none").query("How many cars does the ferry carry?")
    assert response.metadata is not None
    assert [one["verdict"] for one in response.metadata["sentences"]] == ["verified", "unsupported"]
    assert response.metadata["sentences"][1]["reason"]["code"] == "words-not-in-source"
    (left_out,) = response.metadata["left_out"]
    assert (left_out["verdict"], left_out["reason"]["text"]) == ("contradicted", f"the source says “{text}”")
    cited, uncited = (node.node for node in response.source_nodes)
    assert cited.metadata["sentences"] == [{"text": f"{text} [1]", "verdict": "verified", "reason": None}]
    assert uncited.metadata["sentences"] == []
    for mode in (MetadataMode.LLM, MetadataMode.EMBED):
        assert "verified" not in cited.get_content(mode), "no model is shown what was judged"
