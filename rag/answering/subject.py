"""Whether evidence tells of what a question names: "Mayor: Ada Lund" on the page of Torvik is no mayor of Oslo.

Owns: which names a question has that tell documents apart, and which documents hold them. Knows nothing about answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from rag.notices.language import language_of
from rag.question.mentions import Term, question_mentions
from rag.question.periods import read_periods
from rag.retrieval.missing import is_definite
from rag.retrieval.path_names import named_words, names_of_path
from rag.store.index import Index
from rag.text import source_as_words, terms
from rag.types import Evidence, Span


class Subject:
    """The names of a question that the index knows, and what was found out about its documents."""

    def __init__(self, index: Index, question: str) -> None:
        """Read the names.

        Args:
            index: The index that is asked.
            question: A question that stands alone.
        """
        self._index, self._question = index, question
        self._told: dict[str, bool] = {}
        # In German every noun has a capital: names are not told from words.
        names = [] if language_of(question) == "de" else _names(question)
        known = index.catalog.document_frequency([spelling for name in names for spelling in name.spellings])
        # A name that stands nowhere tells no documents apart; that it is missing is said elsewhere.
        self._spellings = [spelling for name in names for spelling in name.spellings if known[spelling]]

    def is_told_in(self, source: str) -> bool:
        """Tell whether a document holds one of the names, anywhere in it or in what it is called.

        Args:
            source: The name of the document.

        Returns:
            True also for a question without names.
        """
        if not self._spellings:
            return True
        if source not in self._told:
            self._told[source] = self._is_called(source) or any(
                map(self._index.catalog.terms_of(source), self._spellings)
            )
        return self._told[source]

    def _is_called(self, source: str) -> bool:
        return not set(terms(source_as_words(source))).isdisjoint(self._spellings) or bool(
            named_words(self._question, names_of_path(PurePosixPath(source).stem))
        )


def told_of(subject: Subject, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence of documents that hold one of the names of a question.

    Args:
        subject: The names of the question.
        evidence: The sentences, best first.

    Returns:
        Those sentences, in their order.
    """
    return tuple(item for item in evidence if subject.is_told_in(item.span.source))


def is_row_of_another_year(question: str, span: Span) -> bool:
    """Tell whether a sentence is a table row whose columns name years, and none that a question asks for.

    Args:
        question: A question that stands alone.
        span: The sentence.

    Returns:
        False for prose, which may tell of one year by another.
    """
    asked = read_periods(question).years
    if not asked or not span.cells:
        return False
    columns = [read_periods(cell.name).years for cell in span.cells if not cell.is_label]
    named = frozenset[int]().union(*columns)
    # A fiscal year is called by the year in which it begins, or ends.
    return bool(named) and not any({year - 1, year, year + 1} & asked for year in named)


def _names(question: str) -> list[Term]:
    return [term for term in question_mentions(question) if term.kind == "name" and is_definite(term)]
