"""The short answer in what a strong model wrote. Pure.

Owns: reading a first line ``SHORT: …``, holding it against the cited spans, and the short answer of a draft without
one. Knows nothing about prompts, or about how sentences are checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.short_answers.asked import WORD, Asked, read_asked
from rag.answering.short_answers.choice import is_named
from rag.answering.short_answers.phrases import MOST_WORDS, find_phrases
from rag.answering.short_answers.said_of_question import denies, word_of
from rag.marks import strip_mark_groups
from rag.question.reading import Question
from rag.text import STOPWORDS, normalise, terms, without_struck
from rag.types import Sentence, Span, Verdict
from rag.verify.parse.dates import find_dates
from rag.verify.parse.quantities import find_quantities

MOST_CHARACTERS = 120
"""Characters of a short answer that is a sentence."""

# The first line, or in capitals a line of its own further down.
_SHORT_LINE = re.compile(
    r"(?:\A\W*(?i:short(?: answer)?|kurz(?:e antwort|antwort)?|réponse courte|respuesta (?:corta|breve)"
    r"|risposta breve|resposta curta|kort antwoord|кратк\w{2} ответ|简短回答|短い答え)|^[ \t>*_`#-]{0,8}SHORT)\W{0,8}"
    r":[*_` \t]*(?P<short>[^\n]*)\n?",
    re.M,
)
# An item of a list or a heading, which answers nothing by itself.
_MARKUP = re.compile(r"\s*(?:[-*•+|#]|\d{1,2}[.)](?:\s|$))")
_NONE = frozenset({"", "none", "n/a", "-", "null", "keine", "unknown"})
# A short answer of these kinds is a phrase, never a whole quoted sentence.
_FACTS = ("fact", "computation")
_FORMED = ("date", "year", "time", "duration", "money", "percentage", "number", "person")


def split_short_line(text: str) -> tuple[str, str]:
    """Split a line ``SHORT: …`` from a draft; where that is all there is, it is the draft, too.

    Args:
        text: What the model wrote so far.

    Returns:
        The phrase without marks, "" where there is no such line or it says that there is none; and the rest.
    """
    match = _SHORT_LINE.search(text)
    if match is None:
        return "", text
    short = " ".join(strip_mark_groups(match["short"]).split()).strip("*_ ").rstrip(" .")
    rest = (text[: match.start()] + text[match.end() :].lstrip("\n")).strip("\n")
    if short.casefold() in _NONE:
        return "", rest
    return short, rest or match["short"].strip()


def phrase_to_judge(question: Question, short: str, text: str) -> str:
    """Return what a judge is asked about beside the sentences: the phrase, or the yes or no that opens the draft.

    Args:
        question: The question as it was read.
        short: The phrase of the model's first line; "" for none.
        text: The rest of what it wrote.

    Returns:
        The words; "" for none.
    """
    if short or question.kind != "yes-no" or not word_of(text):
        return short
    return text.split()[0].strip("*_,.;:–—")


def refused(question: Question, asked: str, phrase: str, judged: Verdict | None, sentences: Sequence[Sentence]) -> bool:
    """Tell whether a phrase is none that may stand above an answer.

    Args:
        question: The question as it was read.
        asked: Its words as they were searched for.
        phrase: The phrase.
        judged: What a judge says of it; None where none was asked or could tell.
        sentences: The sentences of the answer with their verdicts.

    Returns:
        True for one that a judge finds wrong or nowhere, for a yes or no of which it finds only a part, and, without a
        judgement, for a yes or no that says otherwise than a verified sentence.
    """
    word = word_of(phrase) if question.kind == "yes-no" else None
    if judged:
        return judged in ("contradicted", "unsupported") or (judged == "partly" and word is not None)
    verified = [strip_mark_groups(sentence.text) for sentence in sentences if sentence.verdict == "verified"]
    return word is not None and denies(word, asked, verified)


def supported_short(question: Question, short: str, cited: Sequence[Span]) -> str | None:
    """Hold a strong model's phrase against what its answer cites.

    Args:
        question: The question as it was read.
        short: The phrase.
        cited: The spans that the verified sentences of its answer cite.

    Returns:
        The phrase, where its length is right, each of its numbers and dates stands in the spans, and most of its other
        words do; None otherwise. The plain words yes and no need no span of their own.
    """
    if not short or not cited or len(short) > MOST_CHARACTERS:
        return None
    if question.kind == "yes-no" and word_of(short):
        return short
    if question.kind in _FACTS and len(short.split()) > MOST_WORDS:
        return None
    if question.kind in _FACTS and _is_quoted_sentence(short, cited):
        return None
    if question.kind == "computation":
        return short
    words = " ".join(f"{span.title} {span.header} {without_struck(span.quote)}" for span in cited)
    quantities, dates = find_quantities(words), find_dates(words)
    if not all(any(one.is_implied_by(other) for other in dates) for one in find_dates(short)):
        return None
    days = [(date.start, date.end) for date in find_dates(short)]
    for quantity in find_quantities(short):
        is_of_date = any(start <= quantity.start < end for start, end in days)
        if not is_of_date and not any(quantity.same_written_number(other) for other in quantities):
            return None
    present = set(terms(words))
    stems = [stem for stem in terms(short) if stem not in STOPWORDS and not stem[0].isdigit()]
    absent = [stem for stem in stems if stem not in present]
    return short if 3 * len(absent) <= len(stems) else None


def short_answer_of_draft(
    question: Question, asked: str, sentences: Sequence[Sentence], cited: Sequence[Span]
) -> str | None:
    """Take the short answer out of a checked draft.

    Args:
        question: The question as it was read.
        asked: Its words as they were searched for.
        sentences: The sentences of the answer with their verdicts.
        cited: What its citations cite.

    Returns:
        The one date, amount or person that the first verified sentence gives where such is asked for; else that
        sentence, where it is short enough and, for a fact, at most twelve words and no whole quoted sentence. None
        where the first claim of the answer is not verified.
    """
    first = next((sentence for sentence in sentences if sentence.verdict != "not a claim"), None)
    if first is None or first.verdict != "verified" or _MARKUP.match(first.text):
        return None
    text = " ".join(without_struck(strip_mark_groups(first.text)).replace("**", "").split())
    read = read_asked(question, asked)
    if question.kind == "yes-no" and word_of(text) and len(text) > MOST_CHARACTERS:
        return text.split()[0].strip(",.;:–")
    if question.kind in _FACTS and (phrase := _only_phrase(read, text)):
        return phrase
    if len(text) > MOST_CHARACTERS:
        return None
    if question.kind in _FACTS and (len(text.split()) > MOST_WORDS or _is_quoted_sentence(text, cited)):
        return None
    return text


def _only_phrase(asked: Asked, text: str) -> str | None:
    """Return the only phrase of a sentence that has the form of the answer and that the question does not name."""
    if asked.answer_type not in _FORMED:
        return None
    found = [one for one in find_phrases(text, asked.answer_type, asked.focus) if not is_named(asked, text, one)]
    shown = {text[one.start : one.end] for one in found}
    return shown.pop() if len(shown) == 1 else None


def _is_quoted_sentence(text: str, cited: Sequence[Span]) -> bool:
    plain = _plain(text)
    return any(plain == _plain(span.quote) for span in cited)


def _plain(text: str) -> str:
    return " ".join(match.group() for match in WORD.finditer(normalise(text)))
