"""The page: its components and how they lie.

Owns: the Gradio blocks. What happens with them is owned by ``ui.page.events``; the source panel, the documents and the
pages on an answer come from ``ui.server.routes`` and are put into their columns by the page's own script.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rag.models.offline import keep_libraries_offline
from ui.i18n import LANGUAGES, Translate, translator
from ui.page.events import Events, Parts
from ui.page.page_state import TabState
from ui.service.chat_service import STRICTNESS, ChatService, model_name
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
        parts = _lay_out(gradio, service, t, language)
        Events(gradio, service, t, parts).connect(page)
    return page


def _lay_out(gradio: Any, service: ChatService, t: Translate, language: str) -> Parts:
    with gradio.Row(elem_id="columns"):
        with gradio.Column(elem_id="left", scale=0, min_width=0):
            gradio.Markdown(str(render("page_state", "brand")), elem_id="brand", latex_delimiters=[])
            # Filled by the page's own scripts, as all columns that are empty here.
            gradio.Column(elem_id="collection")
            new = gradio.Button(t("new"), elem_id="new", size="sm")
            gradio.Column(elem_id="nav")
            search = gradio.Textbox(
                placeholder=t("search conversations"), label=t("search conversations"), show_label=False,
                elem_id="search", max_lines=1, container=False, max_length=200,
            )  # fmt: skip
            conversations = gradio.Radio(
                choices=[], label=t("conversations"), elem_id="conversations", show_label=False
            )
            older = gradio.Button("…", elem_id="older", size="sm", visible=False)
            gradio.Column(elem_id="nav-end")
        with gradio.Column(elem_id="middle", scale=1, min_width=0):
            with gradio.Row(elem_id="head"):
                gradio.Button(t("conversations"), elem_id="show-left", size="sm", scale=0, min_width=0)
                heading = gradio.Markdown("", elem_id="title", latex_delimiters=[])
            with gradio.Row(elem_id="rename-row", visible=False) as rename_row:
                name = gradio.Textbox(
                    label=t("name"), show_label=False, container=False, max_length=120, max_lines=1, elem_id="name"
                )
                save = gradio.Button(t("save"), size="sm", scale=0, min_width=0, variant="primary")
                keep_name = gradio.Button(t("cancel"), size="sm", scale=0, min_width=0)
                keep_name.click(lambda: gradio.update(visible=False), None, rename_row, api_visibility="private")
            with gradio.Row(elem_id="delete-row", visible=False) as delete_row:
                gradio.Markdown(t("delete sure"), latex_delimiters=[])
                confirm_delete = gradio.Button(t("delete"), size="sm", scale=0, min_width=0, variant="stop")
                keep_conversation = gradio.Button(t("cancel"), size="sm", scale=0, min_width=0)
                keep_conversation.click(
                    lambda: gradio.update(visible=False), None, delete_row, api_visibility="private"
                )
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
        with gradio.Column(elem_id="settings"):
            gradio.Markdown(str(render("page_state", "drawer_title", title=t("settings"))), latex_delimiters=[])
            model = gradio.Dropdown(
                choices=[(_model_label(spec, t), spec) for spec in service.models()], value=service.spec or "none",
                label=t("model"), elem_id="model", filterable=False,
            )  # fmt: skip
            strictness = gradio.Radio(
                choices=[(t(key), key) for key in STRICTNESS], value="balanced", label=t("strictness"),
                info=t("strictness more"), elem_id="strictness",
            )  # fmt: skip
            passages = gradio.Slider(
                3, 20, value=min(20, max(3, service.settings.top_k)), step=1, label=t("passages"), elem_id="passages",
                buttons=[],
            )  # fmt: skip
            gradio.Radio(
                choices=[(label, code) for code, label in LANGUAGES.items()], value=language, label=t("language"),
                elem_id="language", interactive=True,
            )  # fmt: skip
            gradio.Radio(
                choices=[(t(key), key) for key in ("system", "light", "dark")], value="system",
                label=t("appearance"), elem_id="appearance", interactive=True,
            )  # fmt: skip
    with gradio.Row(elem_id="hidden"):
        state = gradio.Markdown("", elem_id="page-state", latex_delimiters=[])
        # An answer in the making: a message of the chat would be sent and cleaned with all others at every word.
        draft = gradio.Markdown("", elem_id="draft", latex_delimiters=[])
        command = gradio.Textbox(label="command", elem_id="command", max_length=400_000)
        # Behind the menu of the conversation's title.
        rename = gradio.Button(t("rename"), elem_id="rename")
        delete = gradio.Button(t("delete"), elem_id="delete")
        retry = gradio.Textbox(label="retry", elem_id="retry", max_length=1000)
    tab = gradio.State(TabState())
    # Stored in the browser: the key stays, so that options saved by an earlier version are read. They are no secret; a
    # fixed word keeps them readable after a restart.
    saved_options = gradio.BrowserState(None, storage_key="footnote-wishes", secret="footnote")  # noqa: S106
    return Parts(
        tab=tab, conversation=conversation, question=question, state=state, draft=draft, command=command, retry=retry,
        conversations=conversations, search=search, older=older, new=new, heading=heading, rename=rename,
        rename_row=rename_row, name=name, save=save, delete=delete, delete_row=delete_row,
        confirm_delete=confirm_delete, model=model, strictness=strictness, passages=passages,
        saved_options=saved_options,
    )  # fmt: skip


def _model_label(spec: str, t: Translate) -> str:
    return t("quotes only") if spec in ("", "none") else model_name(spec).removeprefix("local:")
