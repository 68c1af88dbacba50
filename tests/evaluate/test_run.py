"""Running a suite: its corpus, cases that raise, stopping and going on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import LLMError, UsageError
from rag.evaluate.formats import export_suite
from rag.evaluate.judging.judge import Judge, Judged, Verdict
from rag.evaluate.run.configuration import (
    Configuration,
    apply_overrides,
    configuration_fingerprint,
    describe_configuration,
    parse_assignments,
    variable_settings,
)
from rag.evaluate.run.journal import Journal, open_journal, pending_cases, record_of
from rag.evaluate.run.runner import RunStopped, index_name, open_corpus, run_suite
from rag.evaluate.types import GoldEvidence, GoldSpan, Record, Suite
from rag.models.llm.model import Model
from rag.notices import Notice
from rag.settings import Settings
from rag.store.index import Index
from rag.types import Answer, LeftOut, Sentence
from tests.fakes import ScriptedModel, WordEncoder

KEY = {"suite": "s", "corpus": "c", "config": "k"}
Make = Callable[..., Configuration]
Corpus = tuple[Index, str]


def model(*script: Any, weak: bool = True) -> Model:
    return cast(Model, ScriptedModel(script, weak=weak))


def test_every_case_is_asked_and_measured(suite: Suite, corpus: Corpus, configure: Make) -> None:
    ran = run_suite(suite, corpus[0], configure())
    assert [record.id for record in ran.records] == ["ferry", "toll", "keeper", "hamlet"]
    assert [record.metrics["right"] for record in ran.records] == [1, 1, 1, 1]
    assert not ran.problems
    ferry = ran.records[0]
    text = "The ferry to Skarholm leaves at 7:40 every morning. The ferry carries 28 cars.\n"
    assert [text[span.start : span.end] for span in ferry.gold] == ["The ferry carries 28 cars."]
    assert ferry.cluster == "document sea/ferry.txt"
    assert ferry.metrics["quote_fidelity"] == 1
    assert ferry.timings["total_ms"] > 0
    assert "timings" not in ferry.answer
    assert ran.records[3].answer["abstained"] is True


def test_what_a_run_retrieved_goes_to_ragas_in_its_words(
    suite: Suite, corpus: Corpus, configure: Make, tmp_path: Path
) -> None:
    ran = run_suite(suite, corpus[0], configure())
    export_suite("ragas", suite, tmp_path / "out.jsonl", corpus[0], ran.records)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [len(row["retrieved_contexts"]) for row in rows] == [
        len(record.answer["passages"]) for record in ran.records[:3]
    ]
    assert "The ferry carries 28 cars." in rows[0]["retrieved_contexts"][0]


def test_an_index_is_asked_by_the_settings_of_the_run_and_keeps_its_own(
    suite: Suite, corpus: Corpus, configure: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, own = corpus[0], corpus[0].settings
    seen: list[Settings] = []

    def ask(index: Index, *_: Any, **__: Any) -> Any:
        seen.append(index.settings)
        raise ValueError("no answer")

    monkeypatch.setattr("rag.evaluate.run.runner.answer", ask)
    configuration = configure()
    ran = run_suite(suite, index, configuration)
    assert all(settings is configuration.settings for settings in seen)
    assert len(seen) == len(ran.records) == 4
    assert index.settings is own


def test_the_reasons_of_a_case_are_kept_by_their_codes(
    suite: Suite, corpus: Corpus, configure: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = (
        Sentence("It carries 28 cars.", 0, 19, "verified", (1,)),
        Sentence("It is red.", 20, 30, "unsupported", reason=Notice("other-colour", {"text": "No colour."})),
        Sentence("It grew by 5.", 31, 44, "verified", (1,), Notice("computed", {"calculation": "28 − 23 = 5"})),
    )
    left_out = (LeftOut("It is fast.", "unsupported", Notice("no-source")), LeftOut("It flies.", "partly"))
    reply = Answer("?", "?", "It carries 28 cars. It is red. It grew by 5.", sentences=sentences, left_out=left_out)
    monkeypatch.setattr("rag.evaluate.run.runner.answer", lambda *_, **__: iter([reply]))
    record = run_suite(suite, corpus[0], configure()).records[0]
    assert record.reasons == ("other-colour", "no-source"), "a calculation is no reason against a sentence"


def test_nothing_is_embedded_twice(
    suite: Suite, corpus: Corpus, configure: Make, encoder: WordEncoder, settings: Settings
) -> None:
    run_suite(suite, corpus[0], configure())
    before = len(encoder.texts)
    assert before
    run_suite(suite, corpus[0], configure())
    again, sha256 = open_corpus(suite, settings)
    again.close()
    assert len(encoder.texts) == before
    assert sha256 == corpus[1]


def test_a_changed_document_is_read_again(
    suite: Suite, corpus: Corpus, settings: Settings, configure: Make, library: Path
) -> None:
    (library / "sea" / "ferry.txt").write_text("The ferry carries 31 cars.\n")
    index, sha256 = open_corpus(suite, settings)
    with index:
        ran = run_suite(suite, index, configure())
    assert sha256 != corpus[1]
    assert ran.records[0].metrics["right"] == 0
    assert list(ran.problems) == ["ferry"], "its evidence is gone"


def test_a_model_that_fails_on_one_case_is_an_error_of_that_case_only(
    suite: Suite, corpus: Corpus, configure: Make
) -> None:
    calls: list[int] = []

    class Moody(ScriptedModel):
        def stream(self, *_: Any, **__: Any) -> Any:
            calls.append(1)
            if len(calls) == 2:
                raise LLMError("The service is overloaded.")
            yield "The ferry carries 28 cars."

    ran = run_suite(suite, corpus[0], configure(cast(Model, Moody([], weak=True))))
    errors = {record.id: record.error for record in ran.records if record.error}
    assert errors == {"toll": "The service is overloaded."}
    assert ran.records[1].metrics["right"] == 0, "it counts as wrong"
    assert ran.records[0].metrics["right"] == 1


def test_a_case_that_breaks_the_program_is_an_error_too(suite: Suite, corpus: Corpus, configure: Make) -> None:
    ran = run_suite(suite, corpus[0], configure(model(ZeroDivisionError("by zero"))))
    assert [bool(record.error) for record in ran.records] == [True, True, True, False]
    assert ran.records[0].error == "ZeroDivisionError: by zero"


def test_a_judge_adds_figures_and_its_failure_is_no_error_of_the_answer(
    suite: Suite, corpus: Corpus, configure: Make
) -> None:
    def taste(judged: Judged) -> dict[str, Verdict]:
        if judged.case.id == "keeper":
            raise LLMError("The judge sleeps.")
        return {"judged_taste": Verdict(0.25 if judged.case.id == "toll" else None)}

    judge = Judge("judge", ("judged_taste",), [(("judged_taste",), taste)])
    records = run_suite(suite, corpus[0], configure(), judge=judge).records
    assert [record.metrics["judged_taste"] for record in records] == [None, 0.25, None, None]
    assert [record.judge_errors for record in records] == [{}, {}, {"judged_taste": "The judge sleeps."}, {}]
    assert not any(record.error for record in records)
    assert records[2].metrics["right"] == 1


def test_progress_is_reported(suite: Suite, corpus: Corpus, configure: Make) -> None:
    calls: list[tuple[int, int, str]] = []
    run_suite(suite, corpus[0], configure(), report_progress=lambda *what: calls.append(what))
    assert calls == [(0, 4, "ferry"), (1, 4, "toll"), (2, 4, "keeper"), (3, 4, "hamlet"), (4, 4, "")]


def test_stopping_keeps_finished_cases_and_resuming_gives_the_same_records(
    suite: Suite, corpus: Corpus, configure: Make, tmp_path: Path
) -> None:
    path = tmp_path / "run.journal"

    def stop(done: int, total: int, doing: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with open_journal(path, KEY, resume=False) as journal, pytest.raises(RunStopped) as stopped:
        run_suite(suite, corpus[0], configure(), journal=journal, report_progress=stop)
    assert (stopped.value.done, stopped.value.total) == (2, 4)
    assert pending_cases(path) == 2
    with open_journal(path, KEY, resume=True) as journal:
        finished = dict(journal.finished)
        resumed = run_suite(suite, corpus[0], configure(), journal=journal)
    assert resumed.resumed == 2
    whole = run_suite(suite, corpus[0], configure())
    assert [replace(record, timings={}) for record in resumed.records] == [
        replace(record, timings={}) for record in whole.records
    ]
    assert [record.timings for record in resumed.records[:2]] == [record.timings for record in finished.values()]


def test_a_corpus_with_nothing_to_search_is_refused(suite: Suite, settings: Settings, library: Path) -> None:
    for path in library.rglob("*.*"):
        path.unlink()
    with pytest.raises(UsageError, match="holds nothing to search"):
        open_corpus(suite, settings)


def test_an_index_is_named_after_suite_and_corpus(suite: Suite, tmp_path: Path) -> None:
    odd = replace(suite, name="../../Küste & Höhe?", corpus=tmp_path)
    assert index_name(odd).startswith("eval-k-ste-h-he-")
    assert index_name(odd) != index_name(replace(odd, corpus=tmp_path / "other"))
    assert index_name(replace(odd, name="???")).startswith("eval-suite-")


# -- the journal -------------------------------------------------------------------------------------------------------


def test_a_journal_of_another_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.journal"
    with open_journal(path, KEY, resume=False) as journal:
        journal.add(Record("a", {"right": 1.0}))
    with pytest.raises(UsageError, match="belongs to another run"), open_journal(path, {**KEY, "suite": "other"}, True):
        pass
    assert pending_cases(path) == 1, "and it is left as it was"


def test_starting_anew_puts_finished_cases_aside(tmp_path: Path) -> None:
    path = tmp_path / "run.journal"
    with open_journal(path, KEY, resume=False) as journal:
        journal.add(Record("a", {"right": 1.0}))
    with open_journal(path, KEY, resume=False) as journal:
        assert not journal.finished
    assert pending_cases(tmp_path / "run.journal.old") == 1


def test_a_line_cut_off_by_a_crash_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "run.journal"
    with open_journal(path, KEY, resume=False) as journal:
        journal.add(Record("a", {"right": 1.0}))
    with path.open("a") as file:
        file.write('{"id": "b", "metr')
    with open_journal(path, KEY, resume=True) as journal:
        assert list(journal.finished) == ["a"]
        journal.add(Record("c", {}))
    with open_journal(path, KEY, resume=True) as journal:
        assert list(journal.finished) == ["a", "c"]


def test_two_processes_do_not_write_one_journal(tmp_path: Path) -> None:
    path = tmp_path / "run.journal"
    with (
        open_journal(path, KEY, resume=False),
        pytest.raises(UsageError, match="Another process runs this evaluation"),
        open_journal(path, KEY, resume=False),
    ):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["run.journal"], "no lock is left lying about"


def test_a_journal_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    class Full:
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None: ...

    with pytest.raises(UsageError, match="No space left on device"):
        Journal(tmp_path / "run.journal", {}, cast(Any, Full())).add(Record("a", {}))


numbers = st.floats(0, 1).map(lambda value: round(value, 6))
texts = st.text(max_size=20)


@given(
    st.builds(
        Record,
        id=texts,
        metrics=st.dictionaries(texts, st.none() | numbers, max_size=4),
        answer=st.dictionaries(texts, texts | st.booleans(), max_size=3),
        gold=st.lists(st.builds(GoldSpan, texts, st.integers(0, 99), st.integers(0, 99)), max_size=2).map(tuple),
        cluster=texts,
        weight=st.floats(0.1, 10),
        tags=st.lists(texts, max_size=3).map(tuple),
        timings=st.dictionaries(texts, numbers, max_size=2),
        error=texts,
        reasons=st.lists(texts, max_size=3).map(tuple),
    )
)
def test_a_record_survives_the_journal(record: Record) -> None:
    from rag.evaluate.run.journal import _line

    assert record_of(json.loads(_line(record))) == record


# -- what may vary -----------------------------------------------------------------------------------------------------


def test_settings_and_options_are_applied(settings: Settings) -> None:
    own, options = apply_overrides(settings, {"top_k": "4", "llm": "none", "fusion": "0.7"})
    assert (own.top_k, options.passages, options.dense_weight) == (4, 4, 0.7)
    assert {"top_k", "llm", "fusion", "threshold"} <= set(variable_settings())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"colour": "red"}, "'colour' cannot be set"),
        ({"top_k": "many"}, "'many' of 'top_k' is wrong"),
        ({"top_k": 0}, "of 'top_k' is wrong"),
        ({"fusion": "2"}, "from 0 to 1"),
        ({"fusion": "nan"}, "from 0 to 1"),
        ({"threshold": "2"}, "of 'threshold' is wrong"),
    ],
)
def test_what_cannot_be_applied_is_refused(settings: Settings, values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        apply_overrides(settings, values)


def test_assignments_are_parsed() -> None:
    assert parse_assignments(["top_k=4,8", "llm=openai-like:http://h/v1#m"]) == {
        "top_k": ["4", "8"],
        "llm": ["openai-like:http://h/v1#m"],
    }
    for wrong in (["top_k"], ["=4"], ["top_k="], ["top_k=4,,8"], ["top_k=4", "top_k=8"]):
        with pytest.raises(UsageError, match="--set"):
            parse_assignments(wrong)


def test_the_description_names_what_an_answer_depends_on(corpus: Corpus, configure: Make) -> None:
    plain = describe_configuration(corpus[0], configure())
    assert (plain["model"], plain["embedding_model"], plain["prompts"]) == ("none", "words", {})
    with_model = describe_configuration(corpus[0], configure(model("x")))
    assert set(with_model["prompts"]) == {"answer_small", "condense"}, "those that an answer is made with"
    checked = replace(configure(model("x")), settings=configure().settings.model_copy(update={"checker": "llm"}))
    strong = replace(checked, model=model("x", weak=False))
    assert set(describe_configuration(corpus[0], strong)["prompts"]) == {"answer", "judge", "condense"}
    assert configuration_fingerprint(describe_configuration(corpus[0], checked)) != configuration_fingerprint(
        with_model
    )
    assert configuration_fingerprint(plain) != configuration_fingerprint(with_model)
    assert configuration_fingerprint(plain) == configuration_fingerprint(describe_configuration(corpus[0], configure()))


def test_a_description_tells_nothing_of_the_machine(corpus: Corpus, configure: Make) -> None:
    configuration = configure()
    folders = {"reranker": "/home/somebody/models/reranker", "checker": "cross-encoder:/home/somebody/models/checker"}
    own = configuration.settings.model_copy(update=folders)
    described = describe_configuration(corpus[0], replace(configuration, settings=own))
    assert (described["reranker"], described["checker"]) == ("reranker", "cross-encoder:checker")


def test_evidence_that_is_not_there_is_a_problem_of_its_case(suite: Suite, corpus: Corpus, configure: Make) -> None:
    lost = replace(suite.cases[0], evidence=(GoldEvidence("sea/ferry.txt", "The ferry carries camels."),))
    ran = run_suite(replace(suite, cases=(lost,)), corpus[0], configure())
    assert list(ran.problems) == ["ferry"]
    assert not ran.records[0].error, "it is asked all the same"
