"""A bare environment: a virtual one that holds what Footnote declares to need, and nothing else.

Owns: which installed files belong to a declared requirement, and an environment of links to them. Knows nothing about
what is installed or run there.

To fetch all that Footnote needs takes minutes and gigabytes. The packages are here already, beside those that only the
tests need, so the environment links to exactly those that pip would fetch for the requirements of `pyproject.toml`.
Whatever Footnote imports and does not declare is missing there, as it would be on a stranger's machine; and pip, which
is kept from every package index, refuses to install the wheel where a requirement is not met.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

from tests.conftest import ROOT

_ITSELF = "footnote-rag"
_HERE = Path(sysconfig.get_path("purelib"))


@dataclass(frozen=True)
class BareEnvironment:
    """A virtual environment in a folder."""

    folder: Path

    def program(self, name: str) -> Path:
        """Return the path of one of its programs."""
        return self.folder / "bin" / name

    def install(self, *names: str | Path) -> subprocess.CompletedProcess[str]:
        """Install packages with pip and the pinned versions, without a package index."""
        command = [self.program("python"), "-m", "pip", "install", "--no-index", "--no-cache-dir"]
        constraints = ["--constraint", ROOT / "constraints.txt"]
        return subprocess.run(
            [*map(str, [*command, *constraints, *names])],
            capture_output=True,
            text=True,
            env=bare_variables(self.folder.parent),
            cwd=self.folder.parent,
        )


def bare_variables(home: Path) -> dict[str, str]:
    """Return the environment variables of a stranger: none of the tests', and no package index.

    Args:
        home: The folder of the user.

    Returns:
        The variables.
    """
    kept = ("LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    variables = {name: os.environ[name] for name in kept if name in os.environ}
    return {
        **variables,
        "PATH": os.defpath,
        "HOME": str(home),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # Files behind the links are those of another environment.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def make_bare_environment(folder: Path, requirements: Iterable[str] = ()) -> BareEnvironment:
    """Make the environment.

    Args:
        folder: Where to; made when absent.
        requirements: What it holds in place of what Footnote needs.

    Returns:
        The environment, without Footnote itself.
    """
    # Without copies of pip: the installed one is linked like every package, because weights are fetched with it.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, capture_output=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    names = needed_names(requirements or project_requirements()) | {"pip"}
    link_packages(folder / "lib" / version / "site-packages", names)
    return BareEnvironment(folder)


def link_packages(site_packages: Path, names: set[str]) -> None:
    """Link to every file of some packages.

    Args:
        site_packages: The folder to put the links in.
        names: The normal names of the packages.
    """
    owners: dict[tuple[str, ...], str] = {}
    for package in distributions(path=[str(_HERE)]):
        name = normal(package.name)
        for line in csv.reader((package.read_text("RECORD") or "").splitlines()):
            owners[tuple(line[0].split("/"))] = name
    inside = [(parts, owner in names) for parts, owner in owners.items() if ".." not in parts]
    _link(site_packages, _HERE, inside, 0)


def _link(to: Path, source: Path, files: list[tuple[tuple[str, ...], bool]], depth: int) -> None:
    """Link what lies in a folder; one that also holds files that are not needed is made anew."""
    entries: dict[str, list[tuple[tuple[str, ...], bool]]] = defaultdict(list)
    for parts, is_needed in files:
        entries[parts[depth]].append((parts, is_needed))
    for name, below in entries.items():
        if all(is_needed for _, is_needed in below):
            if (source / name).exists():
                (to / name).symlink_to(source / name)
        elif any(is_needed for _, is_needed in below) and name != "__pycache__":
            (to / name).mkdir()
            _link(to / name, source / name, below, depth + 1)


def project_requirements(extras: Iterable[str] = ()) -> list[str]:
    """Return the requirements of this checkout, as `pyproject.toml` has them.

    Args:
        extras: The extras whose requirements are wanted, too.

    Returns:
        The requirements.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]


def needed_names(requirements: Iterable[str]) -> set[str]:
    """Return the names of all packages that are installed for some requirements.

    Args:
        requirements: The requirements.

    Returns:
        Normal names, with those of the packages that they need in turn.
    """
    found: set[tuple[str, str]] = set()
    pending = [(line, "") for line in requirements]
    while pending:
        line, extra = pending.pop()
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        package = _installed(requirement.name)
        for wanted in ("", *requirement.extras):
            if package is None or (normal(requirement.name), wanted) in found:
                continue
            found.add((normal(requirement.name), wanted))
            pending += [(one, wanted) for one in package.requires or ()]
    return {name for name, _ in found} - {_ITSELF}


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def normal(name: str) -> str:
    """Return the normal form of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()
