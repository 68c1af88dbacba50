"""Suite files: what is read, what is refused and where, the hashes, and adding a case."""

from __future__ import annotations

import json
import re
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.evaluate.suite.file import append_case, append_cases, case_to_json, corpus_hash, load_suite
from rag.evaluate.suite.schema import parse_case, pattern_error
from rag.evaluate.suite.source_lines import Located
from rag.evaluate.types import Case, ExpectedNumber, GateRule, GoldEvidence
from rag.types import Turn

HEAD = "schema_version: 1\nsuite: bridge\ncorpus: {path: docs}\n"
ONE = "cases:\n- id: toll\n  question: What is the toll?\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "bridge.md").write_text("The toll is 3 crowns.\n")
    return tmp_path


def write(folder: Path, text: str, lines: str | None = None) -> Path:
    path = folder / "suite.yaml"
    path.write_text(text, encoding="utf-8")
    if lines is not None:
        (folder / "cases.jsonl").write_text(lines, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    """The one sentence with which a suite is refused, its folder left out."""
    with pytest.raises(UsageError) as refused:
        load_suite(path)
    message = str(refused.value)
    assert "\n" not in message
    return message.replace(f"{path.parent}/", "")


# -- reading -----------------------------------------------------------------------------------------------------------


def test_a_suite_is_read_with_cases_in_place_and_in_a_file(folder: Path) -> None:
    text = HEAD + "defaults: {top_k: 3, llm: none}\ngate:\n  right: {min: 0.5, alpha: 0.01}\ncases:\n- cases.jsonl\n"
    path = write(
        folder,
        text
        + "- id: late\n  question: And when?\n  history: [{role: user, content: a}, {role: assistant, content: b}]\n",
        '{"id": "toll", "question": "What?", "answers": ["3 crowns"], "evidence": [{"source": "bridge.md", "start": 4, '
        '"end": 8}], "match": "numeric", "numeric": {"value": 3, "unit": "crowns"}}\n\n',
    )
    suite = load_suite(path)
    toll, late = suite.cases
    assert toll.numeric == ExpectedNumber(3.0, "crowns")
    assert toll.evidence == (GoldEvidence("bridge.md", start=4, end=8),)
    assert late.history == (Turn("user", "a"), Turn("assistant", "b"))
    assert (suite.name, suite.corpus, suite.defaults) == ("bridge", folder / "docs", {"top_k": 3, "llm": "none"})
    assert suite.gate == (GateRule("right", min=0.5, alpha=0.01),)
    assert suite.where == {"toll": f"{folder}/cases.jsonl:1", "late": f"{folder}/suite.yaml:9"}


def test_a_folder_stands_for_its_suite(folder: Path) -> None:
    write(folder, HEAD + ONE)
    assert load_suite(folder).cases[0].id == "toll"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "suite.yaml:1: this is no suite"),
        ("- a", "suite.yaml:1: this is no suite"),
        (HEAD.replace("1", "2") + ONE, "suite.yaml:1: the suite has schema version '2', and this version of Footnote"),
        (HEAD.replace("schema_version: 1", "a: 1") + ONE, "suite.yaml:1: the suite has no schema version"),
        (
            HEAD + "extra: 1\n" + ONE,
            "suite.yaml:4: 'extra' is an unknown key; known here: schema_version, suite, corpus",
        ),
        (HEAD + ONE + "  answer: a\n", "suite.yaml:7: 'cases[0].answer' is an unknown key; known here: id, question"),
        (HEAD + ONE + "  answers: [a, 25]\n", "suite.yaml:7: 'cases[0].answers[1]' must be text; put it in quotes."),
        (HEAD + ONE + "  answers:\n  - a\n  - no\n", "suite.yaml:9: 'cases[0].answers[1]' must be text"),
        (HEAD + ONE + "  match: exact\n", "suite.yaml:7: 'cases[0].match' is wrong: it should be 'f1', 'em'"),
        (HEAD + ONE + "  weight: -1\n", "suite.yaml:7: 'weight' must be a number above 0."),
        (HEAD + ONE + "  weight: .nan\n", "suite.yaml:7: 'weight' must be a number above 0."),
        (
            HEAD + ONE + "  evidence:\n  - source: a\n    quot: b\n",
            "suite.yaml:9: 'cases[0].evidence[0].quot' is an unk",
        ),
        (HEAD + ONE + "  evidence:\n  - {source: a}\n", "suite.yaml:8: 'evidence[0]' has neither a quote nor"),
        (HEAD + ONE + "  evidence:\n  - {source: a, start: 3}\n", "suite.yaml:8: 'evidence[0]' has one of 'start' and"),
        (HEAD + ONE + "  evidence:\n  - {source: a, start: 3, end: 3}\n", "'evidence[0]' needs 0 <= start < end"),
        (HEAD + ONE + "  evidence:\n  - {source: a, quote: b, page: 0}\n", "'evidence[0]' has a page below 1"),
        (HEAD + ONE + "  history: [{role: system, content: a}]\n", "suite.yaml:7: 'cases[0].history[0].role' is wrong"),
        (HEAD + ONE + "- id: toll\n  question: b\n", "suite.yaml:7: the id 'toll' is taken by suite.yaml:5"),
        (HEAD + ONE.replace("toll\n", '""\n'), "suite.yaml:5: 'id' must be a short name of one line"),
        (HEAD + "cases:\n- id: a\n", "suite.yaml:5: 'cases[0].question' is missing; add it."),
        (HEAD + "cases: []\n", "suite.yaml:4: the suite has no cases; add one with: rag eval add"),
        (HEAD + "cases: 3\n", "suite.yaml:4: 'cases' must be a list of cases or the name of a JSONL file."),
        (HEAD + "cases: other.jsonl\n", "suite.yaml:4: there is no file other.jsonl; correct 'cases'."),
        (HEAD + "cases: ../other.jsonl\n", "suite.yaml:4: '../other.jsonl' must be a .jsonl file beside the suite"),
        (HEAD + "cases: /etc/passwd\n", "suite.yaml:4: '/etc/passwd' must be a .jsonl file beside the suite"),
        (HEAD, "suite.yaml:1: 'cases' is missing; add it."),
        (HEAD.replace("docs", "doc") + ONE, "suite.yaml:3: the corpus doc does not exist; correct 'corpus.path'."),
        (HEAD.replace("docs", "docs, sha256: 12ab") + ONE, "suite.yaml:3: 'corpus.sha256' must be a hash of 64"),
        (HEAD + "defaults: {top_k: 0}\n" + ONE, "suite.yaml:4: 'defaults.top_k' is wrong: it should be greater than"),
        (HEAD + "defaults: {ks: [0]}\n" + ONE, "suite.yaml:4: 'defaults.ks[0]' is wrong: it should be greater than"),
        (HEAD + "defaults: {ks: 3}\n" + ONE, "suite.yaml:4: 'defaults.ks' is wrong: it should be a list"),
        (HEAD + "defaults: {home: /}\n" + ONE, "suite.yaml:4: 'defaults.home' is an unknown key"),
        (HEAD + "defaults: {llm: openai:x}\n" + ONE, "suite.yaml:4: 'defaults.llm' must be none, local or local:NAME"),
        (HEAD + "gate: {rihgt: {min: 1}}\n" + ONE, "suite.yaml:4: 'gate.rihgt' names no metric; write 'right'."),
        (HEAD + "gate:\n  spam: {min: 1}\n" + ONE, "suite.yaml:5: 'gate.spam' names no metric; the handbook's page"),
        (HEAD + ONE + "  pattern: '(('\n", "suite.yaml:7: 'pattern' is no regular expression (missing )"),
        (HEAD + "gate: {right: {mn: 1}}\n" + ONE, "suite.yaml:4: 'gate.right.mn' is an unknown key; known here: min,"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(folder: Path, text: str, message: str) -> None:
    assert message in refusal(write(folder, text))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('{"id": "a", "question": "b"}\n\n{"id": "a", "question": "c"}\n', "cases.jsonl:3: the id 'a' is taken by"),
        ('\n{"id": "a", "question": 3}\n', "cases.jsonl:2: 'question' must be text"),
        ('{"id": "a", "question": "b", "x": 1}\n', "cases.jsonl:1: 'x' is an unknown key"),
        ('{"id": "a", "question": "b", "id": "c"}\n', "cases.jsonl:1: the key 'id' stands here twice"),
        ('{"id": "a", "question": \n', "cases.jsonl:1: this is not JSON"),
        ("[]\n", "cases.jsonl:1: a case must be an object"),
        ("[" * 100_000 + "\n", "cases.jsonl:1: this JSON is nested too deeply"),
        ('{"id": "\\ud800", "question": "b"}\n', "cases.jsonl:1: holds a character that is not valid Unicode"),
        ('{"id": "a", "question": "b", "weight": NaN}\n', "cases.jsonl:1: 'weight' must be a number above 0."),
        ("", "suite.yaml:4: the suite has no cases"),
    ],
)
def test_a_line_of_json_that_is_wrong_is_named(folder: Path, lines: str, message: str) -> None:
    assert refusal(write(folder, HEAD + "cases: cases.jsonl\n", lines)).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &a [1]\nb: *a", "suite.yaml:2: an alias (*) is not allowed"),
        ("a: 1\na: 2", "suite.yaml:2: the key 'a' stands here twice"),
        ("a: !!python/object/apply:os.system [ls]", "suite.yaml:1: the tag "),
        ("[" * 30, "suite.yaml:1: nested more than 20 levels deep"),
        ("a: b: c", "suite.yaml:1: this is not YAML"),
        ("a: '\x01'", "suite.yaml:1: this is not YAML"),
        ("? [a]\n: b", "suite.yaml:1: a key must be a word"),
        ("schema_version: " + "9" * 10_000, "suite.yaml:1: the suite has schema version "),
    ],
)
def test_yaml_that_is_more_than_plain_data_is_refused(folder: Path, text: str, message: str) -> None:
    assert refusal(write(folder, text)).startswith(message)


