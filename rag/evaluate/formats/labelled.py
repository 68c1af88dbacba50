"""LlamaIndex's ``LabelledRagDataset`` as JSON (``llama_index.core.llama_dataset``, ``save_json``).

    {"examples": [{"query", "query_by", "reference_contexts": […], "reference_answer", "reference_answer_by"}]}

A reference context is evidence: found in the user's corpus, else a document of its own.
"""

from __future__ import annotations

import json
from pathlib import Path

from rag.evaluate.formats.export_source import ExportSource
from rag.evaluate.formats.import_target import ImportReport, ImportTarget
from rag.evaluate.formats.rows import read_rows, text_field, text_list_field
from rag.evaluate.types import Case


def read(source: Path, target: ImportTarget) -> None:
    """Take a dataset file."""
    for number, (where, row) in enumerate(read_rows(source, "examples"), start=1):
        question, answer = text_field(row, "query"), text_field(row, "reference_answer")
        contexts = text_list_field(row, "reference_contexts")
        if not answer and not contexts:
            target.refuse(where, "neither a reference answer nor reference contexts")
            continue
        try:
            evidence = tuple(dict.fromkeys(target.context(text) for text in contexts))
        except ValueError as error:
            target.refuse(where, str(error))
            continue
        target.add(
            Case(f"q-{number:05d}", question, answers=(answer,) * bool(answer), match="f1", evidence=evidence), where
        )


def write(source: ExportSource) -> tuple[dict[str, str], ImportReport]:
    """One dataset file. Unanswerable cases and follow-ups have no place in it."""
    examples = []
    for asked in source.asked():
        case = asked.case
        if case.history or not case.answerable:
            source.refuse(case, "a follow-up" if case.history else "an unanswerable case")
            continue
        by = {"model_name": "", "type": "human"}
        examples.append(
            {
                "query": case.question,
                "query_by": by,
                "reference_contexts": list(asked.quotes),
                "reference_answer": case.answers[0] if case.answers else "",
                "reference_answer_by": by,
            }
        )
    text = json.dumps({"examples": examples}, ensure_ascii=False, indent=1)
    return {"": text + "\n"}, ImportReport(Path(), len(examples), 0, source.refusals.listed())
