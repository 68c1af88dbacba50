"""The sources that a question names: "in leave.md", "according to the file contract".

Owns: finding the name of a source in a question, and the question without it. Knows nothing about passages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.store.index import Index
from rag.text import STOPWORDS, words

# Words before the name of a file that say that it is one.
_CUE = (
    r"(?:(?:according to|as per|see|file|document|laut|datei|dokument)\s+"
    r"(?:the\s+|der\s+|dem\s+)?(?:file\s+|document\s+|datei\s+|dokument\s+)?)"
)
# What goes with the name of a file where it is left out of the question.
_BEFORE = (
    r"(?:\b(?:according to|as per|in|from|of|see|by|per|laut|aus|von|nach)\s+)?(?:\b(?:the|der|dem|die)\s+)?"
    r"(?:\b(?:file|document|datei|dokument)\s+)?[\"'“„‘`(]*"
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
    lowered = question.lower()
    sources = index.catalog.find_sources("*", searchable=True)
    named: dict[str, list[str]] = {}
    for source in sources:
        for name in _names(source):
            if name.lower() in lowered and _stands_alone(name, question):
                named.setdefault(name, []).append(source)
        stem = PurePosixPath(source).stem
        if (
            len(stem) > 1
            and stem.lower() in lowered
            and re.search(_CUE + _QUOTED_STEM.format(re.escape(stem)), question, re.I)
        ):
            named.setdefault(stem, []).append(source)
    # "2019/contract.md" names one of the files called contract.md.
    names = [name for name in named if not any(name != other and name in other for other in named)]
    query = question
    for name in names:
        query = re.sub(rf"\s*{_BEFORE}(?<![\w.-]){re.escape(name)}(?![\w-]){_AFTER}", " ", query, flags=re.I)
    query = re.sub(r"\s+([?.!,])", r"\1", " ".join(query.split())).strip(" ,:")
    is_left = len(_content(query)) > 1
    return NamedSources(
        tuple(sorted({source for name in names for source in named[name]})), query if names and is_left else question
    )


_QUOTED_STEM = r"[\"'“„‘`]*(?<![\w.-]){}(?![\w.-]*\w)"


def _names(source: str) -> Sequence[str]:
    """Return the names by which a source may be meant: its path, and the shorter ends of it that name a file."""
    parts = source.split("/")
    return [
        name for name in ("/".join(parts[i:]) for i in range(len(parts))) if "." in parts[-1].strip(".") or "/" in name
    ]


def _stands_alone(name: str, question: str) -> bool:
    return re.search(rf"(?<![\w/.-]){re.escape(name)}(?![\w-])", question, re.I) is not None


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in STOPWORDS]
