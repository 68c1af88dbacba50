"""The servers of these tests."""

from __future__ import annotations

from tests.chroma_server import chroma_server as chroma_server
