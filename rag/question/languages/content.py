"""The words of a question that an answer must be about, in languages of the tables. Pure.

Owns: leaving out what only asks. Of a script without spaces, pieces are cut out of a run of letters. Knows nothing
about an index.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.notices.language import GERMAN_FUNCTION_WORDS
from rag.question.languages.folding import fold
from rag.question.languages.tables import ASKING

_RUN = re.compile("[^\\W_\u0e00-\u0e7f]+(?:['’][^\\W_]+)*|[\u0e00-\u0e7f]+")
# In Japanese, words of content have Chinese letters or katakana; a shorter run of hiragana is an ending or a particle.
_HIRAGANA = re.compile("[\u3041-\u309f]+")
_LEAST_HIRAGANA = 4


def function_words_of(language: str) -> frozenset[str]:
    """Return the words that are no content in a language with spaces, in small letters; none without a table."""
    if language == "de":
        return GERMAN_FUNCTION_WORDS
    table = ASKING.get(language)
    return table.function if table and table.spaced else frozenset()


def is_spaced(language: str) -> bool:
    """Tell whether spaces stand between the words of a language; True for one without a table."""
    table = ASKING.get(language)
    return table is None or table.spaced


def content_parts(text: str, language: str) -> list[tuple[int, int]]:
    """Find the words of content of a text.

    Args:
        text: A question, or a sentence.
        language: Its language: one of the tables, or German.

    Returns:
        Half-open spans of the text, in order: words, or the pieces of a run of letters that are left when what only
        asks is cut out.
    """
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    for run in _RUN.finditer(folded.text):
        if is_spaced(language):
            spans += _words_of(run, function_words_of(language))
        else:
            spans += _pieces_of(run, language)
    return [(folded.places[start], folded.places[end - 1] + 1) for start, end in spans]


def _words_of(run: re.Match[str], function: frozenset[str]) -> list[tuple[int, int]]:
    """Return the words of a run that are content: "d'altitude" has one."""
    found: list[tuple[int, int]] = []
    if run.group() in function:
        return found
    for word in re.finditer(r"[^']+", run.group()):
        if word.group() not in function:
            found.append((run.start() + word.start(), run.start() + word.end()))
    return found


def _pieces_of(run: re.Match[str], language: str) -> list[tuple[int, int]]:
    """Return the pieces of a run of letters between those that only ask; single letters only where all are."""
    pieces: list[tuple[int, int]] = []
    position = run.start()
    for cut in [*_cutter(language).finditer(run.string, run.start(), run.end()), None]:
        end = cut.start() if cut else run.end()
        pieces += _without_endings(run.string, position, end) if language == "ja" else [(position, end)]
        position = cut.end() if cut else end
    pieces = [(start, end) for start, end in pieces if start < end]
    return [(start, end) for start, end in pieces if end - start > 1] or pieces


def _without_endings(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return a piece of Japanese without its short runs of hiragana."""
    pieces: list[tuple[int, int]] = []
    position = start
    for run in _HIRAGANA.finditer(text, start, end):
        if len(run.group()) < _LEAST_HIRAGANA:
            pieces.append((position, run.start()))
            position = run.end()
    return [*pieces, (position, end)]


@lru_cache
def _cutter(language: str) -> re.Pattern[str]:
    """Return what finds the pieces that only ask; a longer one comes first."""
    pieces = sorted(ASKING[language].function, key=lambda piece: (-len(piece), piece))
    return re.compile("|".join(map(re.escape, pieces)))
