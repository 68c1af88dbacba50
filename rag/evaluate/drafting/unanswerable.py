"""Questions that the documents do not answer: near misses, and questions about something else.

Owns: what makes a question without an answer of one with an answer, and the check that no chunk of the index holds what
it asks for. Knows nothing about models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.store.index import Index
from rag.text import query_terms, terms

# Questions of general knowledge, asked only where the index holds none of their terms.
GENERAL_QUESTIONS = (
    "Who composed the opera Rigoletto?",
    "How many moons does Jupiter have?",
    "Which enzyme digests lactose?",
    "In which ocean do the Azores lie?",
    "What is the boiling point of mercury?",
    "Who painted the ceiling of the Sistine Chapel?",
    "How far is the marathon in the Olympics?",
    "Which king signed the Magna Carta?",
    "What do koalas eat?",
    "How many strings does a cello have?",
    "When was the Eiffel Tower inaugurated?",
    "Which vitamin prevents scurvy?",
    "Who wrote the novel Middlemarch?",
    "How tall is Kilimanjaro?",
    "What is the gestation period of an elephant?",
    "Which mineral is the hardest on the Mohs scale?",
    "Who discovered penicillin?",
    "In which city was Mozart born?",
    "How deep is the Mariana Trench?",
    "Which yeast ferments sourdough?",
)

# What a question about a table names first: another year in it asks for a document that is not there.
_TITLE = re.compile(r"In (?:the file )?“[^”]*”")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
# Names of rows and columns that a person would say: a few words of letters.
_PLAIN = re.compile(r"(?!(?:what|when|which|who|where|how)\b)[^\W\d_][^\W\d_-]+(?: [^\W\d_]+){0,3}", re.IGNORECASE)
# Names of columns that say nothing without their table.
_VAGUE_COLUMNS = frozenset(
    "comment default description does example examples key meaning name note notes rule state type value values".split()
)
# Names of commands and options that many programs have.
_OTHER_NAMES = ("schedule", "translate", "archive", "encrypt", "subscribe", "rollback", "deploy", "publish", "mirror")
# Chunks that are looked at for what a near miss asks.
_LOOKED_AT = 50


def has_known_term(index: Index, question: str) -> bool:
    """Tell whether a term of a question stands in some document of an index.

    Args:
        index: The index.
        question: The question, or any words.

    Returns:
        True where one does.
    """
    return any(index.catalog.document_frequency(query_terms(question)).values())


def stand_together(index: Index, *texts: str) -> bool:
    """Tell whether some chunk, with its title and headings, holds all terms of some texts.

    Args:
        index: The index.
        *texts: What a question would ask for.

    Returns:
        True, too, where the texts have no terms.
    """
    wanted = list(dict.fromkeys(term for text in texts for term in query_terms(text)))
    found = index.catalog.search(wanted, _LOOKED_AT) if wanted else []
    chunks = index.catalog.chunks([id_ for id_, _ in found])
    return not wanted or any(set(wanted) <= set(terms(f"{one.context} {one.text}")) for one in chunks.values())


def other_years(index: Index, question: str) -> Iterator[str]:
    """Yield a question with another year, of which the documents say nothing at all.

    Args:
        index: The index.
        question: A question that has an answer.

    Yields:
        The question with a later year; nothing where it names no year, or several.
    """
    if question.startswith("What does “"):
        return
    title = _TITLE.match(question)
    years = list(_YEAR.finditer(question, title.end() if title else 0))
    if len(years) != 1:
        return
    (year,) = years
    for later in range(int(year[0]) + 1, int(year[0]) + 40):
        if not has_known_term(index, str(later)):
            yield f"{question[: year.start()]}{later}{question[year.end() :]}"
            return


def other_names(index: Index, question: str) -> Iterator[str]:
    """Yield a question about a command, an option or a function with a name that the documents do not have.

    Args:
        index: The index.
        question: A question that has an answer.

    Yields:
        The question with another name; nothing where it asks for no such thing.
    """
    match = re.search(
        r"the (?:command|option|function|method) `?(?P<name>(?:\w+ |--)?)(?P<last>[a-z]\w*)`? do\?$", question
    )
    if match is None:
        return
    for name in _OTHER_NAMES:
        if not has_known_term(index, name):
            yield f"{question[: match.start('last')]}{name}{question[match.end('last') :]}"
            return


def crossed_cells(index: Index, cells: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Yield questions for the row of one table in the column of another, where no chunk holds both.

    Args:
        index: The index.
        cells: What names cells: the document, the row and the column.

    Yields:
        Questions whose words all stand in the documents, and whose answer does not.
    """
    for (about, row, column), (other_about, other_row, other_column) in pairwise(cells):
        if about == other_about or column.casefold() == other_column.casefold() or row.isupper() or other_row.isupper():
            continue
        for name, asked in ((row, other_column), (other_row, column)):
            is_plain = _PLAIN.fullmatch(name) and _PLAIN.fullmatch(asked) and asked.casefold() not in _VAGUE_COLUMNS
            if is_plain and not stand_together(index, name, asked):
                yield f"What do the documents give as “{asked}” for “{name}”?"
                break
