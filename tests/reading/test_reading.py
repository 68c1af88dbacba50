"""Every file of ``files`` is read as a person reads it."""

from __future__ import annotations

import pytest

from rag.errors import LoadError
from rag.load.limits import Limits
from rag.load.loader import Loader
from tests.reading.expectations import Expectation, expectations, score

ALL = list(expectations())
# Files that are not read right yet: an empty table, kept so that the next one has its place.
KNOWN_WRONG: dict[str, str] = {}


@pytest.fixture(scope="module")
def loader() -> Loader:
    """One loader for all files: the child process starts once."""
    with Loader(Limits()) as loader:
        yield loader


@pytest.mark.parametrize("expected", ALL, ids=lambda expected: expected.name)
def test_a_file_is_read_as_a_person_reads_it(expected: Expectation, loader: Loader) -> None:
    if expected.name in KNOWN_WRONG:
        pytest.xfail(KNOWN_WRONG[expected.name])
    try:
        document = loader.load(expected.path, expected.path.name).document
    except LoadError as error:
        pytest.fail(f"not read: {error}")
    result = score(expected, document)
    wanted, there, found = result.words
    shown = "\n".join(expected.text) + "\n--- is read as ---\n" + document.text
    assert there >= 0.99 * wanted, shown
    assert there >= 0.97 * found, shown
    assert result.in_order >= 0.98 * wanted, shown
    assert result.cells[0] == result.cells[1], f"{result.cells} cells\n{shown}"
    assert not result.wrong, f"{result.wrong}\n{shown}"


def test_each_file_has_an_expectation_and_says_what_wrote_it() -> None:
    for expected in ALL:
        assert expected.path.is_file()
        assert expected.pattern
        assert expected.producer
