"""An answer on a terminal: wrapped, its quotes short, its tables in columns.

Owns: how an answer is laid out for a reader. What is piped is ``rag.cli.lines``' matter, and is whole. Knows nothing
about how an answer came about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from rag.cli.advice import for_this_index
from rag.cli.excerpt import excerpt, marked, terms_of
from rag.cli.lines import LABELS, in_quotation_marks, location, verdict_lines
from rag.cli.one_line import one_line
from rag.cli.screen import GLUE, cells, styled, wrap
from rag.cli.table import cells_of, is_row, is_rule, table_lines
from rag.text import printable
from rag.types import Answer, Citation, Passage

# Lines of a quote and of a passage; `rag show` and --json have them whole.
_QUOTE_LINES = 2
_PASSAGE_LINES = 3
# Columns that a part is shortened by until it fits.
_SHORTER = 6
_INDENT = " " * 4
# Passages shown when the documents do not hold the answer.
_NEAREST = 3

_MARKS = re.compile(r"(?:\[\d{1,3}\])+")
_MARKS_BEHIND = re.compile(rf" *({_MARKS.pattern})")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_ITEM = re.compile(r"\s*(?:(?:[-*+•]|\d{1,3}[.)])\s+|>\s?)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_QUOTED_ROW = re.compile(r"[“„«\"](?P<row>\|.*\|)[”“»\"]\s*(?P<marks>(?:\[\d{1,3}\])*)$")


def answer_screen(answer: Answer, width: int) -> Iterator[str]:
    """Yield an answer: its short answer, its text, its sources, then what is to be said of it.

    Args:
        answer: The answer.
        width: Columns of the terminal.

    Yields:
        Its lines, in the answer's language.
    """
    labels = LABELS.get(answer.language, LABELS["en"])
    if answer.short_answer:
        yield from wrap(styled(printable(answer.short_answer), "bold"), width)
        yield ""
    yield from text_screen(answer.answer, width, answer.citations)
    if answer.citations:
        yield ""
        yield from _source_lines(answer, labels, width)
    told = [one_line(line) for line in verdict_lines(answer, labels)]
    if told:
        yield ""
    for line in told:
        label, colon, rest = line.partition(": ")
        yield from wrap(f"{styled(label + colon.rstrip(), 'yellow')} {rest}", width, rest="  ")
    yield from _refusal_lines(answer, labels, width)
    yield from _note_lines(answer, labels, width)


def text_screen(text: str, width: int, citations: Sequence[Citation] = ()) -> Iterator[str]:
    """Yield the text of an answer, whole or so far: paragraphs and items wrapped, tables in columns, code as it is.

    Args:
        text: The text, as a model or Footnote wrote it.
        width: Columns of the terminal.
        citations: Name the columns of rows that the text quotes.

    Yields:
        Its lines.
    """
    lines = printable(text).split("\n")
    at, is_code, is_apart = 0, False, True
    while at < len(lines):
        line = lines[at]
        is_fence = bool(_FENCE.match(line))
        is_code ^= is_fence
        rows = [] if is_code or is_fence else list(takewhile(is_row, lines[at:]))
        names, cited = ([], []) if rows or is_code or is_fence else _quoted_rows(lines, at, citations)
        if rows or cited:
            if not is_apart:
                yield ""
            yield from _table(rows, width) if rows else table_lines(names, cited, width)
            at += len(rows) + len(cited)
            if at < len(lines) and lines[at].strip():
                yield ""
            is_apart = True
            continue
        yield from [line] if is_code or is_fence else _paragraph(line, width)
        is_apart = not line.strip()
        at += 1


def _paragraph(line: str, width: int) -> list[str]:
    if heading := _HEADING.match(line):
        return wrap(styled(line[heading.end() :], "bold"), width)
    item = _ITEM.match(line)
    before = item.group() if item else line[: len(line) - len(line.lstrip())]
    words = _BOLD.sub(lambda bold: styled(bold.group(1), "bold"), line[len(before) :])
    # A mark stands beside the words that it is about.
    words = _MARKS_BEHIND.sub(lambda marks: GLUE + styled(marks.group(1), "green"), words)
    rest = before if before.lstrip().startswith(">") else None
    return [line.rstrip() for line in wrap(words, width, before, rest)]


def _table(rows: Sequence[str], width: int) -> list[str]:
    """Return the lines of a table in Markdown; its first row has names where a rule follows."""
    has_names = len(rows) > 1 and is_rule(rows[1])
    body = [[_mark_green(cell) for cell in cells_of(row)] for row in rows if not is_rule(row)]
    return table_lines(body[0], body[1:], width) if has_names else table_lines((), body, width)


def _quoted_rows(lines: Sequence[str], at: int, citations: Sequence[Citation]) -> tuple[list[str], list[list[str]]]:
    """Return the names and the cells of quoted rows that follow each other and have the same columns; none for none."""
    headers = {citation.number: citation.header for citation in citations}
    names: list[str] = []
    rows: list[list[str]] = []
    for line in lines[at:]:
        quoted = _QUOTED_ROW.match(line.strip())
        if not quoted:
            break
        first = re.search(r"\d+", quoted["marks"])
        its_names = [one_line(name) for name in cells_of(headers.get(int(first.group()), "") if first else "")]
        row = cells_of(quoted["row"])
        if len(row) != len(its_names) or (rows and its_names != names):
            break
        names = its_names
        rows.append([*row, styled(quoted["marks"], "green")])
    return [*names, ""], rows


def _mark_green(text: str) -> str:
    return _MARKS.sub(lambda marks: styled(marks.group(), "green"), text)


def _source_lines(answer: Answer, labels: Mapping[str, str], width: int) -> Iterator[str]:
    """Yield each source with its place, and its words where the answer does not quote them whole."""
    said = _words_of(answer.answer)
    for citation in answer.citations:
        yield from place_lines(f"[{citation.number}] ", location(citation, labels["page"]), width, "green")
        if _words_of(citation.quote) in said:
            continue
        of_sentences = [sentence.text for sentence in answer.sentences if citation.number in sentence.citations]
        wanted = terms_of([*of_sentences, answer.question])
        names = cells_of(citation.header) if citation.header else []
        row = cells_of(citation.quote)
        if is_row(citation.quote) and "\n" not in citation.quote and len(row) == len(names):
            yield from table_lines(
                [one_line(name) for name in names], [[one_line(cell) for cell in row]], width, _INDENT
            )
            continue
        if citation.header:
            yield from wrap(f"{labels['columns']}: {one_line(citation.header)}", width, _INDENT)
        quote = short(citation.quote, _QUOTE_LINES, width - len(_INDENT) - 2, wanted)
        yield from wrap(in_quotation_marks(quote, answer.language), width, _INDENT, f"{_INDENT} ")


def _words_of(text: str) -> str:
    """Return text as it is compared: in one line, and without the signs of code in which an answer puts addresses."""
    return " ".join(text.replace("`", "").split())


def _refusal_lines(answer: Answer, labels: Mapping[str, str], width: int) -> Iterator[str]:
    """Yield what a refused question does not find, and what comes nearest."""
    from rag.answering.notices import NOT_MENTIONED

    if not answer.abstained:
        return
    for notice in answer.notices:
        if notice.code == NOT_MENTIONED:
            yield from wrap(one_line(notice.text(answer.language)), width)
    if answer.passages:
        yield ""
        yield f"{labels['nearest']}:"
        for passage in answer.passages[:_NEAREST]:
            yield from passage_screen(passage, terms_of([answer.question]), width, labels["page"])
        yield ""
        yield from wrap(labels["anyway"], width)


def passage_screen(
    passage: Passage, wanted: frozenset[str], width: int, page_label: str = "page", with_scores: bool = False
) -> Iterator[str]:
    """Yield a passage: where it stands, then the part with most of the words that are looked for.

    Args:
        passage: The passage.
        wanted: The terms that are looked for.
        width: Columns of the terminal.
        page_label: The word for a page in the reader's language.
        with_scores: Whether its scores stand behind its place.

    Yields:
        Its lines.
    """
    rank = f"{passage.rank}. "
    yield from place_lines(rank, location(passage, page_label), width, "bold")
    if with_scores:
        yield from wrap(styled(_scores(passage.scores), "dim"), width, _INDENT)
    part = short(_without_marks(passage.text), _PASSAGE_LINES, width - len(_INDENT), wanted)
    words = "".join(styled(word, "bold") if is_wanted else word for word, is_wanted in marked(part, wanted))
    yield from wrap(words, width, _INDENT)


def _scores(scores: Mapping[str, float]) -> str:
    """Return scores by name, each with its rank: ``dense 0.4693 (2)``."""
    ranks = {name.removesuffix("_rank"): f" ({rank:g})" for name, rank in scores.items() if name.endswith("_rank")}
    shown = {name: value for name, value in scores.items() if not name.endswith("_rank")}
    return "  ".join(f"{name} {value:.4g}{ranks.get(name, '')}" for name, value in shown.items())


def short(text: str, lines: int, width: int, wanted: frozenset[str]) -> str:
    """Return the part of a text with most of the wanted words that takes no more than some lines.

    Args:
        text: Any text.
        lines: Most lines.
        width: Columns of a line.
        wanted: Terms, as ``terms_of`` returns them.

    Returns:
        The part, in one line.
    """
    longest = lines * width
    part = excerpt(text, longest, wanted)
    # Lines break between words and are not filled.
    while len(wrap(part, width)) > lines and longest > width:
        longest -= _SHORTER
        part = excerpt(text, longest, wanted)
    return part


def _without_marks(text: str) -> str:
    """Return the text of a passage without the signs of headings and tables, which say nothing in a few lines."""
    lines = []
    for line in text.split("\n"):
        if heading := _HEADING.match(line):
            lines.append(f"{line[heading.end() :].strip()} —")
        elif is_row(line):
            lines += [] if is_rule(line) else [" | ".join(cells_of(line)) + " ·"]
        else:
            lines.append(line)
    return " ".join(lines).strip().removesuffix("·").removesuffix("—").rstrip()


def place_lines(before: str, place: str, width: int, style: str) -> list[str]:
    """Return the line of a source: its name, and dimmed the span in it.

    Args:
        before: What stands before it, such as its number.
        place: As ``location`` returns it.
        width: Columns of the terminal.
        style: The style of what stands before it.

    Returns:
        The line, or several where it is long.
    """
    name, _, span = place.rpartition(" (")
    return wrap(f"{name} {styled(f'({span}', 'dim')}", width, styled(before, style), " " * cells(before))


def _note_lines(answer: Answer, labels: Mapping[str, str], width: int) -> Iterator[str]:
    from rag.answering.notices import remarks

    if note := remarks(answer):
        yield ""
        yield from wrap(f"{styled(labels['note'] + ':', 'bold')} {for_this_index(printable(note))}", width)
