"""Conversations as a file that is read again: `rag.store.catalog.transfer`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.notices import plain
from rag.store.catalog import Catalog, History
from rag.store.catalog.transfer import LARGEST_FILE, conversations_json, import_conversations
from rag.types import Answer, Citation, LeftOut, Passage, Sentence

TEXT = "The toll is 3 crowns."
SAID = "The toll is 3 crowns. [1]"


def nothing_here(_: str) -> str | None:
    return None


@pytest.fixture
def talks(tmp_path: Path) -> History:
    Catalog(tmp_path, create=True).close()
    return History(tmp_path)


@pytest.fixture
def elsewhere(tmp_path: Path) -> History:
    (tmp_path / "elsewhere").mkdir()
    Catalog(tmp_path / "elsewhere", create=True).close()
    return History(tmp_path / "elsewhere")


def answer(**changes: Any) -> Answer:
    passage = Passage("p", "b.md", "d1", "B", 0, 21, TEXT, "", None, 1, {"fused": 0.5})
    made = Answer(
        "What is the toll?",
        "What is the toll?",
        SAID,
        sentences=(Sentence(SAID, 0, len(SAID), "verified", (1,), plain("why")),),
        citations=(Citation(1, "b.md", "d1", "B", 0, 21, TEXT, boxes=((1, 0.0, 0.0, 9.0, 9.0),)),),
        passages=(passage,),
        prompt="a long prompt",
        left_out=(LeftOut("It is 4.", "unsupported"),),
    )
    return replace(made, **changes)


@pytest.fixture
def stored(talks: History) -> History:
    """Two conversations of Anna: one with two versions of a question and a rating, one archived and empty."""
    talks.place("anna", talks.begin("anna", "Old").id, archived=True)
    head = talks.begin("anna")
    talks.save("anna", head.id, answer(answer="Another version", sentences=(), citations=()))
    turn = talks.save("anna", head.id, answer(), after="")
    talks.rate("anna", turn.id, "up", "good")
    talks.save("anna", head.id, Answer("Unfinished?", "Unfinished?", state="reading"))
    talks.save("ben", talks.begin("ben", "Ben's").id, answer())
    return talks


def changed(content: str, change: Callable[[Any], object]) -> bytes:
    value = json.loads(content)
    change(value)
    return json.dumps(value).encode()


def test_conversations_come_back_as_they_were(stored: History, elsewhere: History) -> None:
    content = conversations_json(stored, "anna")
    for secret in ("Another version", "Unfinished?", "a long prompt", "Ben's"):
        assert secret not in content
    assert import_conversations(elsewhere, "otto", content.encode(), lambda id_: TEXT if id_ == "d1" else None) == 2
    toll, old = elsewhere.conversations("otto")
    before = stored.conversations("anna")
    assert [(head.title, head.created, head.changed, head.archived) for head in (toll, old)] == [
        (head.title, head.created, head.changed, head.archived) for head in before
    ]
    assert {toll.id, old.id}.isdisjoint(head.id for head in before), "ids of their own"
    (turn,) = elsewhere.turns("otto", toll.id)
    assert turn.answer == answer(prompt="", passages=())
    assert turn.feedback is not None
    assert (turn.feedback.thumb, turn.feedback.note) == ("up", "good")
    assert [found.line for found in elsewhere.search("otto", "crowns")] == [SAID]
    assert conversations_json(elsewhere, "otto") == content, "exported again it is the same file"


def test_nothing_is_overwritten(stored: History) -> None:
    content = conversations_json(stored, "anna").encode()
    before = stored.conversations("anna")
    assert import_conversations(stored, "anna", content, nothing_here) == 2
    assert stored.count("anna") == 4
    assert [stored.conversation("anna", head.id) for head in before] == before


def test_a_quote_stays_where_its_document_is_not_here_or_is_another(stored: History, elsewhere: History) -> None:
    content = conversations_json(stored, "anna").encode()
    for text_of in (nothing_here, lambda _: "Something else stands there."):
        import_conversations(elsewhere, "otto", content, text_of)
        (turn,) = elsewhere.turns("otto", elsewhere.search("otto", "toll")[0].conversation.id)
        (citation,) = turn.answer.citations
        assert (citation.quote, citation.source, citation.source_id, citation.boxes) == (TEXT, "b.md", "", ())


def test_nearest_passages_of_a_refusal_come_along(talks: History, elsewhere: History) -> None:
    talks.save("anna", talks.begin("anna").id, answer(answer="", sentences=(), citations=(), abstained=True))
    import_conversations(elsewhere, "anna", conversations_json(talks, "anna").encode(), nothing_here)
    (turn,) = elsewhere.turns("anna", elsewhere.conversations("anna")[0].id)
    assert [(passage.text, passage.source_id) for passage in turn.answer.passages] == [(TEXT, "")]


def first_turn(value: Any) -> Any:
    return value["conversations"][0]["turns"][0]


def first_answer(value: Any) -> Any:
    return first_turn(value)["answer"]["answer"]


HOSTILE: dict[str, Callable[[Any], object]] = {
    "another format": lambda value: value.update(format="chatgpt"),
    "a later version": lambda value: value.update(version=2),
    "no list": lambda value: value.update(conversations={"a": 1}),
    "a title that is no text": lambda value: value["conversations"][0].update(title=["a"]),
    "no title": lambda value: value["conversations"][0].pop("title"),
    "a time that is none": lambda value: value["conversations"][0].update(changed="'; DROP TABLE turns; --"),
    "turns that are none": lambda value: value["conversations"][0].update(turns=[7]),
    "too many turns": lambda value: value["conversations"][0].update(turns=[first_turn(value)] * 1001),
    "a verdict that is none": lambda value: first_answer(value)["sentences"][0].update(verdict="true"),
    "a sentence outside": lambda value: first_answer(value)["sentences"][0].update(end=10_000),
    "a sentence of other words": lambda value: first_answer(value)["sentences"][0].update(text="It is free."),
    "sentences that overlap": lambda value: first_answer(value).update(sentences=first_answer(value)["sentences"] * 2),
    "two citations of one number": lambda value: first_answer(value).update(
        citations=first_answer(value)["citations"] * 2
    ),
    "a citation below one": lambda value: first_answer(value)["citations"][0].update(number=-1),
    "a quote that is no text": lambda value: first_answer(value)["citations"][0].update(quote={"a": "b"}),
    "an answer in the making": lambda value: first_answer(value).update(state="writing"),
    "no answer": lambda value: first_turn(value).pop("answer"),
    "a thumb that is none": lambda value: first_turn(value)["feedback"].update(thumb="sideways"),
    "a text without end": lambda value: first_answer(value).update(answer="a" * 1_000_001),
    "a record without bottom": lambda value: first_answer(value).update(
        timings=json.loads('{"a":' * 60 + "1" + "}" * 60)
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_such_file_is_refused_whole(what: str, stored: History, elsewhere: History) -> None:
    data = changed(conversations_json(stored, "anna"), HOSTILE[what])
    with pytest.raises(UsageError, match="no file of conversations that Footnote exported; nothing was imported"):
        import_conversations(elsewhere, "otto", data, nothing_here)
    assert elsewhere.conversations("otto") == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"7", b"null", b"\xff\xfe", b"[" * 200_000, b'"a"'])
def test_what_is_no_json_object_is_refused(data: bytes, elsewhere: History) -> None:
    with pytest.raises(UsageError, match="nothing was imported"):
        import_conversations(elsewhere, "otto", data, nothing_here)


def test_a_file_that_is_too_large_is_refused(elsewhere: History) -> None:
    with pytest.raises(UsageError, match="at most 64 MB"):
        import_conversations(elsewhere, "otto", b" " * (LARGEST_FILE + 1), nothing_here)