def test_an_alias_bomb_costs_nothing(folder: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    assert "an alias" in refusal(write(folder, bomb))


def test_files_that_are_no_text_are_refused(folder: Path) -> None:
    assert refusal(folder / "none.yaml").startswith("There is no file")
    (folder / "suite.yaml").write_bytes(b"\xff\xfe\x00")
    assert "it is not UTF-8" in refusal(folder / "suite.yaml")
    with (folder / "suite.yaml").open("wb") as file:
        file.truncate(11_000_000)
    assert "is larger than 10 MB" in refusal(folder / "suite.yaml")


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "suite.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(UsageError):
            load_suite(path)


# -- hashes ------------------------------------------------------------------------------------------------------------


def test_the_hash_of_a_suite_is_of_its_cases_and_not_of_their_layout(folder: Path) -> None:
    one, two = {"id": "a", "question": "b"}, {"id": "c", "question": "d", "match": "contains", "tags": []}
    lines = [json.dumps(case) for case in (one, two)]
    first = load_suite(write(folder, HEAD + "cases: cases.jsonl\n", "\n".join(lines))).sha256
    text = HEAD + "cases:\n- {question: d, id: c}\n- {id: a, question: b}\n"
    assert load_suite(write(folder, text)).sha256 == first
    assert load_suite(write(folder, text.replace("b}", "e}"))).sha256 != first


def test_the_hash_of_a_corpus_changes_with_names_and_contents_only(folder: Path) -> None:
    docs = folder / "docs"
    before = corpus_hash(docs)
    (docs / "bridge.md").touch()
    (docs / ".hidden").write_text("x")
    assert corpus_hash(docs) == before
    (docs / "bridge.md").rename(docs / "b.md")
    assert corpus_hash(docs) != before
    (docs / "b.md").rename(docs / "bridge.md")
    (docs / "bridge.md").write_text("other")
    assert corpus_hash(docs) != before
    with pytest.raises(UsageError, match="does not exist"):
        corpus_hash(folder / "none")


# -- writing -----------------------------------------------------------------------------------------------------------

texts = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() and text.isprintable())
evidence = st.one_of(
    st.builds(GoldEvidence, texts, texts, page=st.none() | st.integers(1, 9)),
    st.builds(
        lambda source, start, length: GoldEvidence(source, "", start, start + length), texts, st.just(3), st.just(4)
    ),
)
cases = st.builds(
    Case,
    id=texts,
    question=texts,
    history=st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), texts), max_size=2).map(tuple),
    answers=st.lists(texts, max_size=2).map(tuple),
    answerable=st.booleans(),
    evidence=st.lists(evidence, max_size=2).map(tuple),
    match=st.sampled_from(["f1", "em", "contains", "numeric", "regex"]),
    numeric=st.none() | st.builds(ExpectedNumber, st.floats(-1e6, 1e6), texts, st.floats(0, 1)),
    pattern=st.text(max_size=5).filter(lambda text: text.isprintable() and not pattern_error(text)),
    tags=st.lists(texts, max_size=2).map(tuple),
    weight=st.floats(0.1, 10),
)


