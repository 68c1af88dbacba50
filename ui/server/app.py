"""The server of the chat.

Owns: the application that is served, where it listens, and its end. Knows nothing about what the page shows.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse, Response

from rag.errors import UsageError
from rag.models.offline import keep_libraries_offline
from rag.settings import Settings
from rag.store.index import Index
from ui.i18n import LANGUAGES, all_texts
from ui.server.bind_address import BindAddress, address, is_loopback
from ui.server.security import App, Guard, Receive, Scope, Send

if TYPE_CHECKING:
    from rag.models.llm.model import Model
    from ui.service.chat_service import ChatService, OpenModel
    from ui.service.users import Authenticator

_STATIC = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}
_QUEUE = 64
# Seconds after which the models are loaded although nobody has opened the page.
_PREPARED_AFTER = 6.0


def make_app(desk: ChatService, place: BindAddress, door: Authenticator | None) -> Any:
    """The application: Gradio's page in each language behind the guard, beside the checked routes."""
    from ui.server.routes import answer_errors, make_router
    from ui.server.sign_in import add_sign_in

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    answer_errors(app)
    app.include_router(make_router(desk, place.suite or desk.settings.home.expanduser() / "cases.yaml"))
    _add_static(app)
    if door is not None:
        add_sign_in(app, door)
    # The page at / comes last: it takes every path that is left.
    _mount(app, desk, place, door, "en", "/")
    languages = Languages(app, lambda language: _mounted(desk, place, door, language))
    return Guard(languages, door.user_of if door is not None else None, is_loopback(place.host))


class Languages:
    """An ASGI application: English at ``/``, every other language below its code, made when it is first asked for."""

    def __init__(self, english: App, make: Callable[[str], tuple[App, Callable[[], Awaitable[None]]]]) -> None:
        self._english, self._make = english, make
        self._made: dict[str, App] = {}
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        language = str(scope.get("path", "")).split("/")[1:2]
        if scope["type"] != "http" or not language or language[0] not in LANGUAGES:
            await self._english(scope, receive, send)
            return
        async with self._making:
            if language[0] not in self._made:
                made, begin = await asyncio.to_thread(self._make, language[0])
                await begin()
                self._made[language[0]] = made
        await self._made[language[0]](scope, receive, send)


