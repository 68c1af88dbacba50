"""Find the place in the corpus that a system's context was taken from. The only judge is the text itself.

Owns: the comparison, from the very words to words that were wrapped anew, and when a place is sure. A context with two
places that fit equally, or one that fits only roughly, has none: a wrong place would make figures wrong in silence.
Knows nothing about answers or metrics.

Three comparisons, in this order: the very words; letters and digits alone, whatever stands between them (line ends,
hyphens at line ends, Markdown signs, ligatures, accents); and most letters in the same order, with every number the
same, for text with a header put before it or a few other letters.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote

from rag.evaluate.systems.given import GivenContext
from rag.store.index import Index
from rag.types import Document, page_of

# Letters and digits, a point or comma between digits, and the sign before a number: "5.5" is not "55".
_KEPT = re.compile(r"[^\W_]+|(?<=\d)[.,](?=\d)|(?<!\w)[-−](?=\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# A shorter text is compared by its very words only; one shorter than the second must be whole words where it stands.
_LEAST_LETTERS, _LEAST_UNBOUND = 12, 24
# The alignment of most letters: how long a text must be, the pieces that are looked for, how many of the letters must
# be the same, and how much of the context must be aligned (a header may stand before it).
_LEAST_ALIGNED = 80
_PIECE = 24
_MOST_PIECES, _FIRST_PIECES = 64, 8
_LEAST_ALIKE = 0.9
_LEAST_SHARE = 0.6
_MOST_HITS = 4
# How far apart two pieces of one place may shift, as a share of the context's length, and in letters beside that.
_DRIFT, _DRIFT_LETTERS = 0.1, 40

How = Literal["exact", "letters", "aligned", "source only", "nowhere"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a context stands in the corpus.

    Attributes:
        how: The comparison that found it; ``source only`` where its document is known and its place is not sure.
        source: The name of the document in the corpus; "" for none.
        source_id: The id of that version of it.
        title: Its title.
        start: Where the words begin in its canonical text; 0 where the place is not sure.
        end: Where they end.
        page: The page of the first of them; None for none.
    """

    how: How = "nowhere"
    source: str = ""
    source_id: str = ""
    title: str = ""
    start: int = 0
    end: int = 0
    page: int | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the place of the words is known."""
        return self.end > self.start


class Corpus:
    """The documents of an index, in which contexts are looked for."""

    def __init__(self, index: Index) -> None:
        """Read which documents there are.

        Args:
            index: The open index; its texts are read when they are first needed, and kept.
        """
        self._index = index
        self._ids = {
            record.source: record.document_id for record in index.catalog.source_records() if record.document_id
        }
        self._texts: dict[str, str] = {}
        self._letters: dict[str, Letters] = {}
        self.document = lru_cache(maxsize=16)(self._read)

    def _read(self, source: str) -> Document:
        document = self._index.catalog.document(self._ids[source])
        assert document
        return document

    def place(self, context: GivenContext) -> Place:
        """Find where a context stands.

        Args:
            context: Its words, and what the system says of where they stand.

        Returns:
            Its place, or as much of it as is sure.
        """
        named = self._named(context.source)
        if named and context.start is not None and context.end is not None:
            slice_ = self._text(named)[context.start : context.end]
            if slice_.strip() and slice_.split() == (context.text or slice_).split():
                return self._place("exact", named, context.start, context.end)
        if not context.text.strip():
            return self._source_only(named)
        sources = [named] if named else list(self._ids)
        finders: tuple[tuple[How, Iterator[tuple[str, int, int]]], ...] = (
            ("exact", self._by_words(context.text.strip(), sources)),
            ("letters", self._by_letters(context.text, sources)),
            ("aligned", self._by_alignment(context.text, sources)),
        )
        for how, finder in finders:
            places = self._on_page(context.page, finder)
            if len(places) == 1:
                return self._place(how, *places[0])
            if places:
                break
        return self._source_only(named)

    def _place(self, how: How, source: str, start: int, end: int) -> Place:
        document = self.document(source)
        return Place(how, source, self._ids[source], document.title, start, end, page_of(document.pages, start))

    def _source_only(self, source: str) -> Place:
        if not source:
            return Place()
        return Place("source only", source, self._ids[source], self.document(source).title)

    def _on_page(self, page: int | None, places: Iterator[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """Return at most two places; of several those that begin or end on a page that the system names."""
        found: list[tuple[str, int, int]] = []
        for source, start, end in places:
            pages = self.document(source).pages if page is not None else ()
            if not pages or page_of(pages, start) == page or page_of(pages, end - 1) == page:
                found.append((source, start, end))
            if len(found) == 2:
                break
        return found

    def _named(self, name: str) -> str:
        """Return the one source that a system's name for it can mean: its path, or the end of that; "" for none."""
        wanted = unquote(name.removeprefix("file://")) if name.startswith("file://") else name
        wanted = wanted.replace("\\", "/").strip().removeprefix("./")
        if not wanted:
            return ""
        if wanted in self._ids:
            return wanted
        ends = [source for source in self._ids if wanted.endswith(f"/{source}") or source.endswith(f"/{wanted}")]
        # Of "a.md" and "x/a.md" a path that ends in the longer one names that.
        longest = max(map(len, ends), default=0)
        best = [source for source in ends if len(source) == longest or source.endswith(f"/{wanted}")]
        return best[0] if len(best) == 1 else ""

    def _text(self, source: str) -> str:
        if source not in self._texts:
            stored = self._index.catalog.document_text(self._ids[source])
            self._texts[source] = stored[0] if stored else ""
        return self._texts[source]

    def _letters_of(self, source: str) -> Letters:
        if source not in self._letters:
            self._letters[source] = Letters(self._text(source))
        return self._letters[source]

    def _by_words(self, words: str, sources: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Yield where the very words stand; a short text only where it is whole words."""
        for source in sources:
            text = self._text(source)
            for start in _finds(words, text):
                end = start + len(words)
                if len(words) >= _LEAST_UNBOUND or _is_whole(text, start, end):
                    yield source, start, end

    def _by_letters(self, text: str, sources: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Yield where the same letters and digits stand in a row."""
        wanted = Letters(text)
        if len(wanted.text) < _LEAST_LETTERS:
            return
        for source in sources:
            letters = self._letters_of(source)
            for at in _finds(wanted.text, letters.text):
                start, end = letters.span(at, at + len(wanted.text))
                if len(wanted.text) >= _LEAST_UNBOUND or _is_whole(self._text(source), start, end):
                    yield source, *self._with_signs(source, (start, end), text.strip())

    def _with_signs(self, source: str, span: tuple[int, int], context: str) -> tuple[int, int]:
        """Return a span with the signs at its ends that the context has, too: a full stop, a bracket."""
        text, (start, end) = self._text(source), span
        head = re.match(r"[^\w\s]*", context)
        tail = re.search(r"[^\w\s]*$", context)
        if head and head.group() and text[:start].endswith(head.group()):
            start -= len(head.group())
        if tail and tail.group() and text.startswith(tail.group(), end):
            end += len(tail.group())
        return start, end

    def _by_alignment(self, text: str, sources: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Yield where most letters stand in the same order, with the same numbers."""
        wanted = Letters(text).text
        if len(wanted) < _LEAST_ALIGNED:
            return
        step = max(1, (len(wanted) - _PIECE) // _MOST_PIECES)
        pieces = range(0, len(wanted) - _PIECE + 1, step)
        probes = pieces[:: max(1, len(pieces) // _FIRST_PIECES)]
        for source in sources:
            letters = self._letters_of(source)
            if any(wanted[at : at + _PIECE] in letters.text for at in probes):
                for start, end in _aligned(wanted, letters.text, pieces):
                    yield source, *letters.span(start, end)


class Letters:
    """The letters and digits of a text without case, accents and what stands between, and where each comes from."""

    def __init__(self, text: str) -> None:
        """Read a text.

        Args:
            text: Any text.
        """
        folded, self._origins = _folded(text)
        kept = list(_KEPT.finditer(folded))
        self.text = "".join(match.group() for match in kept)
        # Where each run of letters starts here, and in the folded text.
        self._starts, self._folded = array("L"), array("L")
        length = 0
        for match in kept:
            self._starts.append(length)
            self._folded.append(match.start())
            length += match.end() - match.start()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where some of the letters stand in the text.

        Args:
            start: The first of them, counted in ``text`` of this record.
            end: Behind the last of them.

        Returns:
            Start and end in the text as it was written.
        """
        return self._origin(start), self._origin(end - 1) + 1

    def _origin(self, at: int) -> int:
        run = bisect_right(self._starts, at) - 1
        folded = self._folded[run] + at - self._starts[run]
        return self._origins[folded] if self._origins is not None else folded


def _folded(text: str) -> tuple[str, Sequence[int] | None]:
    """Return a text in small letters, without accents and ligatures, and where each character comes from."""
    if text.isascii():
        return text.lower(), None
    characters: list[str] = []
    origins = array("L")
    for place, character in enumerate(text):
        if character.isascii():
            characters.append(character.lower())
            origins.append(place)
            continue
        for part in unicodedata.normalize("NFKD", character).casefold():
            # A soft hyphen and the like is not seen, and parts no word.
            if not unicodedata.combining(part) and unicodedata.category(part) != "Cf":
                characters.append(part)
                origins.append(place)
    return "".join(characters), origins


def _finds(words: str, text: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether no word goes on across the ends of a part of a text."""
    return not any(0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum() for at in (start, end))


def _aligned(wanted: str, text: str, pieces: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that hold most letters of another in the same order, and every number of it."""
    from rapidfuzz.distance import Indel

    hits: list[tuple[int, int]] = []
    for at in pieces:
        for found, place in enumerate(_finds(wanted[at : at + _PIECE], text)):
            if found == _MOST_HITS:
                break
            hits.append((place - at, at))
    hits.sort()
    most_drift = _DRIFT * len(wanted) + _DRIFT_LETTERS
    reached = -1
    first = 0
    while first < len(hits):
        last = first
        while last + 1 < len(hits) and hits[last + 1][0] - hits[first][0] <= most_drift:
            last += 1
        group = hits[first : last + 1]
        first = last + 1
        begin, finish = min(at for _, at in group), max(at for _, at in group) + _PIECE
        start = min(shift + at for shift, at in group)
        end = max(shift + at for shift, at in group) + _PIECE
        begin, finish, start, end = _extended(wanted, text, begin, finish, start, end)
        ours, theirs = wanted[begin:finish], text[start:end]
        if (
            start >= reached
            and len(ours) >= max(_LEAST_ALIGNED, _LEAST_SHARE * len(wanted))
            and Indel.normalized_similarity(ours, theirs, score_cutoff=_LEAST_ALIKE) >= _LEAST_ALIKE
            and Counter(_NUMBER.findall(ours)) == Counter(_NUMBER.findall(theirs))
        ):
            reached = end
            yield start, end


def _extended(wanted: str, text: str, begin: int, finish: int, start: int, end: int) -> tuple[int, int, int, int]:
    """Return two aligned parts with the equal letters before and behind them."""
    while begin and start and wanted[begin - 1] == text[start - 1]:
        begin, start = begin - 1, start - 1
    while finish < len(wanted) and end < len(text) and wanted[finish] == text[end]:
        finish, end = finish + 1, end + 1
    return begin, finish, start, end
