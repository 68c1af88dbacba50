"""A command that is built when it is asked for is the one that Typer would have built before."""

from __future__ import annotations

from typing import Any

import pytest
import typer
from typer.main import get_command

from rag.cli import lazy
from rag.cli.app import app


def pages(command: Any, parent: Any = None) -> dict[str, str]:
    """The help of a command and of those below it."""
    context = typer.Context(command, info_name=command.name or "rag", parent=parent)
    below = [pages(each, context) for each in getattr(command, "commands", {}).values()]
    return {context.command_path: context.get_help()} | {path: page for each in below for path, page in each.items()}


def test_every_page_of_help_is_that_of_all_commands_built_at_once() -> None:
    at_once, lazily = pages(get_command(app)), pages(lazy.built_lazily(app))
    assert list(lazily) == list(at_once)
    assert lazily == at_once
    assert {"rag ask", "rag eval run"} <= set(lazily)


def test_only_the_command_that_is_run_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built: list[str] = []

    def noted(info: Any, **form: Any) -> Any:
        built.append(info.callback.__name__)
        return build(info, **form)

    build = lazy.get_command_from_info
    monkeypatch.setattr(lazy, "get_command_from_info", noted)
    lazy.built_lazily(app)(["ask", "--help"], prog_name="rag", standalone_mode=False)
    assert "Usage: rag ask" in capsys.readouterr().out
    assert built == ["ask"]


def test_a_mistyped_command_is_still_met_with_those_like_it() -> None:
    with pytest.raises(typer.BadParameter.__mro__[1], match="sources"):  # type: ignore[arg-type]
        lazy.built_lazily(app)(["sorces"], prog_name="rag", standalone_mode=False)
