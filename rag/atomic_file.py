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
    """Replace the text of a file, whole or not at all.

    Args:
        path: The file; its folder must exist.
        text: The new text, written as UTF-8 with newlines as they are. Lone surrogates, which the text of documents
            may hold and UTF-8 cannot encode, become question marks.
        private: Whether only the owner may read the file. If not, an existing file keeps its permissions and a new one
            gets those of the process's umask.

    Raises:
        OSError: The file or its folder cannot be written.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if not private:
            _copy_permissions(path, temporary)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _copy_permissions(path: Path, temporary: str) -> None:
    """Give a temporary file the permissions of ``path``, or those of a new file when ``path`` is absent."""
    if path.exists():
        shutil.copymode(path, temporary)
        return
    umask = os.umask(0)  # it can only be read by setting it
    os.umask(umask)
    os.chmod(temporary, 0o666 & ~umask)
