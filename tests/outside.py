"""Packages with parts, installed for the length of a test: an entry point and a module on the path."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from rag import parts


class Outside:
    """Installs and removes packages in a folder of the path."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        self.modules: set[str] = set()
        folder.mkdir()
        # Two versions of a module within a second look the same to the cache of compiled code.
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        monkeypatch.syspath_prepend(str(folder))

    def install(self, table: parts.Parts[Any], package: str, code: str, version: str = "1.0", **entries: str) -> None:
        """Install a package of one module; ``entries`` are the names of its parts, each with an attribute."""
        module = package.replace("-", "_")
        (self.folder / f"{module}.py").write_text(code)
        info = self.folder / f"{module}.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        lines = [f"[{table.group}]", *(f"{name} = {module}:{attribute}" for name, attribute in entries.items())]
        (info / "entry_points.txt").write_text("\n".join(lines))
        self._look_again(table, module)

    def remove(self, table: parts.Parts[Any], package: str) -> None:
        """Remove a package."""
        module = package.replace("-", "_")
        for path in (self.folder / f"{module}.dist-info").iterdir():
            path.unlink()
        (self.folder / f"{module}.dist-info").rmdir()
        (self.folder / f"{module}.py").unlink()
        self._look_again(table, module)

    def _look_again(self, table: parts.Parts[Any], module: str) -> None:
        """Forget what was found, as a process that is started anew has not looked yet."""
        importlib.invalidate_caches()
        self.modules.add(module)
        sys.modules.pop(module, None)
        for known in ("_made", "_problems"):
            self.monkeypatch.setattr(table, known, {})
        parts._installed.cache_clear()
        parts.warn_once.cache_clear()

    def close(self) -> None:
        """Let the next test find nothing of this one."""
        for module in self.modules:
            sys.modules.pop(module, None)
        parts._installed.cache_clear()
