"""Conversations of a suite: how they are written, what stands before a turn, going on after a stop, and the scores."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.evaluate.conversations import conversation_figures, score_conversations
from rag.evaluate.grouping import clusters_of
from rag.evaluate.histories import turns_before, with_history, with_written_histories
from rag.evaluate.report import console
from rag.evaluate.report.conversations import score_text
from rag.evaluate.report.junit import junit
from rag.evaluate.report.markdown import markdown
from rag.evaluate.report.page import page
from rag.evaluate.report.table import table
from rag.evaluate.results import Results, build_results, results_data
from rag.evaluate.retrying import Retried, retry_failed
from rag.evaluate.run.configuration import Configuration, describe_configuration
from rag.evaluate.run.journal import open_journal, record_of
from rag.evaluate.run.runner import RunStopped, run_suite
from rag.evaluate.suite.conversations import limited
from rag.evaluate.suite.file import append_case, load_suite
from rag.evaluate.types import Case, Record, Suite
from rag.store.index import Index
from rag.types import Answer, Turn

TALKS = """\
schema_version: 1
suite: coast
corpus: {path: library}
conversations:
  - id: ferry
    tags: [sea]
    turns:
      - question: How many cars does the ferry carry?
        answers: ["28 cars"]
        reply: It carries 28 cars.
        evidence: [{source: sea/ferry.txt, quote: The ferry carries 28 cars.}]
      - {question: When does it leave?, answers: ["7:40"], tags: [follow-up]}
      - {question: Thanks!, small_talk: true}
      - {question: Who wrote Hamlet?, answerable: false}
  - id: shift
    turns:
      - {question: Who is the keeper of the lighthouse?, answers: [Maren]}
      - {question: What is the toll in crowns for cars?, answers: ["3 crowns"]}
cases:
  - {id: alone, question: What is the toll in crowns for cars?, answers: ["3 crowns"]}
"""
IDS = ["alone", "ferry/1", "ferry/2", "ferry/3", "ferry/4", "shift/1", "shift/2"]
Make = Callable[..., Configuration]
Corpus = tuple[Index, str]


@pytest.fixture
def talks(library: Path) -> Path:
    path = library.parent / "talks.yaml"
    path.write_text(TALKS, encoding="utf-8")
    return path


class Asked:
    """Stands where an answer is made: answers with the question's number, and keeps what it was asked."""

    def __init__(self, failing: Sequence[str] = (), stop_at: str = "") -> None:
        self.calls: list[tuple[str, tuple[Turn, ...]]] = []
        self.failing, self.stop_at = failing, stop_at

    def __call__(self, index: Index, question: str, *, history: Sequence[Turn] = (), **_: Any) -> Iterator[Answer]:
        if question == self.stop_at:
            raise KeyboardInterrupt
        self.calls.append((question, tuple(history)))
        if question in self.failing:
            raise ValueError("broken")
        yield Answer(question, question, f"Answer to {question} after {len(history)}")

    def history_of(self, question: str) -> list[str]:
        (found,) = [history for asked, history in self.calls if asked == question]
        return [f"{turn.role}: {turn.content}" for turn in found]


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Asked]:
    def make(**given: Any) -> Asked:
        asked = Asked(**given)
        monkeypatch.setattr("rag.evaluate.run.runner.answer", asked)
        return asked

    return make


# -- how they are written ----------------------------------------------------------------------------------------------


def test_the_turns_of_a_conversation_are_cases(talks: Path) -> None:
    suite = load_suite(talks)
    assert [case.id for case in suite.cases] == IDS
    second = suite.cases[2]
    assert (second.conversation, second.turn, second.tags) == ("ferry", 2, ("sea", "follow-up"))
    assert suite.where["ferry/2"] == f"{talks}:12"
    assert suite.conversation == "live"
    assert load_suite(talks, conversation="fixed").conversation == "fixed"


