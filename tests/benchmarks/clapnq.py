"""ClapNQ: is the gold passage found, is a gold sentence quoted, are questions without an answer refused?

597 passages, 300 answerable questions, 300 whose near-miss passage is in the corpus. ``--llm SPEC`` chooses the model,
``--plot FILE`` draws risk against coverage, ``--foreign`` asks the questions of the handbook, which answers none.
"""

from __future__ import annotations

import argparse
import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rag.answering.pipeline import answer
from rag.evaluate.metrics.abstention import risk_coverage
from rag.evaluate.report.plots import curve
from rag.models.llm.opening import open_llm
from rag.planning.planner import make_plan
from rag.retrieval.answerability import threshold_of
from rag.retrieval.calibration import auroc
from rag.retrieval.passages import retrieve
from rag.retrieval.search import SearchOptions, search_and_select
from rag.store.index import Index
from rag.types import Answer, Citation
from tests.benchmarks import data

# The drawing's style when it stands alone.
_STYLE = (
    "><style>text{font:11px sans-serif;fill:#555}.grid{stroke:#ddd}.line{fill:none;stroke:#2457a6;stroke-width:2}"
    ".area{fill:#2457a6;fill-opacity:.12}</style>"
)


@dataclass(frozen=True)
class Case:
    """A question, the source of its passage, and its gold sentences (none when it has no answer)."""

    question: str
    source: str
    gold: tuple[str, ...]


def build() -> tuple[Index, list[Case]]:
    root = data.folder("clapnq")
    passages: dict[tuple[str, str], str] = {}
    cases: list[Case] = []
    for name in ("clapnq_dev_answerable.jsonl", "clapnq_dev_unanswerable.jsonl"):
        for row in data.jsonl(root / name):
            passage = row["passages"][0]
            id_ = passages.setdefault((passage["title"], passage["text"]), f"p{len(passages):03}")
            gold = row["output"][0].get("selected_sentences") or [] if name.endswith("_answerable.jsonl") else []
            cases.append(Case(row["input"], f"{id_}.md", tuple(gold)))
    documents = {id_: passage for passage, id_ in passages.items()}
    index = data.indexed("clapnq", data.write_markdown(data.HOME / "corpora" / "clapnq", documents))
    return index, cases


def answerable_total() -> int:
    """How many of the cases of ``build``, the first, come from the answerable questions.

    One of them without a gold sentence tells neither kind.
    """
    return sum(1 for _ in data.jsonl(data.folder("clapnq") / "clapnq_dev_answerable.jsonl"))


