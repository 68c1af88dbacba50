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
from rag.evaluate.formats.import_target import ImportTarget, NewDocument, canonical_offset
from rag.evaluate.formats.rows import read_csv, text_field
from rag.evaluate.suite.source_lines import read_text
from rag.evaluate.types import Case, GoldEvidence


def read(path: Path, target: ImportTarget) -> None:
    """Read questions with their documents, which are copied into the suite.

    Args:
        path: A file of questions, or a folder with ``questions_df.csv``.
        target: The suite that is being put together.

    Raises:
        UsageError: The folder of the documents is absent, or a document is empty.
    """
    path = path / "questions_df.csv" if path.is_dir() else path
    folder = target.corpus or path.parent / "corpora"
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; name that of the documents with --corpus PATH.")
    # The data's name of a document is looked up among these files, never used as a path.
    files = {file.stem: file for file in sorted(folder.iterdir()) if file.suffix in (".md", ".txt")}
    texts: dict[str, str] = {}
    documents: dict[str, NewDocument] = {}
    target.corpus = None
    for number, (where, row) in enumerate(read_csv(path), start=1):
        name = text_field(row, "corpus_id")
        if name not in files:
            target.reject(where, "its corpus is not in the folder of documents")
            continue
        if name not in documents:
            texts[name] = read_text(files[name], ".jsonl")
            try:
                documents[name] = target.add_document(name, texts[name], name=name)
            except ValueError:
                raise UsageError(f"The document {files[name]} is empty; restore it.") from None
        evidence = _evidence(text_field(row, "references"), documents[name], texts[name])
        if not evidence:
            target.reject(where, "no reference, or one whose content does not stand at its offsets")
            continue
        target.add_case(Case(f"q-{number:05d}", text_field(row, "question"), evidence=evidence, tags=(name,)), where)


def _evidence(cell: str, document: NewDocument, text: str) -> tuple[GoldEvidence, ...]:
    """Return the evidence of all references; none where the content of one does not stand at its offsets."""
    try:
        references: Any = json.loads(cell)
    except (ValueError, RecursionError):
        return ()
    evidence: list[GoldEvidence] = []
    for reference in references if isinstance(references, list) else ():
        fields = reference if isinstance(reference, dict) else {}
        start, end, content = fields.get("start_index"), fields.get("end_index"), fields.get("content")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end or text[start:end] != content:
            return ()
        evidence.append(
            GoldEvidence(
                document.source,
                start=document.offset + canonical_offset(text, start),
                end=document.offset + canonical_offset(text, end),
            )
        )
    return tuple(dict.fromkeys(evidence))