def test_a_suite_may_hold_conversations_alone(talks: Path) -> None:
    talks.write_text(TALKS.split("cases:")[0])
    assert len(load_suite(talks).cases) == 6
    with pytest.raises(UsageError, match="cases"):
        append_case(talks, Case("new", "Where?"))


def test_turns_in_a_file_of_cases_are_the_same_suite(talks: Path) -> None:
    from rag.evaluate.suite.file import case_line

    suite = load_suite(talks)
    lines = talks.parent / "lines.jsonl"
    lines.write_text("\n".join(case_line(case) for case in suite.cases))
    talks.write_text(TALKS.split("conversations:")[0] + "cases: lines.jsonl\n")
    again = load_suite(talks)
    assert again.cases == suite.cases
    assert again.sha256 == suite.sha256


def test_what_stands_before_a_turn_counts_in_the_hash_and_only_for_conversations(talks: Path, suite_path: Path) -> None:
    assert load_suite(talks).sha256 != load_suite(talks, conversation="fixed").sha256
    assert load_suite(talks).sha256 == load_suite(talks, conversation="live").sha256
    assert load_suite(suite_path).sha256 == load_suite(suite_path, conversation="fixed").sha256


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  - id: ferry\n    tags", "  - tags", "talks.yaml:5: a conversation needs an 'id'"),
        ("    tags: [sea]", "    tag: [sea]", "talks.yaml:6: 'tag' is an unknown key; known here: id, tags, turns."),
        ("    tags: [sea]", "    tags: sea", "talks.yaml:6: 'tags' must be a list of words"),
        ("{question: Thanks!,", "{id: x, question: Thanks!,", "talks.yaml:13: 'id' is no key of a turn"),
        ("{question: Thanks!,", "{history: [], question: Thanks!,", "talks.yaml:13: 'history' is no key of a turn"),
        (
            "question: Thanks!,",
            "extra: 1, question: Thanks!,",
            "turns[2].extra' is an unknown key; known here: question,",
        ),
        ("small_talk: true", "small_talk: 1", "talks.yaml:13: "),
        ("  - id: shift", "  - id: ferry", "is taken by"),
        ("conversations:", "conversation: both\nconversations:", "talks.yaml:4: 'conversation' is wrong"),
        (TALKS[TALKS.index("conversations:") : TALKS.index("cases:")], "conversations: 3\n", "talks.yaml:4: "),
        (TALKS[TALKS.index("conversations:") : TALKS.index("cases:")], "conversations: [3]\n", "must be an object"),
        (
            TALKS[TALKS.index("conversations:") : TALKS.index("cases:")],
            "conversations: [{id: a, turns: []}]\n",
            "needs a list of 1 to 200 'turns'",
        ),
        (
            TALKS[TALKS.index("conversations:") : TALKS.index("cases:")],
            "conversations: [{id: a, turns: [x]}]\n",
            "must be an object with 'id' and 'question'",
        ),
        ("{id: alone,", "{id: alone, turn: 2, conversation: other,", "turn 2 of the conversation 'other' stands in"),
        ("{id: alone,", "{id: alone, conversation: other,", "'conversation' and 'turn' stand together"),
        ("{id: alone,", "{id: alone, turn: -1,", "'turn' counts from 1"),
    ],
)
def test_what_is_wrong_in_a_conversation_is_said_with_its_line(talks: Path, old: str, new: str, message: str) -> None:
    assert old in TALKS
    talks.write_text(TALKS.replace(old, new, 1))
    with pytest.raises(UsageError) as refused:
        load_suite(talks)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_fixed_history_needs_a_reply_to_each_turn_that_another_follows(talks: Path) -> None:
    talks.write_text(TALKS.replace('answers: ["7:40"]', 'must_include: ["7:40"]'))
    assert load_suite(talks).cases
    with pytest.raises(UsageError, match=r"talks.yaml:12: the turn 'ferry/2' has neither a 'reply' nor 'answers'"):
        load_suite(talks, conversation="fixed")
    with pytest.raises(UsageError, match="write live or fixed"):
        load_suite(talks, conversation="both")


