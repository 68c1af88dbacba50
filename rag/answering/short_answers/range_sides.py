"""Which end of a range a question asks for, and the phrase that is it: "from what time?" of "from 7 am to 9 pm". Pure.

Owns: the words that ask for a start or an end and those that join two ends, in the languages whose forms are known.
Knows nothing about evidence.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.answering.short_answers.phrases import Phrase
from rag.patterns import lazy_pattern

Side = Literal["start", "end"]

_WHAT_EN = r"(?:when|what|which)\b"
_WHAT_DE = r"(?:wann|wie ?viel|welche[rmns]?|was)\b"
_WHAT_ROMANCE = r"(?:quand|quel(?:le)?s?|cuando|cuándo|que|qué|cual|cuál|quando|quanto|quale?|combien)\b"
_WHAT_RU = r"(?:како[а-я]+|каких|скольки|которо[а-я]+|когда)"
_WHAT_ZH = "(?:什么|什麼|何|哪|几|幾|多少)"
_WHAT_JA = "(?:何[時月年日曜]?[^、。はがをに]{0,2}|いつ|どこ)"
_WHAT_AR = "(?:متي|متى|اي|أي|كم|الساعة)"
_WHAT_TH = "(?:กี่|เมื่อ|วันไหน|เวลาใด)"
_WHAT_KO = r"(?:언제|몇\s?\S{1,2}|며칠)"
_WHEN_ZH = "(?:几点|幾點|什么时候|什麼時候|哪天|哪年)"
# Questions are folded: in small letters, with one kind of alef.
_ASKS_END = lazy_pattern(
    rf"\b(?:until|till|up to|to|by|through)\s{_WHAT_EN}|\buntil\s*\?|\bhow late\b|\bbis (?:zu )?{_WHAT_DE}"
    rf"|\bjusqu'(?:a|à|en|au)\s?{_WHAT_ROMANCE}|\b(?:hasta|até|fino a)\s{_WHAT_ROMANCE}|(?<!\w)до {_WHAT_RU}"
    rf"|[到至]{_WHAT_ZH}|{_WHEN_ZH}(?:为止|為止|结束|結束)|{_WHAT_JA}まで|{_WHAT_KO}까지"
    rf"|(?:حتى|حتي|الى|الي) {_WHAT_AR}|ถึง{_WHAT_TH}"
)
_ASKS_START = lazy_pattern(
    rf"\b(?:from|since|starting|as of)\s(?:(?:at|in|on)\s)?{_WHAT_EN}|\b(?:ab|von|seit) {_WHAT_DE}"
    rf"|\b(?:depuis|à partir de|a partir de|dès|desde|da)\s{_WHAT_ROMANCE}|^\W*de\s{_WHAT_ROMANCE}"
    rf"|(?<!\w)(?:с|со|от|начиная с) {_WHAT_RU}|[从從自]{_WHAT_ZH}|{_WHEN_ZH}(?:开始|開始|起)"
    rf"|{_WHAT_JA}から|{_WHAT_KO}부터|(?:من|منذ) {_WHAT_AR}|ตั้งแต่{_WHAT_TH}"
)
_VALUE = r"(?:\d{1,4}(?:[.:,]\d{2,3})*|[〇零一二三四五六七八九十百]{1,5})"
_HALF = "(?:上午|下午|晚上|早上|中午|凌晨|傍晚|午前|午後|오전|오후)"
# A unit, a half of the day, a month or a year behind a number.
_GAP = r"\.?[ \u00a0\u202f]?"
_UNIT = (
    rf"(?:{_GAP}(?:Uhr|h(?:{_GAP}\d\d)?\b|[ap]m\b|[ap]\.m\.|o'clock|heures?|horas?|час(?:ов|а)?|€|%|น\.)"
    r"|[点點時时시](?:[一二三四五六七八九十\d]{1,3}[分분]?|半)?[钟鐘整]?|[年月日号號分년월일])"
)
# Behind the first of two numbers: a month or any other word.
_BEHIND = rf"(?:{_UNIT}|{_GAP}[^\W\d_]{{3,12}}\b\.?(?: \d{{4}})?){{0,3}}?"
_JOINT = (
    r"(?:\s?[-–—~〜～]\s?|\s(?:bis(?: zum| zur)?|to|until|till|through|à|au|jusqu'à|a|hasta|al|até|до|по|إلى|الى|حتى"
    r"|ถึง)(?: the| las?| le| el| الساعة)?\s|\s?(?:到|至|から|부터|ถึง)\s?)"
)
_RANGE = lazy_pattern(
    rf"(?<![\d.:,])(?P<first>{_HALF}?\s?{_VALUE}{_BEHIND}){_JOINT}(?P<last>{_HALF}?\s?{_VALUE}{_UNIT}{{0,3}})", re.I
)
_BETWEEN = lazy_pattern(
    rf"\b(?:between|zwischen|entre|между) (?P<first>{_VALUE}{_BEHIND}) (?:and|und|et|y|и) "
    rf"(?P<last>{_VALUE}{_UNIT}{{0,3}})",
    re.I,
)
# Right before a phrase, these make it an end, or a start.
_END_BEFORE = re.compile(
    r"(?:\b(?:bis(?: zum| zur)?|until|till|jusqu'à|hasta|até)\s|(?<!\w)(?:до|حتى)\s|[到至]|ถึง\s?)$", re.I
)
_END_BEHIND = re.compile(r"\s?(?:まで|까지|为止|為止|之前)")
_START_BEFORE = re.compile(
    r"(?:\b(?:ab|seit|from|since|depuis|dès|desde|à partir d[eu]|a partir de)\s|(?<!\w)(?:с|со|منذ)\s|[从從自]"
    r"|ตั้งแต่\s?)$",
    re.I,
)
_START_BEHIND = re.compile(r"\s?(?:から|부터|起|开始|開始)")
# Characters on either side of a phrase that are looked at.
_AROUND = 60
_NAMES_ITSELF = re.compile(r"[^\W\d_]|[:€%]|\d{4}")


def asked_side(question: str) -> Side | None:
    """Tell which end of a range a folded question asks for; None where it asks for none, or for both."""
    asks_start, asks_end = _ASKS_START.search(question), _ASKS_END.search(question)
    if bool(asks_start) == bool(asks_end):
        return None
    return "start" if asks_start else "end"


def side_of_range(text: str, phrase: Phrase, side: Side) -> Phrase | None:
    """Return the end of a range that is asked for.

    Args:
        text: The sentence.
        phrase: A phrase in it that may be a range, an end of one, or neither.
        side: The end that is asked for.

    Returns:
        That end with its unit; the phrase where it is in no range; None where it is the other end, and where the end
        that is asked for has its unit only behind the other one: "from 7 to 9 pm".
    """
    offset = max(0, phrase.start - _AROUND)
    near = text[offset : phrase.end + _AROUND]
    start, end = phrase.start - offset, phrase.end - offset
    for pattern in (_RANGE, _BETWEEN):
        for match in pattern.finditer(near):
            if match.start() < end and start < match.end():
                return _end_of(near, match, (start, end), side, offset)
    if side == "start":
        is_other = _END_BEFORE.search(near[:start]) or _END_BEHIND.match(near, end)
    else:
        is_other = _START_BEFORE.search(near[:start]) or _START_BEHIND.match(near, end)
    return None if is_other else phrase


def _end_of(near: str, match: re.Match[str], phrase: tuple[int, int], side: Side, offset: int) -> Phrase | None:
    """Return one end of a range, without the spaces around it."""
    first, last = match.span("first" if side == "start" else "last")
    if side == "end":
        last = max(last, phrase[1])
    while first < last and near[first].isspace():
        first += 1
    shown = near[first:last].rstrip()
    return Phrase(first + offset, first + offset + len(shown), "") if _NAMES_ITSELF.search(shown) else None
