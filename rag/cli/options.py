"""The options and arguments that several commands share.

Owns: their names, metavariables and help. Knows nothing about what a command does with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_INDEX = "default"


def index_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the indexes whose names begin so, for a shell that completes them.

    Args:
        context: Holds the home that was given before.
        incomplete: What the user has typed.

    Returns:
        The names, in order.
    """
    from rag.settings import load_settings
    from rag.store.catalog.places import known_indexes

    home = context.params.get("home") or load_settings().home
    return [name for name in known_indexes(Path(home).expanduser()) if name.startswith(incomplete)]


HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Folder of the indexes. [env RAG_HOME]", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else.")]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="SPEC",
        help="none, local, local:NAME, a .gguf file, hf:OWNER/REPO/FILE.gguf, ollama:NAME, openai:NAME, "
        "anthropic:NAME, gemini:NAME, openai-like:URL#NAME. [env RAG_LLM]",
        show_default=False,
    ),
]
IndexOption = Annotated[
    str, typer.Option("-i", "--index", metavar="NAME", help="Which index.", autocompletion=index_names)
]
ServedIndexesOption = Annotated[
    list[str] | None,
    typer.Option(
        "-i",
        "--index",
        metavar="NAME",
        help="Serve only this index; may be repeated.",
        autocompletion=index_names,
        show_default=False,
    ),
]
OpenedIndexesOption = Annotated[
    list[str] | None,
    typer.Option(
        "-i",
        "--index",
        metavar="NAME",
        help="An index to open; may be repeated.",
        autocompletion=index_names,
        show_default=False,
    ),
]
ChangedIndexesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--write",
        metavar="NAME",
        help="With --scope read: an index to change, too; may be repeated.",
        autocompletion=index_names,
        show_default=False,
    ),
]
AllIndexesOption = Annotated[bool, typer.Option("--all-indexes", help="All indexes are opened, also those to come.")]
SourcesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="GLOB",
        help="Search only a folder, a source or what matches a pattern; may be repeated.",
        show_default=False,
    ),
]
QuestionArgument = Annotated[
    list[str],
    typer.Argument(metavar="QUESTION", help="The words of the question; - reads one a line from standard input."),
]
