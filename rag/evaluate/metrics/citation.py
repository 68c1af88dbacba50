"""Do the citations exist, quote exactly, and point where the evidence stands? Pure.

Owns: the measures of an answer's citations and sentences. Knows nothing about how they came about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.evaluate.metrics.retrieval import holds_evidence, needs_of
from rag.evaluate.metrics.table import Meaning, Measured, TextById
from rag.evaluate.types import GoldSpan
from rag.marks import shown_marks
from rag.types import Answer, LeftOut, Sentence, Verdict


class CitationMetric:
    """The citations against the gold evidence, and against the sources that they quote."""

    meanings: Mapping[str, Meaning] = {
        "citation_precision": Meaning("higher", "share of the citations that hold a gold place"),
        "citation_recall": Meaning("higher", "share of the gold places that are cited"),
        "pointer_validity": Meaning("higher", "share of the numbers used that name one citation inside its source"),
        "quote_fidelity": Meaning("higher", "share of the quotes that are the source's words, character for character"),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        """Return the four shares; the last two are None where the sources are not at hand."""
        values = citation_measures(measured.answer, measured.gold)
        if measured.failed and measured.gold:
            # It applies to any answer that cites, though an empty one does not.
            values["citation_precision"] = 0.0
        unchecked: dict[str, float | None] = {"pointer_validity": None, "quote_fidelity": None}
        return values | (fidelity_measures(measured.answer, measured.text_of) if measured.text_of else unchecked)


class SentencesMetric:
    """The sentences that claim something, and the claims that are not shown."""

    meanings: Mapping[str, Meaning] = {
        "sentences_cited": Meaning("higher", "share of the claiming sentences that cite"),
        "sentences_verified": Meaning("higher", "share of the claiming sentences that are verified"),
        "sentences_unsupported": Meaning("lower", "share of the claiming sentences that no source supports"),
        "sentences_contradicted": Meaning("lower", "share of the claiming sentences that a source contradicts"),
        "left_out_unsupported": Meaning(
            "lower", "share of all claims that are left out because no source supports them"
        ),
        "left_out_contradicted": Meaning(
            "lower", "share of all claims that are left out because a source says otherwise"
        ),
    }

    def measure(self, measured: Measured) -> dict[str, float | None]:
        """Return the shares; None without any such sentence or claim."""
        return sentence_measures(measured.answer)


def fidelity_measures(answer: Answer, text_of: TextById) -> dict[str, float | None]:
    """Measure whether the citations can be trusted; both figures of a sound answer are 1.

    pointer_validity: the share of the numbers used in the answer, its sentences and its citations that name exactly one
    citation, whose span lies in the text of its source. quote_fidelity: the share of citations whose quote is
    ``text[start:end]`` of their source, character for character.

    Args:
        answer: The answer with its citations.
        text_of: Returns the canonical text of a source by its id, or None.

    Returns:
        The two shares, 0…1; None where nothing is cited.
    """
    texts = {citation.source_id: text_of(citation.source_id) for citation in answer.citations}
    numbers = [citation.number for citation in answer.citations]
    used = {*shown_marks(answer.answer), *numbers}
    used |= {number for sentence in answer.sentences for number in sentence.citations}
    valid, exact = set(), 0
    for citation in answer.citations:
        text = texts[citation.source_id]
        if text is None or not 0 <= citation.start < citation.end <= len(text):
            continue
        if numbers.count(citation.number) == 1:
            valid.add(citation.number)
        exact += text[citation.start : citation.end] == citation.quote
    return {
        "pointer_validity": len(valid) / len(used) if used else None,
        "quote_fidelity": exact / len(numbers) if numbers else None,
    }


def citation_measures(answer: Answer, gold: Sequence[GoldSpan]) -> dict[str, float | None]:
    """Measure how well the citations match the gold evidence.

    citation_precision: the share of citations that hold a gold span (at least half of the shorter of the two is
    shared). citation_recall: the share of gold spans that a citation holds; of alternatives any one does.

    Args:
        answer: The answer with its citations.
        gold: The gold spans of the case; repeated ones count once.

    Returns:
        The two shares, 0…1; both None without gold, and the precision None without citations.
    """
    needs = needs_of(gold)
    if not needs:
        return {"citation_precision": None, "citation_recall": None}
    right = sum(any(holds_evidence(citation, span) for span in gold) for citation in answer.citations)
    cited = sum(any(holds_evidence(citation, span) for span in need for citation in answer.citations) for need in needs)
    return {
        "citation_precision": right / len(answer.citations) if answer.citations else None,
        "citation_recall": cited / len(needs),
    }


def sentence_measures(answer: Answer) -> dict[str, float | None]:
    """Measure the verdicts of an answer.

    Args:
        answer: The answer with its sentences and what is left out of it.

    Returns:
        ``sentences_…`` as shares of the sentences that claim something, ``left_out_…`` as shares of these and of the
        claims that are not shown; None without any.
    """
    shown = [sentence for sentence in answer.sentences if sentence.verdict != "not a claim"]
    written = len(shown) + len(answer.left_out)
    return {
        "sentences_cited": _share(sum(bool(claim.citations) for claim in shown), len(shown)),
        "sentences_verified": _share(_count(shown, "verified"), len(shown)),
        "sentences_unsupported": _share(_count(shown, "unsupported"), len(shown)),
        "sentences_contradicted": _share(_count(shown, "contradicted"), len(shown)),
        "left_out_unsupported": _share(_count(answer.left_out, "unsupported"), written),
        "left_out_contradicted": _share(_count(answer.left_out, "contradicted"), written),
    }


def _count(judged: Sequence[Sentence | LeftOut], verdict: Verdict) -> int:
    return sum(one.verdict == verdict for one in judged)


def _share(count: int, total: int) -> float | None:
    return count / total if total else None
