"""Commands that are built when they are asked for: whoever runs one of forty does not wait for the others.

Owns: when Typer reads the signature of a command. Knows nothing about what commands there are.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, MutableMapping
from functools import partial
from typing import Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_command_from_info, get_command_name, get_group_from_info


class LazyCommands(MutableMapping[str, Any]):
    """The commands of a group by name, in order; each is built when it is first looked up."""

    def __init__(self, builders: dict[str, Callable[[], Any]]) -> None:
        """Build none.

        Args:
            builders: What builds each command, by its name.
        """
        self._builders = builders
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            self._built[name] = self._builders[name]()
        return self._built[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._builders[name] = lambda: command
        self._built[name] = command

    def __delitem__(self, name: str) -> None:
        del self._builders[name]
        self._built.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._builders)

    def __len__(self) -> int:
        return len(self._builders)

    def __contains__(self, name: object) -> bool:
        return name in self._builders


def built_lazily(app: typer.Typer) -> TyperGroup:
    """Return the command of an application whose commands are built when they are asked for.

    Args:
        app: An application with a callback; each of its groups has a name.

    Returns:
        The same as ``typer.main.get_command`` does, sooner.
    """
    form: dict[str, Any] = {
        "pretty_exceptions_short": app.pretty_exceptions_short,
        "rich_markup_mode": app.rich_markup_mode,
    }
    builders: dict[str, Callable[[], Any]] = {}
    for command in app.registered_commands:
        assert command.callback, "each command has a function"
        name = command.name or get_command_name(getattr(command.callback, "__name__", ""))
        builders[name] = partial(get_command_from_info, command, **form)
    for group in app.registered_groups:
        assert group.name, "each group has a name"
        builders[group.name] = partial(get_group_from_info, group, suggest_commands=app.suggest_commands, **form)
    empty = copy.copy(app)
    empty.registered_commands, empty.registered_groups = [], []
    root = cast("TyperGroup", get_command(empty))
    root.commands = LazyCommands(builders)
    return root
