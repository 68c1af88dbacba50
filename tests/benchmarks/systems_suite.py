"""A suite over short documents for systems with a language model: paragraphs of SQuAD 2.0, one question each.

Owns: which paragraphs and questions. Three of four questions are answered by their paragraph, the fourth is a near
miss. The articles are the half that nothing is fitted on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.text import sentences
from tests.benchmarks.squad2 import Case, cases, spread

# How many documents there are for each question, so that the right one has to be found.
_PARAGRAPHS_PER_CASE = 2


def write_paragraph_suite(folder: Path, count: int) -> Path:
    """Write the suite.

    Args:
        folder: An empty folder.
        count: How many questions.

    Returns:
        The folder.
    """
    by_paragraph: dict[str, list[Case]] = {}
    for case in cases("report"):
        by_paragraph.setdefault(case.paragraph, []).append(case)
    asked = spread([group[0] for group in by_paragraph.values()], _PARAGRAPHS_PER_CASE * count)
    lines = []
    (folder / "documents").mkdir(parents=True)
    for number, first in enumerate(asked):
        name = f"{first.article}-{number:03d}.txt"
        (folder / "documents" / name).write_text(first.paragraph + "\n", encoding="utf-8")
        group = by_paragraph[first.paragraph]
        wants_answer = len(lines) % 4 != 3
        chosen = next((case for case in group if bool(case.gold) == wants_answer), None)
        if number % _PARAGRAPHS_PER_CASE == 0 and chosen is not None:
            lines.append(json.dumps(_case(chosen, name), ensure_ascii=False))
    (folder / "cases.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    (folder / "suite.yaml").write_text(
        "schema_version: 1\nsuite: paragraphs of SQuAD 2.0\ncorpus: {path: documents}\ncases: cases.jsonl\n",
        encoding="utf-8",
    )
    return folder


def _case(case: Case, source: str) -> dict[str, Any]:
    written: dict[str, Any] = {"id": case.id, "question": case.question}
    if not case.gold:
        return written | {"answerable": False}
    start = case.paragraph.index(case.gold[0])
    quote = next(case.paragraph[one:end] for one, end in sentences(case.paragraph) if end > start)
    return written | {"answers": list(case.gold), "evidence": [{"source": source, "quote": quote}]}
