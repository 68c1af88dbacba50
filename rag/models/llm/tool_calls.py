"""Calls of tools that a service reports beside a reply, although nobody offered a tool. Pure.

Owns: telling the calls that look something up from others, and writing them as a model without tools would. Knows
nothing about services, or about what becomes of a call.
"""

from __future__ import annotations

import json
import re
from typing import Any

_LONGEST_NAME, _LONGEST_ARGUMENTS, _MOST = 200, 20_000, 8


class ToolCalls:
    """The calls of one reply, which may come in pieces."""

    def __init__(self) -> None:
        """Begin without a call."""
        self._names: dict[int, str] = {}
        self._arguments: dict[int, str] = {}

    @property
    def exist(self) -> bool:
        """Whether there are any."""
        return bool(self._names)

    def add(self, number: int, name: object, arguments: object) -> None:
        """Take a piece of a call.

        Args:
            number: Which call of the reply it belongs to.
            name: The name of the tool, or what it is lengthened by; None where it is known already.
            arguments: A value, or a piece of its JSON.
        """
        if number not in self._names and len(self._names) >= _MOST:
            return
        self._names[number] = (self._names.get(number, "") + (name if isinstance(name, str) else ""))[:_LONGEST_NAME]
        more = arguments if isinstance(arguments, str) else "" if arguments is None else _written(arguments)
        self._arguments[number] = (self._arguments.get(number, "") + more)[:_LONGEST_ARGUMENTS]

    def text(self) -> str:
        """Return the calls that search or open something, one line of JSON each; "" where there are none."""
        lines = []
        for number, name in self._names.items():
            word, argument = _lookup(name), _argument(self._arguments[number])
            if word and argument:
                lines.append(f"\n{_written({'name': word, 'arguments': argument})}")
        return "".join(lines)


def calls_in(values: object) -> ToolCalls:
    """Return the calls of a list such as ``[{"function": {"name": …, "arguments": …}}]``; none of another form."""
    calls = ToolCalls()
    for number, value in enumerate(values if isinstance(values, list) else ()):
        function = value.get("function") if isinstance(value, dict) else None
        if isinstance(function, dict):
            calls.add(number, function.get("name"), function.get("arguments"))
    return calls


def _lookup(name: str) -> str:
    """Return ``search`` or ``open`` for the name of a tool that does this; "" for any other."""
    words = re.split(r"[^a-z]+", name.lower())
    return next((word for word in ("search", "open") if word in words), "")


def _argument(arguments: str) -> str:
    """Return the words or the number in the arguments of a call; "" where they hold none."""
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        value = "" if arguments.lstrip().startswith(("{", "[")) else arguments
    values = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    found = next((one for one in values if isinstance(one, str | int) and not isinstance(one, bool)), "")
    return " ".join(str(found).split())


def _written(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return ""
