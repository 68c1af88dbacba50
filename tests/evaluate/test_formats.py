"""Other tools' data become suites and suites their data: what is taken, what is rejected and why, and round trips."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.evaluate.formats import EXPORTS, IMPORTS, TransferReport, export_suite, import_suite
from rag.evaluate.formats.import_target import canonical_offset, canonical_text, match_of, slug
from rag.evaluate.suite.file import append_case, corpus_hash, load_suite
from rag.evaluate.suite.gold_evidence import documents_of, locate_case_evidence
from rag.evaluate.suite.lint import lint_suite
from rag.evaluate.types import Case, ExpectedNumber, GoldEvidence, Record, Suite
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import Index
from rag.types import Turn

DATA = Path(os.environ.get("FOOTNOTE_DATA", "data"))
with_data = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not here")


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def rejected_rows(report: TransferReport) -> dict[str, int]:
    return {row.reason: row.rows for row in report.rejected}


Quotes = Callable[[Path], dict[str, list[str]]]


@pytest.fixture
def quotes(open_again: Callable[..., Index], settings: Settings) -> Quotes:
    """The words of the evidence of each case of a suite, by question, read from an index of its corpus."""

    def read(path: Path) -> dict[str, list[str]]:
        suite = load_suite(path, corpus_anywhere=True)
        assert not suite.corpus_sha256 or corpus_hash(suite.corpus) == suite.corpus_sha256
        index = open_again(slug(path.parent.name))
        ingest(index, [suite.corpus])
        document_of = documents_of(index)
        quotes: dict[str, list[str]] = {}
        for case in suite.cases:
            spans, problems = locate_case_evidence(case, index)
            assert not problems
            quotes[case.question] = [
                document_of(span.source).text[span.start : span.end]  # type: ignore[union-attr]
                for span in spans
            ]
        return quotes

    return read


# -- imports -----------------------------------------------------------------------------------------------------------

BEIR = {
    "corpus.jsonl": lines(
        {"_id": "d1", "title": "Bridge", "text": "It opened in 1931."},
        {"_id": "../../d2", "title": "", "text": "The ferry carries\r\n28 cars."},
        {"_id": "d3", "title": "Empty", "text": " "},
    ),
    "queries.jsonl": lines(
        {"_id": "q1", "text": "When did it open?"},
        {"_id": "q2", "text": "How many cars?", "metadata": {"answers": ["28 cars"]}},
        {"_id": "q3", "text": "Of another split?"},
        {"_id": "q4", "text": "Lost?"},
        {"_id": "q5", "text": "Who?", "metadata": {"answerable": False}},
        {"_id": "q2", "text": "Twice?"},
    ),
    "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\t../../d2\t0\nq2\t../../d2\t2\n"
    "q4\tnone\t1\nq5\td1\tx\n",
}


def test_beir_becomes_documents_and_whole_document_evidence(tmp_path: Path, quotes: Quotes) -> None:
    report = import_suite("beir", put(tmp_path / "beir", BEIR), tmp_path / "suite")
    assert quotes(report.path) == {
        "When did it open?": ["It opened in 1931."],
        "How many cars?": ["The ferry carries\n28 cars."],
        "Who?": [],
    }
    assert rejected_rows(report) == {
        "a query without a relevant document in this split": 1,
        "a relevant document is not in the corpus": 1,
        "a document without text": 1,
        "a judgement without query-id, corpus-id and score": 1,
        "the id stands twice": 1,
    }
    assert report.rejected[0].first.startswith(str(tmp_path / "beir"))
    suite = load_suite(report.path)
    assert [(case.id, case.answers, case.answerable) for case in suite.cases] == [
        ("q1", (), True),
        ("q2", ("28 cars",), True),
        ("q5", (), False),
    ]
    assert sorted(path.name for path in suite.corpus.iterdir()) == [
        "00001-bridge.md",
        "00002-the-ferry-carries-28-cars.md",
    ]


def test_another_split_of_beir_is_taken_by_its_file(tmp_path: Path) -> None:
    source = put(tmp_path / "beir", BEIR | {"qrels/train.tsv": "query-id\tcorpus-id\tscore\nq3\td1\t1\n"})
    report = import_suite("beir", source / "qrels" / "train.tsv", tmp_path / "suite")
    assert [case.id for case in load_suite(report.path).cases] == ["q3", "q5"]


def squad(*questions: dict[str, Any], context: str = "Ås bridge opened in 1931.\r\nIt is 412 metres long.") -> str:
    paragraphs = [{"context": "An earlier paragraph.", "qas": []}, {"context": context, "qas": list(questions)}]
    return json.dumps({"version": "v2.0", "data": [{"title": "Lantern_bridge", "paragraphs": paragraphs}]})


def test_squad_evidence_is_the_sentence_of_the_answer(tmp_path: Path, quotes: Quotes) -> None:
    text = squad(
        {"id": "1", "question": "How long is it?", "answers": [{"text": "412 metres", "answer_start": 33}] * 2},
        {"id": "2", "question": "Who built it?", "answers": [], "is_impossible": True},
        {"id": "3", "question": "Shifted?", "answers": [{"text": "412 metres", "answer_start": 32}]},
        {"id": "4", "question": "No answers?"},
    )
    report = import_suite("squad", put(tmp_path, {"dev.json": text}) / "dev.json", tmp_path / "suite")
    assert quotes(report.path) == {"How long is it?": ["It is 412 metres long."], "Who built it?": []}
    assert rejected_rows(report) == {"no answer stands at its answer_start": 2}
    assert load_suite(report.path).cases[0].answers == ("412 metres",)


LABELLED = {
    "examples": [
        {
            "query": "What is the toll?",
            "reference_contexts": ["The toll is 3\ncrowns."],
            "reference_answer": "3 crowns",
        },
        {"query": "Who?", "reference_contexts": [], "reference_answer": ""},
        {"query": " ", "reference_contexts": ["x"], "reference_answer": "y"},
        "no object",
    ]
}


def test_contexts_are_documents_of_their_own(tmp_path: Path, quotes: Quotes) -> None:
    source = put(tmp_path, {"rag.json": json.dumps(LABELLED)}) / "rag.json"
    report = import_suite("llama-index", source, tmp_path / "suite")
    assert quotes(report.path) == {"What is the toll?": ["The toll is 3\ncrowns."]}
    assert rejected_rows(report) == {"neither a reference answer nor reference contexts": 2, "the question is empty": 1}


def test_contexts_are_found_in_the_users_own_documents(tmp_path: Path, library: Path, quotes: Quotes) -> None:
    rows = {**LABELLED, "examples": [*LABELLED["examples"][:1]]}
    rows["examples"].append(
        {"query": "Cars?", "reference_contexts": ["The  ferry\ncarries 28 cars."], "reference_answer": ""}
    )
    source = put(tmp_path, {"rag.json": json.dumps(rows)}) / "rag.json"
    report = import_suite("llama-index", source, tmp_path / "suite", corpus=library)
    assert quotes(report.path) == {"Cars?": ["The ferry carries 28 cars."]}
    assert rejected_rows(report) == {"a context does not stand in the corpus": 1}
    assert load_suite(report.path, corpus_anywhere=True).cases[0].evidence == (
        GoldEvidence("sea/ferry.txt", "The ferry carries 28 cars."),
    )
    assert report.documents == 0


RAGAS = [
    {"user_input": "What is the toll?", "reference": "3 crowns", "reference_contexts": ["The toll is 3 crowns."]},
    {"question": "Cars?", "ground_truths": ["28", "28 cars"], "contexts": ["It carries 28 cars."]},
    {
        "user_input": [
            {"content": "A?", "type": "human"},
            {"content": "B.", "type": "ai"},
            {"content": "C?", "type": "human"},
        ],
        "reference": "D",
    },
    {"user_input": [{"content": "A?", "type": "tool"}], "reference": "D"},
    {"user_input": "No reference?", "response": "D"},
]


@pytest.mark.parametrize("form", ["list.json", "samples.json", "rows.jsonl", "rows.csv"])
def test_rows_of_ragas_are_read_in_every_form(tmp_path: Path, quotes: Quotes, form: str) -> None:
    text = {
        "list.json": json.dumps(RAGAS),
        "samples.json": json.dumps({"samples": RAGAS}),
        "rows.jsonl": lines(*RAGAS),
        "rows.csv": as_csv(RAGAS),
    }[form]
    report = import_suite("ragas", put(tmp_path, {form: text}) / form, tmp_path / "suite")
    cases = {case.question: case for case in load_suite(report.path).cases}
    assert quotes(report.path)["What is the toll?"] == ["The toll is 3 crowns."]
    assert cases["Cars?"].answers == ("28", "28 cars")
    assert cases["Cars?"].evidence == ()
    assert report.documents == 2
    if not form.endswith("csv"):
        assert cases["C?"].history == (Turn("user", "A?"), Turn("assistant", "B."))
        assert rejected_rows(report) == {"no question": 1, "neither a reference nor reference contexts": 1}


def as_csv(rows: list[dict[str, Any]]) -> str:
    """As pandas writes it: a list is its Python form."""
    text = io.StringIO()
    writer = csv.DictWriter(text, sorted({key for row in rows for key in row}))
    writer.writeheader()
    writer.writerows(row for row in rows if isinstance(row.get("user_input", ""), str))
    return text.getvalue()


PROMPTFOO = """
prompts: ['{{question}}']
defaultTest:
  vars: {context: [The toll is 3 crowns., It opened in 1931.]}
