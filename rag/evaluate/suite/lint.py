"""What is wrong with a suite before it is run.

Owns: the checks of a suite against its corpus and of its cases against each other. Knows nothing about runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evaluate.metrics.answer import contains
from rag.evaluate.metrics.numbers import states_number
from rag.evaluate.power import POWER, smallest_detectable_drop
from rag.evaluate.suite.elsewhere import Words, quoted_words, sources_of_quotes
from rag.evaluate.suite.file import corpus_hash
from rag.evaluate.suite.gold_evidence import (
    MOST_SPANS,
    Documents,
    documents_of,
    explain_missing,
    locate_everywhere,
    locate_first,
)
from rag.evaluate.suite.schema import pattern_error
from rag.evaluate.types import DRAFT_TAG, FEW_CASES, Case, GateRule, GoldEvidence, Suite
from rag.store.index import Index
from rag.text import normalise, words
from rag.verify.verdict import check_sentence, normalised_numbers

Severity = Literal["error", "warning", "note"]

# Likeness of the words (0…100) from which two questions ask for the same, if their numbers are the same.
_ALIKE = 92
# Questions up to which each is compared with every other; more take minutes.
_MOST_COMPARED = 5000
# Questions compared with all others at a time.
_BATCH = 500
# The share of cases on which two equal runs differ, which the smallest detectable drop depends on.
_DISCORDANT = 0.1
# Sources that a finding names.
_MOST_NAMED = 5
# Of the gate's rule for ``right`` unless the suite says otherwise.
_RIGHT = GateRule("right")
# Limit on trying a pattern on one text.
_PATTERN_SECONDS = 0.25

# A severity and a sentence, without the case that it is about.
Finding = tuple[Severity, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in one sentence.

    Attributes:
        severity: An error makes figures wrong, a warning makes them doubtful, a note is good to know.
        where: ``file:line``, or the file.
        case: The id of the case; empty for the suite.
        text: What is wrong, and what to do.
    """

    severity: Severity
    where: str
    case: str
    text: str


def lint_suite(suite: Suite, index: Index) -> list[Problem]:
    """Find what is wrong with a suite before it is run.

    Args:
        suite: The suite.
        index: The index of its corpus.

    Returns:
        The problems: by case in the order of the suite, then of the suite as a whole.
    """
    documents = documents_of(index)
    twins = _near_duplicates(suite.cases)
    some_expect_words = any(_expected_fields(case) for case in suite.cases)
    quotes = {case.id: _quotes_of(case, documents) for case in suite.cases if case.answerable}
    sources = sources_of_quotes((words for places in quotes.values() for words in places.values() if words), index)
    problems: list[Problem] = []
    for case in suite.cases:
        findings = [
            *_check_expectations(case, some_expect_words),
            *_check_evidence(case, documents),
            *_check_elsewhere(case, quotes.get(case.id, {}), sources),
        ]
        if twin := twins.get(case.id):
            findings.append(("warning", f"asks nearly the same as case {twin!r}; remove one or make them differ."))
        where = suite.where.get(case.id, str(suite.path))
        problems += [Problem(severity, where, case.id, text) for severity, text in findings]
    return problems + [Problem(severity, str(suite.path), "", text) for severity, text in _check_whole(suite)]


# -- one case ----------------------------------------------------------------------------------------------------------


def _expected_fields(case: Case) -> list[str]:
    """Return the fields by which a case expects something of the words of an answer."""
    names = ("answers", "numeric", "pattern", "must_include", "must_not_include")
    return [name for name in names if getattr(case, name)]


def _check_expectations(case: Case, some_expect_words: bool) -> Iterator[Finding]:
    """Yield what a case says about itself that cannot be meant together.

    ``some_expect_words`` is whether any case of the suite expects words of an answer; if none does, that is one note
    about the suite and no warning about each case.
    """
    expected = _expected_fields(case)
    if not case.answerable:
        if expected:
            yield "error", f"is not answerable and has {expected[0]!r}; remove it, or 'answerable: false'."
        if case.evidence:
            yield "warning", "is not answerable and has evidence, which is not used; remove it."
    elif case.small_talk:
        if expected or case.evidence:
            yield "error", "is small talk, which is right without citations, and expects an answer; remove one of them."
    elif not expected:
        if some_expect_words:
            measured = "only retrieval and citations are" if case.evidence else "nothing of it is"
            yield "warning", f"expects nothing of the answer, so {measured} measured; add 'answers'."
    else:
        yield from _check_match(case)
    if case.answerable and not case.evidence and not case.small_talk:
        yield "warning", "has no evidence, so neither retrieval nor citations are measured; add 'evidence'."
    if case.history and case.history[-1].role == "user":
        yield "warning", "has a history that ends with the user's words; end it with the assistant's answer."
    if case.pattern and (fault := _pattern_fault(case.pattern)):
        yield "error", fault


