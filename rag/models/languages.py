"""Which languages does an encoder read?

Owns: what a setting, the table of known models or a model's own card states, and measuring it where nothing does.
Knows nothing about indexes.

Interface: ``stated_languages``, ``measure``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.languages.parallel import Measured, compare, languages_of, parallel_texts
from rag.models.weights import resolve
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.models.encoder import EncodedTokens, Encoder

MULTILINGUAL = "multilingual-e5-small"
"""The known model that reads most languages."""

# Known models by name, with the languages that their publishers' cards name.
_KNOWN = {
    "all-minilm-l6-v2": frozenset({"en"}),
    MULTILINGUAL: frozenset(
        "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy "
        "id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my ne nl no om or pa pl ps pt ro ru sa sd "
        "si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh".split()
    ),
}
_CARD = "README.md"
# A card's head is a few kilobytes; more is not read.
_LONGEST_CARD = 1 << 16
_FENCE = "---"


def stated_languages(name: str, settings: Settings) -> frozenset[str]:
    """Return the languages that an embedding model is said to read.

    Args:
        name: The model, as a setting names it.
        settings: The folder of models; they may name the languages of the model.

    Returns:
        The languages that ``RAG_LANGUAGES`` names, else those that are known of the model, else those of its card, as
        ISO 639-1 codes; empty where nothing says so, or only that there are many.
    """
    if settings.languages:
        return languages_of(settings.languages.split(","))
    try:
        location = resolve(name, settings.models)
    except ModelError:
        return frozenset()
    if location.weights and location.weights.name in _KNOWN:
        return _KNOWN[location.weights.name]
    return _languages_of_card(location.path / _CARD) if location.path else frozenset()


def measure(encoder: Encoder, question_language: str, passage_language: str) -> Measured:
    """Measure what an encoder makes of questions in one language and passages in one.

    Args:
        encoder: The encoder; it encodes twelve questions and twelve passages.
        question_language: A language of ``parallel_texts``.
        passage_language: Another, or the same.

    Returns:
        What was measured.
    """
    texts = parallel_texts()
    questions = encoder.encode_tokens([question for question, _ in texts[question_language]], question=True)
    passages = encoder.encode_tokens([passage for _, passage in texts[passage_language]])
    similarities = [[float(one.vector @ other.vector) for other in passages] for one in questions]
    return compare(similarities, [[_nearness(one, other) for other in passages] for one in questions])


def _nearness(question: EncodedTokens, passage: EncodedTokens) -> float:
    if not len(question.tokens) or not len(passage.tokens):
        return 0.0
    return float((question.tokens @ passage.tokens.T).max(axis=1).mean())


def _languages_of_card(card: Path) -> frozenset[str]:
    """Return the languages that the head of a model's card names, in YAML between two lines of three hyphens."""
    # Imported late: few models have a card.
    import yaml

    try:
        with card.open(encoding="utf-8") as file:
            lines = file.read(_LONGEST_CARD).splitlines()
        end = lines.index(_FENCE, 1) if lines[:1] == [_FENCE] else 0
        head = yaml.safe_load("\n".join(lines[1:end]))
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return frozenset()
    stated = head.get("language") if isinstance(head, dict) else None
    codes = stated if isinstance(stated, list) else [stated]
    # YAML reads the code of Norwegian as false.
    return languages_of(["no" if code is False else str(code) for code in codes if code is not None])
