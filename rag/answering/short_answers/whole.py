"""A phrase that is not torn: a whole code, a time with its minutes, an address with its numbers, one end of a range.

Owns: what becomes of a phrase that was cut out of a sentence before it is shown. Knows nothing about how one is chosen.
Pure.
"""

from __future__ import annotations

import re

from rag.answering.short_answers.phrases import Phrase
from rag.answering.short_answers.places import whole_place
from rag.answering.short_answers.range_sides import Side, asked_side, side_of_range
from rag.answering.short_answers.types import Basis, ShortAnswer, cut
from rag.question.languages.folding import fold

_AMOUNTS = ("number", "money", "duration", "percentage")
# What codes are made of, letters in capitals: VX-7731, A380/2.
_OF_CODE, _OF_SMALL_CODE = re.compile(r"[A-ZА-ЯΑ-Ω0-9._/-]"), re.compile(r"[A-Za-zА-Яа-яΑ-ω0-9._/-]")
_JOINTS = "._/-"
_LONGEST_CODE = 40
_ASKS_FOR_CODE = re.compile(
    r"\b(?:number|code|model|serial|sku|identifier|\w*nummer|kennung|kennzeichen|numero|numéro|référence|código|número"
    r"|номер|код|артикул)\b|编号|型号|號碼|号码|番号|型番|رقم|รหัส|หมายเลข",
    re.I,
)
_COUNTS = re.compile(r"\b(?:how many|how much|wie ?viele?|combien|cuánt[oa]s?|сколько)\b|多少|几|كم|กี่", re.I)
# What belongs to an hour right before it.
_MINUTES = re.compile(
    r"[ \u00a0\u202f]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?"
    r"(?:分(?![之の間间])|분|min\b|мин(?:ут[аы]?)?\b|دقيقة|นาที)"
)
_HOUR = re.compile(r"(?:[点點时時시]|\b(?:Uhr|h|час(?:ов|а)?|heures?|horas?)|นาฬิกา)$", re.I)
# Vowel marks of Arabic stand inside a word and are no letters.
_REST_OF_WORD = re.compile("[\u064b-\u065f\u0670][\\w\u064b-\u065f]*")
_SCALE = re.compile("[万萬亿億兆만억조]")


def whole_answer(answer: ShortAnswer | None, basis: Basis) -> ShortAnswer | None:
    """Make a short answer whole, or drop it.

    Args:
        answer: A phrase that was cut out of a sentence; a cell and "yes" are left as they are.
        basis: The question and what its answer rests on.

    Returns:
        The phrase with all of a code and of an address, with the minutes of a time, and without the end of a range that
        is not asked for; None where what is asked for does not stand there by itself.
    """
    if answer is None or answer.text != answer.span.quote:
        return answer
    sentence = next(
        (
            item.span
            for item in basis.evidence
            if item.span.source_id == answer.span.source_id
            and item.span.start <= answer.span.start
            and answer.span.end <= item.span.end
        ),
        None,
    )
    if sentence is None:
        return answer
    start = answer.span.start - sentence.start
    phrase = whole_phrase(
        sentence.quote, Phrase(start, start + len(answer.text), ""), basis.asked, basis.question.answer_type or ""
    )
    if phrase is None:
        return None
    return ShortAnswer(sentence.quote[phrase.start : phrase.end], cut(sentence, phrase.start, phrase.end))


def whole_phrase(text: str, phrase: Phrase, asked: str, answer_type: str) -> Phrase | None:
    """Make a phrase whole.

    Args:
        text: The sentence.
        phrase: The phrase in it.
        asked: The question.
        answer_type: What its answer must hold.

    Returns:
        The phrase, or a longer or a shorter one; None where it is a unit without its number, a number out of a name, or
        the wrong end of a range.
    """
    if answer_type in _AMOUNTS and _SCALE.match(text, phrase.start):
        return None
    if rest := _REST_OF_WORD.match(text, phrase.end):
        phrase = Phrase(phrase.start, rest.end(), phrase.form)
    if _HOUR.search(text[phrase.start : phrase.end]) and (minutes := _MINUTES.match(text, phrase.end)):
        phrase = Phrase(phrase.start, minutes.end(), phrase.form)
    if answer_type == "place":
        phrase = whole_place(text, phrase)
    whole = _with_code(text, phrase, asked, answer_type)
    side: Side | None = asked_side(fold(asked).text) if whole else None
    return side_of_range(text, whole, side) if whole and side else whole


def _with_code(text: str, phrase: Phrase, asked: str, answer_type: str) -> Phrase | None:
    """Return a phrase with the code that it begins or ends in; None where a count is cut out of one."""
    asks_for_code = _ASKS_FOR_CODE.search(asked) is not None
    sign = _OF_SMALL_CODE if asks_for_code else _OF_CODE
    start, end = phrase.start, phrase.end
    if not any(character.isdigit() for character in text[start:end]):
        return phrase
    while start > max(0, phrase.start - _LONGEST_CODE) and sign.match(text[start - 1]):
        start -= 1
    while end < min(len(text), phrase.end + _LONGEST_CODE) and sign.match(text[end]):
        end += 1
    while start < phrase.start and text[start] in _JOINTS:
        start += 1
    while end > phrase.end and text[end - 1] in _JOINTS:
        end -= 1
    added = text[start : phrase.start] + text[phrase.end : end]
    if not any(character.isalpha() for character in added) or text[max(0, start - 1) : start].isalnum():
        return phrase
    if text[start].isalpha() and start < phrase.start and answer_type in _AMOUNTS:
        is_count = _COUNTS.search(asked) is not None or answer_type != "number"
        return None if is_count or not asks_for_code else Phrase(start, end, phrase.form)
    return Phrase(start, end, phrase.form)
