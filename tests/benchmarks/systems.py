"""Footnote and LlamaIndex's stock query engine on one suite: ``python -m tests.benchmarks.systems``.

LlamaIndex is measured as a Python function and behind HTTP, both by the commands' own code. Without ``--llm`` neither
has a language model: Footnote quotes, and a stand-in quotes the passage's sentence that is nearest to the question.
``--llm SPEC`` gives both the same model. ``--html FILE`` writes the report, ``--limit N`` takes N cases spread over the
suite, and ``--no-http`` leaves out the second run of LlamaIndex. The table and the report are written after each
system, so that a long run with a language model shows what it has. ``--paragraphs N`` asks N questions over paragraphs
of SQuAD 2.0 in place of the handbook's, short enough for a small model on a slow machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from rag.cli.progress import CaseProgress
from rag.evaluate.report.view import number
from rag.evaluate.results import Results, build_results, write_text
from rag.evaluate.run.configuration import (
    apply_overrides,
    describe_configuration,
    describe_system,
    open_configuration,
    suite_settings,
)
from rag.evaluate.run.runner import open_corpus, run_suite
from rag.evaluate.suite.file import load_suite
from rag.evaluate.systems.not_given import gated
from rag.evaluate.systems.opening import open_system, read_named
from rag.evaluate.types import Suite
from rag.settings import load_settings
from rag.store.index import Index
from tests.benchmarks.systems_page import systems_page
from tests.benchmarks.systems_suite import write_paragraph_suite
from tests.json_service import Reply, Request, serving
from tests.stock_llama_index import stock_engine

HANDBOOK = Path(__file__).parents[1] / "suites" / "handbook"
METRICS = (
    "right",
    "right_and_cited",
    "hit@1/document",
    "recall@3/span",
    "sentences_verified",
    "sentences_contradicted",
    "false_refusal",
    "wrong_on_unanswerable",
)

engine: Any = None
"""The query engine, as a user's module has one: ``--target tests.benchmarks.systems:engine``."""


def main() -> None:
    """Measure the three, print their table, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", type=Path, default=HANDBOOK)
    parser.add_argument("--llm", default="none")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--html", type=Path)
    parser.add_argument("--no-http", action="store_true")
    parser.add_argument("--paragraphs", type=int)
    options = parser.parse_args()
    if options.paragraphs:
        options.suite = write_paragraph_suite(Path(mkdtemp(prefix="paragraphs-")), options.paragraphs)
    suite = load_suite(options.suite, corpus_anywhere=True)
    if options.limit:
        step = max(1, len(suite.cases) // options.limit)
        suite = replace(suite, cases=suite.cases[::step][: options.limit])
    settings, answer_options = apply_overrides(load_settings(), suite_settings(suite) | {"llm": options.llm})
    index, sha256 = open_corpus(suite, settings)
    measured: dict[str, Results] = {}
    with index, open_configuration(settings, answer_options) as configuration, CaseProgress() as progress:
        run = run_suite(suite, index, configuration, report_progress=progress)
        described = describe_configuration(index, configuration)
        measured["Footnote"] = build_results(suite, sha256, described, run)
        _show(measured, options)
        # Run as a program, this module has another name than the one that the target below is found by.
        sys.modules["tests.benchmarks.systems"] = sys.modules[__name__]
        globals()["engine"] = stock_engine(suite.corpus, index.encoder, configuration.model and configuration.model.llm)
        with ExitStack() as stack:
            targets = {"LlamaIndex, Python": "tests.benchmarks.systems:engine"}
            if not options.no_http:
                targets["LlamaIndex, HTTP"] = stack.enter_context(_served())
            for title, target in targets.items():
                measured[title] = _measure(target, suite, sha256, index, configuration, progress)
                _show(measured, options)


def _show(measured: dict[str, Results], options: argparse.Namespace) -> None:
    """Print the table of what is measured so far, and write its report."""
    print("\n".join(table(measured)), flush=True)
    if options.html:
        given = [f"--llm {options.llm}"] * (options.llm != "none") + [f"--limit {options.limit}"] * bool(options.limit)
        given += [f"--paragraphs {options.paragraphs}"] * bool(options.paragraphs)
        command = " ".join(["python -m tests.benchmarks.systems", *given, *["--no-http"] * options.no_http])
        write_text(options.html, systems_page(measured, METRICS, command))


@contextmanager
def _served() -> Iterator[str]:
    """Serve the engine as a plain JSON service."""

    def answer(request: Request) -> Reply:
        response = engine.query(request.data["question"])
        contexts = [
            {"text": node.text, "source": node.metadata["file_path"], "score": float(node.score)}
            for node in response.source_nodes
        ]
        return Reply({"answer": str(response), "contexts": contexts})

    with serving(answer) as (address, _):
        yield f"{address}/ask"


def _measure(
    target: str, suite: Suite, sha256: str, index: Index, configuration: Any, progress: CaseProgress
) -> Results:
    named = read_named(None, target, suite.path.parent)
    assert named
    settings = configuration.settings
    with open_system(named, index, settings) as system:
        run = run_suite(suite, index, configuration, system=system, report_progress=progress)
        described = describe_system(index, settings, system.describe())
    return build_results(gated(suite, run.records).suite, sha256, described, run)


def table(measured: dict[str, Results]) -> list[str]:
    """Return the lines of a Markdown table: a row a metric, a column a system."""
    figures = {title: {figure.metric: figure for figure in one.figures} for title, one in measured.items()}
    lines = [f"| metric | {' | '.join(measured)} |", f"| --- |{' ---: |' * len(measured)}"]
    for name in METRICS:
        values = [number(of[name].mean) if name in of else "not given" for of in figures.values()]
        lines.append(f"| `{name}` | {' | '.join(values)} |")
    return lines


if __name__ == "__main__":
    os.environ.setdefault("RAG_LOG_LEVEL", "error")
    main()
