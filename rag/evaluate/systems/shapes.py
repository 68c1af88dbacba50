"""What Python functions return, as plain data: text, objects in our own form, and what known libraries return.

Owns: reading the responses of LlamaIndex, documents of LangChain and Footnote's own answers by their attributes; none
of the libraries is imported. Knows nothing about how a function is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.evaluate.systems.given import CONTEXT_NAMES, SystemFailed
from rag.serialize import answer_json
from rag.types import Answer

# What LlamaIndex answers where nothing was retrieved.
_LLAMA_INDEX_EMPTY = "Empty Response"


def plain_answer(returned: object) -> dict[str, Any]:
    """Bring what a function returned into the form of ``read_given``.

    Args:
        returned: A text; an object in that form; a response of LlamaIndex; what a chain of LangChain returns, with its
            documents under ``context``; an answer of Footnote.

    Returns:
        Plain data.

    Raises:
        SystemFailed: It is something else.
    """
    if isinstance(returned, str):
        return {"answer": returned}
    if isinstance(returned, Answer):
        return answer_json(returned)
    if isinstance(returned, Mapping):
        listed = next((name for name in CONTEXT_NAMES if isinstance(returned.get(name), list | tuple)), None)
        data = {str(name): value for name, value in returned.items()}
        return data | ({listed: [plain_context(one) for one in returned[listed]]} if listed else {})
    if hasattr(returned, "source_nodes"):
        return _of_llama_index(returned)
    raise SystemFailed(f'It returned {type(returned).__name__}; return a text, or a dict with "answer" and "contexts".')


def plain_context(context: object) -> Any:
    """Return a context as plain data: a document of LangChain, a node of LlamaIndex, or what it is already."""
    if isinstance(context, str | Mapping):
        return context
    if hasattr(context, "page_content"):
        return {**_metadata(context), "text": context.page_content}
    if hasattr(context, "get_content"):
        return _of_node(context)
    return context


def _of_llama_index(response: Any) -> dict[str, Any]:
    """Return a response of a query engine; one over nothing that was retrieved is a refusal."""
    words = getattr(response, "response", None)
    text = str(response) if words is None and not response.source_nodes else words
    nodes = [plain_context(node) for node in response.source_nodes]
    is_empty = not nodes and text in (None, "None", _LLAMA_INDEX_EMPTY)
    return {"answer": text if isinstance(text, str) else str(response), "contexts": nodes, "refused": is_empty or None}


def _of_node(node: Any) -> dict[str, Any]:
    inner = getattr(node, "node", node)
    text = getattr(inner, "text", None)
    data = {**_metadata(inner), "text": text if isinstance(text, str) else node.get_content()}
    score = getattr(node, "score", None)
    return data | ({"score": float(score)} if score is not None else {})


def _metadata(context: Any) -> dict[str, Any]:
    """Return what a document's metadata say of its place: the name of its source and its page, from 1."""
    metadata = getattr(context, "metadata", None)
    if not isinstance(metadata, Mapping):
        return {}
    names = ("source", "file_path", "file_name", "document_uri")
    data = {name: metadata[name] for name in names if isinstance(metadata.get(name), str)}
    label = metadata.get("page_label")
    if isinstance(label, str | int) and str(label).isdigit():
        data["page"] = int(label)
    return data
