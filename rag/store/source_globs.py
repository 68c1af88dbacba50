"""What a user who names sources means: a source, a folder, or a pattern.

Owns: that the name of a folder stands for all that lies in it, and that naming nothing that there is, is a mistake.
Knows nothing about models or searches.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import UsageError
from rag.notices import Notice
from rag.store.catalog import Catalog


def read_globs(catalog: Catalog, index: str, globs: Sequence[str]) -> list[str]:
    """Return globs as a search takes them.

    Args:
        catalog: The catalog of the index.
        index: The name of the index.
        globs: Names of sources and folders, or globs.

    Returns:
        The globs; in place of the name of a folder one that matches all that lies in it.

    Raises:
        UsageError: No source matches any of the globs.
    """
    searched = []
    is_any = False
    for glob in globs:
        inside = f"{glob.rstrip('/')}/*"
        found = next((one for one in (glob, inside) if catalog.find_sources(one, searchable=True)), None)
        searched.append(found or glob)
        is_any |= found is not None
    if globs and not is_any:
        raise UsageError(Notice("no-source-matches", {"index": index, "globs": list(globs)}))
    return searched
