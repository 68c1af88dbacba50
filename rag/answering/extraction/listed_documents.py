"""List documents by title and path, and many of them by folder.

Owns: how a list of documents reads, and how long it is. Knows nothing about what they say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rag.answering.composer import Composer
from rag.notices import Notice
from rag.store.catalog import SourceSummary

# Documents that are named; the others are counted, by folder.
_NAMED = 40
# Folders that are named where there are many documents.
_FOLDERS = 20


def list_documents(composer: Composer, documents: Sequence[SourceSummary]) -> None:
    """Append a line for each document, by path; of very many the folders, the first ones and how many more there are.

    Args:
        composer: The answer so far; it is appended to.
        documents: The documents, by path.
    """
    if len(documents) > _NAMED:
        list_folders(composer, documents)
    for number, each in enumerate(documents[:_NAMED]):
        values = {"title": _title(each), "source": each.source, "pages": each.pages, "date": each.date}
        composer.say(Notice("document-line", values), before="\n" if number else "\n\n")
    if len(documents) > _NAMED:
        composer.say(Notice("documents-more", {"count": len(documents) - _NAMED}), before="\n")


def list_folders(composer: Composer, documents: Sequence[SourceSummary]) -> None:
    """Append how many documents each folder holds, where there are several folders.

    Args:
        composer: The answer so far; it is appended to.
        documents: The documents.
    """
    folders = Counter(each.source.rpartition("/")[0] or "." for each in documents)
    if len(folders) < 2:
        return
    shown = sorted(folders, key=lambda folder: (-folders[folder], folder))[:_FOLDERS]
    for number, folder in enumerate(sorted(shown)):
        values = {"folder": folder, "count": folders[folder]}
        composer.say(Notice("folder-line", values), before="\n" if number else "\n\n")


def _title(document: SourceSummary) -> str:
    return " ".join(document.title.split()) or document.source
