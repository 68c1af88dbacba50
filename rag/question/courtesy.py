"""Tell courtesy from what is asked.

Owns: cutting greetings, thanks, sign-offs and polite lead-ins off a question, and telling small talk. Knows nothing
about what a question asks for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from rag.question.patterns.courtesy import (
    ASSISTANT,
    ASSISTANT_END,
    CLOSING,
    OPENINGS,
    SENTENCES,
    SIGN_OFF,
    SIGNED,
)
from rag.question.vocabulary import QUESTION_WORD

SmallTalk = Literal["greeting", "thanks", "farewell", "praise", "assistant"]
"""What a message without a question is about; ``assistant``: the program itself."""

_TALK_WORDS: dict[SmallTalk, frozenset[str]] = {
    "greeting": frozenset(
        "hello hi hey hiya greetings morning afternoon evening hallo moin servus morgen tag abend".split()
    ),
    "thanks": frozenset("thanks thank thx cheers ty danke dank merci dankeschön appreciated".split()),
    "farewell": frozenset("bye goodbye later goodnight tschüss tschüs ciao wiedersehen bis farewell".split()),
    "praise": frozenset(
        """perfect great nice cool awesome excellent wonderful brilliant super good fine helpful ok okay alright helps
        helped helping right correct understood amazing fantastic lovely gut klasse toll prima spitze perfekt
        genau verstanden klar ausgezeichnet wunderbar richtig hilft geholfen hilfreich yes yep sure lol haha
        ja well done""".split()
    ),
}
_FILLERS = frozenset(
    """you very much so a lot all that this it is was the for your help again there everyone team in advance many my me
    now job work answer see take care have day night one today and to i got just really too of thats that's it's what
    needed wanted exactly very schön sehr vielen herzlichen besten guten gute guter schönen das dir ihnen euch auf bis
    bald dann ist war mir für die hilfe antwort nacht und im voraus no problem more nothing else bot friend footnote
    zusammen alles alle sir madam folks gracias arbeit wirklich hat""".split()
)
_TALK_OF_WORD = {word: kind for kind, known in reversed(_TALK_WORDS.items()) for word in known}
# A longer message says something.
_TALK_CHARACTERS = 100
# "Who are you and what can you do?"
_AND = re.compile(r"[?,]? (?:and|und) ", re.I)
_ASKING_WORDS = frozenset("what which who when where why how is are do does did can wer wann wo warum wie ist".split())
_QUESTION_FIRST = re.compile(rf"(?:{QUESTION_WORD}|is|are|was|were|do|does|did|has|have|can)\b", re.I)
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")


def strip_opening(sentence: str) -> str:
    """Cut greetings and polite words off the beginning of a sentence."""
    rest = sentence.lstrip(' \t\n,;:–—-•*>"“„')
    while rest:
        shorter = rest
        for pattern in OPENINGS:
            match = pattern.match(shorter)
            if match:
                shorter = shorter[match.end() :]
        if shorter == rest or not shorter.strip():
            break
        rest = shorter.lstrip()
    return rest


def strip_closing(sentence: str) -> str:
    """Cut "please" and "thanks" off the end of a sentence; its question mark stays."""
    sentence = without_pictures(sentence)
    if sign_off := SIGNED.search(sentence[-80:]):
        cut = max(0, len(sentence) - 80) + sign_off.start()
        sentence = sentence[:cut] or sentence
    while match := CLOSING.search(sentence[-60:]):
        start = max(0, len(sentence) - 60) + match.start()
        if not sentence[:start].strip():
            break
        mark = "?" if "?" in match.group(1) else ""
        sentence = sentence[:start].rstrip(" ,") + ("" if sentence[:start].rstrip().endswith("?") else mark)
    return sentence


def without_pictures(sentence: str) -> str:
    """Cut emoji off both ends."""
    start, end = 0, len(sentence)
    while start < end and _is_picture(sentence[end - 1]):
        end -= 1
    while start < end and _is_picture(sentence[start]):
        start += 1
    return sentence[start:end] if end > start else sentence


def _is_picture(character: str) -> bool:
    return character.isspace() or (
        character >= "\u200d" and unicodedata.category(character) in ("So", "Sk", "Mn", "Cf", "Co")
    )


def is_courtesy(sentence: str) -> bool:
    """Tell whether a sentence only greets, thanks, wishes or announces a question."""
    if any(pattern.match(sentence) for pattern in SENTENCES) or talk_of(sentence) not in (None, "assistant"):
        return True
    return any((match := pattern.match(sentence)) and match.end() == len(sentence) for pattern in OPENINGS)


def is_sign_off(sentence: str) -> bool:
    """Tell whether a signature begins with a sentence."""
    return any(pattern.match(sentence) for pattern in SIGN_OFF)


def talk_of(text: str) -> SmallTalk | None:
    """Tell what small talk a message is.

    Args:
        text: The whole message.

    Returns:
        What kind of small talk; None where it may hold a question about documents.
    """
    bare = " ".join(text.split()).strip("?!.…,:;) ")
    spoken = ASSISTANT_END.sub("", strip_opening(bare[:_TALK_CHARACTERS]))
    if all(any(pattern.fullmatch(part) for pattern in ASSISTANT) for part in _AND.split(spoken)):
        return "assistant"
    tokens = [token.lower().replace("’", "'") for token in _TOKEN.findall(bare[:_TALK_CHARACTERS])]
    if not tokens:
        return "praise" if any(unicodedata.category(character) == "So" for character in text) else None
    if len(bare) >= _TALK_CHARACTERS or any(character.isdigit() for character in bare):
        return None
    kinds = [_TALK_OF_WORD.get(token) for token in tokens]
    if any(kind is None and token not in _FILLERS for kind, token in zip(kinds, tokens, strict=True)):
        return None
    # "What is the toll?": German "toll" praises, but not in a question.
    has_mark = "?" in text[:_TALK_CHARACTERS]
    is_greeting = bool({"greeting", "farewell"} & set(kinds)) and not _ASKING_WORDS.intersection(tokens)
    if (has_mark or _QUESTION_FIRST.match(bare)) and not is_greeting:
        return None
    return next((kind for kind in ("thanks", "farewell", "greeting", "praise") if kind in kinds), None)
