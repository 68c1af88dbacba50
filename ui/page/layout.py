"""The page: its components and how they lie.

Owns: the Gradio blocks. What happens with them is owned by ``ui.page.events``; the source panel, the documents and the
pages on an answer come from ``ui.server.routes`` and are put into their columns by the page's own script.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rag.models.offline import keep_libraries_offline
from ui.i18n import Translate, translator
from ui.page.events import Events, Parts
from ui.page.page_state import TabState
from ui.service.chat_service import ChatService
from ui.views.templates import render

if TYPE_CHECKING:
    import gradio


def build(service: ChatService, language: str) -> gradio.Blocks:
    """Return the page in one language, not yet served.

    Args:
        service: Answers the questions that are asked on the page.
        language: A code of ``LANGUAGES``.
    """
    # Without this, importing gradio sends a message to its makers.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    keep_libraries_offline()
    import gradio

    t = translator(language)
    page: gradio.Blocks
    with gradio.Blocks(title="Footnote", analytics_enabled=False, fill_height=True) as page:
        parts = _lay_out(gradio, t)
        Events(gradio, service, t, parts).connect(page)
    return page


def _lay_out(gradio: Any, t: Translate) -> Parts:
    with gradio.Row(elem_id="columns"):
        with gradio.Column(elem_id="left", scale=0, min_width=0):
            gradio.Markdown(str(render("page_state", "brand")), elem_id="brand", latex_delimiters=[])
            # Filled by the page's own scripts, as all columns that are empty here.
            gradio.Column(elem_id="collection")
            new = gradio.Button(t("new"), elem_id="new", size="sm")
            gradio.Column(elem_id="nav")
            gradio.Column(elem_id="talks")
            gradio.Column(elem_id="nav-end")
        with gradio.Column(elem_id="middle", scale=1, min_width=0):
            with gradio.Row(elem_id="head"):
                gradio.Button(t("conversations"), elem_id="show-left", size="sm", scale=0, min_width=0)
                gradio.Column(elem_id="title")
            conversation = gradio.Chatbot(
                label=t("conversation"), show_label=False, elem_id="conversation", container=False, height=None,
                sanitize_html=True, allow_tags=False, render_markdown=False, latex_delimiters=[], buttons=[],
                feedback_options=None, layout="panel", group_consecutive_messages=False, placeholder=" ",
                autoscroll=False,
            )  # fmt: skip
            question = gradio.Textbox(
                label=t("question"), placeholder=t("ask"), show_label=False, elem_id="question", autofocus=True,
                lines=1, max_lines=8, max_length=4000, submit_btn=True, stop_btn=False,
            )  # fmt: skip
        gradio.Column(elem_id="panel", scale=0, min_width=0)
        gradio.Column(elem_id="documents")
        gradio.Column(elem_id="settings")
    with gradio.Row(elem_id="hidden"):
        state = gradio.Markdown("", elem_id="page-state", latex_delimiters=[])
        # An answer in the making: a message of the chat would be sent and cleaned with all others at every word.
        draft = gradio.Markdown("", elem_id="draft", latex_delimiters=[])
        command = gradio.Textbox(label="command", elem_id="command", max_length=2_000_000)
        retry = gradio.Textbox(label="retry", elem_id="retry", max_length=1000)
    tab = gradio.State(TabState())
    # Options that an earlier version saved in the browser are still read, under its key and its fixed word: they are no
    # secret.
    saved_options = gradio.BrowserState(None, storage_key="footnote-wishes", secret="footnote")  # noqa: S106
    return Parts(
        tab=tab, conversation=conversation, question=question, state=state, draft=draft, command=command, retry=retry,
        new=new,
        saved_options=saved_options,
    )  # fmt: skip
