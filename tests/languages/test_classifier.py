"""The language classifier, unpacked once into the user's cache folder: `rag.languages.classifier`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from rag.languages.classifier import open_classifier

TEXTS = ("The ferry leaves at noon", "Die Fähre fährt mittags", "El barco sale al mediodía", "Паром отходит", "42")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache" / "language-classifier"


def test_it_is_unpacked_once_and_says_what_the_library_says(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    open_classifier()
    (folder,) = cache.iterdir()
    assert {file.suffix for file in folder.iterdir()} == {".npy"}
    monkeypatch.setattr("lzma.open", lambda *_: pytest.fail("it is unpacked again"))
    monkeypatch.setattr(LanguageIdentifier, "from_model_file", lambda *_, **__: pytest.fail("the cache is not used"))
    kept = open_classifier()
    assert [kept.rank(text) for text in TEXTS] == [original.rank(text) for text in TEXTS]
    kept.set_languages(("de", "en"))
    original.set_languages(("de", "en"))
    assert [kept.rank(text) for text in TEXTS] == [original.rank(text) for text in TEXTS]


def test_the_files_of_another_version_go(cache: Path) -> None:
    (cache / "1-2").mkdir(parents=True)
    open_classifier()
    assert len(list(cache.iterdir())) == 1
    assert not (cache / "1-2").exists()


def test_a_damaged_file_or_no_folder_costs_no_answer(cache: Path, tmp_path: Path) -> None:
    open_classifier()
    (folder,) = cache.iterdir()
    (folder / "ptc.npy").write_bytes(b"no array")
    assert open_classifier().classify(TEXTS[1])[0] == "de"
    for file in folder.iterdir():
        file.unlink()
    assert open_classifier().classify(TEXTS[1])[0] == "de"


def test_a_cache_folder_that_cannot_be_made_costs_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "file")
    classifier = open_classifier()
    assert classifier.classify(TEXTS[0])[0] == "en"
    assert isinstance(classifier.nb_pc, np.ndarray)
