"""LlamaIndex as its documentation sets it up: documents, a vector index and ``as_query_engine()``.

Owns: the engine with its default splitter, retriever and prompts, and what stands in for its two models. Knows nothing
about suites or figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from pydantic import PrivateAttr

from rag.models.encoder import Encoder
from rag.text import query_terms, sentences, terms

# What LlamaIndex's stock prompt puts around the passages and before the question.
_CONTEXT = re.compile(r"-{10,}\n(.*?)\n-{10,}", re.S)
_QUERY = re.compile(r"Query: (.*?)\nAnswer:", re.S)
# The share of the question's terms from which a sentence is an answer.
_LEAST_SHARED = 0.34
UNKNOWN = "The provided context does not contain the answer."


class QuotingLLM(CustomLLM):
    """Answers with the sentence of the passages that shares most terms with the question, or says that none does.

    It stands in for a language model: it writes the same for the same prompt, and at once.
    """

    @property
    def metadata(self) -> LLMMetadata:
        """Return the window of a large model, so that no passage is cut."""
        return LLMMetadata(context_window=32_000, num_output=256, model_name="quoting stand-in")

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        """Return the sentence."""
        context, query = _CONTEXT.search(prompt), _QUERY.search(prompt)
        return CompletionResponse(text=best_sentence(context[1], query[1]) if context and query else UNKNOWN)

    def stream_complete(self, prompt: str, formatted: bool = False, **named: Any) -> CompletionResponseGen:
        """Yield the sentence whole."""

        def once() -> Iterator[CompletionResponse]:
            yield self.complete(prompt, formatted, **named)

        return once()


def best_sentence(context: str, question: str) -> str:
    """Return the first sentence that shares most terms with a question; a statement of absence where none does."""
    asked = set(query_terms(question))
    lines = [line for line in context.split("\n") if not line.startswith("file_path:")]
    found = [text[start:end] for text in lines for start, end in sentences(text)]
    scores = [len(asked.intersection(terms(sentence))) for sentence in found]
    best = max(scores, default=0)
    return found[scores.index(best)] if asked and best >= _LEAST_SHARED * len(asked) else UNKNOWN


class EncoderEmbedding(BaseEmbedding):
    """An encoder of Footnote's as an embedding model of LlamaIndex, so that both search with the same vectors."""

    _encoder: Any = PrivateAttr()

    def __init__(self, encoder: Encoder) -> None:
        """Take the encoder."""
        super().__init__(model_name=encoder.name)
        self._encoder = encoder

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(number) for number in vector] for vector in self._encoder.encode_passages(texts)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(number) for number in self._encoder.encode_question(query)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def stock_engine(
    folder: Path, encoder: Encoder, llm: Any = None, endings: Sequence[str] = (".md", ".txt")
) -> BaseQueryEngine:
    """Return LlamaIndex's stock query engine over the texts of a folder.

    Args:
        folder: The documents.
        encoder: Makes the vectors.
        llm: A language model of LlamaIndex's; None: the quoting stand-in.
        endings: Of the files that are read.

    Returns:
        The engine: its own splitter, two passages a question, one prompt.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in endings)
    documents = [
        Document(text=path.read_text(encoding="utf-8"), metadata={"file_path": path.relative_to(folder).as_posix()})
        for path in paths
    ]
    index = VectorStoreIndex.from_documents(documents, embed_model=EncoderEmbedding(encoder))
    return index.as_query_engine(llm=llm or QuotingLLM())
