"""What the commands share: options, the settings with a chosen home, and fetching weights aloud.

Owns: nothing of any one command. Heavy modules are imported inside the functions.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rag.settings import Settings

Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Folder of the indexes. [env RAG_HOME]", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else.")]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="SPEC",
        help="none, local, local:NAME, a .gguf file, ollama:NAME, openai:NAME, anthropic:NAME, openai-like:URL#NAME. "
        "[env RAG_LLM]",
        show_default=False,
    ),
]


def settings_of(home: Path | None) -> Settings:
    """The settings, with the home that the command line names."""
    from rag.settings import settings

    chosen = settings()
    return chosen.model_copy(update={"home": home}) if home else chosen


def pull_with_progress(name: str, chosen: Settings) -> Path:
    """Fetch weights, saying first what they are, how big, and where they go."""
    from rag.cli.terminal import FetchProgress
    from rag.models.weights import describe, path_of, pull

    present = path_of(name, chosen.models)
    if present:
        return present
    typer.echo(f"Fetching {describe(name, chosen.models)}", err=True)
    with FetchProgress() as progress:
        return pull(name, chosen.models, progress)
