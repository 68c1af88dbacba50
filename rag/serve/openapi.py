"""The description of the service that programs read: ``/openapi.json``.

Owns: what is said of the whole service, the security scheme, and the form in which a route names its example and its
errors. Knows nothing about any one route.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

import rag
from rag.serve.results import ErrorResult

_DESCRIPTION = (
    "Answers from your own documents, with the exact words that each sentence rests on. The results are the JSON of "
    "the command line: /v1/answer answers as `rag ask --json`, /v1/search as `rag retrieve --json`, /v1/verify as "
    "`rag verify --json`. Every offset counts Unicode code points of a document's text, half open."
)
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key made with `rag keys add`; a service that only this computer can reach needs none.",
}
ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorResult, "description": "The request is refused; the sentence says why and what to do."},
    "5XX": {"model": ErrorResult, "description": "The index, the language model or the service cannot be used now."},
}
"""What every route may answer with, for ``APIRouter(responses=…)``."""


def example(value: Any, status: int = 200, description: str = "The result.") -> dict[int | str, dict[str, Any]]:
    """Return an example of what a route answers with, for ``responses=…``.

    Args:
        value: The example, as JSON values.
        status: The HTTP status.
        description: What it is.

    Returns:
        The responses of the route.
    """
    return {status: {"description": description, "content": {"application/json": {"example": value}}}}


def describe(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Say in an application's OpenAPI document what the service is, and how a program shows its key.

    Args:
        app: The application.
        routers: The routes that it has.
    """
    app.description, app.version = _DESCRIPTION, rag.__version__
    make = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = make()
            document.setdefault("components", {})["securitySchemes"] = {"key": _KEY}
            # The second one is none: on this computer no key is needed.
            document["security"] = [{"key": []}, {}]
            for router in routers:
                _put_back_nulls(document, router)
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def _put_back_nulls(document: dict[str, Any], router: APIRouter) -> None:
    """Give the examples of results their nulls again, which FastAPI leaves out."""
    for route in router.routes:
        if not isinstance(route, APIRoute):
            continue
        for status, response in route.responses.items():
            for kind, content in response.get("content", {}).items():
                for method in route.methods or ():
                    told = document["paths"][route.path_format][method.lower()]["responses"][str(status)]["content"]
                    if "example" in content:
                        told[kind]["example"] = content["example"]
