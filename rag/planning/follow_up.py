"""Make a follow-up question stand alone.

Owns: what of a conversation a question may lean on, and the question with that filled in. How a question leans is told
in ``rag.question.leaning``. Knows nothing about retrieval.

A question that leans on nothing keeps its words, whoever could rewrite it. A strong model rewrites the others; without
one, and where it fails, a rule does: small models rewrite worse (see ``tests/benchmarks/followups.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.errors import LLMError
from rag.marks import strip_marks
from rag.models.llm.model import Message, Model
from rag.notices.answers import is_own_sentence
from rag.patterns import lazy_pattern
from rag.prompts import Prompt
from rag.question.leaning import (
    WORD,
    Leaning,
    person_pronouns,
    pronoun_without_capitals,
    read_leaning,
    without_opening,
)
from rag.question.leaning_words import AUXILIARIES, DETERMINERS, PLACE_PREPOSITIONS, POSSESSIVES, QUESTION_WORDS
from rag.question.question_words import names_and_numbers
from rag.question.reading import read_question
from rag.question.slots import replace_question_word, replace_slot
from rag.text import STOPWORDS, normalise, sentences, terms, words
from rag.types import Turn

# What stands before the subject of a question: "Can you tell me how long is".
_QUESTION_HEAD = lazy_pattern(
    r"^\W*(?:(?:and|so|but|please|tell me|show me|explain|describe|do you know|can you tell me)\s+)*"
    r"(?:(?:(?:summari[sz]e|outline|list|name|compare|give me (?:a summary|an overview) of)\s+)?"
    r"(?:(?:in|at|on|by|for|to|from|of|with)\s+)?"
    r"(?:who|whom|whose|what|when|where|which|why|how|wer|wem|wen|was|wann|wo|warum|welche[rsnm]?|wie)?"
    r"(?:\s+(?:long|many|much|often|far|old|big|large|high|tall|deep|wide|fast|soon|viele?|lange?|hoch|oft))?"
    r"(?:\s+(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had|ist|sind|war|darf|kann"
    r"|muss|wird))?(?:\s+(?:i|you|we|one|ich|man|wir))?\s+|(?:summari[sz]e|outline)\s+)",
    re.I,
)
# How long a summary is to be.
_LENGTH = re.compile(r"\s+in (?:\w+ )?(?:sentences?|words?|points?|bullets?)\b.*$", re.I)
# Runs of words with capitals: names, and whatever opens a sentence.
_CAPITALS = re.compile(r"\b[^\W\d_a-zß-ÿ][\w’'-]*(?:[ -][^\W\d_a-zß-ÿ][\w’'-]*)*")
_QUOTE_MARKS = re.compile('[“”„"«»]')
# Characters of a subject that a question is given.
_SUBJECT_CHARACTERS = 160
# Names of the last answer that a subject is given, and the characters of the answer they are looked for in.
_NAMES, _ANSWER_CHARACTERS = 2, 400
# New words of an answer that a question about "it" or "them" is given; an answer with more of them says much.
_NEW_WORDS = 4
# Turns back that a person is looked for in, and messages of a conversation that are read.
_TURNS_BACK, _MESSAGES_READ = 3, 24
# What a model is shown of the conversation: its last exchanges, each message cut.
_EXCHANGES_SHOWN, _MESSAGE_CHARACTERS = 3, 1000
# A rewritten question that is longer is none; a model that rambles is stopped.
_REWRITTEN_CHARACTERS, _REWRITTEN_TOKENS = 400, 120


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the conversation that was answered.

    Attributes:
        asked: The question as it was put.
        question: The question as it stands alone.
        answer: What was answered, without marks and quotation marks; "" where nothing was yet.
    """

    asked: str
    question: str
    answer: str


def rewrite_query(question: str, history: Sequence[Turn], model: Model | None, prompt: Prompt) -> str:
    """Rewrite a question as it would be asked without the conversation.

    Args:
        question: The question as the user put it.
        history: The conversation before it, oldest message first.
        model: The language model; only a strong one is asked. None: the rule alone.
        prompt: The prompt for the model.

    Returns:
        A question that stands alone; the same one where it already does, or where nothing was answered before.
    """
    if not history or not is_follow_up(question):
        return question
    exchanges = read_exchanges(history)
    if not exchanges:
        return question
    if model is not None and not model.weak:
        rewritten = rewrite_with_model(question, exchanges, model, prompt)
        if rewritten and _keeps_names(question, rewritten):
            return rewritten
    return stand_alone(question, exchanges)


