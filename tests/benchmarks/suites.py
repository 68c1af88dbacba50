"""Suites of public data, run as any suite is: ``python -m tests.benchmarks.suites clapnq|chunking|scifact``.

Each is written once into the cache folder, its corpus is indexed by the product, and its figures are printed beside
published ones. ``--limit N`` takes N cases spread over the suite; ``--html FILE`` writes the report.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rag.cli.progress import CaseProgress
from rag.cli.terminal import IngestProgress
from rag.evaluate.report import console
from rag.evaluate.report.page import page
from rag.evaluate.results import build_results, write_text
from rag.evaluate.run.configuration import apply_overrides, describe_configuration, open_configuration, suite_settings
from rag.evaluate.run.runner import open_corpus, run_suite, source_text
from rag.evaluate.suite.file import case_line, load_suite, suite_text
from rag.evaluate.types import Case, GoldEvidence, Suite
from tests.benchmarks import data

_PUBLISHED = {
    "clapnq": "nearest published: ChatGPT with reranking on ALCE's ASQA (Gao et al., 2023): citation precision 0.816, "
    "recall 0.848,\nboth judged by a model; here by overlap with the sentences that people chose.",
    "chunking": "published, all-MiniLM-L6-v2, five chunks: span_recall 0.824, span_iou 0.035 (TokenText 250/125); "
    "0.787, 0.049 (Recursive 250/125);\n0.752, 0.072 (Cluster 200).",
    "scifact": "published nDCG@10 on SciFact's test set: BM25 0.6789, all-MiniLM-L6-v2 0.6451, both fused 0.7225.",
}
_METRICS = {
    "clapnq": ("rouge_l", "hit@1/document", "hit@5/document", "citation_precision", "citation_recall"),
    "chunking": ("span_recall@5", "span_precision@5", "span_iou@5"),
    "scifact": ("ndcg@10/document", "recall@10/document", "map@10/document"),
}


def clapnq(root: Path, corpus: Path) -> list[Case]:
    """300 questions with gold sentences, and 300 whose near-miss passage is in the corpus of 597."""
    passages: dict[tuple[str, str], str] = {}
    cases: list[Case] = []
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        for row in data.jsonl(root / f"clapnq_dev_{name}.jsonl"):
            passage = row["passages"][0]
            source = passages.setdefault((passage["title"], passage["text"]), f"p{len(passages):03}") + ".md"
            output = row["output"][0]
            quotes = tuple(
                GoldEvidence(source, quote) for quote in output.get("selected_sentences") or () if quote.strip()
            )
            cases.append(
                Case(
                    row["id"],
                    row["input"],
                    answers=(output["answer"],) if answerable else (),
                    answerable=answerable,
                    evidence=quotes if answerable else (),
                    match="f1",
                    tags=(name,),
                )
            )
    data.write_markdown(corpus, {name: passage for passage, name in passages.items()})
    return cases


def chunking(root: Path, corpus: Path) -> list[Case]:
    """472 questions with 790 excerpts by their characters, over five corpora."""
    shutil.copytree(root / "corpora", corpus, dirs_exist_ok=True)
    with (root / "questions_df.csv").open(encoding="utf-8", newline="") as file:
        return [
            Case(
                f"q{number:03}",
                row["question"],
                evidence=tuple(
                    GoldEvidence(f"{row['corpus_id']}.md", start=reference["start_index"], end=reference["end_index"])
                    for reference in json.loads(row["references"])
                ),
                tags=(row["corpus_id"],),
            )
            for number, row in enumerate(csv.DictReader(file))
        ]


def scifact(root: Path, corpus: Path) -> list[Case]:
    """300 claims whose relevant documents are among 5,183 abstracts."""
    documents = {row["_id"]: (" ".join(row["title"].split()), row["text"]) for row in data.jsonl(root / "corpus.jsonl")}
    data.write_markdown(corpus, documents)
    queries = data.beir(root, "test")

    def whole(source: str) -> GoldEvidence:
        """Judgements are of abstracts, so the whole of one is the evidence."""
        return GoldEvidence(source, start=0, end=len((corpus / source).read_text(encoding="utf-8").rstrip()))

    return [
        Case(id_, text, evidence=tuple(whole(f"{name}.md") for name in queries.relevant[id_]))
        for id_, text in queries.text.items()
    ]


_BUILD: dict[str, tuple[str, Callable[[Path, Path], list[Case]], int]] = {
    "clapnq": ("clapnq", clapnq, 8),
    "chunking": ("chunking-eval", chunking, 8),
    "scifact": ("scifact", scifact, 20),
}


def suite_of(name: str) -> Suite:
    """The suite, written anew on every run, so that a change of this program reaches it."""
    folder, make, top_k = _BUILD[name]
    target = data.HOME / "suites" / name
    (target / "corpus").mkdir(parents=True, exist_ok=True)
    cases = make(data.folder(folder), target / "corpus")
    (target / "cases.jsonl").write_text("".join(case_line(case) + "\n" for case in cases), encoding="utf-8")
    text = suite_text(name, "corpus") + f"defaults: {{top_k: {top_k}}}\n"
    (target / "suite.yaml").write_text(text, encoding="utf-8")
    return load_suite(target)


def spread(cases: Sequence[Case], limit: int) -> tuple[Case, ...]:
    """So many cases at equal distances."""
    return tuple(cases[i * len(cases) // limit] for i in range(limit)) if 0 < limit < len(cases) else tuple(cases)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("suite", choices=sorted(_BUILD))
    arguments.add_argument("--llm", default="none")
    arguments.add_argument("--limit", type=int, default=0)
    arguments.add_argument("--html", type=Path)
    options = arguments.parse_args()
    suite = suite_of(options.suite)
    suite = replace(suite, cases=spread(suite.cases, options.limit))
    settings, answer_options = apply_overrides(data.bench_settings(), {**suite_settings(suite), "llm": options.llm})
    with IngestProgress() as ingesting:
        index, corpus_sha256 = open_corpus(suite, settings, ingesting)
    with index, open_configuration(settings, answer_options) as configuration, CaseProgress() as progress:
        index.encoder.encode_question("warm")
        started = time.perf_counter()
        run = run_suite(suite, index, configuration, report_progress=progress)
        finished = time.perf_counter()
        results = build_results(suite, corpus_sha256, describe_configuration(index, configuration), run)
        built = time.perf_counter()
        if options.html:
            write_text(options.html, page(results, lambda source: source_text(index, source)))
    print(*console.lines(results), sep="\n")
    for figure in results.figures:
        if figure.metric in _METRICS[options.suite]:
            print(f"{figure.metric}: {figure.mean:.4f} [{figure.low:.4f} … {figure.high:.4f}]")
    print(_PUBLISHED[options.suite])
    print(
        f"{len(suite.cases)} cases asked in {finished - started:.1f} s, figures in {built - finished:.1f} s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
