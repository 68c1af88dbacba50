"""Who calls, and what they may do.

Owns: what is known of a caller. Knows nothing about routes, or where keys are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        name: The name of the key or of the user; empty where nobody needs one.
        indexes: The names of the indexes that they may see; None: all that are served.
        may_write: Whether they may add and delete documents in them.
    """

    name: str = ""
    indexes: frozenset[str] | None = None
    may_write: bool = True

    def may_read(self, index: str) -> bool:
        """Return whether an index may be seen at all."""
        return self.indexes is None or index in self.indexes


class Access(Protocol):
    """Knows the callers."""

    def caller_of(self, headers: Mapping[str, str], address: str) -> Caller | None:
        """Return who calls.

        Args:
            headers: The request's headers, by their names in any case.
            address: The client's network address.

        Returns:
            The caller; None for one who must show a key first.
        """
        ...


class OpenAccess:
    """Lets everybody do everything: for a service that only this machine can reach."""

    def caller_of(self, headers: Mapping[str, str], address: str) -> Caller | None:  # noqa: ARG002
        """Return the one caller that there is."""
        return Caller()