@given(cases)
def test_a_case_survives_being_written_and_read(case: Case) -> None:
    data = json.loads(json.dumps(case_to_json(case)))
    assert parse_case(Located(Path("x"), data, {}), data) == case


def test_a_written_case_holds_what_differs_from_the_defaults() -> None:
    case = Case("a", "b", evidence=(GoldEvidence("c", "d"),))
    assert case_to_json(case) == {"id": "a", "question": "b", "evidence": [{"source": "c", "quote": "d"}]}


def test_a_suite_that_is_absent_is_made(folder: Path) -> None:
    path = folder / "tests" / "mine" / "suite.yaml"
    append_case(path, Case("a", "Where?"), corpus=folder / "docs")
    append_case(path, Case("b", "Wann? – „Jetzt“"))
    suite = load_suite(path, corpus_anywhere=True)
    assert [case.question for case in suite.cases] == ["Where?", "Wann? – „Jetzt“"]
    assert (suite.name, suite.corpus.resolve()) == ("mine", (folder / "docs").resolve())
    assert {entry.name for entry in path.parent.iterdir()} == {"suite.yaml", "cases.jsonl", ".suite.yaml.lock"}


def test_a_case_is_added_to_a_file_and_nothing_else_changes(folder: Path) -> None:
    path = write(folder, HEAD + "# kept\ncases: cases.jsonl\n", '{"question": "b", "id": "a"}')
    (folder / "cases.jsonl").chmod(0o640)
    append_case(path, Case("c", "d"))
    assert (folder / "cases.jsonl").read_text() == '{"question": "b", "id": "a"}\n{"id": "c", "question": "d"}\n'
    assert stat.S_IMODE((folder / "cases.jsonl").stat().st_mode) == 0o640
    assert "# kept" in path.read_text()


