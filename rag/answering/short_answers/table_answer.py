"""The cell of a table row that answers a question. Pure.

Owns: which row and which column a question names, and how the cell is shown with their names. Knows nothing about how
rows are read as cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answering.short_answers.asked import WORD, Asked
from rag.answering.short_answers.counted import counts_alike
from rag.answering.short_answers.phrases import MOST_WORDS, find_phrases
from rag.answering.short_answers.types import CaptionOf, EmptyColumnsOf
from rag.question.aliases import other_spellings, spellings_of_several_words
from rag.question.periods import Periods, ends_early, read_periods, without_periods
from rag.retrieval.cells import Cell, label_cells, read_cells
from rag.text import STOPWORDS, terms
from rag.types import Evidence, Span
from rag.verify.parse.lexicon import UNITS
from rag.verify.parse.quantities import find_quantities

# Rows that are compared.
_ROWS = 10
# How far a row may cover less of the question than the best sentence.
_COVERAGE_MARGIN = 0.15
_SENTENCE_END = re.compile(r"[.!?]\s+[A-ZÀ-Þ]")
# What a word in the name of a row that the question does not have takes from how well the row fits it.
_FURTHER_NAME = 0.1
# "Fee: $40", "Site: Leeds; Phone: 0113 496 0000", "Dog; 2021: $40".
_PAIRS = re.compile(r"(?:[^:;.!?\n]{1,60}; )?[^:;.!?\n]{1,60}: [^;\n]{1,80}(?:; [^:;\n]{1,60}: [^;\n]{1,120})*")
# What a name has at least: "32.1**" has none.
_WORD = re.compile(r"[^\W\d_]{2}")
_GAP = re.compile(r"[^\S\n]{2,}")
_NUMBER = re.compile(r"[-+(]?\s*[$€£¥]?\s*\d[\d.,\s'’]*\s*%?\)?")
# Words that ask for whatever has the name behind them.
_WHAT = ("what", "which", "was", "welche", "welcher", "welches")
# What is called so is a name in figures.
_CODE_NAME = re.compile(r"\b(?:code|number|no\.|id|zip|phone|\w*nummer|\w*kennung|\w*zahl|plz)\b", re.I)
# Beside a name it says what somebody does, and not where.
_ROLE_NAME = re.compile(r"(?:role|job|job title|position|title|duty|duties|function|funktion|rolle|aufgabe)s?", re.I)
# What a table calls what a question asks with a verb or an adjective, both as stems.
_NAMES_OF_VERBS = {"weigh": "weight", "wiegt": "gewicht", "make": "maker"}
_NAMES_OF_ADJECTIVES = {
    "long": "length", "tall": "height", "high": "height", "wide": "width", "deep": "depth", "old": "age",
    "hoch": "hohe", "schwer": "gewicht", "alt": "alter", "teuer": "prei",
}  # fmt: skip
# What numbers rows or names where something is found.
_ROW_NUMBER = re.compile(
    r"(?:exhibits?|no\.?|nr\.?|#|num(?:ber)?s?|pages?|notes?|items?|refs?\.?|references?|ids?|sections?|lines?|ranks?|rows?"
    r"|seiten?|nummern?|zeilen?|anlagen?)(?: (?:no\.?|number|nr\.?|#))?",
    re.I,
)
# "(Zip Code)" says what belongs into a form.
_TO_BE_FILLED = re.compile(r"\([^()\d]+\)")
# What tables call the population.
_INHABITANTS = re.compile(
    r"\bhow many (?:people|persons|inhabitants|residents)\b.*\b(?:lives?|living|reside|dwell|inhabit|there|has|have)\b",
    re.I,
)
_LIVING = frozenset(terms("people persons inhabitants residents live living reside dwell inhabit"))
_LETTERS = re.compile(r"[^\W_]+")
# Letters of a word that is looked for inside another, at least.
_LEAST_INSIDE = 3
# What the name of a total has, as stems, and how much better its row fits a question that names no part.
_TOTALS = frozenset(terms("total totals consolidated gesamt insgesamt summe"))
_OF_TOTAL = 0.25
_ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "zweite": 2, "dritte": 3, "vierte": 4}
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.I)
# A unit in the name of a column: "Height (m)", "Length in km", but not the number in "Score (2)"; a scale is read with
# the cell.
_UNIT_IN_NAME = re.compile(r"\((?P<bracketed>(?!\d+\))[^()]{1,20})\)\s*$|\bin (?P<plain>\S{1,12})$")
# A column of what lies between two periods answers only who asks for that.
_CHANGE = re.compile(
    r"\b(?:chang|increas|decreas|growth|grow|grew|declin|vs\b|versus|varianc|differ|fell\b|fall|rise|rose\b|ris(?:en|ing)"
    r"|down\b|up\b|drop|gain|compare|veränder|wachs|stieg|gestiegen|sank|gesunken|abweich|zuwachs|rückgang)|Δ",
    re.I,
)
# One of these above a column says for how long, not in what: a "Day" costs 4.
_TIMES = frozenset("second minute hour day week month quarter year sekunde minute stunde tag woche monat jahr".split())
_SCALE_WORDS = {1000: "thousand", 10**6: "million", 10**9: "billion"}
_GERMAN_SCALE_WORDS = {1000: "Tausend", 10**6: "Mio.", 10**9: "Mrd."}
_SIGNS = {"dollar": "$", "euro": "€", "sterling": "£", "yen": "¥"}
_SCALE_IN_NAME = re.compile(r"thousand|million|billion|\b(?:Tsd|Mio|Mrd)\b|TEUR|T€|\b(?:mn|bn)\b|^[$€£¥]", re.I)


@dataclass(frozen=True, slots=True)
class ChosenCell:
    """The cell that answers a question: of which row, and how it is shown."""

    item: Evidence
    cell: Cell
    text: str


def cells_of(span: Span) -> list[Cell]:
    """Read the cells of a table row, its label first.

    Args:
        span: A sentence or a row.

    Returns:
        The cells; none where it is no row. Of a lone "Fee: $40" the one cell is the value.
    """
    # "The house has two uses: a mill; a school." is a sentence.
    named = not span.cells and not span.quote.startswith("|") and not _GAP.search(span.quote)
    if named and (_SENTENCE_END.search(span.quote) or not _PAIRS.fullmatch(span.quote.rstrip())):
        return []
    cells = read_cells(span)
    return [*label_cells(span), *cells] if cells else cells


def asks_for_empty_cell(asked: Asked, evidence: Sequence[Evidence], empty: EmptyColumnsOf) -> bool:
    """Tell whether a question names the row and the column of a table's cell that has no value.

    What stands beside it is of another column, and what stands below it of another row: neither answers.

    Args:
        asked: The question.
        evidence: The sentences and rows, best first.
        empty: Finds the names of the columns in which a row has no value.

    Returns:
        True where each of the rows that fit the question best lacks what is asked for.
    """
    asked = _with_names_of_attributes(asked)
    rows = _rows(asked, evidence)
    counts = _rows_with_word(asked, rows)
    fits: list[tuple[float, bool]] = []
    for item, cells in rows:
        names = label_cells(item.span) or [cell for cell in cells if not _NUMBER.fullmatch(cell.text)]
        stems = set[str]().union(*(_stems(cell.text) for cell in names))
        named = stems & asked.stems
        if not named:
            continue
        # "Robe" of "Robe: Blue; Rent: 15" tells what the row is of.
        rest = asked.stems - named - set[str]().union(*(_stems(cell.column) for cell in names))
        has = max((len(_stems(cell.column) & rest) for cell in cells if cell.text and cell not in names), default=0)
        lacks = max((len(_stems(name) & rest) for name in empty(item.span)), default=0)
        fit = sum(1 / counts[stem] for stem in named) - _FURTHER_NAME * len(stems - named)
        fits.append((fit, lacks > has))
    best = max((fit for fit, _ in fits), default=0.0)
    return bool(fits) and all(lacks for fit, lacks in fits if fit == best)


def _rows(asked: Asked, evidence: Sequence[Evidence]) -> list[tuple[Evidence, list[Cell]]]:
    """Return the best of the evidence that are rows of tables, and those with the column that is counted to.

    A row that has most of the question but its time is one of them: a column says that in other words.
    """
    topic = _topic(asked)
    near = evidence[:_ROWS]
    named = {item.span.source: _names_in_title(asked, item.span) for item in near}
    most = max(named.values(), default=0)
    return [
        (item, cells)
        for item in near
        if named[item.span.source] == most
        and (cells := cells_of(item.span))
        and (
            item.coverage >= evidence[0].coverage - _COVERAGE_MARGIN
            or (topic < asked.stems and 2 * len(topic & _stems_around(item.span, topic)) > len(topic))
            or any(_is_numbered(asked, cell) for cell in cells)
        )
    ]


def _names_in_title(asked: Asked, span: Span) -> int:
    """Return how many names of a question its document is called by: a row of another firm's report answers nothing."""
    words = WORD.findall(asked.text)[1:]
    names = {stem for word in words if word[0].isupper() for stem in terms(word)}
    return len(names & _stems_around(replace(span, quote="", header=""), names))


