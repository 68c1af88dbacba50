"""Open questions and near misses of SQuAD 2.0: the paragraphs of an article are one document.

Every second article, by name, is for fitting; figures are reported on the others, all in one index. Run as a module it
asks the questions that the articles answer: does what is shown hold the answer, and in how many words? ``--limit N``
asks that many of them, spread over the articles, ``--llm SPEC`` chooses the model.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeVar

from rag.answering.pipeline import answer
from rag.models.llm.opening import open_llm
from rag.store.index import Index
from rag.types import Answer
from tests.benchmarks import data

Half = Literal["fit", "report"]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Case:
    """A question about one article; ``gold`` are its answers, none where the article does not answer it."""

    id: str
    article: str
    question: str
    gold: tuple[str, ...]
    paragraph: str


@lru_cache
def cases(half: Half) -> tuple[Case, ...]:
    """The questions of one half of the articles, in the order of the data set."""
    return tuple(
        Case(
            qa["id"],
            article["title"],
            qa["question"].strip(),
            tuple(dict.fromkeys(answer["text"] for answer in qa["answers"])),
            paragraph["context"],
        )
        for article in _articles(half)
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    )


def build(half: Half) -> Index:
    """The index over all articles of one half."""
    documents = {
        article["title"]: (
            article["title"].replace("_", " "),
            "\n\n".join(" ".join(paragraph["context"].split()) for paragraph in article["paragraphs"]),
        )
        for article in _articles(half)
    }
    return data.indexed(f"squad2-{half}", data.write_markdown(data.HOME / "corpora" / f"squad2-{half}", documents))


def spread(items: Sequence[Item], limit: int | None) -> list[Item]:
    """So many of the cases, at equal distances, so that each article has its share; all of them without a limit."""
    if limit is None or limit >= len(items):
        return list(items)
    return [items[i * len(items) // limit] for i in range(limit)]


def plain(text: str) -> str:
    """Text as SQuAD compares it: in small letters, without punctuation, quotation marks, articles, white space."""
    bare = "".join(character for character in text.lower() if character not in string.punctuation + "“”„")
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", bare).split())


def holds(text: str, gold: Sequence[str]) -> bool:
    """Whether one of the answers stands in a text, as whole words."""
    words = f" {plain(text)} "
    return any(f" {plain(one)} " in words for one in gold)


def _articles(half: Half) -> list[dict]:
    path = data.folder("squad2") / "dev-half.json"
    articles = sorted(json.loads(path.read_text("utf-8"))["data"], key=lambda article: article["title"])
    return articles[0 if half == "fit" else 1 :: 2]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--llm", default="none")
    arguments.add_argument("--limit", type=int, help="questions, spread over the articles")
    arguments.add_argument("--half", choices=("fit", "report"), default="report")
    chosen = arguments.parse_args()
    index = build(chosen.half)
    asked = spread([case for case in cases(chosen.half) if case.gold], chosen.limit)
    model = open_llm(chosen.llm, data.bench_settings())
    answers: list[tuple[Case, Answer]] = []
    for case in asked:
        *_, last = answer(index, case.question, model=model)
        answers.append((case, last))
    report(answers)
    if model:
        model.close()


def report(answers: Sequence[tuple[Case, Answer]]) -> None:
    """Print what was found, shown and quoted, of all questions and of those that were answered."""
    answered = [(case, found) for case, found in answers if not found.abstained]
    print(f"questions: {len(answers)}; refused: {1 - len(answered) / len(answers):.3f}")
    print(f"tentative: {sum(found.tentative for _, found in answers) / len(answers):.3f}")
    retrieved = [any(holds(passage.text, case.gold) for passage in found.passages) for case, found in answers]
    print(f"gold among the passages: {statistics.mean(retrieved):.3f}")
    shown = [any(holds(quote.quote, case.gold) for quote in found.citations) for case, found in answered]
    print(f"gold in a quote: {sum(shown) / len(answers):.3f} of all, {statistics.mean(shown):.3f} of those answered")
    said = [holds(found.answer, case.gold) for case, found in answered]
    print(f"gold in the answer: {sum(said) / len(answers):.3f} of all, {statistics.mean(said):.3f} of those answered")
    words = [[len(quote.quote.split()) for quote in found.citations] for _, found in answered]
    total_words = [sum(each) for each in words]
    print(f"words quoted, mean: {statistics.mean(total_words):.1f}; median: {statistics.median(total_words):.0f}")
    print(f"quotes, mean: {statistics.mean(map(len, words)):.2f}")
    beside = [
        sum(len(quote.quote.split()) for quote in found.citations if not holds(quote.quote, case.gold))
        for case, found in answered
    ]
    print(f"words in quotes without the answer: {sum(beside) / sum(total_words):.3f}")
    by_article = [
        statistics.mean(shows for shows, (case, _) in zip(shown, answered, strict=True) if case.article == article)
        for article in sorted({case.article for case, _ in answered})
    ]
    print(f"gold in a quote, by article: {min(by_article):.3f} to {max(by_article):.3f}")
    total = [found.timings["total_ms"] for _, found in answers]
    print(f"milliseconds a question: median {statistics.median(total):.0f}")


if __name__ == "__main__":
    main()
