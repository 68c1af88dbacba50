"""The embedding models: one table of the encoders that ship and those that other packages bring.

Owns: which encoder the setting names, and that what comes from outside keeps to ``Encoder``. Knows nothing about any
one of them: an encoder is imported when the setting names it.

A package adds an encoder with an entry point, whose name is the prefix of its models, as in
``RAG_EMBEDDING_MODEL=voyage:NAME``; it names a function ``(name, settings, fetch) -> Encoder``::

    [project.entry-points."footnote.encoders"]
    voyage = "footnote_voyage:open_encoder"

Interface: ``open_encoder``; ``check_vectors`` for what an encoder returned; ``encode_words`` for an encoder that gives
vectors of whole texts only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import ModelError
from rag.models.encoder import EncodedTokens, Encoder, Vectors
from rag.models.weight_check import named_when_damaged
from rag.models.weights import TABLE, Fetch
from rag.notices import Notice
from rag.parts import PartFailed, Parts, Unfit

if TYPE_CHECKING:
    from rag.settings import Settings

EncoderFactory = Callable[[str, "Settings", Fetch | None], Encoder]
"""Given what stands behind the prefix, the settings, and what fetches known weights that are absent (None: they are
fetched silently), returns the encoder. It loads what is heavy only when a vector is needed."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WITHOUT_PREFIX = "sentence-transformers"


def _name_fault(name: str) -> str:
    if len(name) == 1:
        return "a single letter is the drive of a Windows path"
    return "it is that of a model of rag models list" if name.lower() in TABLE else ""


ENCODERS: Parts[EncoderFactory] = Parts(
    "encoder",
    {
        _WITHOUT_PREFIX: "rag.models.encoder:open_sentence_encoder",
        "hf": "rag.models.encoder:open_hub_encoder",
    },
    check_name=_name_fault,
)

# A fingerprint is the key of hashes, which take this many bytes.
_FINGERPRINT_BYTES = 64
# How far the length of a vector may be from 1: half precision is exact to 0.001.
_LENGTH_TOLERANCE = 2e-3
_WORD = re.compile(r"\w+")


def open_encoder(settings: Settings, fetch: Fetch | None = None) -> Encoder:
    """Open the embedding model of the settings; it is fetched first where it is absent and its name says from where.

    Args:
        settings: Names the model, ``PREFIX:NAME`` or a sentence-transformers model, its folder and its prompts.
        fetch: Fetches known weights that are absent; by default they are fetched silently.

    Returns:
        The model, whose name is the setting; its weights are loaded when they are first needed.

    Raises:
        ModelError: The model cannot be fetched, or its encoder cannot be used.
    """
    spec = settings.embedding_model
    prefix, name = ENCODERS.split_name(spec)
    if not name:
        prefix, name = "", spec
    prefix = prefix or _WITHOUT_PREFIX
    factory = ENCODERS.get(prefix)
    if factory is None:
        problem = ENCODERS.problem(prefix)
        assert problem is not None, "a prefix is the name of an encoder"
        raise ModelError(problem)
    with _in_one_sentence(prefix, spec, settings.models):
        encoder = factory(name, settings, fetch)
        if missing := _missing(encoder):
            raise ModelError(Notice("encoder-incomplete", {"prefix": prefix, "missing": missing}))
        return _SettingsEncoder(prefix, spec, encoder, settings.models)


def folder_of_model(settings: Settings) -> Path | None:
    """Return where the files of the embedding model of the settings lie.

    Args:
        settings: Name the model and the folder of models.

    Returns:
        The folder; None where they are not on this machine, or the model's encoder comes from outside.
    """
    from rag.models.encoder import folder_on_disk

    prefix, name = ENCODERS.split_name(settings.embedding_model)
    if name and prefix not in ("", "hf", _WITHOUT_PREFIX):
        return None
    spec = name if name and prefix == _WITHOUT_PREFIX else settings.embedding_model
    return folder_on_disk(spec, settings)


