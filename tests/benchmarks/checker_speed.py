"""How fast a cross-encoder checks: pairs a second in batches and one by one, for short and for long evidence.

The weights are seeded noise of a real model's shape, since how fast they compute does not depend on what they are:
nothing here says how well a model judges. ``--shape base`` takes the shape of DeBERTa-v3-base, ``small`` that of
DeBERTa-v3-small, both with 128,100 words.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from rag.models.entailment import EntailmentModel, SentenceAndSource, load_entailment_model
from tests.tiny_checker import LABELS, OPPOSITES, save, word_tokenizer

_VOCABULARY = 128_100
_LAYERS = {"small": 6, "base": 12}
_WORDS = [word for pair in OPPOSITES for side in pair for word in side]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=sorted(_LAYERS), default="small")
    parser.add_argument("--pairs", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = load_entailment_model(str(_save_noise(Path(folder), arguments.shape)), arguments.threads)
        for words in (100, 240, 480):
            pairs = _pairs(arguments.pairs, words)
            model.infer(pairs[:1])
            together = _pairs_a_second(model, [pairs])
            one_by_one = _pairs_a_second(model, [[pair] for pair in pairs])
            print(f"{arguments.shape}, sources of about {words} tokens: {together:.2f} pairs a second in batches, "
                  f"{one_by_one:.2f} one by one", flush=True)  # fmt: skip


def _save_noise(folder: Path, shape: str) -> Path:
    import torch
    from transformers import DebertaV2Config, DebertaV2ForSequenceClassification

    torch.manual_seed(1)
    encoding: dict[str, Any] = {"norm_rel_ebd": "layer_norm", "share_att_key": True}
    config = DebertaV2Config(
        vocab_size=_VOCABULARY, hidden_size=768, num_hidden_layers=_LAYERS[shape], num_attention_heads=12,
        intermediate_size=3072, max_position_embeddings=512, relative_attention=True, position_buckets=256,
        pos_att_type=["p2c", "c2p"], type_vocab_size=0, position_biased_input=False,
        id2label=dict(enumerate(LABELS)), **encoding,
    )  # fmt: skip
    return save(DebertaV2ForSequenceClassification(config), word_tokenizer(512), folder)


def _pairs(count: int, words: int) -> list[SentenceAndSource]:
    """Pairs whose sources are between half as long and one and a half times as long as said, 480 tokens at most."""
    chosen = random.Random(1)
    lengths = [min(480, round(words * chosen.uniform(0.5, 1.5))) for _ in range(count)]
    return [(" ".join(chosen.choices(_WORDS, k=20)), " ".join(chosen.choices(_WORDS, k=length))) for length in lengths]


def _pairs_a_second(model: EntailmentModel, calls: list[list[SentenceAndSource]]) -> float:
    started = time.perf_counter()
    for pairs in calls:
        model.infer(pairs)
    return sum(map(len, calls)) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
