"""The package as a whole: its public names, its shape, its documentation, and the wheel that is shipped."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import rag
from rag.cli.app import app
from rag.load.readers import READERS
from rag.notices import answers, checking, computing, gathered, models, planning, weights, wordings
from rag.settings import Settings
from rag.store.catalog import FORMAT
from tests.conftest import ROOT

LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))
DATA_SUFFIXES = (".jinja", ".css", ".js", ".svg", ".json")
MODULES = sorted(path for folder in ("rag", "ui") for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


# -- shape -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_owns(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert len(docstring) > 10


def test_imports_point_one_way_and_in_no_circle() -> None:
    """The contracts stand in pyproject.toml."""
    ran = subprocess.run([LINT_IMPORTS, "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_stage_says_what_it_owns_and_the_interface_it_offers() -> None:
    for folder in (
        path.parent for path in MODULES if path.name == "__init__.py" and path.parent.name not in ("rag", "ui")
    ):
        docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
        assert "Owns:" in docstring, folder
        assert "Interface:" in docstring, folder


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
PAGES = "\n".join(path.read_text() for path in [*HANDBOOK, ROOT / "README.md", ROOT / "CONTRIBUTING.md"])

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()

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
def test_every_format_is_documented() -> None:
    page = (ROOT / "docs" / "ingest.md").read_text()
    named = set(re.findall(r"`(\.\w+)`", page))
    # Of the endings of source code the page names a few.
    suffixes = {suffix for name, reader in READERS.shipped() if name != "code" for suffix in reader.suffixes}
    assert suffixes <= named


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


def test_the_readme_and_the_handbook_name_every_stage() -> None:
    stages = {f"rag/{path.parent.name}/" for path in (ROOT / "rag").glob("*/__init__.py")}
    tree = (ROOT / "README.md").read_text()
    assert not [stage for stage in stages if f"\n  {stage.removeprefix('rag/')}" not in tree]
    assert not [stage for stage in stages if f"`{stage}`" not in ARCHITECTURE]


def test_every_module_that_a_page_names_exists() -> None:
    named = set(re.findall(r"`((?:rag|ui|prompts|tests)/[\w./-]*)`", PAGES))
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]
    assert not [name for name in named if name.endswith("/") and not (ROOT / name).is_dir()]


def test_every_python_name_that_a_page_gives_exists() -> None:
    for dotted in set(re.findall(r"`(rag(?:\.\w+)+)", PAGES)):
        parts = dotted.split(".")
        known = importlib.import_module("rag")
        for part, so_far in zip(parts[1:], (".".join(parts[:n]) for n in range(2, len(parts) + 1)), strict=True):
            if importlib.util.find_spec(so_far.rpartition(".")[0]) and not hasattr(known, part):
                importlib.import_module(so_far)
            known = getattr(known, part)


def test_the_python_examples_import_what_exists() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGES, re.S)
    imports = [node for block in blocks for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom)]
    assert len(imports) > 3
    for node in imports:
        if str(node.module).startswith("footnote_example"):  # is installed by a test of its own
            continue
        module = importlib.import_module(str(node.module))
        assert not [alias.name for alias in node.names if not hasattr(module, alias.name)], ast.unparse(node)


def test_the_handbook_states_the_format_on_disk() -> None:
    assert re.findall(r"its format number is (\d+)", ARCHITECTURE) == [str(FORMAT)]


@with_handbook
@pytest.mark.parametrize("name", ["Assistant", "open_index", "ingest", "retrieve", "answer", "verify_text"])
def test_the_python_names_are_documented(name: str) -> None:
    assert re.search(rf"`(?:rag\.)?{name}\(", PAGES), f"no page says what {name}() takes"


@with_handbook
def test_every_code_of_a_notice_is_listed() -> None:
    areas = (answers, checking, computing, gathered, models, planning, weights)
    of_answers = {code: words for area in areas for code, words in area.WORDINGS.items()}
    citations, notices = ((ROOT / "docs" / name).read_text() for name in ("citations.md", "notices.md"))
    assert [code for code in of_answers if f"`{code}`" not in citations] == []
    assert [code for code in wordings() if code not in of_answers and f"`{code}`" not in notices] == []


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
    data = [path for folder in ("rag", "ui") for path in (ROOT / folder).rglob("*.*") if path.suffix in DATA_SUFFIXES]
    assert {path.relative_to(ROOT).as_posix() for path in data} <= names
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
