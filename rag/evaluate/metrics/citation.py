"""Do the citations exist, quote exactly, and point where the evidence stands? Pure.

Owns: the measures of an answer's citations and sentences. Knows nothing about how they came about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.evaluate.metrics.retrieval import holds_evidence
from rag.evaluate.types import GoldSpan
from rag.marks import SINGLE_MARK
from rag.types import Answer

# (source_id) → the canonical text of that document version, or None when there is none.
TextOf = Callable[[str], str | None]


def fidelity_measures(answer: Answer, text_of: TextOf) -> dict[str, float | None]:
    """Both must be 1; None where nothing is cited.

    pointer_validity: the share of the numbers used in the answer, its sentences and its citations that name exactly one
    citation, whose span lies in the text of its source. quote_fidelity: the share of citations whose quote is
    ``text[start:end]`` of their source, character for character.
    """
    texts = {citation.source_id: text_of(citation.source_id) for citation in answer.citations}
    numbers = [citation.number for citation in answer.citations]
    used = {int(mark) for mark in SINGLE_MARK.findall(answer.answer)} | set(numbers)
    used |= {number for sentence in answer.sentences for number in sentence.citations}
    standing, exact = set(), 0
    for citation in answer.citations:
        text = texts[citation.source_id]
        if text is None or not 0 <= citation.start < citation.end <= len(text):
            continue
        if numbers.count(citation.number) == 1:
            standing.add(citation.number)
        exact += text[citation.start : citation.end] == citation.quote
    return {
        "pointer_validity": len(standing) / len(used) if used else None,
        "quote_fidelity": exact / len(numbers) if numbers else None,
    }


def citation_measures(answer: Answer, gold: Sequence[GoldSpan]) -> dict[str, float | None]:
    """citation_precision: the share of citations that hold a gold place (at least half of the shorter of the two is
    shared); None without citations. citation_recall: the share of gold places that a citation holds."""
    places = list(dict.fromkeys(gold))
    if not places:
        return {"citation_precision": None, "citation_recall": None}
    right = sum(any(holds_evidence(citation, place) for place in places) for citation in answer.citations)
    cited = sum(any(holds_evidence(citation, place) for citation in answer.citations) for place in places)
    return {
        "citation_precision": right / len(answer.citations) if answer.citations else None,
        "citation_recall": cited / len(places),
    }


def sentence_measures(answer: Answer) -> dict[str, float | None]:
    """sentences_cited and sentences_verified: shares of the sentences that claim something; None without any."""
    claims = [sentence for sentence in answer.sentences if sentence.verdict != "not a claim"]
    if not claims:
        return {"sentences_cited": None, "sentences_verified": None}
    return {
        "sentences_cited": sum(bool(claim.citations) for claim in claims) / len(claims),
        "sentences_verified": sum(claim.verdict == "verified" for claim in claims) / len(claims),
    }
