"""The package as a whole: its public names, its shape, its documentation, and the wheel that is shipped."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import rag
from rag.cli.app import app
from rag.settings import Settings
from tests.conftest import ROOT

MODULES = sorted(path for folder in ("rag", "ui") for path in (ROOT / folder).rglob("*.py"))

# Imports point from right to left only; a module that is not named stands where its package does.
LAYERS = [
    {"rag.types", "rag.errors"},
    {"rag.settings", "rag.text", "rag.fuse", "rag.prompts", "rag.hostile", "rag.models", "rag.engine", "rag.offline"},
    {"rag.chunk", "rag.verify", "rag.questions", "rag.calibration"},
    {"rag.cite", "rag.conflict"},
    {"rag.drafting", "rag.verification"},
    {"rag.load", "rag.embed", "rag.cross_encoder", "rag.llm", "rag.vectors", "rag.catalog"},
    {"rag.index"},
    {"rag.ingestion", "rag.retrieval", "rag.boxes", "rag.evidence", "rag.condense", "rag.opinion"},
    {"rag.abstain"},
    {"rag.finding", "rag.rebuild", "rag.doctor"},
    {"rag.answering"},
    {"rag.evaluate", "rag.api", "rag.present", "rag.terminal"},
    {"rag.llama_index", "ui"},
    {"rag.cli", "rag.cli_check", "rag.cli_eval", "rag.cli_options", "rag.pytest_plugin"},
    {"rag.__main__", "rag"},
]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer_of(name: str) -> int | None:
    for level, names in enumerate(LAYERS):
        if any(name == layer or (layer != "rag" and name.startswith(layer + ".")) for layer in names):
            return level
    return None


def imports(path: Path) -> set[str]:
    """The modules of this project that a file imports when it is imported itself, not inside functions or for types."""
    found: set[str] = set()
    nodes: list[ast.AST] = [ast.parse(path.read_text())]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "rag" else {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        nodes.extend(ast.iter_child_nodes(node))
    return {name for name in found if name.split(".")[0] in ("rag", "ui")}


# -- shape -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_owns(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert len(docstring) > 10


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    level = layer_of(name_of(path))
    if level is None:
        pytest.skip("a module whose place is not written down")
    for imported in imports(path):
        above = layer_of(imported)
        assert above is None or above <= level, f"{name_of(path)} imports {imported}"


def test_the_layers_name_real_modules() -> None:
    names = {name_of(path) for path in MODULES}
    later = {"rag.metrics", "rag.evaluate"}
    assert set.union(*LAYERS) - later <= names


def test_the_core_is_one_page_a_module() -> None:
    too_long = {name_of(path): lines for path in MODULES if (lines := len(path.read_text().splitlines())) > 600}
    assert not too_long


# -- public names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", rag.__all__)
def test_a_public_name_can_be_imported_and_says_what_it_is(name: str) -> None:
    found = getattr(rag, name)
    assert name == "__version__" or found.__doc__


def test_public_names_are_all_of_them() -> None:
    assert set(rag._MODULE) | {"__version__"} == set(rag.__all__)
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = rag.nothing_of_the_kind


def test_public_functions_stay_functions() -> None:
    """Modules of the same names lie in the package, and importing one binds it there."""
    code = "import rag; rag.open_index; print(callable(rag.ingest), callable(rag.retrieve), callable(rag.answer))"
    code += "; from rag import answer, ingest; print(callable(answer), callable(ingest))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True"] * 5


def test_importing_costs_nothing() -> None:
    code = (
        "import sys, rag; print(sum(m.split('.')[0] in ('rag', 'pydantic', 'torch', 'chromadb') for m in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "1"


def test_every_module_can_be_imported() -> None:
    for path in MODULES:
        if path.name != "__main__.py":
            importlib.import_module(name_of(path))


# -- documentation -----------------------------------------------------------------------------------------------------

HANDBOOK = sorted((ROOT / "docs").glob("*.md"))
PAGES = "\n".join(path.read_text() for path in [*HANDBOOK, ROOT / "README.md"] if path.exists())

with_handbook = pytest.mark.skipif(not HANDBOOK, reason="no handbook yet")


def commands() -> list[str]:
    found = [command.name or command.callback.__name__ for command in app.registered_commands]  # type: ignore[union-attr]
    for group in app.registered_groups:
        inner = group.typer_instance.registered_commands if group.typer_instance else []
        found += [f"{group.name} {command.name or command.callback.__name__}" for command in inner]  # type: ignore[union-attr]
    return found


@with_handbook
@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str) -> None:
    assert f"rag {command}" in PAGES


@with_handbook
@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    assert f"RAG_{name.upper()}" in PAGES


@with_handbook
def test_the_handbook_names_no_setting_that_does_not_exist() -> None:
    read_elsewhere = {name for path in MODULES for name in re.findall(r"\bRAG_[A-Z_]+\b", path.read_text())}
    known = {f"RAG_{name.upper()}" for name in Settings.model_fields} | read_elsewhere
    assert set(re.findall(r"\bRAG_[A-Z_]+\b", PAGES)) <= known


@with_handbook
def test_the_handbook_names_no_command_that_does_not_exist() -> None:
    known = {command.split()[0] for command in commands()}
    named = set(re.findall(r"^(?:\$ )?rag ([a-z]+)", PAGES, re.M)) | set(re.findall(r"`rag ([a-z]+)", PAGES))
    assert named <= known


@with_handbook
@pytest.mark.parametrize("name", ["open_index", "ingest", "retrieve", "answer"])
def test_the_python_names_are_documented(name: str) -> None:
    assert re.search(rf"`(?:rag\.)?{name}\(", PAGES), f"no page says what {name}() takes"


@with_handbook
@pytest.mark.parametrize("path", HANDBOOK, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", path.read_text()):
        assert (path.parent / target).exists(), target


# -- the wheel ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    ran = subprocess.run(build, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_the_program_and_its_prompts_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {path.relative_to(ROOT).as_posix() for path in MODULES} <= names
    assert {f"rag/_prompts/{path.name}" for path in (ROOT / "prompts").glob("*.md")} <= names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"rag", "ui"}
    assert not [name for name in names if "__pycache__" in name]


def test_the_installed_program_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    # The folder given first wins over this checkout.
    environment = {**os.environ, "PYTHONPATH": str(target), "HOME": str(tmp_path)}

    def run(*arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, *arguments], cwd=elsewhere, env=environment, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    assert run("-m", "rag", "--version") == f"footnote {rag.__version__}"
    code = "import rag, rag.prompts as p; print(rag.__file__); print(p.prompts_folder()); p.read_prompt('answer')"
    module, prompts = run("-c", code).splitlines()
    assert Path(module).is_relative_to(target)
    assert Path(prompts).is_relative_to(target)
    assert "models" in run("-m", "rag", "--help")
