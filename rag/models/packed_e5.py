"""Unpack multilingual-e5-small from four-bit weights into a folder that sentence-transformers opens.

Owns: reading the packed file: header, Unigram vocabulary, blocks of four-bit weights. Knows nothing about where the
file comes from.

The file is one of the E5S1 format, version 1, all numbers little-endian: a header; the pieces of the vocabulary with
their scores; the map of characters that the normaliser replaces, which is not needed here, since it is NFKC; a
directory of tensors; the tensors. A matrix is stored in blocks of 32 weights along its rows, as llama.cpp's Q4_0: a
scale in half precision and 32 numbers of four bits, of which 8 is zero.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
_VERSION = 1
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", (16,))])
_WEIGHTS_IN_BLOCK = 32
_ZERO = 8
_FLOATS = 0
# What the parts of a layer are called in the file, and in transformers' BertModel.
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class _Header(NamedTuple):
    """The sizes of the model, as BERT's configuration names them."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    vocab_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float


def unpack_e5(packed: Path, folder: Path) -> None:
    """Write a sentence-transformers model from packed weights.

    Weights are written in half precision, in which they lie within 0.0005 of what the file holds, and are computed with
    in full. The same file gives the same bytes.

    Args:
        packed: The packed file.
        folder: The folder of the model; it must exist.

    Raises:
        ValueError: The file is not of this format.
        OSError: A file cannot be read or written.
    """
    from safetensors.numpy import save_file

    data = packed.read_bytes()
    if data[:8] != MAGIC + struct.pack("<i", _VERSION):
        raise ValueError("no E5S1 file of version 1")
    header = _Header(*struct.unpack_from("<7if", data, 8))
    pieces, scores, special, at = _read_vocabulary(data, 8 + struct.calcsize("<7ifi"))
    tensors = _read_tensors(data, at, header)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    (folder / "tokenizer.json").write_text(_tokenizer(pieces, scores, special), "utf-8")
    for name, value in _configuration(header, special).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(value, indent=1), "utf-8")


def _read_vocabulary(data: bytes, at: int) -> tuple[list[str], list[float], dict[str, int], int]:
    """Return the pieces, their scores, the ids of the special ones, and where the directory of tensors begins."""
    count, begin, end, padding, unknown, length = struct.unpack_from("<5iQ", data, at)
    at += struct.calcsize("<5iQ")
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(data, "<f4", count, at)
    at += scores.nbytes
    letters = data[at : at + length]
    at += length
    pieces = [letters[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
    _, replacements = struct.unpack_from("<iI", data, at)
    special = {"begin": begin, "end": end, "padding": padding, "unknown": unknown}
    return pieces, [float(score) for score in scores], special, at + 8 + replacements


def _read_tensors(data: bytes, at: int, header: _Header) -> dict[str, npt.NDArray[np.float16]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, _, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += struct.calcsize("<BIQQ")
        floats = np.frombuffer(data, "<f4", size // 4, offset) if kind == _FLOATS else _unpacked(data, offset, size)
        tensors[_name(name)] = floats.reshape(_shape(name, header)).astype(np.float16)
    # BertModel has a pooler, which nothing here uses; without these it would be filled at random, with a warning.
    tensors["pooler.dense.weight"] = np.zeros((header.hidden_size, header.hidden_size), np.float16)
    tensors["pooler.dense.bias"] = np.zeros(header.hidden_size, np.float16)
    return tensors


def _unpacked(data: bytes, offset: int, size: int) -> npt.NDArray[np.float32]:
    blocks = np.frombuffer(data, _BLOCK, size // _BLOCK.itemsize, offset)
    pairs = blocks["pairs"]
    numbers = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - _ZERO
    unpacked: npt.NDArray[np.float32] = numbers * blocks["scale"].astype(np.float32)[:, None]
    return unpacked


def _name(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{int(layer[1:])}.{_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _shape(name: str, header: _Header) -> tuple[int, ...]:
    """Return the shape of a tensor; -1 is what is left of its size."""
    part, kind = name.split(".")[-2:]
    if name in ("emb.word", "emb.pos", "emb.type"):
        return -1, header.hidden_size
    if kind == "b" or part in ("ln", "aln", "oln"):
        return (-1,)
    return -1, header.intermediate_size if part == "fo" else header.hidden_size


def _tokenizer(pieces: list[str], scores: list[float], special: dict[str, int]) -> str:
    """Return ``tokenizer.json``: SentencePiece's Unigram model as the library tokenizers writes it."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = list(zip(pieces, scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, special["unknown"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    begin, end = pieces[special["begin"]], pieces[special["end"]]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, special["begin"]), (end, special["end"])],
    )
    tokenizer.add_special_tokens([AddedToken(pieces[number], special=True) for number in special.values()])
    return str(tokenizer.to_str())


def _configuration(header: _Header, special: dict[str, int]) -> dict[str, Any]:
    """Return the small files of the model by name."""
    module = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "pad_token_id": special["padding"],
            "dtype": "float32",
            **header._asdict(),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": header.max_position_embeddings,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": header.hidden_size, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "sentence_bert_config.json": {"max_seq_length": header.max_position_embeddings, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
