"""Unpacking four-bit weights: `rag.models.packed_e5`, with a model of one layer whose weights one can compute."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from rag.models.encoder import SentenceEncoder
from rag.models.packed_e5 import unpack_e5

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁ferry", "▁bridge", "s", "▁query:", "▁passage:")
HIDDEN, INNER = 32, 64


def packed(path: Path) -> Path:
    """Write a model of one layer: each block has the scale 0.5 and the numbers 0…15 twice, of which 8 is zero."""
    letters = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    head = b"E5S1" + struct.pack("<i7ifi", 1, HIDDEN, 1, 2, INNER, len(PIECES), 16, 2, 1e-12, 32)
    vocabulary = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(letters)) + offsets.tobytes()
    vocabulary += np.linspace(-1, -2, len(PIECES)).astype("<f4").tobytes() + letters
    vocabulary += struct.pack("<iI", 1, 9) + struct.pack("<IB", 0xFF21, 1) + struct.pack("<I", ord("A"))
    block = struct.pack("<e", 0.5) + bytes(low | (15 - low) << 4 for low in range(16))

    def matrix(rows: int, columns: int) -> tuple[int, bytes]:
        return 1, block * (rows * columns // 32)

    def floats(count: int, value: float = 0.0) -> tuple[int, bytes]:
        return 0, np.full(count, value, "<f4").tobytes()

    tensors = {
        "emb.word": matrix(len(PIECES), HIDDEN),
        "emb.pos": floats(16 * HIDDEN, 0.25),
        "emb.type": floats(2 * HIDDEN),
        "emb.ln.w": floats(HIDDEN, 1.0),
        "emb.ln.b": floats(HIDDEN),
    }
    for part, rows, columns in (
        ("q", 32, 32),
        ("k", 32, 32),
        ("v", 32, 32),
        ("ao", 32, 32),
        ("fi", 64, 32),
        ("fo", 32, 64),
    ):
        tensors |= {f"l0.{part}.w": matrix(rows, columns), f"l0.{part}.b": floats(rows)}
    for part in ("aln", "oln"):
        tensors |= {f"l0.{part}.w": floats(HIDDEN, 1.0), f"l0.{part}.b": floats(HIDDEN)}
    directory_size = 4 + sum(2 + len(name) + 21 for name in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    begin = len(head) + len(vocabulary) + directory_size
    for name, (kind, content) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, len(content), begin + len(body), len(content))
        body += content
    path.write_bytes(head + vocabulary + directory + body)
    return path


def test_a_block_of_four_bits_becomes_its_weights(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    unpack_e5(packed(tmp_path / "e5.bin"), tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    low = [(number - 8) * 0.5 for number in range(16)]
    assert tensors["embeddings.word_embeddings.weight"][3].tolist() == low + low[::-1]
    assert tensors["encoder.layer.0.output.dense.weight"].shape == (HIDDEN, INNER)
    assert tensors["encoder.layer.0.intermediate.dense.weight"].shape == (INNER, HIDDEN)
    assert tensors["embeddings.position_embeddings.weight"].shape == (16, HIDDEN)


def test_the_folder_opens_as_a_sentence_transformer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    unpack_e5(packed(tmp_path / "e5.bin"), tmp_path)
    encoder = SentenceEncoder("e5", tmp_path, 1)
    assert encoder.max_tokens == 16
    assert encoder.count_tokens(["ferrys bridge", "Ferry"]) == [3, 2]
    vectors = encoder.encode_passages(["ferry", "bridge"])
    assert vectors.shape == (2, HIDDEN)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert not caplog.records, "no weight is missing"


def test_the_prompts_are_the_models_own_and_no_token_is_lost_behind_them(tmp_path: Path) -> None:
    unpack_e5(packed(tmp_path / "e5.bin"), tmp_path)
    encoder = SentenceEncoder("e5", tmp_path, 1)
    (of_passage,) = encoder.encode_tokens(["ferrys bridge"])
    assert [("ferrys bridge"[start:end]) for start, end in of_passage.spans] == ["ferry", "s", " bridge"]
    (of_question,) = encoder.encode_tokens(["ferrys bridge"], question=True)
    assert of_question.spans == of_passage.spans


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = packed(tmp_path / "e5.bin")
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        unpack_e5(path, tmp_path / name)
    files = sorted(file.relative_to(tmp_path / "first") for file in (tmp_path / "first").rglob("*.*"))
    assert len(files) >= 7
    assert all((tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes() for file in files)


@pytest.mark.parametrize("content", [b"", b"E5S1\x02\x00\x00\x00", b"GGUF" + bytes(64)])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="E5S1"):
        unpack_e5(path, tmp_path)
