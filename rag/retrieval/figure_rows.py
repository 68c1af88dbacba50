"""Find the rows of financial statements that a question needs, such as those that a ratio is made of.

Owns: what is searched for beside the question, and which row is taken for each figure. Which figures a question needs
is told in ``rag.question.ratios``. Knows nothing about how rows are shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.question.mentions import Term, is_period, stands_in
from rag.question.question_words import is_other_period, question_terms
from rag.question.ratios import NeededFigures
from rag.retrieval.cells import row_label
from rag.retrieval.evidence import candidate_sentences
from rag.retrieval.path_names import named_words, names_of_path
from rag.retrieval.table_rows import label_stems
from rag.store.index import Index
from rag.text import source_as_words, terms
from rag.types import Evidence, Passage, Span

# So many other names of a figure are searched for beside the commonest one.
_NAMES_SEARCHED = 2


def figures_query(question: str, needed: NeededFigures) -> str:
    """Return what is searched for: the titles of the statements, the labels of the rows, and whom and when it is about.

    Args:
        question: The question.
        needed: The figures that it needs.

    Returns:
        The query.
    """
    about = [
        term.text for term in question_terms(question) if term.kind in ("name", "initials", "code") or is_period(term)
    ]
    labels = [label for row in needed.rows for label in row[: 1 + _NAMES_SEARCHED]]
    return " ".join(dict.fromkeys((*about, *needed.statements, *labels)))


def find_figure_rows(index: Index, question: str, needed: NeededFigures, passages: Sequence[Passage]) -> list[Evidence]:
    """Find the row of each figure that a question needs.

    Where the question names documents, only their rows count. Of several rows with the label that of the statement is
    taken.

    Args:
        index: The index that holds the passages.
        question: The question.
        needed: The figures.
        passages: The passages to look in.

    Returns:
        A row for each figure that has one, as evidence without a score, in the order of the figures.
    """
    named = sources_named(question, passages)
    titles = [set(terms(title)) for title in needed.statements]
    rows: list[tuple[int, Span, Passage, frozenset[str]]] = []
    for span, passage in candidate_sentences([p for p in passages if not named or p.source in named], index):
        label = row_label(span)
        stems = label_stems(label)
        if not stems or not any(character.isdecimal() for character in span.quote[len(label) :]):
            continue
        setting = f"{span.title}\n{source_as_words(span.source)}"
        if is_other_period(question, f"{span.header} {span.quote}", setting):
            continue
        around = set(terms(f"{passage.context} {passage.text}"))
        rows.append((-int(any(title <= around for title in titles)), span, passage, stems))
    found: list[Evidence] = []
    for names in needed.rows:
        wanted = [label_stems(name) for name in names]
        fitting = [
            (title, wanted.index(stems), passage.rank, span.start, span, passage)
            for title, span, passage, stems in rows
            if stems in wanted
        ]
        if fitting:
            *_, span, passage = min(fitting, key=lambda row: row[:4])
            found.append(Evidence(span, 0.0, 0.0, 0.0, passage.rank, span.start))
    return found


def sources_named(question: str, passages: Sequence[Passage]) -> frozenset[str]:
    """Find the sources of passages that a question names, by their titles, folders or file names.

    Args:
        question: The question.
        passages: The passages.

    Returns:
        The sources with the most names of the question; none where it names none of them.
    """
    names = [term for term in question_terms(question) if term.kind in ("name", "initials")]
    counts: dict[str, int] = {}
    for passage in passages:
        if passage.source not in counts:
            counts[passage.source] = _names_in(question, names, passage)
    most = max(counts.values(), default=0)
    return frozenset(source for source, count in counts.items() if most and count == most)


def _names_in(question: str, names: Sequence[Term], passage: Passage) -> int:
    setting = f"{passage.title}\n{source_as_words(passage.source)}"
    file = passage.source.rpartition("/")[2].rpartition(".")[0]
    joined = sum(named_words(question, names_of_path(file)).values())
    return joined + sum(stands_in(name, setting) for name in names)
