"""Serve a small chat or service with a description of its routes: ``python -m tests.torture.described chat FOLDER``.

``chat`` or ``serve``, and an empty folder for it. It prints the command that sends the routes what their description
lets think of, with the program schemathesis, which nothing else needs: install it into an environment of its own.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.conftest import LIBRARY, write_files
from tests.torture.indexes import ingest, opened

_KINDS = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
# What may be named in an address without leading to nothing.
_KNOWN = {"workspace": ["own:default", "shared:default"], "language": ["de", "fr"], "form": ["text", "markdown", "pdf"]}


def description_of_chat() -> dict[str, Any]:
    """Return the routes of the chat, which describes none itself, as OpenAPI: names and kinds of what each takes."""
    from tests.ui.test_routes_hostile import ROWS

    paths: dict[str, Any] = {}
    for route, row in ROWS.items():
        method, _, path = route.partition(" ")
        in_path = [part.partition("}")[0] for part in path.split("{")[1:]]
        operation: dict[str, Any] = {
            "parameters": [_parameter(name, "path") for name in in_path]
            + [_parameter(name, "query") for name in row.query],
            "responses": {"default": {"description": "An answer, or a refusal."}},
        }
        if row.body:
            kinds = {name: {"type": _KINDS[type(value)]} for name, value in row.body.items()}
            schema = {"type": "object", "properties": kinds}
            operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
        elif method != "GET":
            schema = {"type": "string", "format": "binary"}
            operation["requestBody"] = {"content": {"application/octet-stream": {"schema": schema}}}
        paths.setdefault(path, {})[method.lower()] = operation
    return {"openapi": "3.1.0", "info": {"title": "The chat", "version": "1"}, "paths": paths}


def _parameter(name: str, place: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if place == "path" and name in _KNOWN:
        schema = {"anyOf": [{"enum": _KNOWN[name]}, schema]}
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def serve_chat(folder: Path) -> None:
    """Serve a chat without users until it is stopped."""
    from tests.ui.served import serving

    (folder / "chat.json").write_text(json.dumps(description_of_chat()), encoding="utf-8")
    with serving(folder, files=LIBRARY) as served:
        _say(folder, f"{folder / 'chat.json'} --url {served.address}")
        while True:
            time.sleep(1)


def serve_service(folder: Path) -> None:
    """Serve an index without keys until it is stopped."""
    from tests.serve.served import serving

    write_files(folder / "library", LIBRARY)
    with opened(folder) as index:
        ingest(index, [folder / "library"])
    with serving(folder / "home", RAG_LLM="none") as served:
        _say(folder, f"http://127.0.0.1:{served.port}/openapi.json")
        while served.process.poll() is None:
            time.sleep(1)
    sys.exit("".join(served.log))


def _say(folder: Path, target: str) -> None:
    options = (
        "--checks not_a_server_error --phases examples,coverage,fuzzing,stateful --max-response-time 30 "
        "--suppress-health-check filter_too_much"
    )
    command = (
        f"schemathesis run {target} {options} --max-examples 60 --seed 1 --request-timeout 60 --continue-on-failure"
    )
    print(command, flush=True)
    (folder / "command").write_text(command, encoding="utf-8")


if __name__ == "__main__":
    kinds = {"chat": serve_chat, "serve": serve_service}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit(f"Name one of {', '.join(kinds)}, and an empty folder.")
    target = Path(sys.argv[2]).absolute()
    target.mkdir(parents=True, exist_ok=True)
    kinds[sys.argv[1]](target)
