"""TREC's judgements and runs (trec_eval, https://github.com/usnistgov/trec_eval).

    queries.tsv    ID tab question
    qrels.txt      ID 0 DOCUMENT grade
    run.txt        ID Q0 DOCUMENT rank score tag

A judged document is evidence as a whole. Documents are files of the given corpus by the names of their sources, or
come from ``collection.tsv`` (ID tab text, as in MS MARCO). In ids, white space and signs are written as ``%20``.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote

from rag.evaluate.formats.export_source import ExportedCase, ExportSource, RenderedSuite, lines_text
from rag.evaluate.formats.import_target import ImportTarget, read_corpus
from rag.evaluate.formats.rows import read_columns
from rag.evaluate.types import Case, GoldEvidence


def read(path: Path, target: ImportTarget) -> None:
    """Read queries with their judgements into a suite.

    Args:
        path: A folder with ``queries.tsv``, ``qrels.txt`` and, without a corpus, ``collection.tsv``.
        target: The suite that is being put together.
    """
    evidence: dict[str, GoldEvidence] = {}
    if target.corpus is not None:
        for name, text in read_corpus(target.corpus).items():
            evidence[name] = GoldEvidence(name, start=0, end=len(text))
    else:
        for _, (id_, text) in read_columns(path / "collection.tsv", 2, "\t"):
            evidence[id_] = target.add_document(id_, text).whole_evidence()
    relevant: dict[str, list[str]] = {}
    for where, (query, _, document, grade) in read_columns(path / "qrels.txt", 4):
        if not grade.lstrip("-").isdigit():
            target.reject(where, "a grade that is no whole number")
        elif unquote(document) not in evidence:
            target.reject(where, "a judged document that is not in the corpus")
        elif int(grade) > 0:
            relevant.setdefault(unquote(query), []).append(unquote(document))
    for where, (id_, question) in read_columns(path / "queries.tsv", 2, "\t"):
        if unquote(id_) not in relevant:
            target.reject(where, "a query without a relevant document")
            continue
        judged = tuple(evidence[name] for name in dict.fromkeys(relevant[unquote(id_)]))
        target.add_case(Case(unquote(id_), question, evidence=judged), where)


def render(export: ExportSource) -> RenderedSuite:
    """Render the queries, the judgements, and with records of a run the run. A document ranks by its best passage."""
    queries, qrels, run = [], [], []
    for exported in export.cases():
        case = exported.case
        if not exported.spans or case.history:
            export.reject(case, "a follow-up" if case.history else "a case without evidence")
            continue
        queries.append(f"{_id(case.id)}\t{' '.join(case.question.split())}")
        names = dict.fromkeys(span.source for span in exported.spans)
        qrels += [f"{_id(case.id)} 0 {_id(name)} 1" for name in names]
        run += [
            f"{_id(case.id)} Q0 {_id(name)} {rank} {1 / rank:.6f} footnote"
            for rank, name in enumerate(_ranked_sources(exported), start=1)
        ]
    files = {"queries.tsv": queries, "qrels.txt": qrels} | ({"run.txt": run} if run else {})
    return RenderedSuite({name: lines_text(lines) for name, lines in files.items()}, len(queries))


def _ranked_sources(exported: ExportedCase) -> list[str]:
    """Return the sources that a run retrieved for a case, best first; the scores of a run are made of their ranks."""
    passages = exported.record.answer.get("passages", []) if exported.record else []
    ranked = sorted(passages, key=lambda passage: int(passage.get("rank", 0)))
    return list(dict.fromkeys(str(passage["source"]) for passage in ranked if "source" in passage))


def _id(text: str) -> str:
    """Return an id without white space."""
    return quote(text, safe="/")