def _topic(asked: Asked) -> frozenset[str]:
    """Return the stems of a question but those that name a time."""
    return asked.stems & _stems(without_periods(asked.text))


def _stems_around(span: Span, wanted: Iterable[str]) -> set[str]:
    """Return the stems of a row and of what its document and section are called, which may be run together.

    "CVSHEALTH_2022_10K" is of CVS Health.
    """
    called = f"{span.title} {span.header} {span.source}"
    together = "".join(_LETTERS.findall(called.casefold()))
    inside = {stem for stem in wanted if len(stem) >= _LEAST_INSIDE and stem in together}
    return _stems(f"{span.quote} {' '.join(_LETTERS.findall(called))}") | inside


def _rows_with_word(asked: Asked, rows: Sequence[tuple[Evidence, Sequence[Cell]]]) -> Counter[str]:
    """Return how many rows hold each word of a question: one in all of them tells none from the others."""
    return Counter(stem for item, _ in rows for stem in _stems(item.span.quote) & asked.stems)


def choose_cell(asked: Asked, evidence: Sequence[Evidence], language: str, caption: CaptionOf) -> ChosenCell | None:
    """Choose the cell that a question asks for: its row and its column are both named, or only one is left.

    Args:
        asked: The question.
        evidence: The sentences and rows, best first.
        language: The language in which its scale is said.
        caption: Finds what stands above the table of a row.

    Returns:
        The cell; None where no row, or more than one, fits the question as well.
    """
    readings = (asked, *_in_other_words(asked))
    found = (_choose(_with_names_of_attributes(reading), evidence, language, caption) for reading in readings)
    return next(filter(None, found), None)


