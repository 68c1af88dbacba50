"""SQuAD 1.1 and 2.0 (https://rajpurkar.github.io/SQuAD-explorer/).

    {"version", "data": [{"title", "paragraphs": [{"context", "qas": [
        {"id", "question", "answers": [{"text", "answer_start"}], "is_impossible"}]}]}]}

An article is one document, its title the heading. The sentence that holds an answer is the evidence.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.evaluate.formats.export_source import ExportedCase, ExportSource
from rag.evaluate.formats.import_target import (
    ImportReport,
    ImportTarget,
    PlacedEvidence,
    canonical_offset,
    canonical_text,
)
from rag.evaluate.formats.rows import read_rows, text_field
from rag.evaluate.types import Case, GoldEvidence
from rag.text import sentences


def read(source: Path, target: ImportTarget) -> None:
    """Take a SQuAD file."""
    for where, article in read_rows(source, "data"):
        paragraphs = [part for part in _list(article, "paragraphs") if text_field(part, "context").strip()]
        contexts = [canonical_text(text_field(part, "context")) for part in paragraphs]
        try:
            document = target.document(where, "\n\n".join(contexts), text_field(article, "title").replace("_", " "))
        except ValueError:
            target.refuse(where, "an article without text")
            continue
        start = 0
        for paragraph, context in zip(paragraphs, contexts, strict=True):
            for row in _list(paragraph, "qas"):
                _question(target, where, row, document, text_field(paragraph, "context"), start)
            start += len(context) + 2


def _list(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = row.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _question(
    target: ImportTarget, where: str, row: dict[str, Any], document: PlacedEvidence, context: str, start: int
) -> None:
    """``context`` is the paragraph as the file has it; in the document's text it begins at ``start``."""
    id_, question = text_field(row, "id") or where, text_field(row, "question")
    place = f"{where} question {id_}"
    if row.get("is_impossible") is True:
        return target.add(Case(id_, question, answerable=False), place)
    answers: list[str] = []
    evidence: dict[GoldEvidence, None] = {}
    for answer in _list(row, "answers"):
        text, at = text_field(answer, "text"), answer.get("answer_start")
        if not text or not isinstance(at, int) or at < 0 or context[at : at + len(text)] != text:
            continue
        answers.append(text)
        begin, end = canonical_offset(context, at), canonical_offset(context, at + len(text))
        evidence[_sentence(document, canonical_text(context), start, begin, end)] = None
    if not answers:
        return target.refuse(place, "no answer stands at its answer_start")
    return target.add(Case(id_, question, answers=tuple(answers), evidence=tuple(evidence)[:1]), place)


def _sentence(document: PlacedEvidence, context: str, start: int, begin: int, end: int) -> GoldEvidence:
    """The sentences of a paragraph that ``context[begin:end]`` touches."""
    touched = [span for span in sentences(context) if span[0] < end and begin < span[1]]
    first, last = (touched[0][0], touched[-1][1]) if touched else (begin, end)
    return document.anchor(start + first, start + last)


def write(source: ExportSource) -> tuple[dict[str, str], ImportReport]:
    """One SQuAD 2.0 file; an article is a source, its text one paragraph. An answer must stand in its evidence."""
    questions: dict[str, list[dict[str, Any]]] = {name: [] for name in source.sources()}
    count = 0
    for asked in source.asked():
        case = asked.case
        found = _answers(asked)
        if case.history:
            source.refuse(case, "a follow-up cannot be asked without its history")
        elif case.answerable and not found:
            source.refuse(case, "no answer stands word for word in its evidence")
        elif questions:
            row = {"id": case.id, "question": case.question, "is_impossible": not case.answerable, "answers": found}
            # A question without an answer belongs to every document; the format wants one.
            questions[asked.places[0].source if asked.places else next(iter(questions))].append(row)
            count += 1
    articles = []
    for name, rows in questions.items():
        if rows:
            articles.append({"title": name, "paragraphs": [{"context": source.document(name).text, "qas": rows}]})
    text = json.dumps({"version": "v2.0", "data": articles}, ensure_ascii=False, indent=1)
    return {"": text + "\n"}, ImportReport(Path(), count, len(articles), source.refusals.listed())


def _answers(asked: ExportedCase) -> list[dict[str, Any]]:
    if not asked.case.answerable or not asked.places:
        return []
    place, quote = asked.places[0], asked.quotes[0]
    found = []
    for answer in asked.case.answers:
        at = quote.find(answer)
        if at >= 0:
            found.append({"text": answer, "answer_start": place.start + at})
    return found
