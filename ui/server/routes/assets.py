"""Routes for what the page is made of: style, scripts, words; and whether the server is up.

Owns: which files are served, read once from ``ui/static``. Knows nothing about users.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import PurePath

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse, Response

from ui.i18n import all_texts
from ui.server.dependencies import ReaderTranslate

_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}

router = APIRouter()


@router.get("/page/words-{language}.json")
def words(language: str) -> Response:
    return JSONResponse(all_texts(language))


@router.get("/page/{name}")
def static(name: str, t: ReaderTranslate) -> Response:
    content = _static_files().get(name)
    if content is None:
        raise HTTPException(404, t("nothing here"))
    return Response(content, media_type=_media_type(name), headers={"Cache-Control": "no-cache"})


@router.get("/health")
def health() -> Response:
    return JSONResponse({"ok": True})


@lru_cache
def _static_files() -> dict[str, bytes]:
    folder = files("ui") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir() if _media_type(file.name)}


def _media_type(name: str) -> str | None:
    return _MEDIA_TYPES.get(PurePath(name).suffix)