def rewrite_with_model(question: str, exchanges: Sequence[Exchange], model: Model, prompt: Prompt) -> str:
    """Let a model rewrite a question.

    Args:
        question: The question as the user put it.
        exchanges: What was asked and answered before it; the last three are shown.
        model: The language model.
        prompt: The prompt, with places for the history and the question.

    Returns:
        The first line of what the model writes; "" where it fails, writes nothing or far too much.
    """
    conversation = "\n".join(
        f"{role}: {text[:_MESSAGE_CHARACTERS]}"
        for exchange in exchanges[-_EXCHANGES_SHOWN:]
        for role, text in (("user", exchange.asked), ("assistant", exchange.answer))
        if text
    )
    system, user = prompt.fill(history=conversation, question=question)
    messages = [Message("system", system), Message("user", user)]
    try:
        text = "".join(model.stream(messages, max_tokens=_REWRITTEN_TOKENS, purpose="rewrite")).strip()
    except LLMError:
        return ""
    line = text.splitlines()[0].strip(' \t"“”') if text else ""
    return line if len(line) <= _REWRITTEN_CHARACTERS else ""


def is_follow_up(question: str) -> bool:
    """Tell whether a question cannot be understood without what was said before."""
    return read_leaning(question) != "none"


def read_exchanges(history: Sequence[Turn]) -> list[Exchange]:
    """Read what of a conversation a question may lean on.

    What was not answered lends nothing: a question that the documents did not answer, thanks, a greeting.

    Args:
        history: The conversation, oldest message first.

    Returns:
        The questions that were answered, each as it stands alone, oldest first; a last question without an answer
        counts.
    """
    exchanges: list[Exchange] = []
    recent = history[-_MESSAGES_READ:]
    for i, turn in enumerate(recent):
        if turn.role != "user" or not turn.content.strip():
            continue
        following = recent[i + 1] if i + 1 < len(recent) else None
        answer = following.content if following is not None and following.role == "assistant" else ""
        message = read_question(turn.content)
        if message.kind == "small-talk" or is_own_sentence(answer):
            continue
        asked = message.asked
        exchanges.append(Exchange(asked, stand_alone(asked, exchanges), _plain(answer)))
    return exchanges


def stand_alone(question: str, exchanges: Sequence[Exchange]) -> str:
    """Fill in what a question leaves to the conversation, by rule.

    Args:
        question: The question as the user put it.
        exchanges: What was asked and answered before it, oldest first.

    Returns:
        The question with another thing, name or question word in the last one's place; with the person's name for
        "she"; or with the last subject in brackets. The same one where it leans on nothing.
    """
    leaning = read_leaning(question)
    if leaning == "none" or not exchanges:
        return question
    last = exchanges[-1]
    if leaning == "fragment":
        bare = last.question.partition(" (")[0]
        return (
            replace_slot(bare, question)
            or replace_slot(last.question, question)
            or _with_subject(question, last, leaning)
        )
    if leaning == "question-word":
        return replace_question_word(last.question, question) or _with_subject(question, last, leaning)
    if pronoun_without_capitals(question) and (stated := _first_sentence(last)):
        return f"{question.strip()} ({stated})"
    if leaning == "person":
        for exchange in reversed(exchanges[-_TURNS_BACK:]):
            if person := _person(exchange):
                return _name_person(question, person)
    return _with_subject(question, last, leaning)


def subject_of(question: str) -> str:
    """Return what a question is about: its topic, or what is left without its question words."""
    topic = read_question(question).topic
    subject = topic or _LENGTH.sub("", _QUESTION_HEAD.sub("", question.strip(), count=1).strip(" ?!.\t\n"))
    return " ".join(subject.split())[:_SUBJECT_CHARACTERS]


def _with_subject(question: str, last: Exchange, leaning: Leaning) -> str:
    """Return a question with the subject of the last one in brackets, and what its answer named."""
    bare, _, filled_in = last.question.partition(" (")
    subject = filled_in.rstrip(") ?") or subject_of(bare)
    added = _names(last) if leaning in ("person", "question-word") else []
    if leaning == "thing":
        added = _names(last)[:1] or _new_words(last)
    subject = " ".join([subject, *added]).strip()
    return f"{question.strip()} ({subject})" if subject else question