def check_vectors(encoder: Encoder, vectors: Any, texts: int, dimension: int = 0) -> None:
    """Check what an encoder returned for passages, before it is kept.

    Args:
        encoder: The encoder.
        vectors: What it returned.
        texts: How many texts it was given.
        dimension: The dimension of its earlier vectors; 0 where there are none.

    Raises:
        ModelError: It is no float32 array with one vector of unit length, and of that dimension, for each text.
    """
    if not isinstance(vectors, np.ndarray) or vectors.dtype != np.float32:
        found = str(vectors.dtype) if isinstance(vectors, np.ndarray) else type(vectors).__name__
        raise ModelError(Notice("vectors-of-wrong-type", {"model": encoder.name, "type": found}))
    if vectors.ndim != 2 or vectors.shape[0] != texts or not vectors.shape[1]:
        shape = "×".join(str(length) for length in vectors.shape) or "()"
        raise ModelError(Notice("vectors-shapeless", {"model": encoder.name, "shape": shape, "texts": texts}))
    if dimension and vectors.shape[1] != dimension:
        values = {"dimension": int(vectors.shape[1]), "earlier": dimension}
        raise ModelError(Notice("vectors-changed-dimension", {"model": encoder.name, **values}))
    lengths = np.linalg.norm(vectors, axis=1)
    # Written so that NaN, which is neither near nor far, is wrong.
    wrong = lengths[~(np.abs(lengths - 1) <= _LENGTH_TOLERANCE)]
    if len(wrong):
        raise ModelError(Notice("vectors-not-unit", {"model": encoder.name, "length": f"{wrong[0]:.3g}"}))


