"""Check any text against any sources, sentence by sentence.

Owns: finding the places of a source that a sentence could rest on. Knows nothing about indexes or models: a team can
check what another tool wrote.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log
from typing import Any

from rag.text import query_terms, terms, units
from rag.types import Block, Citation, Document, Sentence, Span, Verdict, page_of
from rag.verify.claims import Claim, check_claim, read_claims

# Places of the sources that a sentence is compared with word by word, chosen by the words they share.
_CANDIDATES = 40
# Places that are weighed for a sentence, repeats counted.
_MOST_LOOKED_AT = 5000
VERDICTS: tuple[Verdict, ...] = ("verified", "partly", "unsupported", "not a claim")


@dataclass(frozen=True, slots=True)
class Verification:
    """The sentences of a text with their verdicts; ``start`` and ``end`` slice the text. Citations count from 1."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(sentence.verdict == verdict for sentence in self.sentences)

    def as_json(self) -> dict[str, Any]:
        return {
            "sentences": [asdict(sentence) for sentence in self.sentences],
            "citations": [asdict(citation) for citation in self.citations],
            **{verdict.replace(" ", "_"): self.count(verdict) for verdict in VERDICTS},
        }


def verify_text(text: str, sources: Mapping[str, Document | str]) -> Verification:
    """Say of each sentence of ``text`` which words of the sources support it.

    ``sources`` are documents, or plain texts, by name. Marks such as ``[1]`` in the text are left aside: whose they are
    is not known. A sentence is checked against the places of all sources that share most with it.
    """
    places = _Places([span for name, source in sources.items() for span in _spans(name, source)])
    numbers: dict[Span, int] = {}
    checked: list[Sentence] = []
    for claim in read_claims(text, 0):
        spans, verdict, reason = check_claim(Claim(claim.text, ()), (), places.near(claim.text))
        cited = tuple(numbers.setdefault(span, len(numbers) + 1) for span in spans)
        checked.append(Sentence(text[claim.start : claim.end], claim.start, claim.end, verdict, cited, reason))
    citations = tuple(Citation.of(number, span) for span, number in numbers.items())
    return Verification(tuple(checked), citations)


class _Places:
    """The sentences of all sources, found by the stems they hold; a rare stem counts more."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, span in enumerate(spans):
            for stem in dict.fromkeys(terms(span.quote)):
                self._holders[stem].append(number)

    def near(self, sentence: str) -> list[Span]:
        """The places that share most with a sentence, in the order of the sources."""
        shared: dict[int, float] = defaultdict(float)
        looked_at = 0
        # The rarest stems first: what nearly every place holds tells little, and takes long.
        for holders in sorted(
            (self._holders[stem] for stem in query_terms(sentence) if stem in self._holders), key=len
        ):
            if looked_at and looked_at + len(holders) > _MOST_LOOKED_AT:
                break
            looked_at += len(holders)
            for number in holders:
                shared[number] += log(1 + len(self._spans) / len(holders))
        best = sorted(shared, key=lambda number: (-shared[number], number))[:_CANDIDATES]
        return [self._spans[number] for number in sorted(best)]


def _spans(name: str, source: Document | str) -> list[Span]:
    if isinstance(source, str):
        source = Document(source, "", "text/plain", (Block(0, len(source), "paragraph"),))
    source_id = hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest()
    return [
        Span(
            name,
            source_id,
            source.title,
            start,
            end,
            source.text[start:end],
            page_of(source.pages, start),
            block.header,
        )
        for block in source.blocks
        if block.kind not in ("heading", "margin")
        for start, end in units(source.text, block)
    ]
