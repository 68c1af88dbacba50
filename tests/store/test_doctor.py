"""Finding and mending damage, and making an index anew: `rag.store.doctor` and `rag.ingestion.rebuild`."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from rag.errors import IndexUnusable
from rag.parts import OutsidePart
from rag.retrieval.passages import retrieve
from rag.settings import Settings
from rag.store.doctor import check_index
from rag.store.index import Index
from rag.store.vector_stores import VectorRecord
from tests.conftest import LIBRARY, Command, Opener, consistent, texts_of, write_files
from tests.fakes import WordEncoder, vector_of


def findings(rag: Command, *options: str) -> dict[str, tuple[bool, bool]]:
    """What `rag doctor` finds: by its text, whether it is well and whether it was mended."""
    ran = rag("doctor", "--json", *options)
    results = {item["text"]: (item["ok"], item["mended"]) for item in json.loads(ran.out)["findings"]}
    assert ran.code == (0 if all(ok or mended for ok, mended in results.values()) else 1)
    return results


def closed(index: Index) -> Path:
    """Close an index as the end of its process would; returns its folder."""
    index.close()
    index.vectors.refresh()
    return index.folder


def test_a_healthy_index(rag: Command, index: Index) -> None:
    chunks = index.catalog.chunk_total()
    results = findings(rag)
    assert all(ok for ok, _ in results.values())
    assert f"{chunks} chunks, {chunks} vectors" in results


def test_missing_and_stray_vectors_are_found_and_mended(rag: Command, index: Index, encoder: WordEncoder) -> None:
    encoded = len(encoder.texts)
    index.vectors.delete(index.catalog.chunk_ids(["sea/ferry.txt", "weather.txt"]))
    index.vectors.add([VectorRecord("stray", "ferry", "x", "x", "X", "", 0, 5, None)], [vector_of("ferry")])  # type: ignore[arg-type]
    expected = "2 chunks without a vector, 1 vectors without a chunk"
    assert findings(rag)[f"{expected}; mend with: rag doctor --fix"] == (False, False)
    assert findings(rag, "--fix")[expected] == (False, True)
    assert all(ok for ok, _ in findings(rag).values())
    index.vectors.refresh()
    assert index.vectors.ids() == set(index.catalog.chunk_ids())
    assert retrieve(index, "ferry", 1)[0].scores["dense_rank"] == 1
    assert len(encoder.texts) == encoded, "vectors that are in the cache were computed again"


def test_vectors_are_computed_anew_without_the_cache(
    rag: Command, index: Index, home: Path, encoder: WordEncoder
) -> None:
    folder = closed(index)
    shutil.rmtree(folder / "chroma")
    for path in home.glob("vectors.sqlite*"):
        path.unlink()
    encoder.texts.clear()
    assert any(mended for _, mended in findings(rag, "--fix").values())
    assert len(encoder.texts) > 3
    assert all(ok for ok, _ in findings(rag).values())


@pytest.mark.parametrize("damage", ["deleted", "emptied", "garbage", "no-segments"])
def test_a_lost_vector_store_is_found_and_mended(rag: Command, index: Index, open_again: Opener, damage: str) -> None:
    folder = closed(index)
    chroma = folder / "chroma"
    if damage == "deleted":
        shutil.rmtree(chroma)
    elif damage == "emptied":
        (chroma / "chroma.sqlite3").write_bytes(b"")
    elif damage == "garbage":
        (chroma / "chroma.sqlite3").write_bytes(b"garbage" * 10_000)
    else:
        for path in chroma.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
    results = findings(rag)
    if damage != "no-segments":
        assert not all(ok for ok, _ in results.values())
    assert all(ok or mended for ok, mended in findings(rag, "--fix").values())
    assert all(ok for ok, _ in findings(rag).values())
    again = open_again(create=False)
    assert retrieve(again, "ferry", 1)[0].scores["dense_rank"] == 1
    assert consistent(again) == []


def test_a_damaged_vector_store_is_one_sentence(rag: Command, index: Index, library: Path) -> None:
    (closed(index) / "chroma/chroma.sqlite3").write_bytes(b"garbage" * 10_000)
    write_files(library, {"new.txt": "A new toll."})
    for arguments in (["retrieve", "ferry"], ["ask", "ferry"], ["ingest", library]):
        ran = rag(*arguments)
        assert ran.code == 2, arguments
        assert "rag doctor --fix" in ran.err, ran.err
        assert len(ran.err.strip().splitlines()) == 1


def test_missing_keyword_rows_are_found_and_mended(rag: Command, index: Index) -> None:
    with sqlite3.connect(index.catalog.path) as db:
        db.execute("DELETE FROM keywords WHERE rowid IN (SELECT number FROM chunks WHERE source = 'sea/ferry.txt')")
    assert index.catalog.search(["skarholm"], 5) == []
    assert (False, False) in findings(rag).values()
    assert (False, True) in findings(rag, "--fix").values()
    assert all(ok for ok, _ in findings(rag).values())
    assert len(index.catalog.search(["skarholm"], 5)) == 1


def _is_of_weights(text: str) -> bool:
    return text.startswith("the files of ")


def test_parts_from_other_packages_are_told(
    rag: Command, index: Index, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = "The metric 'words' of footnote-words 2.0 cannot be used (ImportError: no); update that package."
    parts = [
        OutsidePart("reader", "rtf", "footnote-rtf 1.0"),
        OutsidePart("metric", "words", "footnote-words 2.0", problem),
    ]
    monkeypatch.setattr("rag.store.doctor.outside_parts", lambda: parts)
    for options in ([], ["--fix"]):
        # Behind them stand the weights in use, where this machine has them.
        results = {text: marks for text, marks in findings(rag, *options).items() if not _is_of_weights(text)}
        assert list(results.items())[-2:] == [
            ("reader 'rtf' from footnote-rtf 1.0", (True, False)),
            (problem, (False, False)),
        ]
        assert all(ok for text, (ok, _) in results.items() if text != problem), "the rest must be checked"
    closed(index)
    other = settings.model_copy(update={"vector_store": "spam"})
    monkeypatch.setenv("RAG_VECTOR_STORE", "spam")
    first, *rest = (text for text in findings(rag) if not _is_of_weights(text))
    assert first == check_index(index.name, other, fix=False)[0].text
    assert "spam" in first
    assert rest[-2:] == ["reader 'rtf' from footnote-rtf 1.0", problem], "they are told of an index that does not open"
    assert len(rest) == 4, "the store is named once, the language model, and where models compute"


def test_files_that_moved_are_told(rag: Command, index: Index, library: Path) -> None:
    (library / "weather.txt").unlink()
    assert any("weather.txt" in text for text in findings(rag))


def test_there_is_no_index(rag: Command, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr("rag.store.doctor.outside_parts", lambda: [OutsidePart("reader", "rtf", "footnote-rtf 1.0")])
    ran = rag("doctor")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "rag ingest PATH" in ran.err
    # Behind them stand the weights in use, where this machine has them.
    first, devices, last = ran.out.splitlines()[:3]
    assert first == "ok     no language model is set: answers are quotes"
    assert devices.startswith("ok     embedding models, rerankers and checkers compute on: ")
    assert last == "ok     reader 'rtf' from footnote-rtf 1.0"
    ran = rag("doctor", "--json")
    assert ran.code == 2
    assert [finding["ok"] for finding in json.loads(ran.out)["findings"]][:3] == [True, True, True]
    assert not (home / "default").exists()


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("RAG_LLM", "gpt-4o", "RAG_LLM is wrong: 'gpt-4o' names no language model"),
        ("RAG_LLM", "/no/such.gguf", "RAG_LLM is wrong: "),
        ("RAG_RULES_OFF", "no-such-rule", "no-such-rule"),
        ("RAG_SCORING", "/no/such.json", "The scoring file /no/such.json cannot be read"),
        ("RAG_VECTOR_STORE", "spam", "RAG_VECTOR_STORE is 'spam'"),
        ("RAG_CHECKER", "broken:x", "RAG_CHECKER=broken:x cannot be used"),
    ],
)
def test_a_wrong_setting_is_no_missing_model(
    rag: Command, index: Index, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    entry = EntryPoint("broken", "no_such_module:check", "footnote.checkers")
    monkeypatch.setattr("rag.parts.entries_of", lambda group: (entry,) if group == entry.group else ())
    monkeypatch.setattr("rag.store.doctor.outside_parts", list)
    monkeypatch.setenv(variable, value)
    wrong = [text for text, (ok, _) in findings(rag).items() if not ok]
    assert len(wrong) == 1
    assert words in wrong[0]


def test_a_language_model_that_cannot_be_had_is_no_wrong_setting(
    rag: Command, index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RAG_LLM", "local")
    monkeypatch.setenv("RAG_MODELS", str(tmp_path / "no models"))
    (text,) = [text for text in findings(rag) if text.startswith("no language model")]
    assert findings(rag)[text] == (True, False)


def test_a_newer_format_names_the_command(rag: Command, index: Index) -> None:
    index.catalog.set(format="99")
    for arguments in (["ask", "ferry"], ["sources"], ["show", "bridge.md"]):
        ran = rag(*arguments)
        assert ran.code == 2
        assert re.search("rag ingest.* --rebuild", ran.err)


def test_rebuild_mends_a_newer_format_and_another_model(
    rag: Command, index: Index, library: Path, encoder: WordEncoder, open_again: Opener
) -> None:
    index.catalog.set(format="99")
    closed(index)
    encoder.name, encoder.fingerprint = "other", "fake-other"
    report = json.loads(rag("ingest", library, "--rebuild", "--json").out)
    assert (report["index"], report["added"]) == ("default", len(LIBRARY))
    again = open_again(create=False)
    assert again.describe()["embedding_model"] == "other"
    assert retrieve(again, "ferry", 1)[0].source == "sea/ferry.txt"
    assert consistent(again) == []
    again.close()
    with pytest.raises(IndexUnusable, match="'other'"):
        open_again(create=False, encoder=WordEncoder())


def test_rebuild_needs_no_paths_where_the_index_knows_them(
    rag: Command, index: Index, library: Path, encoder: WordEncoder
) -> None:
    closed(index)
    encoder.name, encoder.fingerprint = "other", "fake-other"
    refused = rag("ask", "ferry")
    assert refused.code == 2
    command = refused.err.partition("rag ingest ")[2].split()
    assert rag("ingest", *command).code == 0, "the command that the message names does not work"
    assert len(json.loads(rag("sources", "--json").out)["sources"]) == len(LIBRARY)


def test_rebuild_holds_all_that_the_index_was_made_of_and_still_is_there(
    rag: Command, index: Index, library: Path, home: Path
) -> None:
    closed(index)
    (library / "weather.txt").unlink()
    assert rag("ingest", library / "sea", "--rebuild").code == 0
    sources = [row["source"] for row in json.loads(rag("sources", "--json").out)["sources"]]
    assert sources == ["bridge.md", "sea/ferry.txt", "sea/keeper.txt"]
    assert sorted(path.name for path in home.iterdir() if path.is_dir()) == ["default"]


def test_rebuild_makes_an_index_where_there_is_none(rag: Command, library: Path) -> None:
    assert rag("ingest", library, "--rebuild", "--index", "fresh").code == 0
    assert rag("retrieve", "ferry", "--index", "fresh").code == 0


@pytest.mark.parametrize("moment", ["rag.ingestion.rebuild.ingest", "rag.ingestion.replacement.replace_index"])
def test_a_rebuild_that_fails_leaves_the_old_index(
    rag: Command, index: Index, library: Path, monkeypatch: pytest.MonkeyPatch, open_again: Opener, moment: str
) -> None:
    before = texts_of(index)
    closed(index)
    write_files(library, {"new.txt": "A new toll."})

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(moment, fail)
        ran = rag("ingest", library, "--rebuild")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    again = open_again(create=False)
    assert texts_of(again) == before
    assert retrieve(again, "ferry", 1)[0].source == "sea/ferry.txt"
    closed(again)
    assert rag("ingest", library, "--rebuild").code == 0
    assert len(texts_of(open_again(create=False))) == len(LIBRARY) + 1


def test_a_crash_between_the_two_renames_leaves_the_old_index(
    rag: Command, index: Index, library: Path, monkeypatch: pytest.MonkeyPatch, open_again: Opener
) -> None:
    before = texts_of(index)
    closed(index)
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name.endswith(".rebuilt"):
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail)
        assert rag("ingest", library, "--rebuild").code == 130
    assert not (index.folder / "catalog.sqlite").exists()
    ran = rag("sources", "--json")
    assert ran.code == 0, ran.err
    assert texts_of(open_again(create=False)) == before


def test_status_says_what_is_there(rag: Command, index: Index, settings: Settings) -> None:
    status = json.loads(rag("status", "--json").out)
    assert status["sources"] == len(LIBRARY)
    assert status["chunks"] == index.catalog.chunk_total()
    assert status["embedding_model"] == "words"
    assert status["folder"] == str(index.folder)
    assert status["version"] == index.version


def test_a_check_fetches_no_model(index: Index, settings: Settings, tmp_path: Path) -> None:
    bare = settings.model_copy(update={"models": tmp_path / "no models"})
    index.close()
    results = check_index(index.name, bare, fix=False)
    assert [result.ok for result in results] == [False]
    assert "rag models pull all-minilm-l6-v2" in results[0].text
    assert not (tmp_path / "no models").exists()
