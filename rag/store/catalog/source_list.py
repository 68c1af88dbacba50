"""Lists of sources: searched, filtered, sorted and in pages, however many there are.

Owns: the statements behind a list of documents and its tree of folders. They read the table of sources alone, never a
document: a page of 50,000 sources takes milliseconds. Only ``each_summary`` reads the documents, for their sizes. Knows
nothing about how a list looks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from rag.database import Connection, is_postgres
from rag.store.catalog.columns import notice_from_json, notices_from_json, pages_from_json, storable
from rag.store.catalog.dialect import like, without_case
from rag.store.catalog.records import SourceListing, SourceQuery, SourceSummary
from rag.store.catalog.source_names import composed, decomposed

# What a list is sorted by, each with an index; `source` breaks ties. Titles are sorted without their case.
_ORDERS = {
    "source": "source",
    "title": "shown",
    "type": "media_type",
    "pages": "pages",
    "size": "size",
    "date": "day",
    "status": "status",
}
_COLUMNS = "source, document_id, title, media_type, pages, chunks, problem, skipped, date, warnings, status, day, size"


def list_sources(db: Connection, query: SourceQuery, limit: int, offset: int) -> tuple[int, list[SourceListing]]:
    """List sources, a page at a time.

    Args:
        db: A connection.
        query: Which sources, in which order.
        limit: How many sources a page has at most.
        offset: How many sources come before the page.

    Returns:
        The number of all sources that the query finds, and those of the page.
    """
    condition, arguments = _condition(db, query)
    ordered = f"FROM sources WHERE {condition} ORDER BY {_order(db, query)}"
    if query.search:
        found = names_found(db, query)
        total, page = len(found), found[offset : offset + limit]
        ordered = f"FROM sources WHERE source IN (SELECT value FROM json_each(:page)) ORDER BY {_order(db, query)}"
        rows = db.execute(f"SELECT {_COLUMNS} {ordered}", {"page": json.dumps(page)})
    else:
        total = db.execute(f"SELECT count(*) FROM sources WHERE {condition}", arguments).fetchone()[0]
        rows = db.execute(
            f"SELECT {_COLUMNS} {ordered} LIMIT :limit OFFSET :offset", arguments | {"limit": limit, "offset": offset}
        )
    return int(total), [
        SourceListing(
            source,
            id_,
            title,
            media_type,
            pages or None,
            chunks,
            notice_from_json(problem),
            bool(skipped),
            date,
            notices_from_json(warnings),
            status,
            day,
            size,
        )
        for source, id_, title, media_type, pages, chunks, problem, skipped, date, warnings, status, day, size in rows
    ]


def each_summary(db: Connection, after: str = "", among: Sequence[str] | None = None) -> Iterator[SourceSummary]:
    """Yield the readable sources with their sizes, by name; only one is in memory at a time.

    Args:
        db: A connection.
        after: Only sources whose names come after this one.
        among: The only sources that count, by their very names; None: all do.

    Yields:
        The sources.
    """
    names = None if among is None else json.dumps([storable(name) for name in among])
    rows = db.execute(
        "SELECT s.source, s.document_id, s.title, d.media_type, d.pages, "
        "(SELECT count(*) FROM chunks c WHERE c.source = s.source), length(d.text), s.date, s.warnings "
        "FROM sources s JOIN documents d ON d.id = s.document_id WHERE s.source > ?1 "
        "AND (CAST(?2 AS TEXT) IS NULL OR s.source IN (SELECT value FROM json_each(?2))) ORDER BY s.source",
        (storable(after), names),
    )
    for source, id_, title, media_type, pages, chunks, characters, date, warnings in rows:
        yield SourceSummary(
            source,
            id_,
            title,
            media_type,
            len(pages_from_json(pages)) or None,
            chunks,
            characters,
            date,
            notices_from_json(warnings),
        )


def names_found(db: Connection, query: SourceQuery) -> list[str]:
    """List the names of all sources that a query finds.

    Args:
        db: A connection.
        query: Which sources, in which order.

    Returns:
        Their names, in that order.
    """
    condition, arguments = _condition(db, query)
    table, order = _table(db, query), _order(db, query)
    rows = db.execute(f"SELECT source FROM {table} WHERE {condition} ORDER BY {order}", arguments)
    return [source for (source,) in rows]


def names_among(db: Connection, names: Sequence[str]) -> dict[str, bool]:
    """Find which names are those of sources, however many there are, at one look.

    Args:
        db: A connection.
        names: The names; each is meant as it is written.

    Returns:
        Those of the names that there are, each with whether a version of it could be read.
    """
    if not names:
        return {}
    rows = db.execute(
        "SELECT source, document_id IS NOT NULL FROM sources WHERE source IN (SELECT value FROM json_each(?))",
        (json.dumps([storable(name) for name in names]),),
    )
    return {source: bool(readable) for source, readable in rows}


def count_in_folder(db: Connection, folder: str) -> int:
    """Count the sources in a folder.

    Args:
        db: A connection.
        folder: The folder, without a slash at its end.

    Returns:
        How many lie in it, at any depth.
    """
    condition, arguments = _condition(db, SourceQuery(folder=folder))
    return int(db.execute(f"SELECT count(*) FROM sources WHERE {condition}", arguments).fetchone()[0])


def folders(db: Connection) -> dict[str, int]:
    """Return each folder that holds sources with their number, all those below it counted, by name."""
    # Cut here: SQL has no function for what stands before the last slash.
    direct = Counter(source.rpartition("/")[0] for (source,) in db.execute("SELECT source FROM sources"))
    counts: Counter[str] = Counter()
    for folder, count in direct.items():
        while folder:
            counts[folder] += count
            folder = folder.rpartition("/")[0]
    return dict(sorted(counts.items(), key=lambda item: item[0].split("/")))


def kinds(db: Connection) -> list[tuple[str, str, int]]:
    """Return how many sources there are of each ``(media type, status)``."""
    return db.execute(
        "SELECT media_type, status, count(*) FROM sources GROUP BY media_type, status ORDER BY media_type, status"
    ).fetchall()


def _table(db: Connection, query: SourceQuery) -> str:
    # This index holds all that a search looks at; without the hint, SQLite reads the whole rows in the wanted order.
    return "sources INDEXED BY sources_shown" if query.search and not is_postgres(db) else "sources"


def _order(db: Connection, query: SourceQuery) -> str:
    direction = "DESC" if query.descending else "ASC"
    by = _ORDERS[query.sort]
    if by == "shown":
        by = without_case(db, by)
    return f"{by} {direction}" + ("" if by == "source" else f", source {direction}")


def _condition(db: Connection, query: SourceQuery) -> tuple[str, dict[str, str | int]]:
    """Return what stands behind WHERE, with its arguments."""
    parts: list[str] = []
    arguments: dict[str, str | int] = {}
    if query.search:
        escaped = storable(query.search).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        # A letter with its mark may be one character or two.
        forms = list(dict.fromkeys(form(escaped) for form in (composed, decomposed)))
        arguments |= {f"search{number}": f"%{form}%" for number, form in enumerate(forms)}
        matches = [like(db, name, f":search{n}") for name in ("source", "shown") for n in range(len(forms))]
        parts.append(f"({' OR '.join(matches)})")
    if query.folder:
        # "0" comes next after "/".
        arguments |= {"from": f"{storable(query.folder)}/", "to": f"{storable(query.folder)}0"}
        parts.append("source >= :from AND source < :to")
    if query.media_types:
        names = {f"type{number}": media_type for number, media_type in enumerate(query.media_types)}
        arguments |= names
        parts.append(f"media_type IN ({', '.join(f':{name}' for name in names)})")
    if query.status:
        arguments["status"] = query.status
        parts.append("status = :status")
    return " AND ".join(parts) or "1 = 1", arguments
