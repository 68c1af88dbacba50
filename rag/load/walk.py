"""List the files of a folder that may be indexed, in a fixed order.

Owns: what is passed over (hidden, ignored) and what is reported as a problem (links that lead out or round, folders
that cannot be read, things that are no files). Opens ignore files only; knows nothing about formats.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from rag.load.ignore_rules import read_ignore_rules
from rag.notices import Notice

_IGNORE_FILES = (".gitignore", ".ragignore")
_IGNORE_BYTES = 1_000_000
_CIRCLE = Notice("file-link-circle")


@dataclass(frozen=True, slots=True)
class WalkedFile:
    """A file, or a file or folder that cannot be read.

    Attributes:
        path: Where it is.
        relative: Its path below the folder that is walked, with slashes, as UTF-8 can hold it.
        problem: Why it cannot be read; None for a file that can.
        is_closed_folder: Whether it is a folder that is there and cannot be listed: what lies in it is not known.
    """

    path: Path
    relative: str
    problem: Notice | None = None
    is_closed_folder: bool = False


@dataclass(frozen=True, slots=True)
class _IgnoreRules:
    """The ignore rules of one folder; ``prefix`` is its path below the root, with a slash at its end."""

    prefix: str
    spec: GitIgnoreSpec


def walk(root: Path) -> Iterator[WalkedFile]:
    """Yield each file below a folder, sorted by name within each folder; for a file, that file.

    Links to files inside the root are followed, and links to folders never are: what they lead to is read under its
    own name, so that no file is indexed twice and no ring of links is walked.
    """
    if root.is_dir():
        yield from _walk_folder(root, os.path.realpath(root))
    else:
        yield _check_file(root, _readable_name(root.name), os.path.dirname(os.path.realpath(root)), linked=False)


def walk_below(root: Path, place: Path) -> Iterator[WalkedFile]:
    """Yield of the files of ``walk(root)`` those at or below a place; the rest of the folder is not listed.

    Args:
        root: The folder, or the file.
        place: A path at or below it. One that is hidden, ignored, behind a link to a folder or not there has no files.

    Yields:
        The files, named from ``root``.
    """
    if place == root or not root.is_dir():
        yield from walk(root) if os.path.lexists(root) else ()
        return
    real_root = os.path.realpath(root)
    rules: tuple[_IgnoreRules, ...] = ()
    prefix = ""
    for folder in place.relative_to(root).parts:
        if folder.startswith("."):
            return
        above, rules = rules, rules + _ignore_rules(root, prefix, set(_IGNORE_FILES))
        path = root / prefix / folder
        try:
            mode = os.lstat(path).st_mode
        except PermissionError:
            # The folder around it may not be entered: what a walk says of that folder holds for all that lies in it.
            yield from _walk_folder(root, real_root, prefix, above)
            return
        except OSError:
            return
        is_link, is_folder = stat.S_ISLNK(mode), stat.S_ISDIR(mode)
        if _ignored(prefix + folder + "/" * is_folder, rules):
            return
        if not is_folder:
            if path == place:
                yield _check_file(path, _readable_name(prefix + folder), real_root, is_link)
            return
        prefix += folder + "/"
    yield from _walk_folder(root, real_root, prefix, rules)


def _readable_name(name: str) -> str:
    r"""Return a file name as UTF-8 can hold it: bytes that are not UTF-8 are shown as ``\xNN``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _walk_folder(
    root: Path, real_root: str, start: str = "", above: tuple[_IgnoreRules, ...] = ()
) -> Iterator[WalkedFile]:
    """Yield the files below a folder.

    Args:
        root: The folder.
        real_root: That folder without links.
        start: The folder below it with which to begin, with a slash at its end.
        above: The rules of the folders above that one.

    Yields:
        The files.
    """
    # Folders (with the rules that hold in them) that are still to be listed, and files still to be yielded. A stack and
    # not a recursion: a folder tree may be deeper than Python can recurse.
    stack: list[tuple[str, tuple[_IgnoreRules, ...]] | WalkedFile] = [(start, above)]
    while stack:
        item = stack.pop()
        if isinstance(item, WalkedFile):
            yield item
            continue
        prefix, rules = item
        try:
            entries = sorted(os.scandir(os.path.join(root, prefix)), key=lambda entry: entry.name)
        except OSError as error:
            name, reason = _readable_name(prefix.rstrip("/")) or ".", _reason(error, "folder")
            is_there = not isinstance(error, FileNotFoundError | NotADirectoryError)
            yield WalkedFile(root / prefix, name, reason, is_there)
            continue
        rules = rules + _ignore_rules(root, prefix, {entry.name for entry in entries})
        below: list[tuple[str, tuple[_IgnoreRules, ...]] | WalkedFile] = []
        for entry in entries:
            relative = prefix + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name.startswith(".") or _ignored(relative + "/" * is_folder, rules):
                continue
            if is_folder:
                below.append((relative + "/", rules))
            else:
                below.append(_check_file(root / relative, _readable_name(relative), real_root, entry.is_symlink()))
        stack.extend(reversed(below))


def _ignore_rules(root: Path, prefix: str, names: set[str]) -> tuple[_IgnoreRules, ...]:
    """Return the rules that a folder adds; those of ``.ragignore`` come last and so win."""
    lines: list[str] = []
    for name in _IGNORE_FILES:
        path = os.path.join(root, prefix, name)
        if name in names and os.path.isfile(path):
            try:
                with open(path, "rb") as file:
                    lines += file.read(_IGNORE_BYTES).decode("utf-8", "replace").splitlines()
            except OSError:
                # An ignore file that cannot be read ignores nothing; git does the same.
                continue
    return (_IgnoreRules(prefix, read_ignore_rules(lines)),) if lines else ()


def _ignored(relative: str, rules: tuple[_IgnoreRules, ...]) -> bool:
    """Tell whether a path is ignored. As in git, the deepest ignore file that says anything about it decides."""
    for rule in reversed(rules):
        ignored = rule.spec.check_file(relative[len(rule.prefix) :]).include
        if ignored is not None:
            return ignored
    return False


def _check_file(path: Path, relative: str, real_root: str, linked: bool) -> WalkedFile:
    """Return a file with the problem that keeps it from being read, if there is one; ``linked`` marks a link."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if linked and isinstance(error, FileNotFoundError):
            return WalkedFile(path, relative, Notice("file-link-broken"))
        return WalkedFile(path, relative, _reason(error, "file"))
    if linked:
        target = os.path.realpath(path)
        if os.path.commonpath([real_root, target]) != real_root:
            return WalkedFile(path, relative, Notice("file-link-outside"))
        if stat.S_ISDIR(mode):
            parent = os.path.realpath(path.parent)
            is_circle = os.path.commonpath([parent, target]) == target
            return WalkedFile(path, relative, _CIRCLE if is_circle else Notice("file-link-folder"))
    if not stat.S_ISREG(mode):
        return WalkedFile(path, relative, Notice("file-not-regular"))
    return WalkedFile(path, relative)


def _reason(error: OSError, place: str) -> Notice:
    """Return why a "file" or "folder" (``place``) cannot be read."""
    if isinstance(error, PermissionError):
        return Notice("file-no-permission", {"place": place})
    if isinstance(error, FileNotFoundError):
        return Notice("file-absent", {"place": place})
    if error.errno == errno.ELOOP or "symbolic links" in str(error):
        return _CIRCLE
    return Notice("file-unreadable", {"place": place, "error": (error.strerror or "unknown error").lower()})