def encode_words(encoder: Encoder, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
    """Encode texts and each of their words: ``Encoder.encode_tokens`` for a model that has no token vectors.

    Each text and each distinct word in all of them is encoded as a text of its own, in one call of ``encode_passages``.
    A question is asked with its own and six sentences, about 150 words, so a hosted model is sent that many short texts
    for each question. Words are encoded without their neighbours, which makes them a poorer sign of what a sentence
    says than the token vectors of a model.

    Args:
        encoder: An encoder whose ``encode_passages`` and ``encode_question`` work.
        texts: The texts; as with tokens, only the first ``max_tokens`` words of each get a vector.
        question: Whether the texts search; otherwise they are searched.

    Returns:
        One record a text, in order; its tokens are its words.
    """
    words = [list(_WORD.finditer(text))[: encoder.max_tokens] for text in texts]
    whole = [] if question else list(texts)
    distinct = list(dict.fromkeys([*whole, *(match.group() for matches in words for match in matches)]))
    vectors = encoder.encode_passages(distinct) if distinct else np.zeros((0, 0), np.float32)
    vector_of = dict(zip(distinct, vectors, strict=True))
    encoded = []
    for text, matches in zip(texts, words, strict=True):
        vector = encoder.encode_question(text) if question else vector_of[text]
        of_words = [vector_of[match.group()] for match in matches]
        tokens = np.stack(of_words) if of_words else np.zeros((0, len(vector)), np.float32)
        encoded.append(EncodedTokens(vector, tokens, tuple(match.span() for match in matches)))
    return encoded


class _SettingsEncoder:
    """The encoder of the settings: named by the setting, and one sentence for whatever goes wrong in it.

    What it returns is checked before anything rests on it: a store that is asked with a wrong vector would be blamed.
    """

    def __init__(self, prefix: str, spec: str, encoder: Encoder, models: Path) -> None:
        self.name, self.max_tokens = spec, encoder.max_tokens
        self._prefix, self._encoder, self._models = prefix, encoder, models
        # That of the passages' vectors; 0 until it is known.
        self._dimension = 0
        fingerprint = encoder.fingerprint.encode()
        too_long = len(fingerprint) > _FINGERPRINT_BYTES
        self.fingerprint = hashlib.sha256(fingerprint).hexdigest() if too_long else encoder.fingerprint

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        with _in_one_sentence(self._prefix, self.name, self._models):
            counts = list(self._encoder.count_tokens(_encodable(texts)))
            if len(counts) != len(texts) or not all(_is_count(count) for count in counts):
                raise Unfit("count_tokens gave no whole number for each text")
            return [int(count) for count in counts]

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        with _in_one_sentence(self._prefix, self.name, self._models):
            vectors = self._encoder.encode_passages(_encodable(texts))
            if texts:
                check_vectors(self, vectors, len(texts), self._dimension)
                self._dimension = vectors.shape[1]
            return vectors

    def encode_question(self, text: str) -> Vectors:
        with _in_one_sentence(self._prefix, self.name, self._models):
            vector = self._encoder.encode_question(*_encodable([text]))
            self._check_alone(vector, "encode_question")
            return vector

    def encode_tokens(self, texts: Sequence[str], question: bool = False) -> list[EncodedTokens]:
        with _in_one_sentence(self._prefix, self.name, self._models):
            encoded = list(self._encoder.encode_tokens(_encodable(texts), question))
            if len(encoded) != len(texts) or not all(isinstance(one, EncodedTokens) for one in encoded):
                raise Unfit("encode_tokens gave no EncodedTokens for each text")
            for text, one in zip(texts, encoded, strict=True):
                self._check_alone(one.vector, "encode_tokens")
                self._check_tokens(one, text)
            return encoded

    def _check_alone(self, vector: Any, method: str) -> None:
        """Check the one vector of a text as ``check_vectors`` does several."""
        if isinstance(vector, np.ndarray) and vector.ndim != 1:
            raise Unfit(f"{method} gave an array of {vector.ndim} dimensions in the place of one vector")
        check_vectors(
            self, vector[np.newaxis] if isinstance(vector, np.ndarray) else vector, 1, self._known_dimension()
        )

    def _check_tokens(self, encoded: EncodedTokens, text: str) -> None:
        """Check that each token has a vector, and a span in its text."""
        spans = list(encoded.spans)
        if not isinstance(encoded.tokens, np.ndarray) or encoded.tokens.shape != (len(spans), len(encoded.vector)):
            raise Unfit("encode_tokens gave not one vector for each span")
        if spans:
            check_vectors(self, encoded.tokens, len(spans), self._known_dimension())
        if not all(_is_count(start) and _is_count(end) and start <= end <= len(text) for start, end in spans):
            raise Unfit("encode_tokens gave a span that lies outside its text")

    def _known_dimension(self) -> int:
        """Return the dimension of the vectors of passages; for an encoder from outside one is encoded to learn it.

        The vectors in an index are of passages, and a process that only asks has seen none of them.
        """
        if not self._dimension and ENCODERS.package(self._prefix):
            self.encode_passages(["dimension"])
        return self._dimension


def _encodable(texts: Sequence[str]) -> list[str]:
    """Return texts as every tokenizer takes them, of the same length: JSON may hold half of a surrogate pair."""
    return [_SURROGATE.sub("\ufffd", text) for text in texts]


def _is_count(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and int(value) >= 0


@contextmanager
def _in_one_sentence(prefix: str, spec: str, models: Path) -> Iterator[None]:
    """Turn whatever an encoder raises into one sentence, without its words: they may hold a key.

    Damaged weights make a model fail to load, or give vectors of no number: they are named then.

    Raises:
        ModelError: Whatever was raised, in one sentence.
    """
    with named_when_damaged(spec, models):
        try:
            with ENCODERS.calling(prefix):
                yield
        except PartFailed as failed:
            raise ModelError(Notice("encoder-failed", {"model": spec, "cause": failed.cause})) from failed


def _missing(encoder: Any) -> list[str]:
    """Return what an object lacks to be an ``Encoder``; a fingerprint or a limit that is none is lacking, too."""
    members = [name for name in vars(Encoder) if not name.startswith("_")]
    missing = [] if isinstance(encoder, Encoder) else [name for name in members if not hasattr(encoder, name)]
    fingerprint, max_tokens = getattr(encoder, "fingerprint", ""), getattr(encoder, "max_tokens", 0)
    if not (isinstance(fingerprint, str) and fingerprint):
        missing.append("fingerprint")
    if not (isinstance(max_tokens, int) and max_tokens > 0):
        missing.append("max_tokens")
    return sorted(set(missing))
