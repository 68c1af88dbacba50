"""Footnote: ask your own documents; every sentence of the answer shows the exact words it rests on.

Owns: the public names and the version, and that no library reports to its makers. A name is imported when it is first
used, so that ``import rag`` costs nothing.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.api import Assistant, Settings, Verification, answer, ingest, open_index, retrieve, verify_text
    from rag.errors import IndexUnusable, LLMError, LoadError, ModelError, RagError, UsageError
    from rag.types import Answer, Citation, IngestReport, Passage, Sentence, Turn

# Only what is set before it is imported counts for ONNX Runtime, which Chroma imports, too: it would send events about
# models and errors to its makers, and keep a number of this machine in the user's cache.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"  # the only place: the build reads it from here

_NAMES_BY_MODULE = {
    "rag.api": ("Assistant", "Settings", "Verification", "answer", "ingest", "open_index", "retrieve", "verify_text"),
    "rag.errors": ("IndexUnusable", "LLMError", "LoadError", "ModelError", "RagError", "UsageError"),
    "rag.types": ("Answer", "Citation", "IngestReport", "Passage", "Sentence", "Turn"),
}
_MODULE = {name: module for module, names in _NAMES_BY_MODULE.items() for name in names}

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "IndexUnusable",
    "IngestReport",
    "LLMError",
    "LoadError",
    "ModelError",
    "Passage",
    "RagError",
    "Sentence",
    "Settings",
    "Turn",
    "UsageError",
    "Verification",
    "__version__",
    "answer",
    "ingest",
    "open_index",
    "retrieve",
    "verify_text",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_MODULE[name]), name)