def test_a_limit_cuts_no_conversation(talks: Path) -> None:
    suite = load_suite(talks)
    assert [len(limited(suite, limit).cases) for limit in (None, 1, 2, 4, 5, 6, 7, 9)] == [7, 1, 5, 5, 5, 7, 7, 7]


# -- what stands before a turn -----------------------------------------------------------------------------------------


def test_a_live_history_is_what_the_system_answered(
    talks: Path, corpus: Corpus, configure: Make, asking: Callable[..., Asked]
) -> None:
    asked = asking()
    run_suite(load_suite(talks), corpus[0], configure())
    assert asked.history_of("Thanks!") == [
        "user: How many cars does the ferry carry?",
        "assistant: Answer to How many cars does the ferry carry? after 0",
        "user: When does it leave?",
        "assistant: Answer to When does it leave? after 2",
    ]
    assert asked.history_of("Who is the keeper of the lighthouse?") == []


def test_a_fixed_history_is_what_the_suite_says(
    talks: Path, corpus: Corpus, configure: Make, asking: Callable[..., Asked]
) -> None:
    asked = asking()
    run_suite(load_suite(talks, conversation="fixed"), corpus[0], configure())
    assert asked.history_of("Who wrote Hamlet?") == [
        "user: How many cars does the ferry carry?",
        "assistant: It carries 28 cars.",
        "user: When does it leave?",
        "assistant: 7:40",
        "user: Thanks!",
        "assistant: You are welcome.",
    ]
    written = with_written_histories(load_suite(talks))
    assert [len(case.history) for case in written] == [0, 0, 2, 4, 6, 0, 2]


def test_a_turn_that_raises_loses_no_other(
    talks: Path, corpus: Corpus, configure: Make, asking: Callable[..., Asked]
) -> None:
    asked = asking(failing=["When does it leave?"])
    ran = run_suite(load_suite(talks), corpus[0], configure())
    assert [record.id for record in ran.records] == IDS
    assert [record.id for record in ran.records if record.error] == ["ferry/2"]
    assert asked.history_of("Thanks!")[-1] == "user: When does it leave?"
    ferry, _ = score_conversations(ran.records)
    assert (ferry.raised, ferry.first_wrong) == (1, 1)


def test_going_on_in_the_middle_of_a_conversation_is_the_same_as_an_unbroken_run(
    talks: Path, corpus: Corpus, configure: Make, asking: Callable[..., Asked], tmp_path: Path
) -> None:
    suite, key = load_suite(talks), {"suite": "s"}
    asked = asking()
    whole = run_suite(suite, corpus[0], configure())
    for stop_at in ("When does it leave?", "Thanks!", "Who wrote Hamlet?"):
        path = tmp_path / "journal"
        asking(stop_at=stop_at)
        with pytest.raises(RunStopped), open_journal(path, key, resume=False) as journal:
            run_suite(suite, corpus[0], configure(), journal=journal)
        rest = asking()
        with open_journal(path, key, resume=True) as journal:
            resumed = run_suite(suite, corpus[0], configure(), journal=journal)
        assert rest.calls == asked.calls[-len(rest.calls) :]
        assert [replace(record, timings={}) for record in resumed.records] == [
            replace(record, timings={}) for record in whole.records
        ]


@pytest.mark.parametrize(("mode", "followers"), [("live", 2), ("fixed", 0)])
@pytest.mark.parametrize("is_in_journal", [False, True])
def test_turns_behind_one_that_is_asked_again_are_asked_again_where_answers_are_their_history(
    talks: Path,
    tmp_path: Path,
    corpus: Corpus,
    configure: Make,
    asking: Callable[..., Asked],
    mode: str,
    followers: int,
    is_in_journal: bool,
) -> None:
    suite = load_suite(talks, conversation=mode)
    asking(failing=["When does it leave?"])
    broken = run_suite(suite, corpus[0], configure())
    asking()
    whole = run_suite(suite, corpus[0], configure())
    path, key = tmp_path / "eval.journal", {"suite": suite.sha256}
    before = {} if is_in_journal else {record.id: record for record in broken.records}
    with open_journal(path, key, resume=True) as journal:
        for record in broken.records if is_in_journal else ():
            journal.add(record)
        assert retry_failed(suite, journal, None, before) == Retried(0, 1, followers)
        assert len(journal.finished) == 7 - 1 - followers
    # Cut off before anything was asked.
    with open_journal(path, key, resume=True) as journal:
        asked = asking()
        again = run_suite(suite, corpus[0], configure(), journal=journal)
    assert len(asked.calls) == 1 + followers
    assert [_plain(record) for record in again.records] == [_plain(record) for record in whole.records]


