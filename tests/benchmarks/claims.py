"""Measure the verdicts that need no judge on sentences of a strong model, judged by hand.

``python -m tests.benchmarks.claims`` prints the share of each verdict by style with its 95 % interval, the kinds of the
wrong sentences that are verified, and how long an answer takes. ``--half dev`` reads the questions that the rules may
be built on, ``held-out`` the others. ``--examples STYLE`` prints the sentences of a style with their verdicts instead.

``--set rewordings`` reads ``rewordings.jsonl`` beside this module instead: sentences of texts of SQuAD, ClapNQ, the
handbook and two quarterly reports, each text with true rewordings and with wrong ones in the source's words (roles
exchanged, another number, name or word, wider, another modality). They were written, and split by document, before the
rules of today. Of SQuAD and ClapNQ the file names the paragraph only, which is read from ``FOOTNOTE_DATA``.

A question or document is of the half to build on where the SHA-256 of its id is an even number.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.evaluate.statistics import wilson_interval
from rag.text import sentences
from rag.types import Span
from rag.verify.checker import ClaimToCheck, Judgement, NumberedEvidence
from rag.verify.claims import read_claims
from rag.verify.rule_checker import RuleChecker
from tests.benchmarks import data
from tests.benchmarks.support import detokenised

HALVES = ("dev", "held-out", "all")
STYLES = ("natural", "close", "wrong")
SETS = ("claims", "rewordings")
_CLAPNQ = "clapnq_dev_answerable.jsonl"
_REWORDINGS = Path(__file__).with_name("rewordings.jsonl")
_VERDICTS = ("verified", "partly", "unsupported", "contradicted", "not a claim")


@dataclass(frozen=True)
class Judged:
    """A sentence as a person and the rules judge it."""

    text: str
    style: str
    kind: str
    judgement: Judgement


def rows(half: str, of: str = "claims") -> list[dict[str, Any]]:
    """Return the questions of a half of a set, with their evidence and their sentences."""
    found = data.jsonl(data.folder("claims") / "claims.jsonl") if of == "claims" else _rewordings()
    return [row for row in found if half == "all" or is_for_building(row["id"]) == (half == "dev")]


def _rewordings() -> Iterator[dict[str, Any]]:
    """Yield the documents of ``rewordings.jsonl`` in the form of questions."""
    articles = json.loads((data.folder("squad2") / "dev-half.json").read_text("utf-8"))["data"]
    paragraphs = {article["title"]: [one["context"] for one in article["paragraphs"]] for article in articles}
    passages = {row["id"]: row["passages"][0] for row in data.jsonl(data.folder("clapnq") / _CLAPNQ)}
    for row in data.jsonl(_REWORDINGS):
        source = row["source"]
        if "text" in source:
            title, text = source["title"], source["text"]
        elif source["set"] == "squad2":
            title, text = source["document"].replace("_", " "), paragraphs[source["document"]][source["paragraph"]]
        else:
            title, text = source["document"], detokenised(passages[source["id"]]["text"])
        true = [
            {"text": one, "style": "close", "kind": "copy", "supported": True, "marks": [1]} for one in row["close"]
        ]
        wrong = [
            {"text": one, "style": "wrong", "kind": kind, "supported": False, "marks": [1]}
            for kind, one in row["wrong"]
        ]
        evidence = [{"number": 1, "head": title, "text": text}]
        yield {"id": row["id"], "question": title, "evidence": evidence, "sentences": [*true, *wrong]}


def is_for_building(question_id: str) -> bool:
    """Return whether the rules may be built on a question, which its id alone decides."""
    return int(hashlib.sha256(question_id.encode()).hexdigest(), 16) % 2 == 0


def numbered_evidence(row: Mapping[str, Any]) -> tuple[NumberedEvidence, ...]:
    """Return the evidence of a question, cut into the sentences and lines that can be cited."""
    return tuple(
        NumberedEvidence(piece["number"], piece["head"], piece["text"], tuple(_spans(piece)))
        for piece in row["evidence"]
    )


def _spans(piece: Mapping[str, Any]) -> Iterator[Span]:
    source, text = f"{piece['number']}.txt", piece["text"]
    for start, end in sentences(text):
        yield Span(source, source, piece["head"], start, end, text[start:end])


def claims_of(row: Mapping[str, Any]) -> list[ClaimToCheck]:
    """Return the sentences of a question as claims, each with the evidence that its marks name."""
    evidence = numbered_evidence(row)
    everything = tuple(span for piece in evidence for span in piece.spans)
    claims = []
    for sentence in row["sentences"]:
        marks = tuple(sentence["marks"])
        named = tuple(span for piece in evidence if piece.number in marks for span in piece.spans)
        text = " ".join(claim.text for claim in read_claims(sentence["text"], len(evidence)))
        claims.append(ClaimToCheck(text, named, everything, marks=marks, evidence=evidence))
    return claims


def judged(row: Mapping[str, Any], checker: RuleChecker) -> list[Judged]:
    """Return the sentences of a question with the verdicts of the rules."""
    claims = claims_of(row)
    return [
        Judged(claim.sentence, sentence["style"], sentence["kind"], judgement)
        for sentence, claim, judgement in zip(row["sentences"], claims, checker.check(claims), strict=True)
    ]


def share(count: int, total: int) -> str:
    """Return a share with its 95 % Wilson interval."""
    low, high = wilson_interval(count, total)
    return f"{count / total:.2f} ({low:.2f}–{high:.2f})"


def report(found: Sequence[Judged]) -> None:
    """Print the shares of verdicts by style, and the kinds of the wrong sentences that are verified."""
    for style in STYLES:
        verdicts = Counter(str(one.judgement.verdict) for one in found if one.style == style)
        total = verdicts.total()
        if not total:
            continue
        shares = (f"{verdict} {share(verdicts[verdict], total)}" for verdict in _VERDICTS if verdicts[verdict])
        print(f"{style:8} n = {total:3}  {', '.join(shares)}")
    verified = Counter(one.kind for one in found if one.style == "wrong" and one.judgement.verdict == "verified")
    print("wrong and verified:", ", ".join(f"{kind} {count}" for kind, count in verified.most_common()) or "none")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--set", choices=SETS, default="claims")
    arguments.add_argument("--half", choices=HALVES, default="dev")
    arguments.add_argument("--examples", choices=STYLES, help="print the sentences of a style")
    options = arguments.parse_args()
    chosen, checker = rows(options.half, options.set), RuleChecker()
    begin = time.process_time()
    answers = [judged(row, checker) for row in chosen]
    seconds = time.process_time() - begin
    found = [one for answer in answers for one in answer]
    if options.examples:
        for one in found:
            if one.style == options.examples:
                print(f"{one.judgement.verdict:12} {one.kind:9} {one.text}  [{one.judgement.reason}]")
        return
    report(found)
    milliseconds = 1000 * seconds / max(1, sum(map(bool, answers)))
    print(f"{milliseconds:.0f} ms of processor time an answer, {len(found)} sentences")


if __name__ == "__main__":
    main()
