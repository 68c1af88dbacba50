"""Evidence retrieval by character span on Chroma's chunking evaluation (472 questions, 790 excerpts, 5 corpora).

Metric as published (Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval", 2024): for each question the
five best chunks over all corpora; recall = characters of excerpts covered / characters of excerpts; precision =
covered / characters of the chunks; IoU = covered / (characters of the chunks + characters missed).
"""

from __future__ import annotations

import csv
import json
import statistics

from rag.retrieval.passages import retrieve
from tests.benchmarks import data

_K = 5

_PUBLISHED = """published, all-MiniLM-L6-v2 and 5 chunks:        recall  precision   IoU
  TokenText 250, overlap 125                      82.4      3.6     3.5
  Recursive 250, overlap 125                      78.7      4.9     4.9
  Cluster 200                                     75.2      7.2     7.2
published, text-embedding-3-large:
  LLM chunker (GPT-4o)                            91.9      3.9     3.9
  Cluster 200                                     87.3      8.0     8.0"""


def main() -> None:
    root = data.folder("chunking-eval")
    index = data.indexed("chunking", root / "corpora")
    with (root / "questions_df.csv").open(encoding="utf-8", newline="") as file:
        questions = list(csv.DictReader(file))
    recall, precision, overlap = [], [], []
    for row in questions:
        wanted = [(r["start_index"], r["end_index"]) for r in json.loads(row["references"])]
        passages = retrieve(index, row["question"], _K)
        found = covered(wanted, [(p.start, p.end) for p in passages if p.source == f"{row['corpus_id']}.md"])
        total = sum(end - start for start, end in wanted)
        read = sum(p.end - p.start for p in passages)
        recall.append(found / total)
        precision.append(found / read)
        overlap.append(found / (read + total - found))
    print(f"chunking evaluation, n = {len(questions)}:                  recall  precision   IoU")
    figures = (statistics.mean(values) * 100 for values in (recall, precision, overlap))
    print("  Footnote, its default chunker and retrieval " + "".join(f"{figure:9.1f}" for figure in figures))
    print(_PUBLISHED)


def covered(wanted: list[tuple[int, int]], chunks: list[tuple[int, int]]) -> int:
    """Characters of the excerpts that stand in some chunk; chunks do not overlap."""
    return sum(max(0, min(end, right) - max(start, left)) for start, end in wanted for left, right in chunks)


if __name__ == "__main__":
    main()
