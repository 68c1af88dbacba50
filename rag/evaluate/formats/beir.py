"""BEIR: documents, queries and judgements of relevance (https://github.com/beir-cellar/beir).

    corpus.jsonl       {"_id", "title", "text"}
    queries.jsonl      {"_id", "text", "metadata": {}}
    qrels/test.tsv     header query-id, corpus-id, score; tab-separated

A relevant document is evidence as a whole, with its score as its grade. Footnote's own exports keep answers in the
metadata of a query, as
``{"answers": […]}`` and ``{"answerable": false}``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportSource, RenderedSuite, lines_text
from rag.evaluate.formats.import_target import ImportTarget, graded, match_of
from rag.evaluate.formats.rows import object_field, read_rows, text_field, whole_number
from rag.evaluate.types import Case, GoldEvidence


def read(path: Path, target: ImportTarget) -> None:
    """Read BEIR's three files into a suite.

    Args:
        path: A folder (of its ``qrels/test.tsv``, else the only other one), or the qrels file of another split.
        target: The suite that is being put together.
    """
    root, qrels = (path, _qrels_file(path)) if path.is_dir() else (path.parent.parent, path)
    relevant: dict[str, dict[str, int]] = {}
    for where, row in read_rows(qrels):
        query, document_id = text_field(row, "query-id"), text_field(row, "corpus-id")
        grade = whole_number(text_field(row, "score"))
        if not query or not document_id or grade is None:
            target.reject(where, "a judgement without query-id, corpus-id and score")
        elif grade > 0:
            relevant.setdefault(query, {})[document_id] = grade
    evidence: dict[str, GoldEvidence] = {}
    for where, row in read_rows(root / "corpus.jsonl"):
        try:
            document = target.add_document(text_field(row, "_id"), text_field(row, "text"), text_field(row, "title"))
            evidence[text_field(row, "_id")] = document.whole_evidence()
        except ValueError:
            target.reject(where, "a document without text")
    for where, row in read_rows(root / "queries.jsonl"):
        _add_query(target, where, row, relevant.get(text_field(row, "_id")), evidence)


def _add_query(
    target: ImportTarget,
    where: str,
    row: dict[str, Any],
    relevant: dict[str, int] | None,
    evidence: dict[str, GoldEvidence],
) -> None:
    """Take a query with the grades of its relevant documents; an unanswerable one has none."""
    metadata = object_field(row, "metadata")
    answerable = metadata.get("answerable") is not False
    if answerable and relevant is None:
        return target.reject(where, "a query without a relevant document in this split")
    if any(document not in evidence for document in relevant or ()):
        return target.reject(where, "a relevant document is not in the corpus")
    listed = metadata.get("answers") if answerable else ()
    answers = tuple(answer for answer in listed if isinstance(answer, str)) if isinstance(listed, list) else ()
    case = Case(
        text_field(row, "_id"),
        text_field(row, "text"),
        answers=answers,
        match=match_of(answers),
        answerable=answerable,
        evidence=graded(evidence, relevant or {}) if answerable else (),
    )
    return target.add_case(case, where)


def _qrels_file(root: Path) -> Path:
    files = sorted((root / "qrels").glob("*.tsv"))
    only = files[0] if len(files) == 1 else None
    chosen = next((path for path in files if path.name == "test.tsv"), only)
    if chosen is None:
        raise UsageError(f"{root} has no qrels/test.tsv; give the qrels file of the split that you want.")
    return chosen


def render(export: ExportSource) -> RenderedSuite:
    """Render the three files; ids of documents are the names of sources. Follow-ups have no place in them."""
    corpus = []
    for name in export.sources():
        document = export.document(name)
        corpus.append(json.dumps({"_id": name, "title": document.title, "text": document.text}))
    queries, qrels = [], ["query-id\tcorpus-id\tscore"]
    for exported in export.cases():
        case = exported.case
        if case.history:
            export.reject(case, "a follow-up cannot be asked without its history")
            continue
        metadata = {"answers": list(case.answers)} if case.answerable else {"answerable": False}
        if case.answerable and not exported.spans:
            export.reject(case, "an answerable case without evidence")
            continue
        queries.append(json.dumps({"_id": case.id, "text": case.question, "metadata": metadata}))
        qrels += [f"{case.id}\t{name}\t{grade}" for name, grade in exported.grades.items()]
    files = {"corpus.jsonl": corpus, "queries.jsonl": queries, "qrels/test.tsv": qrels}
    return RenderedSuite({name: lines_text(lines) for name, lines in files.items()}, len(queries), len(corpus))
