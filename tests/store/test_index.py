"""Opening an index that does not open: `rag.store.index` leaves nothing open and nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import IndexUnusable, ModelError, RagError, UsageError
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.store.vector_cache import VectorCache
from rag.store.vector_stores import CheckedVectorStore
from tests.fakes import WordEncoder


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"scoring": Path("/no/such.json")}, UsageError),
        ({"embedding_model": "no such model"}, ModelError),
        ({"vector_store": "spam"}, UsageError),
    ],
)
def test_a_wrong_setting_leaves_no_empty_index(settings: Settings, values: dict[str, object], kind: type) -> None:
    wrong = settings.model_copy(update=values)
    encoder = None if "embedding_model" in values else WordEncoder()
    with pytest.raises(kind):
        open_index("new", settings=wrong, create=True, encoder=encoder)
    assert not (settings.home / "new").exists()


def test_that_there_is_no_index_is_said_before_a_model_is_opened(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: pytest.fail("a model is opened for no index"))
    with pytest.raises(IndexUnusable):
        open_index("none", settings=settings)


def test_a_failed_opening_closes_what_it_opened(
    index: Index, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.close()
    closed: list[str] = []

    def close(part: object) -> None:
        closed.append(type(part).__name__)
        raise IndexUnusable("It does not close.")

    def fail(*_: object) -> None:
        raise UsageError("No cache.")

    with monkeypatch.context() as patch:
        patch.setattr(CheckedVectorStore, "close", close)
        patch.setattr(VectorCache, "__init__", fail)
        with pytest.raises(RagError, match=r"^No cache\.$"):
            open_index(settings=settings, encoder=WordEncoder())
    assert closed == ["CheckedVectorStore"]


def test_a_failed_opening_closes_the_cache(index: Index, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    index.close()
    closed: list[str] = []
    monkeypatch.setattr(VectorCache, "close", lambda cache: closed.append("cache"))
    monkeypatch.setattr(Index, "version", property(lambda _: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        open_index(settings=settings, encoder=WordEncoder())
    assert closed == ["cache"]
