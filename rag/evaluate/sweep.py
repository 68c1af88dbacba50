"""Variants of a configuration, and which of them differ.

Owns: every combination of the values given, which variants share an index, running each, and going on after a stop. How
variants compare is the comparison of any runs (``rag.evaluate.comparison``).

What answers varies over one index. A variant with other chunks or another embedding model gets an index of the suite's
corpus of its own, which stays for the next sweep; no text is embedded twice by one model.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rag.answering.options import AnswerOptions
from rag.errors import UsageError
from rag.evaluate.comparison.differences import RunComparison, compare_runs, figure_of
from rag.evaluate.comparison.runs import MeasuredRun
from rag.evaluate.figures import compute_figures
from rag.evaluate.report.view import difference_interval, is_certain, number
from rag.evaluate.results import Results, build_results
from rag.evaluate.run.configuration import (
    apply_overrides,
    configuration_fingerprint,
    describe_configuration,
    open_configuration,
    prompt_texts,
    suite_settings,
    variable_settings,
)
from rag.evaluate.run.journal import open_journal
from rag.evaluate.run.runner import ReportProgress, Run, RunStopped, run_key, run_suite
from rag.evaluate.types import Comparison, Suite
from rag.models.weights import Fetch
from rag.prompts import PLACEHOLDERS, read_prompt
from rag.settings import Settings
from rag.store.index import Index

_MOST_VARIANTS = 64
# What an index is made with: where one of these varies, a variant has an index of its own.
_INDEX_SETTINGS = ("chunk_tokens", "embedding_model")
# A folder of prompts, or this word for the prompts that come with the program.
_PROMPTS, _SHIPPED = "prompts", "default"

# (settings, what is added to the name of the suite's index) → the open index and the hash of its documents.
OpenIndex = Callable[[Settings, str], AbstractContextManager[tuple[Index, str]]]


@dataclass(frozen=True, slots=True)
class Variant:
    """One combination of values with its run.

    Attributes:
        values: Value by setting, as written on the command line.
        run: The records of its cases.
        config: What answered.
        corpus_sha256: The hash of the documents.
        prompts: The whole text of each prompt by its name.
    """

    values: Mapping[str, str]
    run: Run
    config: Mapping[str, Any] = field(default_factory=dict)
    corpus_sha256: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return its values in one line: ``top_k=4 llm=none``."""
        return " ".join(f"{name}={value}" for name, value in self.values.items())

    @property
    def file_name(self) -> str:
        """Return a name for its results that no value can choose a place with: ``top_k-4-llm-none-1f0c2a.json``."""
        plain = re.sub(r"[^A-Za-z0-9_.]+", "-", self.name).strip("-.")[:60]
        return f"{plain}-{hashlib.sha256(self.name.encode('utf-8', 'replace')).hexdigest()[:6]}.json"


@dataclass(frozen=True, slots=True)
class _Plan:
    """A variant before it is run: its values, its settings, and which index it asks."""

    values: Mapping[str, str]
    settings: Settings
    options: AnswerOptions
    suffix: str


def sweepable() -> list[str]:
    """Return the names of what may be varied."""
    return [*variable_settings(), _PROMPTS, *_INDEX_SETTINGS]


