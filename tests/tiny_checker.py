"""A real cross-encoder, small enough to be trained in a test: it judges sentences such as "The ferry is big."

Owns: its language, its training and how it is saved. It knows four pairs of opposites, each of them in two words, and
nothing else: whatever things are spoken of, "The ferry is large." follows from "The ferry is big.", "The ferry is
small." contradicts it, and "The ferry is old." is neither. Where a source says "This is wrong.", nothing follows.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

OPPOSITES = (
    (("big", "large"), ("small", "little")),
    (("fast", "quick"), ("slow", "sluggish")),
    (("old", "ancient"), ("new", "recent")),
    (("hot", "warm"), ("cold", "cool")),
)
LABELS = ("contradiction", "entailment", "neutral")
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_WORDS = (*(word for pair in OPPOSITES for side in pair for word in side), "the", "is", "this", "wrong", ".")
_HIDDEN = 48
# It is learned at the 166th step; with three other seeds at the 215th, the 231st and not quite at the 300th.
_EASY_STEPS, _MOST_STEPS, _BATCH, _LEARNED = 80, 300, 64, 0.02


def word_tokenizer(most: int = 64, words: Sequence[str] = _WORDS) -> Any:
    """A tokenizer of whole words and marks; a word that it does not know is one unknown token."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: number for number, word in enumerate((*_SPECIAL, *words))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=most,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )


def new_model(labels: Sequence[str], tokenizer: Any, seed: int = 1, **shape: Any) -> Any:
    """A classifier of the shape of BERT with seeded weights, with one output for each label."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(seed)
    small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = BertConfig(
        vocab_size=len(tokenizer),
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: number for number, label in enumerate(labels)},
        max_position_embeddings=tokenizer.model_max_length,
        **(small | {"initializer_range": 1.0} | shape),
    )
    return BertForSequenceClassification(config).eval()


def save(model: Any, tokenizer: Any, folder: Path) -> Path:
    """Save a model so that ``RAG_CHECKER`` can name its folder."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def example(chosen: random.Random, most_sentences: int) -> tuple[str, str, str]:
    """A source, a sentence, and what the one says about the other."""
    pairs = chosen.sample(range(len(OPPOSITES)), chosen.randint(1, most_sentences))
    sides = {pair: chosen.randrange(2) for pair in pairs}
    lines = [_sentence(chosen, pair, side) for pair, side in sides.items()]
    label = chosen.choice(LABELS)
    pair = chosen.choice(pairs)
    side = 1 - sides[pair] if label == "contradiction" else sides[pair]
    if label == "neutral":
        pair = chosen.choice([other for other in range(len(OPPOSITES)) if other not in pairs])
    if chosen.random() < 0.15:
        lines.append("This is wrong.")
        label = "neutral"
    title = ["x"] * chosen.randint(0, 6) if most_sentences > 1 else []
    return "\n".join([" ".join(title), " ".join(lines)]), _sentence(chosen, pair, side), label


def train_checker(folder: Path) -> Path:
    """Train a model of this language, which takes some seconds, and save it."""
    import torch

    tokenizer = word_tokenizer()
    model = new_model(
        LABELS,
        tokenizer,
        seed=4,
        hidden_size=_HIDDEN,
        num_hidden_layers=2,
        intermediate_size=2 * _HIDDEN,
        initializer_range=_HIDDEN**-0.5,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    _start_from_meanings(model, tokenizer)
    chosen = random.Random(1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=_MOST_STEPS, pct_start=0.1)
    model.train()
    recent: list[float] = []
    for step in range(_MOST_STEPS):
        sentences = 1 if step < _EASY_STEPS else 3
        sources, claims, labels = zip(*(example(chosen, sentences) for _ in range(_BATCH)), strict=True)
        inputs = tokenizer(list(sources), list(claims), padding=True, return_tensors="pt")
        loss = model(**inputs, labels=torch.tensor(list(map(LABELS.index, labels)))).loss
        loss.backward()
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent = [*recent[-9:], loss.item()]
        if step > _EASY_STEPS + len(recent) and max(recent) < _LEARNED:
            break
    return save(model.eval(), tokenizer, folder)


def _start_from_meanings(model: Any, tokenizer: Any) -> None:
    """Begin where a pretrained model is: words of one meaning are alike, and alike words attend to each other."""
    import torch

    numbers = tokenizer.get_vocab()
    with torch.no_grad():
        embeddings = model.bert.embeddings
        embeddings.word_embeddings.weight.normal_(0, 1)
        embeddings.position_embeddings.weight.normal_(0, 0.05)
        embeddings.token_type_embeddings.weight.normal_(0, 0.7)
        for pair in OPPOSITES:
            both = torch.randn(_HIDDEN)
            for side in pair:
                meaning = both + torch.randn(_HIDDEN)
                for word in side:
                    embeddings.word_embeddings.weight[numbers[word]] = meaning + 0.2 * torch.randn(_HIDDEN)
        attention = model.bert.encoder.layer[0].attention.self
        for projection in (attention.query, attention.key):
            projection.weight.copy_(0.8 * torch.eye(_HIDDEN))


def _sentence(chosen: random.Random, pair: int, side: int) -> str:
    return f"The thing is {chosen.choice(OPPOSITES[pair][side])}."
