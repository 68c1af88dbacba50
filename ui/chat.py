"""The chat page.

Owns: what the browser shows of an answer. Knows nothing about how it came about: it shows the snapshots of
``rag.answering``. Everything is shown as plain text, so nothing in a document or an answer can become markup, a
script or a remote picture.
"""

from __future__ import annotations

import html
import os
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.answering import answer
from rag.errors import RagError, UsageError
from rag.index import Index
from rag.llm import Model
from rag.present import answer_lines, printable
from rag.retrieval import open_reranker
from rag.settings import Settings
from rag.types import Answer, Turn

if TYPE_CHECKING:
    import gradio

_DOING = {"searching": "Searching…", "reading": "Reading…", "writing": "Writing…", "checking": "Checking…"}
_TURNS_REMEMBERED = 8


def serve(index: Index, model: Model | None, settings: Settings, host: str, port: int) -> None:
    """Open the chat and stay until stopped by Ctrl-C. Raises UsageError when the port is taken."""
    page = build(index, model, settings)
    # The first question should not wait for the embedding model.
    index.warm()
    try:
        page.launch(
            server_name=host,
            server_port=port,
            share=False,
            ssr_mode=False,
            quiet=True,
            prevent_thread_lock=True,
            footer_links=[],
        )
    except OSError as error:
        raise UsageError(
            f"Port {port} on {host} cannot be used, another program may have it; choose another with --port."
        ) from error
    print(f"Footnote is at http://{host}:{port} (stop with Ctrl-C)", flush=True)  # noqa: T201
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        page.close(verbose=False)
        raise


def build(index: Index, model: Model | None, settings: Settings) -> gradio.Blocks:
    """The page, not yet served."""
    # Without this, importing gradio sends a message to its makers.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio

    def respond(question: str, conversation: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        if not question.strip():
            yield question, conversation
            return
        asked = [*conversation, {"role": "user", "content": html.escape(printable(question))}]
        for text in _snapshots(index, model, settings, question, _turns(conversation)):
            yield "", [*asked, {"role": "assistant", "content": text}]

    page: gradio.Blocks
    with gradio.Blocks(title="Footnote", analytics_enabled=False) as page:
        writer = model.name if model else "no model: answers are quotes"
        gradio.Markdown(f"# Footnote\nAsks the index **{index.name}** with {writer}.")
        conversation = gradio.Chatbot(
            label="Conversation",
            height="70vh",
            sanitize_html=True,
            allow_tags=False,
            render_markdown=False,
            buttons=["copy"],
        )
        question = gradio.Textbox(
            label="Question", placeholder="Ask your documents", autofocus=True, max_length=4000, lines=1
        )
        # One question at a time: two busy engines on one machine starve each other.
        question.submit(
            respond, [question, conversation], [question, conversation], concurrency_limit=1, api_visibility="private"
        )
    return page


def _snapshots(
    index: Index, model: Model | None, settings: Settings, question: str, history: Sequence[Turn]
) -> Iterator[str]:
    try:
        reranker = open_reranker(settings.reranker, settings.threads)
        for shot in answer(index, question, model=model, settings=settings, history=history, reranker=reranker):
            yield _text(shot)
    except RagError as error:
        yield html.escape(str(error))


def _text(shot: Answer) -> str:
    """A snapshot as the page takes it: Gradio reads even plain messages as HTML, so every mark of it is escaped."""
    return html.escape(_plain(shot))


def _plain(shot: Answer) -> str:
    if shot.state == "done":
        return printable("\n".join(answer_lines(shot)))
    draft = f"{shot.answer}\n\n(draft, not yet checked)" if shot.answer and not shot.sentences else shot.answer
    return printable("\n\n".join(part for part in (draft, _DOING[shot.state]) if part))


def _turns(conversation: Sequence[dict[str, Any]]) -> list[Turn]:
    """The last turns as plain text; Gradio hands content back as a string or as a list of parts."""
    turns: list[Turn] = []
    for message in conversation[-_TURNS_REMEMBERED:]:
        content = message["content"]
        if isinstance(content, list):
            content = "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
        turns.append(Turn("user" if message["role"] == "user" else "assistant", html.unescape(str(content))))
    return turns
