"""Weigh whether a row names the columns of the rows below it, or is one of them.

Owns: what speaks for names and what for values. Knows nothing about marks, spans or formats. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from rag.load.tables.kinds import NUMBERS, VALUES, WORDS, Kind, is_unit, kind_of

Verdict = Literal["names", "either", "values"]

# A column is of one kind where at least this share of its cells is.
_OF_ONE_KIND = 0.8
# A cell repeats the kind of its column where at least this share of the cells below is of its kind; for words, which
# differ more among themselves, it is the larger one.
_REPEATED, _REPEATED_WORDS = 0.3, 0.6
# Kinds that stand in one column.
_ALIKE: tuple[frozenset[Kind], ...] = (
    NUMBERS | {"year"},
    frozenset({"date", "time", "period", "year"}),
    frozenset({"code"}),
    frozenset({"address"}),
)
# So many years that follow each other are names, even above years.
_YEARS_IN_A_ROW = 3
# What a year is a value of: "Founded 1998", "Year of birth 1961", "Baujahr 2004".
_HAPPENED = re.compile(
    r"year|date|time|period|term|season|since|until|from|founded|foundation|established|establishment|formed|begun"
    r"|started|start|ended|end|built|completed|opened|opening|closed|closing|created|published|released|joined|born"
    r"|birth|died|death|elected|introduced|launched|inception|incorporated|renovated|edition|vintage|valid|expires"
    r"|jahr|seit|bis|datum|gegründet|gründung|gründungsjahr|erbaut|gebaut|baujahr|eröffnet|eröffnung|erschienen"
    r"|geboren|geburtsjahr|gestorben|beginn|ende|zeitraum|année|depuis|fondée?|fondation|créée?|création|construite?"
    r"|née?|naissance|décès|ouverture|parution|año|desde|fundad[ao]|fundación|construid[ao]|nacid[ao]|apertura"
    r"|anno|fondat[ao]|fondazione|costruit[ao]|nat[ao]|jaar|sinds|opgericht|gebouwd|geboren|år|siden|grunnlagt|bygd"
    r"|født|åpnet|grundad|byggd|född",
    re.IGNORECASE,
)
# So many figures below a year tell, in two columns, that it is their name.
_BELOW_YEAR = 2


class _Column:
    """A cell, and what kinds the cells below it are of; ``total`` of them have words."""

    def __init__(self, words: str, below: Sequence[str]) -> None:
        self.words, self.kind, self.below = words, kind_of(words), below
        self.kinds: Counter[Kind] = Counter(kind for kind in map(kind_of, below) if kind)
        self.total = self.kinds.total()

    def share(self, kinds: frozenset[Kind]) -> float:
        """Return the share 0…1 of the cells below that are of some kinds."""
        return sum(self.kinds[kind] for kind in kinds) / self.total if self.total else 0.0

    @property
    def is_of_one_kind(self) -> bool:
        """Whether the cells below are values of one kind; numbers of all sorts are one."""
        if not self.total:
            return False
        return any(self.share(group) >= _OF_ONE_KIND for group in _ALIKE)

    @property
    def is_of_one_shape(self) -> bool:
        """Whether the cells below are alike in kind and unit: those of "Area 5 km²" above "Founded 1998" are not."""
        shapes = {_shape(words) for words in self.below if kind_of(words)}
        return len(shapes) == 1 and (len(self.below) > 1 or not any(map(str.isalpha, shapes.pop())))

    @property
    def is_of_codes(self) -> bool:
        """Whether the cells below are codes, among which a word may stand: "closed" above "9-17"."""
        return self.share(frozenset({"code"})) >= _OF_ONE_KIND


def weigh(row: Sequence[str], below: Sequence[Sequence[str]], width: int) -> Verdict:
    """Return whether a row holds the names of the columns below it, or values like theirs.

    Args:
        row: The words of its cells.
        below: The rows below it.
        width: How many columns of the table have words.

    Returns:
        ``either`` where nothing tells.
    """
    columns = [
        _Column(words, [other[at] for other in below if at < len(other) and other[at]])
        for at, words in enumerate(row)
        if words
    ]
    if not below or not columns or any(column.kind == "long" for column in columns):
        return "values"
    years_are_names = _years_are_names(columns)
    # Of two columns, one figure above others tells nothing: "Founded 1998" above "Staff 45". A year mostly does.
    may_be_figures = width > 2 or not any(column.kind in WORDS for column in columns) or _is_headed_by_year(columns)
    is_mixed = {"small", "capitalised"} <= {column.kind for column in columns}
    for_names = 0
    for column in columns:
        is_word = column.kind in WORDS
        if not (is_mixed and column.is_of_codes) if is_word else may_be_figures:
            for_names += _speaks_for_names(column, years_are_names)
    if width == 2 and columns[0].kind in WORDS and not (columns[0].is_of_one_kind or columns[-1].is_of_one_shape):
        for_names = 0
    others = [column for column in columns if _is_other_figure(column)]
    # One figure above values of another kind may be a value among values.
    for_names += len(others) if len(others) > 1 else 0
    for_values = sum(_repeats_figures(column, years_are_names) for column in columns)
    if for_values:
        return "names" if for_names > for_values else "values"
    if for_names:
        return "names"
    repeats = _repeats_words(columns) or any(column.kind == "code" and _repeats(column) for column in columns)
    is_bare = any(column.kind in NUMBERS and not _is_other_figure(column) for column in columns)
    return "values" if repeats or is_bare or _is_lone_figure(columns, width) else "either"


def is_units_row(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row right below the names holds the units of their columns.

    Args:
        row: The words of its cells.
        below: The rows below it.

    Returns:
        Whether each of its words is a unit, and one at least stands above numbers.
    """
    units = [(at, words) for at, words in enumerate(row) if words]
    if not units or not below or not all(is_unit(words) for _, words in units):
        return False
    above_numbers = [
        words for at, words in units if any(kind_of(other[at]) in NUMBERS for other in below if at < len(other))
    ]
    # A letter alone may be a grade, and a bracket a note.
    return any(len(words) > 1 for words in above_numbers)