@pytest.mark.parametrize("indent", ["", "  "])
def test_a_case_is_added_to_a_list_in_place(folder: Path, indent: str) -> None:
    path = write(folder, HEAD + "cases: # all of them\n" + indent + "- {id: a, question: b} # first\n\n")
    before = path.read_text()
    append_case(path, Case("c", "d: # 'e' \"f\""))
    assert [case.question for case in load_suite(path).cases] == ["b", "d: # 'e' \"f\""]
    assert path.read_text().startswith(before.rstrip())


@pytest.mark.parametrize(
    "text", ["cases: [{id: a, question: b}]\n", "cases:\n- {id: a, question: b}\ngate: {}\n", "cases: []\n"]
)
def test_a_list_that_cannot_be_added_to_is_left_alone(folder: Path, text: str) -> None:
    path = write(folder, HEAD + text)
    with pytest.raises(UsageError, match=r"suite.yaml:4: a case cannot be added here; move the cases into cases.jsonl"):
        append_case(path, Case("c", "d"))
    assert path.read_text() == HEAD + text


def test_what_cannot_be_added_is_refused_and_nothing_changes(folder: Path) -> None:
    path = write(folder, HEAD + "cases: cases.jsonl\n", '{"id": "a", "question": "b"}\n')
    with pytest.raises(UsageError, match=r"cases.jsonl:1: the id 'a' is taken"):
        append_case(path, Case("a", "c"))
    with pytest.raises(UsageError, match="'question' is empty"):
        append_case(path, Case("c", " "))
    with pytest.raises(UsageError, match="There is no suite"):
        append_case(folder / "other" / "suite.yaml", Case("c", "d"))
    assert len(load_suite(path).cases) == 1


