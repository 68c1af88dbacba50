"""Routes of the settings: what a person chooses, the models that can be chosen, and the servers that have some.

Owns: these addresses, and that only an operator fetches models and names servers. Knows nothing about how a model is
fetched or called.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, JSONResponse, Response

from rag.models.llm.named_server import NamedServer, list_models, try_model
from ui.i18n import Translate
from ui.server.dependencies import JsonObject, ReaderTranslate, Service, User
from ui.service.model_fetching import FetchState
from ui.views.settings import settings_html

_MOST_LISTED_MODELS, _LONGEST_MODEL_NAME = 300, 300

router = APIRouter(prefix="/i/settings")


def is_operator(service: Service, user: User) -> bool:
    """Return whether whoever asks is an operator."""
    return service.is_operator(user)


IsOperator = Annotated[bool, Depends(is_operator)]


def operator_only(operator: IsOperator, t: ReaderTranslate) -> None:
    """Answer anybody but an operator with 403."""
    if not operator:
        raise HTTPException(403, t("operator only"))


_OPERATOR = [Depends(operator_only)]


@router.get("/view")
def view(service: Service, user: User, operator: IsOperator, t: ReaderTranslate, workspace: str = "") -> Response:
    """Show the whole page of settings."""
    return HTMLResponse(settings_html(service, user, operator, workspace, t))


@router.put("/preferences")
def change(content: JsonObject, service: Service, user: User, t: ReaderTranslate) -> Response:
    """Change what a person has chosen; the body has the new values by name."""
    if "model" in content and content["model"] not in service.models():
        raise HTTPException(400, t("no such choice"))
    service.preferences.set(user, content)
    return JSONResponse({"message": t("saved")})


# -- fetching ----------------------------------------------------------------------------------------------------------


@router.get("/fetches", dependencies=_OPERATOR)
def fetches(service: Service, t: ReaderTranslate) -> Response:
    return JSONResponse({"fetches": [_fetch_json(state, t) for state in service.fetching.states()]})


@router.post("/fetches", dependencies=_OPERATOR)
def fetch(content: JsonObject, service: Service, t: ReaderTranslate) -> Response:
    return JSONResponse(_fetch_json(service.fetching.start(str(content.get("name", ""))), t))


@router.delete("/fetches", dependencies=_OPERATOR)
def stop_fetch(content: JsonObject, service: Service, t: ReaderTranslate) -> Response:
    state = service.fetching.stop(str(content.get("name", "")))
    if state is None:
        raise HTTPException(404, t("nothing here"))
    return JSONResponse(_fetch_json(state, t))


# -- servers -----------------------------------------------------------------------------------------------------------


@router.post("/servers/models", dependencies=_OPERATOR)
def models_of_server(content: JsonObject, service: Service) -> Response:
    """Ask a server that is described for its models."""
    listed = list_models(service.servers.read(content))[:_MOST_LISTED_MODELS]
    return JSONResponse({"models": [name[:_LONGEST_MODEL_NAME] for name in listed]})


@router.post("/servers/try", dependencies=_OPERATOR)
def try_server(content: JsonObject, service: Service, t: ReaderTranslate) -> Response:
    """Ask the model of a server a short question: of a kept one, by its ``id``, or of one that is described."""
    trial = try_model(_server_of(content, service, t), service.settings)
    seconds = t.number(trial.seconds, 1)
    return JSONResponse({"message": t("model answered", seconds=seconds), "reply": trial.reply})


@router.post("/servers", dependencies=_OPERATOR)
def add_server(content: JsonObject, service: Service, user: User, t: ReaderTranslate) -> Response:
    """Keep a server, and choose its model for whoever added it."""
    meant = content.get("private") is True
    kept = service.servers.add(str(content.get("name", "")), service.servers.read(content), meant)
    service.preferences.set(user, {"model": kept.spec})
    return JSONResponse({"id": kept.id, "message": t("saved")})


@router.patch("/servers", dependencies=_OPERATOR)
def change_server(content: JsonObject, service: Service, t: ReaderTranslate) -> Response:
    """Change the name of a kept server, and its key where a new one is given."""
    id_, name, key = (str(content.get(field, "")) for field in ("id", "name", "key"))
    kept = service.servers.change(id_, name, key)
    if kept is None:
        raise HTTPException(404, t("nothing here"))
    service.forget_model(kept.spec)
    return JSONResponse({"message": t("saved")})


@router.delete("/servers", dependencies=_OPERATOR)
def remove_server(content: JsonObject, service: Service, t: ReaderTranslate) -> Response:
    kept = service.servers.find(str(content.get("id", "")))
    if kept is None or not service.servers.remove(kept.id):
        raise HTTPException(404, t("nothing here"))
    service.forget_model(kept.spec)
    return JSONResponse({"message": t("server removed", name=kept.name)})


@router.post("/servers/restore", dependencies=_OPERATOR)
def restore_server(content: JsonObject, service: Service, t: ReaderTranslate) -> Response:
    if not service.servers.restore(str(content.get("id", ""))):
        raise HTTPException(404, t("nothing here"))
    return JSONResponse({})


def _server_of(content: dict[str, Any], service: Service, t: Translate) -> NamedServer:
    if not content.get("id"):
        return service.servers.read(content)
    kept = service.servers.find(str(content["id"]))
    if kept is None:
        raise HTTPException(404, t("nothing here"))
    return service.servers.reachable(kept.server)


def _fetch_json(state: FetchState, t: Translate) -> dict[str, Any]:
    return {
        "name": state.name,
        "state": state.state,
        "done": state.done,
        "total": state.total,
        "problem": t.notice(state.problem),
    }
