"""An answer in the form of OpenAI's chat protocol.

Owns: the objects of a completion and of the chunks of a stream, the annotations, and the ``footnote`` object beside
them. Knows nothing about requests or sockets.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from rag.serialize import answer_json
from rag.types import Answer, Citation, Usage

_FOOTNOTE_FIELDS = (
    "standalone_question",
    "kind",
    "short_answer",
    "abstained",
    "tentative",
    "confidence",
    "degraded",
    "sentences",
    "citations",
    "conflicts",
    "left_out",
    "notices",
    "language",
    "model",
)


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer in the making, as its client knows it.

    Attributes:
        index: The name of the index, which is the model for the client.
        id: The id of the answer.
        created: When it was begun, in seconds since 1970.
    """

    index: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """Return the completion of a finished answer."""
        message = {
            "role": "assistant",
            "content": answer.answer,
            "refusal": None,
            "annotations": annotations_of(answer),
            "footnote": footnote_of(answer),
        }
        return self._of_text(message, finish_reason(answer), usage(answer))

    def of_words(self, text: str) -> dict[str, Any]:
        """Return the completion of a text that rests on no document."""
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
        return self._of_text(message, "stop", usage(None))

    def chunk(self, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
        """Return a chunk of a stream.

        Args:
            delta: What is new of the message.
            finish: Why the answer ends; None before its end.

        Returns:
            The chunk.
        """
        choice = {"index": 0, "delta": dict(delta), "logprobs": None, "finish_reason": finish}
        return self._of_stream(choices=[choice])

    def last_chunk(self, answer: Answer) -> dict[str, Any]:
        """Return the chunk that ends an answer, with what stands beside its words."""
        delta = {"annotations": annotations_of(answer), "footnote": footnote_of(answer)}
        return self.chunk(delta, finish_reason(answer))

    def usage_chunk(self, answer: Answer | None) -> dict[str, Any]:
        """Return the chunk with what an answer took, which has no words."""
        return self._of_stream(choices=[], usage=usage(answer))

    def draft_chunk(self, answer: Answer) -> dict[str, Any]:
        """Return a chunk with the draft of an answer: unchecked, and no part of the message."""
        return self._of_stream(choices=[], footnote={"state": answer.state, "draft": answer.answer})

    def _of_text(self, message: Mapping[str, Any], finish: str, used: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.index,
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
            "usage": used,
        }

    def _of_stream(self, **fields: Any) -> dict[str, Any]:
        kind = "chat.completion.chunk"
        return {"id": self.id, "object": kind, "created": self.created, "model": self.index, **fields}


def annotations_of(answer: Answer) -> list[dict[str, Any]]:
    """Return what each sentence of an answer cites, as OpenAI's annotations of the type ``url_citation``.

    Args:
        answer: The finished answer.

    Returns:
        One annotation a sentence and citation. ``start_index`` and ``end_index`` are the sentence's half-open range of
        the text, in code points; ``number``, ``source``, ``quote`` and ``page`` are Footnote's own.
    """
    cited = {citation.number: citation for citation in answer.citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": sentence.start,
                "end_index": sentence.end,
                "title": cited[number].title or cited[number].source,
                "url": address_of(answer.index.get("name", ""), cited[number]),
                "number": number,
                "source": cited[number].source,
                "quote": cited[number].quote,
                "page": cited[number].page,
            },
        }
        for sentence in answer.sentences
        for number in sentence.citations
        if number in cited
    ]


def address_of(index: str, citation: Citation) -> str:
    """Return an address of what is cited: its own where it is a page of the web, else a name with its place.

    Args:
        index: The name of the index.
        citation: What is cited.

    Returns:
        ``https://…``, or ``footnote:INDEX/SOURCE#char=START,END`` with the range of the source's text (RFC 5147).
    """
    if citation.source.startswith(("https://", "http://")):
        return citation.source
    return f"footnote:{quote(index)}/{quote(citation.source)}#char={citation.start},{citation.end}"


def footnote_of(answer: Answer) -> dict[str, Any]:
    """Return what stands beside the words of a finished answer; the fields are those of ``rag ask --json``."""
    fields = answer_json(answer)
    return {name: fields[name] for name in _FOOTNOTE_FIELDS}


def usage(answer: Answer | None) -> dict[str, Any]:
    """Return the tokens of the language models that an answer needed; zero where there was none."""
    used = Usage.of(answer.calls) if answer else Usage()
    return {
        "prompt_tokens": used.sent,
        "completion_tokens": used.written,
        "total_tokens": used.tokens,
        "completion_tokens_details": {"reasoning_tokens": used.thought},
    }


def finish_reason(answer: Answer) -> str:
    """Return why an answer ends: ``length`` where it was stopped before its end."""
    return "length" if any(notice.code == "answer-stopped" for notice in answer.notices) else "stop"


def final_pieces(answer: Answer, sent: str) -> Iterator[str]:
    """Yield what of an answer's text is final and was not sent yet, sentence by sentence.

    A draft has no sentences that were checked, and so nothing of it is final. What is checked while a model still
    writes stays as it is: the end of the answer only adds to it (see ``rag.answering.writers``).

    Args:
        answer: A snapshot.
        sent: What was sent.

    Yields:
        The pieces; joined to what was sent, they are the text.
    """
    if answer.state != "done" and not answer.sentences:
        return
    text = answer.answer
    if not text.startswith(sent):
        # Nothing that was sent can be taken back: the whole answer follows it.
        yield f"\n\n{text}"
        return
    for end in _ends(answer.sentences, len(text)):
        if end > len(sent):
            yield text[len(sent) : end]
            sent = text[:end]


def _ends(sentences: Sequence[Any], length: int) -> list[int]:
    """Return where the pieces of a text end: before each sentence but the first, and at its end."""
    return [*(sentence.start for sentence in sentences[1:]), length]
