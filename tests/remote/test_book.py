"""The book of objects beside an index whose catalog lies in a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rag.remote.book import writing_objects
from rag.store.write_lock import write_lock
from tests.postgres_server import PostgresServer


def test_an_index_in_a_database_is_written_while_its_objects_are_fetched(
    tmp_path: Path, postgres_server: PostgresServer, use_database: Callable[[str], None]
) -> None:
    use_database(postgres_server.new_database())
    with writing_objects(tmp_path / "ferries") as book, write_lock(tmp_path / "ferries"):
        assert list(book) == []
