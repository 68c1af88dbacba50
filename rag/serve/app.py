"""Put the service's application together.

Owns: which routes there are, and what stands around them. Knows nothing about what a route does.
"""

from __future__ import annotations

from fastapi import FastAPI

from rag.hosting.access import Access
from rag.serve.body_limit import BodyLimit
from rag.serve.errors import answer_errors
from rag.serve.openapi import describe
from rag.serve.routes import (
    answers,
    completions,
    health,
    indexes,
    jobs,
    metrics,
    models,
    search,
    sources,
    verify,
)
from rag.serve.service import Service
from rag.serve.surroundings import surround

_ROUTES = (health, metrics, models, completions, answers, search, verify, indexes, sources, jobs)


def make_app(service: Service, access: Access) -> FastAPI:
    """Return the application.

    Args:
        service: What the routes work with.
        access: Knows the callers.

    Returns:
        The application.
    """
    app = FastAPI(title="Footnote", docs_url=None, redoc_url=None)
    app.state.service, app.state.access = service, access
    answer_errors(app)
    for module in _ROUTES:
        app.include_router(module.router)
    describe(app, [module.router for module in _ROUTES])
    app.add_middleware(BodyLimit, most=service.settings.serve_body_kb * 1000)
    # The gate stands before all that reads of a request.
    surround(app, service, access)
    return app
