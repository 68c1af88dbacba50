"""The classifier that tells languages apart by the letters in a row: py3langid's, unpacked once.

Its model is packed with LZMA: to unpack it takes longer than to answer a question. What is unpacked is kept in the
user's cache folder and mapped into memory from there, so that a process reads the part that it asks for.

Owns: opening the classifier, and its files in the cache folder. Where they cannot be written or read, the model is
unpacked in memory as the library does it. Knows nothing about how a language is told.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

_LOG = logging.getLogger(__name__)

_FOLDER = "language-classifier"
# The arrays of the model, by the names that the library gives them in its file.
_ARRAYS = ("ptc", "pc", "classes", "nextmove", "nextmove_row", "out_feat")


def open_classifier() -> Any:
    """Open the library's classifier of all its languages; None where the library is not installed."""
    try:
        from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
    except ImportError:
        return None
    packed = Path(MODEL_DIR, MODEL_FILE)
    try:
        arrays = _arrays(packed)
        return LanguageIdentifier(
            arrays["ptc"],
            arrays["pc"],
            arrays["classes"].tolist(),
            # The library walks through it number by number, which an array of NumPy is slow at.
            arrays["nextmove"].data,
            arrays["out_feat"].tolist(),
            norm_probs=True,
            tk_row=arrays["nextmove_row"].tolist(),
        )
    except Exception as error:  # Another layout of the library's model, no space, a folder that may not be written.
        _LOG.info("the language classifier is unpacked in memory", extra={"cause": str(error)})
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _arrays(packed: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays of a model, mapped from the cache folder; they are unpacked into it first where they are not.

    Args:
        packed: The packed model; its size and date tell it from that of another version.

    Returns:
        The arrays by name; none can be changed.

    Raises:
        OSError: They are not there and cannot be written.
        ValueError: A file in the cache folder is damaged.
    """
    from platformdirs import user_cache_path

    state = packed.stat()
    folder = user_cache_path("footnote", appauthor=False) / _FOLDER / f"{state.st_size}-{state.st_mtime_ns}"
    if not folder.is_dir():
        _unpack(packed, folder)
    return {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS}


def _unpack(packed: Path, folder: Path) -> None:
    """Write the arrays of a packed model into a folder, whole or not at all; those of other versions are deleted."""
    import io
    import lzma

    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        with lzma.open(packed) as file, np.load(io.BytesIO(file.read()), allow_pickle=False) as arrays:
            for name in _ARRAYS:
                np.save(temporary / f"{name}.npy", arrays[name], allow_pickle=False)
        # A folder that another process has made meanwhile holds the same.
        if not folder.is_dir():
            os.rename(temporary, folder)
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
