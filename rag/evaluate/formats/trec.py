"""TREC's judgements and runs (trec_eval, https://github.com/usnistgov/trec_eval).

    queries.tsv    ID tab question
    qrels.txt      ID 0 DOCUMENT grade
    run.txt        ID Q0 DOCUMENT rank score tag

A judged document is evidence as a whole, with its grade. A run becomes recorded answers without words: what was
retrieved for each query, each document by its beginning, since a run names no passages. Documents are files of the
given corpus by the names of their sources, or come from ``collection.tsv`` (ID tab text, as in MS MARCO). In ids, white
space and signs are written as ``%20``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportedCase, ExportSource, RenderedSuite, lines_text
from rag.evaluate.formats.import_target import ImportTarget, RecordedAnswer, canonical_text, graded, read_corpus
from rag.evaluate.formats.rows import read_columns, whole_number
from rag.evaluate.types import Case, GoldEvidence

# Documents of a query that are kept of a run, and characters by which one is known.
_DEEPEST = 100
_BEGINNING = 300


def read(path: Path, target: ImportTarget) -> None:
    """Read queries with their judgements into a suite.

    Args:
        path: A folder with ``queries.tsv`` and ``qrels.txt``; without a corpus also ``collection.tsv``. It may hold
            ``run.txt``.
        target: The suite that is being put together.

    Raises:
        UsageError: There are no documents, or a file cannot be read.
    """
    evidence: dict[str, GoldEvidence] = {}
    texts: dict[str, tuple[str, str]] = {}
    if target.corpus is not None:
        for name, text in read_corpus(target.corpus).items():
            evidence[name] = GoldEvidence(name, start=0, end=len(text))
            texts[name] = (_beginning(text), name)
    else:
        if not (path / "collection.tsv").is_file():
            raise UsageError(
                f"{path} has no collection.tsv; name the folder of the documents with --corpus PATH, or add the file."
            )
        for _, (id_, text) in read_columns(path / "collection.tsv", 2, "\t"):
            made = target.add_document(id_, text)
            evidence[id_] = made.whole_evidence()
            texts[id_] = (_beginning(text), made.source)
    relevant: dict[str, dict[str, int]] = {}
    for where, (query, _, document, grade) in read_columns(path / "qrels.txt", 4):
        number = whole_number(grade)
        if number is None:
            target.reject(where, "a grade that is no whole number")
        elif unquote(document) not in evidence:
            target.reject(where, "a judged document that is not in the corpus")
        elif number > 0:
            relevant.setdefault(unquote(query), {})[unquote(document)] = number
    run = _read_run(path / "run.txt", texts, target) if (path / "run.txt").is_file() else {}
    for where, (id_, question) in read_columns(path / "queries.tsv", 2, "\t"):
        if unquote(id_) not in relevant:
            target.reject(where, "a query without a relevant document")
            continue
        case = Case(unquote(id_), question, evidence=graded(evidence, relevant[unquote(id_)]))
        # A query of which the run has no line retrieved nothing.
        target.add_case(case, where, RecordedAnswer(contexts=run.get(case.id, ())) if run else None)


def _read_run(
    path: Path, texts: Mapping[str, tuple[str, str]], target: ImportTarget
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what a run retrieved for each query, best first: by score and then by id, descending, as trec_eval."""
    scored: dict[str, list[tuple[float, str]]] = {}
    for where, (query, _, document, _, score, _) in read_columns(path, 6):
        try:
            value = float(score)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            target.reject(where, "a score that is no number")
        elif unquote(document) not in texts:
            target.reject(where, "a retrieved document that is not in the corpus")
        else:
            scored.setdefault(unquote(query), []).append((value, unquote(document)))
    ranked = {query: dict.fromkeys(name for _, name in sorted(found, reverse=True)) for query, found in scored.items()}
    return {query: tuple(texts[name] for name in list(names)[:_DEEPEST]) for query, names in ranked.items()}


def _beginning(text: str) -> str:
    """Return the beginning of a document, which stands for it in a ranking."""
    return canonical_text(text).strip()[:_BEGINNING].rstrip()


def render(export: ExportSource) -> RenderedSuite:
    """Render the queries, the judgements, and with records of a run the run. A document ranks by its best passage."""
    queries, qrels, run = [], [], []
    for exported in export.cases():
        case = exported.case
        if not exported.spans or case.history:
            export.reject(case, "a follow-up" if case.history else "a case without evidence")
            continue
        queries.append(f"{_id(case.id)}\t{' '.join(case.question.split())}")
        qrels += [f"{_id(case.id)} 0 {_id(name)} {grade}" for name, grade in exported.grades.items()]
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
