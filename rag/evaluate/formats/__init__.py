"""Suites from and to the formats of other tools.

Owns: the table of formats. A module of this package that is named in it knows one format: ``read(path, target)`` takes
its data into an ``ImportTarget``, ``render(export)`` makes it of an ``ExportSource``.

Interface: ``import_suite`` and ``export_suite``.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportSource, RenderedSuite
from rag.evaluate.formats.import_target import ImportTarget
from rag.evaluate.formats.new_files import write_new
from rag.evaluate.formats.transfer_report import RejectedRows, TransferReport
from rag.evaluate.types import Record, Suite
from rag.store.index import Index

__all__ = ["EXPORTS", "IMPORTS", "RejectedRows", "TransferReport", "export_suite", "import_suite"]

_MODULES = {
    "beir": "beir",
    "squad": "squad",
    "llama-index": "labelled",
    "ragas": "ragas",
    "promptfoo": "promptfoo",
    "chroma": "chunking",
    "trec": "trec",
    "mtrag": "mtrag",
}
IMPORTS = tuple(_MODULES)
EXPORTS = tuple(name for name in _MODULES if name != "chroma")


def import_suite(format_: str, path: Path, target: Path, corpus: Path | None = None) -> TransferReport:
    """Write another tool's data as a suite: suite.yaml, cases.jsonl and, where it carries documents, corpus/.

    Args:
        format_: One of `IMPORTS`.
        path: The file or folder of the data.
        target: The new folder.
        corpus: The folder of the documents, where the format carries none or its contexts are cut from them.

    Returns:
        The numbers of rows and documents taken, and the rows that were not.

    Raises:
        UsageError: The format is unknown, the data cannot be read, the target is in use, or no row can be taken.
    """
    _check_format(format_, IMPORTS)
    if not path.exists():
        raise UsageError(f"There is no file or folder {path}; check the path.")
    if corpus is not None and not corpus.is_dir():
        raise UsageError(f"There is no folder {corpus}; check the path of the corpus.")
    import_target = ImportTarget(corpus)
    import_module(f"{__name__}.{_MODULES[format_]}").read(path, import_target)
    return import_target.write(target)


def export_suite(
    format_: str, suite: Suite, target: Path, index: Index, records: Sequence[Record] = ()
) -> TransferReport:
    """Write a suite in another tool's format.

    Args:
        format_: One of `EXPORTS`.
        suite: The suite.
        target: The new file or folder.
        index: The index of the suite's corpus.
        records: Of a run: what was retrieved and answered, where the format has a place for it (TREC, ragas).

    Returns:
        The numbers of cases and documents written, and the cases that were not.

    Raises:
        UsageError: The format is unknown, the target exists, or no case can be written.
    """
    _check_format(format_, EXPORTS)
    export = ExportSource(suite, index, records)
    rendered: RenderedSuite = import_module(f"{__name__}.{_MODULES[format_]}").render(export)
    rejected = export.rejections.by_reason()
    if not rendered.cases:
        reason = rejected[0].reason if rejected else "it has none"
        raise UsageError(f"No case of {suite.path} can be written as {format_}: {reason}.")
    write_new(target, rendered.files)
    return TransferReport(target, rendered.cases, rendered.documents, rejected)


def _check_format(format_: str, known: Sequence[str]) -> None:
    if format_ not in known:
        raise UsageError(f"{format_!r} is no format that can be used here; choose one of {', '.join(known)}.")
