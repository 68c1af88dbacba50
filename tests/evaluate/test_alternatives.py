"""The same fact in several places, and facts of several grades: what is located, measured, linted and exported."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.evaluate.formats import export_suite
from rag.evaluate.metrics.abstention import AbstentionTable, abstention_table, suite_metrics
from rag.evaluate.metrics.citation import citation_measures
from rag.evaluate.metrics.measuring import measure
from rag.evaluate.metrics.retrieval import character_measures, document_measures, page_measures, passage_measures
from rag.evaluate.run.configuration import Configuration
from rag.evaluate.run.runner import run_suite
from rag.evaluate.suite.file import case_to_json, load_suite
from rag.evaluate.suite.gold_evidence import locate_case_evidence
from rag.evaluate.suite.lint import lint_suite
from rag.evaluate.types import Case, GoldEvidence, GoldSpan, Record, Suite
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.types import Answer, Citation, Passage
from tests.fakes import WordEncoder

# The rent stands in the lease and in the letter; the deposit in the lease alone.
LEASE, LETTER = GoldSpan("lease", 0, 10, 1, group=0), GoldSpan("letter", 0, 10, 3, group=0)
DEPOSIT = GoldSpan("lease", 100, 110, 2)


def passage(source: str, start: int, end: int, page: int | None = None) -> Passage:
    return Passage(f"{source}{start}", source, source, "", start, end, "", "", page, 1, {})


def citation(source: str, start: int, end: int) -> Citation:
    return Citation(1, source, source, "", start, end, "", None, ())


# -- metrics -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["lease", "letter"])
def test_either_place_is_found_and_cited(source: str) -> None:
    gold, read = [LEASE, LETTER], [passage(source, 0, 20, 1 if source == "lease" else 3)]
    for measures in (document_measures(read, gold, 1), passage_measures(read, gold, 1), page_measures(read, gold, 1)):
        assert measures
        assert (measures["hit"], measures["recall"], measures["map"], measures["ndcg"]) == (1, 1, 1, 1)
    assert character_measures(read, gold, 1)["span_recall"] == 1
    cited = citation_measures(Answer("q", "q", citations=(citation(source, 0, 10),)), gold)
    assert cited == {"citation_precision": 1, "citation_recall": 1}


def test_both_places_are_no_fault_and_other_evidence_is_still_asked_for() -> None:
    gold = [LEASE, LETTER, DEPOSIT]
    read = [passage("letter", 0, 10), passage("lease", 0, 10)]
    measures = passage_measures(read, gold, 2)
    assert measures["recall"] == 0.5, "the deposit is missing"
    assert measures["precision"] == 0.5, "the second place says nothing new"
    answer = Answer("q", "q", citations=(citation("letter", 0, 10), citation("lease", 0, 10)))
    assert citation_measures(answer, gold) == {"citation_precision": 1, "citation_recall": 0.5}
    characters = character_measures(read, gold, 2)
    assert (characters["span_recall"], characters["span_precision"]) == (0.5, 1)
    assert characters["span_iou"] == pytest.approx(20 / 30), "20 characters read, all of them gold, and 10 missed"


def test_a_document_that_another_need_asks_for_anyway_counts_once() -> None:
    # The deposit needs the lease, so that the rent is found with it; the letter alone leaves the deposit.
    gold = [LEASE, LETTER, DEPOSIT]
    assert document_measures([passage("lease", 0, 1)], gold, 1)["recall"] == 1
    assert document_measures([passage("letter", 0, 1)], gold, 1)["recall"] == 0


def test_grades_are_the_gains_of_ndcg() -> None:
    gold = [GoldSpan("good", 0, 10, grade=2), GoldSpan("fair", 0, 10)]
    read = [passage("fair", 0, 10), passage("good", 0, 10)]
    expected = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert document_measures(read, gold, 10)["ndcg"] == pytest.approx(expected)
    assert passage_measures(read, gold, 10)["ndcg"] == pytest.approx(expected)
    assert document_measures(read[::-1], gold, 10)["ndcg"] == 1


def test_a_tentative_answer_is_neither_answered_nor_refused() -> None:
    known, unknown = Case("known", "q", answers=("x",)), Case("unknown", "q", answerable=False)
    answers = {
        "tentative": Answer("q", "q", answer="x", tentative=True),
        "refused": Answer("q", "q", abstained=True),
        "answered": Answer("q", "q", answer="x"),
    }
    records = [
        Record(f"{case.id} {how}", measure(case, (), answer))
        for case in (known, unknown)
        for how, answer in answers.items()
    ]
    assert abstention_table(records) == AbstentionTable(1, 1, 1, 1, 1, 1)
    values = {record.id: record.metrics for record in records}
    assert values["unknown tentative"]["refused"] == 0
    assert values["unknown tentative"]["wrong_on_unanswerable"] == 0
    assert values["unknown refused"]["wrong_on_unanswerable"] == 0
    assert values["unknown answered"]["wrong_on_unanswerable"] == 1
    figures = suite_metrics(records)
    assert figures["abstention_recall"] == pytest.approx(1 / 3)
    assert figures["abstention_precision"] == pytest.approx(1 / 2)
    assert figures["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 3) / 2)


# -- suites ------------------------------------------------------------------------------------------------------------

LEASE_TEXT = "# Lease\n\nThe monthly rent is 900 crowns in all.\n\nThe deposit is 1800 crowns.\n"
LETTER_TEXT = "# Letter\n\nDear tenant, the monthly rent is 900 crowns in all. Yours, Ada.\n"


@pytest.fixture
def rooms(tmp_path: Path, settings: Settings) -> Any:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "lease.md").write_text(LEASE_TEXT)
    (docs / "letter.md").write_text(LETTER_TEXT)
    with open_index("rooms", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [docs])
        yield docs.parent, opened


def written(folder: Path, evidence: Any, **fields: Any) -> Suite:
    case = {"id": "rent", "question": "What is the rent?", "answers": ["900 crowns"], "evidence": evidence, **fields}
    path = folder / "suite.yaml"
    path.write_text(f"schema_version: 1\nsuite: rooms\ncorpus: {{path: docs}}\ncases:\n  - {json.dumps(case)}\n")
    return load_suite(path)


RENT_HERE = {"source": "lease.md", "quote": "monthly rent is 900 crowns in all"}
RENT_THERE = {"source": "letter.md", "quote": "monthly rent is 900 crowns in all"}


def warnings_of(suite: Suite, index: Index) -> list[str]:
    return [problem.text for problem in lint_suite(suite, index) if problem.case]


def test_alternatives_are_written_read_and_located(rooms: tuple[Path, Index]) -> None:
    folder, index = rooms
    suite = written(folder, [{"any_of": [RENT_HERE, RENT_THERE]}])
    (case,) = suite.cases
    assert case_to_json(case)["evidence"] == [{"any_of": [RENT_HERE, RENT_THERE]}]
    spans, problems = locate_case_evidence(case, index)
    assert problems == []
    assert [(span.source, span.group) for span in spans] == [("lease.md", 0), ("letter.md", 0)]
    assert warnings_of(suite, index) == []


def test_an_alternative_that_is_not_there_is_named(rooms: tuple[Path, Index]) -> None:
    folder, index = rooms
    suite = written(folder, [{"any_of": [RENT_HERE, {"source": "gone.md", "quote": "x"}]}])
    (problem,) = locate_case_evidence(suite.cases[0], index)[1]
    assert problem.startswith("evidence[0].any_of[1]: gone.md is not in the corpus")


def test_lint_finds_the_same_words_elsewhere(rooms: tuple[Path, Index]) -> None:
    folder, index = rooms
    (text,) = warnings_of(written(folder, [RENT_HERE]), index)
    assert text.startswith("evidence[0]: the same words stand in letter.md, too;")
    (text,) = warnings_of(written(folder, [RENT_HERE, RENT_THERE]), index)
    assert text.startswith("evidence[0]: the same words in letter.md are evidence of their own")
    assert warnings_of(written(folder, [{**RENT_HERE, "quote": "900 crowns"}]), index) == [], "too few words to tell"


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        ({"any_of": [RENT_HERE], "source": "x"}, "has 'any_of' and a place of its own"),
        ({"any_of": [{"any_of": [RENT_HERE]}]}, "holds another 'any_of'"),
        ({"any_of": [{"source": "a.md"}]}, "any_of[0]' has neither a quote"),
        ({"any_of": []}, "names no source"),
        ({**RENT_HERE, "grade": 0}, "has a grade below 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(rooms: tuple[Path, Index], evidence: Any, message: str) -> None:
    with pytest.raises(UsageError) as error:
        written(rooms[0], [evidence])
    assert message in str(error.value)


def test_exports_name_every_place_with_its_grade_or_the_first_alone(rooms: tuple[Path, Index], tmp_path: Path) -> None:
    folder, index = rooms
    suite = written(folder, [{"any_of": [{**RENT_HERE, "grade": 2}, RENT_THERE]}])
    export_suite("trec", suite, tmp_path / "trec", index)
    assert (tmp_path / "trec" / "qrels.txt").read_text() == "rent 0 lease.md 2\nrent 0 letter.md 1\n"
    export_suite("beir", suite, tmp_path / "beir", index)
    assert "rent\tlease.md\t2\nrent\tletter.md\t1\n" in (tmp_path / "beir" / "qrels" / "test.tsv").read_text()
    export_suite("ragas", suite, tmp_path / "ragas.jsonl", index)
    row = json.loads((tmp_path / "ragas.jsonl").read_text())
    assert row["reference_contexts"] == ["monthly rent is 900 crowns in all"]


# -- how deep retrieval is measured ------------------------------------------------------------------------------------


def test_retrieval_is_measured_as_deep_as_a_suite_asks(
    tmp_path: Path, settings: Settings, configure: Callable[..., Configuration]
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(12):
        (docs / f"{number:02}.md").write_text(f"# Lamp {number}\n\nThe lamp of harbour {'lamp ' * number}is lit.\n")
    with open_index("lamps", settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [docs])
        configuration = configure()
        ranked = [f"{number:02}.md" for number in range(12)]
        evidence = tuple(GoldEvidence(name, start=0, end=10) for name in ranked)
        case = Case("lamp", "Which lamp of the harbour is lit?", evidence=evidence)
        shallow = Suite("lamps", tmp_path / "s.yaml", docs, "", (case,), "0", defaults={"ks": (8,)})
        (record,) = run_suite(replace(shallow, defaults={"ks": (8, 12)}), index, configuration).records
        (as_read,) = run_suite(shallow, index, configuration).records
    assert len(record.answer["passages"]) == configuration.options.passages == 8
    assert record.answer == as_read.answer, "what the answer is written from stays"
    assert record.metrics["context_tokens"] == as_read.metrics["context_tokens"]
    assert record.metrics["recall@8/document"] == as_read.metrics["recall@8/document"] == pytest.approx(8 / 12)
    assert record.metrics["recall@12/document"] == 1
