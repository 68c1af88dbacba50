"""What is wrong with a suite before it is run.

Owns: the checks of a suite against its corpus and of its cases against each other. Knows nothing about runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluate.metrics.answer import contains
from rag.evaluate.metrics.numbers import states_number
from rag.evaluate.statistics import smallest_detectable_change
from rag.evaluate.suite.file import corpus_hash
from rag.evaluate.suite.generate import DRAFT_TAG
from rag.evaluate.suite.gold_evidence import Documents, documents_of, explain_missing, locate_everywhere
from rag.evaluate.suite.schema import pattern_error
from rag.evaluate.types import Case, Suite
from rag.store.index import Index
from rag.text import normalise, words
from rag.verify.verdict import check_sentence, normalised_numbers

Severity = Literal["error", "warning", "note"]

# Questions whose words are this much alike (0…100) and whose numbers are the same ask for the same.
_ALIKE = 92
# Every question is compared with every other: more than this many take minutes.
_MOST_COMPARED = 5000
# Fewer cases than this give intervals too wide to act on.
_FEW = 30
# The share of cases on which two runs differ, which the smallest detectable difference depends on.
_DISCORDANT = 0.1
_PATTERN_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in one sentence. ``where`` is ``file:line`` (or the file); ``case`` an id, empty for the suite.

    An error makes figures wrong, a warning makes them doubtful, a note is good to know.
    """

    severity: Severity
    where: str
    case: str
    text: str


def lint(suite: Suite, index: Index) -> list[Problem]:
    """What is wrong with a suite whose corpus is in ``index``: by case in the order of the suite, then as a whole."""
    documents = documents_of(index)
    twins = _near_duplicates(suite.cases)
    expecting = any(_expects(case) for case in suite.cases)
    found: list[Problem] = []
    for case in suite.cases:
        findings = [*_form(case, expecting), *_evidence(case, documents)]
        if twin := twins.get(case.id):
            findings.append(("warning", f"asks nearly the same as case {twin!r}; remove one or make them differ."))
        where = suite.where.get(case.id, str(suite.path))
        found += [Problem(severity, where, case.id, text) for severity, text in findings]
    return found + [Problem(severity, str(suite.path), "", text) for severity, text in _whole(suite)]


def _expects(case: Case) -> list[str]:
    """The fields by which a case expects something of the words of an answer."""
    return [name for name in ("answers", "numeric", "pattern", "must_include") if getattr(case, name)]


def _form(case: Case, expecting: bool) -> Iterator[tuple[Severity, str]]:
    """What a case says about itself that cannot be meant together; ``expecting`` is whether any case expects words."""
    given = _expects(case)
    if not case.answerable:
        if given:
            yield "error", f"is not answerable and has {given[0]!r}; remove it, or 'answerable: false'."
        if case.evidence:
            yield "warning", "is not answerable and has evidence, which is not used; remove it."
    elif not given:
        if expecting:
            yield "warning", "expects nothing of the answer, so only its citations are measured; add 'answers'."
    elif case.match == "numeric" and not case.numeric:
        yield "error", "has match 'numeric' and no number; add 'numeric: {value: …}'."
    elif case.match == "regex" and not case.pattern:
        yield "error", "has match 'regex' and no 'pattern'; add one."
    elif case.match in ("f1", "em", "contains") and not case.answers and given != ["must_include"]:
        other = "numeric" if case.numeric else "regex"
        yield (
            "warning",
            f"has match {case.match!r} and no 'answers', so it is not compared; write 'match: {other}'.",
        )
    if case.answerable and not case.evidence:
        yield "warning", "has no evidence, so neither retrieval nor citations are measured; add 'evidence'."
    if case.history and case.history[-1].role == "user":
        yield "warning", "has a history that ends with the user's words; end it with the assistant's answer."
    if case.pattern and (fault := _pattern_fault(case.pattern)):
        yield "error", fault


def _pattern_fault(pattern: str) -> str:
    """Why a regular expression cannot be used. It is tried on texts that make nested repeats take for ever."""
    import regex

    if fault := pattern_error(pattern):
        return f"has a pattern that is no regular expression ({fault}); correct it."
    compiled = regex.compile(pattern)
    letters = list(dict.fromkeys(re.findall(r"\w", pattern)))[:5]
    for unit in [*letters, "a", "1", " ", "a ", "".join(letters) or "x"]:
        try:
            compiled.search(unit * 5000 + "\n!", timeout=_PATTERN_SECONDS)
        except TimeoutError:
            return "has a pattern that takes too long on a long text; avoid repeats within repeats."
    return ""