def combinations(assignments: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Return every combination of values, the first values first.

    Args:
        assignments: The values of each setting that varies.

    Returns:
        Value by setting for each variant.

    Raises:
        UsageError: Nothing varies, a name cannot vary, or there are too many combinations.
    """
    if not assignments:
        raise UsageError(f"Nothing varies; write --set NAME=VALUE,VALUE with {', '.join(sweepable())}.")
    if unknown := sorted(set(assignments) - set(sweepable())):
        raise UsageError(f"{unknown[0]!r} cannot vary in a sweep; it takes {', '.join(sweepable())}.")
    # Cut off before they are listed: a few long lists of values have millions of combinations.
    values = itertools.islice(itertools.product(*assignments.values()), _MOST_VARIANTS + 1)
    variants = [dict(zip(assignments, row, strict=True)) for row in values]
    if len(variants) > _MOST_VARIANTS:
        raise UsageError(f"These are more than {_MOST_VARIANTS} variants; give fewer values.")
    return variants


def varies_index(assignments: Mapping[str, Sequence[str]]) -> bool:
    """Return whether variants need indexes of their own."""
    return any(name in assignments for name in _INDEX_SETTINGS)


def sweep(
    suite: Suite,
    settings: Settings,
    open_index: OpenIndex,
    assignments: Mapping[str, Sequence[str]],
    *,
    fetch: Fetch | None = None,
    resume: bool = False,
    report_progress: ReportProgress | None = None,
) -> list[Variant]:
    """Run every combination of values.

    Args:
        suite: The questions.
        settings: What does not vary is as they say, and as the suite says.
        open_index: Opens the index that a variant asks.
        assignments: The values of each setting that varies.
        fetch: Fetches the weights of a model that is absent.
        resume: Whether to go on from what a stopped sweep has finished. If not, that is put aside.
        report_progress: Called with the progress over all variants.

    Returns:
        The variants, in the order of `combinations`.

    Raises:
        UsageError: A name or value cannot be used; no question is asked then.
        RunStopped: The user pressed Ctrl-C; what is finished is kept for ``resume``.
    """
    plans = _plans(suite, settings, assignments)
    for group in {plan.suffix: plan for plan in plans}.values() if varies_index(assignments) else ():
        # Every index is made before the first question, so that what cannot be made is told at once.
        with open_index(group.settings, group.suffix):
            pass
    variants: list[Variant] = []
    journals: list[Path] = []
    # Variants of one index follow each other, so that each is opened once.
    for _, members in itertools.groupby(sorted(plans, key=lambda plan: plan.suffix), lambda plan: plan.suffix):
        same = list(members)
        with open_index(same[0].settings, same[0].suffix) as (index, corpus_sha256):
            for plan in same:
                progress = _progress_of(report_progress, len(variants), len(plans))
                try:
                    variants.append(_run(suite, plan, index, corpus_sha256, fetch, resume, progress, journals))
                except RunStopped as stopped:
                    each = stopped.total
                    raise RunStopped(len(variants) * each + stopped.done, len(plans) * each) from None
    for journal in journals:
        journal.unlink(missing_ok=True)
    order = {tuple(plan.values.items()): number_ for number_, plan in enumerate(plans)}
    return sorted(variants, key=lambda variant: order[tuple(variant.values.items())])


def _plans(suite: Suite, settings: Settings, assignments: Mapping[str, Sequence[str]]) -> list[_Plan]:
    """Return the variants with their values checked: before the first question is asked."""
    own, _ = apply_overrides(settings, suite_settings(suite))
    plans = []
    for values in combinations(assignments):
        changed: dict[str, Any] = {**suite_settings(suite), **values}
        if changed.get(_PROMPTS) == _SHIPPED:
            changed[_PROMPTS] = None
        varied, options = apply_overrides(settings, changed)
        if _PROMPTS in values:
            for name in PLACEHOLDERS:
                read_prompt(name, varied.prompts)
        plans.append(_Plan(values, varied, options, _suffix(own, varied)))
    return plans


def _suffix(own: Settings, varied: Settings) -> str:
    """Return what is added to the name of the suite's index; "" where the variant asks that index itself."""
    if all(getattr(own, name) == getattr(varied, name) for name in _INDEX_SETTINGS):
        return ""
    made_with = repr([getattr(varied, name) for name in _INDEX_SETTINGS])
    return "-" + hashlib.sha256(made_with.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def _run(
    suite: Suite,
    plan: _Plan,
    index: Index,
    corpus_sha256: str,
    fetch: Fetch | None,
    resume: bool,
    progress: ReportProgress | None,
    journals: list[Path],
) -> Variant:
    with open_configuration(plan.settings, plan.options, fetch) as configuration:
        config = describe_configuration(index, configuration)
        path = index.own_folder / f"sweep-{configuration_fingerprint(config)}.journal"
        with open_journal(path, run_key(suite, corpus_sha256, config), resume) as journal:
            run = run_suite(suite, index, configuration, journal=journal, report_progress=progress)
        journals.append(path)
        return Variant(plan.values, run, config, corpus_sha256, prompt_texts(configuration))


def _progress_of(report_progress: ReportProgress | None, before: int, variants: int) -> ReportProgress | None:
    """Return the progress of one variant as that of all."""
    if report_progress is None:
        return None

    def report(done: int, total: int, doing: str) -> None:
        if done < total or before + 1 == variants:
            report_progress(before * total + done, variants * total, doing)

    return report


# -- what came of it ---------------------------------------------------------------------------------------------------


def compare_variants(suite: Suite, variants: Sequence[Variant]) -> RunComparison:
    """Compare each variant with the first, over the metrics of the suite's gate and those that stand first.

    Args:
        suite: The suite that was asked.
        variants: Its variants.

    Returns:
        The comparison; p is adjusted after Holm over all variants.
    """
    cases = {case.id: case for case in suite.cases}
    runs = [
        MeasuredRun(
            label=variant.name,
            suite=suite.name,
            suite_sha256=suite.sha256,
            corpus_sha256=variant.corpus_sha256,
            config=variant.config,
            records=variant.run.records,
            cases=cases,
            figures=tuple(compute_figures(variant.run.records)),
            prompts=variant.prompts,
            is_dated=False,
            conversation=suite.conversation,
        )
        for variant in variants
    ]
    return compare_runs(runs, [rule.metric for rule in suite.gate])


def variant_results(suite: Suite, variant: Variant) -> Results:
    """Return the results of a variant, as a run of its own would give them.

    Args:
        suite: The suite that was asked.
        variant: The variant.

    Returns:
        The results.
    """
    return build_results(suite, variant.corpus_sha256, variant.config, variant.run, prompts=variant.prompts)


def sweep_lines(comparison: RunComparison) -> Iterator[str]:
    """Yield a table of the figures that decide, then which variants differ significantly from the first."""
    yield from _table(comparison)
    yield ""
    yield from comparison.notes
    first, *others = comparison.runs
    yield f"{comparison.count} cases; * differs from {first.label} (paired test, p < 0.05 after Holm)"
    for position, run in enumerate(others, start=1):
        certain = _certain(comparison, position)
        if not certain:
            yield f"{run.label}: no significant difference"
        for c in certain:
            yield f"{run.label}: {c.metric} {c.difference:+.3f} [{difference_interval(c)}], p = {c.adjusted:.3f}"


def _certain(comparison: RunComparison, position: int) -> list[Comparison]:
    rows = comparison.differences[position - 1] if position else ()
    return [one for one in rows if one.metric in comparison.first and is_certain(one)]


def _table(comparison: RunComparison) -> Iterator[str]:
    """Yield a row of figures for each variant, below their names."""
    width = max(len(run.label) for run in comparison.runs)
    yield f"{'':{width}}  " + "  ".join(f"{name:>{max(7, len(name))}}" for name in comparison.first)
    for position, run in enumerate(comparison.runs):
        certain = {one.metric for one in _certain(comparison, position)}
        cells = []
        for name in comparison.first:
            figure = figure_of(run, name)
            text = (number(figure.mean) if figure else "–") + ("*" if name in certain else " ")
            cells.append(f"{text:>{max(7, len(name))}}")
        yield f"{run.label:{width}}  " + "  ".join(cells)


def variants_data(variants: Sequence[Variant], comparison: RunComparison) -> dict[str, Any]:
    """Return the variants as plain data.

    Args:
        variants: The variants.
        comparison: What `compare_variants` says of them.

    Returns:
        ``variants``, each with its values, its configuration, its figures and its differences to the first one.
    """
    return {
        "variants": [
            {
                "values": dict(variant.values),
                "config": dict(variant.config),
                "figures": {figure.metric: asdict(figure) for figure in run.figures},
                "comparisons": [
                    asdict(one)
                    for one in (comparison.differences[position - 1] if position else ())
                    if one.metric in comparison.first
                ],
            }
            for position, (variant, run) in enumerate(zip(variants, comparison.runs, strict=True))
        ]
    }