def _choose(asked: Asked, evidence: Sequence[Evidence], language: str, caption: CaptionOf) -> ChosenCell | None:
    rows = _rows(asked, evidence)
    counts = _rows_with_word(asked, rows)
    fitting = [
        (score, item, cell)
        for item, cells in rows
        for score, cell in [_value_of_pair(asked, cells) if len(cells) == 1 else _cell_of_row(asked, cells, counts)]
        if cell
    ]
    # "The second score" is of a table that has several of the name.
    numbered = [(score, item, cell) for score, item, cell in fitting if _is_numbered(asked, cell)]
    fitting = numbered or fitting
    best = max((score for score, _, _ in fitting), default=0.0)
    of_best = [(item, cell) for score, item, cell in fitting if score == best]
    if len({(cell.label, cell.text if cell.value is None else cell.value) for _, cell in of_best}) != 1:
        return None
    # Of equals one with its currency.
    item, cell = max(of_best, key=lambda one: bool(one[1].unit))
    return ChosenCell(item, cell, _shown(_with_caption(cell, caption), language))


def _in_other_words(asked: Asked) -> Iterator[Asked]:
    """Yield a question with the other names that one thing has: "net income" for "net profit"."""
    words = [match.span() for match in WORD.finditer(asked.text)]
    for start, end in [*spellings_of_several_words(asked.text), *words]:
        name = asked.text[start:end]
        stems = _stems(name)
        for other in other_spellings(name) if stems & asked.stems else ():
            if " " in name or " " in other:
                text = f"{asked.text[:start]}{other}{asked.text[end:]}"
                yield replace(asked, text=text, stems=(asked.stems - stems) | _stems(other))


def _value_of_pair(asked: Asked, cells: Sequence[Cell]) -> tuple[float, Cell | None]:
    """Return the value of a single ``Name: value`` where the question asks for little more than the name."""
    (cell,) = cells
    # "Income in euros: 48200" is called income.
    named = _stems(_UNIT_IN_NAME.sub("", cell.label)) or _stems(cell.label)
    if not named or not named <= asked.stems or 2 * len(named) < len(asked.stems):
        return 0.0, None
    # "What is the limit?" asks for whatever stands beside "Limit", were it no number.
    is_just_that = named >= asked.stems and asked.word in _WHAT and _is_short(cell)
    return (float(len(named)), cell) if is_just_that or _form(asked, cell) else (0.0, None)


