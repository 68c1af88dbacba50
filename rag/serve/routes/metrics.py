"""The metrics of the service.

Owns: ``/metrics``. They speak of all indexes, so a key of some of them does not open them.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from rag.serve.dependencies import CurrentCaller
from rag.serve.errors import ApiError
from rag.serve.metrics import Metrics

router = APIRouter()


@router.get(
    "/metrics",
    tags=["operation"],
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Metrics in the form that Prometheus reads."}},
)
def metrics(request: Request, caller: CurrentCaller) -> Response:
    """Return counts and times since the service began, as Prometheus reads them."""
    if not caller.may_measure:
        message = "This key does not open the metrics; make one with rag keys add NAME --scope metrics."
        raise ApiError(403, "no_metrics", message)
    counted: Metrics = request.app.state.metrics
    text, content_type = counted.text(request.headers.get("accept", ""))
    return Response(text, headers={"content-type": content_type})
