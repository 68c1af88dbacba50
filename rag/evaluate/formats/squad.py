"""SQuAD 1.1 and 2.0 (https://rajpurkar.github.io/SQuAD-explorer/).

    {"version", "data": [{"title", "paragraphs": [{"context", "qas": [
        {"id", "question", "answers": [{"text", "answer_start"}], "is_impossible"}]}]}]}

An article is one document, its title the heading. The sentence that holds an answer is the evidence; where people
marked answers in several sentences, any of these does.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.evaluate.formats.export_source import ExportedCase, ExportSource, RenderedSuite
from rag.evaluate.formats.import_target import (
    ImportTarget,
    NewDocument,
    canonical_offset,
    canonical_text,
)
from rag.evaluate.formats.rows import object_list_field, read_rows, text_field
from rag.evaluate.types import Case, GoldEvidence
from rag.text import sentences


def read(path: Path, target: ImportTarget) -> None:
    """Read articles with their questions into a suite.

    Args:
        path: The JSON file.
        target: The suite that is being put together.
    """
    for where, article in read_rows(path, "data"):
        paragraphs = [part for part in object_list_field(article, "paragraphs") if text_field(part, "context").strip()]
        contexts = [canonical_text(text_field(part, "context")) for part in paragraphs]
        try:
            document = target.add_document(where, "\n\n".join(contexts), text_field(article, "title").replace("_", " "))
        except ValueError:
            target.reject(where, "an article without text")
            continue
        start = 0
        for paragraph, context in zip(paragraphs, contexts, strict=True):
            for row in object_list_field(paragraph, "qas"):
                _add_question(target, where, row, document, text_field(paragraph, "context"), start)
            start += len(context) + 2


def _add_question(
    target: ImportTarget, where: str, row: dict[str, Any], document: NewDocument, context: str, start: int
) -> None:
    """Take a question with its answers.

    ``context`` is the paragraph as the file has it; in the text that the document was given it begins at ``start``.
    """
    id_, question = text_field(row, "id") or where, text_field(row, "question")
    row_name = f"{where} question {id_}"
    if row.get("is_impossible") is True:
        return target.add_case(Case(id_, question, answerable=False), row_name)
    answers: list[str] = []
    evidence: dict[GoldEvidence, None] = {}
    for answer in object_list_field(row, "answers"):
        text, offset = text_field(answer, "text"), answer.get("answer_start")
        if not text or not isinstance(offset, int) or offset < 0 or context[offset : offset + len(text)] != text:
            continue
        answers.append(text)
        begin, end = canonical_offset(context, offset), canonical_offset(context, offset + len(text))
        evidence[_sentence_evidence(document, canonical_text(context), start, begin, end)] = None
    if not answers:
        return target.reject(row_name, "no answer stands at its answer_start")
    places = tuple(evidence)
    gold = places[0] if len(places) == 1 else GoldEvidence(any_of=places)
    return target.add_case(Case(id_, question, answers=tuple(answers), evidence=(gold,)), row_name)


def _sentence_evidence(document: NewDocument, context: str, start: int, begin: int, end: int) -> GoldEvidence:
    """Return the sentences of a paragraph that ``context[begin:end]`` touches as evidence."""
    touched = [span for span in sentences(context) if span[0] < end and begin < span[1]]
    first, last = (touched[0][0], touched[-1][1]) if touched else (begin, end)
    return document.evidence(start + first, start + last)


def render(export: ExportSource) -> RenderedSuite:
    """Render one SQuAD 2.0 file; an article is a source, its text one paragraph.

    An answer must stand in its evidence word for word.
    """
    questions: dict[str, list[dict[str, Any]]] = {name: [] for name in export.sources()}
    count = 0
    for exported in export.cases():
        case = exported.case
        source, answers = _answers(exported)
        if case.history:
            export.reject(case, "a follow-up cannot be asked without its history")
        elif case.answerable and not answers:
            export.reject(case, "no answer stands word for word in its evidence")
        elif questions:
            row = {"id": case.id, "question": case.question, "is_impossible": not case.answerable, "answers": answers}
            # A question without an answer belongs to every document, but the format needs one.
            questions[source or next(iter(questions))].append(row)
            count += 1
    articles = [
        {"title": name, "paragraphs": [{"context": export.document(name).text, "qas": rows}]}
        for name, rows in questions.items()
        if rows
    ]
    text = json.dumps({"version": "v2.0", "data": articles}, ensure_ascii=False, indent=1)
    return RenderedSuite({"": text + "\n"}, count, len(articles))


def _answers(exported: ExportedCase) -> tuple[str, list[dict[str, Any]]]:
    """Return the first source whose evidence holds answers of a case, and these with their offsets into it."""
    found: dict[str, dict[tuple[str, int], None]] = {}
    for span, quote in zip(exported.spans, exported.quotes, strict=True):
        for answer in exported.case.answers if exported.case.answerable else ():
            if answer in quote:
                found.setdefault(span.source, {})[answer, span.start + quote.find(answer)] = None
    source = next(iter(found), "")
    return source, [{"text": text, "answer_start": start} for text, start in found.get(source, ())]