def _speaks_for_names(column: _Column, years_are_names: bool) -> bool:
    """Tell whether a cell is a word above figures, or a year, a period or a code above other figures."""
    if column.kind in WORDS:
        return column.is_of_one_kind
    if column.kind == "year":
        return bool(column.total) and (years_are_names or column.kinds["year"] < _REPEATED * column.total)
    if column.kind in ("period", "code", "date"):
        return column.is_of_one_kind and column.share(NUMBERS | {"year"}) >= _OF_ONE_KIND
    return False


def _is_other_figure(column: _Column) -> bool:
    """Tell whether a cell is a number above values of one other kind."""
    if column.kind not in NUMBERS or _repeats(column) or not column.total:
        return False
    return column.is_of_one_kind or column.share(WORDS) >= _OF_ONE_KIND


def _shape(words: str) -> str:
    """Return the kind of a value; of a number, its unit, and of one with a currency or no unit ""."""
    kind = kind_of(words)
    unit = "".join(character for character in words if character.isalpha() or character in "%‰°²³")
    return kind if kind not in NUMBERS else "" if len(unit) == 3 and unit.isupper() else unit


def _repeats(column: _Column, share: float = _REPEATED) -> bool:
    return bool(column.total) and column.kinds[column.kind] >= share * column.total


def _repeats_figures(column: _Column, years_are_names: bool) -> bool:
    """Tell whether a cell is a figure above figures of its kind."""
    if column.kind == "year":
        return not years_are_names and _repeats(column)
    return column.kind in VALUES - {"code"} and _repeats(column)


def _repeats_words(columns: Sequence[_Column]) -> bool:
    """Tell whether a row of words in small letters and others has each above words of its kind, or a word is repeated.

    Names are all written alike: where some begin with a small letter and some do not, as in the rows below, they are
    values.
    """
    if any(column.kind in WORDS and column.words in column.below for column in columns):
        return True
    kinds = {column.kind for column in columns if column.kind}
    return len(kinds) > 1 and all(not column.kind or _repeats(column, _REPEATED_WORDS) for column in columns)


def _is_lone_figure(columns: Sequence[_Column], width: int) -> bool:
    """Tell whether the second of two columns begins with a figure that is no year."""
    return width == 2 and columns[-1].kind in VALUES - {"year", "period"} and not columns[-1].is_of_one_kind


def _is_headed_by_year(columns: Sequence[_Column]) -> bool:
    """Tell whether the second of two cells is a year above figures, and the first none of what a year is a value of."""
    first, last = columns[0], columns[-1]
    if len(columns) != 2 or last.kind not in ("year", "period") or last.total < _BELOW_YEAR:
        return False
    are_figures = last.share(NUMBERS) == 1 and last.is_of_one_shape
    return are_figures and not any(map(_HAPPENED.fullmatch, re.findall(r"\w+", first.words)))


def _years_are_names(columns: Sequence[_Column]) -> bool:
    """Tell whether the years of a row follow each other, up or down."""
    years = [int(column.words) for column in columns if column.kind == "year"]
    steps = {after - before for before, after in pairwise(years)}
    return len(years) >= _YEARS_IN_A_ROW and steps in ({1}, {-1})