def _evidence(case: Case, documents: Documents) -> Iterator[tuple[Severity, str]]:
    """Evidence that cannot be found, that may stand in several places, or that does not hold the answer."""
    quotes: list[str] = []
    lost = False
    for number, anchor in enumerate(case.evidence):
        document = documents(anchor.source)
        found = locate_everywhere(anchor, document) if document else []
        if document is None or not found:
            lost = True
            yield "error", f"evidence[{number}]: {explain_missing(anchor, document)}"
            continue
        quotes.append(document.text[found[0].start : found[0].end])
        if len(found) > 1:
            remedy = "add 'page', or use 'start' and 'end'." if document.pages else "quote more words."
            count = f"{len(found)} times in {anchor.source}"
            yield "warning", f"evidence[{number}]: the quote stands {count} and the first is taken; {remedy}"
    if case.answerable and quotes and not lost and not _answered(case, quotes):
        yield "warning", "has an answer that does not stand in its evidence; add evidence or correct the answer."


def _answered(case: Case, quotes: Sequence[str]) -> bool:
    """Whether the evidence states what the case expects, as far as its comparison looks at it."""
    evidence = "\n".join(quotes)
    if case.match == "numeric" and case.numeric:
        return states_number(evidence, case.numeric)
    if not case.answers:
        return True
    if case.match == "f1":
        return any(check_sentence(answer, quotes).verdict != "unsupported" for answer in case.answers)
    return any(contains(evidence, answer) for answer in case.answers)


def _near_duplicates(cases: Sequence[Case]) -> dict[str, str]:
    """For each case that asks nearly what an earlier one asks, that one's id. Follow-ups differ by their history."""
    import numpy as np
    from rapidfuzz import fuzz, process

    asked = [" ".join(words(case.question)) for case in cases]
    before = [tuple(normalise(turn.content) for turn in case.history) for case in cases]
    twins: dict[str, str] = {}
    if len(cases) > _MOST_COMPARED:
        first: dict[tuple[str, tuple[str, ...]], str] = {}
        for case, question, history in zip(cases, asked, before, strict=True):
            earlier = first.setdefault((question, history), case.id)
            if earlier != case.id:
                twins[case.id] = earlier
        return twins
    for begin in range(0, len(cases), 500):
        part = asked[begin : begin + 500]
        scores = process.cdist(part, asked, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE, dtype=np.uint8)
        for row, column in np.argwhere(scores):
            this, other = begin + int(row), int(column)
            same = before[this] == before[other] and _same_details(cases[this].question, cases[other].question)
            if other < this and same:
                twins.setdefault(cases[this].id, cases[other].id)
    return twins


def _same_details(one: str, other: str) -> bool:
    """Whether two questions of nearly the same words name the same numbers: "in 2022" and "in 2023" do not."""
    return sorted(normalised_numbers(one)) == sorted(normalised_numbers(other))


def _whole(suite: Suite) -> Iterator[tuple[Severity, str]]:
    """What holds of the suite as a whole."""
    count = len(suite.cases)
    answerable = sum(case.answerable for case in suite.cases)
    if suite.corpus_sha256 and corpus_hash(suite.corpus) != suite.corpus_sha256:
        yield (
            "warning",
            "the corpus is not the one the suite was written for; look over the cases, then correct 'corpus.sha256'.",
        )
    if drafts := sum(DRAFT_TAG in case.tags for case in suite.cases):
        yield "warning", f"{_cases(drafts)} still marked as draft; look over each and remove the tag {DRAFT_TAG!r}."
    if not any(_expects(case) for case in suite.cases):
        yield "note", "no case expects words of an answer, so only retrieval, citations and refusals are measured."
    if answerable == count:
        yield "warning", "no case is unanswerable, so nothing shows whether answers are made up; add some."
    elif not answerable:
        yield "warning", "no case is answerable, so refusing everything is perfect; add some."
    yield "note", f"{_cases(answerable)} answerable and {count - answerable} not."
    if count < _FEW:
        yield "warning", f"{_cases(count)} too few for narrow intervals; write at least {_FEW}."
    change = smallest_detectable_change(count, _DISCORDANT)
    yield (
        "note",
        f"{_cases(count)} enough to detect a change of {100 * change:.1f} points in a share "
        f"(power 80 %, level 5 %, where two runs differ on {100 * _DISCORDANT:.0f} % of the cases).",
    )


def _cases(count: int) -> str:
    return f"{count} case is" if count == 1 else f"{count} cases are"
