"""Packages of extras that some tests need: skipped with a reason where they are absent, required where CI is set."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest


def required(*packages: str, reason: str) -> None:
    """Skip the module that calls this where a package is absent; fail where CI is set.

    Args:
        packages: The packages, by the names that they are imported by.
        reason: Is told with those that are absent.
    """
    absent = [name for name in packages if find_spec(name.partition(".")[0]) is None]
    if not absent:
        return
    if "CI" in os.environ:
        pytest.fail(f"{reason}: {', '.join(absent)}", pytrace=False)
    pytest.skip(f"{reason}: {', '.join(absent)}", allow_module_level=True)
