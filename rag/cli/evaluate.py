"""The command line of evaluation: ``rag eval``.

Owns: the order of its commands, and that ``rag eval SUITE`` is ``rag eval run SUITE``.
"""

from __future__ import annotations

from typing import Any

import typer

from rag.cli.eval_agree import agree
from rag.cli.eval_compare import compare, history
from rag.cli.eval_run import accept, run
from rag.cli.eval_suites import add, export, import_, lint, new
from rag.cli.eval_sweep import sweep
from rag.cli.help import Command, Group


class _SuiteGroup(Group):
    """A group whose first word may be a suite: then the command is ``run``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


eval_app = typer.Typer(
    cls=_SuiteGroup,
    help="Ask every question of a suite, measure the answers, and gate a change: rag eval SUITE",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for _command in (run, lint, new, add, accept, compare, history, agree, sweep):
    eval_app.command(cls=Command)(_command)
eval_app.command("import", cls=Command)(import_)
eval_app.command(cls=Command)(export)
