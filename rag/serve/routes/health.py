"""Whether the service runs.

Owns: ``/healthz``. Needs no key and says nothing about documents.
"""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()


@router.get("/healthz", tags=["operation"])
async def healthz() -> dict[str, str]:
    """Say that the service runs."""
    return {"status": "ok"}
