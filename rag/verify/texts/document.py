"""Check any text against any sources, sentence by sentence. Pure.

Owns: what the marks of a text name, which evidence each of its sentences is checked against, and the result. Knows
nothing about stored indexes or models: a team can check what another tool wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rag.marks import PlainText, read_plain_marks
from rag.notices import Notice
from rag.text import trim
from rag.types import Citation, Document, LeftOut, Sentence, Span, Verdict
from rag.verify.checker import Checker, ClaimToCheck, Judgement
from rag.verify.claims import Claim, read_claims
from rag.verify.texts.source_index import SourceIndex
from rag.verify.texts.source_list import NamedSources, SourceNames, blanked, read_source_list

VERDICTS: tuple[Verdict, ...] = ("verified", "partly", "unsupported", "contradicted", "not a claim")
# Marks of three digits and fewer are read; what they name is looked up.
_HIGHEST_MARK = 999
# Pieces of evidence that sentences are checked against together, in one call of a judge.
_MOST_PIECES = 24
# Sentences that are checked together.
_MOST_SENTENCES = 60
# Pieces around what is most similar to a sentence: in each source that it names, or in all; and beside those that it
# names in all the others, since a mark may be wrong.
_PIECES_OF_SENTENCE, _PIECES_BESIDE = 3, 1
# Where sentences that are checked together share more spans than this, each is compared with those of its own pieces.
_MOST_SHARED = 200


@dataclass(frozen=True, slots=True)
class Verification:
    """The sentences of a text with their verdicts.

    Attributes:
        sentences: In order; ``start`` and ``end`` slice the text. The lines of its list of sources are no claims.
        citations: What supports them, counted from 1.
        notices: Marks that name nothing, and checkers that failed.
    """

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    notices: tuple[Notice, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """Return how many sentences have a verdict."""
        return sum(sentence.verdict == verdict for sentence in self.sentences)

    def as_json(self) -> dict[str, Any]:
        """Return the sentences, the citations, the notices and the count of each verdict, as JSON values."""
        return {
            "sentences": [
                {**asdict(sentence), "reason": sentence.reason.as_json() if sentence.reason else None}
                for sentence in self.sentences
            ],
            "citations": [asdict(citation) for citation in self.citations],
            "notices": [notice.as_json() for notice in self.notices],
            **{verdict.replace(" ", "_"): self.count(verdict) for verdict in VERDICTS},
        }


def verify_text(
    text: str, sources: Mapping[str, Document | str] | SourceIndex, checker: Checker, *, cited_only: bool = False
) -> Verification:
    """Say of each sentence of a text which words of the sources support it.

    A sentence is checked first against the sources that its marks name, then against all. ``[n]`` names the source
    that the list of sources at the end of the text has under that number, else the n-th of the given ones.

    Args:
        text: The text.
        sources: Documents, or plain texts, by name; or an index of them, to check several texts against.
        checker: What checks the sentences.
        cited_only: Whether a sentence whose marks name sources is checked against these alone, so that its verdict says
            what its own citations are worth. A judge is then asked once for each run of sentences with the same marks.

    Returns:
        The sentences with their verdicts, the spans they cite, and what must be told beside them.
    """
    index = sources if isinstance(sources, SourceIndex) else SourceIndex(sources)
    names = SourceNames(index.titles)
    listed = read_source_list(text, names)
    plain = read_plain_marks(blanked(text, listed.lines), listed.entries.keys())
    named = NamedSources(listed, names)
    read = read_claims(plain.text, _HIGHEST_MARK)
    claims = [claim for claim in read if claim.states]
    judgements = [
        judgement
        for batch in _batches(list(_searches(claims, named, index, cited_only)), cited_only)
        for judgement in checker.check(_to_check(batch, index))
    ]
    numbers: dict[Span, int] = {}
    checked = [
        _sentence(text, plain, claim, judgement, numbers) for claim, judgement in zip(claims, judgements, strict=True)
    ]
    silent = [plain.written_span(claim.start, claim.end) for claim in read if not claim.states]
    checked.extend(_no_claim(text, *part) for part in [*silent, *listed.lines])
    failures = dict.fromkeys(failure for judgement in judgements for failure in judgement.failures)
    nameless = sorted({number for claim in claims for number in claim.marks if not named.of(number)})
    return Verification(
        tuple(sorted(checked, key=lambda sentence: sentence.start)),
        tuple(Citation.of(number, span) for span, number in numbers.items()),
        (*([Notice("mark-names-nothing", {"marks": nameless})] if nameless else []), *failures),
    )


def reason_codes(checked: Iterable[Sentence | LeftOut]) -> tuple[str, ...]:
    """Return the code of each reason, in order: the id of a rule, or what else a verdict goes by."""
    return tuple(sentence.reason.code for sentence in checked if sentence.reason)


@dataclass(frozen=True, slots=True)
class _Search:
    """What the sources hold that bears on one sentence.

    Attributes:
        sentence: The sentence, without marks.
        head: The head of the table that it is a row of; "" for none.
        sources: The sources that its marks name.
        named: The numbers of the spans of these that are most similar to it.
        anywhere: The numbers of the spans of all sources that are.
        pieces: The numbers of the pieces that they stand in.
    """

    sentence: str
    head: str
    sources: tuple[str, ...]
    named: tuple[int, ...]
    anywhere: tuple[int, ...]
    pieces: tuple[int, ...]


def _searches(claims: Sequence[Claim], marks: NamedSources, index: SourceIndex, cited_only: bool) -> Iterator[_Search]:
    """Find for each claim what may support it: first in the sources that its marks name, then, if wanted, in all."""
    for claim in claims:
        sources = tuple(dict.fromkeys(source for number in claim.marks for source in marks.of(number)))
        anywhere = [] if cited_only and sources else index.most_similar(claim.text)
        by_source = [index.most_similar(claim.text, source) for source in sources]
        around = [index.pieces_of(spans, _PIECES_OF_SENTENCE) for spans in by_source]
        around.append(index.pieces_of(anywhere, _PIECES_BESIDE if any(around) else _PIECES_OF_SENTENCE))
        # The best piece of each source comes before the second of any.
        in_turn = [pieces[turn] for turn in range(_PIECES_OF_SENTENCE) for pieces in around if turn < len(pieces)]
        yield _Search(
            claim.text,
            claim.head,
            sources,
            tuple(number for spans in by_source for number in spans),
            tuple(anywhere),
            tuple(dict.fromkeys(in_turn))[:_MOST_PIECES],
        )


def _batches(searches: Sequence[_Search], cited_only: bool) -> Iterator[list[_Search]]:
    """Cut the sentences of a long text into runs, each with so few pieces of evidence that a judge can read them.

    Where only cited sources count, sentences of one run cite the same ones: they share their evidence.
    """
    batch: list[_Search] = []
    pieces: set[int] = set()
    for search in searches:
        is_full = len(pieces.union(search.pieces)) > _MOST_PIECES or len(batch) == _MOST_SENTENCES
        if batch and (is_full or (cited_only and search.sources != batch[0].sources)):
            yield batch
            batch, pieces = [], set()
        batch.append(search)
        pieces.update(search.pieces)
    if batch:
        yield batch


def _to_check(batch: Sequence[_Search], index: SourceIndex) -> list[ClaimToCheck]:
    """Return sentences with the evidence that they share."""
    pieces = sorted({piece for search in batch for piece in search.pieces})
    evidence = index.evidence(pieces)
    shared = index.spans_of_pieces(pieces)

    def compared(search: _Search) -> set[int]:
        spans = shared if len(shared) <= _MOST_SHARED else index.spans_of_pieces(search.pieces)
        return spans.union(search.named, search.anywhere)

    return [
        ClaimToCheck(
            search.sentence,
            index.spans(search.named),
            index.spans(compared(search)),
            marks=tuple(n for n, piece in enumerate(pieces, 1) if index.source_of_piece(piece) in search.sources),
            evidence=evidence,
            head=search.head,
        )
        for search in batch
    ]


def _sentence(text: str, plain: PlainText, claim: Claim, judgement: Judgement, numbers: dict[Span, int]) -> Sentence:
    """Return a claim as it was written, with its verdict; the spans that it cites are numbered."""
    start, end = plain.written_span(claim.start, claim.end)
    cited = tuple(numbers.setdefault(span, len(numbers) + 1) for span in judgement.spans)
    return Sentence(text[start:end], start, end, judgement.verdict or "unsupported", cited, judgement.reason)


def _no_claim(text: str, start: int, end: int) -> Sentence:
    start, end = trim(text, start, end)
    return Sentence(text[start:end], start, end, "not a claim")
