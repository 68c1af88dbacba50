"""Serve Gradio's page in each language.

Owns: how Gradio is mounted, its theme and the head of its page. What the page shows is decided by ``ui.page``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.hosting.bind_address import BindAddress
from ui.i18n import LANGUAGES
from ui.page.layout import build
from ui.server.dependencies import user_of
from ui.server.gradio_gate import GradioGate
from ui.service.chat_service import ChatService

# Questions that wait for a handler of the page; more are refused.
_QUEUE = 64

_HEAD = (
    '<script src="/page/theme-init.js"></script><link rel="stylesheet" href="/page/footnote.css">'
    '<link rel="icon" href="/page/icon.svg" type="image/svg+xml">'
    '<script type="module" src="/page/footnote.js"></script>'
)

# Returns an application with the page in a language, and what must be awaited before its first request.
MakePage = Callable[[str], tuple[ASGIApp, Callable[[], Awaitable[None]]]]


class Languages:
    """An ASGI application: English at ``/``, every other language below its code, made when it is first asked for."""

    def __init__(self, english: ASGIApp, make: MakePage) -> None:
        self._english, self._make = english, make
        self._others: dict[str, ASGIApp] = {}
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        language = str(scope.get("path", "")).partition("/")[2].partition("/")[0]
        if scope["type"] != "http" or language not in LANGUAGES:
            await self._english(scope, receive, send)
            return
        async with self._making:
            if language not in self._others:
                app, begin = await asyncio.to_thread(self._make, language)
                await begin()
                self._others[language] = app
        await self._others[language](scope, receive, send)


def page_app(
    service: ChatService, bind: BindAddress, with_users: bool, language: str
) -> tuple[ASGIApp, Callable[[], Awaitable[None]]]:
    """Make an application of its own with the page in one language.

    Args:
        service: What the page works with.
        bind: Where it is served.
        with_users: Whether the server has users.
        language: The code of the language.

    Returns:
        The application, and what must be awaited before its first request.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    page = mount_page(app, service, bind, with_users, language, f"/{language}")

    async def begin() -> None:
        # What Gradio does when a server starts; this one runs already.
        page.run_startup_events()
        await page.run_extra_startup_events()

    return GradioGate(app, page.fns), begin


def mount_page(
    app: FastAPI, service: ChatService, bind: BindAddress, with_users: bool, language: str, path: str
) -> Any:
    """Add the page in one language to an application.

    Args:
        app: The application.
        service: What the page works with.
        bind: Where it is served.
        with_users: Whether the server has users.
        language: The code of the language.
        path: Where the page lies; it takes every path below that the application does not have yet.

    Returns:
        The ``gr.Blocks``.
    """

    def mount() -> Any:
        return _mount(app, service, bind, with_users, language, path)

    async def mount_in_loop() -> Any:
        return mount()

    # Without a running event loop, Gradio makes one for each of its locks and never closes them.
    return mount() if _loop_is_running() else asyncio.run(mount_in_loop())


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _mount(app: FastAPI, service: ChatService, bind: BindAddress, with_users: bool, language: str, path: str) -> Any:
    page = build(service, language)
    # Only now: `build` sees to it that importing gradio sends nothing to anyone.
    import gradio

    page.queue(max_size=_QUEUE, api_open=False, default_concurrency_limit=16)
    gradio.mount_gradio_app(
        app,
        page,
        path,
        server_name=bind.host,
        server_port=bind.port,
        footer_links=[],
        run_history=False,
        auth_dependency=user_of if with_users else None,
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        pwa=False,
        theme=_theme(gradio),
        head=_HEAD + f'<link rel="preload" href="/page/words-{language}.json" as="fetch" crossorigin>',
        max_file_size=1,
    )
    return page


def _theme(gradio: Any) -> Any:
    """Return Gradio's plain theme without fonts from elsewhere; the style sheet has the fonts and the colours."""
    system = ("Inter", "system-ui", "sans-serif")
    mono = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
    return gradio.themes.Base(
        font=[gradio.themes.Font(name) for name in system], font_mono=[gradio.themes.Font(name) for name in mono]
    )
