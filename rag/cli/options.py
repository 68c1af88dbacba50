"""The options and arguments that several commands share.

Owns: their names, metavariables and help. Knows nothing about what a command does with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_INDEX = "default"

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
IndexOption = Annotated[str, typer.Option("--index", metavar="NAME", help="Which index.")]
SourcesOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="GLOB", help="Search only matching sources; may be repeated.", show_default=False),
]
QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION", help="The question; - reads one a line.")]
