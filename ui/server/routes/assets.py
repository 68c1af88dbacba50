"""Routes for what the page is made of: style, scripts, fonts, words; and whether the server is up.

Owns: which files are served, read once from ``ui/static``, and the order of the style sheets. Knows nothing about
users.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePath

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from ui.i18n import all_texts
from ui.server.dependencies import ReaderTranslate

# The style sheet of the page is these files of ``ui/static/css`` joined, one for each area. What comes later wins.
STYLES = (
    "fonts", "base", "layout", "collection", "history", "answer", "question", "panel", "pdf", "dialogs", "documents",
    "settings", "pages", "narrow",
)  # fmt: skip
_STYLE_SHEET = "footnote.css"

_MEDIA_TYPES = {
    ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".woff2": "font/woff2",
}  # fmt: skip
# The fonts do not change with a version of the program, as the rest may.
_CACHING = {".woff2": "private, max-age=2592000"}

# Files that are compressed as they are.
_PACKED = frozenset({".woff2"})

router = APIRouter()


@router.get("/page/words-{language}.json")
def words(language: str) -> Response:
    return JSONResponse(all_texts(language))


@router.get("/page/{name}")
def static(name: str, request: Request, t: ReaderTranslate) -> Response:
    content = _static_files().get(name)
    if content is None:
        raise HTTPException(404, t("nothing here"))
    ending = PurePath(name).suffix
    media_type = "text/css" if name == _STYLE_SHEET else _MEDIA_TYPES[ending]
    headers = {"Cache-Control": _CACHING.get(ending, "no-cache"), "Vary": "Accept-Encoding"}
    if ending not in _PACKED and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = _compressed(name), "gzip"
    return Response(content, media_type=media_type, headers=headers)


@router.get("/health")
def health() -> Response:
    return JSONResponse({"ok": True})


@lru_cache(maxsize=64)
def _compressed(name: str) -> bytes:
    # Without a time, so that the same file is always the same bytes.
    return gzip.compress(_static_files()[name], mtime=0)


@lru_cache
def _static_files() -> dict[str, bytes]:
    folder = files("ui") / "static"
    served = [*folder.iterdir(), *(folder / "fonts").iterdir()]
    sheets = [(folder / "css" / f"{name}.css").read_bytes() for name in STYLES]
    return {file.name: file.read_bytes() for file in served if PurePath(file.name).suffix in _MEDIA_TYPES} | {
        _STYLE_SHEET: b"\n".join(sheets)
    }
