"""Chroma's chunking evaluation (https://github.com/brandonstarxel/chunking_evaluation).

questions_df.csv     question, references, corpus_id
references           [{"content", "start_index", "end_index"}], offsets into the corpus in code points
corpora/ID.md        the documents, in a folder beside the file or in the given corpus
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.formats.import_target import ImportTarget, PlacedEvidence, canonical_offset
from rag.evaluate.formats.rows import read_csv, text_field
from rag.evaluate.suite.source_lines import read_text
from rag.evaluate.types import Case, GoldEvidence


def read(source: Path, target: ImportTarget) -> None:
    """Take a file of questions, or ``questions_df.csv`` of a folder. The documents are copied into the suite."""
    source = source / "questions_df.csv" if source.is_dir() else source
    folder = target.corpus or source.parent / "corpora"
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; name the folder of the documents as the corpus.")
    # The data names its documents: by what is there, never as a path.
    files = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix in (".md", ".txt")}
    texts: dict[str, str] = {}
    placed: dict[str, PlacedEvidence] = {}
    target.corpus = None
    for number, (where, row) in enumerate(read_csv(source), start=1):
        name = text_field(row, "corpus_id")
        if name not in files:
            target.refuse(where, "its corpus is not in the folder of documents")
            continue
        if name not in placed:
            texts[name] = read_text(files[name], ".jsonl")
            try:
                placed[name] = target.document(name, texts[name], name=name)
            except ValueError:
                raise UsageError(f"The document {files[name]} is empty; restore it.") from None
        evidence = _evidence(text_field(row, "references"), placed[name], texts[name])
        if not evidence:
            target.refuse(where, "no reference, or one whose content does not stand at its offsets")
            continue
        target.add(Case(f"q-{number:05d}", text_field(row, "question"), evidence=evidence, tags=(name,)), where)


def _evidence(cell: str, document: PlacedEvidence, text: str) -> tuple[GoldEvidence, ...]:
    """The anchors of all references; none where one of them does not hold."""
    try:
        references: Any = json.loads(cell)
    except (ValueError, RecursionError):
        return ()
    found: list[GoldEvidence] = []
    for reference in references if isinstance(references, list) else ():
        given = reference if isinstance(reference, dict) else {}
        start, end, content = given.get("start_index"), given.get("end_index"), given.get("content")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end or text[start:end] != content:
            return ()
        found.append(
            GoldEvidence(
                document.source,
                start=document.offset + canonical_offset(text, start),
                end=document.offset + canonical_offset(text, end),
            )
        )
    return tuple(dict.fromkeys(found))
