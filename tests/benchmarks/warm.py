"""What a question costs an assistant that is open: processor time by stage, and what is encoded.

``python -m tests.benchmarks.warm [--questions N] [--chunks N]``. The questions are those of the handbook's suite, over
the handbook, each put for the first time; the last ten are put again. Times are of the processor, all threads together:
a busy machine changes them less than those of the clock. ``--chunks`` measures retrieval over made-up text of that size
beside encoding the question and asking Chroma, in turn, the least of three of each.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import rag
from rag.models.encoder import EncodedTokens, Encoder, Vectors
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.passages import retrieve
from rag.settings import load_settings
from rag.store.index import Index
from rag.types import Passage
from tests.benchmarks import data, speed

_ROOT = Path(__file__).resolve().parents[2]
# As many as a question looks at; see ``rag.retrieval.search``.
_PASSAGES, _REACH = 8, 3
# So many of the questions are put again.
_AGAIN = 10


class Counted:
    """An encoder that counts what it is asked; questions it knows, which are kept, are not counted."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.fingerprint, self.max_tokens = encoder.name, encoder.fingerprint, encoder.max_tokens
        self.calls = self.texts = self.tokens = 0
        self._known: set[str] = set()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self._count(texts)
        return self._encoder.encode_passages(texts)

    def encode_question(self, text: str) -> Vectors:
        self._count_question(text)
        return self._encoder.encode_question(text)

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        if question:
            for text in texts:
                self._count_question(text)
        else:
            self._count(texts)
        return self._encoder.encode_tokens(texts, question)

    def _count(self, texts: Sequence[str]) -> None:
        self.calls += 1
        self.texts += len(texts)
        self.tokens += sum(self._encoder.count_tokens(texts))

    def _count_question(self, text: str) -> None:
        if text not in self._known:
            self._known.add(text)
            self._count([text])


def cost(action: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    started = time.process_time()
    action()
    return (time.process_time() - started) * 1000


def stages_of(index: Index, assistant: rag.Assistant, question: str) -> dict[str, float]:
    """Milliseconds of each stage of a question, in the order in which each finds what those before it left."""
    found: list[Passage] = []

    def look() -> None:
        share = index.scoring.evidence.table_share
        found.extend(retrieve(index, question, _PASSAGES, table_share=share, beyond=_PASSAGES * (_REACH - 1)))

    return {
        "encode the question": cost(lambda: index.encoder.encode_question(question)),
        "ask Chroma for 120 vectors": cost(lambda: index.vectors.nearest(index.encoder.encode_question(question), 120)),
        "retrieve, the question encoded": cost(look),
        "rank evidence": cost(lambda: rank_evidence(index, question, found)),
        "answer, all of this kept": cost(lambda: assistant.ask(question)),
    }


def handbook(questions: int) -> None:
    cases = list(data.jsonl(_ROOT / "tests" / "suites" / "handbook" / "cases.jsonl"))
    asked = [case["question"] for case in cases][:questions]
    with data.indexed("handbook", _ROOT / "docs") as index, rag.Assistant(index, llm="none") as assistant:
        # What is loaded and compiled once is no cost of a question.
        assistant.ask("Where does the index lie?")
        index.encoder = encoder = Counted(index.encoder)
        measured = [stages_of(index, assistant, each) for each in asked]
        calls, texts, tokens = (value / len(asked) for value in (encoder.calls, encoder.texts, encoder.tokens))
        before = encoder.calls
        again = statistics.mean(cost(lambda q=each: assistant.ask(q)) for each in asked[-_AGAIN:])  # type: ignore[misc]
        mean = {name: statistics.mean(each[name] for each in measured) for name in measured[0]}
        encode, chroma, retrieval, *_ = mean.values()
        print(f"{len(asked)} questions over {index.catalog.chunk_total()} chunks, ms of the processor a question:")
        for name, milliseconds in mean.items():
            print(f"  {name:34} {milliseconds:7.1f}")
        print(f"  {'the whole answer':34} {sum(mean.values()) - chroma:7.1f}")
        print(f"  {'the same question again':34} {again:7.1f}")
        print(f"  {'retrieval / (encoding + Chroma)':34} {(encode + retrieval) / (encode + chroma):7.3f}")
        print(f"encoder calls {calls:.1f}, texts {texts:.1f}, tokens {tokens:.0f} a question; put again ", end="")
        print(f"{(encoder.calls - before) / _AGAIN:.1f} calls")


def ratio(chunks: int, questions: int = 20) -> None:
    work = Path(tempfile.mkdtemp(prefix="footnote-warm-"))
    try:
        chosen = load_settings().model_copy(update={"home": work / "home"})
        with speed.large(chosen, chunks) as index:
            seeded = random.Random(3)
            ratios = [_ratio(index, [speed.question(seeded) for _ in range(3)]) for _ in range(questions)]
            print(f"retrieval / (encoding + Chroma) at {index.catalog.chunk_total()} chunks: ", end="")
            print(f"{statistics.median(ratios[2:]):.3f}  (target <= 1.5)")
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _ratio(index: Index, asked: Sequence[str]) -> float:
    """The least of some questions each way; each is encoded anew, since another one stands between."""
    whole = [cost(lambda q=each: retrieve(index, q)) for each in asked]  # type: ignore[misc]
    # With a mark behind it a question costs the same and is not kept yet.
    raw = [
        cost(lambda q=each: index.vectors.nearest(index.encoder.encode_question(f"{q} "), 120))  # type: ignore[misc]
        for each in asked
    ]
    return min(whole) / min(raw)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--questions", type=int, default=40)
    arguments.add_argument("--chunks", type=int, default=0, help="measure retrieval at this size, too")
    chosen = arguments.parse_args()
    handbook(chosen.questions)
    if chosen.chunks:
        ratio(chosen.chunks)


if __name__ == "__main__":
    main()
