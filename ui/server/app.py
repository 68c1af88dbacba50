"""Build the chat's application, and serve it until it is stopped.

Owns: what the application is put together from, and its end. Knows nothing about what the
page shows.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable

from fastapi import FastAPI

from rag.hosting.bind_address import BindAddress, is_loopback, url_of
from rag.hosting.listening import run, stopped_by_sigterm
from rag.hosting.own_model import OpenModel
from rag.hosting.shared_state import open_state
from rag.hosting.state import State
from rag.hosting.uploads import Uploads
from rag.hosting.users import Authenticator
from rag.hosting.workspaces import RightsOf, Workspaces
from rag.models.llm.model import Model
from rag.store.index import Index
from ui.server.gradio_gate import GradioGate
from ui.server.gradio_page import Languages, mount_page, page_app
from ui.server.responses import answer_errors, answer_unknown_addresses
from ui.server.routes import (
    answers,
    assets,
    citations,
    conversations,
    document_list,
    documents,
    pages,
    settings,
    sign_in,
    unanswered,
    uploads,
    watched,
    workspaces,
)
from ui.server.security import Guard
from ui.service.chat_service import ChatService

_LOG = logging.getLogger(__name__)

_ROUTES = (
    workspaces, settings, unanswered, answers, citations, conversations, document_list, documents, pages, uploads,
    watched, assets,
)  # fmt: skip

# Seconds after which the models are loaded although nobody has opened the page.
_PREPARE_AFTER = 6.0


def make_app(service: ChatService, bind: BindAddress, authenticator: Authenticator | None) -> Guard:
    """Put the application together: Gradio's page in each language beside the routes, behind the guard.

    Args:
        service: What the page and the routes work with.
        bind: Where it will be served.
        authenticator: Signs users in; None where there are none.

    Returns:
        The ASGI application.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.service = service
    app.state.authenticator = authenticator
    on_loopback = service.servers.private_allowed = is_loopback(bind.host)
    # Without users it is the person at this computer; nobody is where other machines can reach the chat.
    service.is_operator = authenticator.is_operator if authenticator else lambda _: on_loopback
    app.state.suite = bind.suite or service.settings.home.expanduser() / "cases.yaml"
    answer_errors(app)
    for module in _ROUTES:
        app.include_router(module.router)
    with_users = authenticator is not None
    if with_users:
        app.include_router(sign_in.router)
    answer_unknown_addresses(app)
    # The page at / comes last: it takes every path that is left.
    page = mount_page(app, service, bind, with_users, "en", "/")
    languages = Languages(GradioGate(app, page.fns), lambda language: page_app(service, bind, with_users, language))
    user_of = authenticator.user_of if authenticator else None
    return Guard(languages, user_of, on_loopback, authenticator is not None and authenticator.is_shared)


def make_service(
    index: Index,
    spec: str = "none",
    open_model: OpenModel | None = None,
    with_users: bool = False,
    rights_of: RightsOf | None = None,
    state: State | None = None,
) -> ChatService:
    """Make what one server works with.

    Args:
        index: The index that is opened first; its settings are those of the server.
        spec: The server's own model.
        open_model: Opens that model; called in the background.
        with_users: Whether the server has users.
        rights_of: Returns what a user may read and change of the indexes that are shared.
        state: What the server remembers for a while; None: a memory of its own.

    Returns:
        The service; the caller closes it.
    """
    return ChatService(Workspaces(index, with_users, rights_of), Uploads(state=state), spec, open_model, state)


def serve(
    index: Index,
    bind: BindAddress,
    spec: str = "none",
    open_model: OpenModel | None = None,
    served: Callable[[], object] | None = None,
) -> None:
    """Open the chat and stay until stopped by Ctrl-C, or by SIGTERM, as a service manager and a container stop it.

    Answers that are being made are kept as far as they are written, unfinished uploads are removed, and the lock of an
    index that is being written to is let go.

    Args:
        index: The index that is opened first; its settings are those of the server.
        bind: Where it listens, and who may come.
        spec: The server's own model.
        open_model: Opens that model; called in the background, once the page can be used.
        served: Called once the page can be reached.

    Raises:
        UsageError: The port cannot be used, or the file of users cannot.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    state = open_state()
    authenticator = Authenticator(bind.auth, state=state) if bind.auth is not None else None

    def load() -> Model | None:
        index.warm()
        return open_model() if open_model else None

    rights_of = authenticator.rights_of if authenticator else None
    service = make_service(index, spec, load, authenticator is not None, rights_of, state)

    def ready() -> None:
        print(f"Footnote is at {url_of(bind)} (stop with Ctrl-C)", flush=True)  # noqa: T201
        fields = {"host": bind.host, "port": bind.port, "users": authenticator is not None}
        _LOG.info("chat started", extra=fields)
        if served:
            served()
        # The first page begins this, too, once it is open.
        service.prepare(_PREPARE_AFTER)
        # What the first collection follows is followed although nobody has opened the page.
        service.watching.of(index)

    try:
        with stopped_by_sigterm() as stop:
            # Importing Gradio makes many objects that stay; nothing is gained by looking for garbage among them.
            gc.disable()
            app = make_app(service, bind, authenticator)
            gc.freeze()
            gc.enable()
            run(app, bind, ready, stop)
    except KeyboardInterrupt:
        # The terminal has written ^C, and goes on below it.
        print(file=sys.stderr)  # noqa: T201
        raise
    finally:
        service.close()
