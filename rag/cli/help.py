"""How help reads: commands grouped by purpose with their whole sentences, examples, and ``rag help COMMAND``.

Owns: the form of help pages, and that a command is shown where it is what most users look for. Knows nothing about what
commands do.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from rag.cli.advice import remember
from rag.cli.screen import WIDEST, wrap

# The widest that a help page is; Typer's formatter leaves two columns free.
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": WIDEST}


class Command(TyperCommand):
    """A command whose help ends with examples, and whose advice names the index it is about."""

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002
        """Return the whole first sentence of the help: nothing is cut."""
        return _summary(self.help)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments by their names alone, then the options.

        Args:
            ctx: The context of the command.
            formatter: What the help is written to.
        """
        arguments = [one for one in self.get_params(ctx) if isinstance(one, TyperArgument)]
        options = [one for one in self.get_params(ctx) if not isinstance(one, TyperArgument)]
        records = [record for one in options if (record := one.get_help_record(ctx))]
        rows = [(one.metavar or (one.name or "").upper(), one.help or "") for one in arguments]
        for heading, listed in (("Arguments", rows), ("Options", records)):
            if listed:
                with formatter.section(heading):
                    formatter.write_dl(listed)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the examples.

        Args:
            ctx: The context of the command.
            formatter: What the help is written to.
        """
        _write_examples(self.epilog, formatter)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words of the usage line, without Typer's braces."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Args:
            ctx: Holds the values of its options.

        Returns:
            What it returns.

        Raises:
            Abort: Ctrl-C was pressed. Of a KeyboardInterrupt Typer would keep the exit code alone.
        """
        remember(ctx.params.get("index"), ctx.params.get("home"))
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise typer.Abort from None


class Group(TyperGroup):
    """A group whose help lists whole sentences; ``sections`` puts the names of commands under headings."""

    sections: Mapping[str, Sequence[str]] = {}

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002
        """Return the whole first sentence of the help: nothing is cut."""
        return _summary(self.help)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, then the options: most who ask for help look for a command.

        Args:
            ctx: The context of the group.
            formatter: What the help is written to.
        """
        self.format_commands(ctx, formatter)
        records = [record for one in self.get_params(ctx) if (record := one.get_help_record(ctx))]
        with formatter.section("Options"):
            formatter.write_dl(records)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the commands under their headings.

        Args:
            ctx: The context of the group.
            formatter: What the help is written to.
        """
        widest = max(map(len, self.commands))
        for heading, names in (self.sections or {"Commands": list(self.commands)}).items():
            rows = [(f"{name:{widest}}", self.commands[name].get_short_help_str()) for name in names]
            with formatter.section(heading):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the examples.

        Args:
            ctx: The context of the command.
            formatter: What the help is written to.
        """
        _write_examples(self.epilog, formatter)


def _summary(text: str | None) -> str:
    return " ".join(inspect.cleandoc(text or "").partition("\n\n")[0].split())


def _write_examples(text: str | None, formatter: Any) -> None:
    """Write sentences wrapped, and commands, which are indented, as they are: they must be copied whole."""
    if text:
        formatter.write("\n")
        for line in inspect.cleandoc(text).splitlines():
            for part in [line] if line.startswith(" ") else wrap(line, formatter.width):
                formatter.write(f"{part}\n")


def help_(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="COMMAND", help="A command, such as: eval run", show_default=False)
    ] = None,
) -> None:
    """Show the help of a command."""
    current: Any = context.parent
    for name in names or []:
        group = current.command
        found = group.resolve_command(current, [name])[1] if isinstance(group, TyperGroup) else None
        if found is None:
            raise typer.BadParameter(f"{current.command_path} has no commands of its own.", ctx=current)
        current = type(context)(found, info_name=found.name, parent=current)
    typer.echo(current.get_help())
