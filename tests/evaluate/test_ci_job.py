"""The job of GitHub Actions in the handbook: it is YAML, and each of its steps names what there is."""

from __future__ import annotations

import re
import shlex
from typing import Any

import click
import pytest
import typer.main
import yaml

from rag.cli.app import app
from rag.evaluate.suite.file import load_suite
from rag.models.weights import find_weights
from tests.conftest import ROOT

(JOB,) = re.findall(r"```yaml\n(name: answers\n.*?)```", (ROOT / "docs" / "evaluation.md").read_text("utf-8"), re.S)


def steps() -> list[dict[str, Any]]:
    job: dict[str, Any] = yaml.safe_load(JOB)
    (answers,) = job["jobs"].values()
    assert answers["runs-on"]
    return list(answers["steps"])


COMMANDS = [shlex.split(step["run"]) for step in steps() if "run" in step]
RAG = [command[1:] for command in COMMANDS if command[0] == "rag"]


def parsed(arguments: list[str]) -> click.Context:
    """Let the real command line parse the words of a command, and run nothing."""
    context = typer.main.get_command(app).make_context("rag", list(arguments))
    while isinstance(context.command, click.Group) or hasattr(context.command, "resolve_command"):
        rest = [*context._protected_args, *context.args]  # What is left for the command below.
        _, command, rest = context.command.resolve_command(context, rest)  # type: ignore[attr-defined]
        context = command.make_context(command.name, rest, parent=context)
    return context


def test_each_step_either_runs_or_uses_something() -> None:
    assert all(("run" in step) != ("uses" in step) for step in steps())
    assert [command[0] for command in COMMANDS] == ["pip", "rag", "rag", "cat"]


@pytest.mark.parametrize("arguments", RAG, ids=lambda words: words[0])
def test_the_command_line_takes_each_command(arguments: list[str]) -> None:
    context = parsed(arguments)
    assert context.command.callback is not None
    assert context.params


def test_the_files_and_models_that_it_names_are_there() -> None:
    pip, pull, run, cat = COMMANDS
    assert (ROOT / pip[pip.index("--constraint") + 1]).is_file()
    assert pip[-1] == "."
    assert (ROOT / "pyproject.toml").is_file()
    assert find_weights(pull[-1])
    assert load_suite(ROOT / run[2], corpus_anywhere="--corpus-anywhere" in run).cases
    assert cat[1] == run[run.index("--markdown") + 1], "what is shown is what was written"
