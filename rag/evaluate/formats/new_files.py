"""Write a new file or folder whole or not at all, over nothing that exists.

Owns: the order write, then rename. Knows no format.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rag.atomic_file import write_atomically
from rag.errors import UsageError


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Make a folder that appears when all of it is written, and not at all otherwise.

    Args:
        folder: Where it appears; an empty folder there is replaced.

    Yields:
        A temporary folder to write into.

    Raises:
        UsageError: ``folder`` is in use or cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} exists and is not empty; choose another place.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as holder:
            new = Path(holder) / "new"
            new.mkdir()
            yield new
            if folder.exists():
                folder.rmdir()
            new.rename(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror or error}); choose another place.") from None


def write_new(target: Path, files: Mapping[str, str]) -> None:
    """Write a new file, or several into a new folder.

    Args:
        target: The new file or folder.
        files: Text by name relative to ``target``; one file named ``""`` is ``target`` itself.

    Raises:
        UsageError: ``target`` is in use or cannot be written.
    """
    if list(files) != [""]:
        with new_folder(target) as new:
            for name, text in files.items():
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).write_text(text, encoding="utf-8", newline="\n")
        return
    if target.exists():
        raise UsageError(f"{target} exists; choose another file.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, files[""])
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error.strerror}); choose another place.") from None
