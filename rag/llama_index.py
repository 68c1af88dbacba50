"""Footnote's retriever and query engine for LlamaIndex programs, under the name that programs import.

Owns: the public name of ``rag.integrations.llama_index``. Adds no behaviour.
"""

from __future__ import annotations

from rag.integrations.llama_index import FootnoteQueryEngine, FootnoteRetriever, to_node

__all__ = ["FootnoteQueryEngine", "FootnoteRetriever", "to_node"]
