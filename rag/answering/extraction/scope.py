"""Find the documents or sections that a topic names.

Owns: telling "the guide" and "the chapter on evaluation", which name a part of the collection, from "the costs of
hotel rooms", which must be searched for. Knows nothing about sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.answering.extraction.word_lists import DOCUMENT_WORDS, GERMAN_SMALL_WORDS
from rag.question.mentions import Term
from rag.question.question_words import question_terms
from rag.retrieval.passages import matching_sources
from rag.retrieval.path_names import named_words
from rag.retrieval.preferences import sources_by_name
from rag.store.catalog import SourceSummary
from rag.store.index import Index
from rag.text import STOPWORDS, terms, words
from rag.types import Block, Document, Passage

# Documents that one topic may name; more share a word by chance, or are all there is.
_MOST_DOCUMENTS = 12
# The share of a topic's words that a name must have, and the share of a name's that the topic must have.
_TOPIC_SHARE, _NAME_SHARE = 0.5, 0.5
# A heading with a number, as "Item 1A" or "Chapter 4", ends at the next one, whatever levels a PDF gives them.
_NUMBERED = re.compile(r"(?:#+\s*)?[A-Z][a-z]+\s+\d+[A-Z]?\b")
# A line of more characters is no heading.
_LONGEST_HEADING = 240
# Passages in whose documents a heading is looked for.
_PASSAGES = 5
# What a heading has beside the word for what is below it: "Risk factors", "Competition overview".
_OF_HEADINGS = frozenset(
    terms(
        "factors overview general introduction policy rules section summary statement discussion analysis description "
        "information notes details guide faktoren überblick allgemeines einführung übersicht hinweise"
    )
)
# What tells a kind of document, beside the words for documents.
_OF_DOCUMENTS = frozenset(
    terms(
        "annual quarterly yearly monthly full complete press release filing earnings 10 k q form results statement "
        "statements jahresbericht quartalsbericht pressemitteilung"
    )
)
# Chunks with a name that are counted; of fewer, or of a smaller share of them, no document stands out.
_MENTIONS, _FEWEST_MENTIONS, _MOST_OF_MENTIONS = 200, 3, 0.8
_WORD = re.compile(r"[^\W\d_]+")
# Right before the name of a document, these belong to it.
_OF = "(?:of|for|from|in|at|by|von|für|bei|der|des)"
_PUNCTUATION = re.compile(r"[_\-./\\]+")


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the collection is asked about.

    Attributes:
        documents: The documents.
        start: Where the section begins that is asked about, where there is one document.
        end: Where it ends; None for whole documents.
        heading: The heading of the section; "" for whole documents.
        topic: What is asked about inside the documents; "" for all that they say.
    """

    documents: tuple[SourceSummary, ...]
    start: int = 0
    end: int | None = None
    heading: str = ""
    topic: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the documents."""
        return tuple(document.source for document in self.documents)


def core_terms(text: str) -> list[str]:
    """Return the distinct stems of what a text is about: without function words and words for documents."""
    content = [
        word
        for word in words(_PUNCTUATION.sub(" ", text))
        if word not in STOPWORDS and word not in GERMAN_SMALL_WORDS and word not in DOCUMENT_WORDS
    ]
    return list(dict.fromkeys(terms(" ".join(content))))


def core_mentions(text: str) -> list[Term]:
    """Return what a text mentions, without words for documents; see ``rag.question.mentions``."""
    core = set(core_terms(text))
    return [term for term in question_terms(text) if term.kind != "word" or core & set(term.spellings)]


def find_scope(index: Index, topic: str, globs: Sequence[str] = ()) -> Scope:
    """Find what of the collection a topic names.

    Args:
        index: The index that is asked.
        topic: What is asked about: "the chapter on evaluation"; "" for everything.
        globs: Only sources that match one of them count. Empty: all.

    Returns:
        The documents, and what inside them is asked about: all of it where the topic is no more than their name.

    Raises:
        UsageError: There are globs and no source matches one.
    """
    matching = matching_sources(index, globs)
    allowed = None if matching is None else set(matching)
    documents = originals([each for each in index.catalog.sources() if allowed is None or each.source in allowed])
    everything = Scope(tuple(documents))
    wanted = set(core_terms(topic))
    if not wanted:
        return _by_document_word(documents, topic) or everything
    full, partial = _by_name(documents, wanted)
    if full:
        return Scope(tuple(full))
    if partial:
        # What the name leaves over of the topic is looked for inside, unless it is said of the whole.
        return Scope(tuple(partial), topic=topic)
    run_together, rest = _by_name_run_together(index, documents, topic)
    if run_together:
        return Scope(tuple(run_together), topic=rest)
    if about := _mostly_about(index, documents, topic, wanted):
        return Scope((about,))
    return Scope(tuple(documents), topic=topic)


def originals(documents: Sequence[SourceSummary]) -> list[SourceSummary]:
    """Return the documents without the further copies of a file, by path."""
    first: dict[str, SourceSummary] = {}
    for each in documents:
        first.setdefault(each.source_id, each)
    return list(first.values())


def find_section(index: Index, topic: str, passages: Sequence[Passage]) -> Scope | None:
    """Find the section whose heading a topic names.

    Args:
        index: The index that holds the passages.
        topic: What is asked about.
        passages: What a search for the topic found; the headings of their documents are looked at.

    Returns:
        The section; None where no heading says the same as the topic.
    """
    wanted = set(core_terms(topic))
    best: tuple[float, Passage, int] | None = None
    with_part: set[str] = set()
    versions = {passage.source_id: passage for passage in reversed(passages[:_PASSAGES])}
    for version in reversed(versions):
        document = index.catalog.document(version)
        for number, block in enumerate(_headings(document)):
            text = document.text[block.start : block.end] if document else ""
            name = set(core_terms(text))
            score = _likeness(wanted, name)
            if len(wanted) == 1 and wanted < name - _OF_HEADINGS:
                with_part.add(" ".join(text.split()).casefold())
            if score and (best is None or score > best[0]):
                best = (score, versions[version], number)
    if best and best[0] < 1 and len(with_part) > 1:
        # "Financial risks" and "Legal risks" are parts of the risks, each under a heading of its own.
        return None
    return _section(index, best[1], best[2]) if best else None


def _likeness(wanted: set[str], name: set[str]) -> float:
    """Return how much a heading and a topic have in common, 0 where one says much that the other does not."""
    common = len(wanted & name)
    if not common or common < _TOPIC_SHARE * len(wanted) or common < _NAME_SHARE * len(name):
        return 0.0
    # Half of two words in common may be chance.
    if common == 1 and len(wanted) > 1 and len(name) > 1:
        return 0.0
    return 2 * common / (len(wanted) + len(name))


def _headings(document: Document | None) -> list[Block]:
    return [block for block in document.blocks if block.kind == "heading"] if document else []


def _section(index: Index, passage: Passage, number: int) -> Scope | None:
    """Return the section below a heading of a passage's document, by the heading's number."""
    document = index.catalog.document(passage.source_id)
    summary = next((each for each in index.catalog.sources() if each.source == passage.source), None)
    if document is None or summary is None:
        return None
    headings = _headings(document)
    block = headings[number]
    numbered = _NUMBERED.match(document.text, block.start, block.end)
    later = (
        other.start
        for other in document.blocks
        if other.start > block.start
        and (
            (other.kind == "heading" and other.level <= block.level)
            or (numbered and _is_next_number(document.text, other, numbered.group()))
        )
    )
    heading = document.text[block.start : block.end].lstrip("# ")
    return Scope((summary,), block.start, next(later, len(document.text)), heading)


def _is_next_number(text: str, block: Block, number: str) -> bool:
    """Tell whether a block opens with the number of another section, as a heading or as a line that looks like one."""
    other = _NUMBERED.match(text, block.start, block.end)
    if not other or block.kind == "heading":
        return other is not None
    word = number.lstrip("# ").split()[0]
    is_line = block.end - block.start <= _LONGEST_HEADING and text[other.end() : other.end() + 1] in (".", ":", " ")
    return is_line and other.group().split()[0] == word and other.group() != number


def _by_document_word(documents: Sequence[SourceSummary], topic: str) -> Scope | None:
    """Return the documents whose name has the word that a topic calls them by: "the guide", "the report"."""
    if len(documents) == 1:
        return None
    called = {
        stem
        for word, stem in zip(words(topic), terms(topic), strict=True)
        if word in DOCUMENT_WORDS and word not in STOPWORDS and word not in ("document", "documents", "file", "files")
    }
    named = [each for each in documents if called & set(terms(f"{each.title} {_path_words(each.source)}"))]
    return Scope(tuple(named)) if named and len(named) < len(documents) else None


def _by_name(documents: Sequence[SourceSummary], wanted: set[str]) -> tuple[list[SourceSummary], list[SourceSummary]]:
    """Return the documents whose name has all that is wanted, and those whose whole name is a part of it."""
    full: list[SourceSummary] = []
    partial: list[SourceSummary] = []
    for document in documents:
        path = set(terms(_path_words(document.source)))
        names = [
            set(core_terms(document.title)),
            set(core_terms(_path_words(PurePosixPath(document.source).stem))),
        ]
        if wanted <= names[0] | path:
            full.append(document)
        elif any(name and name < wanted and len(name) >= _TOPIC_SHARE * len(wanted) for name in names):
            partial.append(document)
    if len(full) > max(1, min(_MOST_DOCUMENTS, len(documents) // 2)):
        full = []
    return full, partial if len(partial) <= _MOST_DOCUMENTS else []


def _by_name_run_together(
    index: Index, documents: Sequence[SourceSummary], topic: str
) -> tuple[list[SourceSummary], str]:
    """Return the documents whose file names write a name of a topic as one word, and the topic without that name.

    "The risks of CVS Health" are those in CVSHEALTH_2022.pdf. The topic is "" where it is nothing but the name.
    """
    by_name = sources_by_name(index)
    searched = {document.source for document in documents}
    named = [name for name in named_words(topic, by_name) if by_name[name] & searched]
    holding = frozenset[str]().union(*(by_name[name] for name in named))
    found = [document for document in documents if document.source in holding]
    if not found or len(found) == len(documents) or len(found) > _MOST_DOCUMENTS:
        return [], topic
    rest = topic
    for name in named:
        letters = r"[\W_]*".join(map(re.escape, name.replace(" ", "")))
        rest = re.sub(rf"(?:\b{_OF}\s+)?(?<!\w){letters}(?:['’]s)?(?!\w)", " ", rest, flags=re.I)
    return found, " ".join(rest.split()) if core_terms(rest) else ""


def _mostly_about(
    index: Index, documents: Sequence[SourceSummary], topic: str, wanted: set[str]
) -> SourceSummary | None:
    """Return the document that nearly all mentions of a name stand in: "the Apple report", "Ulta's press release".

    None where the topic is more than a name and words for a document, and where no document stands out.
    """
    names = wanted - _OF_DOCUMENTS
    calls_it_a_document = len(core_terms(topic)) < len([word for word in words(topic) if word not in STOPWORDS])
    if len(documents) < 2 or len(names) != 1 or not (calls_it_a_document or wanted & _OF_DOCUMENTS):
        return None
    if not any(word[0].isupper() and set(terms(word)) & names for word in _WORD.findall(topic)):
        return None
    called = [document for document in documents if names <= set(terms(_path_words(document.source)))]
    if len(called) == 1:
        return called[0]
    chunks = index.catalog.chunks([id_ for id_, _ in index.catalog.search([*names], _MENTIONS)])
    counts = Counter(chunk.source for chunk in chunks.values())
    (source, most), *_ = counts.most_common(1) or [("", 0)]
    if most < _FEWEST_MENTIONS or most < _MOST_OF_MENTIONS * sum(counts.values()):
        return None
    return next((document for document in documents if document.source == source), None)


def _path_words(source: str) -> str:
    """Return a path as words: "2019/office-move.eml" → "2019 office move eml"."""
    return _PUNCTUATION.sub(" ", source)
