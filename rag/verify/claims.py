"""Turn a model's text with ``[n]`` marks into sentences with numbered, exact citations. Pure.

Owns: reading marks, narrowing a mark to the sentences of the source that support it, numbering, and the text that is
shown. Knows nothing about retrieval or models.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.marks import EVIDENCE_MARK, mark_numbers
from rag.text import sentences, trim
from rag.types import Span, Verdict
from rag.verify.align import shared_parts
from rag.verify.reading import parse_text
from rag.verify.verdict import Check, Entailment, check_sentence

# More spans than this behind one sentence help nobody.
_SPANS_A_SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a model's text without its marks, and the evidence numbers it was marked with.

    ``before`` is the white space that stood before it: paragraphs and list items stay apart. ``start`` and ``end``
    slice the text it was read from, marks inside it included.
    """

    text: str
    marks: tuple[int, ...]
    before: str = ""
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


def read_claims(text: str, known: int) -> list[Claim]:
    """The sentences of a model's text. Marks that name no evidence (1…``known``) are dropped.

    A mark belongs to the sentence it stands in, or to the one it follows.
    """
    plain: list[str] = []
    # Where each piece stands in the plain text, and where it stood.
    moved: list[tuple[int, int]] = []
    marks: list[tuple[int, tuple[int, ...]]] = []
    position = length = 0
    for match in EVIDENCE_MARK.finditer(text):
        piece = text[position : match.start()].rstrip(" ")
        moved.append((length, position))
        plain.append(piece)
        length += len(piece)
        numbers_ = tuple(n for n in mark_numbers(match.group(1)) if 1 <= n <= known)
        marks.append((length, numbers_))
        position = match.end()
    moved.append((length, position))
    plain.append(text[position:])
    body = "".join(plain)

    def original(at: int) -> int:
        here, there = moved[bisect_right(moved, at, key=lambda pair: pair[0]) - 1]
        return there + at - here

    # A mark behind a full stop ends a sentence, whatever the splitter thinks of the word before it.
    cuts = [at for at, _ in marks if at and body[at - 1] in ".!?…。！？"]
    spans = [piece for start, end in _lines(body, cuts) for piece in sentences(body, start, end)]
    starts = [start for start, _ in spans]
    named: list[list[int]] = [[] for _ in spans]
    for at, found in marks:
        earlier = bisect_left(starts, at)
        # A mark that opens a line speaks of what follows it.
        owner = earlier if at and body[at - 1] == "\n" and earlier < len(spans) else max(0, earlier - 1)
        if spans:
            named[owner].extend(found)
    ends = [0, *(end for _, end in spans)]
    return [
        Claim(body[start:end], tuple(dict.fromkeys(found)), body[before:start], original(start), original(end - 1) + 1)
        for (start, end), found, before in zip(spans, named, ends, strict=False)
    ]


def _lines(text: str, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """The lines of a text, also cut at ``cuts``, as trimmed spans."""
    ends = sorted({*cuts, *(match.start() for match in re.finditer("\n", text)), len(text)})
    spans = (trim(text, start, end) for start, end in zip([0, *ends], ends, strict=False))
    return [span for span in spans if span[0] < span[1]]


def supporting_spans(claim: str, candidates: Sequence[Span], limit: int = _SPANS_A_SENTENCE) -> list[Span]:
    """The fewest candidate spans that hold most of the claim; empty when none holds any of it.

    Greedy cover: each next span must add at least a fifth of the claim's words, numbers and dates.
    """
    wanted = parse_text(claim)
    total = len(shared_parts(wanted, wanted))
    if not total:
        return []
    held = [shared_parts(wanted, parse_text(span.quote)) for span in candidates]
    chosen: list[int] = []
    covered: set[object] = set()
    while len(chosen) < limit:
        gains = [len(parts - covered) for parts in held]
        best = max(range(len(candidates)), key=lambda i: (gains[i], -i), default=-1)
        if best < 0 or gains[best] == 0 or (chosen and gains[best] < 0.2 * total):
            break
        chosen.append(best)
        covered |= held[best]
    return [candidates[i] for i in sorted(chosen)]


def check_claim(
    claim: Claim, evidence: Sequence[Span], everything: Sequence[Span], opinion: Entailment | None = None
) -> tuple[list[Span], Verdict, str]:
    """The spans that support a claim, its verdict and the reason.

    A marked claim is checked against the spans it names, an unmarked one against all evidence. Where the named spans do
    not carry all of it, the model may have named the wrong place, or not all of them: the spans that do are cited.
    """
    named = [evidence[number - 1] for number in claim.marks]
    spans = supporting_spans(claim.text, named or everything)
    result = _check(claim.text, spans, opinion)
    if result.verdict not in ("verified", "not a claim") and named:
        for pool in ([*spans, *everything], everything):
            other = supporting_spans(claim.text, list(dict.fromkeys(pool)))
            second = _check(claim.text, other, opinion)
            if _RANK[second.verdict] > _RANK[result.verdict]:
                spans, result = other, second
    if result.verdict in ("unsupported", "not a claim"):
        spans = []
    return spans, result.verdict, result.reason


_RANK: dict[Verdict, int] = {"unsupported": 0, "not a claim": 0, "partly": 1, "verified": 2}


def _check(text: str, spans: Sequence[Span], opinion: Entailment | None) -> Check:
    titles = dict.fromkeys(span.title for span in spans)
    columns = dict.fromkeys(span.header for span in spans)
    return check_sentence(text, [span.quote for span in spans], " ".join(titles), opinion, " ".join(columns).strip())
