"""Serve until stopped.

Owns: the beginning and the end of a service. Knows nothing about its routes.
"""

from __future__ import annotations

import logging
import sys

from rag.hosting.access import Access
from rag.hosting.bind_address import BindAddress, url_of
from rag.hosting.listening import run, stopped_by_sigterm
from rag.serve.app import make_app
from rag.serve.service import Service

_LOG = logging.getLogger(__name__)


def serve(service: Service, access: Access, bind: BindAddress) -> None:
    """Serve until stopped by Ctrl-C, or by SIGTERM, as a service manager and a container stop it.

    Args:
        service: What is served; closed at the end.
        access: Knows the callers.
        bind: Where it listens.

    Raises:
        UsageError: The port cannot be used.
        KeyboardInterrupt: Ctrl-C was pressed.
    """

    def ready() -> None:
        service.model.prepare()
        print(f"Footnote serves at {url_of(bind)}/v1 (stop with Ctrl-C)", flush=True)  # noqa: T201
        _LOG.info("service started", extra={"host": bind.host, "port": bind.port})

    try:
        with stopped_by_sigterm() as stop:
            run(make_app(service, access), bind, ready, stop)
    except KeyboardInterrupt:
        # The terminal has written ^C, and goes on below it.
        print(file=sys.stderr)  # noqa: T201
        raise
    finally:
        service.close()