def overlaps(quote: str, gold: tuple[str, ...]) -> bool:
    """Whether a quote shares at least half of the shorter's words with a gold sentence."""
    words = Counter(quote.split())
    return any(
        sum((words & Counter(sentence.split())).values()) >= 0.5 * min(words.total(), len(sentence.split()))
        for sentence in gold
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--llm", default="none")
    arguments.add_argument("--limit", type=int, default=300, help="questions of each kind")
    arguments.add_argument("--plot", type=Path, help="write a risk–coverage plot (SVG)")
    arguments.add_argument("--foreign", action="store_true", help="ask the handbook instead")
    chosen_arguments = arguments.parse_args()
    llm = chosen_arguments.llm
    index, cases = build()
    if chosen_arguments.foreign:
        foreign(cases)
        return
    cases = [
        case for kind in (True, False) for case in [c for c in cases if bool(c.gold) is kind][: chosen_arguments.limit]
    ]
    answerable = [case for case in cases if case.gold]
    ranks = [
        next((p.rank for p in retrieve(index, case.question, 10) if p.source == case.source), 99) for case in answerable
    ]
    for k in (1, 3, 5):
        print(f"gold passage among the top {k}: {statistics.mean(rank <= k for rank in ranks):.3f}")
    chosen = data.bench_settings()
    model = open_llm(llm, chosen)
    answers: list[tuple[Case, Answer]] = []
    for case in cases:
        *_, last = answer(index, case.question, model=model)
        answers.append((case, last))
    report(answers)
    if chosen_arguments.plot:
        plot(answers, chosen_arguments.plot)
    exact = [is_slice(index, citation) for _, found in answers for citation in found.citations]
    print(f"citations that are exact slices of their source: {sum(exact)} of {len(exact)}")
    if model:
        shown = [found for _, found in answers if found.short_answer]
        print(f"answers with a short answer: {len(shown)} of {len(answers)}")
        model.close()


def foreign(cases: list[Case]) -> None:
    """ClapNQ's questions asked of the handbook: none of them has an answer there."""
    index = data.indexed("handbook", Path(__file__).resolve().parents[2] / "docs")
    how = SearchOptions(threshold=threshold_of(index))
    refused = [search_and_select(index, make_plan(index, case.question).plan, how).band == "refused" for case in cases]
    print(f"questions foreign to the handbook refused: {sum(refused)} of {len(refused)}")


def plot(answers: list[tuple[Case, Answer]], target: Path) -> None:
    """Risk against coverage: answering only the surest questions, how many of the answers are wrong?"""
    confidences = [found.confidence for _, found in answers]
    wrong = [
        1.0 - any(overlaps(citation.quote, case.gold) for citation in found.citations) if case.gold else 1.0
        for case, found in answers
    ]
    drawn = curve(risk_coverage(confidences, wrong), "coverage", "risk", "Risk and coverage on ClapNQ")
    target.write_text(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(">", _STYLE, 1))
    print(f"risk–coverage plot: {target}")


def is_slice(index: Index, citation: Citation) -> bool:
    document = index.catalog.document(citation.source_id)
    return document is not None and document.text[citation.start : citation.end] == citation.quote


def report(answers: list[tuple[Case, Answer]]) -> None:
    given = [(case, found) for case, found in answers if case.gold and not found.abstained]
    hits = [[overlaps(citation.quote, case.gold) for citation in found.citations] for case, found in given]
    recalled = [
        statistics.mean(any(overlaps(c.quote, (sentence,)) for c in found.citations) for sentence in case.gold)
        for case, found in given
    ]
    print(f"answers given to answerable questions: {len(given)} of {sum(bool(case.gold) for case, _ in answers)}")
    print(f"  that quote a gold sentence: {statistics.mean(any(found) for found in hits):.3f}")
    print(f"  citation precision: {statistics.mean(statistics.mean(f) for f in hits if f):.3f}")
    print(f"  citation recall: {statistics.mean(recalled):.3f}")
    print(f"  citations an answer: {statistics.mean(len(found.citations) for _, found in given):.2f}")
    for name, kind in (("answerable", True), ("unanswerable", False)):
        of_kind = [found for case, found in answers if bool(case.gold) is kind]
        refused = statistics.mean(found.abstained for found in of_kind)
        doubted = statistics.mean(found.abstained or found.tentative for found in of_kind)
        print(f"{name} questions refused: {refused:.3f}; refused or tentative: {doubted:.3f}")
    area = auroc([f.confidence for _, f in answers], [bool(c.gold) for c, _ in answers])
    print(f"AUROC of the confidence: {area:.3f}")
    unsupported = sum(sentence.verdict == "unsupported" for _, found in answers for sentence in found.sentences)
    print(f"unsupported sentences in answers: {unsupported}")
    checking = [
        (found.timings["check_ms"] - found.timings["write_ms"]) / found.timings["total_ms"]
        for _, found in answers
        if "check_ms" in found.timings
    ]
    if checking:
        print(f"share of the time of an answer that checking takes: {statistics.mean(checking):.4f}")
    total = [found.timings["total_ms"] for _, found in answers]
    print(f"milliseconds a question: median {statistics.median(total):.0f}")


if __name__ == "__main__":
    main()
