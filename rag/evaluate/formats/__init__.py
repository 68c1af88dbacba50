"""Suites from and to the formats of other tools.

Owns: the table of formats. Each module of this package knows one format; ``target`` knows how a suite is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportedCase, ExportSource
from rag.evaluate.formats.import_target import ImportReport, ImportTarget, RejectedRows, write_whole
from rag.evaluate.types import Record, Suite
from rag.store.index import Index

__all__ = [
    "EXPORTS",
    "IMPORTS",
    "ExportedCase",
    "ImportReport",
    "Refused",
    "export_suite",
    "import_suite",
    "RejectedRows",
]

_MODULES = {
    "beir": "beir",
    "squad": "squad",
    "llama-index": "labelled",
    "ragas": "ragas",
    "promptfoo": "promptfoo",
    "chroma": "chunking",
    "trec": "trec",
}
IMPORTS = tuple(_MODULES)
EXPORTS = tuple(name for name in _MODULES if name != "chroma")


def import_suite(format_: str, source: Path, target: Path, corpus: Path | None = None) -> ImportReport:
    """Write the data at ``source`` as a suite into the new folder ``target``: suite.yaml, cases.jsonl, corpus/.

    ``corpus`` is the folder of the documents where the format carries none, or where its contexts are cut from them.
    Raises UsageError for an unknown format, a source that cannot be read, a target that is not empty, or when no row
    can be taken.
    """
    _check(format_, IMPORTS)
    if not source.exists():
        raise UsageError(f"There is no file or folder {source}; check the path.")
    if corpus is not None and not corpus.is_dir():
        raise UsageError(f"There is no folder {corpus}; check the path of the corpus.")
    collected = ImportTarget(corpus)
    import_module(f"{__name__}.{_MODULES[format_]}").read(source, collected)
    return collected.write(target)


def export_suite(
    format_: str, suite: Suite, target: Path, index: Index, records: Sequence[Record] = ()
) -> ImportReport:
    """Write a suite, whose corpus is in ``index``, in another tool's format to the new file or folder ``target``.

    ``records`` of a run add what was retrieved and answered where the format has a place for it (TREC, ragas).
    Raises UsageError for an unknown format, a target that exists, or when no case can be written.
    """
    _check(format_, EXPORTS)
    files, report = import_module(f"{__name__}.{_MODULES[format_]}").write(ExportSource(suite, index, records))
    if not report.cases:
        reason = report.refused[0].reason if report.refused else "it has none"
        raise UsageError(f"No case of {suite.path} can be written as {format_}: {reason}.")
    write_whole(target, files)
    return ImportReport(target, report.cases, report.documents, report.refused)


def _check(format_: str, known: Sequence[str]) -> None:
    if format_ not in known:
        raise UsageError(f"{format_!r} is no format that can be used here; choose one of {', '.join(known)}.")
