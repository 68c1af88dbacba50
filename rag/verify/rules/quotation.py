"""Words between quotation marks, and sentences that are quoted without them. Pure.

Owns: whether a quotation stands in a source word by word (``quotation_absent``), and whether a whole sentence does
(``is_quotation``). Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.text import normalise, sentences
from rag.verify.parse.parsed_text import find_quotations, normalise_spelling
from rag.verify.rule import Comparison, Values

_SHOWN_CHARACTERS = 80
# Words that a quoted sentence has at least; fewer are a heading or a value.
_MIN_WORDS = 3
_LIST_MARK = re.compile(r"^\s*(?:[-*•#>|]+|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")
# What it begins with may mean something else elsewhere.
_REFERS_BACK = re.compile(
    r"^\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|such|both|here|there|then|so|we|our|i|my|you|your"
    r"|and|but|or|also|however|therefore|thus|instead|otherwise)\b",
    re.I,
)
# Behind these a sentence goes on with a clause of its own.
_MAIN_CLAUSE_END = re.compile(r";\s|,\s(?=(?:and|but|while|whereas)\s)")
_LIMITS = re.compile(
    r"\b(?:if|unless|except\w*|provided|only|not|no|never|without|until|assuming|whether|excluding|other than)\b", re.I
)


def quotation_absent(comparison: Comparison) -> Values | None:
    """Find a quotation that stands in no source word by word; letter case, spaces and punctuation do not count.

    A quotation may run over from one quote into the next.

    Fires: The rule says “no dog can cross”. | The rule says that no dog may cross.
    Silent: The rule says “No dog may cross!” | The rule says that no dog may cross.
    """
    quotations = find_quotations(normalise_spelling(comparison.sentence))
    sources = [_letters(quote) for quote in comparison.quotes] if quotations else []
    joined = "".join(sources)
    for quotation in quotations:
        if not any(_letters(quotation) in source for source in (*sources, joined)):
            shown = " ".join(quotation.split())[:_SHOWN_CHARACTERS]
            return {"quotation": shown}
    return None


def is_quotation(sentence: str, quotes: Sequence[str]) -> bool:
    """Return whether a sentence is a whole sentence, line or item of a source, or the main clause that opens one.

    Letter case, spaces, quotation marks and the full stop do not count. A clause counts only where nothing behind it
    could limit it. A sentence that begins with a pronoun or another word that points back is none.

    Args:
        sentence: The sentence.
        quotes: The words of the sources.

    Returns:
        Whether it is.
    """
    if len(sentence.split()) < _MIN_WORDS or _REFERS_BACK.match(sentence):
        return False
    characters = _characters(sentence)
    return any(characters == _characters(part) for quote in quotes for part in _whole_parts(quote))


def _whole_parts(quote: str) -> Iterator[str]:
    """Yield the sentences, lines and items of a source, and the main clauses that open them."""
    for line in quote.splitlines():
        yield _LIST_MARK.sub("", line)
        for start, end in sentences(line):
            sentence = _LIST_MARK.sub("", line[start:end])
            yield sentence
            for match in _MAIN_CLAUSE_END.finditer(sentence):
                if not _LIMITS.search(sentence, match.end()):
                    yield sentence[: match.start()]


def _characters(text: str) -> str:
    return re.sub(r"[\s\"'“”„«»]", "", normalise(normalise_spelling(text))).rstrip(".!,;:")


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", normalise(normalise_spelling(text))))
