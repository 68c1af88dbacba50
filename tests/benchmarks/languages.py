"""What an encoder reads, and whether foreign questions are refused: ``python -m tests.benchmarks.languages``.

In six languages, 25 questions on other subjects are asked of this handbook and of short documents in that language:
how many are refused, how many answered tentatively, and how many of the answers say that the language is not read
well. So are ten fresh ones, which nothing was fitted on or chosen by, and the questions that those documents answer,
few of which may be refused. The encoder is that of ``RAG_EMBEDDING_MODEL``. ``--handbook N`` takes so many pages of the
handbook, ``--measured`` prints what was measured, ``--show`` the questions that are not refused.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

from rag.answering.pipeline import answer
from rag.languages.parallel import parallel_texts
from rag.store.index import Index
from rag.types import Answer
from tests.benchmarks import data

_ROOT = Path(__file__).parents[2]
_LANGUAGES = Path(__file__).parents[1] / "languages"
_NOTICE = "language-not-read-well"


def main() -> None:
    parser = argparse.ArgumentParser(description="What an encoder reads, and what is refused in six languages.")
    parser.add_argument("--handbook", type=int, default=8, help="how many pages of the handbook are asked")
    parser.add_argument("--measured", action="store_true", help="print what was measured of the encoder")
    parser.add_argument("--show", action="store_true", help="print the off-topic questions that are not refused")
    options = parser.parse_args()
    off_topic, fresh = _questions("off_topic"), _questions("off_topic_fresh")
    pages = sorted((_ROOT / "docs").glob("*.md"))[: options.handbook]
    with data.indexed(f"languages-handbook-{len(pages)}", *pages) as handbook:
        if options.measured:
            _print_measured(handbook)
        print("of questions on other subjects: refused, tentative, with the notice; over the handbook")
        for language, questions in off_topic.items():
            _print_row(language, _ask(handbook, questions), options.show)
            _print_row("  fresh", _ask(handbook, fresh[language]), options.show)
    print("over documents in the language; then the same of questions that these answer")
    for language in off_topic:
        folder = _LANGUAGES / "documents" / language
        if not folder.is_dir():
            continue
        with data.indexed(f"languages-{language}", folder) as index:
            _print_row(language, _ask(index, off_topic[language]), options.show)
            _print_row("  fresh", _ask(index, fresh[language]), options.show)
            lines = data.jsonl(_LANGUAGES / "questions" / f"{language}.jsonl")
            _print_row("  answered", _ask(index, [row["question"] for row in lines if row["answerable"]]))


def _questions(name: str) -> dict[str, list[str]]:
    read: dict[str, list[str]] = json.loads((_LANGUAGES / f"{name}.json").read_text(encoding="utf-8"))
    return read


def _ask(index: Index, questions: Iterable[str]) -> list[Answer]:
    return [list(answer(index, question, model=None))[-1] for question in questions]


def _print_row(name: str, answers: list[Answer], with_wrong: bool = False) -> None:
    shares = (
        sum(one.abstained for one in answers) / len(answers),
        sum(one.tentative for one in answers) / len(answers),
        sum(any(notice.code == _NOTICE for notice in one.notices) for one in answers) / len(answers),
    )
    print(f"  {name:<10} {len(answers):>3}  " + "  ".join(f"{share:.2f}" for share in shares), flush=True)
    for one in answers:
        if with_wrong and not one.abstained:
            print(f"      {one.confidence:.3f} {one.question}")


def _print_measured(index: Index) -> None:
    print("language: foreign, nearest foreign, matching similarity; first; separation; read")
    for language in parallel_texts():
        if found := index.reading.measure(language, language, index.catalog):
            scale = found.similarity
            english = index.reading.measure("en", "en", index.catalog)
            print(
                f"  {language}  {scale.foreign:.3f} {scale.nearest_foreign:.3f} {scale.matching:.3f}  {found.first:.2f}"
                f"  {found.separation:.1f}  {english and found.reads(english)}"
            )


if __name__ == "__main__":
    main()
