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

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportedCase, ExportSource
from rag.evaluate.formats.import_target import ImportReport, ImportTarget, read_corpus
from rag.evaluate.formats.rows import read_columns
from rag.evaluate.types import Case, GoldEvidence


def read(source: Path, target: ImportTarget) -> None:
    """Take a folder with ``queries.tsv``, ``qrels.txt`` and, without a corpus, ``collection.tsv``."""
    evidence: dict[str, GoldEvidence] = {}
    if target.corpus is not None:
        for name, text in read_corpus(target.corpus).items():
            evidence[name] = GoldEvidence(name, start=0, end=len(text))
    else:
        for _, (id_, text) in read_columns(source / "collection.tsv", 2, "\t"):
            evidence[id_] = target.document(id_, text).whole()
    relevant: dict[str, list[str]] = {}
    for where, (query, _, document, grade) in read_columns(source / "qrels.txt", 4):
        if not grade.lstrip("-").isdigit():
            target.refuse(where, "a grade that is no whole number")
        elif unquote(document) not in evidence:
            target.refuse(where, "a judged document that is not in the corpus")
        elif int(grade) > 0:
            relevant.setdefault(unquote(query), []).append(unquote(document))
    for where, (id_, question) in read_columns(source / "queries.tsv", 2, "\t"):
        if unquote(id_) not in relevant:
            target.refuse(where, "a query without a relevant document")
            continue
        found = tuple(evidence[name] for name in dict.fromkeys(relevant[unquote(id_)]))
        target.add(Case(unquote(id_), question, evidence=found), where)


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """A run: for each query its documents and scores, best first, ties as trec_eval breaks them (by id, descending)."""
    run: dict[str, list[tuple[str, float]]] = {}
    for where, (query, _, document, _, score, _) in read_columns(path, 6):
        try:
            run.setdefault(unquote(query), []).append((unquote(document), float(score)))
        except ValueError:
            raise UsageError(f"{where}: the score {score!r} is no number; correct the line.") from None
    for found in run.values():
        found.sort(key=lambda pair: (pair[1], pair[0]), reverse=True)
    return run


def write(source: ExportSource) -> tuple[dict[str, str], ImportReport]:
    """The queries, the judgements, and with records of a run the run. A document ranks by its best passage."""
    queries, qrels, run = [], [], []
    for asked in source.asked():
        case = asked.case
        if not asked.places or case.history:
            source.refuse(case, "a follow-up" if case.history else "a case without evidence")
            continue
        queries.append(f"{_id(case.id)}\t{' '.join(case.question.split())}")
        names = dict.fromkeys(place.source for place in asked.places)
        qrels += [f"{_id(case.id)} 0 {_id(name)} 1" for name in names]
        run += [
            f"{_id(case.id)} Q0 {_id(name)} {rank} {1 / rank:.6f} footnote"
            for rank, name in enumerate(_ranked(asked), start=1)
        ]
    files = {"queries.tsv": queries, "qrels.txt": qrels} | ({"run.txt": run} if run else {})
    texts = {name: "".join(line + "\n" for line in lines) for name, lines in files.items()}
    return texts, ImportReport(Path(), len(queries), 0, source.refusals.listed())


def _ranked(asked: ExportedCase) -> list[str]:
    """The sources that a run retrieved for a case, best first. Scores of a run are made from their ranks."""
    passages = asked.record.answer.get("passages", []) if asked.record else []
    ranked = sorted(passages, key=lambda passage: int(passage.get("rank", 0)))
    return list(dict.fromkeys(str(passage["source"]) for passage in ranked if "source" in passage))


def _id(text: str) -> str:
    return quote(text, safe="/")