def test_several_cases_are_added_at_once_or_none(folder: Path) -> None:
    path = write(folder, HEAD + "cases:\n- {id: a, question: b}\n")
    append_cases(path, [Case("c", "d"), Case("e", "f")])
    assert [case.id for case in load_suite(path).cases] == ["a", "c", "e"]
    before = path.read_text()
    with pytest.raises(UsageError, match=r"suite.yaml:6: the id 'c' is taken"):
        append_cases(path, [Case("g", "h"), Case("c", "d")])
    assert path.read_text() == before
    with pytest.raises(UsageError, match="Two of the new cases have the id 'x'"):
        append_cases(folder / "new" / "suite.yaml", [Case("x", "y"), Case("x", "z")], corpus=folder / "docs")
    assert not (folder / "new").exists()


def test_several_threads_may_add_at_once(folder: Path) -> None:
    path = write(folder, HEAD + "cases: cases.jsonl\n", "")
    threads = [threading.Thread(target=append_case, args=(path, Case(f"c{i}", "d"))) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {case.id for case in load_suite(path).cases} == {f"c{i}" for i in range(8)}


def test_a_folder_that_cannot_be_written_to_is_one_sentence(folder: Path) -> None:
    (folder / "file").write_text("x")
    with pytest.raises(UsageError, match=r"The suite .* cannot be written"):
        append_case(folder / "file" / "suite.yaml", Case("c", "d"), corpus=folder / "docs")


# -- the suite that is shipped -----------------------------------------------------------------------------------------


def test_the_shipped_suite_has_every_kind_of_case() -> None:
    suite = load_suite(Path(__file__).parents[1] / "suites" / "handbook", corpus_anywhere=True)
    tags = [tag for case in suite.cases for tag in case.tags]
    kinds = ("single-fact", "two-sources", "table-row", "follow-up", "near-miss", "foreign", "numeric")
    assert len(suite.cases) >= 60
    assert all(tags.count(kind) >= 6 for kind in kinds)
    assert not [case.id for case in suite.cases if not re.fullmatch(r"[a-z0-9-]+", case.id)]


def test_the_f1_of_a_right_answer_is_set_by_the_suite_or_the_case(folder: Path) -> None:
    cases = "cases:\n- {id: a, question: Who?}\n- {id: b, question: When?, f1_threshold: 0.5}\n"
    suite = load_suite(write(folder, HEAD + "defaults: {f1_threshold: 0.3, top_k: 4}\n" + cases))
    assert [case.f1_threshold for case in suite.cases] == [0.3, 0.5]
    assert dict(suite.defaults) == {"top_k": 4}, "it is no setting of an answer"
    assert suite.sha256 != load_suite(write(folder, HEAD + cases)).sha256, "it changes what is right"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("f1_threshold: 0", "'f1_threshold' must be above 0 and at most 1."),
        ("xfail: true", "'cases[0].xfail' must be text"),
        ("skip: ' '", "'skip' is empty; write why."),
        ("skip: a\n  xfail: b", "'skip' and 'xfail' stand together"),
    ],
)
def test_a_mark_needs_a_reason(folder: Path, fields: str, message: str) -> None:
    assert message in refusal(write(folder, HEAD + ONE + f"  {fields}\n"))
