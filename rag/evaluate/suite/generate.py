"""Draft cases from the user's documents, to be looked over by the user.

Owns: what makes a question out of a sentence or a heading. Knows nothing about runs or files.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path

from rag.evaluate.metrics.answer import contains
from rag.evaluate.suite.gold_evidence import documents_of, evidence_of_span, locate_first
from rag.evaluate.types import Case
from rag.models.llm.model import Message, Model
from rag.prompts import read_prompt
from rag.retrieval.query_rewriting import is_follow_up
from rag.store.index import Index
from rag.text import STOPWORDS, query_terms, units, words
from rag.types import Document
from rag.verify.verdict import check_sentence

DRAFT_TAG = "draft"
"""Every draft has this tag until somebody has looked at it."""

# Drafts of one kind, from some blocks of a document of that name.
Maker = Callable[[str, Document, Sequence[int]], Iterator[Case]]

# One of so many drafts asks for something that the documents say nothing about.
_FOREIGN_SHARE = 8
# Blocks of one document that are looked at: enough for variety, whatever its size.
_BLOCKS = 200
_GAP = "____"
# A name that stands in a document more often than this is its subject.
_RARE = 3
# What a sentence may be asked for, best first: a number with its unit, a date, a name.
_GAPS = (
    re.compile(r"(?<![\w.,:-])(?:\d+(?::\d+)+|\d+(?:[.,]\d+)*(?: ?%| [^\W\d_]{1,12}(?:/[^\W\d_]{1,4})?)?)(?![\w:-])"),
    re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+\b"),
    re.compile(r"(?<=[a-z,] )[A-Z]\w{2,}\b(?!-| [A-Z])"),
)
_WORDS_OF_SENTENCE = range(7, 41)
_WORDS_OF_HEADING = range(2, 13)
_WORDS_OF_QUESTION = range(4, 41)
_VAGUE = frozenset(
    "abstract appendix background conclusion contents introduction notes overview references summary".split()
)
# A question that points at words which the reader does not see.
_POINTING = re.compile(r"\b(?:given|this|the|above) (?:given )?(?:text|passage|sentence|document|title)\b", re.I)
_MOST_TOKENS = 60
# How many sentences are tried for each draft that is wanted.
_TRIES = 3

# General knowledge, asked for only where the index holds none of the telling words.
_FOREIGN = (
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


def generate_cases(
    index: Index, count: int, seed: int = 0, model: Model | None = None, prompts: Path | None = None
) -> Iterator[Case]:
    """Up to ``count`` cases drafted from the sources of an index, the same for the same index and seed.

    Without a model: sentences with a gap, headings made questions, and a few questions about something else. With one:
    questions that it wrote to words of a sentence, kept only where it finds these words again when asked; each takes
    seconds, so they come one by one. Raises LLMError when the model fails. ``prompts`` is the user's folder of prompts.
    """
    chance = random.Random(seed)  # noqa: S311 - a fixed draw, no secret
    foreign = _foreign(index, count // _FOREIGN_SHARE, chance)
    wanted = count - len(foreign)
    yield from _varied(index, wanted, chance) if model is None else _generated(index, wanted, chance, model, prompts)
    yield from foreign


def _case(question: str, **fields: object) -> Case:
    """A draft named by its question: the same question has the same id in every draw."""
    tags = (DRAFT_TAG, *fields.pop("tags", ()))  # type: ignore[misc]
    return Case(f"draft-{hashlib.sha256(question.encode()).hexdigest()[:8]}", question, tags=tags, **fields)  # type: ignore[arg-type]


# -- without a model ---------------------------------------------------------------------------------------------------


def _varied(index: Index, count: int, chance: random.Random) -> list[Case]:
    return _drawn(index, count, chance, (_gaps, _headings))[:count]


def _drawn(index: Index, count: int, chance: random.Random, makers: Sequence[Maker]) -> list[Case]:
    """At least ``count`` drafts, if there are so many, taken in turn from each source, one kind after the other."""
    by_source: list[list[Case]] = []
    for source, document in _shuffled(index, chance):
        blocks = _some_blocks(document, chance)
        kinds = [list(make(source, document, blocks)) for make in makers]
        for kind in kinds:
            chance.shuffle(kind)
        chance.shuffle(kinds)
        by_source.append(_in_turn(kinds))
        # Enough to choose from: the rest of a large index need not be read.
        if len(by_source) >= count and sum(map(len, by_source)) >= 2 * count:
            break
    questions: dict[str, Case] = {}
    for case in _in_turn(by_source):
        questions.setdefault(case.id, case)
    return list(questions.values())


def _shuffled(index: Index, chance: random.Random) -> Iterator[tuple[str, Document]]:
    documents = documents_of(index)
    sources = [record.source for record in index.catalog.source_records() if record.document_id]
    chance.shuffle(sources)
    for source in sources:
        document = documents(source)
        if document:
            yield source, document


def _in_turn(lists: Sequence[Sequence[Case]]) -> list[Case]:
    return [case for row in zip_longest(*lists) for case in row if case is not None]


def _some_blocks(document: Document, chance: random.Random) -> list[int]:
    """Positions of blocks, in order."""
    positions = range(len(document.blocks))
    return sorted(chance.sample(positions, min(_BLOCKS, len(positions))))


def _gaps(source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:
    """Sentences with a number, a date or a name left out."""
    for position in positions:
        block = document.blocks[position]
        if block.kind not in ("paragraph", "item"):
            continue
        for start, end in units(document.text, block):
            sentence = " ".join(document.text[start:end].split())
            gap = _gap(sentence, document.text)
            if gap and len(words(sentence)) in _WORDS_OF_SENTENCE and not sentence.endswith("?"):
                question = f"What is missing here: “{sentence.replace(gap, _GAP)}”"
                evidence = (evidence_of_span(source, document.text, start, end),)
                yield _case(question, answers=(gap,), evidence=evidence, tags=("cloze",))


def _gap(sentence: str, text: str) -> str:
    """What to leave out of a sentence; empty where nothing tells. A name that stands all over ``text`` does not."""
    for pattern in _GAPS:
        for match in pattern.finditer(sentence):
            number, _, unit = match.group().partition(" ")
            gap = number if unit in STOPWORDS else match.group()
            telling = gap[0].isdigit() or text.count(gap) <= _RARE
            if telling and match.start() > 0 and sentence.count(gap) == 1:
                return gap
    return ""


def _headings(source: str, document: Document, positions: Sequence[int]) -> Iterator[Case]:
    """Headings made questions; what follows a heading is the answer."""
    texts = [
        " ".join(document.text[block.start : block.end].strip("#=- \n").split())
        for block in document.blocks
        if block.kind == "heading"
    ]
    for position in positions:
        block = document.blocks[position]
        following = document.blocks[position + 1] if position + 1 < len(document.blocks) else None
        if block.kind != "heading" or following is None or following.kind not in ("paragraph", "item"):
            continue
        heading = " ".join(document.text[block.start : block.end].strip("#=- \n").split())
        telling = len(words(heading)) in _WORDS_OF_HEADING and not _VAGUE & set(words(heading))
        first = next(iter(units(document.text, following)), None)
        if not telling or first is None or texts.count(heading) > 1 or heading == document.title:
            continue
        answer = " ".join(document.text[slice(*first)].split())
        if len(words(answer)) >= 5:
            evidence = (evidence_of_span(source, document.text, *first),)
            question = _heading_question(heading, document.title)
            yield _case(question, answers=(answer,), match="f1", evidence=evidence, tags=("heading",))


def _heading_question(heading: str, title: str) -> str:
    if heading.endswith("?"):
        return heading
    if heading.lower().startswith("how to "):
        return f"How do I {heading[7:]}?"
    return f"What does “{title}” say about “{heading}”?"


def _foreign(index: Index, count: int, chance: random.Random) -> list[Case]:
    """Questions whose telling words stand nowhere in the index, so that it cannot hold their answers."""
    questions = list(_FOREIGN)
    chance.shuffle(questions)
    absent = (question for question in questions if not any(_frequency(index, question)))
    return [_case(question, answerable=False, tags=("unanswerable",)) for question in islice(absent, count)]


def _frequency(index: Index, question: str) -> list[int]:
    return list(index.catalog.document_frequency(query_terms(question)).values())


# -- with a model ------------------------------------------------------------------------------------------------------


def _generated(index: Index, count: int, chance: random.Random, model: Model, prompts: Path | None) -> Iterator[Case]:
    """Questions that a model wrote to answers chosen from sentences, kept where it finds the answer again.

    The way back is the check that makes small models usable for this: Alberti et al., "Synthetic QA Corpora Generation
    with Roundtrip Consistency" (2019).
    """
    ask, answer = read_prompt("draft", prompts), read_prompt("answer_small", prompts)
    documents = documents_of(index)
    found: set[str] = set()
    for gap in _drawn(index, _TRIES * count, chance, (_gaps,)):
        if len(found) >= count:
            return
        (anchor,) = gap.evidence
        document = documents(anchor.source)
        place = locate_first(anchor, document) if document else None
        if document is None or place is None:
            continue
        shown = document.text[place.start : place.end]
        question = _say(model, ask.fill(title=document.title, text=shown, answer=gap.answers[0]))
        if not _understandable(question, gap.answers[0]):
            continue
        reply = _say(model, answer.fill(evidence=shown, question=question))
        if contains(reply, gap.answers[0]) and check_sentence(reply, [shown]).verdict != "unsupported":
            case = _case(question, answers=gap.answers, evidence=gap.evidence, tags=("generated",))
            if case.id not in found:
                found.add(case.id)
                yield case


def _say(model: Model, prompt: tuple[str, str]) -> str:
    """The first line of what a model says to a system and a user message."""
    system, user = prompt
    said = "".join(model.stream([Message("system", system), Message("user", user)], max_tokens=_MOST_TOKENS))
    return next((line.strip(' \t"“”') for line in said.splitlines() if line.strip()), "")


def _understandable(question: str, answer: str) -> bool:
    """Whether a question can be understood alone and does not give its answer away."""
    return (
        question.endswith("?")
        and question.isprintable()
        and len(words(question)) in _WORDS_OF_QUESTION
        and not is_follow_up(question)
        and not _POINTING.search(question)
        and not contains(question, answer)
    )
