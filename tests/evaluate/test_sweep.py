"""Sweeps: every combination, nothing embedded twice, indexes only where they must differ, and which variants differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluate.comparison.page import comparison_page
from rag.evaluate.results import dump_json, read_results, results_data
from rag.evaluate.run.runner import Run, RunStopped, open_corpus
from rag.evaluate.sweep import (
    Variant,
    combinations,
    compare_variants,
    sweep,
    sweep_lines,
    variant_results,
    variants_data,
)
from rag.evaluate.types import Case, Record, Suite
from rag.prompts import prompts_folder
from rag.settings import Settings
from rag.store.index import Index
from tests.conftest import Command
from tests.fakes import ScriptedModel, WordEncoder

Run_ = Callable[..., list[Variant]]


@pytest.fixture
def names() -> list[str]:
    """The names of the indexes that were opened, in order."""
    return []


@pytest.fixture
def run(
    suite: Suite, settings: Settings, encoder: WordEncoder, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> Run_:
    """Sweeps the suite: ``run(assignments)``; the corpus is read by the product itself."""
    import rag.store.index

    monkeypatch.setattr(rag.store.index, "open_encoder", lambda *_: encoder)

    @contextmanager
    def open_index(own: Settings, suffix: str) -> Iterator[tuple[Index, str]]:
        index, sha256 = open_corpus(suite, own, suffix=suffix)
        names.append(index.name)
        with index:
            yield index, sha256

    def swept(assignments: Mapping[str, Sequence[str]], asked: Suite = suite, **options: object) -> list[Variant]:
        return sweep(asked, settings, open_index, assignments, **options)  # type: ignore[arg-type]

    return swept


def test_every_combination_with_the_first_values_first() -> None:
    assert combinations({"top_k": ["4", "8"], "llm": ["none", "local"]}) == [
        {"top_k": "4", "llm": "none"},
        {"top_k": "4", "llm": "local"},
        {"top_k": "8", "llm": "none"},
        {"top_k": "8", "llm": "local"},
    ]


@pytest.mark.parametrize(
    ("assignments", "text"),
    [
        ({}, "Nothing varies"),
        ({"parse_seconds": ["100"]}, "'parse_seconds' cannot vary"),
        ({"home": ["/"]}, "'home' cannot vary"),
        ({"top_k": [str(k) for k in range(1, 100)]}, "more than 64"),
        ({name: [str(i) for i in range(1000)] for name in ("top_k", "llm", "threshold", "fusion")}, "more than 64"),
    ],
)
def test_what_cannot_be_swept_is_refused(assignments: dict[str, list[str]], text: str) -> None:
    with pytest.raises(UsageError, match=text):
        combinations(assignments)


@pytest.mark.parametrize(
    ("assignments", "text"),
    [
        ({"top_k": ["4", "x"]}, "'x' of 'top_k'"),
        ({"chunk_tokens": ["100", "3"]}, "'3' of 'chunk_tokens'"),
        ({"prompts": ["default", "nowhere"]}, "nowhere"),
    ],
)
def test_a_wrong_value_is_refused_before_anything_is_asked(
    run: Run_, names: list[str], assignments: dict[str, list[str]], text: str
) -> None:
    with pytest.raises(UsageError, match=text):
        run(assignments)
    assert not names, "no index was opened"


def test_variants_share_one_corpus_and_embed_nothing_twice(
    suite: Suite, run: Run_, encoder: WordEncoder, names: list[str]
) -> None:
    variants = run({"top_k": ["8"], "threshold": ["0.2", "1.0"], "fusion": ["0.5"]})
    assert len(set(encoder.texts)) == len(encoder.texts), "nothing is embedded twice"
    texts = len(encoder.texts)
    run({"threshold": ["0.2", "1.0"]})
    assert len(encoder.texts) == texts
    assert len(names) == 2, "what answers varies over one open index a sweep"
    assert [variant.name for variant in variants] == [
        "top_k=8 threshold=0.2 fusion=0.5",
        "top_k=8 threshold=1.0 fusion=0.5",
    ]
    compared = compare_variants(suite, variants)
    right = [{figure.metric: figure.mean for figure in one.figures}["right"] for one in compared.runs]
    assert right == [1.0, 0.25], "a threshold of 1 refuses everything"
    (comparison,) = [c for c in compared.differences[0] if c.metric == "right"]
    assert (comparison.difference, comparison.losses) == (-0.75, 3)


def test_other_chunks_have_an_index_of_their_own_and_stay(
    run: Run_, names: list[str], encoder: WordEncoder, settings: Settings
) -> None:
    variants = run({"chunk_tokens": [str(settings.chunk_tokens), "40"], "top_k": ["8", "1"]})
    assert [variant.config["chunk_tokens"] for variant in variants] == [variants[0].config["chunk_tokens"]] * 2 + [
        40
    ] * 2
    own, other = dict.fromkeys(names)
    assert other.startswith(f"{own}-"), "the suite's own index is not made anew for the settings that it has"
    assert names == [own, other, own, other], "all are made before the first question, and each is then opened once"
    texts = len(encoder.texts)
    again = run({"chunk_tokens": ["40"], "top_k": ["8"]})
    assert names[-1] == other
    assert [record.answer for record in again[0].run.records] == [record.answer for record in variants[2].run.records]
    assert len(encoder.texts) == texts, "nothing is embedded again"


def test_prompts_vary_by_folder(run: Run_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "prompts"
    folder.mkdir()
    text = (prompts_folder() / "answer.md").read_text(encoding="utf-8")
    (folder / "answer.md").write_text(
        text.replace("## system\n", "## system\n\nAnswer as a sailor.\n"), encoding="utf-8"
    )
    models: list[ScriptedModel] = []

    def open_llm(*_: object) -> ScriptedModel:
        models.append(ScriptedModel(["The ferry carries 28 cars. [1]"], context_window=32_000))
        return models[-1]

    monkeypatch.setattr("rag.evaluate.run.configuration.open_llm", open_llm)
    monkeypatch.setattr(ScriptedModel, "close", lambda _: None, raising=False)
    shipped, own = run({"prompts": ["default", str(folder)]})
    assert shipped.config["prompts"]["answer"] != own.config["prompts"]["answer"]
    assert "Answer as a sailor." in own.prompts["answer"]
    sent = ["\n".join(message.content for asked in model.asked for message in asked) for model in models]
    assert ["Answer as a sailor." in text for text in sent] == [False, True], "and the model is sent it"


def test_a_stopped_sweep_goes_on_and_gives_the_same(suite: Suite, run: Run_, settings: Settings) -> None:
    varied = {"threshold": ["0.2", "1.0"]}
    whole = run(varied)

    def stop_at(done: int, total: int, _: str) -> None:
        assert total == 8
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(RunStopped) as stopped:
        run(varied, report_progress=stop_at)
    assert (stopped.value.done, stopped.value.total) == (6, 8)
    assert len(list(settings.home.rglob("sweep-*.journal"))) == 2
    seen: list[int] = []
    resumed = run(varied, resume=True, report_progress=lambda done, total, _: seen.append(done))
    assert [variant.run.resumed for variant in resumed] == [4, 2]
    assert [[record.answer for record in one.run.records] for one in resumed] == [
        [record.answer for record in one.run.records] for one in whole
    ]
    assert seen[-1] == 8
    assert not list(settings.home.rglob("sweep-*.journal")), "a finished sweep leaves no journal"


def variant(name: str, right: float) -> Variant:
    records = tuple(Record(f"c{i}", {"right": right if i % 2 else 1.0}, {"answer": name}) for i in range(40))
    return Variant({"top_k": name}, Run(records))


def test_what_differs_is_printed(suite: Suite) -> None:
    suite = replace(suite, cases=tuple(Case(f"c{i}", f"Question {i}?", answers=("x",)) for i in range(40)))
    variants = [variant("4", 1.0), variant("8", 0.0), variant("16", 1.0)]
    compared = compare_variants(suite, variants)
    text = "\n".join(sweep_lines(compared))
    assert "top_k=8: right -0.500" in text
    assert "top_k=16: no significant difference" in text
    raised = tuple(replace(record, error="raised") for record in variants[1].run.records[:3])
    broken = replace(variants[1], run=Run(raised + variants[1].run.records[3:]))
    assert "top_k=8: 3 of 40 cases raised an error" in "\n".join(
        sweep_lines(compare_variants(suite, [variants[0], broken]))
    )
    data = variants_data(variants, compared)["variants"]
    assert data[1]["comparisons"][0]["metric"] == "right"
    assert not data[0]["comparisons"]
    page = comparison_page(compared, "coast: 3 variants")
    assert page.count('class="case"') == 20, "each case that flips is shown once, with all variants"


def test_holm_is_over_all_variants(suite: Suite) -> None:
    """One of many comparisons that looks odd by chance is not called a difference."""
    suite = replace(suite, cases=tuple(Case(f"c{i}", f"Question {i}?", answers=("x",)) for i in range(12)))
    same = tuple(Record(f"c{i}", {"right": 1.0}) for i in range(12))
    six = tuple(replace(record, metrics={"right": 0.0}) if i < 6 else record for i, record in enumerate(same))
    alone = compare_variants(suite, [Variant({"a": "1"}, Run(same)), Variant({"a": "2"}, Run(six))])
    many = compare_variants(
        suite, [Variant({"a": "1"}, Run(same)), *(Variant({"a": str(n)}, Run(six)) for n in range(2, 9))]
    )
    assert alone.differences[0][0].adjusted < 0.05
    assert many.differences[0][0].p == alone.differences[0][0].p
    assert many.differences[0][0].adjusted > 0.05


def test_the_suites_own_settings_hold_where_nothing_varies(suite: Suite, run: Run_) -> None:
    own = replace(suite, defaults={"llm": "none", "top_k": 2, "ks": (1, 2)})
    (variant,) = run({"fusion": ["1.0"]}, own)
    assert all(len(record.answer["passages"]) <= 2 for record in variant.run.records)
    assert "hit@2/document" in variant.run.records[0].metrics


def test_the_results_of_a_variant_are_those_of_a_run(suite: Suite, run: Run_, tmp_path: Path) -> None:
    (variant,) = run({"top_k": ["3"]})
    path = tmp_path / variant.file_name
    path.write_text(dump_json(results_data(variant_results(suite, variant))))
    data = read_results(path)
    assert data["config"]["options"]["passages"] == 3
    assert data["figures"]["right"]["mean"] == 1.0


def test_no_value_chooses_where_results_lie() -> None:
    hostile = Variant({"prompts": "../../etc/x\x00", "llm": "a/b"}, Run(()))
    assert Path(hostile.file_name).name == hostile.file_name
    assert not hostile.file_name.startswith(".")
    other = Variant({"prompts": "../../etc/x\x01", "llm": "a/b"}, Run(()))
    assert other.file_name != hostile.file_name


def test_the_command_writes_a_page_and_results(suite_path: Path, rag: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(suite_path.parent)
    ran = rag("eval", "sweep", "suite.yaml", "--set", "top_k=8,1", "--html", "s.html", "--results", "out", "--json")
    assert ran.code == 0, ran.err
    assert [one["values"] for one in json.loads(ran.out)["variants"]] == [{"top_k": "8"}, {"top_k": "1"}]
    assert (suite_path.parent / "s.html").read_text().startswith("<!DOCTYPE html>")
    written = sorted((suite_path.parent / "out").glob("*.json"))
    compared = rag("eval", "compare", *map(str, written))
    assert compared.code == 0, compared.err
    assert "top_k: 1 → 8" in compared.out
    refused = rag("eval", "sweep", "suite.yaml", "--set", "chunk_tokens=50", "--index", "mine")
    assert refused.code == 2
    assert "asked as it is" in refused.err
