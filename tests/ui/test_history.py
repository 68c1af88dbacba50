"""Kept conversations and the versions they cite: `rag.store.catalog.history`."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.pipeline import answer
from rag.errors import IndexUnusable, UsageError
from rag.ingestion.pipeline import ingest, remove
from rag.ingestion.rebuild import rebuild
from rag.notices import Notice, plain
from rag.settings import Settings
from rag.store.catalog import FILE, FORMAT, Catalog, Conversation, History
from rag.store.catalog.answers import read_answer, write_answer
from rag.store.catalog.carry_over import UNREAD
from rag.store.catalog.conversation_list import fold, marks_of
from rag.store.index import Index
from rag.types import Answer, Citation, Conflict, Evidence, LeftOut, ModelCall, Passage, Sentence, Span
from tests.conftest import Opener, write_files

# The schema of format 1, word for word: what catalogs on disk were made with.
FORMAT_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, media_type TEXT NOT NULL, text TEXT NOT NULL, pages TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE TABLE sources (
    source TEXT PRIMARY KEY, root TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, file_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL, document_id TEXT REFERENCES documents(id), title TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '', skipped INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sources_document ON sources(document_id);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL REFERENCES sources(source),
    start INTEGER NOT NULL, end INTEGER NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX chunks_source ON chunks(source, start);
CREATE VIRTUAL TABLE keywords USING fts5(context, text, tokenize="ascii tokenchars '.,_'");
CREATE TABLE orphans (id TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO meta VALUES ('format', '1'), ('id', 'abc'), ('version', '7'), ('created', '2026-01-01T00:00:00Z');
INSERT INTO documents VALUES ('d1', 'text/plain', 'the bridge', '[]', '[[0,10,"paragraph",0,""]]');
INSERT INTO sources VALUES ('a.txt', '/r', '/r/a.txt', '1', 'h', 'f', 'd1', 'A', '', 0);
INSERT INTO chunks VALUES (1, 'c1', 'a.txt', 0, 10, '', 'the bridge');
INSERT INTO keywords (rowid, context, text) VALUES (1, '', 'bridg');
INSERT INTO orphans VALUES ('gone');
"""


@pytest.fixture
def history(index: Index) -> History:
    """The conversations of an index with documents."""
    return History(index.folder)


@pytest.fixture
def talks(tmp_path: Path) -> History:
    """The conversations of an index without documents."""
    Catalog(tmp_path, create=True).close()
    return History(tmp_path)


def ask(index: Index, settings: Settings, question: str = "How long is the bridge?") -> Answer:
    *_, last = answer(index, question, model=None)
    assert last.citations
    return last


def snapshot(question: str = "How long?", words: str = "", **changes: object) -> Answer:
    return replace(Answer(question, question, words), **changes)  # type: ignore[arg-type]


# -- conversations -----------------------------------------------------------------------------------------------------


def test_a_conversation_is_kept_as_it_was(index: Index, history: History, settings: Settings) -> None:
    head = history.begin("anna")
    assert head.title == "New conversation"
    first, second = ask(index, settings), ask(index, settings, "What is the toll for cars?")
    saved = [history.save("anna", head.id, first), history.save("anna", head.id, second)]
    turns = History(index.folder).turns("anna", head.id)
    assert turns == saved
    assert [turn.answer for turn in turns] == [first, second]
    assert [turn.question for turn in turns] == ["How long is the bridge?", "What is the toll for cars?"]
    assert history.turn("anna", saved[0].id) == saved[0]
    again = history.conversation("anna", head.id)
    assert again is not None
    assert again.title == "How long is the bridge?"
    assert again.changed > head.changed
    assert index.version == first.index["version"], "a conversation is no change of the index"


def test_conversations_are_listed_last_changed_first_and_in_pages(talks: History) -> None:
    heads = [talks.begin("anna", f"About {n}") for n in range(5)]
    talks.save("anna", heads[1].id, snapshot())
    titles = [head.title for head in talks.conversations("anna")]
    assert titles == ["About 1", "About 4", "About 3", "About 2", "About 0"]
    assert [head.title for head in talks.conversations("anna", limit=2, offset=3)] == ["About 2", "About 0"]
    assert talks.count("anna") == 5


@pytest.mark.parametrize(
    ("search", "titles"),
    [
        ("", {"one", "two", "three"}),
        ("toll", {"two"}),
        ("TOLL", {"two"}),
        ("crowns toll", {"two"}),
        ("toll ferry", set()),
        ("straße", {"three"}),
        ("STRASSE", {"three"}),
        ("桥", {"three"}),
        ("100%", {"one"}),
        ("%", {"one"}),
        ("_", set()),
        ("'; DROP TABLE turns; --", set()),
        ("two", {"two"}),
        ("\ud800", {"one", "two", "three"}),  # a question mark, as everywhere
    ],
)
def test_search_looks_through_titles_questions_and_answers(talks: History, search: str, titles: set[str]) -> None:
    for title, question, words in [
        ("one", "How sure?", "It is 100% sure."),
        ("two", "What is the Toll?", "Three crowns."),
        ("three", "Wo ist die Straße?", "桥关闭了"),
    ]:
        talks.save("anna", talks.begin("anna", title).id, snapshot(question, words))
    assert {head.title for head in talks.conversations("anna", search)} == titles
    assert talks.count("anna", search) == len(titles)
    assert talks.conversations("ben", search) == []


def test_rename(talks: History) -> None:
    head = talks.begin("anna")
    renamed = talks.rename("anna", head.id, "  My\n bridge \ud800 ")
    assert renamed is not None
    assert renamed.title == "My bridge ?"
    assert talks.conversation("anna", head.id) == renamed
    talks.save("anna", head.id, snapshot("Another question"))
    assert talks.conversations("anna")[0].title == "My bridge ?"
    with pytest.raises(UsageError, match="needs a title"):
        talks.rename("anna", head.id, " \n ")
    long = talks.rename("anna", head.id, "x" * 10_000)
    assert long is not None
    assert len(long.title) == 120


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken away is deleted with the next change."""
    monkeypatch.setattr("rag.store.catalog.history._KEPT", timedelta(0))


def test_pinned_ones_come_first_and_archived_ones_stand_apart(talks: History) -> None:
    heads = [talks.begin("anna", f"About {n}") for n in range(4)]
    talks.place("anna", heads[0].id, pinned=True)
    placed = talks.place("anna", heads[2].id, archived=True)
    assert placed is not None
    assert (placed.pinned, placed.archived) == (False, True)
    assert [head.title for head in talks.conversations("anna")] == ["About 0", "About 3", "About 2", "About 1"]
    assert [head.title for head in talks.conversations("anna", archived=False)] == ["About 0", "About 3", "About 1"]
    assert [head.title for head in talks.conversations("anna", archived=True)] == ["About 2"]
    assert (talks.count("anna"), talks.count("anna", archived=True)) == (4, 1)
    assert talks.place("ben", heads[1].id, pinned=True) is None
    assert not talks.conversations("anna")[3].pinned
    talks.save("anna", heads[2].id, snapshot())
    assert talks.count("anna", archived=True) == 0, "who goes on with it is not done with it"


def test_a_search_finds_only_what_is_shown(talks: History) -> None:
    head = talks.begin("anna", "The bridge")
    first = talks.save("anna", head.id, snapshot("How old?", "It is very old."))
    talks.save("anna", head.id, snapshot("Who built it?", "The mason Brandt."))
    talks.save("anna", head.id, snapshot("How long?", "It is long."), after="")
    assert talks.search("anna", "brandt") == [], "another version of the first question, and what followed it"
    assert [found.line for found in talks.search("anna", "long")] == ["How long?"]
    talks.choose("anna", first.id)
    assert [found.line for found in talks.search("anna", "brandt")] == ["The mason Brandt."]
    assert talks.search("anna", "long") == []
    assert talks.search("ben", "brandt") == []


def test_what_was_found_is_shown_with_its_words_marked(talks: History) -> None:
    head = talks.begin("anna", "Wo ist die STRASSE?")
    words = "Es ist eine Straße.\nVorne steht viel, was niemand sucht, und erst danach steht die lange Mauer am Hafen."
    talks.save("anna", head.id, snapshot("Wo ist die STRASSE?", words))
    (found,) = talks.search("anna", "straße mauer")
    assert found.line == "…niemand sucht, und erst danach steht die lange Mauer am Hafen."
    assert [found.line[start:end] for start, end in found.marks] == ["Mauer"]
    assert [found.conversation.title[start:end] for start, end in found.title_marks] == ["STRASSE"]
    (found,) = talks.search("anna", "wo")
    assert (found.line, found.title_marks) == ("", ((0, 2),)), "a line that says what the title says is not repeated"
    assert len(talks.search("anna", "mauer", limit=0)) == 0


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("The toll, the TOLL", ["toll"], ["toll", "TOLL"]),
        ("aaaa", ["aa", "a"], ["aaaa"]),
        ("Straße", ["ss"], ["ß"]),
        ("ﬁsh", ["fi"], ["ﬁ"]),
        ("İstanbul", ["stan"], ["stan"]),
        ("nothing", ["toll"], []),
        ("", ["toll"], []),
    ],
)
def test_marks_stand_where_the_words_are_written(text: str, words: list[str], marked: list[str]) -> None:
    assert [text[start:end] for start, end in marks_of(text, words)] == marked


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_marks_are_in_order_and_apart(text: str, words: list[str]) -> None:
    marks = marks_of(text, [fold(word) for word in words])
    edges = [edge for mark in marks for edge in mark]
    assert edges == sorted(set(edges))
    assert not edges or 0 <= edges[0] < edges[-1] <= len(text)


def questions(talks: History, head: Conversation) -> list[str]:
    return [turn.question for turn in talks.turns(head.user, head.id)]


def test_a_turn_asked_otherwise_is_another_version_with_its_own_sequel(talks: History) -> None:
    head = talks.begin("anna")
    first, second, _ = [talks.save("anna", head.id, snapshot(question)) for question in ("a", "b", "c")]
    other = talks.save("anna", head.id, snapshot("B"), after=second.parent)
    assert second.parent == other.parent == first.id
    assert questions(talks, head) == ["a", "B"]
    talks.save("anna", head.id, snapshot("C"))
    assert questions(talks, head) == ["a", "B", "C"]
    assert talks.choose("anna", second.id)
    assert questions(talks, head) == ["a", "b", "c"]
    assert [turn.versions for turn in talks.turns("anna", head.id)][1] == (second.id, other.id)
    assert talks.choose("anna", other.id)
    assert questions(talks, head) == ["a", "B", "C"]
    talks.save("anna", head.id, snapshot("A"), after="")
    assert questions(talks, head) == ["A"]


def test_what_is_taken_away_comes_back(talks: History) -> None:
    head = talks.begin("anna")
    turns = [talks.save("anna", head.id, snapshot(question)) for question in ("a", "b", "c")]
    assert talks.remove_turn("anna", turns[1].id)
    assert questions(talks, head) == ["a"]
    assert talks.restore_turn("anna", turns[1].id)
    assert questions(talks, head) == ["a", "b", "c"]
    assert talks.remove("anna", head.id)
    assert talks.conversations("anna") == []
    assert talks.turns("anna", head.id) == []
    assert talks.count("anna", "b") == 0
    restored = talks.restore("anna", head.id)
    assert restored is not None
    assert questions(talks, restored) == ["a", "b", "c"]


def test_a_version_that_is_taken_away_leaves_the_other(talks: History) -> None:
    head = talks.begin("anna")
    first = talks.save("anna", head.id, snapshot("a"))
    second = talks.save("anna", head.id, snapshot("A"), after="")
    talks.remove_turn("anna", second.id)
    assert questions(talks, head) == ["a"]
    assert talks.turns("anna", head.id)[0].versions == (first.id,)
    talks.save("anna", head.id, snapshot("b"))
    assert questions(talks, head) == ["a", "b"]


def test_what_follows_a_turn_that_is_gone_follows_the_one_before_it(talks: History) -> None:
    head = talks.begin("anna")
    first, second = [talks.save("anna", head.id, snapshot(question)) for question in ("a", "b")]
    talks.remove_turn("anna", second.id)
    for after in (second.id, "no-such-turn"):
        assert talks.save("anna", head.id, snapshot("c"), after=after).parent in (first.id, "")
    other = talks.begin("anna")
    talks.save("anna", other.id, snapshot("d"), after=first.id)
    assert questions(talks, other) == ["d"], "the turn of another conversation is none of its own"


def test_a_turn_that_was_never_answered_leaves_those_that_follow_it(talks: History) -> None:
    head = talks.begin("anna")
    first, waiting, later = [talks.save("anna", head.id, snapshot(question)) for question in ("a", "b", "c")]
    assert [turn.id for turn in talks.before("anna", later, 5)] == [first.id, waiting.id]
    assert [turn.id for turn in talks.before("anna", later, 1)] == [waiting.id]
    assert not talks.withdraw("ben", waiting.id)
    assert talks.withdraw("anna", waiting.id)
    assert questions(talks, head) == ["a", "c"]


@pytest.mark.usefixtures("soon")
def test_after_an_hour_it_is_gone_for_good(talks: History) -> None:
    head = talks.begin("anna")
    turns = [talks.save("anna", head.id, snapshot(question)) for question in ("a", "b", "c")]
    talks.remove_turn("anna", turns[1].id)
    other = talks.begin("anna")
    assert not talks.restore_turn("anna", turns[1].id)
    assert [talks.turn("anna", turn.id) is None for turn in turns] == [False, True, True]
    talks.remove("anna", head.id)
    talks.save("anna", other.id, snapshot("d"))
    assert talks.restore("anna", head.id) is None
    assert questions(talks, other) == ["d"]


def test_a_turn_is_saved_again_as_its_answer_grows(talks: History) -> None:
    head = talks.begin("anna")
    draft = talks.save("anna", head.id, snapshot(words="The bri", state="writing"))
    done = talks.save("anna", head.id, snapshot(words="The bridge."), turn=draft.id)
    assert (done.id, done.created) == (draft.id, draft.created)
    assert [turn.answer.answer for turn in talks.turns("anna", head.id)] == ["The bridge."]
    talks.remove("anna", head.id)
    with pytest.raises(UsageError, match="no longer there"):
        talks.save("anna", head.id, snapshot(), turn=done.id)
    other = talks.begin("anna")
    with pytest.raises(UsageError, match="no longer there; ask again"):
        talks.save("anna", other.id, snapshot(), turn=done.id)
    assert talks.turns("anna", other.id) == []


def test_feedback(talks: History) -> None:
    turn = talks.save("anna", talks.begin("anna").id, snapshot())
    assert turn.feedback is None
    rated = talks.rate("anna", turn.id, "down", "wrong\ud800 bridge")
    assert rated is not None
    assert rated.feedback is not None
    assert (rated.feedback.thumb, rated.feedback.note) == ("down", "wrong? bridge")
    assert talks.turns("anna", turn.conversation) == [rated]
    again = talks.rate("anna", turn.id, "up")
    assert again is not None
    assert again.feedback is not None
    assert (again.feedback.thumb, again.feedback.note) == ("up", "")
    assert talks.rate("anna", turn.id, "") == turn
    with pytest.raises(UsageError, match="up or down"):
        talks.rate("anna", turn.id, "sideways")  # type: ignore[arg-type]


def test_nobody_reaches_what_is_anothers(index: Index, history: History, settings: Settings) -> None:
    head = history.begin("anna", "Secret")
    turn = history.save("anna", head.id, ask(index, settings))
    before = history.turns("anna", head.id), history.conversation("anna", head.id)
    for user in ("ben", "", "ANNA", "anna ", "%"):
        assert history.conversation(user, head.id) is None
        assert history.conversations(user) == history.conversations(user, "Secret") == []
        assert history.count(user) == 0
        assert history.turns(user, head.id) == []
        assert history.turn(user, turn.id) is None
        assert history.rename(user, head.id, "Mine") is None
        assert history.rate(user, turn.id, "up") is None
        assert not history.remove(user, head.id)
        assert history.restore(user, head.id) is None
        assert not history.remove_turn(user, turn.id)
        assert not history.restore_turn(user, turn.id)
        assert not history.choose(user, turn.id)
        for own in ("", turn.id):
            with pytest.raises(UsageError, match="no longer there"):
                history.save(user, head.id, snapshot(), turn=own)
    ben = history.begin("ben")
    with pytest.raises(UsageError, match="no longer there"):
        history.save("ben", ben.id, snapshot(), turn=turn.id)
    assert (history.turns("anna", head.id), history.conversation("anna", head.id)) == before


def test_ids_cannot_be_guessed(talks: History) -> None:
    ids = {talks.begin("anna").id for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 20


# -- the versions that are cited ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("soon")
def test_a_cited_version_stays_until_its_conversation_goes(
    index: Index, history: History, library: Path, settings: Settings
) -> None:
    head = history.begin("anna")
    last = ask(index, settings)
    turn = history.save("anna", head.id, last)
    cited = last.citations[0]
    write_files(library, {cited.source: "The bridge is 500 metres long.\n"})
    ingest(index, [library])
    remove(index, ["weather.txt"])
    old = index.catalog.document(cited.source_id)
    assert old is not None
    assert old.text[cited.start : cited.end] == cited.quote
    assert old.title == cited.title
    assert index.catalog.cited_as(cited.source_id) == [(cited.source, cited.title)]
    assert index.catalog.sources_of(cited.source_id) == []
    assert index.catalog.problems() == []
    assert history.turn("anna", turn.id) == turn
    assert history.remove("anna", head.id)
    assert not history.remove("anna", head.id)
    assert index.catalog.document(cited.source_id) is None


def test_a_version_that_nobody_cites_goes_at_once(
    index: Index, history: History, library: Path, settings: Settings
) -> None:
    last = ask(index, settings)
    history.save("anna", history.begin("anna").id, last)
    cited = {citation.source_id for citation in last.citations}
    others = [source.source_id for source in index.catalog.sources() if source.source_id not in cited]
    assert others
    remove(index, ["*"])
    assert [index.catalog.document(id_) for id_ in others] == [None] * len(others)
    assert all(index.catalog.document(id_) for id_ in cited)


@pytest.mark.usefixtures("soon")
def test_what_an_answer_may_cite_stays_while_it_is_written(
    index: Index, history: History, library: Path, settings: Settings
) -> None:
    """A file is read again between the search and the last word."""
    snapshots = answer(index, "How long is the bridge?", model=None)
    reading = next(item for item in snapshots if item.state == "reading")
    head = history.begin("anna")
    turn = history.save("anna", head.id, reading)
    write_files(library, {"bridge.md": "# Gone\n"})
    ingest(index, [library])
    assert all(index.catalog.document(passage.source_id) for passage in reading.passages)
    citation = Citation(1, "bridge.md", reading.passages[0].source_id, "", 0, 5, "")
    done = history.save("anna", head.id, replace(reading, state="done", citations=(citation,)), turn=turn.id)
    passages = {passage.source_id for passage in reading.passages}
    assert {source_id for source_id in passages if index.catalog.cited_as(source_id)} == {citation.source_id}
    history.remove_turn("anna", done.id)
    history.begin("anna")
    assert index.catalog.document(citation.source_id) is None


@pytest.mark.usefixtures("soon")
def test_two_conversations_that_cite_one_version(index: Index, history: History, settings: Settings) -> None:
    heads = [history.begin(user) for user in ("anna", "ben")]
    last = ask(index, settings)
    for head in heads:
        history.save(head.user, head.id, last)
    remove(index, ["*"])
    history.remove("anna", heads[0].id)
    history.begin("anna")
    assert index.catalog.document(last.citations[0].source_id) is not None
    history.remove("ben", heads[1].id)
    history.begin("anna")
    assert index.catalog.document(last.citations[0].source_id) is None


# -- making the index anew ---------------------------------------------------------------------------------------------


@pytest.fixture
def _same_encoder(monkeypatch: pytest.MonkeyPatch, index: Index) -> None:
    monkeypatch.setattr("rag.store.index.open_encoder", lambda *_: index.encoder)


@pytest.mark.usefixtures("_same_encoder")
def test_conversations_survive_a_rebuild(index: Index, history: History, library: Path, settings: Settings) -> None:
    last = ask(index, settings)
    head = history.begin("anna")
    turn = history.save("anna", head.id, last)
    rated = history.rate("anna", turn.id, "up", "good")
    cited = last.citations[0]
    write_files(library, {cited.source: "The bridge is 500 metres long.\n"})
    rebuild("default", [library], settings)
    assert history.turns("anna", head.id) == [rated]
    with_new = Catalog(index.folder)
    old = with_new.document(cited.source_id)
    assert old is not None
    assert old.text[cited.start : cited.end] == cited.quote
    assert with_new.problems() == []
    with_new.close()
    more = history.save("anna", head.id, snapshot())
    rebuild("default", [library], settings)
    assert history.turns("anna", head.id) == [rated, more]


@pytest.mark.usefixtures("_same_encoder")
def test_a_turn_saved_during_a_rebuild_is_not_lost(
    index: Index, history: History, library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn is saved at the very moment at which the folders are replaced: it waits, and lands in the new one."""
    from rag.store.moving import replace_index

    head = history.begin("anna")
    saving = threading.Thread(target=lambda: history.save("anna", head.id, snapshot("In between")))

    def replace_while_saving(name: str, home: Path) -> None:
        saving.start()
        saving.join(0.3)
        assert saving.is_alive(), "nobody may write to the index that goes away"
        replace_index(name, home)

    monkeypatch.setattr("rag.ingestion.replacement.replace_index", replace_while_saving)
    rebuild("default", [library], settings)
    saving.join(60)
    assert [turn.question for turn in history.turns("anna", head.id)] == ["In between"]


@pytest.mark.usefixtures("_same_encoder")
def test_a_catalog_that_cannot_be_read_is_laid_aside(index: Index, library: Path, settings: Settings) -> None:
    index.catalog.set(format="99")
    index.catalog.close()
    rebuild("default", [library], settings)
    assert (index.folder / UNREAD).is_file()
    with sqlite3.connect(index.folder / UNREAD) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() == ("99",)
    assert History(index.folder).conversations("anna") == []


# -- formats -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def old_catalog(tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    with sqlite3.connect(folder / FILE) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(FORMAT_1)
    return folder


@pytest.mark.parametrize("opener", [Catalog, lambda folder: History(folder).conversations("anna")])
def test_a_catalog_of_format_1_is_brought_to_the_present_one(
    old_catalog: Path, opener: Callable[[Path], object]
) -> None:
    opener(old_catalog)
    catalog = Catalog(old_catalog)
    assert (catalog.get("format"), catalog.get("version"), catalog.get("id")) == (str(FORMAT), "7", "abc")
    document = catalog.document("d1")
    assert document is not None
    assert document.text == "the bridge"
    assert catalog.search(["bridg"], 5)[0][0] == "c1"
    assert catalog.orphans(5) == ["gone"]
    assert catalog.problems() == []
    history = History(old_catalog)
    head = history.begin("anna")
    cited = Citation(1, "a.txt", "d1", "A", 0, 3, "the")
    history.save("anna", head.id, snapshot(citations=(cited,)))
    catalog.remove(["a.txt"])
    assert catalog.document("d1") is not None
    catalog.close()


def test_two_programs_migrate_at_once(old_catalog: Path) -> None:
    failed: list[Exception] = []

    def open_() -> None:
        try:
            Catalog(old_catalog).close()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=open_) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_migration_that_fails_changes_nothing(old_catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "rag.store.catalog.schema._HISTORY_TABLES", "CREATE TABLE conversations (id);\nCREATE NONSENSE;\n"
    )
    with pytest.raises(IndexUnusable, match=f"cannot be brought to {FORMAT} now"):
        Catalog(old_catalog)
    with sqlite3.connect(old_catalog / FILE) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() == ("1",)
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'conversations'").fetchone()


def test_a_catalog_that_may_only_be_read_says_what_to_do(old_catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def read_only(path: Path, **options: object) -> sqlite3.Connection:
        return connect(f"file:{path}?mode=ro", **{**options, "uri": True})  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", read_only)
    for opener in (Catalog, lambda folder: History(folder).conversations("anna")):
        with pytest.raises(IndexUnusable, match=r"older format 1 .*see that its folder can be written to"):
            opener(old_catalog)


def test_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="rag ingest PATH"):
        History(tmp_path / "nowhere").begin("anna")
    assert not (tmp_path / "nowhere").exists()


def test_history_of_a_newer_format(index: Index, history: History) -> None:
    index.catalog.set(format="99")
    with pytest.raises(IndexUnusable, match="format 99"):
        history.conversations("anna")


# -- answers -----------------------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
number = st.floats(allow_nan=False)
notices = st.builds(
    Notice,
    words,
    st.dictionaries(
        words,
        st.recursive(
            st.none() | st.booleans() | st.integers() | number | words,
            lambda values: st.lists(values, max_size=2) | st.dictionaries(words, values, max_size=2),
            max_leaves=3,
        ),
        max_size=2,
    ),
)
offset = st.integers(0, 10**9)
page = st.none() | offset
citations = st.builds(
    Citation,
    offset,
    words,
    words,
    words,
    offset,
    offset,
    words,
    page,
    st.lists(st.tuples(offset, number, number, number, number), max_size=2).map(tuple),
)
answers = st.builds(
    Answer,
    question=words,
    standalone_question=words,
    answer=words,
    abstained=st.booleans(),
    confidence=number,
    sentences=st.lists(
        st.builds(Sentence, words, offset, offset, st.sampled_from(["verified", "partly"]), reason=st.none() | notices),
        max_size=2,
    ).map(tuple),
    citations=st.lists(citations, max_size=2).map(tuple),
    passages=st.lists(
        st.builds(
            Passage,
            words,
            words,
            words,
            words,
            offset,
            offset,
            words,
            words,
            page,
            offset,
            st.dictionaries(words, number, max_size=3),
            words,
        ),
        max_size=2,
    ).map(tuple),
    index=st.dictionaries(words, words, max_size=3),
    timings=st.dictionaries(words, number, max_size=3),
    left_out=st.lists(
        st.builds(LeftOut, words, st.sampled_from(["unsupported", "contradicted"]), st.none() | notices), max_size=2
    ).map(tuple),
    conflicts=st.lists(st.builds(Conflict, notices, st.tuples(offset, offset)), max_size=2).map(tuple),
    evidence=st.lists(
        st.builds(
            Evidence, st.builds(Span, words, words, words, offset, offset, words, page), number, number, number, offset
        ),
        max_size=2,
    ).map(tuple),
    prompt=words,
    notices=st.lists(notices, max_size=2).map(tuple),
    language=st.sampled_from(["en", "de"]),
    degraded=st.booleans(),
    calls=st.lists(
        st.builds(ModelCall, words, words, offset, offset, offset, st.booleans(), cost=st.none() | number), max_size=2
    ).map(tuple),
    state=st.sampled_from(["searching", "writing", "done"]),
)


@given(answers)
def test_an_answer_is_read_back_exactly(given_: Answer) -> None:
    assert read_answer(write_answer(given_), "") == given_


def test_a_question_that_is_no_text_is_kept(talks: History) -> None:
    head = talks.begin("anna")
    turn = talks.save("anna", head.id, snapshot("half \ud800 a pair", "\udfff"))
    assert turn.question == "half ? a pair"
    assert turn.answer.notices == ()


def test_an_answer_of_an_older_or_newer_program_can_be_read() -> None:
    stored = json.loads(write_answer(snapshot("Q", "A [1]", citations=(Citation(1, "a", "id", "t", 0, 1, "q", 3),))))
    for key in (
        "left_out",
        "notices",
        "language",
        "conflicts",
        "evidence",
        "prompt",
        "timings",
        "degraded",
        "state",
        "calls",
    ):
        del stored["answer"][key]
    del stored["answer"]["citations"][0]["boxes"]
    stored["answer"]["mood"] = {"good": True}
    stored["answer"]["citations"][0]["colour"] = "red"
    assert read_answer(json.dumps(stored), "Q") == snapshot(
        "Q", "A [1]", citations=(Citation(1, "a", "id", "t", 0, 1, "q", 3),)
    )


def test_an_answer_of_version_1_is_read_back_with_all_it_said() -> None:
    stored = """{"version": 1, "answer": {
        "question": "What is the toll?", "standalone_question": "What is the toll?",
        "answer": "It is 3. [1] It is low.",
        "abstained": false, "confidence": 0.5,
        "sentences": [
            {"text": "It is 3. [1]", "start": 0, "end": 12, "verdict": "verified", "citations": [1], "reason": ""},
            {"text": "It is low.", "start": 13, "end": 23, "verdict": "partly", "citations": [],
             "reason": "the source does not say low"}],
        "citations": [], "passages": [], "model": "m", "prompt_id": "p", "index": {}, "timings": {},
        "left_out": [{"text": "It is 4.", "reason": "the source says 3"}],
        "missing": ["who collects it"], "conflicts": [{"about": "3 or 4", "citations": [1, 2]}],
        "evidence": [], "prompt": "",
        "notice": "1 claim left out: not supported. The model broke off.", "degraded": true, "state": "done"}}"""
    read = read_answer(stored, "What is the toll?")
    assert (read.answer, read.degraded, read.language) == ("It is 3. [1] It is low.", True, "en")
    assert [sentence.reason for sentence in read.sentences] == [None, plain("the source does not say low")]
    assert read.left_out == (LeftOut("It is 4.", "unsupported", plain("the source says 3")),)
    assert read.conflicts == (Conflict(plain("3 or 4"), (1, 2)),)
    assert [(notice.code, notice.values) for notice in read.notices] == [
        ("claims-left-out", {"count": 1}),
        ("text", {"text": "The model broke off."}),
        ("not-mentioned", {"words": ["who collects it"]}),
    ]


def test_what_version_3_left_out_was_not_supported() -> None:
    current = snapshot("Q", "A", left_out=(LeftOut("It is 4.", "contradicted", Notice("number-contradicted")),))
    stored = json.loads(write_answer(current))
    assert read_answer(json.dumps(stored), "Q").left_out[0].verdict == "contradicted"
    numbers = {"instead": "3", "number": "4"}
    stored["version"] = 3
    stored["answer"]["left_out"] = [
        {"text": "It is 4.", "reason": {"code": "number-absent", "values": numbers}},
        {"text": "It is 5.", "reason": {"code": "number-absent", "values": {"number": "5"}}},
        {"text": "It is old.", "verdict": "unsupported", "reason": None},
    ]
    assert read_answer(json.dumps(stored), "Q").left_out == (
        LeftOut("It is 4.", "unsupported", Notice("number-contradicted", numbers)),
        LeftOut("It is 5.", "unsupported", Notice("number-absent", {"number": "5"})),
        LeftOut("It is old.", "unsupported"),
    )


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("", []),
        ("Gone away.", ["Gone away."]),
        ("Stopped. 2 claims left out: not supported.", ["Stopped.", "2 claims left out: not supported."]),
    ],
)
def test_a_notice_of_version_1_keeps_its_words(words: str, texts: list[str]) -> None:
    stored = json.dumps({"version": 1, "answer": {"question": "Q", "standalone_question": "Q", "notice": words}})
    assert [str(notice) for notice in read_answer(stored, "Q").notices] == texts


@pytest.mark.parametrize("stored", ["", "no json", "[]", "{}", '{"answer": 3}', '{"answer": {}}', "[" * 100_000])
def test_an_answer_that_cannot_be_read_says_so(stored: str) -> None:
    unreadable = read_answer(stored, "How long?")
    assert unreadable.question == "How long?"
    assert "ask again" in str(unreadable.notices[0])


def test_every_field_of_an_answer_is_stored() -> None:
    assert set(json.loads(write_answer(snapshot()))["answer"]) == set(asdict(snapshot()))


def test_many_write_at_once(index: Index, history: History, open_again: Opener) -> None:
    heads = [history.begin(f"user{n}") for n in range(6)]
    failed: list[Exception] = []

    def talk(user: str, id_: str) -> None:
        try:
            for n in range(10):
                History(index.folder).save(user, id_, snapshot(f"Question {n}"))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=talk, args=(head.user, head.id)) for head in heads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for head in heads:
        assert [turn.question for turn in history.turns(head.user, head.id)] == [f"Question {n}" for n in range(10)]
