"""Find the question in a message.

Owns: which sentences of a message are asked, which are instructions, and which are neither: greetings, signatures, a
preamble, a pasted text. Knows nothing about what a question asks for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.notices.language import GERMAN_FUNCTION_WORDS
from rag.patterns import lazy_pattern
from rag.question.courtesy import is_courtesy, is_sign_off, strip_closing, strip_opening, talk_of, without_pictures
from rag.question.instructions import is_instruction, split_instructions
from rag.question.question_words import QUESTION_CHARACTERS
from rag.question.vocabulary import IMPERATIVE, QUESTION_WORD
from rag.text import STOPWORDS, sentences, words

# Of a longer message its beginning and its end are read: the question stands before or behind what is pasted.
_END_READ = 4000
# A message of more characters holds a pasted text; only what is asked at one end of it is the question.
_PASTED = 1200
# A sentence before a question is kept at most this long where the question leans on it.
_LEANED_ON = 300

_ASKS = lazy_pattern(
    rf"(?:(?:and|so|but|then|und)\s+)?(?:(?:in|at|on|by|for|to|from|of|with|an|auf|aus|bei|bis|seit|um|von"
    rf"|zu)\s+)?(?:{QUESTION_WORD}|{IMPERATIVE}|whether|ob)\b",
    re.I,
)
# A relative clause or an exclamation: "Which is why I write."
_ASKS_NOTHING = re.compile(
    r"(?:which\s+(?:is|was|means)\s+(?:why|that|what)|what\s+an?\s|when(?:ever)?\s+i\b|while\b|was\s+(?:auch|mich)\b)",
    re.I,
)
# A word that stands for something in the sentence before; "it" in "how long does it take" does not.
_LEANS = re.compile(
    r"\b(?:he|she|they|him|her|hers|his|their|theirs|them|its|this|these|those|er|sie|ihm|ihn|ihnen|dessen|deren"
    r"|dort)\b|\bit\b(?!\s+(?:say|take|true|possible|stated|allowed|cost|matter|necessary|rain|snow|mean)s?\b)",
    re.I,
)
_SPEAKER = re.compile(r"\b(?:i|we|my|our|me|us|ich|wir|mein\w*|unser\w*|mir|uns|you|your|sie|ihr)\b|[:;]$", re.I)
_OF_SPEAKER = re.compile(r"\b(?:i|we|my|our|ich|wir)\b", re.I)
# What the speaker says of themselves that a question about "us" depends on: "I am in Oslo", "Wir arbeiten in Leeds".
_STATE_OF_SPEAKER = re.compile(
    r"(?:(?:i|we)(?: am| are|[’']m|[’']re)|(?:i|we) (?:work|live|am based|are based)|(?:ich|wir) (?:bin|sind|arbeiten?"
    r"|wohnen?|leben?))(?: (?:currently|now|still|based|employed|working|living|gerade|derzeit))*"
    r" (?:in|at|from|with|part|an?|on|im|am|bei|aus|eine?)\b(?!.*\b(?:told|asked|ask|question|wonder\w*|help|hurry"
    r"|trying|looking|bit|lot|hope|frage\w*|hilfe)\b)",
    re.I,
)
_STATE_LENGTH = 100
_MONTH_NEXT = re.compile(
    r"(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)\b", re.I
)
_DAY_LAST = re.compile(r"\b\d{1,2}\.$")
_ABBREVIATION_LAST = re.compile(r"\b(?:approx|ca|no|nr|fig|abb|vol|pp|art|bzw|inkl|max|min|z\.\s?B|e\.g|i\.e)\.$", re.I)
_QUESTION_MARKS = ("?", "？", "؟")


@dataclass(frozen=True, slots=True)
class Message:
    """What a message holds.

    Attributes:
        asked: What is asked, in the person's words; of a message that asks nothing, all of it.
        instructions: How to answer.
        is_talk: Whether there is courtesy and nothing else.
        left_out: Whether greetings, a preamble or a pasted text were left out of ``asked``.
        cut: Whether what is asked was too long and only its beginning is read.
    """

    asked: str
    instructions: tuple[str, ...] = ()
    is_talk: bool = False
    left_out: bool = False
    cut: bool = False


def read_message(text: str) -> Message:
    """Find the question in a message."""
    text = text.strip()
    if talk_of(text[: 2 * QUESTION_CHARACTERS]):
        return Message(text[:QUESTION_CHARACTERS], is_talk=True)
    is_long = len(text) > QUESTION_CHARACTERS + _END_READ
    shown = f"{text[:QUESTION_CHARACTERS]}\n{text[-_END_READ:]}" if is_long else text
    asked: list[tuple[int, str]] = []
    instructions: list[str] = []
    statements: list[tuple[int, str]] = []
    courtesy = False
    segments = _segments(shown)
    for number, segment in enumerate(segments):
        if (asked or statements) and is_sign_off(segment) and not any(map(_has_mark, segments[number:])):
            courtesy = True
            break
        segment = without_pictures(segment)
        body = strip_closing(strip_opening(segment))
        courtesy = courtesy or body != segment
        if not body or is_courtesy(body):
            courtesy = True
        elif is_instruction(body) and (not _has_mark(segment) or (body != segment and ":" not in body)):
            instructions.append(body)
        else:
            body, phrases = split_instructions(body)
            instructions.extend(phrases)
            body = strip_opening(body)
            asks = _has_mark(segment) or (_ASKS.match(body) is not None and not _ASKS_NOTHING.match(body))
            (asked if asks else statements).append((number, body))
    chosen = _choose(asked, statements, is_pasted=len(text) > _PASTED)
    if not chosen:
        # Nothing but courtesy and instructions: the instructions are what is asked.
        whole = " ".join(instructions) or text
        return Message(whole[:QUESTION_CHARACTERS], tuple(instructions), is_talk=courtesy and not instructions)
    question = " ".join(chosen)
    left_out = courtesy or len(chosen) < len(asked) + len(statements)
    is_cut = len(question) > QUESTION_CHARACTERS or (is_long and not asked)
    return Message(question[:QUESTION_CHARACTERS], tuple(instructions), False, left_out, is_cut)


def _segments(text: str) -> list[str]:
    """Return the sentences of a message; a line break ends one where what follows begins anew."""
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        lines: list[str] = []
        for line in filter(None, (" ".join(line.split()) for line in paragraph.splitlines())):
            if lines and lines[-1][-1] not in ".!?:,;" and (line[0].islower() or line[0].isdigit()):
                lines[-1] = f"{lines[-1]} {line}"
            else:
                lines.append(line)
        for line in lines:
            found.extend(_joined(_apart(line)))
    return found


def _apart(line: str) -> list[str]:
    """Return the sentences of a line; two without a space between them are one, unless a question ends there."""
    parts: list[str] = []
    end = 0
    for start, stop in sentences(line):
        if parts and start == end and not parts[-1].endswith("?"):
            parts[-1] += line[start:stop]
        else:
            parts.append(line[start:stop])
        end = stop
    return parts


def _joined(parts: list[str]) -> list[str]:
    """Join sentences that were cut at an abbreviation or a German date."""
    joined: list[str] = []
    for part in parts:
        if joined and (
            (_DAY_LAST.search(joined[-1]) and _MONTH_NEXT.match(part))
            or _ABBREVIATION_LAST.search(joined[-1])
            or part.startswith("(")
            or not any(map(str.isalnum, part))
        ):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return joined


def _has_mark(segment: str) -> bool:
    return segment.rstrip(" \"'”“»)]*_!.").endswith(_QUESTION_MARKS)


def _choose(asked: list[tuple[int, str]], statements: list[tuple[int, str]], *, is_pasted: bool) -> list[str]:
    """Return the sentences that are the question, in their order."""
    if not asked:
        return [text for _, text in statements]
    if is_pasted:
        asked = _at_an_end(asked, [number for number, _ in statements])
    chosen = dict(asked)
    number, first = asked[0]
    before = dict(statements).get(number - 1, "")
    leans = (_OF_SPEAKER.search(first) and _says_nothing(first)) or (
        _LEANS.search(first) and not _SPEAKER.search(before)
    )
    if before and len(before) <= _LEANED_ON and leans:
        chosen[number - 1] = before
    elif (state := _state_of_speaker(first, statements)) and not is_pasted:
        chosen[number] = f"{first} ({state.rstrip(' .!')})"
    return [chosen[number] for number in sorted(chosen)]


def _state_of_speaker(question: str, statements: list[tuple[int, str]]) -> str:
    """Return what the speaker says of themselves beside a question about themselves; "" where there is nothing."""
    if not _OF_SPEAKER.search(question):
        return ""
    states = (text for _, text in statements if len(text) <= _STATE_LENGTH and _STATE_OF_SPEAKER.match(text))
    return next(states, "")


def _says_nothing(question: str) -> bool:
    """Tell whether a question has no word of its own: "What should I do?"."""
    return all(word in STOPWORDS or word in GERMAN_FUNCTION_WORDS for word in words(question))


def _at_an_end(asked: list[tuple[int, str]], statements: list[int]) -> list[tuple[int, str]]:
    """Return what is asked behind a pasted text, or before it; the end where one cannot tell."""
    before = sum(number < asked[0][0] for number in statements)
    behind = sum(number > asked[-1][0] for number in statements)
    if before < behind and before <= 1:
        return _run(asked)
    return _run(asked[::-1])[::-1] if behind <= 1 else asked[-1:]


def _run(asked: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the first sentences that follow each other without another between them."""
    run = asked[:1]
    for sentence in asked[1:]:
        if abs(sentence[0] - run[-1][0]) > 1:
            break
        run.append(sentence)
    return run
