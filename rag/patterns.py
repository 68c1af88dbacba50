"""Regular expressions that are compiled when they are first used.

Python compiles an expression of many alternatives in some milliseconds, and a command uses few of the program's. An
expression that is costly and not needed by every question is made here; any other one with ``re.compile``.

Owns: when an expression is compiled. Knows nothing about what any of them finds.
"""

from __future__ import annotations

import re
from typing import Any, cast

# What a compiled expression has, taken over once it is there.
_MEMBERS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "pattern", "flags", "groups",
            "groupindex")  # fmt: skip


class _Pattern:
    """An expression that becomes one of ``re`` with its first use; several threads may use it."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        """Compile the expression; afterwards its members are found without coming here."""
        if name not in _MEMBERS:
            raise AttributeError(f"a pattern has no {name!r}")
        compiled = re.compile(self._source, self._flags)
        self.__dict__.update((member, getattr(compiled, member)) for member in _MEMBERS)
        return self.__dict__[name]


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used.

    Args:
        source: The expression.
        flags: As for ``re.compile``.

    Returns:
        What has the members of a compiled expression; an error in the expression is raised by its first use.
    """
    return cast("re.Pattern[str]", _Pattern(source, flags))
