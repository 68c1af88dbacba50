"""The command ``rag eval agree``: how well a judge agrees with people.

Owns: its options, and what is printed. Heavy modules are imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.eval_corpus import file_option
from rag.cli.opening import settings_of
from rag.cli.options import HomeOption, JsonOption
from rag.cli.screen import say

if TYPE_CHECKING:
    from rag.evaluate.judging.labels import Labels
    from rag.evaluate.types import Record, Suite


def agree(
    path: Annotated[
        Path, typer.Argument(metavar="RESULTS|SUITE", help="Results with a judge's verdicts, or a labelled suite.")
    ],
    suite: Annotated[Path | None, file_option("--suite", "Take the labels of this suite.")] = None,
    labels: Annotated[Path | None, file_option("--labels", "Take the labels of a CSV file with a column id.")] = None,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="SPEC", help="Judges the labelled answers of a suite.", show_default=False),
    ] = None,
    threshold: Annotated[
        float, typer.Option("--threshold", metavar="T", min=0, max=1, help="From where on a verdict is a yes.")
    ] = 0.5,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how well a judge agrees with people's labels: Cohen's kappa, the confusion matrix, the best threshold."""
    from rag.errors import UsageError
    from rag.evaluate.judging.calibration import calibrate, calibration_data, calibration_lines
    from rag.evaluate.judging.labels import labels_of_cases, read_labels
    from rag.evaluate.suite.file import load_suite
    from rag.serialize import to_json

    if suite and labels:
        raise UsageError("--suite and --labels both name labels; give one of them.")
    if path.is_dir() or path.suffix in (".yaml", ".yml"):
        loaded = load_suite(path, corpus_anywhere=True)
        found: Labels = labels_of_cases({case.id: case for case in loaded.cases})
        records = _judged(loaded, judge, home)
    else:
        if judge:
            raise UsageError("--judge judges the answers of a suite; results have verdicts already, so leave it away.")
        records, found = _of_results(path)
    if suite:
        found = labels_of_cases({case.id: case for case in load_suite(suite, corpus_anywhere=True).cases})
    if labels:
        found = read_labels(labels)
    calibrated = calibrate(records, found, threshold)
    if as_json:
        typer.echo(to_json({"labels": calibration_data(calibrated)}))
        return
    say(*calibration_lines(calibrated), hang=4)


def _judged(suite: Suite, judge: str | None, home: Path | None) -> list[Record]:
    """Judge the labelled answers of a suite."""
    from rag.cli.eval_judge import opened_judge
    from rag.cli.progress import CaseProgress
    from rag.errors import UsageError
    from rag.evaluate.judging.calibration import judged_answers

    if not judge:
        raise UsageError("A suite has labels and no verdicts; name a judge with --judge SPEC, or give results.")
    with opened_judge(judge, suite, settings_of(home)) as opened, CaseProgress() as progress:
        assert opened is not None
        records = judged_answers(suite, opened, progress)
    if not records:
        raise UsageError(
            f"No label of {suite.path} says which answer it is of; write 'labels: {{answer: …, judge_correct: true}}', "
            "or give results."
        )
    return records


def _of_results(path: Path) -> tuple[list[Record], Labels]:
    """Return the records of results, and the labels that their suite had."""
    from rag.evaluate.judging.labels import labels_of_cases
    from rag.evaluate.results import read_baseline, read_results
    from rag.evaluate.suite.schema import parse_case
    from rag.evaluate.suite.source_lines import Located

    records = list(read_baseline(path).records)
    written = [case.get("case") for case in read_results(path)["cases"]]
    labelled = [case for case in written if isinstance(case, dict) and case.get("labels")]
    cases = [parse_case(Located(path, case, {}), case) for case in labelled]
    return records, labels_of_cases({case.id: case for case in cases})
