"""Replace a file in one step.

Owns: the order write, flush to disk, rename, so that a crash leaves the old text or the new one. Knows nothing about
what is written.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path


def write_atomically(path: Path, text: str, *, private: bool = False) -> None:
    """Put ``text`` in the place of ``path``, whole or not at all.

    Args:
        path: The file; its folder must exist.
        text: What it shall hold, written as UTF-8 with newlines as they are. Lone surrogates, which text of documents
            may hold and no encoding takes, become question marks.
        private: Whether only the owner may read the file. If not, an existing file keeps its permissions and a new one
            gets those of the process's umask.

    Raises:
        OSError: The file or its folder cannot be written.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if not private:
            _copy_permissions(path, name)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _copy_permissions(path: Path, name: str) -> None:
    if path.exists():
        shutil.copymode(path, name)
        return
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(name, 0o666 & ~mask)
