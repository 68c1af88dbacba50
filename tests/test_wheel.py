"""The built wheel, installed into an environment of its own, does what a user does first.

Nothing of this checkout is on its path, and no package that Footnote does not declare to need.
"""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

import rag
from rag.cli.app import app
from rag.settings import DATA_FOLDER
from tests.bare_environment import (
    BareEnvironment,
    bare_variables,
    make_bare_environment,
    needed_names,
    normal,
    project_requirements,
)
from tests.conftest import LIBRARY, ROOT, write_files
from tests.loopback import SECONDS, free_port, status_of, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.localhost]

MODULES = sorted(path for folder in ("rag", "ui") for path in (ROOT / folder).rglob("*.py"))
# What loads these modules is what they import: the plugin of a test runner.
_GUARDED = {"pytest"}
# Packages of extras that a module may import at its top, where it is itself imported only where they are needed.
_OF_EXTRAS = {"psycopg", "ray"}


@dataclass(frozen=True)
class Built:
    """What `python -m build` makes."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True)
class Installed:
    """The program in its environment, and a user's folder to run it in."""

    environment: BareEnvironment
    folder: Path

    @property
    def variables(self) -> dict[str, str]:
        models = os.environ.get("RAG_MODELS", str(DATA_FOLDER / "models"))
        return {**bare_variables(self.folder), "RAG_MODELS": models, "RAG_THREADS": "1", "HF_HUB_OFFLINE": "1"}

    def rag(self, *arguments: str, code: int = 0) -> str:
        """Run the command; return what it printed."""
        ran = subprocess.run(
            [str(self.environment.program("rag")), *arguments],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=600,
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout + (ran.stderr if code else "")

    @contextmanager
    def serving(self, *arguments: str, path: str) -> Iterator[str]:
        """Serve until the end of the `with`; give the address once a path of it answers."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        with (self.folder / "log.txt").open("w") as log:
            process = subprocess.Popen(
                [str(self.environment.program("rag")), *arguments, "--port", str(port)],
                cwd=self.folder,
                env=self.variables,
                stdout=log,
                stderr=log,
            )
            try:
                wait_until(lambda: process.poll() is not None or status_of(address + path) == 200)
                assert process.poll() is None, (self.folder / "log.txt").read_text()
                yield address
                process.send_signal(signal.SIGTERM)
                assert process.wait(SECONDS) in (0, 143), (self.folder / "log.txt").read_text()
            finally:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The source distribution, and the wheel that is built from it, as `make build` makes them."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return Built(next(folder.glob("*.whl")), next(folder.glob("*.tar.gz")))


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a bare environment, with an index of a small library."""
    folder = tmp_path_factory.mktemp("bare")
    environment = make_bare_environment(folder / "environment")
    ran = environment.install(built.wheel)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    write_files(folder / "library", LIBRARY)
    program = Installed(environment, folder)
    assert "4 added" in program.rag("ingest", "library")
    return program


# -- what is shipped ---------------------------------------------------------------------------------------------------


def test_the_sdist_makes_the_same_wheel_as_the_checkout(built: Built, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (of_checkout,) = tmp_path.glob("*.whl")
    assert sorted(zipfile.ZipFile(built.wheel).namelist()) == sorted(zipfile.ZipFile(of_checkout).namelist())


def test_the_sdist_holds_what_builds_and_tests_need(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for needed in ("pyproject.toml", "constraints.txt", "LICENSE", "Makefile", "tests/conftest.py", "docs/index.md"):
        assert needed in names


def test_the_wheel_holds_every_file_beside_the_modules(built: Built) -> None:
    """Whatever lies in the folders of the packages and is tracked is read by something, so it is shipped."""
    tracked = subprocess.run(["git", "ls-files", "rag", "ui"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("no checkout of git")
    assert set(tracked.stdout.split()) <= set(zipfile.ZipFile(built.wheel).namelist())


def test_every_package_that_is_imported_is_declared() -> None:
    """By a requirement, or by an extra; not only by a package that happens to need it, too."""
    of_modules = packages_distributions()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = re.search(r"\[project.optional-dependencies\]\n(.*?)\n\[", project, re.S)
    assert extras
    names = re.findall(r"^(\w+) = \[", extras[1], re.M)
    direct = {normal(re.split(r"[\[<>=!~; ]", line)[0]) for line in project_requirements(names)}
    undeclared = {}
    for path in MODULES:
        for module in third_party(path):
            owners = {normal(owner) for owner in of_modules.get(module, ())}
            if module not in _GUARDED and not owners & direct:
                undeclared.setdefault(module, []).append(path.relative_to(ROOT).as_posix())
    assert not undeclared


def third_party(path: Path) -> set[str]:
    """Return the names of the modules of others that a module imports anywhere, but not for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    for node in typing:
        node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"rag", "ui", "__future__"}


def imported_at_once(path: Path) -> set[str]:
    """Return the names of the packages that a module imports at its top."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_what_is_installed_needs_no_package_of_the_tests() -> None:
    assert not needed_names(project_requirements()) & {"pytest", "hypothesis", "playwright", "mypy", "ruff"}


# -- what is installed -------------------------------------------------------------------------------------------------


def test_it_is_the_wheel_that_runs(installed: Installed) -> None:
    assert installed.rag("--version").strip() == f"footnote {rag.__version__}"
    code = "import rag, ui, rag.prompts as p; print(rag.__file__); print(ui.__file__); print(p.prompts_folder())"
    ran = subprocess.run(
        [str(installed.environment.program("python")), "-c", code],
        cwd=installed.folder,
        env=installed.variables,
        capture_output=True,
        text=True,
        check=True,
    )
    for line in ran.stdout.split():
        assert Path(line).is_relative_to(installed.environment.folder)


def test_every_module_can_be_imported_without_extras(installed: Installed) -> None:
    """But for those that a test runner loads, and those that stand for a package of an extra and are imported late."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
        if path.name != "__main__.py" and path.stem != "pytest_plugin" and not _OF_EXTRAS & imported_at_once(path)
    ]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    ran = subprocess.run(
        [str(installed.environment.program("python")), "-c", code, *names],
        cwd=installed.folder,
        env=installed.variables,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr


def test_it_helps_and_lists_models(installed: Installed) -> None:
    assert "ingest" in installed.rag("--help")
    assert "all-minilm-l6-v2" in installed.rag("models", "list")


def test_it_answers(installed: Installed) -> None:
    answer = json.loads(installed.rag("ask", "How long is the bridge?", "--llm", "none", "--json"))
    assert "412 metres" in answer["answer"]
    assert answer["citations"][0]["source"] == "bridge.md"


def test_it_verifies(installed: Installed) -> None:
    (installed.folder / "text.txt").write_text("The bridge is 412 metres long.\n")
    arguments = ("--text", "text.txt", "--source", "library/bridge.md", "--llm", "none", "--json")
    verified = json.loads(installed.rag("verify", *arguments))
    assert [sentence["verdict"] for sentence in verified["sentences"]] == ["verified"]


def test_it_evaluates(installed: Installed) -> None:
    case = {
        "id": "length",
        "question": "How long is the bridge?",
        "answers": ["412 metres"],
        "evidence": [{"source": "bridge.md", "quote": "The bridge is 412 metres long."}],
    }
    suite = "schema_version: 1\nsuite: tiny\ncorpus: {path: library}\ncases: cases.jsonl\n"
    write_files(installed.folder, {"suite.yaml": suite, "cases.jsonl": json.dumps(case) + "\n"})
    assert "right" in installed.rag("eval", "suite.yaml", "--llm", "none", "--html", "report.html")
    assert "How long is the bridge?" in (installed.folder / "report.html").read_text(encoding="utf-8")


def test_the_chat_serves_its_page_and_every_file_that_the_page_names(installed: Installed) -> None:
    with installed.serving("chat", "--llm", "none", "--no-browser", path="/health") as address:
        with urllib.request.urlopen(f"{address}/", timeout=SECONDS) as response:
            page = response.read().decode()
            links = re.findall(r"<([^>]+)>; rel", response.headers.get("link", ""))
        named = set(re.findall(r"""(?:src|href)="([^"#]+)\"""", page)) | set(links)
        own = {urljoin(f"{address}/", name) for name in named}
        files = {name for name in own if urlsplit(name).netloc == urlsplit(address).netloc}
        # What modules and style sheets name in turn.
        for name in [name for name in files if "/page/" in name and name.endswith((".js", ".css"))]:
            with urllib.request.urlopen(name, timeout=SECONDS) as response:
                text = response.read().decode()
            inner = re.findall(r"""(?:from|import\(?)\s*["'](\.{0,2}/[^"']+)["']|url\(["']?(/[^"')]+)""", text)
            files |= {urljoin(name, one) for pair in inner for one in pair if one}
        assert len([name for name in files if "/page/" in name]) > 20
        assert {name: status_of(name) for name in files if status_of(name) != 200} == {}


def test_the_service_serves(installed: Installed) -> None:
    with installed.serving("serve", "--llm", "none", path="/healthz") as address:
        request = urllib.request.urlopen(f"{address}/v1/models", timeout=SECONDS)
        with request as response:
            assert "default" in [model["id"] for model in json.load(response)["data"]]


def test_a_model_of_an_extra_says_how_to_install_it(installed: Installed) -> None:
    said = installed.rag("ask", "How long is the bridge?", "--llm", "openai:gpt-4o-mini", code=2)
    assert "pip install 'footnote-rag[openai]'" in said


def test_an_assistant_asks_over_mcp(installed: Installed) -> None:
    """With the official client, which starts the installed program."""
    if "mcp" not in {command.name or command.callback.__name__ for command in app.registered_commands}:  # type: ignore[union-attr]
        pytest.skip("there is no rag mcp")
    import anyio
    from mcp import Client, StdioServerParameters

    program = str(installed.environment.program("rag"))
    server = StdioServerParameters(
        command=program, args=["mcp"], env={**installed.variables, "RAG_LLM": "none"}, cwd=installed.folder
    )

    async def ask() -> str:
        async with Client(server) as client:
            answer = await client.call_tool("ask", {"question": "How long is the bridge?"})
            return str(answer.content[0].text)

    assert "412 metres" in anyio.run(ask)
