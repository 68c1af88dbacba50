"""Check any text against any sources, sentence by sentence. Pure.

Owns: finding the spans of the sources that a sentence could rest on, by the words they share. Knows nothing about
stored indexes or models: a team can check what another tool wrote.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log
from typing import Any

from rag.text import query_terms, split_block, terms
from rag.types import Block, Citation, Document, LeftOut, Sentence, Span, Verdict, page_of
from rag.verify.checker import Checker, ClaimToCheck
from rag.verify.claims import read_claims

# Cap on the spans that a sentence is compared with word by word.
_MAX_CANDIDATES = 40
# Cap on the spans that are scored for a sentence, counted once for each stem they share with it.
_MAX_SCORED = 5000
VERDICTS: tuple[Verdict, ...] = ("verified", "partly", "unsupported", "not a claim")


@dataclass(frozen=True, slots=True)
class Verification:
    """The sentences of a text with their verdicts; ``start`` and ``end`` slice the text. Citations count from 1."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]

    def count(self, verdict: Verdict) -> int:
        """Return how many sentences have a verdict."""
        return sum(sentence.verdict == verdict for sentence in self.sentences)

    def as_json(self) -> dict[str, Any]:
        """Return the sentences, the citations and the count of each verdict, as JSON values."""
        return {
            "sentences": [
                {**asdict(sentence), "reason": sentence.reason.as_json() if sentence.reason else None}
                for sentence in self.sentences
            ],
            "citations": [asdict(citation) for citation in self.citations],
            **{verdict.replace(" ", "_"): self.count(verdict) for verdict in VERDICTS},
        }


def verify_text(text: str, sources: Mapping[str, Document | str], checker: Checker) -> Verification:
    """Say of each sentence of a text which words of the sources support it.

    A sentence is checked against the spans of all sources that share most with it.

    Args:
        text: The text. Marks such as ``[1]`` in it are left aside, since what they cite is not known.
        sources: Documents, or plain texts, by name.
        checker: What checks the sentences.

    Returns:
        The sentences with their verdicts, and the spans they cite.
    """
    index = _SpanIndex([span for name, source in sources.items() for span in _spans(name, source)])
    claims = read_claims(text, 0)
    to_check = [ClaimToCheck(claim.text, (), tuple(index.most_similar(claim.text))) for claim in claims]
    numbers: dict[Span, int] = {}
    checked: list[Sentence] = []
    for claim, judgement in zip(claims, checker.check(to_check), strict=True):
        cited = tuple(numbers.setdefault(span, len(numbers) + 1) for span in judgement.spans)
        verdict = judgement.verdict or "unsupported"
        sentence = text[claim.start : claim.end]
        checked.append(Sentence(sentence, claim.start, claim.end, verdict, cited, judgement.reason))
    citations = tuple(Citation.of(number, span) for span, number in numbers.items())
    return Verification(tuple(checked), citations)


def reason_codes(checked: Iterable[Sentence | LeftOut]) -> tuple[str, ...]:
    """Return the code of each reason, in order: the id of a rule, or what else a verdict goes by."""
    return tuple(sentence.reason.code for sentence in checked if sentence.reason)


class _SpanIndex:
    """The sentences of all sources by the stems they hold; the score of a shared stem is its inverse frequency."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._numbers_by_stem: dict[str, list[int]] = defaultdict(list)
        for number, span in enumerate(spans):
            for stem in dict.fromkeys(terms(span.quote)):
                self._numbers_by_stem[stem].append(number)

    def most_similar(self, sentence: str) -> list[Span]:
        """Return the spans that share most with a sentence, at most forty, in the order of the sources."""
        scores: dict[int, float] = defaultdict(float)
        scored = 0
        stems = [stem for stem in query_terms(sentence) if stem in self._numbers_by_stem]
        # The rarest stems first: what nearly every span holds tells little, and takes long.
        for numbers in sorted((self._numbers_by_stem[stem] for stem in stems), key=len):
            if scored and scored + len(numbers) > _MAX_SCORED:
                break
            scored += len(numbers)
            for number in numbers:
                scores[number] += log(1 + len(self._spans) / len(numbers))
        best = sorted(scores, key=lambda number: (-scores[number], number))[:_MAX_CANDIDATES]
        return [self._spans[number] for number in sorted(best)]


def _spans(name: str, source: Document | str) -> list[Span]:
    """Return the sentences, list items and table rows of a source, headings and margins left out."""
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
        for start, end in split_block(source.text, block)
    ]
