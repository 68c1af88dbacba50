"""The handbook's page on HTTP: its commands and its program do what it says, word for word."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.serve.own_protocol import OwnProtocol, serving, wait_until

PAGE = (ROOT / "docs" / "http.md").read_text()
BLOCKS = [block for block in re.findall(r"```\n(.*?)```", PAGE, re.S) if re.match(r"curl|printf", block)]
BRIDGE = "# Lantern bridge\n\nThe bridge is 412 metres long.\n\n## Toll\n\nThe toll is 3 crowns for cars.\n"
ADDRESS = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnProtocol]:
    with serving(tmp_path_factory.mktemp("page"), library={"bridge.md": BRIDGE}) as running:
        yield running


def test_the_page_makes_this_library() -> None:
    (line,) = re.findall(r"printf '(.*?)' > library/bridge.md", PAGE)
    assert line.replace("\\n", "\n") == BRIDGE


def test_every_command_does_what_it_says(served: OwnProtocol, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    said: dict[str, str] = {}
    for line in [line for block in BLOCKS for line in block.strip().split("\n")]:
        if "DELETE" in line:
            wait_until(lambda: all(job["over"] for job in served.client.get("/v1/jobs").json()["jobs"]))
        command = re.sub(r"^curl", "curl --silent --show-error --noproxy '*'", line.replace(ADDRESS, served.address))
        ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=True)
        said[line.replace(ADDRESS, "")] = ran.stdout.decode()

    def result_of(start: str) -> Any:
        (found,) = [output for line, output in said.items() if line.startswith(start)]
        return json.loads(found)

    assert result_of("curl /v1/answer")["citations"][0]["quote"] == "The bridge is 412 metres long."
    assert [line for line in said.values() if line.startswith("id: 1\nevent: snapshot\n")]
    assert len(result_of("curl /v1/search --json '{\"question")["passages"]) == 1
    assert said['curl "/v1/sources/bridge.md/text?start=18&end=48"'] == "The bridge is 412 metres long."
    assert result_of("curl -X DELETE /v1/sources/lantern.txt")["count"] == 1
    first, second = [json.loads(output) for line, output in said.items() if "glob=prices" in line]
    assert (first["count"], first["dry_run"]) == (2, True)
    assert (second["count"], second["dry_run"]) == (2, False)
    (error,) = [output for line, output in said.items() if "querry" in line]
    assert error in PAGE


def test_the_program_runs(served: OwnProtocol, capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    exec(compile(program.replace(ADDRESS, served.address), "program", "exec"), {"__name__": "__main__"})
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "1 bridge.md The bridge is 412 metres long."
    assert printed[-1].startswith("done ")
