"""What other tools' data says of answers and rankings is kept; files that it names are read safely."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import regex

from rag.errors import UsageError
from rag.evaluate.formats import TransferReport, import_suite
from rag.evaluate.formats.promptfoo_files import comma_separated
from rag.evaluate.suite.file import load_suite
from rag.evaluate.types import Case, GoldEvidence
from tests.conftest import Command


def cases_of(report: TransferReport) -> dict[str, Case]:
    return {case.question: case for case in load_suite(report.path).cases}


def answers_of(report: TransferReport) -> list[dict[str, Any]]:
    assert report.answers
    return [json.loads(line) for line in report.answers.read_text().splitlines()]


def reasons(report: TransferReport) -> set[str]:
    return {rejected.reason for rejected in report.rejected}


# -- ragas and LlamaIndex ----------------------------------------------------------------------------------------------


def test_ragas_keeps_responses_and_contexts(tmp_path: Path) -> None:
    rows = [
        {
            "user_input": "When was the mill closed?",
            "reference": "1871",
            "response": "It was closed in 1871 [1].",
            "retrieved_contexts": ["The mill was closed in 1871.", "The mill had two wheels."],
        },
        {"user_input": "Who ran the mill?", "reference": "Ida Holm", "response": "nan", "retrieved_contexts": []},
        {"user_input": "NaN", "reference": "x"},
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = import_suite("ragas", tmp_path / "rows.jsonl", tmp_path / "suite")
    assert (report.cases, reasons(report)) == (2, {"no question"})
    assert {case.match for case in cases_of(report).values()} == {"contains"}, "short references"
    sources = sorted(path.name for path in load_suite(report.path).corpus.iterdir())
    assert answers_of(report) == [
        {
            "id": "q-00001",
            "question": "When was the mill closed?",
            "answer": "It was closed in 1871 [1].",
            "contexts": [
                {"text": "The mill was closed in 1871.", "source": sources[0]},
                {"text": "The mill had two wheels.", "source": sources[1]},
            ],
        }
    ]


def test_predictions_of_llama_index_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    example = {
        "query": "When was the mill closed?",
        "reference_answer": "1871",
        "reference_contexts": ["Closed in 1871."],
    }
    unasked = {"query": "None", "reference_answer": "x", "reference_contexts": []}
    (folder / "rag_dataset.json").write_text(json.dumps({"examples": [unasked, example]}))
    predictions = [{"response": "", "contexts": None}, {"response": "In 1871.", "contexts": ["Closed in 1871."]}]
    (folder / "predictions.json").write_text(json.dumps({"predictions": predictions}))
    report = import_suite("llama-index", folder, tmp_path / "suite")
    assert cases_of(report)["When was the mill closed?"].match == "contains"
    (row,) = answers_of(report)
    assert (row["answer"], [context["text"] for context in row["contexts"]]) == ("In 1871.", ["Closed in 1871."])


def test_what_nobody_wrote_down_as_retrieved_is_not_given(tmp_path: Path) -> None:
    rows = [
        {
            "user_input": "When?",
            "reference": "1871",
            "reference_contexts": ["Closed in 1871."],
            "response": "In 1871.",
            **c,
        }
        for c in ({"retrieved_contexts": []}, {})
    ]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    assert all(
        "contexts" not in row for row in answers_of(import_suite("ragas", tmp_path / "rows.json", tmp_path / "a"))
    )
    rows[1]["retrieved_contexts"] = ["Closed in 1871."]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    nothing, one = answers_of(import_suite("ragas", tmp_path / "rows.json", tmp_path / "b"))
    assert (nothing["contexts"], len(one["contexts"])) == ([], 1)


# -- TREC and BEIR -----------------------------------------------------------------------------------------------------


@pytest.fixture
def trec(tmp_path: Path) -> Path:
    folder = tmp_path / "trec"
    folder.mkdir()
    (folder / "queries.tsv").write_text("t1\tmill closed\nt2\tmill wheels\n")
    (folder / "collection.tsv").write_text("a\tThe mill was closed in 1871.\nb\tThe mill had two wheels.\n")
    (folder / "qrels.txt").write_text("t1 0 a 2\nt1 0 b 1\nt2 0 b 3\nt2 0 a 0\n")
    return folder


def test_a_run_of_trec_becomes_recorded_retrieval(trec: Path, tmp_path: Path) -> None:
    (trec / "run.txt").write_text("t1 Q0 a 1 8.0 mine\nt1 Q0 b 2 9.5 mine\nt1 Q0 gone 3 1.0 mine\nt1 Q0 a 4 x mine\n")
    report = import_suite("trec", trec, tmp_path / "suite")
    assert reasons(report) == {"a retrieved document that is not in the corpus", "a score that is no number"}
    first, second = answers_of(report)
    # By score, whatever the rank says, as trec_eval reads it.
    assert [context["text"] for context in first["contexts"]] == [
        "The mill had two wheels.",
        "The mill was closed in 1871.",
    ]
    assert (first["answer"], second["contexts"]) == (None, [])
    names = {path.name for path in load_suite(report.path).corpus.iterdir()}
    assert {context["source"] for context in first["contexts"]} == names


def test_a_run_of_trec_is_measured_as_retrieval_alone(trec: Path, tmp_path: Path, rag: Command) -> None:
    (trec / "run.txt").write_text("t1 Q0 a 1 8.0 mine\nt1 Q0 b 2 9.5 mine\nt2 Q0 b 1 3.0 mine\n")
    report = import_suite("trec", trec, tmp_path / "suite")
    ran = rag("eval", str(report.path), "--answers", str(report.answers), "--json", "-", "--gate")
    assert ran.code == 0, ran.err
    data = json.loads(ran.out)
    assert (data["errors"], data["gate"]["state"]) == (0, "PASS")
    assert not {"false_refusal", "refused", "citation_recall", "sentences_verified"} & data["figures"].keys()
    # Gains 1 and 2 at the ranks 1 and 2 in place of 2 and 1; the other ranking is the best one.
    best, found = 2 + 1 / math.log2(3), 1 + 2 / math.log2(3)
    assert data["figures"]["ndcg@10/document"]["mean"] == pytest.approx((found / best + 1) / 2)
    assert set(data["abstention"]["table"].values()) == {0}


def test_documents_that_are_missing_are_told_with_the_option(trec: Path, tmp_path: Path) -> None:
    (trec / "collection.tsv").unlink()
    with pytest.raises(UsageError, match="--corpus PATH"):
        import_suite("trec", trec, tmp_path / "suite")


def test_grades_stay(trec: Path, tmp_path: Path) -> None:
    cases = cases_of(import_suite("trec", trec, tmp_path / "from-trec"))
    assert [evidence.grade for evidence in cases["mill closed"].evidence] == [2, 1]
    assert [evidence.grade for evidence in cases["mill wheels"].evidence] == [3]
    beir = tmp_path / "beir"
    (beir / "qrels").mkdir(parents=True)
    (beir / "corpus.jsonl").write_text('{"_id": "a", "text": "Closed."}\n{"_id": "b", "text": "Wheels."}\n')
    (beir / "queries.jsonl").write_text('{"_id": "q", "text": "mill?"}\n')
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t1\nq\tb\t2\n")
    evidence = cases_of(import_suite("beir", beir, tmp_path / "from-beir"))["mill?"].evidence
    assert [one.grade for one in evidence] == [1, 2]


# -- SQuAD -------------------------------------------------------------------------------------------------------------


def test_answers_in_several_sentences_are_any_of(tmp_path: Path) -> None:
    context = "The mill closed in 1871. Its wheels stand still since the spring of 1871, the miller wrote."
    answers = [
        {"text": "1871", "answer_start": context.index("1871")},
        {"text": "the spring of 1871", "answer_start": context.index("the spring")},
    ]
    question = {"id": "m", "question": "When did it close?", "answers": answers}
    data = {"data": [{"title": "Mill", "paragraphs": [{"context": context, "qas": [question]}]}]}
    (tmp_path / "dev.json").write_text(json.dumps(data))
    case = cases_of(import_suite("squad", tmp_path / "dev.json", tmp_path / "suite"))["When did it close?"]
    (evidence,) = case.evidence
    assert [place.quote for place in evidence.any_of] == [
        "The mill closed in 1871.",
        "Its wheels stand still since the spring of 1871, the miller wrote.",
    ]
    assert evidence.any_of[0] == GoldEvidence(evidence.any_of[0].source, "The mill closed in 1871.")


# -- promptfoo ---------------------------------------------------------------------------------------------------------


def configuration(folder: Path, tests: Any, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    path = folder / "promptfooconfig.yaml"
    path.write_text(json.dumps({"prompts": ["{{question}}"], "tests": tests}))
    return path


def test_lists_in_asserts_are_lists_or_have_commas(tmp_path: Path) -> None:
    tests = [
        {
            "vars": {"question": "Which towns?", "context": "Bergen, Narvik and Oslo."},
            "assert": [{"type": "contains-all", "value": ["Bergen", "Narvik"]}],
        },
        {"vars": {"question": "Which two?"}, "assert": [{"type": "icontains-all", "value": "Bergen, Oslo"}]},
        {"vars": {"question": "Which one?"}, "assert": [{"type": "contains-any", "value": 'Bergen, "Oslo, Norway"'}]},
        {"vars": {"question": "In full?"}, "assert": [{"type": "contains", "value": "Bergen, Narvik"}]},
    ]
    cases = cases_of(import_suite("promptfoo", configuration(tmp_path, tests, {}), tmp_path / "suite"))
    assert cases["Which towns?"].must_include == ("Bergen", "Narvik")
    assert cases["Which two?"].must_include == ("Bergen", "Oslo")
    assert cases["Which one?"].answers == ("Bergen", "Oslo, Norway")
    assert cases["In full?"].must_include == ("Bergen, Narvik",)
    assert comma_separated("") == []


@pytest.mark.parametrize(
    ("asserts", "right", "wrong"),
    [
        ([{"type": "regex", "value": r"\b1871\b"}, {"type": "regex", "value": "mills?"}], "The mill: 1871", "in 1871"),
        ([{"type": "not-regex", "value": r"\d{4}"}], "No year.", "In 1871."),
        ([{"type": "regex", "value": "mill"}, {"type": "not-regex", "value": "inn"}], "a\nmill", "mill and inn"),
        ([{"type": "contains-any", "value": "Oslo, Bergen"}, {"type": "regex", "value": r"\d"}], "oslo 3", "Oslo"),
        (
            [{"type": "starts-with", "value": "Yes."}, {"type": "regex", "value": "mill"}],
            "Yes. A mill.",
            "A mill. Yes.",
        ),
        ([{"type": "not-equals", "value": "No (a)."}], "No (a). Yes.", "No (a). "),
        ([{"type": "not-starts-with", "value": "No"}], "Yes, no.", "No, yes."),
        ([{"type": "equals", "value": "3"}, {"type": "regex", "value": r"^\d$"}], "3", "33"),
    ],
)
def test_several_and_negated_asserts_become_one_pattern(
    tmp_path: Path, asserts: list[dict[str, str]], right: str, wrong: str
) -> None:
    tests = [{"vars": {"question": "Which?", "context": "Bergen."}, "assert": asserts}]
    report = import_suite("promptfoo", configuration(tmp_path, tests, {}), tmp_path / "suite")
    assert report.rejected == ()
    case = cases_of(report)["Which?"]
    assert case.match == "regex"
    assert regex.search(case.pattern, right)
    assert not regex.search(case.pattern, wrong)


def test_asserts_that_cannot_be_taken_are_named(tmp_path: Path) -> None:
    asserts = [
        {"type": "regex", "value": r"(a)\1"},
        {"type": "regex", "value": r"(b)\1"},
        {"type": "regex", "value": "(broken"},
        {"type": "not-contains-all", "value": "a, b"},
        {"type": "levenshtein", "value": "x"},
        {"type": "contains", "value": "x"},
    ]
    tests = [{"vars": {"question": "Which?", "context": "x"}, "assert": asserts}]
    report = import_suite("promptfoo", configuration(tmp_path, tests, {}), tmp_path / "suite")
    assert {row.reason: row.rows for row in report.rejected} == {
        "an assert of type 'regex'": 2,
        "an assert of type 'not-contains-all'": 1,
        "an assert of type 'levenshtein'": 1,
    }
    assert (cases_of(report)["Which?"].pattern, cases_of(report)["Which?"].must_include) == (r"(a)\1", ("x",))


def test_files_beside_the_configuration_are_read(tmp_path: Path) -> None:
    files = {
        "data/mill.txt": "The mill closed in 1871.",
        "facts.json": '["The mill had two wheels."]',
        "more.yaml": '- vars: {question: "How many wheels?", context: "file://facts.json"}\n'
        "  assert: [{type: contains, value: two}]\n",
        "table.csv": "question,__expected1,__expected2\n"
        "Who ran it?,icontains: Ida,not-contains: Olaf\nWhat year?,1871,\n",
    }
    question = {"question": "When did it close?", "context": "file://data/mill.txt"}
    tests = [
        {"vars": question, "assert": [{"type": "contains", "value": "1871"}]},
        "file://more.yaml",
        "file://table.csv",
    ]
    report = import_suite("promptfoo", configuration(tmp_path, tests, files), tmp_path / "suite")
    assert report.rejected == ()
    cases = cases_of(report)
    assert set(cases) == {"When did it close?", "How many wheels?", "Who ran it?", "What year?"}
    assert (cases["Who ran it?"].must_include, cases["Who ran it?"].must_not_include) == (("Ida",), ("Olaf",))
    assert (cases["What year?"].match, cases["What year?"].answers) == ("em", ("1871",))
    texts = sorted(path.read_text() for path in load_suite(report.path).corpus.iterdir())
    assert texts == ["The mill closed in 1871.\n", "The mill had two wheels.\n"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("file://../secret.txt", "a file outside of the configuration's folder: ../secret.txt"),
        ("file:///etc/hostname", "a file outside of the configuration's folder: /etc/hostname"),
        ("file://link.txt", "a file outside of the configuration's folder: link.txt"),
        ("file://gone.txt", "an absent file: gone.txt"),
        ("file://make.py", "a file of a kind that is not read: make.py"),
        ("file://latin.txt", "is not UTF-8"),
        ("file://broken.json", "is not JSON"),
    ],
)
def test_other_files_are_refused_in_one_line(tmp_path: Path, name: str, reason: str) -> None:
    folder = tmp_path / "config"
    (tmp_path / "secret.txt").write_text("a secret")
    files = {"make.py": "raise SystemExit", "broken.json": "{"}
    good = {"vars": {"question": "Good?", "context": "Yes."}, "assert": [{"type": "contains", "value": "Yes"}]}
    bad = {"vars": {"question": "Bad?", "context": name}, "assert": [{"type": "contains", "value": "x"}]}
    path = configuration(folder, [good, bad], files)
    (folder / "latin.txt").write_bytes(b"caf\xe9")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    report = import_suite("promptfoo", path, tmp_path / "suite")
    assert set(cases_of(report)) == {"Good?"}
    (rejected,) = report.rejected
    assert reason in rejected.reason
    assert "\n" not in rejected.reason
