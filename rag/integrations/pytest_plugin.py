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
    """Add the options of a suite to pytest's own."""
    group = parser.getgroup("footnote", "questions over documents (Footnote)")
    group.addoption("--rag-suite", metavar="SUITE", help="make each case of this suite a test, and its gate another")
    group.addoption("--rag-llm", metavar="SPEC", help="the language model that answers; default: as rag ask")
    group.addoption("--rag-home", metavar="DIR", help="folder of the indexes; default: as rag ask")
    group.addoption(
        "--rag-corpus-anywhere", action="store_true", help="let the suite name documents outside its own folder"
    )
    group.addoption("--rag-baseline", metavar="FILE", help="accepted results that the gate compares with")


def pytest_configure(config: pytest.Config) -> None:
    """Collect the suite besides what pytest collects anyway."""
    if suite := config.getoption("--rag-suite"):
        path = _suite_path(suite)
        if not path.is_file():
            raise pytest.UsageError(f"There is no suite {path}; check --rag-suite.")
        if str(path) not in config.args:
            config.args.append(str(path))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the cases of the suite that the option names.

    Args:
        file_path: A file that pytest looks at.
        parent: The folder it lies in.

    Returns:
        The suite; None for any other file.
    """
    suite = parent.config.getoption("--rag-suite")
    if suite and file_path == _suite_path(suite):
        collector: pytest.Collector = SuiteFile.from_parent(parent, path=file_path)
        return collector
    return None


def _suite_path(option: str) -> Path:
    """Return the file of a suite that is named by its file or its folder."""
    path = Path(option).absolute()
    return path / "suite.yaml" if path.is_dir() else path


class CaseFailed(Exception):
    """A case is not right, or the gate does not pass; the message says why."""


class CaseWrong(CaseFailed):
    """A case was answered, and wrong: what is expected of a case that is known to be wrong."""


class SuiteFile(pytest.File):
    """A suite: what answers is opened once for its cases, and closed after the last."""

    suite: Suite
    index: Index
    configuration: Configuration
    corpus_sha256 = ""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item a case, and the gate last."""
        from rag.errors import RagError
        from rag.evaluate.known_wrong import known_wrong
        from rag.evaluate.suite.file import load_suite

        self.records: dict[str, Record] = {}
        self.asked: dict[str, Record] = {}
        self.problems: dict[str, list[str]] = {}
        self._opened = ExitStack()
        try:
            self.suite = load_suite(self.path, corpus_anywhere=self.config.getoption("--rag-corpus-anywhere"))
            baseline = self.config.getoption("--rag-baseline")
            self.baseline = _baseline(Path(baseline)) if baseline else None
        except RagError as error:
            raise self.CollectError(str(error)) from None
        comparable = self.baseline and self.baseline.suite_sha256 == self.suite.sha256
        before = {record.id: record for record in self.baseline.records} if self.baseline and comparable else {}
        for case in self.suite.cases:
            item: CaseItem = CaseItem.from_parent(self, name=case.id, case=case)
            if case.skip:
                item.add_marker(pytest.mark.skip(reason=case.skip))
            elif reason := known_wrong(case, before):
                # Not strict: one that has become right is told as XPASS and breaks nothing.
                item.add_marker(pytest.mark.xfail(reason=reason, raises=CaseWrong, strict=False))
            yield item
        yield GateItem.from_parent(self, name="gate")

    def setup(self) -> None:
        """Open the corpus and the models before the first case."""
        from rag.errors import RagError

        try:
            self._open()
        except RagError as error:
            raise CaseFailed(str(error)) from None

    def _open(self) -> None:
        from rag.evaluate.run.configuration import apply_overrides, open_configuration, suite_settings
        from rag.evaluate.run.runner import open_corpus
        from rag.models.weights import pull
        from rag.settings import load_settings

        user_settings = load_settings()
        if home := self.config.getoption("--rag-home"):
            user_settings = user_settings.model_copy(update={"home": Path(home)})
        values = suite_settings(self.suite)
        if llm := self.config.getoption("--rag-llm"):
            values["llm"] = llm
        settings, options = apply_overrides(user_settings, values)

        def fetch(name: str) -> Path:
            return pull(name, settings.models)

        self.index, self.corpus_sha256 = open_corpus(self.suite, settings, fetch=fetch)
        self._opened.enter_context(self.index)
        self.configuration = self._opened.enter_context(open_configuration(settings, options, fetch))

    def ask(self, case: Case) -> Record:
        """Ask one case, and before it the turns of its conversation that were not asked yet."""
        from dataclasses import replace

        from rag.evaluate.histories import turns_before, with_history
        from rag.evaluate.run.runner import run_suite

        if case.id not in self.asked:
            before = turns_before(self.suite, case)
            records = [self.ask(turn) for turn in before]
            alone = with_history(replace(self.suite, cases=(*before, case)), records)
            run = run_suite(replace(self.suite, cases=(alone,)), self.index, self.configuration, whole=self.suite)
            self.problems.update({id_: list(problems) for id_, problems in run.problems.items()})
            self.asked[case.id] = run.records[0]
        return self.asked[case.id]

    def teardown(self) -> None:
        """Close what was opened for the cases."""
        self._opened.close()


def _baseline(path: Path) -> Baseline:
    from rag.evaluate.results import read_baseline

    return read_baseline(path)


class _Item(pytest.Item):
    """An item whose failure is a sentence, not a traceback."""

    parent: SuiteFile

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the reason why a case failed; a traceback for any other error."""
        if isinstance(excinfo.value, CaseFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return file, line from 0 and name; an item that is skipped must have a line."""
        return self.path, self._line(), self.name

    def _line(self) -> int:
        """Return the line from 0 in the suite's file; 0 for what stands in no line of it."""
        file, _, line = self.parent.suite.where.get(self.name, "").rpartition(":")
        return int(line) - 1 if file == str(self.path) else 0


class CaseItem(_Item):
    """One case: right or not."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case
        # What -k looks at.
        self.extra_keyword_matches.update(case.tags)

    def runtest(self) -> None:
        """Ask the case alone, keep its record for the gate, and raise CaseFailed where it is not right."""
        from rag.evaluate.report.view import case_row

        record = self.parent.ask(self.case)
        self.parent.records[self.case.id] = record
        row = case_row(self.case, record)
        if row.why:
            raise (CaseFailed if row.outcome == "error" else CaseWrong)(
                f"{row.why}\nquestion: {self.case.question}\nexpected: {row.expected}\nanswer:   {row.got}"
            )


class GateItem(_Item):
    """The gate over the cases that were run."""

    def runtest(self) -> None:
        """Raise CaseFailed where the gate does not pass; skip where not every case was run."""
        from rag.evaluate.report.view import gate_sentence
        from rag.evaluate.results import build_results
        from rag.evaluate.run.configuration import describe_configuration
        from rag.evaluate.run.runner import Run

        file = self.parent
        cases = [case for case in file.suite.cases if not case.skip]
        missing = len(cases) - len(file.records)
        if missing:
            pytest.skip(f"{missing} of {len(cases)} cases were not run, so the gate has no word")
        run = Run(tuple(file.records[case.id] for case in cases), file.problems)
        config = describe_configuration(file.index, file.configuration)
        results = build_results(file.suite, file.corpus_sha256, config, run, file.baseline)
        if results.gate.state in ("FAIL", "INVALID"):
            raise CaseFailed(gate_sentence(results))
