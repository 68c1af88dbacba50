"""LlamaIndex's ``LabelledRagDataset`` as JSON (``llama_index.core.llama_dataset``, ``save_json``).

    {"examples": [{"query", "query_by", "reference_contexts": […], "reference_answer", "reference_answer_by"}]}

A reference context is evidence: found in the user's corpus, else a document of its own.
"""

from __future__ import annotations

import json
from pathlib import Path

from rag.evaluate.formats.export_source import ExportSource, RenderedSuite
from rag.evaluate.formats.import_target import ImportTarget, match_of
from rag.evaluate.formats.rows import read_rows, text_field, text_list_field
from rag.evaluate.types import Case


def read(path: Path, target: ImportTarget) -> None:
    """Read a dataset into a suite.

    Args:
        path: The JSON file.
        target: The suite that is being put together.
    """
    for number, (where, row) in enumerate(read_rows(path, "examples"), start=1):
        question, answers = text_field(row, "query"), tuple(text_list_field(row, "reference_answer"))
        contexts = text_list_field(row, "reference_contexts")
        if not answers and not contexts:
            target.reject(where, "neither a reference answer nor reference contexts")
            continue
        try:
            evidence = tuple(dict.fromkeys(target.context_evidence(text) for text in contexts))
        except ValueError as error:
            target.reject(where, str(error))
            continue
        case = Case(f"q-{number:05d}", question, answers=answers, match=match_of(answers), evidence=evidence)
        target.add_case(case, where)


def render(export: ExportSource) -> RenderedSuite:
    """Render one dataset file. Unanswerable cases and follow-ups have no place in it."""
    examples = []
    for exported in export.cases():
        case = exported.case
        if case.history or not case.answerable:
            export.reject(case, "a follow-up" if case.history else "an unanswerable case")
            continue
        by = {"model_name": "", "type": "human"}
        examples.append(
            {
                "query": case.question,
                "query_by": by,
                "reference_contexts": list(exported.quotes),
                "reference_answer": case.answers[0] if case.answers else "",
                "reference_answer_by": by,
            }
        )
    text = json.dumps({"examples": examples}, ensure_ascii=False, indent=1)
    return RenderedSuite({"": text + "\n"}, len(examples))
