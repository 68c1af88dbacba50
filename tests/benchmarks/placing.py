"""Where the contexts of other systems are placed: ``python -m tests.benchmarks.placing``.

LlamaIndex's splitter cuts the pages of this handbook into chunks of 128 tokens. Each is looked for as it is, wrapped
anew, with a header before it, without Markdown signs, and with one letter in a hundred left out; a place is wrong where
it shares less than half of the shorter of the two with that of the chunk.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

from llama_index.core.node_parser import SentenceSplitter

from rag.evaluate.run.runner import open_corpus, source_text
from rag.evaluate.suite.file import load_suite
from rag.evaluate.systems.given import GivenContext
from rag.evaluate.systems.placing import Corpus
from rag.settings import load_settings

HANDBOOK = Path(__file__).parents[1] / "suites" / "handbook"
_LEFT_OUT = 0.01


def main() -> None:
    """Print how many chunks were placed by which comparison, and how many at a wrong place."""
    index, _ = open_corpus(load_suite(HANDBOOK, corpus_anywhere=True), load_settings())
    chance = random.Random(1)
    placed: dict[str, Counter[str]] = {}
    wrong: Counter[str] = Counter()
    chunks = 0
    with index:
        corpus = Corpus(index)
        splitter = SentenceSplitter(chunk_size=128, chunk_overlap=20)
        for source in sorted(record.source for record in index.catalog.source_records()):
            text = source_text(index, source) or ""
            for chunk in splitter.split_text(text):
                start = text.find(chunk)
                if start < 0:
                    continue
                chunks += 1
                for name, words in _variants(chunk, source, chance).items():
                    place = corpus.place(GivenContext(words))
                    placed.setdefault(name, Counter())[place.how] += 1
                    shared = min(place.end, start + len(chunk)) - max(place.start, start)
                    shorter = min(len(chunk), place.end - place.start)
                    wrong[name] += place.is_sure and (place.source != source or 2 * shared < shorter)
    print(f"{chunks} chunks")
    for name, counts in placed.items():
        print(f"{name}: {dict(counts.most_common())}, wrong {wrong[name]}")


def _variants(chunk: str, source: str, chance: random.Random) -> dict[str, str]:
    return {
        "as it is": chunk,
        "wrapped anew": re.sub(r"\s+", " ", chunk),
        "with a header": f"file_path: {source}\ntitle: A page\n\n{chunk}",
        "without Markdown": re.sub(r"[*`#|_]", "", chunk),
        "letters left out": "".join(one for one in chunk if not (one.isalpha() and chance.random() < _LEFT_OUT)),
    }


if __name__ == "__main__":
    main()
