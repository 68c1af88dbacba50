"""The embedding model in each precision: size, cosine, SciFact nDCG@10, and processor time beside that of ``fp32``.

``--abstracts N`` takes N abstracts, of which those that answer a question are the first; by default all. Both
precisions rank the same ones with the encoder alone, title before text, as in ``tests.benchmarks.scifact``. Processor
time is the least of three runs that take turns: 60 abstracts at once, and 60 questions one by one. ``alone`` is the
least cosine of a question by itself with the same question computed together with others: below 1, a vector hangs on
its neighbours.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
from ir_measures import Qrel, ScoredDoc, iter_calc, nDCG

from rag.models.encoder import SentenceEncoder, Vectors, open_sentence_encoder
from rag.models.onnx_export import MODEL_FILE
from rag.precision import FP32, INT8, Precision
from rag.store.folders import CACHE_FILE
from rag.store.vector_cache import VectorCache
from tests.benchmarks import data

_PRECISIONS: tuple[Precision, ...] = (FP32, INT8)
# Vectors are kept after each so many texts, so that a run that is stopped goes on.
_STEP = 128
_DEPTH, _TIMED, _ROUNDS = 60, 60, 3


def abstracts(queries: data.Queries, count: int | None) -> dict[str, str]:
    """Abstracts by id, title before text; of a smaller count, the relevant ones first."""
    rows = {row["_id"]: f"{row['title']} {row['text']}" for row in data.jsonl(data.folder("scifact") / "corpus.jsonl")}
    relevant = {document for found in queries.relevant.values() for document in found}
    order = sorted(rows, key=lambda document: document not in relevant)
    return {document: rows[document] for document in order[:count]}


def ndcg(encoder: SentenceEncoder, ids: Sequence[str], vectors: Vectors, queries: data.Queries) -> dict[str, float]:
    """nDCG@10 of each question."""
    run: list[ScoredDoc] = []
    for query, text in queries.text.items():
        scores = vectors @ encoder.encode_question(text)
        run += [ScoredDoc(query, ids[i], float(scores[i])) for i in np.argsort(-scores)[:_DEPTH]]
    relevant = [Qrel(query, doc, grade) for query, found in queries.relevant.items() for doc, grade in found.items()]
    return {found.query_id: float(found.value) for found in iter_calc([nDCG @ 10], relevant, run)}


def seconds(encoders: Sequence[SentenceEncoder], texts: Sequence[str], questions: Sequence[str]) -> list[list[float]]:
    """Processor time of passages and of questions, for each encoder."""
    least = [[np.inf, np.inf] for _ in encoders]
    for _ in range(_ROUNDS):
        for best, encoder in zip(least, encoders, strict=True):
            started = time.process_time()
            encoder.encode_passages(texts)
            between = time.process_time()
            for question in questions:
                encoder.encode_passages([question])
            best[:] = [min(best[0], between - started), min(best[1], time.process_time() - between)]
    return least


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--abstracts", type=int, metavar="N")
    settings = data.bench_settings()
    queries = data.beir(data.folder("scifact"), "test")
    documents = abstracts(queries, arguments.parse_args().abstracts)
    ids, texts = list(documents), list(documents.values())
    questions = list(queries.text.values())[:_TIMED]
    encoders = [
        open_sentence_encoder(settings.embedding_model, settings.model_copy(update={"embedding_precision": precision}))
        for precision in _PRECISIONS
    ]
    data.HOME.mkdir(parents=True, exist_ok=True)
    cache = VectorCache(data.HOME / CACHE_FILE)
    vectors = [
        np.concatenate([cache.encode(encoder, texts[i : i + _STEP]) for i in range(0, len(texts), _STEP)])
        for encoder in encoders
    ]
    cache.close()
    found = [ndcg(encoder, ids, of, queries) for encoder, of in zip(encoders, vectors, strict=True)]
    times = seconds(encoders, texts[:_TIMED], questions)
    print(f"SciFact, test: {len(queries.text)} questions, {len(ids)} abstracts")
    print("precision     MB   cosine mean / least   alone   nDCG@10   time of abstracts / questions")
    for i, (precision, encoder) in enumerate(zip(_PRECISIONS, encoders, strict=True)):
        exported = encoder.prepare()
        size = (exported / MODEL_FILE).stat().st_size / 1e6 if exported else 0
        cosine = (vectors[0] * vectors[i]).sum(axis=1)
        alone = np.concatenate([encoder.encode_passages([question]) for question in questions])
        together = (alone * encoder.encode_passages(questions)).sum(axis=1).min()
        shares = [mine / full for mine, full in zip(times[i], times[0], strict=True)]
        print(
            f"{precision:8} {size:7.1f} {cosine.mean():12.4f} / {cosine.min():.4f} {together:9.4f} "
            f"{np.mean(list(found[i].values())):9.4f} {shares[0]:14.2f} / {shares[1]:.2f}"
        )
    differences = np.array([found[1][query] - found[0][query] for query in found[0]])
    error = differences.std(ddof=1) / len(differences) ** 0.5
    print(f"nDCG@10 of int8 less that of fp32: {differences.mean():+.4f}, standard error {error:.4f}")


if __name__ == "__main__":
    main()
