"""LlamaIndex's ``LabelledRagDataset`` as JSON (``llama_index.core.llama_dataset``, ``save_json``).

    {"examples": [{"query", "query_by", "reference_contexts": […], "reference_answer", "reference_answer_by"}]}

A reference context is evidence: found in the user's corpus, else a document of its own. A folder may hold, beside the
dataset, the predictions of a query engine (``RagPredictionDataset``), which become recorded answers:

    {"predictions": [{"response", "contexts": […]}]}
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportSource, RenderedSuite
from rag.evaluate.formats.import_target import ImportTarget, RecordedAnswer, match_of
from rag.evaluate.formats.rows import object_list_field, read_json, read_rows, stated_field, text_field, text_list_field
from rag.evaluate.types import Case


def read(path: Path, target: ImportTarget) -> None:
    """Read a dataset into a suite.

    Args:
        path: The JSON file, or a folder with it and the predictions as the only other JSON file.
        target: The suite that is being put together.

    Raises:
        UsageError: A folder holds no such files.
    """
    path, predictions = _files(path) if path.is_dir() else (path, [])
    says_retrieved = any(text_list_field(prediction, "contexts") for prediction in predictions)
    for number, (where, row) in enumerate(read_rows(path, "examples"), start=1):
        question, answers = stated_field(row, "query"), tuple(text_list_field(row, "reference_answer"))
        contexts = text_list_field(row, "reference_contexts")
        if not answers and not contexts:
            target.reject(where, "neither a reference answer nor reference contexts")
            continue
        try:
            evidence = tuple(dict.fromkeys(target.context_evidence(text) for text in contexts))
            answer = None
            if number <= len(predictions):
                answer = _recorded(predictions[number - 1], target, says_retrieved)
        except ValueError as error:
            target.reject(where, str(error))
            continue
        case = Case(f"q-{number:05d}", question, answers=answers, match=match_of(answers), evidence=evidence)
        target.add_case(case, where, answer)


def _files(folder: Path) -> tuple[Path, list[dict[str, Any]]]:
    """Return the file of a dataset in a folder, and the rows of its predictions."""
    files = [(file, read_json(file)) for file in sorted(folder.glob("*.json"))]
    datasets = [file for file, data in files if isinstance(data, dict) and "examples" in data]
    predictions = [object_list_field(data, "predictions") for _, data in files if isinstance(data, dict)]
    given = [rows for rows in predictions if rows]
    if len(datasets) != 1 or len(given) > 1:
        raise UsageError(
            f"{folder} must hold one dataset and at most one file of predictions; name the dataset's file."
        )
    return datasets[0], given[0] if given else []


def _recorded(prediction: dict[str, Any], target: ImportTarget, says_retrieved: bool) -> RecordedAnswer | None:
    """Return a prediction as a recorded answer; its contexts are documents where there is no corpus.

    ``says_retrieved``: whether any prediction has contexts, so that one without any retrieved nothing.
    """
    response, contexts = stated_field(prediction, "response"), text_list_field(prediction, "contexts")
    sources = [target.add_document(text, text).source if target.corpus is None else "" for text in contexts]
    if not (response or contexts):
        return None
    return RecordedAnswer(response, tuple(zip(contexts, sources, strict=True)) if says_retrieved else None)


def render(export: ExportSource) -> RenderedSuite:
    """Render one dataset file; with records of a run a folder with the dataset and the predictions, in its order.

    Unanswerable cases and follow-ups have no place in it.
    """
    examples: list[dict[str, Any]] = []
    predictions: list[dict[str, Any]] = []
    for exported in export.cases():
        case, record = exported.case, exported.record
        if case.history or not case.answerable:
            export.reject(case, "a follow-up" if case.history else "an unanswerable case")
            continue
        by = {"model_name": "", "type": "human"}
        examples.append(
            {
                "query": case.question,
                "query_by": by,
                "reference_contexts": exported.contexts,
                "reference_answer": case.answers[0] if case.answers else "",
                "reference_answer_by": by,
            }
        )
        was_answered = record is not None and not record.error
        predictions.append(
            {
                "response": text_field(dict(record.answer), "answer") if record and was_answered else "",
                "contexts": export.passage_texts(record) if record and was_answered else [],
            }
        )
    dataset = _json({"examples": examples})
    if not export.has_records:
        return RenderedSuite({"": dataset}, len(examples))
    files = {"rag_dataset.json": dataset, "predictions.json": _json({"predictions": predictions})}
    return RenderedSuite(files, len(examples))


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
