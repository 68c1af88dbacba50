"""Vectors in memory that are compared one by one with that of a question: exact, and alike in every process.

Owns: their order, and the arithmetic. Knows nothing about where they come from.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rag.models.encoder import Vectors


@dataclass(frozen=True, slots=True)
class Compared:
    """Some vectors, in the order of their ids.

    Attributes:
        ids: The ids, in order.
        matrix: Their vectors, of shape ``(len(ids), dimension)``.
    """

    ids: tuple[str, ...]
    matrix: Vectors

    @classmethod
    def of(cls, ids: Sequence[str], vectors: Sequence[Sequence[float]]) -> Compared:
        """Put vectors in order.

        Args:
            ids: Their ids, each once.
            vectors: The vectors, in the order of the ids.

        Returns:
            The vectors in the order of their ids.
        """
        order = sorted(range(len(ids)), key=ids.__getitem__)
        matrix = np.asarray([vectors[row] for row in order], np.float32)
        return cls(tuple(ids[row] for row in order), matrix)

    def nearest(self, vector: Vectors, limit: int, among: Collection[str] | None = None) -> list[tuple[str, float]]:
        """Find the nearest vectors.

        Args:
            vector: A vector of unit length, of shape ``(dimension,)``.
            limit: How many to return at most.
            among: Only these ids are looked at; None for all.

        Returns:
            ``(id, cosine similarity in -1…1)``, best first; ties by id.
        """
        if not self.ids:
            return []
        # Not by a product of matrices: there the place of a row decides about the last bit, and equal vectors would
        # not be equally near.
        similarities = np.einsum("ij,j->i", self.matrix, np.asarray(vector, np.float32))
        best = np.argsort(-similarities, kind="stable")
        if among is not None:
            allowed = frozenset(among)
            best = best[[self.ids[row] in allowed for row in best]]
        return [(self.ids[row], float(similarities[row])) for row in best[:limit]]
