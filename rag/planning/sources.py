"""The sources that a question names: "in leave.md", "according to the file contract".

Owns: finding the name of a source in a question, and the question without it. Knows nothing about passages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.store.catalog.source_names import composed
from rag.store.index import Index
from rag.text import STOPWORDS, words

# Words before the name of a file that say that it is one.
_CUE = (
    r"(?:(?:according to|as per|see|file|document|laut|datei|dokument)\s+"
    r"(?:the\s+|der\s+|dem\s+)?(?:file\s+|document\s+|datei\s+|dokument\s+)?)"
)
# What goes with the name of a file where it is left out of the question.
_QUOTE = r"[\"'“„‘`(]*"
_BEFORE = (
    r"(?:\b(?:according to|as per|in|from|of|see|by|per|laut|aus|von|nach)\s+)?(?:\b(?:the|der|dem|die)\s+)?"
    r"(?:\b(?:file|document|datei|dokument)\s+)?" + _QUOTE
)
_AFTER = r"[\"'”“’`)]*(?:\s+(?:file|document))?"


@dataclass(frozen=True, slots=True)
class NamedSources:
    """The sources that a question names, and the question without their names; no sources: it names none."""

    sources: tuple[str, ...]
    query: str


def find_named_sources(index: Index, question: str) -> NamedSources:
    """Find the sources that a question names exactly: by path, by file name, or by file name without its ending.

    The last counts behind words such as "according to" or "the file" only: ``leave.md`` is not meant by "leave".

    Args:
        index: The index that holds the sources.
        question: The question.

    Returns:
        The sources of every name in it, by name, and the question without the names where something is left of it.
    """
    named: dict[str, list[str]] = {}
    written, question = question, composed(question)
    asked = question.lower()
    for source in index.catalog.find_sources("*", searchable=True):
        # Every name holds this; of thousands of sources a question has that of a few.
        path = composed(source)
        file_name = path.rpartition("/")[2]
        if (file_name.rpartition(".")[0] or file_name).lower() not in asked:
            continue
        stem = PurePosixPath(path).stem
        for name in _names(path):
            if _stands(re.escape(name), question, name):
                named.setdefault(name, []).append(source)
        if _stands(_CUE + _QUOTE + re.escape(stem), question, stem):
            named.setdefault(stem, []).append(source)
    # "2019/contract.md" names one of the files called contract.md.
    names = [name for name in named if not any(name != other and name in other for other in named)]
    query = question
    for name in names:
        query = re.sub(rf"\s*{_BEFORE}(?<![\w.-]){re.escape(name)}(?![\w-]){_AFTER}", " ", query, flags=re.I)
    query = re.sub(r"\s+([?.!,])", r"\1", " ".join(query.split())).strip(" ,:")
    is_left = sum(word not in STOPWORDS for word in words(query)) > 1
    sources = tuple(sorted({source for name in names for source in named[name]}))
    return NamedSources(sources, query if sources and is_left else written)


def _names(path: str) -> list[str]:
    """Return the names by which a source may be meant: its path, and the shorter ends of it that name a file."""
    parts = path.split("/")
    names = ["/".join(parts[i:]) for i in range(len(parts))]
    return [name for name in names if "/" in name or "." in name.strip(".")]


def _stands(pattern: str, question: str, name: str) -> bool:
    """Tell whether a question holds a pattern that ends with a name, not as a part of longer words."""
    return (
        name.lower() in question.lower()
        and re.search(rf"(?<![\w/.-]){pattern}(?![\w-])(?!\.\w)", question, re.I) is not None
    )
