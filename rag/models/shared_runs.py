"""One run of a model for the texts of several callers who wait for it at the same moment.

Owns: which texts are run together: those of equal length, without padding, and only what waits already, so that nobody
waits for it. Knows nothing about tokenizers, pooling or questions.

A vector must not depend on what it was computed beside. Without padding a text in a batch is computed by the same
products, row by row, as the text alone: of 300 questions in batches of 2 to 32, each had the same vectors to the last
bit, and batches of 4 took 58 % and of 16 half of the processor time that the questions took alone
(``tests/models/test_shared_runs.py`` holds the first with the real model). Padded batches of questions have equal
vectors, too, and take no less time than one after the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Tokens = Sequence[int]
Run = Callable[[Sequence[Tokens]], Floats]
"""Returns the vectors of all tokens of texts of equal length; called with the lock held."""


@dataclass(eq=False)
class _Waiting:
    """A text that is to be run, and what came of it."""

    tokens: Tokens
    vectors: Floats | None = None
    error: Exception | None = None

    @property
    def over(self) -> bool:
        return self.vectors is not None or self.error is not None


class SharedRuns:
    """Runs texts for several threads. Whoever gets the lock runs for those who wait for it, too."""

    def __init__(self, run: Run, lock: threading.Lock, most_tokens: int) -> None:
        """Run nothing yet.

        Args:
            run: Runs texts of equal length.
            lock: Held while it runs; other models may compute under it.
            most_tokens: The most tokens of several texts that are run together.
        """
        self._run, self._lock, self._most_tokens = run, lock, most_tokens
        self._guard = threading.Lock()
        self._waiting: list[_Waiting] = []

    def vectors_of(self, texts: Sequence[Tokens]) -> list[Floats]:
        """Return the vectors of the tokens of each text, in order.

        Args:
            texts: The tokens of each text.

        Raises:
            Exception: What running a text raised.
        """
        own = [_Waiting(tokens) for tokens in texts]
        with self._guard:
            self._waiting += own
        try:
            for one in own:
                while not one.over:
                    with self._lock:
                        if not one.over:
                            self._run_with_equals(one)
        finally:
            with self._guard:
                self._waiting = [one for one in self._waiting if one not in own]
        vectors: list[Floats] = []
        for one in own:
            if one.error is not None:
                raise one.error
            assert one.vectors is not None, "each text was run"
            vectors.append(one.vectors)
        return vectors

    def _run_with_equals(self, first: _Waiting) -> None:
        """Run a text, and those that wait and are as long."""
        length = len(first.tokens)
        most = max(1, self._most_tokens // max(1, length))
        with self._guard:
            others = [one for one in self._waiting if one is not first and len(one.tokens) == length]
            batch = [first, *others[: most - 1]]
            self._waiting = [one for one in self._waiting if one not in batch]
        try:
            outputs = self._run([one.tokens for one in batch])
        except Exception as error:
            for one in batch:
                one.error = error
            return
        for one, vectors in zip(batch, outputs, strict=True):
            one.vectors = vectors[:length]
