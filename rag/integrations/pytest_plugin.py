"""A pytest plugin: ``pytest --rag-suite suite.yaml`` makes each case of a suite a test, and its gate another.

Owns: the options, and the items of a suite. Nothing of Footnote is imported unless the option is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rag.evaluate.results import Baseline
    from rag.evaluate.run.configuration import Configuration
    from rag.evaluate.types import Case, Record, Suite
    from rag.store.index import Index


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("footnote", "questions over documents (Footnote)")
    group.addoption("--rag-suite", metavar="SUITE", help="make each case of this suite a test, and its gate another")
    group.addoption("--rag-llm", metavar="SPEC", help="the language model that answers; default: as rag ask")
    group.addoption("--rag-home", metavar="DIR", help="folder of the indexes; default: as rag ask")
    group.addoption("--rag-baseline", metavar="FILE", help="accepted results that the gate compares with")


def pytest_configure(config: pytest.Config) -> None:
    """Collect the suite besides what pytest collects anyway."""
    if chosen := config.getoption("--rag-suite"):
        path = _path(chosen)
        if not path.is_file():
            raise pytest.UsageError(f"There is no suite {path}; check --rag-suite.")
        if str(path) not in config.args:
            config.args.append(str(path))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    chosen = parent.config.getoption("--rag-suite")
    if chosen and file_path == _path(chosen):
        found: pytest.Collector = SuiteFile.from_parent(parent, path=file_path)
        return found
    return None


def _path(chosen: str) -> Path:
    path = Path(chosen).absolute()
    return path / "suite.yaml" if path.is_dir() else path


class CaseFailed(Exception):
    """A case is not right, or the gate does not pass; the message says why."""


class SuiteFile(pytest.File):
    """A suite: what answers is opened once for its cases, and closed after the last."""

    suite: Suite
    index: Index
    setup_: Configuration
    corpus_sha256 = ""

    def collect(self) -> Iterator[pytest.Item]:
        from rag.errors import RagError
        from rag.evaluate.suite.file import load_suite

        self.records: dict[str, Record] = {}
        self.problems: dict[str, list[str]] = {}
        self._opened = ExitStack()
        try:
            self.suite = load_suite(self.path)
            baseline = self.config.getoption("--rag-baseline")
            self.baseline = _baseline(Path(baseline)) if baseline else None
        except RagError as error:
            raise self.CollectError(str(error)) from None
        for case in self.suite.cases:
            yield CaseItem.from_parent(self, name=case.id, case=case)
        yield GateItem.from_parent(self, name="gate")

    def setup(self) -> None:
        from rag.errors import RagError

        try:
            self._open()
        except RagError as error:
            raise CaseFailed(str(error)) from None

    def _open(self) -> None:
        from rag.evaluate.run.configuration import apply_overrides, defaults, open_configuration
        from rag.evaluate.run.runner import open_corpus
        from rag.models.weights import pull
        from rag.settings import settings

        chosen = settings()
        if home := self.config.getoption("--rag-home"):
            chosen = chosen.model_copy(update={"home": Path(home)})
        values = defaults(self.suite)
        if llm := self.config.getoption("--rag-llm"):
            values["llm"] = llm
        own, options = apply_overrides(chosen, values)

        def fetch(name: str) -> Path:
            return pull(name, own.models)

        self.index, self.corpus_sha256 = open_corpus(self.suite, own, fetch=fetch)
        self._opened.enter_context(self.index)
        self.setup_ = self._opened.enter_context(open_configuration(own, options, fetch))

    def teardown(self) -> None:
        self._opened.close()


def _baseline(path: Path) -> Baseline:
    from rag.evaluate.results import read_baseline

    return read_baseline(path)


class _Item(pytest.Item):
    """An item whose failure is a sentence, not a traceback."""

    parent: SuiteFile

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


class CaseItem(_Item):
    """One case: right or not."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case
        # What -k looks at.
        self.extra_keyword_matches.update(case.tags)

    def runtest(self) -> None:
        from dataclasses import replace

        from rag.evaluate.report.view import is_judged
        from rag.evaluate.run.runner import run_suite

        suite = self.parent
        ran = run_suite(replace(suite.suite, cases=(self.case,)), suite.index, suite.setup_)
        suite.records[self.case.id] = ran.records[0]
        suite.problems.update({id_: list(found) for id_, found in ran.problems.items()})
        row = is_judged(self.case, ran.records[0])
        if row.why:
            said = f"{row.why}\nquestion: {self.case.question}\nexpected: {row.expected}\nanswer:   {row.got}"
            raise CaseFailed(said)


class GateItem(_Item):
    """The gate over the cases that were run."""

    def runtest(self) -> None:
        from rag.evaluate.report.view import verdict
        from rag.evaluate.results import build_results
        from rag.evaluate.run.configuration import describe
        from rag.evaluate.run.runner import Run

        found = self.parent
        missing = len(found.suite.cases) - len(found.records)
        if missing:
            pytest.skip(f"{missing} of {len(found.suite.cases)} cases were not run, so the gate has no word")
        ran = Run(tuple(found.records[case.id] for case in found.suite.cases), found.problems)
        config = describe(found.index, found.setup_)
        results = build_results(found.suite, found.corpus_sha256, config, ran, found.baseline)
        if results.gate.state in ("FAIL", "INVALID"):
            raise CaseFailed(verdict(results))
