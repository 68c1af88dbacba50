"""A number that the sources have only otherwise: in another scale, currency or sign, or for another period. Pure.

Owns: ``scale_left_out``, ``currency_contradicted``, ``sign_contradicted`` and ``period_contradicted``. Each compares
two numbers that are both in hand and is silent where anything else may explain the difference. Whether a number stands
in the sources at all is told in ``number``. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.verify.calculation.operands import is_row
from rag.verify.parse.lexicon import CURRENCIES, FALLING_WORDS
from rag.verify.parse.parsed_text import ParsedText
from rag.verify.parse.quantities import Quantity, is_close
from rag.verify.parse.scale import declared_factors, may_be_scaled
from rag.verify.parse.tables import Cell, Period, ends_early, find_cells, period_of
from rag.verify.rule import Comparison, Values

_CURRENCY_NAMES = frozenset(CURRENCIES.values())
_CURRENCY_MARK = re.compile(
    rf"(?<![\w])(?:{'|'.join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))})(?![^\W\d_])"
)
_CURRENCY_WORD = re.compile(r"\b(dollars?|euros?|yen|rupees?|pounds?|sterling|francs?|crowns?|kronor|kroner)\b", re.I)
# Below this, a whole number under "in millions, except per share data" may be one per share.
_MORE_THAN_A_SHARE = 100
_EXCEPT = re.compile(r"\b(?:except|excluding|unless|außer|ausgenommen|sofern)\b", re.I)
_FOR_EACH = re.compile(r"\b(?:per|each|every|share|shares|eps|je|pro|aktien?)\b", re.I)
# What is below zero for a loss; a payment in brackets is none.
_SIGNED = re.compile(
    r"\b(?:margin|profit|income|earnings|ebitda?|growth|return|yield|temperature|cash flow|gewinn|ergebnis|marge"
    r"|umsatzrendite|rendite|wachstum|temperatur)\b",
    re.I,
)
_NOT_SIGNED = re.compile(
    r"\b(?:tax(?:es)?|expenses?|costs?|other|interest|payments?|paid|used|purchases?|deductions?|adjustments?|effects?"
    r"|changes?|less|steuern?|kosten|aufwand|sonstige[rs]?|zinsen|auszahlungen?|veränderung)\b",
    re.I,
)
_BELOW_ZERO = re.compile(
    r"\b(?:loss(?:es)?|los[et]s?|losing|negative|minus|below|deficit|red|shortfall|fell|fall(?:s|en|ing)?|declin\w*"
    r"|decreas\w*|drop\w*|shr[aiu]nk\w*|contract\w*|reduc\w*|worse\w*|lower\w*|down|frost|freezing|unter|verlust\w*"
    r"|negativ\w*|fiel\w*|gefallen|gesunken|sank|rückgang|defizit|fehlbetrag|absolute|magnitude|size)\b",
    re.I,
)
# A sentence with one of these may give a number of another period than it names.
_OTHER_PERIOD = re.compile(
    r"\b(?:prior|previous|preceding|earlier|before|last|ago|compar\w+|versus|vs|than|since|after|follow\w*|next|until"
    r"|report\w*|filing|10-[kq]|statements?|restated|forecast\w*|expect\w*|vorjahr\w*|vorig\w*|vergleich\w*"
    r"|gegenüber|als|nach|vor|seit|bis|bericht\w*|abschluss)\b",
    re.I,
)
_FISCAL = re.compile(r"\b(?:fiscal|FY|geschäftsjahr\w*)", re.I)
_FROM = re.compile(r"\b(?:from|von)\s+[^\w\s]?\s*$", re.I)
_CHARACTERS_BEFORE = 12
_FACTORS = (1.0, 1e3, 1e6, 1e9)
# So near to it, a number may be another one that is rounded.
_ROUNDED = 0.01
_NO_AMOUNTS = frozenset({"ordinal", "decade", "time of day"})
_MOST_NUMBERS = 30
# Most rows of a table above one that are looked at.
_LONGEST_BLOCK = 60


def scale_left_out(comparison: Comparison) -> Values | None:
    """Find an amount of money that stands only in the row of a table whose numbers are thousands or millions.

    Fires: Rent was $14,514. | (in millions)|Rent  $ 14,514  $ 12,000
    Silent: Rent was $14,514 million. | (in millions)|Rent  $ 14,514  $ 12,000
    Silent: Rent was $14,514. | Rent  $ 14,514  $ 12,000
    """
    claim, lines = comparison.claim, comparison.lines
    if declared_factors(claim.text) or _FOR_EACH.search(claim.text):
        return None
    money = [one for one in _amounts(claim) if one.unit in _CURRENCY_NAMES and one.factor == 1]
    declared = _declaring_lines(lines) if money else []
    if not any(declared):
        return None
    for quantity in money:
        found = _places(quantity, lines)
        if found and all(
            declared[at] and other.unit in ("", quantity.unit) and _is_scaled(other, lines[at], declared[at])
            for at, other in found
        ):
            at, other = found[0]
            scale = _scale_word(declared[at])
            return {"number": quantity.text.strip(), "instead": f"{other.text.strip()} ({scale})"}
    return None


def currency_contradicted(comparison: Comparison) -> Values | None:
    """Find an amount of money in a currency that the sources never name, where its row or table has another one.

    Fires: Rent was €514 million. | (in millions of USD)|Rent  514  498
    Silent: Rent was $514 million. | (in millions of USD)|Rent  514  498
    """
    claim = comparison.claim
    money = [one for one in _amounts(claim) if one.unit in _CURRENCY_NAMES]
    if not money:
        return None
    lines = comparison.lines
    around = [*comparison.columns, *([comparison.above] if comparison.above else [])]
    named = frozenset().union(*(_currencies_of(line) for line in (*lines, *around)))
    if len(named) != 1 or all(quantity.unit in named for quantity in money):
        return None
    (other,) = named
    for quantity in money:
        is_alike = other == quantity.unit or ("dollar" in quantity.unit and "dollar" in other)
        found = [] if is_alike else _places(quantity, lines)
        if found and all(any(map(_currencies_of, _block(lines, at))) for at, _ in found):
            return {"number": quantity.text.strip(), "instead": other}
    return None


def sign_contradicted(comparison: Comparison) -> Values | None:
    """Find a margin, a profit or a growth above zero that stands in the sources only below zero.

    Fires: The net margin was 2.1 %. | Net margin  (2.1) %
    Silent: The net margin was a loss of 2.1 %. | Net margin  (2.1) %
    Silent: The net margin fell by 2.1 %. | Net margin  (2.1) %
    Silent: Income tax was 120 EUR. | Income tax  (120)
    """
    claim, lines = comparison.claim, comparison.lines
    if not _SIGNED.search(claim.text) or _BELOW_ZERO.search(claim.text) or _NOT_SIGNED.search(claim.text):
        return None
    if any(token.word in FALLING_WORDS for token in claim.tokens):
        return None
    signed = {match.group().lower() for match in _SIGNED.finditer(claim.text)}
    for quantity in _amounts(claim):
        is_in_brackets = claim.text[: quantity.start].rstrip().endswith("(")
        found = _places(quantity, lines) if quantity.values[0] > 0 and not is_in_brackets else []
        if not found or any(other.values[0] > 0 for _, other in found):
            continue
        at, other = found[0]
        before = lines[at].text[: other.start]
        shared = signed & {match.group().lower() for match in _SIGNED.finditer(before)}
        if shared and not _NOT_SIGNED.search(before) and is_close(quantity.values[0], -other.values[0]):
            return {"number": quantity.text.strip(), "instead": other.text.strip()}
    return None


def period_contradicted(comparison: Comparison) -> Values | None:
    """Find a number that a table has only for another period than the sentence names, beside one for this period.

    Fires: Rent was 498 in 2023. | item: Rent; 2023: 514; 2022: 498
    Silent: Rent was 514 in 2023. | item: Rent; 2023: 514; 2022: 498
    Silent: Rent rose from 498 to 514 in 2023. | item: Rent; 2023: 514; 2022: 498
    Silent: In 2023 rent was 498. | item: Rent of boats; 2023: 514; 2022: 498
    """
    claim, lines = comparison.claim, comparison.lines
    period = period_of(claim.text)
    if period == Period() or max(len(period.years), len(period.quarters)) > 1 or _OTHER_PERIOD.search(claim.text):
        return None
    amounts = _amounts(claim)
    cells = find_cells(lines) if amounts else []
    if _FISCAL.search(claim.text):
        cells = [cell for cell in cells if not ends_early(lines[cell.line].text)]
    if not cells:
        return None
    for quantity in amounts:
        if _FROM.search(claim.text[max(0, quantity.start - _CHARACTERS_BEFORE) : quantity.start]):
            continue
        places = [
            (at, other) for at, line in enumerate(lines) for other in line.quantities if _is_near(quantity, other)
        ]
        by_place = {(cell.line, cell.quantity.start): cell for cell in cells}
        found = [by_place.get((at, other.start)) for at, other in places]
        wrong = [cell for cell in found if cell and cell.period.excludes(period)]
        if not wrong or len(wrong) != len(found):
            continue
        for cell in wrong:
            right = _right_cell(cell, cells, period)
            if right and _is_about(claim, cell) and not any(_is_near(own, right.quantity) for own in claim.quantities):
                return {"number": quantity.text.strip(), "instead": right.quantity.text.strip()}
    return None


def _amounts(claim: ParsedText) -> list[Quantity]:
    """Return the amounts of a sentence; none where it has so many that it is a table."""
    if len(claim.quantities) > _MOST_NUMBERS:
        return []
    return [
        quantity
        for quantity in claim.quantities
        if quantity.values[0] and not quantity.is_year() and quantity.unit not in _NO_AMOUNTS
        if not quantity.unit[:1].isdigit() and not quantity.bound and re.search(r"\d", quantity.text)
    ]


def _places(quantity: Quantity, lines: Sequence[ParsedText]) -> list[tuple[int, Quantity]]:
    """Return where the lines have a number, with any sign, scale and unit, rounded ones among them."""
    return [(at, other) for at, line in enumerate(lines) for other in line.quantities if _is_near(quantity, other)]


def _is_near(quantity: Quantity, other: Quantity) -> bool:
    """Return whether two numbers are about one, whatever their scales, units and signs."""
    own = [abs(value) for value in (*quantity.values, quantity.values[0] / quantity.factor)]
    known = [abs(value) for value in (*other.values, other.values[0] / other.factor)]
    return any(
        abs(a - b * factor) <= _ROUNDED * a or abs(a * factor - b) <= _ROUNDED * b
        for a in own
        for b in known
        for factor in _FACTORS
    )


def _declaring_lines(lines: Sequence[ParsedText]) -> list[str]:
    """Return for each row of a table the line above it that declares a scale; "" for others."""
    declared, found = "", []
    for line in lines:
        if declared_factors(line.text):
            declared = line.text
        elif _ends_table(line):
            declared = ""
        found.append(declared if line.quantities and is_row(line) else "")
    return found


def _ends_table(line: ParsedText) -> bool:
    """Return whether a line is a sentence or a heading."""
    is_sentence = line.text.rstrip().endswith((".", "!", "?")) and not is_row(line)
    return is_sentence or line.text.lstrip().startswith("#")


def _is_scaled(quantity: Quantity, line: ParsedText, declared: str) -> bool:
    """Return whether a number is surely written in the scale of its table."""
    is_large = quantity.values[0] == int(quantity.values[0]) and abs(quantity.values[0]) >= _MORE_THAN_A_SHARE
    return may_be_scaled(quantity, line.text) and (is_large or not _EXCEPT.search(declared))


def _scale_word(declared: str) -> str:
    factors = declared_factors(declared)
    return " / ".join(f"× {int(factor):,}" for factor in sorted(factors))


def _block(lines: Sequence[ParsedText], at: int) -> Sequence[ParsedText]:
    """Return the rows of a table up to one of them, with the line above that declares their scale."""
    first = at
    while first and at - first < _LONGEST_BLOCK and _is_of_table(lines[first - 1]) and _is_of_table(lines[first]):
        first -= 1
    return lines[first : at + 1]


def _is_of_table(line: ParsedText) -> bool:
    return is_row(line) or bool(declared_factors(line.text))


@lru_cache(maxsize=8192)
def _currencies_of(line: ParsedText) -> frozenset[str]:
    """Return the currencies that a line names by a mark, a code or a word."""
    words = (match.group(1).lower() for match in _CURRENCY_WORD.finditer(line.text))
    return frozenset(
        (
            *(CURRENCIES[match.group()] for match in _CURRENCY_MARK.finditer(line.text)),
            *(CURRENCIES.get(word.removesuffix("s").upper(), word) for word in words),
            *(quantity.unit for quantity in line.quantities if quantity.unit in _CURRENCY_NAMES),
        )
    )


def _right_cell(cell: Cell, cells: Sequence[Cell], period: Period) -> Cell | None:
    """Return the number for a period in the row of another one, or in its column where rows are periods.

    Only where each period has one number there: else they are told apart by something more.
    """
    series = [
        other
        for other in cells
        if other.is_of_row == cell.is_of_row and other.table == cell.table and other.quantity.unit == cell.quantity.unit
        if (other.place == cell.place and other.head == cell.head if cell.is_of_row else other.line == cell.line)
    ]
    right = [other for other in series if other.period.includes(period)]
    if len(right) != 1 or sum(other.period == cell.period for other in series) != 1:
        return None
    return None if _is_near(cell.quantity, right[0].quantity) else right[0]


def _is_about(claim: ParsedText, cell: Cell) -> bool:
    """Return whether a sentence has all words of the label of a cell's row; of its column where rows are periods."""
    label = cell.head if cell.is_of_row else cell.label
    return bool(label) and label <= claim.stems