def test_a_turn_alone_keeps_the_history_that_it_was_given(talks: Path) -> None:
    suite = load_suite(talks)
    turn = suite.cases[3]
    assert [case.id for case in turns_before(suite, turn)] == ["ferry/1", "ferry/2"]
    assert turns_before(suite, suite.cases[0]) == []
    given = replace(turn, history=(Turn("user", "a"),))
    assert with_history(replace(suite, cases=(given,)), []) == given


def test_conversations_are_clusters(talks: Path, corpus: Corpus, configure: Make) -> None:
    ran = run_suite(load_suite(talks), corpus[0], configure())
    assert [record.cluster for record in ran.records] == ["", *["conversation ferry"] * 4, *["conversation shift"] * 2]
    again = [record_of(json.loads(json.dumps(_plain(record)))) for record in ran.records]
    assert [(record.conversation, record.turn) for record in again] == [
        (record.conversation, record.turn) for record in ran.records
    ]


def test_a_follow_up_is_of_the_conversation_that_its_first_question_began(
    suite: Suite, corpus: Corpus, configure: Make
) -> None:
    greeting = Turn("assistant", "How can I help?")
    cases = (
        Case("first", "How wide is\n the bridge?", answers=("9 metres",)),
        Case("then", "And how long?", history=(greeting, Turn("user", "How wide is the bridge?"))),
        Case("other", "Who keeps it?", history=(greeting, Turn("user", "Is there a ferry?"))),
        Case("alone", "What is the toll?", answerable=False),
    )
    ran = run_suite(replace(suite, cases=cases), corpus[0], configure())
    bridge = "conversation How wide is the bridge?"
    assert [record.cluster for record in ran.records] == [bridge, bridge, "conversation Is there a ferry?", ""]
    first, then, other, alone = clusters_of(ran.records)
    assert first == then
    assert len({first, other, alone}) == 3
    part = run_suite(replace(suite, cases=cases[:1]), corpus[0], configure(), whole=replace(suite, cases=cases))
    assert part.records[0].cluster == bridge


def _plain(record: Record) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(record)


# -- scores ------------------------------------------------------------------------------------------------------------


def turn(conversation: str, number: int, right: float | None, error: str = "") -> Record:
    return Record(f"{conversation}/{number}", {"right": right}, error=error, conversation=conversation, turn=number)


def test_a_conversation_is_scored_as_one_would_by_hand() -> None:
    scores = score_conversations(
        [
            turn("a", 1, 1.0),
            turn("a", 2, None),
            turn("a", 3, 0.0),
            turn("a", 4, 1.0),
            Record("alone", {"right": 0.0}),
            turn("b", 2, 1.0),
            turn("b", 1, 1.0),
            turn("c", 1, None),
            turn("d", 1, 0.0, error="broken"),
        ]
    )
    assert [(score.id, score.turns, score.measured, score.right, score.first_wrong) for score in scores] == [
        ("a", 4, 3, 2, 3),
        ("b", 2, 2, 2, 0),
        ("c", 1, 0, 0, 0),
        ("d", 1, 1, 0, 1),
    ]
    assert [score.share for score in scores] == [2 / 3, 1, None, 0]
    assert [score.all_right for score in scores] == [0, 1, None, 0]
    assert score_text(scores[0]) == "2 of 3 turns right (1 measured only), turn 3 is the first wrong one"
    assert score_text(scores[2]) == "1 turns, of which none expects anything"
    assert score_text(scores[3]) == "0 of 1 turns right, turn 1 is the first wrong one, 1 raised"
    right, share = conversation_figures(scores)
    assert (right.metric, right.n, round(right.mean, 6)) == ("conversation_right", 3, 0.333333)
    assert (share.metric, share.n, round(share.mean, 6)) == ("conversation_turns_right", 3, 0.555556)
    assert conversation_figures(scores[2:3]) == []


