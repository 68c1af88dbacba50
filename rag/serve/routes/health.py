"""Whether the service runs, and whether it can answer.

Owns: ``/healthz`` and ``/readyz``. Neither needs a key, so neither says a name: the reasons are codes, and the log has
their sentences.
"""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from rag.serve.readiness import Readiness

router = APIRouter(tags=["operation"])
_LOG = logging.getLogger(__name__)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Say that the service runs."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "It cannot answer yet; the checks say why."}})
def readyz(request: Request) -> JSONResponse:
    """Say whether questions can be answered: an index can be opened, and the language model is loaded."""
    readiness: Readiness = request.app.state.readiness
    checks: dict[str, str] = {}
    for name, problem in readiness.checks().items():
        checks[name] = problem.code if problem else "ok"
        if problem:
            _LOG.info("not ready", extra={"check": name, "cause": problem.text()})
    ready = set(checks.values()) <= {"ok"}
    return JSONResponse({"status": "ready" if ready else "not ready", "checks": checks}, 200 if ready else 503)
