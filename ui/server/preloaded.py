"""What the page needs at once of our own files.

Owns: their names. The browser is told of them with the answer to its first request: Gradio puts the head of the page
where it is found only once its own scripts were loaded and run.
"""

from __future__ import annotations

MODULES = (
    "footnote",
    "shared",
    "views",
    "dialogs",
    "citations",
    "answer",
    "answer_menu",
    "scrolling",
    "working",
    "question",
    "panel",
    "documents",
    "document_rows",
    "document_text",
    "asked_sources",
    "folder_tree",
    "uploads",
    "watched_folders",
    "settings",
    "history",
    "conversation-menu",
    "keyboard",
    "collections",
    "start",
)
FONTS = ("inter-latin", "source-serif-4-latin")

LINK_HEADER = ", ".join(
    [
        *(f"</page/{name}.js>; rel=modulepreload" for name in MODULES),
        "</page/footnote.css>; rel=preload; as=style",
        *(f"</page/{name}.woff2>; rel=preload; as=font; type=font/woff2; crossorigin" for name in FONTS),
    ]
)
"""The value of the header ``Link`` of the page."""
