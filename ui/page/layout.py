"""The page: its components and how they lie.

Owns: the Gradio blocks. What happens with them is ``ui.page.events``'s; the source panel, the documents and the pages on an
answer come from ``ui.server.routes`` and are laid into their columns by the page's own script.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rag.models.offline import keep_libraries_offline
from ui.i18n import LANGUAGES, Translate, translator
from ui.page.events import Events, Parts
from ui.page.page_state import TabState
from ui.service.chat_service import STRICTNESS, ChatService, model_name

if TYPE_CHECKING:
    import gradio


def build(desk: ChatService, language: str) -> gradio.Blocks:
    """The page in one language, not yet served."""
    # Without this, importing gradio sends a message to its makers.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    keep_libraries_offline()
    import gradio

    say = translator(language)
    page: gradio.Blocks
    with gradio.Blocks(title="Footnote", analytics_enabled=False, fill_height=True) as page:
        parts = _lay_out(gradio, desk, say, language)
        Events(gradio, desk, say, parts).connect(page)
    return page


def _lay_out(gradio: Any, desk: ChatService, say: Translate, language: str) -> Parts:
    with gradio.Row(elem_id="desk"):
        with gradio.Column(elem_id="left", scale=0, min_width=0):
            gradio.Markdown('<div class="f-brand">Footnote</div>', elem_id="brand", latex_delimiters=[])
            new = gradio.Button(say("new"), elem_id="new", size="sm")
            search = gradio.Textbox(
                placeholder=say("search conversations"), label=say("search conversations"), show_label=False,
                elem_id="search", max_lines=1, container=False, max_length=200,
            )  # fmt: skip
            listed = gradio.Radio(choices=[], label=say("conversations"), elem_id="conversations", show_label=False)
            older = gradio.Button("…", elem_id="older", size="sm", visible=False)
        with gradio.Column(elem_id="middle", scale=1, min_width=0):
            with gradio.Row(elem_id="head"):
                gradio.Button(say("conversations"), elem_id="show-left", size="sm", scale=0, min_width=0)
                head = gradio.Markdown("", elem_id="title", latex_delimiters=[])
                gradio.Button(say("documents"), elem_id="show-documents", size="sm", scale=0, min_width=0)
                gradio.Button(say("settings"), elem_id="show-settings", size="sm", scale=0, min_width=0)
            with gradio.Row(elem_id="naming", visible=False) as naming:
                title = gradio.Textbox(
                    label=say("name"), show_label=False, container=False, max_length=120, max_lines=1, elem_id="name"
                )
                save = gradio.Button(say("save"), size="sm", scale=0, min_width=0, variant="primary")
                same = gradio.Button(say("cancel"), size="sm", scale=0, min_width=0)
                same.click(lambda: gradio.update(visible=False), None, naming, api_visibility="private")
            with gradio.Row(elem_id="deleting", visible=False) as deleting:
                gradio.Markdown(say("delete sure"), latex_delimiters=[])
                delete_sure = gradio.Button(say("delete"), size="sm", scale=0, min_width=0, variant="stop")
                keep = gradio.Button(say("cancel"), size="sm", scale=0, min_width=0)
                keep.click(lambda: gradio.update(visible=False), None, deleting, api_visibility="private")
            conversation = gradio.Chatbot(
                label=say("conversation"), show_label=False, elem_id="conversation", container=False, height=None,
                sanitize_html=True, allow_tags=False, render_markdown=False, latex_delimiters=[], buttons=[],
                feedback_options=None, layout="panel", group_consecutive_messages=False, placeholder=" ",
            )  # fmt: skip
            question = gradio.Textbox(
                label=say("question"), placeholder=say("ask"), show_label=False, elem_id="question", autofocus=True,
                lines=1, max_lines=8, max_length=4000, submit_btn=True, stop_btn=False,
            )  # fmt: skip
        # Filled by the page's own script from checked routes.
        gradio.Column(elem_id="panel", scale=0, min_width=0)
    gradio.Column(elem_id="documents")
    with gradio.Column(elem_id="settings"):
        gradio.Markdown(f'<div class="f-drawer-title">{say("settings")}</div>', latex_delimiters=[])
        model = gradio.Dropdown(
            choices=[(_model_name(spec, say), spec) for spec in desk.models()], value=desk.spec or "none",
            label=say("model"), elem_id="model", filterable=False,
        )  # fmt: skip
        strictness = gradio.Radio(
            choices=[(say(name), name) for name in STRICTNESS], value="balanced", label=say("strictness"),
            info=say("strictness more"), elem_id="strictness",
        )  # fmt: skip
        passages = gradio.Slider(
            3, 20, value=min(20, max(3, desk.settings.top_k)), step=1, label=say("passages"), elem_id="passages",
            buttons=[],
        )  # fmt: skip
        gradio.Radio(
            choices=[(name, code) for code, name in LANGUAGES.items()], value=language, label=say("language"),
            elem_id="language", interactive=True,
        )  # fmt: skip
        gradio.Radio(
            choices=[(say(name), name) for name in ("system", "light", "dark")], value="system",
            label=say("appearance"), elem_id="appearance", interactive=True,
        )  # fmt: skip
    with gradio.Row(elem_id="hidden"):
        beacon = gradio.Markdown("", elem_id="beacon", latex_delimiters=[])
        command = gradio.Textbox(label="command", elem_id="command", max_length=400_000)
        # Behind the menu of the conversation's title.
        rename = gradio.Button(say("rename"), elem_id="rename")
        delete = gradio.Button(say("delete"), elem_id="delete")
        again = gradio.Textbox(label="again", elem_id="again", max_length=1000)
    here = gradio.State(TabState())
    # What lies in the browser is no secret; a fixed word keeps it readable after a restart.
    wishes = gradio.BrowserState(None, storage_key="footnote-wishes", secret="footnote")  # noqa: S106
    return Parts(
        here, conversation, question, beacon, command, again, listed, search, older, new, head, naming, title, save,
        rename, delete, deleting, delete_sure, model, strictness, passages, wishes,
    )  # fmt: skip


def _model_name(spec: str, say: Translate) -> str:
    return say("quotes only") if spec in ("", "none") else model_name(spec).removeprefix("local:")
