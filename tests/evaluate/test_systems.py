"""Other systems than Footnote: what they give, where their contexts stand, and what is measured of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.answering.checkers import open_checker_for
from rag.errors import UsageError
from rag.evaluate.report.console import lines
from rag.evaluate.report.markdown import markdown
from rag.evaluate.report.page import page
from rag.evaluate.results import build_results, dump_json, results_data
from rag.evaluate.run.configuration import Configuration, describe_system
from rag.evaluate.run.runner import Run, run_suite
from rag.evaluate.systems.answer import Reading, cut_document, is_refusal
from rag.evaluate.systems.given import GivenContext, SystemFailed, read_given
from rag.evaluate.systems.not_given import gated, not_given, not_given_lines
from rag.evaluate.systems.placing import Corpus, Letters
from rag.evaluate.systems.recorded import RecordedSystem, read_answers
from rag.evaluate.types import GateRule, Suite
from rag.settings import Settings
from rag.store.index import Index
from rag.types import Block, Document

Make = Callable[..., Configuration]
FERRY = "The ferry to Skarholm leaves at 7:40 every morning. The ferry carries 28 cars."
TOLL = "The toll is 3 crowns for cars."


@pytest.fixture
def index(corpus: tuple[Index, str]) -> Index:
    return corpus[0]


@pytest.fixture
def reading(index: Index, settings: Settings) -> Reading:
    return Reading(Corpus(index), open_checker_for(settings))


@pytest.fixture
def record(suite: Suite, index: Index, configure: Make, reading: Reading, tmp_path: Path) -> Callable[..., Run]:
    """Run the suite over recorded answers: ``record({"id": …, "answer": …}, …)``."""

    def run(*rows: dict[str, Any]) -> Run:
        path = tmp_path / "answers.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return run_suite(suite, index, configure(), system=RecordedSystem(read_answers(path), reading))

    return run


def answers() -> list[dict[str, Any]]:
    """An answer to each case of the suite, by its id or its question, with contexts and marks."""
    return [
        {"id": "ferry", "answer": "The ferry carries 28 cars [1].", "contexts": [FERRY, TOLL]},
        {"question": "What is the  TOLL in crowns for cars?", "answer": "3 crowns [2].", "contexts": [FERRY, TOLL]},
        {"id": "keeper", "answer": "Maren is the keeper of the lighthouse [1].", "contexts": [TOLL]},
        {"id": "hamlet", "answer": "The context does not say who wrote it.", "contexts": [TOLL]},
    ]


# -- where contexts stand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "source", "how", "words"),
    [
        (FERRY, "", "exact", FERRY),
        ("  " + FERRY + "\n", "sea/ferry.txt", "exact", FERRY),
        (FERRY, "/srv/data/library/sea/ferry.txt", "exact", FERRY),
        (FERRY, "file:///srv/sea/ferry.txt", "exact", FERRY),
        ("The ferry to Skar-\nholm leaves **at 7:40**\nevery morning.", "", "letters", FERRY[:51]),
        ("the ferry carries\n28 cars", "", "letters", "The ferry carries 28 cars"),
        ("cars", "sea/ferry.txt", "exact", "cars"),
        ("arrie", "", "nowhere", ""),
        ("The ferry carries 82 cars.", "", "nowhere", ""),
        ("The ferry carries 2.8 cars.", "", "nowhere", ""),
        ("A text of another world, which nobody has put into this library.", "", "nowhere", ""),
        ("A text of another world.", "sea/ferry.txt", "source only", ""),
        ("", "sea/ferry.txt", "source only", ""),
    ],
)
def test_a_context_is_placed_by_its_words_and_never_at_a_wrong_place(
    index: Index, text: str, source: str, how: str, words: str
) -> None:
    place = Corpus(index).place(GivenContext(text, source))
    assert place.how == how
    found = index.catalog.document(place.source_id)
    assert (found.text[place.start : place.end] if found else "") == words


LONG = (
    "The harbour of Skarholm was dug in 1874 by forty men. Its wall is 312 metres long and made of granite from "
    "the quarry above the village. In winter the water freezes along the quay, and the pilots break the ice with "
    "poles before the first boat comes in. The dues are paid in the red house."
)


@pytest.fixture
def harbour(library: Path) -> None:
    """Documents that differ in numbers only, and one whose words stand twice."""
    (library / "harbour.txt").write_text(f"{LONG}\n\nNobody swims there.\n")
    (library / "harbour-2.txt").write_text(LONG.replace("1874", "1921").replace("312", "298") + "\n")
    (library / "twice.txt").write_text(
        "The bell rings at noon on each Sunday.\n\nThe bell rings at noon on each Sunday.\n"
    )


@pytest.mark.usefixtures("harbour")
class TestLongContexts:
    def test_a_header_and_a_few_other_letters_do_not_matter(self, index: Index) -> None:
        text = "file_path: harbour.txt title: Harbours\n\n" + LONG.replace("granite", "granit").replace("quay", "qay")
        place = Corpus(index).place(GivenContext(text))
        assert (place.how, place.source) == ("aligned", "harbour.txt")
        assert (place.start, place.end) == (0, len(LONG) - 1), "without the full stop"

    def test_a_text_with_other_numbers_has_no_place(self, index: Index) -> None:
        text = LONG.replace("312", "315").replace("granite", "granit")
        assert Corpus(index).place(GivenContext(text)).how == "nowhere"

    def test_numbers_tell_two_documents_apart(self, index: Index) -> None:
        text = LONG.replace("1874", "1921").replace("312", "298").replace("granite", "granit")
        assert Corpus(index).place(GivenContext(text)).source == "harbour-2.txt"

    def test_words_that_stand_twice_have_no_place_unless_it_is_told(self, index: Index) -> None:
        words = "The bell rings at noon on each Sunday."
        corpus = Corpus(index)
        assert corpus.place(GivenContext(words)).how == "nowhere"
        assert corpus.place(GivenContext(words, "twice.txt")).how == "source only"
        told = corpus.place(GivenContext(words, "twice.txt", 40, 78))
        assert (told.how, told.start, told.end) == ("exact", 40, 78)

    def test_words_without_offsets_that_are_told_wrongly_are_looked_for(self, index: Index) -> None:
        place = Corpus(index).place(GivenContext(FERRY, "sea/ferry.txt", 5, 9))
        assert (place.how, place.start) == ("exact", 0)

    def test_a_place_alone_is_enough(self, index: Index) -> None:
        place = Corpus(index).place(GivenContext("", "harbour.txt", 0, 11))
        assert (place.how, place.end) == ("exact", 11)
        assert Corpus(index).place(GivenContext("", "harbour.txt", 90_000, 90_010)).how == "source only"


def test_letters_know_where_they_come_from() -> None:
    letters = Letters("Der Ma\u00dfstab: 1.5 \ufb01le, co\u00adop\u2011eration \u2212 50 %")
    assert letters.text == "dermassstab1.5filecooperation50"
    start = letters.text.index("file")
    assert letters.span(start, start + 4) == (17, 20)


# -- what is given -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, 'no text under "answer"'),
        ({"answer": 5}, 'no text under "answer"'),
        ({"answer": " "}, "empty answer"),
        ({"answer": "a", "contexts": "one text"}, "must be a list"),
        ({"answer": "a", "contexts": [5]}, "A context must be"),
        ({"answer": "a", "contexts": [{"source": "x"}]}, 'neither "text" nor'),
        ({"answer": "a", "refused": "no"}, "must be true or false"),
        ({"answer": "a", "confidence": 1.5}, "from 0 to 1"),
        ({"answer": "a", "confidence": float("nan")}, "from 0 to 1"),
        ({"answer": "a", "cost": -1}, "at least 0"),
        ({"answer": "a", "latency_ms": "fast"}, "at least 0"),
        ({"answer": "a", "spans": [{"start": 0, "end": 9, "contexts": [1]}]}, "inside the answer"),
        ({"answer": "a", "cited": [0]}, "numbers from 1"),
        ({"answer": "a", "citations": [{"number": 1, "context": 4}]}, "there is none"),
        ({"answer": "a", "citations": [5]}, "must be an object"),
        ({"error": "overloaded"}, "says that it failed: overloaded"),
        ({"answer": "a", "contexts": ["x"] * 1001}, "more than 1000"),
    ],
)
def test_what_cannot_be_read_is_an_error_in_one_sentence(data: dict[str, Any], words: str) -> None:
    with pytest.raises(SystemFailed, match=words) as caught:
        read_given(data)
    assert "\n" not in str(caught.value)


def test_the_names_of_other_tools_are_read() -> None:
    given = read_given(
        {
            "user_input": "?",
            "response": "It is so.",
            "retrieved_contexts": [{"page_content": "Words.", "metadata": {"source": "a.md", "page": 2}}],
        }
    )
    assert given.contexts == (GivenContext("Words.", "a.md", page=2),)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("I don't know.", True),
        ("The provided context does not contain the answer.", True),
        ("I'm sorry, I can't help with that.", True),
        ("Das steht nicht in den Dokumenten.", True),
        ("The ferry carries 28 cars.", False),
        ("The documents do not name the captain, but the ferry carries 28 cars.", False),
    ],
)
def test_a_refusal_is_read_as_footnotes_own(text: str, is_one: bool) -> None:
    assert is_refusal(text) is is_one


def test_marks_map_to_contexts_and_sentences_to_verdicts(reading: Reading) -> None:
    given = read_given(
        {
            "answer": "The ferry carries 28 cars [2]. The toll is 4 crowns for cars [1, 3]. It is free [9].",
            "contexts": [TOLL, FERRY, "A text from nowhere."],
        }
    )
    answer = reading.answer("?", given)
    assert answer.answer == "The ferry carries 28 cars [2]. The toll is 4 crowns for cars [1][3]. It is free [9]."
    assert [(one.verdict, one.citations) for one in answer.sentences] == [
        ("verified", (2,)),
        ("contradicted", (1, 3)),
        ("unsupported", ()),
    ]
    assert all(answer.answer[one.start : one.end] == one.text for one in answer.sentences)
    assert [(one.number, one.source) for one in answer.citations] == [
        (2, "sea/ferry.txt"),
        (1, "bridge.md"),
        (3, "not placed: context 3"),
    ]
    assert answer.not_placed == 1
    reason = answer.sentences[1].reason
    assert reason
    bridge = reading.corpus.document("bridge.md").text
    assert bridge[reason.values["start"] : reason.values["end"]] == reason.values["quote"], "a place in the document"


def test_a_sentence_is_checked_against_what_it_cites_alone(reading: Reading) -> None:
    wrong = reading.answer("?", read_given({"answer": "The ferry carries 28 cars [1].", "contexts": [TOLL, FERRY]}))
    bare = reading.answer("?", read_given({"answer": "The ferry carries 28 cars.", "contexts": [TOLL, FERRY]}))
    assert [one.verdict for one in wrong.sentences] == ["unsupported"]
    assert [one.verdict for one in bare.sentences] == ["verified"]


@pytest.mark.parametrize(
    "beside",
    [
        {"spans": [{"start": 0, "end": 26, "contexts": [2]}]},
        {"cited": [2]},
        {"citations": [{"number": 2, "context": 2}], "cited": [2]},
        {"citations": [{"number": 2, "quote": FERRY, "source": "sea/ferry.txt"}], "cited": [2]},
    ],
)
def test_spans_stand_for_marks(reading: Reading, beside: dict[str, Any]) -> None:
    given = read_given({"answer": "The ferry carries 28 cars.", "contexts": [TOLL, FERRY], **beside})
    answer = reading.answer("?", given)
    assert answer.answer == "The ferry carries 28 cars. [2]"
    assert [(one.number, one.source) for one in answer.citations] == [(2, "sea/ferry.txt")]
    assert answer.sentences[0].verdict == "verified"


def test_a_part_of_a_document_keeps_its_blocks() -> None:
    document = Document(
        "Head\n\nOne two three.\n", "T", "text/plain", (Block(0, 4, "heading", 1), Block(6, 20, "paragraph"))
    )
    part = cut_document(document, 10, 20)
    assert part.text == "two three."
    assert part.blocks == (Block(0, 10, "paragraph"),)


# -- what is measured --------------------------------------------------------------------------------------------------


def test_every_metric_applies_to_recorded_answers(record: Callable[..., Run]) -> None:
    records = record(*answers()).records
    metrics = [one.metrics for one in records]
    assert [one["right"] for one in metrics] == [1, 1, 1, 1]
    assert [one["right_and_cited"] for one in metrics] == [1, 1, 0, None]
    assert [one["hit@1/document"] for one in metrics] == [1, 0, 0, None]
    assert [one["hit@3/span"] for one in metrics] == [1, 1, 0, None]
    assert [one["citation_recall"] for one in metrics] == [1, 1, 0, None]
    assert [one["quote_fidelity"] for one in metrics] == [1, 1, 1, None]
    assert [one["sentences_verified"] for one in metrics][2] == 0, "what is cited does not say it"
    assert [one["refused"] for one in metrics] == [0, 0, 0, 1]
    assert not any(one.error for one in records)
    assert "confidence" not in records[0].answer


def test_without_contexts_retrieval_is_not_given_and_never_0(record: Callable[..., Run]) -> None:
    rows = [{name: value for name, value in row.items() if name != "contexts"} for row in answers()[:2]]
    run = record(*rows, answers()[3])
    ferry, toll, keeper, hamlet = run.records
    assert keeper.error == "There is no answer to this case in " + keeper.error.split(" in ", 1)[1]
    for one in (ferry, toll):
        values = {name for name, value in one.metrics.items() if value is not None}
        assert not values & {"hit@1/document", "citation_recall", "right_and_cited", "sentences_verified"}
        assert one.metrics["right"] == 1
    assert hamlet.metrics["refused"] == 1
    assert not_given(run.records)["contexts"] == 2
    assert not_given_lines(run.records)[0].startswith("not given: contexts are not given (2 of 3 answers)")


def test_a_case_that_raised_has_no_value_of_what_no_answer_gives(record: Callable[..., Run]) -> None:
    run = record({"id": "ferry", "answer": "28 cars"})
    toll = run.records[1]
    assert toll.error
    assert toll.metrics["right"] == 0, "an error counts as wrong"
    assert toll.metrics["hit@1/document"] is None


def test_a_system_that_cites_sometimes_is_measured_where_it_does_not(record: Callable[..., Run]) -> None:
    rows = answers()
    rows[1]["answer"] = "3 crowns."
    assert record(*rows).records[1].metrics["citation_recall"] == 0
    for row in rows:
        row["answer"] = row["answer"].replace(" [1]", "")
    assert [one.metrics["citation_recall"] for one in record(*rows).records] == [None] * 4


def test_a_flag_decides_what_is_a_refusal(record: Callable[..., Run]) -> None:
    run = record({"id": "ferry", "answer": "I pass.", "refused": True}, {"id": "toll", "answer": "", "refused": True})
    assert [one.metrics["false_refusal"] for one in run.records[:2]] == [1, 1]


def test_cost_and_latency_are_taken_as_given(record: Callable[..., Run], suite: Suite) -> None:
    row = answers()[0] | {"cost": 0.0004, "latency_ms": 812, "tokens": {"sent": 900, "written": 12}, "model": "m"}
    run = record(row, *answers()[1:])
    assert run.records[0].timings == {"total_ms": 812}
    assert run.records[0].answer["usage"]["cost"] == 0.0004
    assert run.records[1].timings == {}
    results = build_results(suite, "0" * 64, {"model": "m", "system": {}}, run)
    assert results.usage
    assert results.usage.total.cost == 0.0004


def test_reports_name_the_system_and_what_it_does_not_give(
    record: Callable[..., Run], suite: Suite, index: Index, settings: Settings
) -> None:
    run = record(*({"id": id_, "answer": "28 cars <b>"} for id_ in ("ferry", "toll", "keeper", "hamlet")))
    config = describe_system(index, settings, {"kind": "answers", "name": "answers.jsonl", "sha256": "00"})
    results = build_results(suite, "0" * 64, config, run)
    shown = "\n".join(lines(results))
    assert "system answers.jsonl" in shown
    assert "retrieval is not measured" in shown
    assert "system answers.jsonl" in markdown(results)
    assert "retrieval is not measured" in markdown(results)
    assert "retrieval is not measured" in page(results, lambda _: None)
    assert results_data(results)["config"]["system"]["name"] == "answers.jsonl"
    again = build_results(suite, "0" * 64, config, record(*({"id": i, "answer": "28 cars <b>"} for i in CASES)))
    assert dump_json(results_data(replace(results, timing={}))) == dump_json(results_data(replace(again, timing={})))


CASES = ("ferry", "toll", "keeper", "hamlet")


def test_the_gate_asks_for_what_is_given_only(record: Callable[..., Run], suite: Suite) -> None:
    rules = (GateRule("right", min=0.2), GateRule("quote_fidelity", min=1.0), GateRule("auroc", min=0.5))
    run = record(*({"id": id_, "answer": "28 cars"} for id_ in CASES))
    kept = gated(replace(suite, gate=rules), run.records)
    assert [rule.metric for rule in kept.suite.gate] == ["right"]
    assert kept.without == ("quote_fidelity", "auroc")
    assert build_results(kept.suite, "0" * 64, {"model": "m"}, run).gate.state == "PASS"


def test_footnotes_own_run_is_as_it_was(suite: Suite, index: Index, configure: Make) -> None:
    run = run_suite(suite, index, configure())
    assert run.records[0].metrics["sentences_verified"] == 1
    assert "confidence" in run.records[0].answer
    assert not not_given_lines(run.records)


# -- the file of answers -----------------------------------------------------------------------------------------------


def test_missing_and_superfluous_answers_are_told(suite: Suite, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": "ferry", "answer": "a"}\n{"id": "moon", "answer": "b"}\n{"question": "Why?", "answer": "c"}\n'
    )
    assert read_answers(path).problems(suite.cases) == [
        f"3 cases have no answer in {path}: toll, keeper, hamlet.",
        f"2 answers of {path} belong to no case: moon, why?.",
    ]
    skipping = [replace(case, skip="later") if case.id == "toll" else case for case in suite.cases]
    assert read_answers(path).problems(skipping)[0] == f"2 cases have no answer in {path}: keeper, hamlet."


def test_the_answers_of_a_conversation_are_told_apart_by_their_questions(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"id": "talk", "question": "First?", "answer": "1"}, {"id": "talk", "question": "Then?", "answer": "2"}]
    path.write_text("\n".join(map(json.dumps, rows)))
    found = read_answers(path)
    assert [(found.find("talk", question) or {}).get("answer") for question in ("then?", "First?", "No?")] == [
        "2",
        "1",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no answers"),
        ("[1]\n", "must be a JSON object"),
        ('{"answer": "a"}\n', 'neither "id" nor "question"'),
        ('{"id": "a", "answer": "1"}\n{"id": "a", "answer": "2"}\n', "a.jsonl:2: there is a second answer"),
        ("{", "a.jsonl:1"),
    ],
)
def test_a_broken_file_is_the_users_mistake(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    with pytest.raises(UsageError, match=words):
        read_answers(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError):
        read_answers(path)
    with pytest.raises(UsageError):
        read_answers(tmp_path / "absent.jsonl")