tests:
- vars: {question: What is the toll?}
  assert:
  - {type: icontains, value: 3 crowns}
  - {type: not-contains, value: 4 crowns}
  - {type: llm-rubric, value: is polite}
- vars: {question: When?}
  assert: [{type: contains-any, value: ['1931', nineteen]}]
- vars: {question: Year?}
  assert: [{type: regex, value: '19\\d\\d'}]
- vars: {question: Exactly?}
  assert: [{type: equals, value: 3}]
- vars: {question: Begins?}
  assert: [{type: starts-with, value: It (}]
- vars: {question: Who?}
  assert: [{type: is-refusal}]
- vars: {question: Judged?}
  assert: [{type: similar, value: x, threshold: 0.8}]
- vars: {name: x}
  assert: [{type: contains, value: x}]
- vars: {question: 'About {{topic}}?'}
  assert: [{type: contains, value: x}]
- file://tests.csv
"""


def test_promptfoo_asserts_that_need_no_judge_are_taken(tmp_path: Path) -> None:
    source = put(tmp_path, {"promptfooconfig.yaml": PROMPTFOO}) / "promptfooconfig.yaml"
    report = import_suite("promptfoo", source, tmp_path / "suite")
    cases = {case.question: case for case in load_suite(report.path).cases}
    assert cases["What is the toll?"].must_include == ("3 crowns",)
    assert cases["What is the toll?"].must_not_include == ("4 crowns",)
    assert (cases["When?"].answers, cases["When?"].match) == (("1931", "nineteen"), "contains")
    assert (cases["Year?"].pattern, cases["Year?"].match) == (r"19\d\d", "regex")
    assert (cases["Exactly?"].answers, cases["Exactly?"].match) == (("3",), "em")
    assert cases["Begins?"].pattern == r"^It\ \("
    assert not cases["Who?"].answerable
    assert len(cases) == 6
    assert report.documents == 2
    assert rejected_rows(report) == {
        "an assert of type 'llm-rubric'": 1,
        "an assert of type 'similar'": 1,
        "no assert that can be taken": 1,
        "no question in its vars": 2,
        "an absent file: tests.csv": 1,
    }
    assert report.rejected[-1].first.startswith(f"{source}:")


def test_tests_without_documents_need_a_corpus(tmp_path: Path, library: Path) -> None:
    text = "tests:\n- vars: {question: Who?}\n  assert: [{type: is-refusal}]\n"
    source = put(tmp_path, {"p.yaml": text}) / "p.yaml"
    with pytest.raises(UsageError, match="carry no documents; name the folder"):
        import_suite("promptfoo", source, tmp_path / "suite")
    assert not (tmp_path / "suite").exists()
    report = import_suite("promptfoo", source, tmp_path / "suite", corpus=library)
    assert load_suite(report.path, corpus_anywhere=True).corpus.resolve() == library.resolve()


def test_chromas_questions_keep_their_offsets(tmp_path: Path, quotes: Quotes) -> None:
    text = "Ü bridge.\r\nThe toll is 3 crowns.\n"
    good = [{"content": "The toll is 3 crowns.", "start_index": 10, "end_index": 31}]
    rows = [
        {"question": "Toll?", "references": json.dumps(good), "corpus_id": "bridge"},
        {"question": "Off?", "references": json.dumps([{**good[0], "start_index": 9}]), "corpus_id": "bridge"},
        {"question": "Broken?", "references": "[", "corpus_id": "bridge"},
        {"question": "Where?", "references": json.dumps(good), "corpus_id": "../bridge"},
    ]
    table = io.StringIO()
    writer = csv.DictWriter(table, ["question", "references", "corpus_id"])
    writer.writeheader()
    writer.writerows(rows)
    source = put(tmp_path / "c", {"questions_df.csv": table.getvalue(), "corpora/bridge.md": text})
    # Text is read as Python reads a file: its line ends are one character.
    report = import_suite("chroma", source, tmp_path / "suite")
    assert quotes(report.path) == {"Toll?": ["The toll is 3 crowns."]}
    assert rejected_rows(report) == {
        "no reference, or one whose content does not stand at its offsets": 2,
        "its corpus is not in the folder of documents": 1,
    }


def test_trec_judgements_become_cases(tmp_path: Path, quotes: Quotes) -> None:
    files = {
        "queries.tsv": "1\tWhat is the toll?\n2\tUnjudged?\n",
        "qrels.txt": "1 0 d%201 1\n1 0 d2 0\n1 0 none 1\n1 0 d2 high\n",
        "collection.tsv": "d 1\tThe toll is 3 crowns.\nd2\tThe ferry.\n",
    }
    report = import_suite("trec", put(tmp_path / "t", files), tmp_path / "suite")
    assert quotes(report.path) == {"What is the toll?": ["The toll is 3 crowns."]}
    assert rejected_rows(report) == {
        "a grade that is no whole number": 1,
        "a judged document that is not in the corpus": 1,
        "a query without a relevant document": 1,
    }


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", IMPORTS)
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"{", b"[[[[", b"null", b'{"data": 3}', b"a,b\n1,2\n"])
def test_no_content_breaks_an_import(tmp_path: Path, format_: str, content: bytes) -> None:
    names = ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv", "queries.tsv", "qrels.txt", "collection.tsv"]
    for name in [*names, "questions_df.csv", "corpora/a.md", "rows.json", "rows.jsonl", "rows.csv"]:
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folders = ("beir", "trec", "chroma")
    for source in [""] if format_ in folders else ["rows.json", "rows.jsonl", "rows.csv"]:
        with pytest.raises(UsageError) as raised:
            import_suite(format_, tmp_path / "source" / source, tmp_path / "suite")
        assert "\n" not in str(raised.value)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["source"]


def test_an_import_that_cannot_start_says_why(tmp_path: Path, library: Path) -> None:
    source = put(tmp_path / "beir", BEIR)
    with pytest.raises(UsageError, match="'csv' is no format that can be used here; choose one of beir, squad"):
        import_suite("csv", source, tmp_path / "suite")
    with pytest.raises(UsageError, match="There is no file or folder"):
        import_suite("beir", tmp_path / "none", tmp_path / "suite")
    with pytest.raises(UsageError, match="There is no folder"):
        import_suite("beir", source, tmp_path / "suite", corpus=tmp_path / "none")
    with pytest.raises(UsageError, match="exists and is not empty"):
        import_suite("beir", source, library)
    with pytest.raises(UsageError, match="exists and is not empty"):
        import_suite("beir", source, library / "bridge.md")
    with pytest.raises(UsageError, match="cannot be written"):
        import_suite("beir", source, library / "bridge.md" / "suite")


def test_an_import_may_fill_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "suite").mkdir()
    report = import_suite("beir", put(tmp_path / "beir", BEIR), tmp_path / "suite")
    assert len(load_suite(report.path).cases) == report.cases == 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("Ærø & Öl", "r-ol"),
        ("…", "document"),
        ("x" * 99, "x" * 40),
        ("a/b\x00c", "a-b-c"),
    ],
)
def test_names_from_data_choose_no_path(text: str, name: str) -> None:
    assert slug(text) == name


def test_control_characters_become_spaces_and_offsets_follow() -> None:
    text = "\ufeffa\x00b\r\nc\x1bd\r"
    assert canonical_text(text) == " a\ufffdb\nc d\n"
    assert canonical_offset(text, text.index("c")) == canonical_text(text).index("c")


# -- exports -----------------------------------------------------------------------------------------------------------

TOLL = GoldEvidence("bridge.md", "The toll is 3 crowns for cars.")
CASES = (
    Case("toll", "What is the toll?", answers=("3 crowns",), evidence=(TOLL,)),
    Case("both", "Cars?", answers=("28",), match="f1", evidence=(GoldEvidence("sea/ferry.txt", "28 cars"), TOLL)),
    Case("year", "When?", evidence=(GoldEvidence("bridge.md", "1931"),), match="numeric", numeric=ExpectedNumber(1931)),
    Case("moon", "Who built the moon?", answerable=False),
    Case(
        "then",
        "And then?",
        history=(Turn("user", "a"), Turn("assistant", "b")),
        answers=("3 crowns",),
        evidence=(TOLL,),
    ),
    Case("lost", "Lost?", answers=("x",), evidence=(GoldEvidence("none.md", "x"),)),
)
RECORD = Record(
    "toll",
    {},
    {
        "answer": "It is 3 crowns [1].",
        "passages": [
            {"source": "weather.txt", "rank": 2},
            {"source": "bridge.md", "rank": 1},
            {"source": "bridge.md", "rank": 3},
        ],
    },
)


@pytest.fixture
def suite(tmp_path: Path, library: Path) -> Suite:
    path = tmp_path / "own" / "suite.yaml"
    for case in CASES:
        append_case(path, case, corpus=library)
    return load_suite(path, corpus_anywhere=True)


@pytest.mark.parametrize(
    ("format_", "taken"),
    [
        ("beir", ["toll", "both", "year", "moon"]),
        ("squad", ["toll", "both", "moon"]),
        ("llama-index", ["toll", "both", "year"]),
        ("ragas", ["toll", "both", "year", "then"]),
        ("promptfoo", ["toll", "moon"]),
        ("trec", ["toll", "both", "year"]),
    ],
)
def test_each_format_counts_the_cases_it_cannot_hold(
    format_: str, taken: list[str], suite: Suite, index: Index, tmp_path: Path
) -> None:
    report = export_suite(format_, suite, tmp_path / "out", index)
    assert (report.cases, sum(row.rows for row in report.rejected)) == (len(taken), len(CASES) - len(taken))
    assert report.rejected[0].first.startswith(str(suite.path.parent))
    assert rejected_rows(report)["its evidence cannot be found"] == 1


@pytest.mark.parametrize("format_", EXPORTS)
def test_what_is_exported_can_be_imported(
    format_: str,
    suite: Suite,
    index: Index,
    library: Path,
    tmp_path: Path,
    open_again: Callable[..., Index],
    settings: Settings,
) -> None:
    names = {"ragas": "out.jsonl", "squad": "out.json", "llama-index": "out.json", "promptfoo": "out.yaml"}
    out = tmp_path / names.get(format_, "out")
    export_suite(format_, suite, out, index)
    corpus = library if format_ in ("llama-index", "ragas", "promptfoo", "trec") else None
    report = import_suite(format_, out, tmp_path / "again", corpus=corpus)
    again = load_suite(report.path, corpus_anywhere=True)
    toll = next(case for case in again.cases if case.question == "What is the toll?")
    imported = open_again("again")
    ingest(imported, [again.corpus])
    assert not [problem for problem in lint_suite(again, imported) if problem.severity == "error"]
    (span,) = locate_case_evidence(toll, imported)[0] or (None,)
    if format_ == "promptfoo":
        assert (toll.answers, span) == (("3 crowns",), None)
    else:
        assert span is not None
        document = documents_of(imported)(span.source)
        assert document is not None
        assert "The toll is 3 crowns for cars." in document.text[span.start : span.end]
    if format_ not in ("trec", "promptfoo"):
        assert toll.answers == ("3 crowns",)


def test_answers_of_a_run_become_predictions_beside_the_dataset(
    suite: Suite, index: Index, library: Path, tmp_path: Path
) -> None:
    bridge = index.catalog.source_record("bridge.md")
    assert bridge
    passage = {"source": "bridge.md", "source_id": bridge.document_id, "start": 0, "end": 3}
    record = replace(RECORD, answer={**RECORD.answer, "passages": [passage]})
    report = export_suite("llama-index", suite, tmp_path / "out", index, [record])
    examples = json.loads((tmp_path / "out" / "rag_dataset.json").read_text())["examples"]
    predictions = json.loads((tmp_path / "out" / "predictions.json").read_text())["predictions"]
    assert len(examples) == len(predictions) == report.cases
    said = dict(zip([one["query"] for one in examples], predictions, strict=True))
    answered = said.pop("What is the toll?")
    assert answered["response"] == "It is 3 crowns [1]."
    assert [len(context) for context in answered["contexts"]] == [3]
    assert list(said.values()) == [{"response": "", "contexts": []}] * len(said)

    again = import_suite("llama-index", tmp_path / "out", tmp_path / "again", corpus=library)
    assert again.answers
    (line,) = again.answers.read_text().splitlines()
    assert json.loads(line)["answer"] == "It is 3 crowns [1]."


def test_a_run_is_exported_by_best_passage(suite: Suite, index: Index, tmp_path: Path) -> None:
    export_suite("trec", suite, tmp_path / "out", index, [RECORD])
    assert (tmp_path / "out" / "run.txt").read_text() == (
        "toll Q0 bridge.md 1 1.000000 footnote\ntoll Q0 weather.txt 2 0.500000 footnote\n"
    )
    assert "both 0 sea/ferry.txt 1\n" in (tmp_path / "out" / "qrels.txt").read_text()


def test_ragas_gets_what_a_run_retrieved_and_answered(suite: Suite, index: Index, tmp_path: Path) -> None:
    bridge = index.catalog.source_record("bridge.md")
    document = index.catalog.document(bridge.document_id) if bridge and bridge.document_id else None
    assert bridge
    assert document
    start = document.text.index("The toll is 3")
    passages = [
        {"source": "bridge.md", "source_id": bridge.document_id, "start": start, "end": start + 8},
        {"source": "bridge.md", "source_id": bridge.document_id, "start": 0, "end": 3},
        {"source": "bridge.md", "source_id": "an older version", "start": 0, "end": 9},
        {"source": "bridge.md", "source_id": bridge.document_id, "start": None},
    ]
    record = replace(RECORD, answer={**RECORD.answer, "passages": passages})
    export_suite("ragas", suite, tmp_path / "out.jsonl", index, [record])
    row = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])
    assert row["response"] == "It is 3 crowns [1]."
    assert row["retrieved_contexts"] == ["The toll", document.text[:3]]
    assert row["reference_contexts"] == ["The toll is 3 crowns for cars."]


def test_promptfoo_asks_once_where_a_case_has_several_contexts(suite: Suite, index: Index, tmp_path: Path) -> None:
    # promptfoo makes a test of each text of a list in ``vars``, unless it is told not to.
    export_suite("promptfoo", suite, tmp_path / "out.yaml", index)
    lines = [line[4:] for line in (tmp_path / "out.yaml").read_text().splitlines() if line.startswith("  - ")]
    for test in map(json.loads, lines):
        assert test.get("options") == ({"disableVarExpansion": True} if "context" in test["vars"] else None)


def test_squads_offsets_are_exact(suite: Suite, index: Index, tmp_path: Path) -> None:
    export_suite("squad", suite, tmp_path / "out.json", index)
    rows = json.loads((tmp_path / "out.json").read_text())["data"]
    checked = 0
    for article in rows:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                for answer in question["answers"]:
                    start = answer["answer_start"]
                    assert paragraph["context"][start : start + len(answer["text"])] == answer["text"]
                    checked += 1
    assert checked == 2


def test_an_export_overwrites_nothing(suite: Suite, index: Index, tmp_path: Path, library: Path) -> None:
    (tmp_path / "out.json").write_text("mine")
    with pytest.raises(UsageError, match="exists; choose another file"):
        export_suite("squad", suite, tmp_path / "out.json", index)
    with pytest.raises(UsageError, match="exists and is not empty"):
        export_suite("beir", suite, library, index)
    with pytest.raises(UsageError, match="'chroma' is no format"):
        export_suite("chroma", suite, tmp_path / "out", index)
    assert (tmp_path / "out.json").read_text() == "mine"


def test_a_labelled_dataset_has_the_fields_that_llama_index_writes(suite: Suite, index: Index, tmp_path: Path) -> None:
    export_suite("llama-index", suite, tmp_path / "out.json", index)
    examples = json.loads((tmp_path / "out.json").read_text())["examples"]
    assert [example["query"] for example in examples] == ["What is the toll?", "Cars?", "When?"]
    assert examples[0] == {
        "query": "What is the toll?",
        "query_by": {"model_name": "", "type": "human"},
        "reference_contexts": ["The toll is 3 crowns for cars."],
        "reference_answer": "3 crowns",
        "reference_answer_by": {"model_name": "", "type": "human"},
    }


# -- public data -------------------------------------------------------------------------------------------------------


@with_data
def test_chromas_own_data_is_taken_whole(tmp_path: Path) -> None:
    report = import_suite("chroma", DATA / "chunking-eval", tmp_path / "suite")
    assert (report.cases, report.documents, report.rejected) == (472, 5, ())
    assert sum(len(case.evidence) for case in load_suite(report.path).cases) == 790


@with_data
def test_clapnq_in_beirs_form_is_taken(tmp_path: Path) -> None:
    report = import_suite("beir", DATA / "clapnq" / "beir-closed", tmp_path / "suite")
    assert (report.cases, report.documents) == (300, 597)
    assert rejected_rows(report) == {"a query without a relevant document in this split": 300}


@pytest.mark.parametrize("empty", ["", "nan", "NaN", "None", "N/A", "<NA>", "null"])
def test_an_empty_cell_is_no_answer_whatever_a_program_calls_it(tmp_path: Path, empty: str) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(f"user_input,reference\nWhat is the toll?,4 crowns\nWho paid?,{empty}\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "toll.txt").write_text("The toll is 4 crowns.")
    report = import_suite("ragas", rows, tmp_path / "suite", tmp_path / "docs")
    assert report.cases == 1
    assert [rejected.reason for rejected in report.rejected] == ["neither a reference nor reference contexts"]


@pytest.mark.parametrize(
    ("references", "match"),
    [
        (("1654",), "contains"),
        (("a third",), "contains"),
        (("4 crowns", "four crowns"), "contains"),
        (("The toll is four crowns for each car.",), "f1"),
        (("It rained.",), "f1"),
        (("one two three four five six seven",), "f1"),
    ],
)
def test_a_reference_is_compared_by_its_shape(references: tuple[str, ...], match: str) -> None:
    assert match_of(references) == match
