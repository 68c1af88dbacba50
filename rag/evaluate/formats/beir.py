"""BEIR: documents, queries and judgements of relevance (https://github.com/beir-cellar/beir).

    corpus.jsonl       {"_id", "title", "text"}
    queries.jsonl      {"_id", "text", "metadata": {}}
    qrels/test.tsv     header query-id, corpus-id, score; tab-separated

A relevant document is evidence as a whole. Footnote's own exports keep answers in the metadata of a query, as
``{"answers": […]}`` and ``{"answerable": false}``.
"""

from __future__ import annotations

import json
from pathlib import Path

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportSource
from rag.evaluate.formats.import_target import ImportReport, ImportTarget
from rag.evaluate.formats.rows import read_rows, text_field
from rag.evaluate.types import Case, GoldEvidence


def read(source: Path, target: ImportTarget) -> None:
    """Take a folder (its ``qrels/test.tsv``, else the only other one), or the qrels file of another split."""
    root, qrels = (source, _qrels(source)) if source.is_dir() else (source.parent.parent, source)
    relevant: dict[str, list[str]] = {}
    for where, row in read_rows(qrels):
        query, document = text_field(row, "query-id"), text_field(row, "corpus-id")
        if not query or not document or not _number(text_field(row, "score")):
            target.refuse(where, "a judgement without query-id, corpus-id and score")
        elif _number(text_field(row, "score")) != "0":
            relevant.setdefault(query, []).append(document)
    evidence: dict[str, GoldEvidence] = {}
    for where, row in read_rows(root / "corpus.jsonl"):
        try:
            placed = target.document(text_field(row, "_id"), text_field(row, "text"), text_field(row, "title"))
            evidence[text_field(row, "_id")] = placed.whole()
        except ValueError:
            target.refuse(where, "a document without text")
    for where, row in read_rows(root / "queries.jsonl"):
        _query(target, where, row, relevant.get(text_field(row, "_id")), evidence)


def _query(
    target: ImportTarget,
    where: str,
    row: dict[str, object],
    relevant: list[str] | None,
    evidence: dict[str, GoldEvidence],
) -> None:
    metadata = row.get("metadata")
    given = metadata if isinstance(metadata, dict) else {}
    answerable = given.get("answerable") is not False
    if answerable and relevant is None:
        return target.refuse(where, "a query without a relevant document in this split")
    if any(document not in evidence for document in relevant or ()):
        return target.refuse(where, "a relevant document is not in the corpus")
    answers = given.get("answers") if answerable else ()
    case = Case(
        text_field(row, "_id"),
        text_field(row, "text"),
        answers=tuple(answer for answer in answers if isinstance(answer, str)) if isinstance(answers, list) else (),
        match="f1",
        answerable=answerable,
        evidence=tuple(evidence[document] for document in relevant or ()) if answerable else (),
    )
    return target.add(case, where)


def _qrels(root: Path) -> Path:
    files = sorted((root / "qrels").glob("*.tsv"))
    found = next((path for path in files if path.name == "test.tsv"), files[0] if len(files) == 1 else None)
    if found is None:
        raise UsageError(f"{root} has no qrels/test.tsv; give the qrels file of the split that you want.")
    return found


def _number(score: str) -> str:
    """A grade as a whole number without its sign; empty where it is none. A negative grade is as good as 0."""
    try:
        return str(max(0, int(score)))
    except ValueError:
        return ""


def write(source: ExportSource) -> tuple[dict[str, str], ImportReport]:
    """The three files; ids of documents are the names of sources. Histories of follow-ups are left out."""
    corpus = []
    for name in source.sources():
        document = source.document(name)
        corpus.append(json.dumps({"_id": name, "title": document.title, "text": document.text}))
    queries, qrels = [], ["query-id\tcorpus-id\tscore"]
    for asked in source.asked():
        case = asked.case
        if case.history:
            source.refuse(case, "a follow-up cannot be asked without its history")
            continue
        metadata = {"answers": list(case.answers)} if case.answerable else {"answerable": False}
        if case.answerable and not asked.places:
            source.refuse(case, "an answerable case without evidence")
            continue
        queries.append(json.dumps({"_id": case.id, "text": case.question, "metadata": metadata}))
        qrels += [f"{case.id}\t{name}\t1" for name in dict.fromkeys(place.source for place in asked.places)]
    files = {"corpus.jsonl": _lines(corpus), "queries.jsonl": _lines(queries), "qrels/test.tsv": _lines(qrels)}
    return files, ImportReport(Path(), len(queries), len(corpus), source.refusals.listed())


def _lines(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)
