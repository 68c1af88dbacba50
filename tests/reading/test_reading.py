"""Every file of ``files`` is read as a person reads it."""

from __future__ import annotations

import pytest

from rag.errors import LoadError
from rag.load import recognition
from rag.load.limits import Limits
from rag.load.loader import Loader
from tests.reading.expectations import Expectation, expectations, score

ALL = list(expectations())
# Files that are not read right yet.
KNOWN_WRONG: dict[str, str] = {
    "images/columns.png": "tesseract takes lines of two short columns that stand side by side for one line",
}


@pytest.fixture(scope="module")
def loader() -> Loader:
    """One loader for all files: the child process starts once."""
    with Loader(Limits()) as loader:
        yield loader


@pytest.mark.parametrize("expected", ALL, ids=lambda expected: expected.name)
def test_a_file_is_read_as_a_person_reads_it(expected: Expectation, loader: Loader) -> None:
    by_recognition = any(code.endswith("-ocr") for code in expected.warnings)
    if by_recognition and not recognition.is_available():
        pytest.skip("tesseract and the ocr extra are not installed")
    if expected.name in KNOWN_WRONG:
        pytest.xfail(KNOWN_WRONG[expected.name])
    try:
        document = loader.load(expected.path, expected.path.name).document
    except LoadError as error:
        pytest.fail(f"not read: {error}")
    result = score(expected, document)
    wanted, there, found = result.words
    shown = "\n".join(expected.text) + "\n--- is read as ---\n" + document.text
    # What recognition takes a letter for depends on the version of tesseract.
    least = 0.95 if by_recognition else 0.99
    assert there >= least * wanted, shown
    assert there >= min(least, 0.97) * found, shown
    assert result.in_order >= min(least, 0.98) * wanted, shown
    assert result.cells[0] == result.cells[1], f"{result.cells} cells\n{shown}"
    assert not result.wrong, f"{result.wrong}\n{shown}"


def test_each_file_has_an_expectation_and_says_what_wrote_it() -> None:
    for expected in ALL:
        assert expected.path.is_file()
        assert expected.pattern
        assert expected.producer