def _cell_of_row(asked: Asked, cells: Sequence[Cell], counts: Mapping[str, int]) -> tuple[float, Cell | None]:
    """Return the cell of a row that the question asks for, and how well the row fits; None where it is not plain.

    ``counts`` are the rows that hold each word of the question.
    """
    # The cells that the question names tell the row; the column that it names, or the only one left, tells the cell.
    named = {cell: _stems(cell.text) for cell in cells}
    labels = [cell for cell in cells if named[cell] & asked.stems]
    if not labels:
        return 0.0, None
    wanted = read_periods(asked.text)
    asks_change = _CHANGE.search(asked.text) is not None
    is_just_that = len(cells) == len(labels) + 1 and asked.word in _WHAT and _all_stems(named, labels) == asked.stems
    grades = {
        cell: (len(_stems(cell.column) & asked.stems), _is_numbered(asked, cell), form)
        for cell in cells
        if cell not in labels
        and (form := _form(asked, cell) or int(is_just_that and _is_short(cell)))
        and _is_of(wanted, cell)
        and (asks_change or not _CHANGE.search(cell.column))
    }
    best = max(grades.values(), default=(0, False, 0))
    of_best = [cell for cell, grade in grades.items() if grade == best]
    if len(of_best) != 1:
        return 0.0, None
    (cell,) = of_best
    stems = _all_stems(named, labels)
    if not _bears_out(asked, cell, stems):
        return 0.0, None
    further = stems - asked.stems - _TOTALS
    # Who names no part asks for the total.
    total = _OF_TOTAL if stems & _TOTALS else 0.0
    score = sum(1 / counts[stem] for stem in stems & asked.stems) - 0.5 * len(further) + total + best[0]
    if not _stems(cell.label) & asked.stems:
        # "Country: Norway; City: Oslo; Staff: 120" is of Oslo where the question names that.
        best_label = max(labels, key=lambda label: len(named[label] & asked.stems))
        cell = replace(cell, label=best_label.text)
    return score, cell


def _bears_out(asked: Asked, cell: Cell, row: set[str]) -> bool:
    """Tell whether a cell is of what a question asks: half of its words name the row, the column or the document.

    "How many rooms does the Marlow Hotel have?" is not told by the price of a hotel in York. ``row`` are the stems of
    the row's other cells that name it.
    """
    names = row | _stems(f"{cell.label} {cell.column}")
    document = _stems_around(replace(cell.span, quote=""), asked.stems)
    # "How long" is answered by a number of weeks, whatever the column is called.
    measured = {asked.focus_stem, _NAMES_OF_ADJECTIVES.get(asked.focus_stem, "")} if asked.measure else set[str]()
    wanted = (_topic(asked) or asked.stems) - measured
    return 2 * len(wanted & (names | document)) >= len(wanted) and counts_alike(asked, names)


def _all_stems(named: Mapping[Cell, set[str]], cells: Sequence[Cell]) -> set[str]:
    return set[str]().union(*(named[cell] for cell in cells))


def _is_short(cell: Cell) -> bool:
    return len(cell.text.split()) <= MOST_WORDS


def _is_numbered(asked: Asked, cell: Cell) -> bool:
    """Tell whether a column is the one of several of its name that the question counts to: "Score (2)"."""
    match = _ORDINAL.search(asked.text)
    return match is not None and cell.column.endswith(f"({_ORDINALS[match.group().lower()]})")


def _with_names_of_attributes(asked: Asked) -> Asked:
    """Return a question with the noun that a table has for what it asks: "How much does it weigh?" is of the weight."""
    names = {**_NAMES_OF_VERBS, **(_NAMES_OF_ADJECTIVES if asked.word in ("how", "wie") else {})}
    stems = frozenset(names.get(stem, stem) for stem in asked.stems)
    if _INHABITANTS.search(asked.text):
        stems = stems - _LIVING | {"popul"}
    return replace(asked, stems=stems)


def _is_of(wanted: Periods, cell: Cell) -> bool:
    """Tell whether a cell is about the time asked for.

    A quarter whose column names no year is of its document's; a column that names no quarter is of no other than that.
    """
    periods = cell.periods
    document = read_periods(f"{cell.span.title} {re.sub(r'[^a-zA-Z0-9]', ' ', cell.span.source)}")
    if wanted.quarters and not periods.quarters and document.quarters and not wanted.quarters & document.quarters:
        return False
    if periods.quarters and not periods.years:
        periods = Periods(
            document.years if len(document.years) == 1 else frozenset(), periods.quarters, periods.lengths
        )
    if wanted.years and not wanted.quarters and ends_early(cell.column):
        # Which year it is called by is not certain.
        return False
    if wanted.years and not wanted.quarters and not wanted.lengths and periods.quarters:
        # The figure of a quarter is not that of its year.
        return False
    return not periods or wanted.covers(periods)


