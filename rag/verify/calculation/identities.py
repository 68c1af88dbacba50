"""Amounts that follow by what their names mean: gross profit is revenue less cost of sales. Pure.

Owns: the names of such amounts in English and German, and which follow from which; and the sum of the rows that a
sentence names with "and". Both numbers must stand in one column, or be of no two periods. Knows nothing about words
that tell an operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, product
from math import fsum

from rag.verify.calculation.calculated import Found, has_decimal_comma, shown_amount, shown_number, shown_operand
from rag.verify.calculation.operands import Operand, is_row, numbers_with_places
from rag.verify.calculation.targets import Target
from rag.verify.parse.parsed_text import ParsedText, content_stems
from rag.verify.parse.quantities import Quantity
from rag.verify.parse.tables import Period, find_cells, period_of

_NAMES = {
    "revenue": r"revenues?|sales|turnover|umsatz|umsatzerlöse|erlöse",
    "cost of sales": r"costs? of (?:sales|revenues?|goods sold|products sold)|cogs|umsatzkosten|herstellungskosten"
    r"|wareneinsatz",
    "gross profit": r"gross (?:profit|income)|bruttogewinn|bruttoergebnis(?: vom umsatz)?|rohertrag|rohgewinn",
    "expenses": r"operating (?:expenses|costs)|betriebsaufwand|betriebliche aufwendungen|betriebskosten",
    "operating income": r"operating (?:income|profit)|(?:income|profit) from operations|betriebsergebnis"
    r"|betriebsgewinn|operatives ergebnis",
    "pretax income": r"(?:income|profit|earnings) before (?:income )?tax(?:es)?|(?:ergebnis|gewinn) vor steuern",
    "tax": r"(?:provision for )?income tax(?:es)?(?: expenses?| provision)?|steuern|ertragsteuern|steueraufwand",
    "net income": r"net (?:income|profit|earnings)|nettogewinn|nettoergebnis|jahresüberschuss",
    "assets": r"assets|bilanzsumme|aktiva|vermögenswerte",
    "liabilities": r"liabilities|verbindlichkeiten|schulden",
    "equity": r"(?:shareholders'? |stockholders'? )?equity|eigenkapital",
    "operating cash flow": r"operating cash flow|operativer cashflow"
    r"|(?:net )?cash (?:flow )?(?:provided by|from) operat(?:ions|ing activities)",
    "capital expenditures": r"capital expenditures?|capex|investitionen",
    "free cash flow": r"free cash flow|freier cashflow",
}
# Each is the second less the third.
_DIFFERENCES = (
    ("gross profit", "revenue", "cost of sales"),
    ("operating income", "gross profit", "expenses"),
    ("net income", "pretax income", "tax"),
    ("equity", "assets", "liabilities"),
    ("free cash flow", "operating cash flow", "capital expenditures"),
)
# Each in percent is the second of revenue.
_MARGINS = (
    (r"gross (?:profit )?margin|bruttomarge|rohertragsmarge", "gross profit"),
    (r"operating (?:profit )?margin|betriebsmarge|operative marge|ebit-marge", "operating income"),
    (r"(?:net(?: profit| income)?|profit) margin|nettomarge|nettoumsatzrendite|umsatzrendite", "net income"),
)
_MARGIN_NAMES = tuple((re.compile(rf"\b(?:{names})\b", re.I), part) for names, part in _MARGINS)
_IN_SENTENCE = {name: re.compile(rf"\b(?:{names})\b", re.I) for name, names in _NAMES.items()}
_DETAILS = r"(?:the|its|their|our|total|net|consolidated|der|die|das|ihr|sein)"
_TOLD = (
    r"(?:was|were|is|are|of|at|to|came|amounted|stood|totall?ed|reached|betrug(?:en)?|lag(?:en)?|bei|von|war(?:en)?)"
)
# The name of a number, right before it: the whole first cell, or what a clause ends in.
_LABELS = {
    name: re.compile(
        rf"(?:^|[,;:|]|\b(?:and|und|with|mit|a|an|less|in \d{{4}})\b)[\s|]*"
        rf"(?:{_DETAILS}\s)*(?:{names})(?:\s{_TOLD})*[^\w]*$",
        re.I,
    )
    for name, names in _NAMES.items()
}
_LABEL_CHARACTERS = 80
_AND = re.compile(r"\b(?:and|plus|und|sowie)\b", re.I)
_FEWEST_PARTS, _MOST_PARTS = 2, 6
# Lines and numbers that are looked at.
_MOST_NUMBERS = 400
_LONGEST_LINE = 2000


@dataclass(frozen=True, slots=True)
class _Named:
    """A number with what stands before it in its row or clause, and the period that it is of."""

    operand: Operand
    label: str
    period: Period

    @property
    def quantity(self) -> Quantity:
        return self.operand.quantity


def find_identities(
    target: Target, claim: ParsedText, lines: Sequence[ParsedText], scales: frozenset[float]
) -> Iterator[Found]:
    """Yield the amounts and margins that give a number by what the sentence calls it.

    Args:
        target: The number.
        claim: The sentence.
        lines: The lines of its sources.
        scales: What the numbers of tables are multiplied by.

    Yields:
        Each, in the order of the lines.
    """
    quantity = target.quantity
    if quantity is None or target.kind == "multiple":
        return
    results = [result for result in _DIFFERENCES if _IN_SENTENCE[result[0]].search(claim.text)]
    margins = [part for names, part in _MARGIN_NAMES if target.kind == "percent" and names.search(claim.text)]
    is_joined = target.kind == "amount" and _AND.search(claim.text) is not None
    if not (results or margins or is_joined):
        return
    period = period_of(claim.text)
    named = [one for one in _named_numbers(tuple(lines)) if not one.period.excludes(period)]
    if target.kind == "amount":
        for _, whole, part in results:
            yield from _differences(target, _called(whole, named), _called(part, named), scales)
        if is_joined:
            yield from _sums(target, claim, named, scales)
    for part in margins:
        yield from _shares(target, _called(part, named), _called("revenue", named))


# Several sentences are held against the same lines.
@lru_cache(maxsize=64)
def _named_numbers(lines: tuple[ParsedText, ...]) -> Sequence[_Named]:
    periods = {(cell.line, cell.quantity.start): cell.period for cell in find_cells(lines)}
    named: list[_Named] = []
    for at, line in enumerate(lines):
        if not line.quantities or len(line.text) > _LONGEST_LINE or len(named) > _MOST_NUMBERS:
            continue
        in_row = "|" in line.text or (len(line.quantities) > 1 and is_row(line))
        ends = [0, *(quantity.end for quantity in line.quantities)]
        first = line.text[: line.quantities[0].start]
        of_line = period_of(line.text)
        for (place, quantity), end in zip(numbers_with_places(line), ends, strict=False):
            if not quantity.is_year():
                label = first if in_row else line.text[max(end, quantity.start - _LABEL_CHARACTERS) : quantity.start]
                operand = Operand(quantity, at, place, frozenset(), False, in_row, line.content_stems)
                period = periods.get((at, quantity.start), of_line if len(of_line.years) == 1 else Period())
                named.append(_Named(operand, label[-_LABEL_CHARACTERS:], period))
    return tuple(named)


def _called(name: str, named: Sequence[_Named]) -> list[_Named]:
    """Return the numbers that are called by one of the names of something."""
    return [one for one in named if _LABELS[name].search(one.label)]


def _differences(
    target: Target, wholes: Sequence[_Named], parts: Sequence[_Named], scales: frozenset[float]
) -> Iterator[Found]:
    for whole, part in product(wholes, parts):
        value = whole.quantity.values[0] - abs(part.quantity.values[0])
        if _are_of_one(whole, part) and _gives(target, value, (whole, part), scales):
            yield _found(target, value, (whole, part), " − ")


def _sums(target: Target, claim: ParsedText, named: Sequence[_Named], scales: frozenset[float]) -> Iterator[Found]:
    """Yield the sum of the rows that a sentence names, of each column."""
    rows = [one for one in named if one.operand.in_row and _is_named_by(claim, one.label)]
    rows.sort(key=lambda one: one.operand.place)
    for _, column in groupby(rows, key=lambda one: one.operand.place):
        parts = list({one.label: one for one in column}.values())
        value = fsum(one.quantity.values[0] for one in parts)
        is_of_one = all(_are_of_one(parts[0], other) for other in parts[1:])
        if _FEWEST_PARTS <= len(parts) <= _MOST_PARTS and is_of_one and _gives(target, value, parts, scales):
            yield _found(target, value, parts, " + ")


@lru_cache(maxsize=4096)
def _stems_of(label: str) -> frozenset[str]:
    return frozenset(content_stems(label))


def _is_named_by(claim: ParsedText, label: str) -> bool:
    stems = _stems_of(label)
    return bool(stems) and stems <= claim.content_stems


def _shares(target: Target, parts: Sequence[_Named], wholes: Sequence[_Named]) -> Iterator[Found]:
    for part, whole in product(parts, wholes):
        if whole.quantity.values[0] <= 0 or not _are_of_one(part, whole):
            continue
        share = 100 * part.quantity.values[0] / whole.quantity.values[0]
        if target.holds(share):
            written = [part.quantity, whole.quantity]
            result = shown_number(share, target.low, target.high, has_decimal_comma(written))
            text = f"{shown_operand(part.quantity)} ÷ {shown_operand(whole.quantity)} = {result} %"
            yield Found.of(text, [part.operand, whole.operand], abs(share / target.number - 1))


def _are_of_one(one: _Named, other: _Named) -> bool:
    """Return whether two numbers are of one unit, scale, period and column."""
    first, second = one.operand, other.operand
    if first.in_row != second.in_row or one.period.excludes(other.period) or one.quantity == other.quantity:
        return False
    units = {one.quantity.unit, other.quantity.unit}
    has_one_unit = len(units) == 1 or (first.in_row and "" in units)
    is_alike = not first.in_row or (first.line != second.line and first.place == second.place)
    return has_one_unit and is_alike and (not first.in_row or one.quantity.factor == other.quantity.factor)


def _gives(target: Target, value: float, named: Sequence[_Named], scales: frozenset[float]) -> bool:
    """Return whether a value is that of a number, which may write out the scale of the table."""
    assert target.quantity
    own = target.quantity
    if any(one.quantity.unit not in ("", own.unit) and own.unit for one in named):
        return False
    has_scale = own.factor / own.base in scales and all(one.quantity.factor == 1 for one in named)
    return target.holds(value / own.factor) or (has_scale and target.holds(value))


def _found(target: Target, value: float, named: Sequence[_Named], sign: str) -> Found:
    """Return a sum, or what is left of the first; what is taken off is shown without a sign of its own."""
    quantities = [one.quantity for one in named]
    shown = [
        replace(one, values=(abs(one.values[0]),)) if sign == " − " and at else one for at, one in enumerate(quantities)
    ]
    result = shown_amount(value, quantities, value, value)
    text = f"{sign.join(map(shown_operand, shown))} = {result}"
    return Found.of(text, [one.operand for one in named], abs(value / target.number - 1) if target.number else 0.0)