def _mounted(
    desk: ChatService, place: BindAddress, door: Authenticator | None, language: str
) -> tuple[App, Callable[[], Awaitable[None]]]:
    """A page in an application of its own, and what must be done before its first request."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    page = _mount(app, desk, place, door, language, f"/{language}")

    async def begin() -> None:
        # What Gradio does when a server starts; this one runs already.
        page.run_startup_events()
        await page.run_extra_startup_events()

    return app, begin


def _mount(
    app: FastAPI, desk: ChatService, place: BindAddress, door: Authenticator | None, language: str, path: str
) -> Any:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    keep_libraries_offline()
    import gradio

    from ui.page.layout import build
    from ui.server.routes import user_of

    page = build(desk, language)
    page.queue(max_size=_QUEUE, api_open=False, default_concurrency_limit=16)
    gradio.mount_gradio_app(
        app,
        page,
        path,
        server_name=place.host,
        server_port=place.port,
        footer_links=[],
        run_history=False,
        auth_dependency=user_of if door is not None else None,
        allowed_paths=[],
        show_error=False,
        ssr_mode=False,
        pwa=False,
        theme=_theme(gradio),
        head=_HEAD + f'<link rel="preload" href="/page/words-{language}.json" as="fetch" crossorigin>',
        max_file_size=1,
    )
    return page


_HEAD = (
    '<script src="/page/theme-init.js"></script><link rel="stylesheet" href="/page/footnote.css">'
    '<link rel="icon" href="/page/icon.svg" type="image/svg+xml">'
    '<script type="module" src="/page/footnote.js"></script>'
    + "".join(f'<link rel="modulepreload" href="/page/{name}.js">' for name in ("shared", "panel", "documents"))
)


def _theme(gradio: Any) -> Any:
    """Gradio's plain theme with the fonts of the reader's own system; the colours are those of the style sheet."""
    system = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
    mono = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")
    return gradio.themes.Base(
        font=[gradio.themes.Font(name) for name in system], font_mono=[gradio.themes.Font(name) for name in mono]
    )


def _add_static(app: FastAPI) -> None:
    folder = files("ui") / "static"
    served = {item.name: item.read_bytes() for item in folder.iterdir() if Path(item.name).suffix in _STATIC}

    @app.get("/page/words-{language}.json")
    def said(language: str) -> Response:
        return JSONResponse(all_texts(language))

    @app.get("/page/{name}")
    def static(name: str) -> Response:
        if name not in served:
            raise HTTPException(404, "There is nothing here.")
        return Response(served[name], media_type=_STATIC[Path(name).suffix], headers={"Cache-Control": "no-cache"})

    @app.get("/health")
    def health() -> Response:
        return JSONResponse({"ok": True})


def serve(
    index: Index, settings: Settings, place: BindAddress, spec: str = "none", open_model: OpenModel | None = None
) -> None:
    """Open the chat and stay until stopped by Ctrl-C. Raises UsageError when the port is taken.

    ``open_model`` opens the model ``spec`` in the background, once the page can be used.
    """
    from ui.service.users import Authenticator

    door = Authenticator(place.auth) if place.auth is not None else None

    def load() -> Model | None:
        index.warm()
        return open_model() if open_model else None

    desk = make_service(index, settings, spec, load, with_users=door is not None)

    def ready() -> None:
        print(f"Footnote is at {address(place)} (stop with Ctrl-C)", flush=True)  # noqa: T201
        # The first page begins this, too, once it is open.
        desk.prepare(_PREPARED_AFTER)

    # Importing Gradio makes many objects that stay; nothing is gained by looking for garbage among them.
    gc.disable()
    app = make_app(desk, place, door)
    gc.freeze()
    gc.enable()
    try:
        run(app, place, ready)
    except KeyboardInterrupt:
        # The terminal has written ^C, and goes on below it.
        print(file=sys.stderr)  # noqa: T201
        raise
    finally:
        desk.close()


def make_service(
    index: Index, settings: Settings, spec: str = "none", open_model: OpenModel | None = None, with_users: bool = False
) -> ChatService:
    """All that one server works with."""
    from ui.service.chat_service import ChatService
    from ui.service.uploads import Uploads
    from ui.service.workspaces import Workspaces

    return ChatService(Workspaces(index, settings, with_users), Uploads(settings), settings, spec, open_model)


def run(app: Any, place: BindAddress, ready: Callable[[], None], stop: threading.Event | None = None) -> None:
    """Serve until ``stop`` is set or Ctrl-C. Raises UsageError when the port is taken."""
    import socket

    import uvicorn

    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((place.host, place.port))
    except (OSError, OverflowError) as error:
        listening.close()
        if isinstance(error, socket.gaierror) or getattr(error, "errno", 0) == errno.EADDRNOTAVAIL:
            raise UsageError(f"{place.host} is no address of this computer; choose another with --host.") from error
        raise UsageError(
            f"Port {place.port} on {place.host} cannot be used, another program may have it; "
            "choose another with --port."
        ) from error
    config = uvicorn.Config(
        app, log_level="error", access_log=False, server_header=False, timeout_graceful_shutdown=2, ws="none"
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    serving.start()
    try:
        while not server.started and serving.is_alive():
            serving.join(0.02)
        if not server.started:
            raise UsageError(f"The chat could not be served at {address(place)}; the lines above say why.")
        ready()
        while serving.is_alive() and not (stop is not None and stop.is_set()):
            serving.join(0.2)
    finally:
        server.should_exit = True
        serving.join(5)
        listening.close()
