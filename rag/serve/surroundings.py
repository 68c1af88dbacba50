"""What stands around the routes of a service: the record of each call, and the gate that knows the callers.

Owns: their order, and what is told of calls by the settings. Knows nothing about what a route does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from rag.hosting.access import Access
from rag.hosting.audit import AuditLog
from rag.hosting.call_recorder import Around, CallRecorder, Observer
from rag.hosting.gate import Gate
from rag.hosting.rate_limits import RateLimits
from rag.serve.metrics import Metrics
from rag.serve.readiness import Readiness
from rag.serve.service import Service

OPEN_PATHS = frozenset(("/healthz", "/readyz"))
"""What needs no key: whatever starts the service asks it, and it says no name."""


def surround(app: FastAPI, service: Service, access: Access) -> None:
    """Put the gate and the record of calls around the routes of an application.

    Args:
        app: The application; its state is given what the routes of operation need.
        service: What the routes work with.
        access: Knows the callers.

    Raises:
        UsageError: Traces are wanted, and cannot be sent.
    """
    settings = service.settings
    app.state.metrics, app.state.readiness = Metrics(service), Readiness(service)
    observers: list[Observer] = [app.state.metrics]
    if settings.serve_audit != "off":
        observers.append(AuditLog(settings.home, with_questions=settings.serve_audit == "questions"))
    around: Around | None = None
    if settings.serve_traces:
        # What only some installations have.
        from rag.serve.traces import Traces

        traces = Traces()
        around = traces.span
        _close_at_the_end(app, traces.close)
    limits = RateLimits(settings.serve_per_minute, state=service.state)
    # What is added last stands outermost.
    app.add_middleware(Gate, access=access, limits=limits, open_paths=OPEN_PATHS)
    app.add_middleware(CallRecorder, observers=observers, around=around)


def _close_at_the_end(app: FastAPI, close: Callable[[], None]) -> None:
    """Call something that blocks when the application ends, before what its own lifespan does then."""
    lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def closing(app: FastAPI) -> AsyncIterator[Any]:
        async with lifespan(app) as state:
            try:
                yield state
            finally:
                await asyncio.to_thread(close)

    app.router.lifespan_context = closing
