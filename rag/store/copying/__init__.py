"""Copying an index between SQLite and PostgreSQL, with its vectors; nothing is read or embedded again.

Owns: that a copy is whole or not there at all, and that the original stays as it was. Ids, numbers of chunks and the
version stay the same, so that both answer alike. Knows nothing about the command line.

    rows     the rows of the catalog, from one database to the other
    vectors  the vectors, into a collection of their own
    work     the order of both, the locks, and the moment at which the copy becomes visible

Interface: ``copy_index``, which returns a ``Copied``; ``shown_place``.
"""

from rag.store.copying.work import Copied, copy_index, shown_place

__all__ = ["Copied", "copy_index", "shown_place"]
