"""Which documents a person means: by name, by folder, or all that a search finds.

Owns: how a choice that the page's script sends is read, and what is asked about. Knows nothing about pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, cast, get_args

from rag.load import media_types as types
from rag.notices import Notice
from rag.store.catalog import Catalog, SourceQuery
from rag.store.catalog.records import SourceOrder, SourceStatus
from rag.store.catalog.source_names import exactly

_LONGEST_SEARCH = 200
_LONGEST_FOLDER = 1000

# The notice of an answer whose question was kept to some documents.
ASKED_ONLY = "asked-only"

# The media types of each kind of document that a list tells apart; every other one is "other".
KINDS: dict[str, tuple[str, ...]] = {
    "pdf": (types.PDF,),
    "text": (types.DOCX, types.ODT, types.RTF, types.EPUB),
    "sheet": (types.XLSX, types.XLSB, types.XLS, types.ODS, types.CSV, types.TSV),
    "slides": (types.PPTX, types.ODP),
    "plain": (types.MARKDOWN, types.PLAIN, types.RST, types.ORG, types.TEX),
    "web": (types.HTML, types.MHTML),
    "mail": (types.EML, types.MBOX, types.MSG),
}
_KIND_OF = {media_type: kind for kind, listed in KINDS.items() for media_type in listed}


def kind_of(media_type: str) -> str:
    """Return the kind of a media type: a key of ``KINDS``, else "image" or "other"."""
    return _KIND_OF.get(media_type) or ("image" if media_type.startswith("image/") else "other")


def query_from(values: Mapping[str, Any], catalog: Catalog) -> SourceQuery:
    """Return the query that the page's script names; a value that there is not means all.

    Args:
        values: Its values by name, as JSON or the query of an address gives them.
        catalog: The catalog of the index, which says which media types are of a kind.
    """
    kind, status, sort = (str(values.get(name) or "") for name in ("kind", "status", "sort"))
    folder = str(values.get("folder") or "")[:_LONGEST_FOLDER].strip("/")
    return SourceQuery(
        search=str(values.get("search") or "")[:_LONGEST_SEARCH],
        folder=folder,
        media_types=tuple(sorted({each for each, _, _ in catalog.kinds() if kind_of(each) == kind})) if kind else (),
        status=cast("SourceStatus", status) if status in get_args(SourceStatus) else "",
        sort=cast("SourceOrder", sort) if sort in get_args(SourceOrder) else "source",
        descending=values.get("order") == "descending",
    )


def chosen_sources(values: Mapping[str, Any], catalog: Catalog) -> list[str]:
    """Return the names of the sources that a person chose: those listed, or all that match but for some.

    Args:
        values: ``sources``, or a query under ``match`` with ``except``, as JSON gives them.
        catalog: The catalog of the index.
    """
    match = values.get("match")
    if not isinstance(match, dict):
        return list(dict.fromkeys(_strings(values.get("sources"))))
    left_out = set(_strings(values.get("except")))
    return [source for source in catalog.names_found(query_from(match, catalog)) if source not in left_out]


def asked_sources(values: Mapping[str, Any], catalog: Catalog) -> tuple[str, ...]:
    """Return what a question is to be kept to: names of sources, however many, and folders, which end in a slash.

    What is no longer there is left out: a document may have been removed since it was chosen.

    Args:
        values: As for `chosen_sources`; folders may be among the sources.
        catalog: The catalog of the index.
    """
    chosen = chosen_sources(values, catalog)
    there = catalog.names_among([name for name in chosen if not name.endswith("/")])
    return tuple(
        name for name in chosen if (catalog.count_in_folder(name[:-1]) > 0 if name.endswith("/") else name in there)
    )


def source_patterns(sources: Sequence[str]) -> list[str]:
    """Return what a search is kept to: names and folders as they are, whatever stands in them."""
    return [exactly(source) for source in sources]


def asked_summary(sources: Sequence[str], catalog: Catalog) -> list[dict[str, Any]]:
    """Return in short what questions are kept to: each folder, each document, or the number of many documents.

    Args:
        sources: What `asked_sources` returned.
        catalog: The catalog of the index.

    Returns:
        For each its ``value`` among the sources ("" for many documents), a ``label`` and a ``count`` of documents.
    """
    folders = [source for source in sources if source.endswith("/")]
    names = [source for source in sources if not source.endswith("/")]
    parts = [{"value": each, "label": each[:-1], "count": catalog.count_in_folder(each[:-1])} for each in folders]
    if len(names) <= _NAMED:
        return parts + [{"value": name, "label": PurePosixPath(name).name, "count": 0} for name in names]
    return [*parts, {"value": "", "label": "", "count": len(names)}]


def asked_notice(sources: Sequence[str], catalog: Catalog) -> Notice | None:
    """Return what an answer says of the documents that its question was kept to; None where that was all.

    Args:
        sources: What `asked_sources` returned.
        catalog: The catalog of the index.
    """
    parts = asked_summary(sources, catalog)
    if not parts:
        return None
    folders = [part["label"] for part in parts if part["value"].endswith("/")]
    documents = [part["label"] for part in parts if part["value"] and not part["value"].endswith("/")]
    unnamed = sum(part["count"] for part in parts if not part["value"])
    return Notice(ASKED_ONLY, {"folders": folders, "documents": documents, "unnamed": unnamed})


# So many documents are named one by one.
_NAMED = 3


def _strings(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []
