"""The catalog alone: what is published is whole, searchable and replaceable: `rag.store.catalog`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.database import is_postgres
from rag.errors import IndexUnusable
from rag.notices import Notice, plain
from rag.store.catalog import FILE, Catalog, NewVersion, SourceQuery, SourceRecord
from rag.store.catalog.keywords import remove_keywords
from rag.text import query_terms, terms
from rag.types import Block, Chunk, Document
from tests.processor_time import at_most


@pytest.fixture
def catalog(tmp_path: Path, either_database: str) -> Iterator[Catalog]:
    opened = Catalog(tmp_path, create=True)
    yield opened
    opened.close()


def record(source: str, document_id: str | None, **changes: object) -> SourceRecord:
    fields = {
        "stamp": "1",
        "file_hash": "h",
        "fingerprint": "f",
        "title": source.title(),
        "problem": None,
        "skipped": False,
    }
    return SourceRecord(source, "/root", f"/root/{source}", document_id=document_id, **(fields | changes))  # type: ignore[arg-type]


def version(source: str, *texts: str, context: str = "") -> NewVersion:
    """A version of a source with one chunk a text; the ids say source, version and place."""
    whole = "\n".join(texts)
    chunks, position = [], 0
    for text in texts:
        chunks.append(Chunk(position, position + len(text), context))
        position += len(text) + 1
    document_id = f"doc-{whole}"[:1000]
    ids = [f"{source}-{len(whole)}-{chunk.start}" for chunk in chunks]
    blocks = (Block(0, len(whole), "paragraph"),)
    return NewVersion(record(source, document_id), Document(whole, source, "text/plain", blocks, (0, 3)), chunks, ids)


def matching_texts(catalog: Catalog, question: str) -> list[str]:
    ids = [id_ for id_, _ in catalog.search(query_terms(question), 10)]
    return [catalog.chunks([id_])[id_].text for id_ in ids]


def test_what_is_published_can_be_read_back(catalog: Catalog) -> None:
    new = version("a.txt", "the bridge", "the ferry", context="Harbour")
    catalog.publish([new])
    assert catalog.source_record("a.txt") == new.record
    assert catalog.document(new.record.document_id or "") == Document(
        "the bridge\nthe ferry", "A.Txt", "text/plain", (Block(0, 20, "paragraph"),), (0, 3)
    )
    chunk = catalog.chunks(["a.txt-20-11"])["a.txt-20-11"]
    assert (chunk.text, chunk.start, chunk.end, chunk.context, chunk.source) == (
        "the ferry",
        11,
        20,
        "Harbour",
        "a.txt",
    )
    assert catalog.chunk_ids() == ["a.txt-20-0", "a.txt-20-11"]
    assert [(s.source, s.chunks, s.characters, s.pages) for s in catalog.sources()] == [("a.txt", 2, 20, 2)]
    assert catalog.chunk_counts() == {"a.txt": 2}
    assert catalog.problems() == []


def test_a_new_version_replaces_the_old_one_whole(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the old bridge", "the old ferry")])
    catalog.publish([version("a.txt", "the new bridge")])
    assert matching_texts(catalog, "bridge") == ["the new bridge"]
    assert matching_texts(catalog, "ferry") == []
    assert catalog.document("doc-the old bridge\nthe old ferry") is None, "a version that nothing shows was kept"
    assert catalog.orphans(10) == ["a.txt-28-0", "a.txt-28-15"]
    assert catalog.problems() == []


def test_vectors_that_are_expected_can_be_collected_until_they_are_visible(catalog: Catalog) -> None:
    new = version("a.txt", "the bridge")
    catalog.register_vectors(new.chunk_ids)
    assert catalog.orphans(10) == list(new.chunk_ids)
    catalog.publish([new])
    assert catalog.orphans(10) == []


def test_a_visible_vector_is_never_collected(catalog: Catalog) -> None:
    """The same words are about to be stored again (say, only the newlines of the file changed) and the power fails."""
    new = version("a.txt", "the bridge")
    catalog.publish([new])
    catalog.register_vectors(new.chunk_ids)
    assert catalog.orphans(10) == []
    catalog.publish([new])
    assert catalog.orphans(10) == []
    assert catalog.chunk_ids() == list(new.chunk_ids)


def test_orphans_are_handed_out_in_parts_and_forgotten(catalog: Catalog) -> None:
    catalog.register_vectors(["b", "a", "c"])
    assert catalog.orphans(2) == ["a", "b"]
    catalog.forget_orphans(["a", "b"])
    assert catalog.orphans(2) == ["c"]


def test_a_removed_source_leaves_nothing(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the bridge"), version("b.txt", "the ferry")])
    catalog.remove(["a.txt"])
    assert matching_texts(catalog, "bridge ferry") == ["the ferry"]
    assert catalog.source_record("a.txt") is None
    assert catalog.orphans(10) == ["a.txt-10-0"]
    assert catalog.problems() == []


def test_two_sources_of_the_same_words_share_a_document_and_keep_their_chunks(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the bridge"), version("b.txt", "the bridge")])
    assert len(matching_texts(catalog, "bridge")) == 2
    catalog.remove(["a.txt"])
    assert matching_texts(catalog, "bridge") == ["the bridge"]
    assert catalog.document("doc-the bridge") is not None


def test_a_problem_hides_a_source_only_when_no_version_is_kept(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the bridge")])
    damaged = record("a.txt", "doc-the bridge", problem=Notice("file-too-large", {"megabytes": 2.5}))
    catalog.put_sources([damaged])
    assert catalog.source_record("a.txt") == damaged
    assert matching_texts(catalog, "bridge") == ["the bridge"]
    catalog.put_sources([record("a.txt", None, problem=Notice("file-empty"), skipped=True)])
    assert matching_texts(catalog, "bridge") == []
    assert catalog.sources() == []
    assert catalog.orphans(10) == ["a.txt-10-0"]


def test_publishing_is_all_or_nothing(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the bridge")])
    before = catalog.get("version")
    good, bad = version("b.txt", "the ferry"), version("c.txt", "the toll")
    clash = NewVersion(bad.record, bad.document, bad.chunks, good.chunk_ids)
    with pytest.raises((sqlite3.IntegrityError, IndexUnusable)):
        catalog.publish([good, clash])
    assert catalog.chunk_ids() == ["a.txt-10-0"]
    assert catalog.get("version") == before
    catalog.publish([good])
    assert matching_texts(catalog, "ferry") == ["the ferry"]


def test_the_best_match_comes_first_and_scores_are_positive(catalog: Catalog) -> None:
    catalog.publish(
        [version("a.txt", "bridge bridge bridge", "bridge and much else beside it", "the ferry", "the toll", "x y")]
    )
    ranked = catalog.search(["bridg"], 10)
    assert [id_ for id_, _ in ranked] == ["a.txt-74-0", "a.txt-74-21"]
    assert ranked[0][1] > ranked[1][1] > 0
    assert catalog.search(["bridg"], 1) == ranked[:1]
    assert catalog.search([], 10) == catalog.search(["bridg"], 0) == []
    assert catalog.search(["bridg"], 10, ["b.txt"]) == []
    assert catalog.search(["bridg"], 10, ["a.txt", "b.txt"]) == ranked
    assert catalog.document_frequency(["bridg", "ferri", "zebra"]) == {"bridg": 2, "ferri": 1, "zebra": 0}


def test_each_source_is_searched_for_terms_of_its_own_as_by_a_search_of_it_alone(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "bridge bridge", "the toll"), version("b.txt", "bridge and toll", "the bridge")])
    queries = {"b.txt": ["bridg"], "a.txt": ["toll"], "c.txt": ["bridg"]}
    found = catalog.search_each(queries, 1)
    assert list(found) == list(queries)
    assert found == {source: catalog.search(query, 1, [source]) for source, query in queries.items()}
    assert [len(each) for each in found.values()] == [1, 1, 0]
    catalog.remove(["b.txt"])
    assert catalog.search_each(queries, 1)["b.txt"] == []


def test_a_term_is_told_to_stand_in_its_own_source_only(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the bridge"), version("b.txt", "the ferry")])
    assert catalog.terms_of("a.txt")("bridg")
    assert not catalog.terms_of("b.txt")("bridg")
    assert not catalog.terms_of("c.txt")("bridg")


def test_words_of_the_headings_are_found(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the toll", context="Harbour rules")])
    assert matching_texts(catalog, "harbour") == ["the toll"]


@pytest.mark.parametrize(
    "text",
    ["3.50 crowns", "1,000 cars", "snake_case names", "桥关闭了", "ไทย สะพาน", "Straße", "naïve café", "x" * 200],
)
def test_what_stands_in_a_text_is_found(catalog: Catalog, text: str) -> None:
    catalog.publish([version("a.txt", text), version("b.txt", "something else")])
    for term in terms(text):
        assert [id_ for id_, _ in catalog.search([term], 10)] == [f"a.txt-{len(text)}-0"], term


@given(text=st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_text_breaks_a_search_and_every_term_is_found(catalog: Catalog, text: str) -> None:
    catalog.publish([version("a.txt", text)])
    query = terms(text)
    ranked = catalog.search(list(dict.fromkeys(query)), 10)
    assert len(ranked) == bool(query)
    assert all(catalog.document_frequency(query).values())


@given(
    term=st.text(
        st.one_of(st.sampled_from("\"'*():^-+ANDORNEAR. "), st.characters(codec="utf-8", exclude_characters="\0")),
        min_size=1,
        max_size=12,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_term_is_read_as_an_operator(catalog: Catalog, term: str) -> None:
    if not catalog.chunk_total():
        catalog.publish([version("a.txt", "the bridge")])
    for id_, _ in catalog.search([term, 'bri"dge', "NEAR", "text:", "*"], 10):
        assert id_ == "a.txt-10-0"
    assert set(catalog.document_frequency([term])) == {term}


def test_a_snapshot_sees_one_state(tmp_path: Path, catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the old bridge")])
    reader = Catalog(tmp_path)
    with reader.read_transaction():
        before = reader.get("version")
        catalog.publish([version("a.txt", "the new bridge")])
        assert reader.get("version") == before
        assert matching_texts(reader, "bridge") == ["the old bridge"]
        with reader.read_transaction():
            assert matching_texts(reader, "bridge") == ["the old bridge"], (
                "a snapshot inside a snapshot is the same one"
            )
    assert matching_texts(reader, "bridge") == ["the new bridge"]
    reader.close()


def test_a_problem_that_an_earlier_version_stored_as_words_is_read(catalog: Catalog, tmp_path: Path) -> None:
    catalog.put_sources([record("a.txt", None, problem=Notice("file-empty"))])
    with closing(catalog.place.connect()) as db:
        db.execute("UPDATE sources SET problem = 'empty: there is no text in it; the version read before is kept'")
    read = catalog.source_record("a.txt")
    assert read is not None
    assert read.problem == plain("empty: there is no text in it; the version read before is kept")
    assert catalog.list_sources()[1][0].problem == read.problem
    assert read.problem.text("de") == "empty: there is no text in it; the version read before is kept"


def test_sources_are_listed_in_pages_and_searched(catalog: Catalog) -> None:
    catalog.publish([version(f"{n:02d}.txt", f"the bridge {n}", "the ferry") for n in range(12)])
    catalog.put_sources(
        [
            record("a_100%.txt", None, problem=Notice("file-damaged-pdf")),
            record("b.txt", None, problem=plain("x"), skipped=True),
        ]
    )
    total, page = catalog.list_sources(limit=5, offset=10)
    assert (total, [row.source for row in page]) == (14, ["10.txt", "11.txt", "a_100%.txt", "b.txt"])
    assert (page[0].chunks, page[0].pages, page[0].media_type, page[0].problem) == (2, 2, "text/plain", None)
    assert (page[2].source_id, page[2].problem) == (None, Notice("file-damaged-pdf"))
    assert (page[2].skipped, page[3].skipped) == (False, True)
    for search, count in (("1", 4), ("_", 1), ("%", 1), ("TXT", 14), ("11.T", 1), ("'", 0), ("\\", 0), ("\ud800", 0)):
        assert (
            catalog.list_sources(SourceQuery(search))[0] == len(catalog.list_sources(SourceQuery(search))[1]) == count
        ), search


def test_keyword_rows_follow_every_change(catalog: Catalog) -> None:
    for round_ in range(3):
        catalog.publish([version(name, f"bridge {round_}", f"ferry {round_}") for name in ("a.txt", "b.txt")])
        catalog.remove(["b.txt"])
    assert catalog.problems() == []
    assert len(matching_texts(catalog, "bridge")) == 1
    with closing(catalog.place.connect()) as db:
        if not is_postgres(db):
            db.execute("INSERT INTO keywords (keywords) VALUES ('integrity-check')")
        remove_keywords(db, [db.execute("SELECT min(number) FROM chunks").fetchone()[0]])
    assert catalog.problems() == ["keyword index has 1 entries for 2 chunks"]
    catalog.rebuild_keywords()
    assert catalog.problems() == []
    assert len(matching_texts(catalog, "bridge ferry")) == 2


def test_a_chunk_that_is_not_its_slice_is_a_problem(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", "the bridge", "the ferry")])
    with closing(catalog.place.connect()) as db:
        db.execute("UPDATE chunks SET start = start + 1 WHERE start = 0")
    assert catalog.problems() == ["1 chunks whose text is not their document's slice"]


def test_a_large_document_is_checked_in_bounded_time(catalog: Catalog) -> None:
    catalog.publish([version("a.txt", *(f"{n:09d} " + "w" * 200 for n in range(10_000)))])
    with at_most(5):
        assert catalog.problems() == []


def test_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="rag ingest PATH"):
        Catalog(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("create", [True, False])
def test_a_newer_format_names_the_command(tmp_path: Path, catalog: Catalog, create: bool) -> None:
    catalog.set(format="99")
    with pytest.raises(IndexUnusable, match=r"format 99.*rag ingest.* --rebuild"):
        Catalog(tmp_path, create)


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000], ids=["text", "head-only"]
)
def test_a_damaged_file_names_the_command(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(IndexUnusable, match=r"rag ingest.* --rebuild"):
        Catalog(tmp_path)


def test_an_empty_file_is_no_index(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    with pytest.raises(IndexUnusable, match="rag ingest"):
        Catalog(tmp_path)


@pytest.mark.parametrize(
    ("text", "is_ascii"), [("The ferry goes.", True), ("Café", True), ("渡船", False), ("Мост", False)]
)
def test_whether_a_keyword_index_holds_letters_of_other_scripts(catalog: Catalog, text: str, is_ascii: bool) -> None:
    catalog.publish([version("a.txt", text)])
    assert catalog.holds_only_ascii() is is_ascii
