"""The indexes of the service.

Owns: ``/v1/indexes``. Opens no index: it reads their catalogs.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import Any

from fastapi import APIRouter

from rag.errors import IndexUnusable
from rag.hosting.access import Caller
from rag.serve.dependencies import CurrentCaller, CurrentService
from rag.serve.examples import INDEX
from rag.serve.json_response import CommandJson
from rag.serve.openapi import ERRORS, example
from rag.serve.results import IndexesResult
from rag.serve.service import Service
from rag.serve.strict_route import StrictRoute
from rag.store.catalog import Catalog
from rag.store.folders import index_folder
from rag.store.reading import source_languages

router = APIRouter(prefix="/v1", tags=["Documents"], route_class=StrictRoute, responses=ERRORS)


@router.get("/indexes", summary="List indexes", response_model=IndexesResult, responses=example({"indexes": [INDEX]}))
def indexes(service: CurrentService, caller: CurrentCaller) -> CommandJson:
    """List the indexes that the caller may see: what each holds, in which languages, and what the caller may do."""
    return CommandJson({"indexes": [_index(service, caller, name) for name in service.names(caller)]})


def _index(service: Service, caller: Caller, name: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "index": name,
        "documents": 0,
        "chunks": 0,
        "languages": [],
        "embedding_model": "",
        "version": "",
        "changed": "",
        "may": ["read", "write"] if caller.rights.may_write(name) else ["read"],
        "problem": None,
    }
    try:
        with closing(Catalog(index_folder(name, service.settings.home.expanduser()))) as catalog:
            counted = Counter(code for codes in source_languages(catalog).values() for code in codes)
            return values | {
                "documents": catalog.source_counts()[0],
                "chunks": catalog.chunk_total(),
                "languages": [code for code, _ in counted.most_common()],
                "embedding_model": catalog.get("embedding_model"),
                "version": f"{catalog.get('id')}-{catalog.get('version')}",
                "changed": catalog.get("changed") or catalog.get("created"),
            }
    except IndexUnusable as error:
        return values | {"problem": error.notice.as_json()}
