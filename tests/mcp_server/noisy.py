"""The command ``rag`` with an embedding model that prints, as libraries do: from Python, from C, and from a child."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from rag.models.encoder import Vectors
from tests.fakes import WordEncoder


class NoisyEncoder(WordEncoder):
    """Prints on standard output whenever it is made or used."""

    def __init__(self) -> None:
        super().__init__()
        _print("made")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        _print("passages")
        return super().encode_passages(texts)

    def encode_question(self, text: str) -> Vectors:
        _print("question")
        return super().encode_question(text)


def _print(what: str) -> None:
    print(f"noise: {what}")
    sys.stdout.flush()
    os.write(1, b"noise: from C\n")
    subprocess.run([sys.executable, "-c", "print('noise: from a child'); import sys; sys.stdin.read()"], check=True)


if __name__ == "__main__":
    import rag.store.index
    from rag.__main__ import main

    rag.store.index.open_encoder = lambda *_: NoisyEncoder()  # type: ignore[assignment,return-value]
    main()