def test_small_talk_is_right_without_citations_and_a_refusal_of_it_is_wrong() -> None:
    from rag.evaluate.metrics.answer import answer_measures
    from rag.types import Citation

    case = Case("thanks", "Thanks!", small_talk=True)
    assert answer_measures(case, Answer("", "", "You are welcome."))["right"] == 1
    assert answer_measures(case, Answer("", "", "The documents do not say.", abstained=True))["right"] == 0
    cited = Citation(1, "c", "id", "a.md", 0, 3, "The")
    assert answer_measures(case, Answer("", "", "The [1]", citations=(cited,)))["right"] == 0


# -- reports -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def results(talks: Path, corpus: Corpus, configure: Make) -> Results:
    """A real run, in which small talk, a follow-up and a shift of topic are answered by the product."""
    suite = load_suite(talks)
    ran = run_suite(suite, corpus[0], configure())
    config = describe_configuration(corpus[0], configure())
    return build_results(suite, corpus[1], config, ran)


def test_every_report_names_conversation_and_turn(results: Results) -> None:
    data = results_data(results)
    ferry, shift = data["conversations"]["scores"]
    assert data["conversations"]["mode"] == "live"
    assert (shift["id"], shift["all_right"], shift["first_wrong"]) == ("shift", 1.0, 0)
    assert (ferry["turns"], ferry["measured"]) == (4, 4)
    assert [(case["conversation"], case["turn"]) for case in data["cases"]][:3] == [("", 0), ("ferry", 1), ("ferry", 2)]
    assert 'classname="coast.ferry" name="ferry/2"' in junit(results)
    assert '<property name="conversation shift" value="2 of 2 turns right"' in junit(results)
    rows = list(csv.DictReader(io.StringIO(table(results))))
    assert [(row["conversation"], row["turn"]) for row in rows][:3] == [("", ""), ("ferry", "1"), ("ferry", "2")]
    html = page(results, lambda _: None)
    assert "<h2>Conversations</h2>" in html
    assert "user: How many cars does the ferry carry?\nassistant: " in html
    assert "conversations right in every turn; the system" in "\n".join(console.lines(results))
    assert "### Conversations" in markdown(results)


def test_a_suite_without_conversations_says_nothing_of_them(suite: Suite, corpus: Corpus, configure: Make) -> None:
    ran = run_suite(suite, corpus[0], configure())
    alone = build_results(suite, corpus[1], describe_configuration(corpus[0], configure()), ran)
    assert results_data(alone)["conversations"] == {}
    assert "onversation" not in page(alone, lambda _: None)
    assert "onversation" not in "\n".join(console.lines(alone))


def test_the_name_of_a_conversation_is_escaped(results: Results) -> None:
    name = "<script>alert(1)</script>"
    records = tuple(replace(r, conversation=name if r.conversation else "") for r in results.records)
    html = page(replace(results, records=records), lambda _: None)
    assert name not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_shipped_conversations_have_every_kind_of_turn_and_can_be_run_either_way() -> None:
    folder = Path(__file__).parents[1] / "suites" / "conversations"
    suite = load_suite(folder, corpus_anywhere=True)
    assert len(suite.cases) >= 30
    assert sum(case.small_talk for case in suite.cases) >= 4
    assert sum(not case.answerable for case in suite.cases) >= 3
    assert {"follow-up", "shift", "unanswerable"} <= {tag for case in suite.cases for tag in case.tags}
    assert load_suite(folder, conversation="fixed", corpus_anywhere=True).conversation == "fixed"
