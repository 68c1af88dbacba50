"""Numbers with their units, as people write them. Pure.

Owns: parsing "€3.2 million", "25 to 30 days", "twelve crowns" or "1 234,5 %" as a value and its units. Any word can
be a unit; none is converted into another. It shares nothing with the checker of answers, so that neither hides the
other's mistakes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.evaluate.types import ExpectedNumber

_TOKEN = re.compile(
    r"""(?P<number>(?<!\w)(?<!\d[.,])(?:(?<!-)[-−](?=\d))?\d+(?:[.,]\d+|['’\u00a0\u2009\u202f]\d{3}(?!\d))*)
    |(?P<word>[^\W\d_]+(?:/[^\W\d_]+)?|[%‰$€£¥§]|°[CF]?)
    |(?P<joiner>[-–—])
    |(?P<stop>[.,;:!?\n])""",
    re.VERBOSE,
)
_SMALL = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()
    )
} | {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
# Behind digits only: "25k".
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
_SAME_UNIT = {
    "percent": "%",
    "pct": "%",
    "$": "usd",
    "dollar": "usd",
    "€": "eur",
    "euro": "eur",
    "£": "gbp",
    "¥": "jpy",
    "yen": "jpy",
}
# Units that stand before their number.
_CURRENCIES = frozenset(("usd", "eur", "gbp", "jpy", "chf", "cny", "inr", "sek", "nok", "dkk"))
# Words before a number that only says where something stands.
_REFERENCES = frozenset(
    """page pages p pp chapter section figure fig table step version note item clause article appendix line paragraph
    room number
    seite seiten s kapitel abschnitt abbildung tabelle schritt fassung anmerkung ziffer artikel anhang zeile absatz
    raum zimmer nummer nr §""".split()
)
# Forms of numbers that are written out before a text is cut into words: a fraction as one sign, behind a number or
# alone; powers of ten; thousands apart by a space where a decimal comma or a sign of money says that it is one number;
# losses in brackets, before a per cent sign or in a row of numbers; and a number bound to its unit.
_FRACTION = re.compile(r"(\d+)?\s?([¼-¾⅐-⅞])")
_POWER = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?)[eE]([+-]?\d{1,2})(?!\w)")
_SPACED = re.compile(r"(?<![\w.,])\d{1,3}(?: \d{3})+(?=,\d{1,2}(?!\d)|\s?[€$£¥])")
# Thousands apart by a plain space with no other number beside them: one number, or two, as in "3 250 ml bottles".
_MAYBE_SPACED = re.compile(r"(?<![\w.,])(?<!\d )[1-9]\d{0,2}(?: \d{3})+(?!\d|[.,]\d{3}| [(\d])")
_LOSS = re.compile(r"\((\d[\d.,]*)\)(?=\s*%)|(?<=\d )\((\d[\d.,]*)\)|\((\d[\d.,]*)\)(?= \d)")
_BOUND = re.compile(r"(?<=\d)-(?=[^\W\d_])")
_NUMBER_WORD = "|".join((*_SMALL, *_SCALES))
_BOUND_WORD = re.compile(rf"\b({_NUMBER_WORD})-(?=[^\W\d_])(?!(?:{_NUMBER_WORD})\b)", re.I)
_TEN_TO = re.compile(r"(?<![\w.,^])(?:(\d+(?:\.\d+)?)\s?[×·*x]\s?)?10(?:\^([+-]?\d{1,2})(?!\d)|([⁺⁻]?[⁰¹²³⁴-⁹]{1,2}))")
_PLAIN_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
# Numbers that name a place in a text or a time: marks of citations, items of a list, days, dates, hours, and "No. 4".
_MONTH = (
    r"(?:Jan(?:uary|uar)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Apr(?:il)?|May|Mai|June?|Juni|July?|Juli|Aug(?:ust)?"
    r"|Sept?(?:ember)?|O[ck]t(?:ober)?|Nov(?:ember)?|De[cz](?:ember)?)"
)
_POINTERS = re.compile(
    rf"""\[\d{{1,3}}(?:\s?[,;–-]\s?\d{{1,3}})*\]
    |^[ \t]*(?:\d{{1,3}}[.)](?=[ \t]+\S)|\(\d{{1,3}}\)(?=[ \t]+[^\s\d]))
    |(?<![\w.,])\d{{1,2}}(?:st|nd|rd|th|\.)?[ ](?={_MONTH}\b)
    |\b{_MONTH}\.?[ ]\d{{1,2}}(?![\d.]\d)(?!\w)
    |(?<![\d.:])\d{{1,2}}:\d\d(?::\d\d)?(?![\d:])
    |(?<![\d-])\d{{4}}-\d\d-\d\d(?![\d-])
    |(?<![\d/.])\d{{1,2}}([/.])\d{{1,2}}\1\d{{2,4}}(?![\d/])
    |\b(?:No|Nos|Nr|[Pp]p?|[Ff]ig|[Ss]ec|[Cc]h|[Aa]rt|[Vv]ol|[Aa]bs|[Aa]bb)\.[ ]?\d+""",
    re.VERBOSE | re.MULTILINE,
)
# How many words behind a number may name its unit: "25 paid vacation days".
_REACH = 3


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A value, and the words around it that may be its unit, in one spelling.

    ``refers`` tells that it says where something stands, such as the number of a page.
    """

    value: float
    units: tuple[str, ...] = ()
    refers: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def states_number(text: str, expected: ExpectedNumber) -> bool:
    """Tell whether a text states the expected number with its unit, within the larger of the two tolerances.

    Args:
        text: Any text.
        expected: The number. Without a unit any will do but, where there are others, one that names a place or a time:
            a page, an item of a list, a citation, a day, an hour; and 25 % also is 0.25.

    Returns:
        Whether one of the text's numbers is the expected one.
    """
    scale, unit = _scale_and_unit(expected.unit)
    target = expected.value * scale
    # The last term is the rounding of floating point.
    tolerance = max(expected.rel_tol * abs(target), expected.abs_tol, 1e-9 * abs(target))
    joined = join_spaced(text)
    for stated in [
        *_that_count(stated_numbers(text, unit), unit),
        *(_that_count(stated_numbers(joined, unit), unit) if joined != text else ()),
    ]:
        values = [stated.value, stated.value / 100] if not unit and "%" in stated.units[:1] else [stated.value]
        if _has_unit(stated.units, unit) and any(abs(value - target) <= tolerance for value in values):
            return True
    return False


def join_spaced(text: str) -> str:
    """Return a text with thousands that a plain space sets apart as one number: "1 250 crowns" as "1250 crowns".

    Numbers in a row, as in a table, stay apart: of "12 345 678 9" nobody knows where one ends.
    """
    return _MAYBE_SPACED.sub(lambda match: match[0].replace(" ", ""), text)


def _that_count(numbers: list[StatedNumber], unit: Sequence[str]) -> list[StatedNumber]:
    """Return the numbers without those that name a place or a time, where no unit is expected and there are others."""
    if unit or all(stated.refers for stated in numbers):
        return numbers
    return [stated for stated in numbers if not stated.refers]


def stated_numbers(text: str, unit: Sequence[str] = ()) -> list[StatedNumber]:
    """Parse the numbers of a text.

    Args:
        text: Any text.
        unit: The words of the unit that is expected; they are taken for no scale ("5 m" is no 5 million).

    Returns:
        The numbers, in order.
    """
    tokens = _tokens(text)
    numbers: list[StatedNumber] = []
    position = 0
    while position < len(tokens):
        value, end = _parse_number(tokens, position, unit)
        if end == position:
            position += 1
            continue
        if math.isfinite(value):
            before = _unit(tokens[position - 1].text) if position else ""
            currency = (before,) if before in _CURRENCIES else ()
            refers = position > 0 and tokens[position - 1].text.casefold() in _REFERENCES
            numbers.append(StatedNumber(value, currency + _units_behind(tokens, end, unit), refers))
        position = end
    return numbers


def numbers_in_digits(text: str) -> list[str]:
    """Return the numbers of a text that are written in digits, with their sign, in one spelling: "1,000" as "1000"."""
    return [canonical_number(token.text.replace("−", "-")) for token in _tokens(text) if token.kind == "number"]


def canonical_number(number: str) -> str:
    """Return a number without thousands separators and trailing zeros; what is no plain number stays as it is."""
    if re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", number):
        number = number.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d+", number):
        number = number.replace(",", ".")
    return number.rstrip("0").rstrip(".") if re.fullmatch(r"-?\d+\.\d+", number) else number


def _written_out(text: str) -> str:
    """Return a text with its numbers in plain digits, and with "§" before those that name a place or a time."""
    text = _POINTERS.sub(lambda match: re.sub(r"\d+", r"§ \g<0>", match[0]), text)
    text = _TEN_TO.sub(lambda match: f"{match[1] or 1}e{(match[2] or match[3]).translate(_PLAIN_RAISED)}", text)
    text = _FRACTION.sub(lambda match: f"{int(match[1] or 0) + unicodedata.numeric(match[2]):g}", text)
    text = _POWER.sub(lambda match: format(Decimal(match[1]).scaleb(int(match[2])), "f"), text)
    text = _SPACED.sub(lambda match: match[0].replace(" ", ""), text)
    text = _LOSS.sub(lambda match: f"-{match[1] or match[2] or match[3]}", text)
    return _BOUND_WORD.sub(r"\1 ", _BOUND.sub(" ", text))


def _tokens(text: str) -> list[_Token]:
    text = _written_out(text)
    text = re.sub(r"\bper\s+cent\b", "percent", text, flags=re.I)
    return [_Token(str(match.lastgroup), match.group()) for match in _TOKEN.finditer(text)]


def _parse_number(tokens: Sequence[_Token], position: int, unit: Sequence[str]) -> tuple[float, int]:
    """Return the number that starts at ``position`` with its scale, and where it ends: at ``position`` if none does."""
    token = tokens[position]
    if token.kind != "number":
        return _parse_number_words(tokens, position)
    value, end = _parse_digits(token.text), position + 1
    while end < len(tokens) and tokens[end].kind == "word" and _unit(tokens[end].text) not in unit:
        word = tokens[end].text.casefold()
        scale = _SCALES.get(word.removesuffix("s")) or (_SHORT_SCALES.get(word) if end == position + 1 else None)
        if scale is None:
            break
        value, end = value * scale, end + 1
    return value, end


def _parse_number_words(tokens: Sequence[_Token], position: int) -> tuple[float, int]:
    """Return a number in words and where it ends: "twenty-five", "two hundred and fifty thousand"."""
    total = current = 0.0
    end, last = position, ""
    while end < len(tokens):
        word = tokens[end].text.casefold()
        following = tokens[end + 1].text.casefold() if end + 1 < len(tokens) else ""
        if last and word in ("-", "and") and _goes_on(word, following, last):
            end += 1
            continue
        if word in _SMALL and (last not in _SMALL or (_SMALL[last] >= 20 and 0 < _SMALL[word] < 10)):
            current += _SMALL[word]
        elif word in _SCALES and _SCALES[word] < 1000:
            current = (current or 1) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
        else:
            break
        end, last = end + 1, word
    return total + current, end


def _goes_on(joiner: str, following: str, last: str) -> bool:
    """Tell whether a number in words goes on behind "-" or "and": "twenty-one", "five-hundred", "hundred and five"."""
    if joiner == "-" and following in _SCALES:
        return True
    return following in _SMALL and not (joiner == "and" and last in _SMALL)


def _parse_digits(text: str) -> float:
    """Return the value of digits with separators.

    "1,234" is 1234 and "1.234" is 1.234, as in English; with both marks the last is the decimal one.
    """
    plain = re.sub(r"['’\u00a0\u2009\u202f]", "", text).replace("−", "-")
    if "," in plain and "." in plain:
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "")
    if plain.count(",") > 1 or re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", plain):
        plain = plain.replace(",", "")
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    return float(plain.replace(",", "."))


def _units_behind(tokens: Sequence[_Token], position: int, unit: Sequence[str]) -> tuple[str, ...]:
    """Return the words behind a number; the rest of a range is skipped: in "25 to 30 days" both are days."""
    units: list[str] = []
    while position < len(tokens) and len(units) < _REACH + len(unit):
        token = tokens[position]
        joins = token.kind == "joiner" or token.text.casefold() in ("to", "and", "or")
        if joins and not units and position + 1 < len(tokens):
            _, end = _parse_number(tokens, position + 1, unit)
            if end > position + 1:
                position = end
                continue
        if token.kind != "word" or (units and _parse_number(tokens, position, unit)[1] > position):
            break
        units.append(_unit(token.text))
        position += 1
    return tuple(units)


def _scale_and_unit(text: str) -> tuple[float, tuple[str, ...]]:
    """Return a unit as a suite writes it, its scale apart: "million crowns" is a million and ("crown",)."""
    scale = 1.0
    unit: list[str] = []
    for token in _tokens(text):
        factor = _SCALES.get(token.text.casefold().removesuffix("s"))
        if factor and not unit:
            scale *= factor
        elif token.kind == "word":
            unit.append(_unit(token.text))
    return scale, tuple(unit)


def _unit(word: str) -> str:
    """Return one spelling of a unit. Two letters or fewer keep their case: MW is not mW."""
    plain = unicodedata.normalize("NFKC", word)
    folded = plain.casefold()
    singular = folded.removesuffix("s") if len(folded) > 3 and not folded.endswith("ss") else folded
    return _SAME_UNIT.get(singular) or (plain if len(plain) < 3 else singular)


def _has_unit(words: Sequence[str], unit: Sequence[str]) -> bool:
    """Tell whether the words of the unit stand among ``words`` in a row."""
    return any(tuple(words[i : i + len(unit)]) == tuple(unit) for i in range(len(words) - len(unit) + 1))
