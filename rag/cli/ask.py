"""The commands that take a question: ``rag ask`` and ``rag retrieve``.

Owns: their options, what is printed where, and how questions and conversations are read. Knows nothing about how an
answer comes about; heavy modules are imported inside the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.opening import (
    announce_quotes,
    check_sources,
    fetch_cross_encoders,
    fetcher,
    offer_better_model,
    open_index_with_progress,
    settings_of,
    warn_of_scoring,
)
from rag.cli.options import (
    DEFAULT_INDEX,
    HomeOption,
    IndexOption,
    JsonOption,
    LlmOption,
    QuestionArgument,
    SourcesOption,
)
from rag.cli.screen import columns

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.store.index import Index
    from rag.types import Turn


def ask(
    words: QuestionArgument,
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
    as_json: JsonOption = False,
    history: Annotated[
        Path | None, typer.Option("--history", metavar="FILE", help="JSON list of {role, content}.", show_default=False)
    ] = None,
    llm: LlmOption = None,
    sources: SourcesOption = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Show what comes nearest instead of refusing a question.")
    ] = False,
) -> None:
    """Answer a question, with citations."""
    from rag.cli.questions import each_question, question_of

    # What can be wrong with the question is said before anything is loaded that takes long.
    question = question_of(words)
    settings = settings_of(home)
    from rag.models.llm.opening import check_spec

    turns = _read_history(history) if history else []
    check_spec(llm or settings.llm)
    if sources:
        sources = check_sources(index, sources, settings)
    fetch_cross_encoders(settings)
    if not as_json:
        offer_better_model(llm or settings.llm, settings)
    with open_index_with_progress(index, settings) as opened:
        # The embedding model loads in the background while what answers is imported and the language model is opened.
        opened.warm()
        from rag.cli.answer_screen import answer_screen
        from rag.cli.lines import answer_lines
        from rag.cli.streamed import StreamedAnswer
        from rag.serialize import answer_json, to_json

        assistant, failed = _open_assistant(opened, llm)
        with assistant:
            for one_question in each_question(question, as_json):
                snapshots = assistant.ask_stream(one_question, history=turns, sources=sources or (), anyway=anyway)
                if as_json:
                    *_, last = snapshots
                    typer.echo(to_json(answer_json(last)))
                    sys.stdout.flush()
                else:
                    with StreamedAnswer() as streamed:
                        for last in snapshots:
                            streamed.show(last)
                    width = columns()
                    for line in answer_screen(last, width) if width else answer_lines(last):
                        typer.echo(line)
                failed |= last.degraded
        warn_of_scoring(opened)
    raise typer.Exit(1 if failed else 0)


def retrieve(
    words: QuestionArgument,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 8,
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
    as_json: JsonOption = False,
    sources: SourcesOption = None,
) -> None:
    """Print the passages that bear on a question, with every score and rank."""
    from rag.cli.questions import each_question, question_of

    question = question_of(words)
    settings = settings_of(home)
    if sources:
        sources = check_sources(index, sources, settings)
    fetch_cross_encoders(settings)
    with open_index_with_progress(index, settings) as opened:
        opened.warm()
        from rag.cli.answer_screen import passage_screen
        from rag.cli.excerpt import terms_of
        from rag.cli.lines import passage_lines
        from rag.retrieval.passages import open_reranker
        from rag.retrieval.passages import retrieve as find_passages
        from rag.serialize import passage_json, to_json

        reranker = open_reranker(settings.reranker, settings.threads, settings.device, settings.models)
        for one_question in each_question(question, as_json):
            passages = find_passages(opened, one_question, k, sources=sources or (), reranker=reranker)
            if as_json:
                typer.echo(to_json({"question": one_question, "passages": [passage_json(p) for p in passages]}))
                sys.stdout.flush()
            else:
                width, wanted = columns(), terms_of([one_question])
                for passage in passages:
                    lines = (
                        passage_screen(passage, wanted, width, with_scores=True) if width else passage_lines(passage)
                    )
                    for line in lines:
                        typer.echo(line)


def _open_assistant(index: Index, llm: str | None) -> tuple[Assistant, bool]:
    """Open an assistant with its language model, and say whether one that was asked for cannot be had.

    Then answers are quotes, which is said on standard error.
    """
    from rag.assistant import Assistant
    from rag.errors import LLMError, ModelError

    assistant = Assistant(index, llm=llm, fetch=fetcher(index.settings))
    try:
        assistant.open_model()
    except (LLMError, ModelError) as error:
        announce_quotes(error)
        # Quotes are a failure only for a user who chose a model, by option or by setting.
        return Assistant(index, llm="none"), llm is not None or "llm" in index.settings.model_fields_set
    return assistant, False


def _read_history(path: Path) -> list[Turn]:
    """Read a conversation from a JSON list of ``{"role", "content"}``, or from an object that has it as ``history``."""
    import json

    from rag.errors import UsageError
    from rag.types import Turn

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = content["history"] if isinstance(content, dict) else content
        turns = [Turn(entry["role"], entry["content"]) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The history {path} cannot be read ({type(error).__name__}); it must be a JSON list of "
            '{"role": "user" or "assistant", "content": "…"}.'
        ) from None
    if any(turn.role not in ("user", "assistant") or not isinstance(turn.content, str) for turn in turns):
        raise UsageError(f"The history {path} has a turn whose role is neither user nor assistant.")
    return turns
