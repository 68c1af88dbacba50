"""Generate cases from the user's documents, to be looked over by the user.

Owns: what makes a question of a sentence or a heading, and the check of questions that a language model wrote. Knows
nothing about runs or files.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest

from rag.evaluate.metrics.answer import contains
from rag.evaluate.suite.gold_evidence import documents_of, evidence_of_span, locate_first
from rag.evaluate.types import Case
from rag.models.llm.metering import meter_for, metered
from rag.models.llm.model import Message, Model
from rag.planning.follow_up import is_follow_up
from rag.prompts import read_prompt
from rag.store.index import Index
from rag.text import STOPWORDS, query_terms, split_block, words
from rag.types import Block, Document
from rag.verify.verdict import check_sentence

DRAFT_TAG = "draft"
"""Every generated case has this tag until somebody has looked at it."""

# Generates cases of one kind: (source, document, positions of some of its blocks) → cases.
CaseGenerator = Callable[[str, Document, Sequence[int]], Iterator[Case]]

# Generated cases for each that asks for something which the documents say nothing about.
_CASES_PER_UNANSWERABLE = 8
# Blocks of one document that are looked at: enough for variety, whatever its size.
_MOST_BLOCKS = 200
_GAP = "____"
# A name that stands in a document more often than this is its subject, and leaving it out asks for nothing.
_RARE = 3
# What may be left out of a sentence, best first: a number with its unit, a date, a name.
_GAP_PATTERNS = (
    re.compile(r"(?<![\w.,:-])(?:\d+(?::\d+)+|\d+(?:[.,]\d+)*(?: ?%| [^\W\d_]{1,12}(?:/[^\W\d_]{1,4})?)?)(?![\w:-])"),
    re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+\b"),
    re.compile(r"(?<=[a-z,] )[A-Z]\w{2,}\b(?!-| [A-Z])"),
)
_WORDS_OF_SENTENCE = range(7, 41)
_WORDS_OF_HEADING = range(2, 13)
_WORDS_OF_QUESTION = range(4, 41)
# Words of a paragraph below which it is no answer to a heading.
_LEAST_WORDS_OF_ANSWER = 5
# A heading with one of these words says nothing about what stands below it.
_VAGUE_HEADINGS = frozenset(
    "abstract appendix background conclusion contents introduction notes overview references summary".split()
)
# Words of a question that point at a text which the reader does not see.
_POINTS_AT_TEXT = re.compile(r"\b(?:given|this|the|above) (?:given )?(?:text|passage|sentence|document|title)\b", re.I)
# Tokens of a question or an answer that the model writes.
_MOST_TOKENS = 60
# Sentences that are tried for each case of a model.
_TRIES = 3

# Questions of general knowledge, asked only where the index holds none of their terms.
_GENERAL_QUESTIONS = (
    "Who composed the opera Rigoletto?",
    "How many moons does Jupiter have?",
    "Which enzyme digests lactose?",
    "In which ocean do the Azores lie?",
    "What is the boiling point of mercury?",
    "Who painted the ceiling of the Sistine Chapel?",
    "How far is the marathon in the Olympics?",
    "Which king signed the Magna Carta?",
    "What do koalas eat?",
    "How many strings does a cello have?",
    "When was the Eiffel Tower inaugurated?",
    "Which vitamin prevents scurvy?",
    "Who wrote the novel Middlemarch?",
    "How tall is Kilimanjaro?",
    "What is the gestation period of an elephant?",
    "Which mineral is the hardest on the Mohs scale?",
    "Who discovered penicillin?",
    "In which city was Mozart born?",
    "How deep is the Mariana Trench?",
    "Which yeast ferments sourdough?",
)


def generate_cases(index: Index, count: int, seed: int = 0, model: Model | None = None) -> Iterator[Case]:
    """Generate cases from the sources of an index, the same for the same index and seed.

    Without a model: sentences with a gap, headings made questions, and a few questions about something else. With one:
    questions that it wrote to words of a sentence, kept only where it finds these words again when asked; each takes
    seconds, so they come one by one.

    Args:
        index: The index of the documents.
        count: How many cases at most.
        seed: Another seed generates other cases.
        model: The language model that writes questions, if any.

    Yields:
        The cases, each with the tag `DRAFT_TAG`.

    Raises:
        LLMError: The model failed.
    """
    chance = random.Random(seed)  # noqa: S311 - a fixed draw, no secret
    unanswerable = _generate_unanswerable(index, count // _CASES_PER_UNANSWERABLE, chance)
    answerable = count - len(unanswerable)
    if model is None:
        generators = (_generate_gap_cases, _generate_heading_cases)
        yield from _generate_in_turn(index, answerable, chance, generators)[:answerable]
    else:
        yield from _generate_with_model(index, answerable, chance, model)
    yield from unanswerable


def _case(question: str, **fields: object) -> Case:
    """Return a generated case named by its question: the same question has the same id in every draw."""
    tags = (DRAFT_TAG, *fields.pop("tags", ()))  # type: ignore[misc]
    return Case(f"draft-{hashlib.sha256(question.encode()).hexdigest()[:8]}", question, tags=tags, **fields)  # type: ignore[arg-type]


# -- the order of generated cases --------------------------------------------------------------------------------------


def _generate_in_turn(
    index: Index, count: int, chance: random.Random, generators: Sequence[CaseGenerator]
) -> list[Case]:
    """Return at least ``count`` generated cases, if there are so many, taken in turn from each source and each kind."""
    by_source: list[list[Case]] = []
    for source, document in _shuffled_documents(index, chance):
        positions = _some_positions(document, chance)
        by_kind = [list(generate(source, document, positions)) for generate in generators]
        for cases in by_kind:
            chance.shuffle(cases)
        chance.shuffle(by_kind)
        by_source.append(_in_turn(by_kind))
        # Enough to choose from: the rest of a large index need not be read.
        if len(by_source) >= count and sum(map(len, by_source)) >= 2 * count:
            break
    unique: dict[str, Case] = {}
    for case in _in_turn(by_source):
        unique.setdefault(case.id, case)
    return list(unique.values())


def _shuffled_documents(index: Index, chance: random.Random) -> Iterator[tuple[str, Document]]:
    """Yield the sources of an index that have a document, in random order."""
    documents = documents_of(index)
    sources = [record.source for record in index.catalog.source_records() if record.document_id]
    chance.shuffle(sources)
    for source in sources:
        document = documents(source)
        if document:
            yield source, document


def _in_turn(lists: Sequence[Sequence[Case]]) -> list[Case]:
    """Return the first of each list, then the second of each, and so on."""
    return [case for row in zip_longest(*lists) for case in row if case is not None]


def _some_positions(document: Document, chance: random.Random) -> list[int]:
    """Return positions of blocks, in order."""
    positions = range(len(document.blocks))
    return sorted(chance.sample(positions, min(_MOST_BLOCKS, len(positions))))


# -- sentences with a gap ----------------------------------------------------------------------------------------------


def _generate_gap_cases(source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:
    """Yield sentences with a number, a date or a name left out."""
    for position in positions:
        block = document.blocks[position]
        if block.kind not in ("paragraph", "item"):
            continue
        for start, end in split_block(document.text, block):
            sentence = " ".join(document.text[start:end].split())
            gap = _choose_gap(sentence, document.text)
            if gap and len(words(sentence)) in _WORDS_OF_SENTENCE and not sentence.endswith("?"):
                question = f"What is missing here: “{sentence.replace(gap, _GAP)}”"
                evidence = (evidence_of_span(source, document.text, start, end),)
                yield _case(question, answers=(gap,), evidence=evidence, tags=("cloze",))


def _choose_gap(sentence: str, text: str) -> str:
    """Return what to leave out of a sentence of a text; empty where nothing is worth asking for."""
    for pattern in _GAP_PATTERNS:
        for match in pattern.finditer(sentence):
            number, _, unit = match.group().partition(" ")
            gap = number if unit in STOPWORDS else match.group()
            is_number_or_rare = gap[0].isdigit() or text.count(gap) <= _RARE
            if is_number_or_rare and match.start() > 0 and sentence.count(gap) == 1:
                return gap
    return ""


# -- headings ----------------------------------------------------------------------------------------------------------


def _generate_heading_cases(source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:
    """Yield headings made questions; the first sentence below a heading is the answer."""
    headings = Counter(_heading_text(document, block) for block in document.blocks if block.kind == "heading")
    for position in positions:
        block = document.blocks[position]
        span = _first_sentence_below(document, position) if block.kind == "heading" else None
        if span is None:
            continue
        heading = _heading_text(document, block)
        if headings[heading] > 1 or heading == document.title or not _says_something(heading):
            continue
        answer = " ".join(document.text[slice(*span)].split())
        if len(words(answer)) >= _LEAST_WORDS_OF_ANSWER:
            question = _heading_question(heading, document.title)
            evidence = (evidence_of_span(source, document.text, *span),)
            yield _case(question, answers=(answer,), match="f1", evidence=evidence, tags=("heading",))


def _heading_text(document: Document, block: Block) -> str:
    """Return the words of a heading without the signs of its markup."""
    return " ".join(document.text[block.start : block.end].strip("#=- \n").split())


def _first_sentence_below(document: Document, position: int) -> tuple[int, int] | None:
    """Return the span of the first sentence of the block behind a position, if that is a paragraph or an item."""
    following = document.blocks[position + 1] if position + 1 < len(document.blocks) else None
    if following is None or following.kind not in ("paragraph", "item"):
        return None
    return next(iter(split_block(document.text, following)), None)


def _says_something(heading: str) -> bool:
    """Tell whether a heading has a usual length and no vague word."""
    heading_words = words(heading)
    return len(heading_words) in _WORDS_OF_HEADING and not _VAGUE_HEADINGS & set(heading_words)


def _heading_question(heading: str, title: str) -> str:
    if heading.endswith("?"):
        return heading
    if heading.lower().startswith("how to "):
        return f"How do I {heading[7:]}?"
    return f"What does “{title}” say about “{heading}”?"


# -- questions without an answer ---------------------------------------------------------------------------------------


def _generate_unanswerable(index: Index, count: int, chance: random.Random) -> list[Case]:
    """Return questions whose terms stand nowhere in the index, so that it cannot hold their answers."""
    questions = list(_GENERAL_QUESTIONS)
    chance.shuffle(questions)
    absent = (question for question in questions if not _has_known_term(index, question))
    return [_case(question, answerable=False, tags=("unanswerable",)) for question in islice(absent, count)]


def _has_known_term(index: Index, question: str) -> bool:
    """Tell whether a term of a question stands in some document of the index."""
    return any(index.catalog.document_frequency(query_terms(question)).values())


# -- questions of a model ----------------------------------------------------------------------------------------------


def _generate_with_model(index: Index, count: int, chance: random.Random, model: Model) -> Iterator[Case]:
    """Yield questions that a model wrote to answers chosen from sentences, kept where it finds the answer again.

    The way back is the check that makes small models usable for this: Alberti et al., "Synthetic QA Corpora Generation
    with Roundtrip Consistency" (2019).
    """
    model = metered(model, meter_for(index.settings, model, of_a_question=False))
    prompts = index.settings.prompts
    question_prompt, answer_prompt = read_prompt("draft", prompts), read_prompt("answer_small", prompts)
    documents = documents_of(index)
    ids: set[str] = set()
    for gap_case in _generate_in_turn(index, _TRIES * count, chance, (_generate_gap_cases,)):
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
            case = _case(question, answers=gap_case.answers, evidence=gap_case.evidence, tags=("generated",))
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
