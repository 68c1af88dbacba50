"""Drafting: questions by rules with hand-worked answers, junk that gives none, a strong model over a real server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.evaluate.drafting.generate import generate_cases
from rag.evaluate.drafting.offline import choose_gap
from rag.evaluate.drafting.rules import Asked, heading_question, questions_of
from rag.evaluate.drafting.soundness import is_sound, is_whole
from rag.evaluate.drafting.strong import read_draft
from rag.evaluate.drafting.unanswerable import stand_together
from rag.evaluate.suite.file import load_suite
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import Index
from tests.conftest import ROOT, Command, write_files
from tests.models.servers import Reply, Request, Server
from tests.models.servers.openai import refusal, streamed


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("The new ferry carries 28 cars.", "How many cars does the new ferry carry?", "28 cars"),
        ("A berth costs 35 euros a night.", "How many euros does a berth cost a night?", "35 euros"),
        ("There are 19 locks on the canal.", "How many locks are there on the canal?", "19 locks"),
        ("The bridge was built in 1928 by the town.", "When was the bridge built by the town?", "1928"),
        ("The keeper of the harbour is Ingrid Solberg, who lives there.", "Who is the keeper of the harbour?",
         "Ingrid Solberg"),
        ("Maren is the keeper of the lighthouse.", "Who is the keeper of the lighthouse?", "Maren"),
        ("The water is 19 metres deep at the crane.", "How deep is the water at the crane?", "19 metres"),
        ("The deposit is $1,250.50 per boat.", "How high is the deposit per boat?", "$1,250.50"),
        ("When the storm comes near, the ferry stays in the harbour.", "What happens when the storm comes near?",
         "the ferry stays in the harbour"),
        ("The option `--gate` ends the run with 1 where the gate fails.",
         "Which option ends the run with 1 where the gate fails?", "--gate"),
        ("A conversation has at most 200 turns.", "How many turns does a conversation have at most?", "200 turns"),
        ("In 1928, the old bridge of Halden was closed.", "When was the old bridge of Halden closed?", "1928"),
        ("In 1351, the Red Turban Rebellion started.", "When did the Red Turban Rebellion start?", "1351"),
        ("The ferry of Halden left in 1905, when the ice broke.", "When did the ferry of Halden leave?", "1905"),
        ("The first pump of the mill was invented by Thomas Savery.", "Who was the first pump of the mill invented by?",
         "Thomas Savery"),
        ("The treaty of Halden was signed in Oslo.", "Where was the treaty of Halden signed?", "Oslo"),
        ("The miller Ada Berg sold the mill to the town.", "Who sold the mill to the town?", "Ada Berg"),
        ("In 1905 Ada Berg sold the mill to the town.", "When did Ada Berg sell the mill to the town?", "1905"),
        ("The longest river of the county is the Ness.", "What is the longest river of the county?", "Ness"),
        ("The upper part of the Rhine is called the Alpine Rhine.", "What is the upper part of the Rhine called?",
         "Alpine Rhine"),
        ("About 40 percent of the boats stay in the harbour.", "What percentage of the boats stay in the harbour?",
         "40 percent"),
        ("The mill of Halden was closed because the river had fallen dry.", "Why was the mill of Halden closed?",
         "the river had fallen dry"),
        ("The cycle of an engine consists of four strokes of a piston.",
         "What does the cycle of an engine consist of?", "four strokes of a piston"),
        ("When the old king died in Oslo, the crown was given to the bishop.",
         "What happened when the old king died in Oslo?", "the crown was given to the bishop"),
        ("The daily rate for meals is 42 EUR.", "What is the daily rate for meals?", "42 EUR"),
    ],
)  # fmt: skip
def test_a_whole_sentence_becomes_a_plain_question(sentence: str, question: str, answer: str) -> None:
    first = next(questions_of(sentence), None)
    assert first is not None
    assert (first.question, first.answer) == (question, answer)


@pytest.mark.parametrize(
    "sentence",
    [
        "The toll is 1,234.",
        "It carries 28 cars and many people.",
        "The ferry carries 28 cars, and the bridge carries 400 trains.",
        "A sack weighs ten kilograms and costs nine euros.",
        "The option `--gate` works in the same way as it.",
        "Since the Quaternary is a very short period with short epochs, it is further expanded.",
        "When expanded through pistons or turbines, mechanical work is done.",
        "When the second population dies, the fleas move on to other hosts in the town.",
        "When the text of a format changes, raise the version of it in the module.",
        "A pump was described by Taqi al-Din in 1551 and by Giovanni Branca in 1629.",
        "Individual Huguenots settled at the Cape from as early as 1671 with their ships.",
        "Manchester Railway opened in 1830 with steam power for all trains.",
        "The brackets are 95 % intervals of the mean.",
        "More than 462,000 students were enrolled in primary schools and 390,000 in others.",
    ],
)
def test_a_sentence_that_fits_no_rule_gives_no_wrong_question(sentence: str) -> None:
    for asked in questions_of(sentence):
        assert asked.answer == "1,234"


@pytest.mark.parametrize(
    "junk",
    [
        "Annual Report 2023 | Page 17 of 88 | Confidential.",
        "Revenue ........................................ 17.",
        "this sentence begins in the middle of the page.",
        "The sentence of this page ends in the middle of",
        "These are the figures of the year that was.",
        "We carried 28 cars to the island in the storm.",
        "The ferry (which is of the town carries 28 cars.",
        "See https://example.org/ferry for the list of the cars.",
        "Die Fähre fährt um sieben Uhr vierzig nach Skarholm.",
        "THE FERRY CARRIES 28 CARS TO THE ISLAND IN THE STORM.",
        "The ferry carries \ufffd28 cars to the island of the keeper.",
        "The values are 1 2 3 4 5 6 7 8 9 in the list.",
        "The the the the the the the the ferry is in it.",
    ],
)
def test_junk_gives_no_question(junk: str) -> None:
    assert not is_sound(junk)


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("It costs 1,234 euros.", "234", False),
        ("It costs $3.5 million.", "3.5", False),
        ("It costs $3.5 million.", "$3.5 million", True),
        ("It rose by 12 % a year.", "12 %", True),
        ("It rose by 12.5% a year.", "12", False),
        ("A 5-year plan.", "5", False),
        ("It opened in 1928.", "1928", True),
        ("Version 2.14 is out.", "2", False),
        ("It costs 35 euros.", "35 euros", True),
    ],
)
def test_a_number_is_taken_whole_or_not_at_all(text: str, part: str, whole: bool) -> None:
    start = text.index(part)
    assert is_whole(text, start, start + len(part)) == whole


def test_a_gap_is_never_a_cut_number() -> None:
    sentence = "The company paid $3.5 million for the old ferry."
    assert choose_gap(sentence, sentence) == "$3.5 million"
    for sentence, gap in (
        ("The plague of 1649 probably reduced the town by half.", "1649"),
        ("The confession of 1559 shows a decidedly Calvinistic influence.", "1559"),
        ("The storm of the year needs 4 lines and a fender.", "4 lines"),
        ("By 17 September, all boats had left the harbour.", "17 September"),
        ("In the course of the Hundred Years' War, the nobles saw it.", ""),
    ):
        assert choose_gap(sentence, sentence) == gap
    sentence = "The ferry of the town leaves at 7:40 every morning."
    assert choose_gap(sentence, sentence) == "7:40"


def test_a_heading_is_asked_only_where_what_follows_speaks_of_it() -> None:
    assert heading_question("How to moor a boat", "Harbour", "Two lines moor a boat of that size.") == (
        "How do I moor a boat?"
    )
    assert heading_question("How to moor a boat", "Harbour", "Nothing is said of it.") == ""
    assert heading_question("How to add a boat", "Harbour", "A boat is a vessel for rivers.") == ""
    assert heading_question("What happens when a boat sinks", "Harbour", "A boat that sinks is raised.") == (
        "What happens when a boat sinks?"
    )


def test_rules_are_told_by_what_they_ask() -> None:
    assert Asked("Who?", "Maren").match == "contains"


# -- whole libraries ---------------------------------------------------------------------------------------------------

TEXTS = {
    "tolls.csv": "Vehicle,Crowns,Opening\nLorry,12,6:00\nBicycle,2,7:30\nTractor,9,8:15\n",
    "boats.md": "# Boats\n\nThe new ferry carries 28 cars. The old ferry was built in 1928.\n\n"
    "## Crew\n\n| Name | Duty |\n| --- | --- |\n| Solberg | keeper of the keys |\n| Lindqvist | cook on Sundays |\n",
    "harbour.txt": "The harbour master keeps 14 lamps in the tower. There are 19 locks on the canal. "
    "The crane was built in 1951. The pier is 90 metres long.\n",
}


@pytest.fixture
def harbour(open_again: Callable[..., Index], tmp_path: Path, settings: Settings) -> Index:
    write_files(tmp_path / "harbour", TEXTS)
    index = open_again("harbour")
    ingest(index, [tmp_path / "harbour"])
    return index


def test_drafts_are_of_many_kinds(harbour: Index) -> None:
    cases = list(generate_cases(harbour, 24))
    kinds = {tag for case in cases for tag in case.tags}
    assert {"sentence", "table", "two-sources", "near-miss", "unanswerable"} <= kinds
    by_question = {case.question: case for case in cases}
    table = by_question["In the file “tolls.csv”, what is given as “Crowns” for “Lorry”?"]
    assert table.answers == ("12",)
    (joined,) = [case for case in cases if "two-sources" in case.tags][:1]
    assert len({evidence.source for evidence in joined.evidence}) == 2
    assert len(joined.must_include) == 2
    near = [case for case in cases if "near-miss" in case.tags]
    assert all(not case.answerable and not case.evidence for case in near)
    assert len({case.id for case in cases}) == len(cases)


def test_what_a_near_miss_asks_stands_in_no_chunk(harbour: Index) -> None:
    assert stand_together(harbour, "Solberg", "duty")
    assert not stand_together(harbour, "Solberg", "crowns")


def test_going_on_gives_the_drafts_that_are_missing(harbour: Index) -> None:
    whole = [case.id for case in generate_cases(harbour, 12)]
    rest = [case.id for case in generate_cases(harbour, 12, known=whole[:5])]
    assert rest == whole[5:]
    assert list(generate_cases(harbour, 12, known=whole)) == []


# -- a strong model ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        "", "What is the toll?", "[]", "{", '{"question": 5}', '{"question": "Who?", "quotes": [1]}',
        '{"question": "Who?", "answer": ["x"]}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_reply_that_is_no_draft_is_dropped(reply: str) -> None:
    assert read_draft(reply) is None


PASSAGES = {
    f"{name}.txt": f"The {name} to the island carries {cars} cars and leaves at noon from the pier of the town. "
    "It was built for the storms of the north, and its crew of nine sleeps on board in winter. "
    "The town pays for the coal, and the island pays for the crew and for the lamps.\n"
    for name, cars in (("ferry", 28), ("barge", 14), ("clipper", 3), ("trawler", 7))
}


def drafted(question: str, answer: str, *quotes: str) -> Reply:
    return streamed(json.dumps({"question": question, "answer": answer, "quotes": list(quotes)}))


def vessel_of(request: Request) -> str:
    prompt = request.json["messages"][-1]["content"]
    return next(name.removesuffix(".txt") for name in PASSAGES if f"The {name.removesuffix('.txt')} to" in prompt)


def is_check(request: Request) -> bool:
    return "Passages:" not in request.json["messages"][-1]["content"]


def well(request: Request) -> Reply:
    """Writes a good question of each kind, and finds its answers again."""
    prompt, vessel = request.json["messages"][-1]["content"], vessel_of(request)
    if is_check(request):
        return streamed("NOT_IN_DOCUMENTS" if "captain" in prompt else "It leaves at noon for the island. [1]")
    if "does not answer" in prompt:
        return drafted(f"Who is the captain of the {vessel}?", "")
    quotes = [
        f"{name} to the island" for name in ("ferry", "barge", "clipper", "trawler") if f"The {name} to" in prompt
    ]
    if "Copy a quote from each" in prompt:
        return drafted(f"When do the {' and the '.join(q.split()[0] for q in quotes)} leave?", "island", *quotes)
    return drafted(f"At what time does the {vessel} depart?", "noon", "leaves at noon")


@pytest.fixture
def vessels(folder: Path) -> Path:
    write_files(folder / "vessels", PASSAGES)
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("llama_index.llms.openai_like")
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("RAG_LLM_TRUST", "strong")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(well) as opened:
        yield opened


def spec(server: Server) -> str:
    return f"openai-like:{server.url}/v1#m"


def cases_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "drafts" / "cases.jsonl").read_text().splitlines()]


@pytest.mark.localhost
def test_a_strong_model_that_is_set_drafts_by_itself(
    vessels: Path, rag: Command, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_LLM", spec(server))
    ran = rag("eval", "new", "drafts", "--from-corpus", "vessels", "--count", "6")
    assert ran.code == 0, ran.err
    cases = cases_in(vessels)
    assert {tag for case in cases for tag in case["tags"]} >= {"draft", "generated", "near-miss", "two-sources"}
    answered = [case for case in cases if case.get("answerable", True)]
    assert answered[0]["answers"] == ["noon"]
    assert answered[0]["evidence"][0]["quote"] == "leaves at noon"
    assert load_suite(vessels / "drafts" / "suite.yaml", corpus_anywhere=True).cases


def bad_quotes(request: Request) -> Reply:
    return streamed("noon") if is_check(request) else drafted("At what time does it really go?", "noon", "at midnight")


@pytest.mark.localhost
@pytest.mark.parametrize(
    "reply",
    [
        streamed("I would ask when the ferry leaves."),
        streamed('{"question": ""}'),
        drafted("When does the vessel leave?", "noon", "leaves at midnight"),
        drafted("Does the vessel leave at noon?", "noon", "leaves at noon"),
        drafted("When does it leave?", "noon", "leaves at noon"),
        drafted("What does the passage say of the vessel?", "noon", "leaves at noon"),
        drafted("What does the vessel carry at sea?", "gold", "leaves at noon"),
        drafted("When does the vessel\x1b leave the town?", "noon", "leaves at noon"),
        bad_quotes,
    ],
)
def test_what_a_strong_model_writes_badly_is_not_kept(vessels: Path, rag: Command, server: Server, reply: Any) -> None:
    server.replies[:] = [reply]
    ran = rag("eval", "new", "drafts", "--from-corpus", "vessels", "--count", "2", "--llm", spec(server))
    assert ran.code == 2, ran.out
    assert "give nothing to ask about" in ran.err
    assert not (vessels / "drafts").exists()
    assert 1 <= len(server.posts) <= 12, "it is not asked for ever"


@pytest.mark.localhost
def test_drafting_goes_on_where_a_failing_model_stopped_it(vessels: Path, rag: Command, server: Server) -> None:
    server.replies[:] = [well, well, refusal(401, "No.")]
    arguments = ("eval", "new", "drafts", "--from-corpus", "vessels", "--count", "3", "--llm", spec(server))
    ran = rag(*arguments)
    assert ran.code == 1, ran.err
    assert "What was drafted until then is kept: go on with the same command and --resume." in ran.err
    (first,) = cases_in(vessels)
    server.replies[:] = [well]
    again = rag(*arguments, "--resume")
    assert again.code == 0, again.err
    cases = cases_in(vessels)
    assert cases[0] == first
    assert len(cases) > 1
    assert len({case["id"] for case in cases}) == len(cases)


@pytest.mark.localhost
def test_a_drafting_that_is_terminated_loses_nothing(vessels: Path, server: Server) -> None:
    """In a process of its own, which is ended as a machine that shuts down would."""
    stuck = [well] * 4 + [Reply(iter([b"\0hang"]), type="text/event-stream")]
    server.replies[:] = stuck
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAG_THREADS": "1", "RAG_HOME": "home"}
    command = [sys.executable, "-m", "tests.fakes", "eval", "new", "drafts", "--from-corpus", "vessels"]
    started = subprocess.Popen(
        [*command, "--count", "9", "--llm", spec(server)],
        env=environment, cwd=vessels, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(server.posts) < 5:
        assert started.poll() is None, started.communicate()
        time.sleep(0.05)
    started.send_signal(signal.SIGTERM)
    started.communicate(timeout=120)
    assert started.returncode != 0
    assert cases_in(vessels)
    assert load_suite(vessels / "drafts" / "suite.yaml", corpus_anywhere=True).cases