def _keeps_names(question: str, rewritten: str) -> bool:
    """Tell whether a rewritten question still holds the names and numbers of the question."""
    kept = set(words(rewritten))
    return all(kept.issuperset(words(name)) for name in names_and_numbers(question) if name.lower() not in STOPWORDS)


def _plain(answer: str) -> str:
    return _QUOTE_MARKS.sub("", strip_marks(answer)).strip()[:_ANSWER_CHARACTERS]


def _names(exchange: Exchange) -> list[str]:
    """Return the first names of an answer that its question does not hold."""
    asked = normalise(exchange.question)
    return [name for name, _, alone in _capitals(exchange.answer) if not alone and normalise(name) not in asked][
        :_NAMES
    ]


def _first_sentence(exchange: Exchange) -> str:
    """Return the first sentence of an answer, where it is no longer than a subject; "" else.

    Where names have no capitals, it holds whom "she" means.
    """
    spans = sentences(exchange.answer)
    said = exchange.answer[slice(*spans[0])].strip(" .。!！؟") if spans else ""
    return said if len(said) <= _SUBJECT_CHARACTERS else ""


def _new_words(exchange: Exchange) -> list[str]:
    """Return the words that the first sentence of an answer adds to its question, where they are few."""
    spans = sentences(exchange.answer)
    if not spans:
        return []
    start, end = spans[0]
    asked = set(terms(exchange.question))
    new = [
        word
        for word in WORD.findall(exchange.answer[start:end])
        if word.lower() not in STOPWORDS and not word[0].isdigit() and not asked.intersection(terms(word))
    ]
    return new if len(new) <= _NEW_WORDS else []


def _person(exchange: Exchange) -> str:
    """Return whom "she" or "he" may mean behind an exchange: who the question asked for, else whom it named."""
    asked_words = words(exchange.question)
    asks_who = any(word in ("who", "whom", "whose", "wer", "wen", "wem") for word in asked_words[:2])
    in_answer = [
        name
        for name, before, alone in _capitals(exchange.answer)
        if before not in PLACE_PREPOSITIONS
        and before not in DETERMINERS
        and not (alone and not asks_who)
        and normalise(name) not in normalise(exchange.question)
    ]
    in_question = [
        name
        for name, before, alone in _capitals(exchange.question)
        if before not in PLACE_PREPOSITIONS and before not in DETERMINERS and before != "of" and not alone
    ]
    by_likeness = [
        *(in_answer if asks_who else ()),
        *(name for name in in_question if " " in name),
        *(name for name in in_answer if " " in name),
        *in_question,
        *in_answer,
    ]
    return by_likeness[0] if by_likeness else ""


def _capitals(text: str) -> list[tuple[str, str, bool]]:
    """Return the runs of words with capitals.

    Each comes with the word before it, and whether it is one word that opens a sentence: its capital tells nothing.
    """
    found: list[tuple[str, str, bool]] = []
    openings = {start for start, _ in sentences(text)}
    for match in _CAPITALS.finditer(text):
        name, opens = match.group(), match.start() in openings
        before = "" if opens else next(iter(WORD.findall(text[: match.start()])[-1:]), "")
        first = name.split()[0]
        if opens and first.lower() in STOPWORDS | QUESTION_WORDS | DETERMINERS | AUXILIARIES:
            name, before, opens = name[len(first) :].strip(), first, False
        if name and name.lower() not in STOPWORDS:
            found.append((name, before.lower(), opens and " " not in name))
    return found


def _name_person(question: str, person: str) -> str:
    """Return a question with a name in the place of the words for that person."""
    rest = without_opening(question)
    for start, end in reversed(person_pronouns(rest)):
        pronoun = rest[start:end].lower()
        following = WORD.match(rest, end + 1)
        owns = (
            pronoun == "his"
            or pronoun == "hers"
            or (
                pronoun in POSSESSIVES
                and following is not None
                and following.group().lower() not in STOPWORDS | QUESTION_WORDS
            )
        )
        rest = f"{rest[:start]}{person}{'’s' if owns else ''}{rest[end:]}"
    return f"{rest[:1].upper()}{rest[1:]}"
