"""The public benchmark data, and an index of it made by the product itself.

Vectors are cached between runs, so a second run embeds nothing.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from rag.cli.terminal import IngestProgress
from rag.ingestion.pipeline import ingest
from rag.precision import FP32
from rag.settings import Settings, load_settings
from rag.store.index import Index, open_index

HOME = user_cache_path("footnote", appauthor=False) / "benchmarks"


def folder(name: str) -> Path:
    """The folder of a data set. Exits with one sentence when it is not there."""
    path = Path(os.environ.get("FOOTNOTE_DATA", "data")) / name
    if not path.is_dir():
        sys.exit(f"The data set {name} is not in {path.parent}; name the folder that holds it in FOOTNOTE_DATA.")
    return path


def jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


@dataclass(frozen=True)
class Queries:
    """Questions by id, and for each the relevant documents with their grades."""

    text: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


def beir(root: Path, split: str) -> Queries:
    """A BEIR split: ``queries.jsonl`` and ``qrels/SPLIT.tsv``."""
    relevant: dict[str, dict[str, int]] = {}
    with (root / "qrels" / f"{split}.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            relevant.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    text = {row["_id"]: row["text"] for row in jsonl(root / "queries.jsonl") if row["_id"] in relevant}
    return Queries(text, relevant)


def write_markdown(target: Path, documents: Mapping[str, tuple[str, str]]) -> Path:
    """Documents as Markdown files: id → (title, text)."""
    target.mkdir(parents=True, exist_ok=True)
    for name, (title, text) in documents.items():
        path = target / f"{name}.md"
        content = f"# {title}\n\n{text}\n"
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
    return target


def indexed(name: str, *corpus: Path) -> Index:
    """An index of the files and folders of ``corpus``, made or brought up to date with the settings of the environment.

    Another embedding model than the default has an index of its own, and so has another precision.
    """
    chosen = bench_settings()
    if chosen.embedding_model != Settings.model_fields["embedding_model"].default:
        name += "-" + re.sub(r"\W+", "-", chosen.embedding_model.rstrip("/").rsplit("/", 1)[-1].lower())
    if chosen.embedding_precision != FP32:
        name += f"-{chosen.embedding_precision}"
    index = open_index(name, settings=chosen, create=True)
    with IngestProgress() as progress:
        report = ingest(index, corpus, progress)
    total = index.catalog.chunk_total()
    print(f"{name}: {len(report.files)} files, {total} chunks, ingested in {report.seconds:.0f} s")
    return index


def bench_settings() -> Settings:
    return load_settings().model_copy(update={"home": HOME, "llm": os.environ.get("RAG_LLM", "none")})


def source_id(source: str) -> str:
    """``123.md`` → ``123``."""
    return source.removesuffix(".md")