def _check_match(case: Case) -> Iterator[Finding]:
    """Yield a finding where the comparison of a case has nothing to compare with."""
    if case.match == "numeric":
        if not case.numeric:
            yield "error", "has match 'numeric' and no number; add 'numeric: {value: …}'."
    elif case.match == "regex":
        if not case.pattern:
            yield "error", "has match 'regex' and no 'pattern'; add one."
    elif not case.answers and (case.numeric or case.pattern):
        other, field = ("numeric", "number") if case.numeric else ("regex", "pattern")
        yield (
            "warning",
            f"has match {case.match!r} and no 'answers', so its {field} does not decide; write 'match: {other}'.",
        )


def _pattern_fault(pattern: str) -> str:
    """Return why a regular expression cannot be used; empty where it can.

    It is tried on texts that make repeats within repeats take for ever.
    """
    import regex

    if error := pattern_error(pattern):
        return f"has a pattern that is no regular expression ({error}); correct it."
    compiled = regex.compile(pattern)
    letters = list(dict.fromkeys(re.findall(r"\w", pattern)))[:5]
    for unit in [*letters, "a", "1", " ", "a ", "".join(letters) or "x"]:
        try:
            compiled.search(unit * 5000 + "\n!", timeout=_PATTERN_SECONDS)
        except TimeoutError:
            return "has a pattern that takes too long on a long text; avoid repeats within repeats."
    return ""


def _places(case: Case) -> Iterator[tuple[str, int, GoldEvidence]]:
    """Yield each place of a case's evidence: its name, the number of the evidence it is for, and the place."""
    for number, evidence in enumerate(case.evidence):
        for place_number, place in enumerate(evidence.alternatives):
            yield f"evidence[{number}]" + f".any_of[{place_number}]" * bool(evidence.any_of), number, place


def _check_evidence(case: Case, documents: Documents) -> Iterator[Finding]:
    """Yield evidence that cannot be found, that may stand in several places, or that does not hold the answer."""
    quotes: list[str] = []
    all_located = True
    for name, _, evidence in _places(case):
        document = documents(evidence.source)
        spans = locate_everywhere(evidence, document) if document else []
        if document is None or not spans:
            yield "error", f"{name}: {explain_missing(evidence, document)}"
            all_located = False
            continue
        quotes.append(document.text[spans[0].start : spans[0].end])
        if len(spans) > 1:
            remedy = "add 'page', or use 'start' and 'end'." if document.pages else "quote more words."
            count = f"{len(spans)} times{' or more' * (len(spans) >= MOST_SPANS)} in {evidence.source}"
            yield "warning", f"{name}: the quote stands {count} and the first is taken; {remedy}"
    if case.answerable and quotes and all_located and not _evidence_holds_answer(case, quotes):
        yield "warning", "has an answer that does not stand in its evidence; add evidence or correct the answer."


def _quotes_of(case: Case, documents: Documents) -> dict[tuple[int, GoldEvidence], Words]:
    """Return the words of each place of a case's evidence, by the number of the evidence and the place."""
    found: dict[tuple[int, GoldEvidence], Words] = {}
    for _, number, place in _places(case):
        document = documents(place.source)
        span = locate_first(place, document) if document else None
        if document and span:
            found[number, place] = quoted_words(document.text[span.start : span.end])
    return found


def _check_elsewhere(
    case: Case, quotes: Mapping[tuple[int, GoldEvidence], Words], sources: Mapping[Words, Sequence[str]]
) -> Iterator[Finding]:
    """Yield the places beside the evidence of a case that hold the same words, which count as wrong as it stands."""
    for number, evidence in enumerate(case.evidence):
        own = {words for (owner, _), words in quotes.items() if owner == number and words}
        listed = {place.source for place in evidence.alternatives}
        others = dict.fromkeys(source for words in own for source in sources[words] if source not in listed)
        if not others:
            continue
        also = {place.source for (owner, place), words in quotes.items() if owner != number and words in own}
        is_first = number == min(owner for (owner, _), words in quotes.items() if words in own)
        asked = [source for source in others if source in also]
        if asked and is_first:
            yield (
                "warning",
                f"evidence[{number}]: the same words in {_listed(asked)} are evidence of their own, so that both "
                "places are asked for; where any one does, list them under one 'any_of'.",
            )
        if unlisted := [source for source in others if source not in also]:
            yield (
                "warning",
                f"evidence[{number}]: the same words stand in {_listed(unlisted)}, too; where they are as right there, "
                "list the places under 'any_of'.",
            )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (
        f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    )


