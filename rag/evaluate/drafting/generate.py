"""Generate cases from the user's documents, to be looked over by the user.

Owns: the order of drafts, how many are of which kind, and the check of questions that a small model wrote. What makes a
question of a sentence, a table or a passage stands in ``rag.evaluate.drafting``. Knows nothing about runs or files.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, cycle, islice, zip_longest

from rag.evaluate.drafting import strong
from rag.evaluate.drafting.cases import draft_case
from rag.evaluate.drafting.offline import draft_cases, heading_above
from rag.evaluate.drafting.strong import Kind, Passage
from rag.evaluate.drafting.tables import cells_of
from rag.evaluate.drafting.unanswerable import (
    GENERAL_QUESTIONS,
    crossed_cells,
    has_known_term,
    other_names,
    other_years,
    stand_together,
)
from rag.evaluate.metrics.answer import contains
from rag.evaluate.suite.gold_evidence import documents_of, locate_first
from rag.evaluate.types import Case, GoldEvidence
from rag.models.llm.metering import meter_for, metered
from rag.models.llm.model import Message, Model
from rag.planning.follow_up import is_follow_up
from rag.prompts import read_prompt
from rag.store.index import Index
from rag.text import words
from rag.types import Document
from rag.verify.verdict import check_sentence

# Generated cases for each that asks for something which the documents do not say.
_CASES_PER_UNANSWERABLE = 8
# Generated cases for each that needs two sources.
_CASES_PER_PAIR = 12
# Blocks of one document that are looked at: enough for variety, whatever its size.
_MOST_BLOCKS = 400
# Sources that are looked at for each case without a model: many give none.
_SOURCES_PER_CASE = 10
_WORDS_OF_QUESTION = range(4, 41)
# Words of a question that point at a text which the reader does not see.
_POINTS_AT_TEXT = re.compile(r"\b(?:given|this|the|above) (?:given )?(?:text|passage|sentence|document|title)\b", re.I)
# Tokens of a question or an answer that a small model writes.
_MOST_TOKENS = 60
# Sentences or passages that are tried for each case of a model.
_TRIES = 3
# Characters of a passage that a strong model is shown.
_PASSAGE = range(200, 2500)


def generate_cases(
    index: Index,
    count: int,
    seed: int = 0,
    model: Model | None = None,
    known: Collection[str] = (),
) -> Iterator[Case]:
    """Generate cases from the sources of an index, the same for the same index and seed.

    Without a model: questions made of sentences, headings and tables by rules, some that join two of them, some that
    nearly have an answer, and sentences with a gap where these are too few. With a weak model: questions that it wrote
    to words of a sentence, kept only where it finds these words again when asked. With a strong one: questions of
    several kinds, see `rag.evaluate.drafting.strong`.

    Args:
        index: The index of the documents.
        count: How many cases at most, with those that are known.
        seed: Another seed generates other cases.
        model: The language model that writes questions, if any.
        known: The ids of cases that an earlier call with the same arguments gave, to go on from; they are not given
            again, and a strong model is not asked for as many kinds as they are.

    Yields:
        The cases, each with the tag `rag.evaluate.types.DRAFT_TAG`.

    Raises:
        LLMError: The model failed.
    """
    chance = random.Random(seed)  # noqa: S311 - a fixed draw, no secret
    if model is not None and not model.weak:
        cases = _generate_with_strong_model(index, count, chance, model, len(known))
    elif model is not None:
        foreign = _generate_foreign(index, count // _CASES_PER_UNANSWERABLE, chance)
        cases = chain(_generate_with_weak_model(index, count - len(foreign), chance, model), foreign)
    else:
        cases = iter(_generate_offline(index, count, chance))
    given = set(known)
    for case in cases:
        if len(given) >= count:
            return
        if case.id not in given:
            given.add(case.id)
            yield case


# -- without a model ---------------------------------------------------------------------------------------------------


def _generate_offline(index: Index, count: int, chance: random.Random) -> list[Case]:
    """Return generated cases: those with an answer first, then those without."""
    unanswerable = count // _CASES_PER_UNANSWERABLE
    pairs = count // _CASES_PER_PAIR
    kinds = ("sentence", "table", "heading")
    generated = _in_turn_by_kind(index, count * 3, chance, kinds)
    near_misses = _unique(_generate_near_misses(index, generated, chance))
    near = list(islice(near_misses, max(0, unanswerable - unanswerable // 3)))
    foreign = _generate_foreign(index, unanswerable - len(near), chance)
    joined = list(islice(_join(generated), pairs))
    wanted = count - len(near) - len(foreign) - len(joined)
    used = {evidence for case in joined for evidence in case.evidence}
    chosen = _mixed([case for case in generated if not used & set(case.evidence)], wanted)
    if len(chosen) < wanted:
        used |= {evidence for case in chosen for evidence in case.evidence}
        gaps = _in_turn_by_kind(index, wanted - len(chosen), chance, ("cloze",))
        chosen += [case for case in gaps if not used & set(case.evidence)][: wanted - len(chosen)]
    return [*chosen, *joined, *near, *foreign]


def _in_turn_by_kind(index: Index, count: int, chance: random.Random, kinds: Sequence[str]) -> list[Case]:
    """Return at least ``count`` generated cases, if there are so many, taken in turn from each source and each kind."""
    by_source: list[list[Case]] = []
    for source, document in islice(_shuffled_documents(index, chance), _SOURCES_PER_CASE * max(count, 10)):
        positions = _some_positions(document, chance)
        by_kind = [list(draft_cases(kind, source, document, positions)) for kind in kinds]
        for cases in by_kind:
            chance.shuffle(cases)
        chance.shuffle(by_kind)
        by_source.append(_in_turn(by_kind))
        # Enough to choose from: the rest of a large index need not be read.
        if len(by_source) >= count and sum(map(len, by_source)) >= 2 * count:
            break
    return _without_rivals(_in_turn(by_source))


def _without_rivals(cases: Sequence[Case]) -> list[Case]:
    """Return cases but for those whose question, numbers aside, is asked of another place, too: it names neither."""

    def key(case: Case) -> str:
        return case.question if "table" in case.tags else re.sub(r"\d+", "0", case.question)

    counted = Counter(map(key, cases))
    return [case for case in cases if counted[key(case)] == 1]


def _mixed(cases: Sequence[Case], count: int) -> list[Case]:
    """Return the first cases in their order, one a piece of evidence, half tables where there are enough others."""
    others = sum("table" not in case.tags for case in cases)
    tables = max(count // 2, count - others)
    chosen: list[Case] = []
    used: set[GoldEvidence] = set()
    for case in cases:
        is_table = "table" in case.tags
        if len(chosen) < count and (tables > 0 or not is_table) and not used & set(case.evidence):
            tables -= is_table
            used |= set(case.evidence)
            chosen.append(case)
    return chosen


def _shuffled_documents(index: Index, chance: random.Random) -> Iterator[tuple[str, Document]]:
    """Yield the sources of an index that have a document, in random order."""
    documents = documents_of(index)
    sources = [record.source for record in index.catalog.source_records() if record.document_id]
    chance.shuffle(sources)
    for source in sources:
        document = documents(source)
        if document:
            yield source, document


def _unique(cases: Iterable[Case]) -> Iterator[Case]:
    """Yield the first of the cases of each id."""
    seen: set[str] = set()
    for case in cases:
        if case.id not in seen:
            seen.add(case.id)
            yield case


def _in_turn(lists: Sequence[Sequence[Case]]) -> list[Case]:
    """Return the first of each list, then the second of each, and so on."""
    return [case for row in zip_longest(*lists) for case in row if case is not None]


def _some_positions(document: Document, chance: random.Random) -> list[int]:
    """Return positions of blocks, in order."""
    positions = range(len(document.blocks))
    return sorted(chance.sample(positions, min(_MOST_BLOCKS, len(positions))))


def _join(cases: Sequence[Case]) -> Iterator[Case]:
    """Yield questions that need two sources: two short ones in one, the last of those given first."""
    short = [
        case
        for case in reversed(cases)
        # Of two tables nobody asks in one breath.
        if case.match == "contains"
        and len(case.question) < 90
        and not case.question.startswith("Which")
        and "table" not in case.tags
    ]
    while short:
        first = short.pop(0)
        other = next((case for case in short if case.evidence[0].source != first.evidence[0].source), None)
        if other is None:
            continue
        short.remove(other)
        second = other.question[:1].lower() + other.question[1:]
        yield draft_case(
            f"{first.question.rstrip('?')}, and {second}",
            must_include=(*first.answers, *other.answers),
            evidence=(*first.evidence, *other.evidence),
            tags=("two-sources",),
        )


# -- questions without an answer ---------------------------------------------------------------------------------------


def _generate_near_misses(index: Index, cases: Sequence[Case], chance: random.Random) -> Iterator[Case]:
    """Yield questions whose words stand in the documents and whose answer does not."""
    for other in (other_names, other_years):
        for case in cases:
            for question in other(index, case.question):
                yield draft_case(question, answerable=False, tags=("unanswerable", "near-miss"))
    cells = [
        (heading_above(document, table.start), cell.row, cell.column)
        for _, document in islice(_shuffled_documents(index, chance), 40)
        for table in document.tables
        for cell in islice(cells_of(document, table), 2)
    ]
    chance.shuffle(cells)
    for question in crossed_cells(index, cells):
        yield draft_case(question, answerable=False, tags=("unanswerable", "near-miss"))


def _generate_foreign(index: Index, count: int, chance: random.Random) -> list[Case]:
    """Return questions whose terms stand nowhere in the index, so that it cannot hold their answers."""
    questions = list(GENERAL_QUESTIONS)
    chance.shuffle(questions)
    absent = (question for question in questions if not has_known_term(index, question))
    return [draft_case(question, answerable=False, tags=("unanswerable",)) for question in islice(absent, count)]


# -- questions of a strong model ---------------------------------------------------------------------------------------


def _generate_with_strong_model(
    index: Index, count: int, chance: random.Random, model: Model, done: int
) -> Iterator[Case]:
    """Yield questions that a strong model wrote about passages, of each kind in turn."""
    model = metered(model, meter_for(index.settings, model, of_a_question=False))
    folder = index.settings.prompts
    prompts = read_prompt("draft_strong", folder), read_prompt("answer", folder)
    passages = _passages(index, chance)
    for i in range(_TRIES * count):
        kind = strong.KINDS[i % len(strong.KINDS)]
        shown = _next_passages(passages, kind)
        if not shown:
            return
        # What an earlier call tried is passed over, so that going on asks about other passages.
        if i < done:
            continue
        if _is_table(shown[0]) and kind.passages == 1 and kind.is_answerable:
            kind = strong.TABLE
        case = strong.draft_question(model, prompts, kind, shown, lambda question: not stand_together(index, question))
        if case is not None:
            yield case


def _passages(index: Index, chance: random.Random) -> Iterator[Passage]:
    """Yield passages of the sources in turn: neighbouring blocks long enough to ask about; after the last the first."""
    by_source = []
    for source, document in _shuffled_documents(index, chance):
        spans = list(_spans(document))
        chance.shuffle(spans)
        by_source.append([Passage(source, document.title, document.text, *span) for span in spans[:_MOST_BLOCKS]])
        if len(by_source) >= _MOST_BLOCKS:
            break
    return cycle([passage for row in zip_longest(*by_source) for passage in row if passage is not None])


def _spans(document: Document) -> Iterator[tuple[int, int]]:
    """Yield spans of neighbouring blocks, none of them a margin or code, cut where they become too long."""
    start = end = -1
    for block in document.blocks:
        fits = start >= 0 and block.end - start < _PASSAGE.stop and block.kind not in ("heading", "margin", "code")
        if not fits:
            if start >= 0 and end - start >= _PASSAGE.start:
                yield start, end
            start = -1 if block.kind in ("margin", "code") or block.end - block.start >= _PASSAGE.stop else block.start
        end = block.end
    if start >= 0 and end - start >= _PASSAGE.start:
        yield start, end


def _next_passages(passages: Iterator[Passage], kind: Kind) -> list[Passage]:
    """Return as many passages as a kind needs, of different sources; fewer where there are no more."""
    first = next(passages, None)
    if first is None:
        return []
    if kind.passages == 1:
        return [first]
    other = next((passage for passage in islice(passages, 20) if passage.source != first.source), None)
    return [first, other] if other else [first]


def _is_table(passage: Passage) -> bool:
    """Tell whether most lines of a passage are rows."""
    lines = passage.words.splitlines()
    return 2 * sum("|" in line or "\t" in line for line in lines) > len(lines)


# -- questions of a weak model -----------------------------------------------------------------------------------------


def _generate_with_weak_model(index: Index, count: int, chance: random.Random, model: Model) -> Iterator[Case]:
    """Yield questions that a model wrote to answers chosen from sentences, kept where it finds the answer again.

    The way back is the check that makes small models usable for this: Alberti et al., "Synthetic QA Corpora Generation
    with Roundtrip Consistency" (2019).
    """
    model = metered(model, meter_for(index.settings, model, of_a_question=False))
    prompts = index.settings.prompts
    question_prompt, answer_prompt = read_prompt("draft", prompts), read_prompt("answer_small", prompts)
    documents = documents_of(index)
    ids: set[str] = set()
    for gap_case in _in_turn_by_kind(index, _TRIES * count, chance, ("cloze",)):
        if len(ids) >= count:
            return
        (evidence,) = gap_case.evidence
        (expected,) = gap_case.answers
        document = documents(evidence.source)
        span = locate_first(evidence, document) if document else None
        if document is None or span is None:
            continue
        sentence = document.text[span.start : span.end]
        question = _first_line(model, question_prompt.fill(title=document.title, text=sentence, answer=expected))
        if not _is_usable(question, expected):
            continue
        reply = _first_line(model, answer_prompt.fill(evidence=sentence, question=question))
        check = check_sentence(reply, [sentence])
        if contains(reply, expected) and check.verdict != "unsupported" and not check.objects:
            case = draft_case(question, answers=gap_case.answers, evidence=gap_case.evidence, tags=("generated",))
            if case.id not in ids:
                ids.add(case.id)
                yield case


def _first_line(model: Model, prompt: tuple[str, str]) -> str:
    """Return the first line of a model's reply to a system and a user message."""
    system, user = prompt
    reply = "".join(
        model.stream([Message("system", system), Message("user", user)], max_tokens=_MOST_TOKENS, purpose="draft")
    )
    return next((line.strip(' \t"“”') for line in reply.splitlines() if line.strip()), "")


def _is_usable(question: str, answer: str) -> bool:
    """Tell whether a question can be understood alone and does not give its answer away."""
    return (
        question.endswith("?")
        and question.isprintable()
        and len(words(question)) in _WORDS_OF_QUESTION
        and not is_follow_up(question)
        and not _POINTS_AT_TEXT.search(question)
        and not contains(question, answer)
    )
