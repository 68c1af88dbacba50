"""Examples of results, as the OpenAPI document shows them.

Owns: what each route answers with for a small library. A test holds them against the schemas.
"""

from __future__ import annotations

from typing import Any

PASSAGE: dict[str, Any] = {
    "chunk_id": "ec8630dc259cc84ce4bbb27bd553f8b4",
    "source": "bridge.md",
    "source_id": "82d0fe518dbb887c16758e7fadc1f06925b40a320dc2403fed9f5453392cdf29",
    "title": "Lantern bridge",
    "start": 0,
    "end": 116,
    "text": "# Lantern bridge\n"
    "\n"
    "The bridge opened in 1931. The bridge is 412 metres long.\n"
    "\n"
    "## Toll\n"
    "\n"
    "The toll is 3 crowns for cars.",
    "context": "Lantern bridge",
    "page": None,
    "rank": 1,
    "scores": {"dense": 0.559018, "keyword": 5e-06, "fused": 0.500003, "dense_rank": 1, "keyword_rank": 1},
    "instructions": "",
}

ANSWER: dict[str, Any] = {
    "question": "How long is the bridge?",
    "standalone_question": "How long is the bridge?",
    "answer": "“The bridge is 412 metres long.” [1]",
    "kind": "fact",
    "short_answer": "412 metres",
    "abstained": False,
    "tentative": False,
    "confidence": 0.8602,
    "sentences": [
        {
            "text": "“The bridge is 412 metres long.” [1]",
            "start": 0,
            "end": 36,
            "verdict": "verified",
            "citations": [1],
            "reason": None,
        }
    ],
    "citations": [
        {
            "number": 1,
            "source": "bridge.md",
            "source_id": "82d0fe518dbb887c16758e7fadc1f06925b40a320dc2403fed9f5453392cdf29",
            "title": "Lantern bridge",
            "start": 45,
            "end": 75,
            "quote": "The bridge is 412 metres long.",
            "page": None,
            "boxes": [],
            "header": "",
            "cells": [],
            "cell": None,
        }
    ],
    "passages": [PASSAGE],
    "model": "none",
    "prompt_id": "",
    "index": {"name": "default", "version": "9f87cc461f8c-1", "embedding_model": "all-minilm-l6-v2"},
    "timings": {"retrieve_ms": 1267.3, "first_token_ms": 0.0, "total_ms": 2242.2, "evidence_ms": 2053.5},
    "left_out": [],
    "conflicts": [],
    "plan": {
        "kind": "fact",
        "question": "How long is the bridge?",
        "searches": [{"query": "How long is the bridge?", "sources": [], "asked": ""}],
        "why": [
            {
                "code": "plan-kind",
                "text": "It asks for a fact. The answer is a number.",
                "values": {"kind": "fact", "topic": "", "sides": [], "type": "number"},
            }
        ],
    },
    "notices": [],
    "language": "en",
    "degraded": False,
    "marked": True,
    "calls": [],
    "usage": {"calls": 0, "sent": 0, "written": 0, "thought": 0, "estimated": False, "cost": 0.0},
}

VERIFICATION: dict[str, Any] = {
    "sources": ["tolls.txt"],
    "sentences": [
        {
            "text": "The toll is 4 crowns for cars.",
            "start": 0,
            "end": 30,
            "verdict": "contradicted",
            "citations": [],
            "reason": {
                "code": "number-contradicted",
                "text": "the source says 3, the answer 4",
                "values": {
                    "number": "4",
                    "instead": "3",
                    "source": "tolls.txt",
                    "source_id": "e87d8d0066ea3c5f04f45914785b5c460ddaadab97243b4648b8220db3c8dc83",
                    "start": 0,
                    "end": 30,
                    "quote": "The toll is 3 crowns for cars.",
                    "page": None,
                },
            },
        }
    ],
    "citations": [],
    "notices": [],
    "verified": 0,
    "partly": 0,
    "unsupported": 0,
    "contradicted": 1,
    "not_a_claim": 0,
    "trace": [],
}

SOURCE: dict[str, Any] = {
    "source": "bridge.md",
    "source_id": "82d0fe518dbb887c16758e7fadc1f06925b40a320dc2403fed9f5453392cdf29",
    "title": "Lantern bridge",
    "pages": None,
    "chunks": 1,
    "characters": 117,
    "date": "",
    "warnings": [],
}

SOURCE_RECORD: dict[str, Any] = {
    "index": "default",
    "source": "bridge.md",
    "source_id": "82d0fe518dbb887c16758e7fadc1f06925b40a320dc2403fed9f5453392cdf29",
    "title": "Lantern bridge",
    "media_type": "text/markdown",
    "pages": None,
    "chunks": 1,
    "characters": 117,
    "date": "",
    "status": "read",
    "reason": None,
    "warnings": [],
    "outline": [
        {"title": "Lantern bridge", "level": 1, "start": 0, "end": 16, "page": None},
        {"title": "Toll", "level": 2, "start": 77, "end": 84, "page": None},
    ],
    "outline_complete": True,
}

JOB: dict[str, Any] = {
    "id": "h3x0sVdDT0YnCk0Z2bTqEw",
    "index": "default",
    "kind": "adding",
    "phase": "done",
    "over": True,
    "done": 29.0,
    "total": 29.0,
    "doing": "",
    "seconds_left": None,
    "message": None,
    "files": [
        {
            "name": "prices/lanterns.txt",
            "source": "prices/lanterns.txt",
            "state": "added",
            "reason": None,
            "chunks": 1,
            "warnings": [],
        }
    ],
}

INDEX: dict[str, Any] = {
    "index": "default",
    "documents": 2,
    "chunks": 2,
    "languages": ["en"],
    "embedding_model": "all-minilm-l6-v2",
    "version": "9f87cc461f8c-1",
    "changed": "2026-05-04T09:12:31+00:00",
    "may": ["read", "write"],
    "problem": None,
}

ANSWER_EVENTS = (
    'id: 1\nevent: position\ndata: {"position": 2}\n\n'
    'id: 2\nevent: snapshot\ndata: {"state": "writing", "question": "How long is the bridge?", …}\n\n'
    'id: 3\nevent: done\ndata: {"question": "How long is the bridge?", …}\n\n'
)
