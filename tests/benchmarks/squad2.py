"""Open questions and near misses of SQuAD 2.0: the paragraphs of an article are one document.

Every second article, by name, is for fitting; figures are reported on the others, all in one index.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.store.index import Index
from tests.benchmarks import data

Half = Literal["fit", "report"]


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


def _articles(half: Half) -> list[dict]:
    path = data.folder("squad2") / "dev-half.json"
    articles = sorted(json.loads(path.read_text("utf-8"))["data"], key=lambda article: article["title"])
    return articles[0 if half == "fit" else 1 :: 2]
