"""The words that tell what a sentence does with numbers, in English and German. Pure.

Owns: which words mean a sum, a difference, a share … and where in a sentence they must stand. Knows no numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Operation = Literal["rise", "fall", "change", "rest", "share", "sum", "average", "ratio", "span", "age"]
"""What is done with numbers.

``rise`` and ``fall``: the second is greater or smaller by so much; ``change``: either. ``rest``: what is left of a
whole. ``share``: a part of it. ``span``: the time between two dates.
"""

# Characters before and behind a number in which its operation must be named.
_BEFORE, _BEHIND = 90, 60

_WORDS: dict[Operation, str] = {
    "rise": r"""ris(?:e|es|en|ing) rose increas(?:e|es|ed|ing) grow(?:s|n|th|ing)? grew gain(?:s|ed)? climb(?:s|ed)?
        jump(?:s|ed)? soar(?:s|ed)? surg(?:es?|ed) up(?=\s+(?:by\b|[\d$€£])) rais(?:e|es|ed) exceed(?:s|ed)? more higher
        larger bigger greater longer older elder heavier faster taller wider deeper warmer ahead excess surplus
        improv(?:es?|ed|ement) stieg(?:en)? steig(?:t|en|erte?|erung) gestiegen wuchs(?:en)? wächst gewachsen
        wachstum zunahme zugenommen anstieg erhöht(?:e|en)? erhöhung mehr höher größer länger älter schneller
        schwerer plus""",
    "fall": r"""falls? fell fallen falling decreas(?:e|es|ed|ing) declin(?:e|es|ed|ing) drop(?:s|ped|ping)?
        shorten(?:s|ed)? down(?=\s+(?:by\b|[\d$€£]))
        reduc(?:e|es|ed|tion) shr[iau]nk(?:s|en)? cut(?:s|ting)? lower(?:ed)? less fewer smaller shorter younger
        lighter cheaper slower narrower colder cooler lost loses? sav(?:es?|ed|ings?) shortfall behind sank(?:en)?
        sinkt gesunken rückgang fiel(?:en)? gefallen abnahme abgenommen verringert(?:e|en)? gesenkt weniger
        niedriger kleiner kürzer jünger leichter langsamer billiger minus""",
    "change": r"""chang(?:e|es|ed) differ(?:s|ed|ence|ences)? gap vari(?:es|ed) unterschied differenz
        abstand änderung verändert(?:e|en)? veränderung""",
    "rest": r"""left remain(?:s|ed|ing|der)? rest net others? leaves leaving übrig(?:en)? verbleib(?:t|en|ende[nr]?)
        netto restliche[nr]?""",
    "share": r"""shares? out\sof percentage portion proportion fraction account(?:s|ed|ing)?
        represent(?:s|ed|ing)? margin
        ratio rate constitutes? compris(?:es?|ed) makes? made anteil(?:e|s)? entsprich(?:t|en) quote marge""",
    "sum": r"""total(?:s|ed|ing|ling|led)? together sum(?:s|med)? combined altogether overall aggregate(?:s|d)? in\sall
        plus jointly zusammen insgesamt gesamt(?:e|en)? summe beide[ns]?""",
    "average": r"average(?:s|d)? mean durchschnitt(?:lich(?:e[ns]?)?)? schnitt mittel per each apiece pro je",
    "ratio": r"ratio ratios multiple verhältnis vielfache[ns]? times per pro je each",
    "span": r"""after later older younger longer lasted lasts? for between within earlier before since until over
        old took takes span(?:s|ned)? apart during long aged? gap difference nach später früher älter dauerte
        dauert zwischen seit lang vor lebte jahre""",
}  # fmt: skip
# "More than 140" says nothing of the number behind it.
_NOT_OF_ANOTHER = r"(?!\s+(?:than|als)\s+[\d$€£])"
_CUES = {
    operation: re.compile(rf"\b(?:{'|'.join(words.split())})\b{_NOT_OF_ANOTHER}", re.I)
    for operation, words in _WORDS.items()
}
# "At the age of 36", "36 years old", "36-year-old".
_AGE_BEFORE = re.compile(r"\b(?:aged?|age of|when (?:he|she|it) was|alter von|mit)\s+$", re.I)
_AGE_BEHIND = re.compile(r"[\s-]*(?:years?[\s-]|jahren? )?(?:old|alt)\b", re.I)
# "36 % of" is a share, whatever else stands there.
_SHARE_BEHIND = re.compile(r"\s*(?:of|von|der|des|aller)\b", re.I)
# Behind these a number is what an amount was or became, not by how much it changed: "rose from 5 to 7".
_LEVEL = re.compile(r"\b(?:from|to|at|von|auf|bei)\s+(?:about\s+|over\s+|nearly\s+)?$", re.I)

# The ends of a range are no average and no sum: "between 40 and 50 people work in each".
_END_OF_RANGE = re.compile(r"\b(?:between|zwischen)\s+(?:[^\s,;]{1,20}\s+(?:and|und)\s+)?$", re.I)


def operations_told(text: str, start: int, end: int) -> frozenset[Operation]:
    """Name the operations that a number may come from by the words around it.

    Args:
        text: The sentence.
        start: Where the number starts in it.
        end: Where it ends.

    Returns:
        The operations.
    """
    before, behind = text[max(0, start - _BEFORE) : start], text[end : end + _BEHIND]
    told = {operation for operation, cue in _CUES.items() if cue.search(before) or cue.search(behind)}
    if _AGE_BEFORE.search(before) or _AGE_BEHIND.match(behind):
        told.add("age")
    if _SHARE_BEHIND.match(behind):
        told.add("share")
    if _LEVEL.search(before):
        told -= {"rise", "fall", "change", "rest"}
    if _END_OF_RANGE.search(before):
        told -= {"sum", "average"}
    return frozenset(told)


@lru_cache(maxsize=4096)
def is_cue(word: str) -> bool:
    """Tell whether a word tells an operation, and so nothing of what the numbers are of."""
    return any(cue.fullmatch(word) for cue in _CUES.values())
