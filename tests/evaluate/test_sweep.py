"""Sweeps: every combination, nothing embedded twice, and which variants differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluate.sweep import Variant, _with_comparisons, combinations, sweep, sweep_lines, variants_data
from rag.evaluate.types import Record, Suite
from rag.settings import Settings
from rag.store.index import Index
from tests.fakes import WordEncoder

Corpus = tuple[Index, str]


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
        ({"chunk_tokens": ["100"]}, "'chunk_tokens' cannot vary"),
        ({"home": ["/"]}, "'home' cannot vary"),
        ({"top_k": [str(k) for k in range(1, 100)]}, "more than 64"),
        ({name: [str(i) for i in range(1000)] for name in ("top_k", "llm", "threshold", "fusion")}, "more than 64"),
    ],
)
def test_what_cannot_be_swept_is_refused(assignments: dict[str, list[str]], text: str) -> None:
    with pytest.raises(UsageError, match=text):
        combinations(assignments)


def test_a_wrong_value_is_refused_before_anything_is_asked(suite: Suite, corpus: Corpus) -> None:
    def report(*_: object) -> None:
        pytest.fail("a question was asked")

    with pytest.raises(UsageError, match="'x' of 'top_k'"):
        sweep(suite, corpus[0], {"top_k": ["4", "x"]}, report_progress=report)


def test_variants_share_one_corpus_and_embed_nothing_twice(
    suite: Suite, corpus: Corpus, settings: Settings, encoder: WordEncoder
) -> None:
    corpus[0].settings = settings.model_copy(update={"llm": "none"})
    variants = sweep(suite, corpus[0], {"top_k": ["8"], "threshold": ["0.2", "1.0"], "fusion": ["0.5"]})
    texts = len(encoder.texts)
    sweep(suite, corpus[0], {"threshold": ["0.2", "1.0"]})
    assert len(encoder.texts) == texts
    assert [variant.name for variant in variants] == [
        "top_k=8 threshold=0.2 fusion=0.5",
        "top_k=8 threshold=1.0 fusion=0.5",
    ]
    right = [{figure.metric: figure.mean for figure in variant.figures}["right"] for variant in variants]
    assert right == [1.0, 0.25], "a threshold of 1 refuses everything"
    assert not variants[0].comparisons
    (comparison,) = [c for c in variants[1].comparisons if c.metric == "right"]
    assert (comparison.difference, comparison.losses) == (-0.75, 3)


def test_what_differs_is_printed(suite: Suite) -> None:
    def variant(name: str, right: float) -> Variant:
        records = tuple(Record(f"c{i}", {"right": right if i % 2 else 1.0}) for i in range(40))
        return Variant({"top_k": name}, (), records)

    variants = _with_comparisons(suite, [variant("4", 1.0), variant("8", 0.0), variant("16", 1.0)])
    text = "\n".join(sweep_lines(variants))
    assert "top_k=8: right -0.500" in text
    assert "top_k=16: no significant difference" in text
    broken = replace(variants[1], records=tuple(replace(record, error="raised") for record in variants[1].records[:3]))
    assert "top_k=8: 3 of 40 cases raised an error" in "\n".join(sweep_lines([variants[0], broken]))
    assert variants_data(variants)["variants"][1]["comparisons"][0]["metric"] == "right"


def test_holm_is_over_all_variants(suite: Suite) -> None:
    """One of many comparisons that looks odd by chance is not called a difference."""
    same = tuple(Record(f"c{i}", {"right": 1.0}) for i in range(12))
    six = tuple(replace(record, metrics={"right": 0.0}) if i < 6 else record for i, record in enumerate(same))
    alone = _with_comparisons(suite, [Variant({"a": "1"}, (), same), Variant({"a": "2"}, (), six)])
    many = _with_comparisons(
        suite, [Variant({"a": "1"}, (), same), *(Variant({"a": str(n)}, (), six) for n in range(2, 9))]
    )
    assert alone[1].comparisons[0].adjusted < 0.05
    assert many[1].comparisons[0].p == alone[1].comparisons[0].p
    assert many[1].comparisons[0].adjusted > 0.05


def test_the_suites_own_settings_hold_where_nothing_varies(suite: Suite, corpus: Corpus) -> None:
    own = replace(suite, defaults={"llm": "none", "top_k": 2, "ks": (1, 2)})
    (variant,) = sweep(own, corpus[0], {"fusion": ["1.0"]})
    assert all(len(record.answer["passages"]) <= 2 for record in variant.records)
    assert "hit@2/document" in variant.records[0].metrics
    assert Path(suite.path).exists()
