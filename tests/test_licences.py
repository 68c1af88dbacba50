"""Licences of what is installed with Footnote: permissive ones, by what each package says of itself."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT

# The parts of a licence's name, of an expression of SPDX or of a classifier, that make a licence permissive.
PERMISSIVE = re.compile(
    r"\b(mit(-0|-cmu)?|mit license|expat|bsd|0bsd|apache|isc|iscl|psf|python-2\.0|python software foundation"
    r"|cnri-python|hpnd|historical permission|zlib|unlicense|cc0|public domain|blueoak|boost|bsl-1\.0|zpl|zope"
    r"|openldap|ofl)\b",
    re.IGNORECASE,
)
# Weaker terms: they bind who changes the file itself, and nobody who uses it.
FILE_ONLY = {
    "certifi": "MPL-2.0: a list of certificates, used as it is",
    "tqdm": "MPL-2.0 and MIT: used as it is",
    "orjson": "MPL-2.0 beside Apache-2.0 and MIT: used as it is",
    "pathspec": "MPL-2.0: used as it is",
}
# Binds who changes the library or links it into one file, and nobody who imports it: only ever in an extra.
LIBRARY_ONLY = {
    "psycopg": "LGPL-3.0: the extra postgres, imported as it is",
    "psycopg-binary": "LGPL-3.0: the extra postgres, imported as it is",
}


def needed() -> dict[str, Distribution]:
    """Return what is installed because Footnote needs it, by name; extras are followed where they are installed."""
    found: dict[str, Distribution] = {}
    pending = [(requirement, "") for requirement in distribution("footnote-rag").requires or ()]
    while pending:
        text, extra = pending.pop()
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        is_new = name not in found
        found[name] = package
        for one in package.requires or () if is_new else ():
            pending += [(one, extra) for extra in ("", *requirement.extras)]
    return found


def licence_of(package: Distribution) -> str:
    """Return what a package says of its licence: an expression, classifiers, or the first line of its text."""
    data = package.metadata
    classifiers = [one for one in data.get_all("Classifier") or () if one.startswith("License ::")]
    words = [data.get("License-Expression") or "", *(one.rpartition(":: ")[2] for one in classifiers)]
    words.append((data.get("License") or "").strip().partition("\n")[0])
    return " / ".join(word for word in words if word)


def test_everything_that_is_installed_with_footnote_is_permissive() -> None:
    packages = needed()
    assert len(packages) > 60, "the packages that Footnote needs were not found"
    wrong = {
        name: licence
        for name, package in packages.items()
        if not PERMISSIVE.search(licence := licence_of(package)) and name not in FILE_ONLY | LIBRARY_ONLY
    }
    assert wrong == {}


def test_no_licence_asks_for_more_than_a_notice() -> None:
    """A name that a permissive one stands beside may be chosen instead, but for these, which would bind Footnote."""
    binding = re.compile(r"\b(a?gpl|lgpl|sspl|busl|commons clause|non-?commercial|proprietary)", re.IGNORECASE)
    found = {name: licence for name, package in needed().items() if binding.search(licence := licence_of(package))}
    assert {name: licence for name, licence in found.items() if name not in LIBRARY_ONLY} == {}


@pytest.mark.parametrize("name", sorted(LIBRARY_ONLY))
def test_a_library_that_binds_its_changes_comes_with_an_extra_alone(name: str) -> None:
    wanted = [Requirement(text) for text in distribution("footnote-rag").requires or ()]
    always = [one.name for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    assert name not in always


@pytest.mark.parametrize("name", sorted(FILE_ONLY))
def test_each_exception_is_one(name: str) -> None:
    try:
        package = distribution(name)
    except PackageNotFoundError:
        pytest.skip("it is not installed here")
    licence = licence_of(package)
    assert "MPL" in licence or "Mozilla" in licence, licence


def test_footnote_carries_its_own_licence() -> None:
    assert "Apache License" in (Path(ROOT) / "LICENSE").read_text(encoding="utf-8")
    assert distribution("footnote-rag").metadata["License-Expression"] == "Apache-2.0"