def _evidence_holds_answer(case: Case, quotes: Sequence[str]) -> bool:
    """Tell whether the evidence states what the case expects, as far as its comparison looks at it."""
    evidence = "\n".join(quotes)
    if case.match == "numeric" and case.numeric:
        return states_number(evidence, case.numeric)
    if not case.answers:
        return True
    if case.match == "f1":
        checks = [check_sentence(answer, quotes) for answer in case.answers]
        return any(check.verdict != "unsupported" and not check.objects for check in checks)
    return any(contains(evidence, answer) for answer in case.answers)


# -- cases that ask the same -------------------------------------------------------------------------------------------


def _near_duplicates(cases: Sequence[Case]) -> dict[str, str]:
    """Return, for each case that asks nearly what an earlier one asks, that one's id.

    Follow-ups differ by their history. A very large suite is searched for equal questions only.
    """
    questions = [" ".join(words(case.question)) for case in cases]
    histories = [tuple(normalise(turn.content) for turn in case.history) for case in cases]
    if len(cases) > _MOST_COMPARED:
        return _equal_questions(cases, questions, histories)
    import numpy as np
    from rapidfuzz import fuzz, process

    twins: dict[str, str] = {}
    for begin in range(0, len(cases), _BATCH):
        batch = questions[begin : begin + _BATCH]
        scores = process.cdist(batch, questions, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE, dtype=np.uint8)
        for row, column in np.argwhere(scores):
            this, other = begin + int(row), int(column)
            is_earlier_twin = (
                other < this
                and histories[this] == histories[other]
                and _have_same_numbers(cases[this].question, cases[other].question)
            )
            if is_earlier_twin:
                twins.setdefault(cases[this].id, cases[other].id)
    return twins


def _equal_questions(
    cases: Sequence[Case], questions: Sequence[str], histories: Sequence[tuple[str, ...]]
) -> dict[str, str]:
    """Return, for each case with the question and history of an earlier one, that one's id."""
    twins: dict[str, str] = {}
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for case, question, history in zip(cases, questions, histories, strict=True):
        earlier = first.setdefault((question, history), case.id)
        if earlier != case.id:
            twins[case.id] = earlier
    return twins


def _have_same_numbers(one: str, other: str) -> bool:
    """Tell whether two questions of nearly the same words name the same numbers: "in 2022" and "in 2023" do not."""
    return sorted(normalised_numbers(one)) == sorted(normalised_numbers(other))


# -- the suite as a whole ----------------------------------------------------------------------------------------------


def _check_whole(suite: Suite) -> Iterator[Finding]:
    """Yield what holds of the suite as a whole."""
    count = len(suite.cases)
    answerable = sum(case.answerable for case in suite.cases)
    if suite.corpus_sha256 and corpus_hash(suite.corpus) != suite.corpus_sha256:
        yield (
            "warning",
            "the corpus is not the one the suite was written for; look over the cases, then correct 'corpus.sha256'.",
        )
    if generated := sum(DRAFT_TAG in case.tags for case in suite.cases):
        yield (
            "warning",
            f"{_cases_are(generated)} still marked as draft; look over each and remove the tag {DRAFT_TAG!r}.",
        )
    if not any(_expected_fields(case) for case in suite.cases):
        yield "note", "no case expects words of an answer, so no answer is compared with any."
    if answerable == count:
        yield "warning", "no case is unanswerable, so nothing shows whether answers are made up; add some."
    elif not answerable:
        yield "warning", "no case is answerable, so refusing everything is perfect; add some."
    yield "note", f"{_cases_are(answerable)} answerable and {count - answerable} not."
    if count < FEW_CASES:
        yield "warning", f"{_cases_are(count)} too few for narrow intervals; write at least {FEW_CASES}."
    yield "note", _detectable(suite, count)


def _detectable(suite: Suite, count: int) -> str:
    """Return how large a drop of ``right`` the suite's gate finds with so many cases."""
    from rag.evaluate.drops import PRIMARY, PRIMARY_SHARE

    rule = next((rule for rule in suite.gate if rule.metric == PRIMARY), _RIGHT)
    drop = smallest_detectable_drop(count, _DISCORDANT, level=rule.alpha * PRIMARY_SHARE, min_effect=rule.min_effect)
    if drop is None:
        return f"{_cases_are(count)} too few for the gate to find any drop of '{PRIMARY}' dependably; write more."
    return (
        f"{_cases_are(count)} enough for the gate to find a drop of '{PRIMARY}' by {100 * drop:.1f} points (with a "
        f"chance of {POWER:.0%}, where equal runs differ on {_DISCORDANT:.0%} of the cases and those of one document "
        "do not change together)."
    )


def _cases_are(count: int) -> str:
    return f"{count} case is" if count == 1 else f"{count} cases are"