def _with_caption(cell: Cell, caption: CaptionOf) -> Cell:
    """Return a cell as it reads below the caption of its table: "(in millions)" gives it a scale."""
    words = caption(cell.span)
    read = next((one for one in read_cells(cell.span, words) if one.start == cell.start), cell) if words else cell
    return replace(read, label=cell.label)


def _shown(cell: Cell, language: str) -> str:
    """Return a value with its unit, its row and its column: "20 weeks (Adoption)", "2 (Dog, fee)"."""
    value, column = cell.text, cell.column
    # "Fee: $40" alone answers a question that named the fee.
    label = "" if len(read_cells(cell.span)) == 1 and not column else cell.label
    if _NUMBER.fullmatch(value):
        if column.casefold() in UNITS and column.casefold() not in _TIMES:
            value, column = f"{value} {column.lower()}", ""
        elif (match := _UNIT_IN_NAME.search(column)) and not _SCALE_IN_NAME.search(match.group().strip("()")):
            value = f"{value} {match['bracketed'] or match['plain']}"
            column = column[: match.start()].strip()
        else:
            value = _with_unit(cell, language)
    return _joined(value, [label, column])


def _joined(value: str, names: Sequence[str]) -> str:
    """Return a value with as many of the names of its row and column as twelve words have room for."""
    for shown in ([*names], names[-1:], names[:1]):
        full = f"{value} ({', '.join(filter(None, shown))})" if any(shown) else value
        if len(full.split()) <= MOST_WORDS:
            return full
    return value


def _with_unit(cell: Cell, language: str) -> str:
    """Return a plain number with its currency or per cent and its scale: "$ 8,890" is "$8,890 million"."""
    value = re.sub(r"([$€£¥])\s+", r"\1", cell.text)
    written = find_quantities(value)
    sign = _SIGNS.get(cell.unit, "")
    if sign and sign not in value:
        value = f"{sign}{value}"
    if cell.unit == "percent" and "%" not in value:
        value = f"{value} %" if language == "de" else f"{value}%"
    words = _GERMAN_SCALE_WORDS if language == "de" else _SCALE_WORDS
    if len(written) == 1 and round(written[0].factor / written[0].base) == 1 and cell.scale in words:
        value = f"{value} {words[cell.scale]}"
    return value


def _form(asked: Asked, cell: Cell) -> int:
    """Return 2 where a value is what is asked for, 1 where it may be, 0 where it is not or is too long to be shown."""
    value = cell.text
    if not value or len(value.split()) > MOST_WORDS or _TO_BE_FILLED.fullmatch(value):
        return 0
    match asked.answer_type:
        case "number" | "money" | "percentage" | "duration" | "date" | "year" | "time":
            if not any(c.isdigit() for c in value) or _numbers_rows(asked, cell):
                return 0
            with_unit = f"{value} {cell.column or cell.label}" if _NUMBER.fullmatch(value) else value
            found = find_phrases(with_unit, asked.answer_type, "")
            return 2 if any(one.end - one.start == len(with_unit) for one in found) else 1
        case "name" if _CODE_NAME.search(f"{cell.label} {cell.column}"):
            return 1
        case "person" | "place" | "name" if asked.focus_stem and asked.focus_stem in _stems(cell.column):
            # "Room: 12" names the room.
            return 1
        case "place" if _ROLE_NAME.fullmatch(cell.column.strip()):
            return 0
        case "person" | "place" | "name":
            # "Date: May 4, 2023" beside a name in a line of a form is a cell of its own kind.
            return 1 if _WORD.search(value) and ": " not in value else 0
        case _:
            return 1


def _numbers_rows(asked: Asked, cell: Cell) -> bool:
    """Tell whether a cell is but the number of a row, an exhibit or a page, and the question asks for none of these."""
    name = cell.column or cell.label
    return _ROW_NUMBER.fullmatch(name.strip()) is not None and not _stems(name) & asked.stems


def _stems(text: str) -> set[str]:
    return {stem for stem in terms(text) if stem not in STOPWORDS}
