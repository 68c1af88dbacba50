"""The public door to `rag.integrations.llama_index`; programs import from here."""

from __future__ import annotations

from rag.integrations.llama_index import FootnoteQueryEngine, FootnoteRetriever, to_node

__all__ = ["FootnoteQueryEngine", "FootnoteRetriever", "to_node"]
