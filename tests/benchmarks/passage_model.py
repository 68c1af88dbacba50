"""A strong model that is a script: it answers from the passages of its prompt, with their own sentences and numbers.

It stands for a good model that keeps to the evidence, so that what the product itself refuses or strikes can be counted
without one. It says that the evidence does not hold the answer only where that lacks most words of what the question is
about; "the speech" and "these documents" are whatever it is given.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.prompts import SENTINEL
from rag.question.reading import read_question
from rag.text import query_terms, sentences, terms

_BLOCK = re.compile(r"^\[(\d+)\] \([^\n]*\)\n(.*?)(?=^\[\d+\] \(|^</evidence>)", re.M | re.S)
_ASKED = re.compile(r"^Question: (.*)\Z", re.M | re.S)
# Sentences that it writes where the question asks for no number of them.
_SENTENCES = 5
_SHORTEST = 5
_WORDS_FOR_DOCUMENTS = frozenset(
    terms("document documents speech report article articles file page pages handbook chapter das kapitel zur")
)


@dataclass
class PassageModel:
    """Writes the sentences of its evidence that share most words with the question, at most one a passage."""

    name: str = "passages"
    context_window: int = 16_000
    weak: bool = False
    likelihood: None = None

    def count_tokens(self, text: str) -> int:
        return len(text) // 4

    def stream(
        self,
        messages: Sequence[Any],
        max_tokens: int,
        stop: Sequence[str] = (),
        cancel: threading.Event | None = None,
        purpose: str = "",
    ) -> Iterator[str]:
        prompt = messages[-1].content
        asked = _ASKED.search(prompt)
        if asked is None:
            # A helper call, such as one that rewrites a question.
            return
        question, *_ = asked.group(1).split("\n")
        wanted = set(query_terms(question))
        best = []
        for number, text in _BLOCK.findall(prompt):
            found = [text[start:end] for start, end in sentences(text)]
            found = [one for one in found if len(one.split()) >= _SHORTEST and not one.rstrip().endswith("?")]
            if found:
                sentence = max(found, key=lambda one: len(wanted & set(terms(one))))
                best.append((len(wanted & set(terms(sentence))), -int(number), number, sentence))
        length = read_question(asked.group(1).replace("\n", " ")).sentences or _SENTENCES
        chosen = sorted(best, reverse=True)[:length]
        read = read_question(question)
        topic = read.topic if read.kind in ("summary", "overview", "list") else question
        about = set(query_terms(topic)) - _WORDS_FOR_DOCUMENTS if topic else set()
        given = {stem for _, text in _BLOCK.findall(prompt) for stem in terms(text)}
        if 2 * len(about & given) < len(about):
            yield SENTINEL
            return
        for _, _, number, sentence in chosen:
            words = " ".join(sentence.split()).rstrip(" .:;")
            yield f"{words} [{number}]. "

    def close(self) -> None:
        return None
