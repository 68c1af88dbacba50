"""Does a sentence say just what a yes-or-no question asks? Pure.

Owns: when "yes" is certain without a model. It is never "no": that a sentence says something else denies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.short_answers.asked import WORD
from rag.answering.short_answers.table_answer import cells_of
from rag.answering.short_answers.words import AUXILIARIES, RESERVATIONS
from rag.text import STOPWORDS, terms
from rag.types import Evidence
from rag.verify.parse.lexicon import DENYING_WORDS, MODALS, NEGATIONS, QUANTIFIERS
from rag.verify.parse.quantities import find_quantities

# "In all" reserves nothing.
_IDIOM = re.compile(r"\b(?:in|at|above|after) all\b", re.I)
# A box that is ticked, alone behind its label: "Approved: ☑ yes".
_TICKED = re.compile(r"(?P<label>[^:☐☑☒✓✔]{2,60}):\s*[☑☒✓✔](?:\s*(?:yes|ja))?", re.I)
# Fewer content words than this say too little.
_LEAST_STEMS = 2


def affirming(question: str, evidence: Sequence[Evidence]) -> Evidence | None:
    """Find the sentence that says what a question asks, in its words, in their order and without a reservation.

    Args:
        question: A question that asks for yes or no.
        evidence: The sentences, best first.

    Returns:
        The best sentence where it does; None where it does not.
    """
    if not evidence:
        return None
    if ticked := _ticked(question, evidence):
        return ticked
    item = evidence[0]
    # The names of columns say nothing: "Stock: 0" is not in stock.
    cells = cells_of(item.span)
    quote = "; ".join(cell.text for cell in cells) if len(cells) > 1 else item.span.quote
    asked, said = _content(question), _content(quote)
    if len(asked) < _LEAST_STEMS or _reserved(question) != _reserved(item.span.quote):
        return None
    if any(word in NEGATIONS or word in DENYING_WORDS for word in _words(f"{question} {item.span.quote}")):
        return None
    said_quantities = find_quantities(item.span.quote)
    for quantity in find_quantities(question):
        if not any(quantity.equals(other) and quantity.bound == other.bound for other in said_quantities):
            return None
    return item if _in_order(asked, said) else None


def _ticked(question: str, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the form's box that is ticked beside what a question asks: "Resident: ☒"; None for none.

    The label must be all of the question but whom it asks about.
    """
    asked = _content(question)
    if any(word in NEGATIONS or word in DENYING_WORDS for word in _words(question)):
        return None
    for item in evidence:
        match = _TICKED.fullmatch(item.span.quote.strip())
        label = _content(match["label"]) if match else []
        if label and set(label) <= set(asked) and asked[-1] == label[-1] and not _reserved(question):
            return item
    return None


def _words(text: str) -> list[str]:
    return [match.group().lower() for match in WORD.finditer(text)]


def _content(text: str) -> list[str]:
    numbers = [(quantity.start, quantity.end) for quantity in find_quantities(text)]
    return [
        stem
        for match in WORD.finditer(text)
        if match.group().lower() not in STOPWORDS | AUXILIARIES
        and not any(start <= match.start() < end for start, end in numbers)
        for stem in terms(match.group())
    ]


def _reserved(text: str) -> set[str]:
    """Return the words that make a statement less, or other, than a plain one: "may", "only", "if"."""
    plain = _IDIOM.sub("", text)
    return {word for word in _words(plain) if word in MODALS or word in QUANTIFIERS or word in RESERVATIONS}


def _in_order(asked: Sequence[str], said: Sequence[str]) -> bool:
    rest = iter(said)
    return all(stem in rest for stem in asked)
