"""The description of the service: every example in it is sent to a real service, and every answer has the form that it
promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.serve.own_protocol import OwnProtocol, serving

METHODS = {"get", "post", "put", "patch", "delete"}
# Routes whose protocol is another's, or which say nothing about documents.
OTHERS = ("/v1/chat/completions", "/v1/models", "/healthz", "/readyz", "/metrics")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnProtocol]:
    with serving(tmp_path_factory.mktemp("openapi")) as running:
        yield running


@pytest.fixture(scope="module")
def document(served: OwnProtocol) -> dict[str, Any]:
    content: dict[str, Any] = served.client.get("/openapi.json").json()
    return content


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield path, method, operation


def own(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    # What removes comes last, so that the others find what their examples name.
    found = [one for one in operations(document) if not one[0].startswith(OTHERS)]
    return iter(sorted(found, key=lambda one: one[1] == "delete"))


def check(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def success(operation: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    (status,) = [status for status in operation["responses"] if status.startswith("2")]
    return int(status), operation["responses"][status]["content"]


def test_every_operation_is_told_apart(document: dict[str, Any]) -> None:
    told = list(operations(document))
    assert len({operation["operationId"] for _, _, operation in told}) == len(told)
    for path, method, operation in told:
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)
    assert {path for path, _, _ in own(document)} == {
        "/v1/answer",
        "/v1/search",
        "/v1/verify",
        "/v1/indexes",
        "/v1/sources",
        "/v1/sources/{name}",
        "/v1/sources/{name}/text",
        "/v1/jobs",
        "/v1/jobs/{id}",
    }


def test_the_key_is_declared(document: dict[str, Any]) -> None:
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert document["security"]


def test_every_example_of_a_result_has_its_form(document: dict[str, Any]) -> None:
    for path, method, operation in own(document):
        _, contents = success(operation)
        content = contents.get("application/json")
        if content is None:
            assert contents["text/plain"]["example"], (path, method)
            continue
        assert content["example"], (path, method)
        check(document, content["schema"], content["example"])
        assert {"4XX", "5XX"} <= operation["responses"].keys(), (path, method)


def requests_of(served: OwnProtocol, path: str, operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each example request of an operation, as arguments of a client."""
    params: dict[str, Any] = {}
    for parameter in operation.get("parameters", ()):
        example = next(iter(parameter.get("examples", ())), None) or next(
            iter(parameter["schema"].get("examples", ())), None
        )
        assert example is not None or not parameter["required"], (path, parameter["name"])
        if parameter["name"] == "id":
            example = served.client.get("/v1/jobs").json()["jobs"][-1]["id"]
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", example)
        elif example is not None:
            params[parameter["name"]] = example
    bodies = operation.get("requestBody", {}).get("content", {})
    if "application/octet-stream" in bodies:
        content = bodies["application/octet-stream"]["example"].encode()
        yield {"url": path, "params": params, "content": content}
    elif bodies:
        examples = bodies["application/json"]["examples"]
        assert examples, path
        for example in examples.values():
            yield {"url": path, "params": params, "json": example["value"]}
    else:
        yield {"url": path, "params": params}


def test_every_example_request_is_answered_as_promised(served: OwnProtocol, document: dict[str, Any]) -> None:
    served.ended(served.client.post("/v1/sources?name=first.txt", content=b"The rope costs 12 crowns.").json()["id"])
    sent = 0
    for path, method, operation in own(document):
        for arguments in requests_of(served, path, operation):
            response = served.client.request(method, **arguments)
            status, contents = success(operation)
            assert response.status_code == status, (method, arguments, response.text)
            kind = response.headers["content-type"].partition(";")[0]
            assert kind in contents, (method, arguments)
            if kind == "application/json":
                check(document, contents[kind]["schema"], response.json())
            sent += 1
            if status == 202:
                served.ended(response.json()["id"])
    assert sent >= 15


def test_errors_have_their_form(served: OwnProtocol, document: dict[str, Any]) -> None:
    for path, method, operation in own(document):
        schema = operation["responses"]["4XX"]["content"]["application/json"]["schema"]
        response = served.client.request(method, path.replace("{", "").replace("}", "") + "?no-such-parameter=1")
        assert 400 <= response.status_code < 500, (path, method)
        check(document, schema, response.json())


def test_there_is_no_page_from_elsewhere(served: OwnProtocol) -> None:
    for path in ("/docs", "/redoc"):
        assert served.client.get(path).status_code == 404
