"""The languages of sources are kept with each batch, and what that writes hardly grows with their number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rag.store.catalog import Catalog
from rag.store.reading import keep_source_languages, source_languages

MANY = 5000


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path, create=True)) as opened:
        yield opened


def many(count: int = MANY) -> dict[str, tuple[str, ...]]:
    return {f"{number}.md": ("de",) if number % 2 else ("fr", "de") for number in range(count)}


def test_batches_that_follow_each_other_are_as_one(catalog: Catalog, tmp_path: Path) -> None:
    expected = many()
    keep_source_languages(catalog, expected)
    for start in range(0, 3000, 100):
        # New ones, some that are told anew, some in English, and some of which nothing is told.
        batch: dict[str, tuple[str, ...]] = {f"new {start + number}.md": ("ru",) for number in range(60)}
        batch |= {f"{start + number}.md": (("el",), ("en",), ())[number % 3] for number in range(30)}
        keep_source_languages(catalog, batch)
        expected = {name: codes for name, codes in {**expected, **batch}.items() if codes not in ((), ("en",))}
        assert source_languages(catalog) == expected
    with closing(Catalog(tmp_path)) as other:
        assert source_languages(other) == expected
        keep_source_languages(other, {"by another.md": ("th",)})
    assert source_languages(catalog) == {**expected, "by another.md": ("th",)}


def test_a_batch_writes_little_however_many_sources_there_are(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_source_languages(catalog, many())
    written: list[int] = []
    keep = catalog.set

    def noted(**values: str) -> None:
        written.append(sum(map(len, values.values())))
        keep(**values)

    monkeypatch.setattr(catalog, "set", noted)
    whole = len(catalog.get("source_languages"))
    for start in range(0, 3000, 100):
        keep_source_languages(catalog, {f"new {start + number}.md": ("ru",) for number in range(100)})
    # Written whole with each of thirty batches it would be thirty times as much, and more.
    assert sum(written) < 12 * whole
    written.clear()
    keep_source_languages(catalog, {f"English {number}.md": ("en",) for number in range(100)})
    keep_source_languages(catalog, {"new 7.md": ("ru",)})
    assert written == []


def test_the_name_of_a_source_that_is_gone_does_not_stay(catalog: Catalog) -> None:
    keep_source_languages(catalog, many())
    keep_source_languages(catalog, {"secret.md": ("de",), "1.md": ("en",)})
    keep_source_languages(catalog, {}, ["secret.md", "3.md", "never there.md"])
    told: Any = [catalog.get(key) for key in ("source_languages", "source_languages_recent")]
    assert not any("secret.md" in text or '"3.md"' in text for text in told)
    assert source_languages(catalog).keys() == many().keys() - {"1.md", "3.md"}
