"""YAML and JSON lines as plain data that knows in which line each part of it stands.

Owns: what may stand in such a file (plain data, each key once, no aliases) and how large it may be. Knows nothing about
suites.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from rag.errors import UsageError
from rag.notices import Notice

# The path to a part of plain data: keys and positions from the top.
Location = tuple[str | int, ...]

_MAX_MB = {".yaml": 10, ".jsonl": 200}
_DEEPEST = 20
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Located:
    """Plain data with the file and the lines in which it stands.

    Attributes:
        path: The file.
        data: The plain data.
        lines: The line of each part; it may lack some.
        first: The line where the data begins.
    """

    path: Path
    data: Any
    lines: Mapping[Location, int]
    first: int = 1

    def where(self, location: Location = ()) -> str:
        """Return the ``file:line`` of a part, or of what it would stand in."""
        while location and location not in self.lines:
            location = location[:-1]
        return f"{self.path}:{self.lines.get(location, self.first)}"


def read_text(path: Path, kind: str = "") -> str:
    """Read the text of a file of the user's.

    Args:
        path: The file.
        kind: ``.yaml`` or ``.jsonl``, which says how large it may be; empty for the file's own ending.

    Returns:
        Its text, without a byte order mark.

    Raises:
        UsageError: The file is absent, too large or not UTF-8.
    """
    limit = _MAX_MB.get(kind or path.suffix, _MAX_MB[".jsonl"])
    try:
        if not path.is_file():
            raise UsageError(Notice("suite-file-absent", {"path": str(path)}))
        if path.stat().st_size > limit * 1_000_000:
            raise UsageError(Notice("suite-file-too-large", {"path": str(path), "megabytes": limit}))
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(Notice("suite-file-not-utf-8", {"path": str(path)})) from None
    except OSError as error:
        raise UsageError(Notice("suite-file-unreadable", {"path": str(path), "cause": error.strerror})) from None


def read_yaml(path: Path) -> Located:
    """Read the plain data of a YAML file.

    Args:
        path: The file.

    Returns:
        The data with its lines.

    Raises:
        UsageError: The file cannot be read, is not YAML, or holds what is not allowed; the message has file and line.
    """
    return parse_yaml(path, read_text(path, ".yaml"))


def parse_yaml(path: Path, text: str) -> Located:
    """Parse the plain data of a YAML text.

    Args:
        path: The file that an error names.
        text: The text.

    Returns:
        The data with its lines.

    Raises:
        UsageError: The text is not YAML or holds what is not allowed; the message has file and line.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_events(path, yaml.parse(text, loader))
        root = yaml.compose(text, loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it holds a character that YAML does not allow"
        _raise_usage_error(path, mark.line + 1 if mark else 1, f"this is not YAML ({problem}); correct it.")
    lines: dict[Location, int] = {}
    return Located(path, None if root is None else _plain(path, root, (), lines), lines)


def _check_events(path: Path, events: Iterator[Any]) -> None:
    """Refuse aliases, which make a small file stand for a huge one, and deep nesting, which overflows stacks."""
    import yaml

    depth = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            _raise_usage_error(path, line, "an alias (*) is not allowed here; write the value out.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            _raise_usage_error(path, line, f"nested more than {_DEEPEST} levels deep; flatten it.")


def _plain(path: Path, node: Any, location: Location, lines: dict[Location, int]) -> Any:
    """Return the plain data of a YAML node at ``location``, and enter its lines into ``lines``."""
    import yaml

    line = node.start_mark.line + 1
    lines[location] = line
    if not isinstance(node, yaml.ScalarNode) and node.tag not in (f"{_TAG}seq", f"{_TAG}map"):
        _raise_usage_error(path, line, f"the tag {node.tag!r} is not allowed; write plain lists and keys.")
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, item, (*location, i), lines) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                _raise_usage_error(path, key.start_mark.line + 1, "a key must be a word; write it in quotes.")
            if key.value in mapping:
                _raise_usage_error(
                    path, key.start_mark.line + 1, f"the key {key.value!r} stands here twice; remove one."
                )
            mapping[key.value] = _plain(path, value, (*location, key.value), lines)
            # A value may begin below its key; the key is where a reader looks.
            lines[(*location, key.value)] = key.start_mark.line + 1
        return mapping
    return _scalar(path, node, line)


def _scalar(path: Path, node: Any, line: int) -> Any:
    """Return the value of a scalar; a date stays text, and so does what only looks like a number."""
    from yaml.constructor import SafeConstructor

    kind = node.tag.removeprefix(_TAG)
    if kind in ("str", "timestamp"):
        return node.value
    build = {"null": "construct_yaml_null", "bool": "construct_yaml_bool", "int": "construct_yaml_int"}
    build["float"] = "construct_yaml_float"
    if kind not in build:
        _raise_usage_error(path, line, f"the tag {node.tag!r} is not allowed; write plain text or a number.")
    try:
        return getattr(SafeConstructor(), build[kind])(node)
    except (ValueError, KeyError, OverflowError):
        return node.value


def read_jsonl(path: Path) -> Iterator[Located]:
    """Read the objects of a file of JSON lines, without blank lines.

    Args:
        path: The file.

    Yields:
        The data of each line with its place.

    Raises:
        UsageError: The file cannot be read, or a line is not JSON; the message has file and line.
    """
    # Not splitlines(): JSON strings may hold the other line ends that it cuts at.
    for number, line in enumerate(read_text(path, ".jsonl").split("\n"), start=1):
        if line.strip():
            yield Located(path, parse_json(path, number, line), {}, number)


def parse_json(path: Path, line: int, text: str) -> Any:
    """Parse a JSON text; each key may stand once.

    Args:
        path: The file that an error names.
        line: The line of the file in which the text begins.
        text: The text.

    Returns:
        Its data.

    Raises:
        UsageError: The text is not JSON, or a key stands in it twice; the message has file and line.
    """

    def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            keys = [key for key, _ in pairs]
            repeated = next(key for key in keys if keys.count(key) > 1)
            _raise_usage_error(path, line, f"the key {repeated!r} stands here twice; remove one.")
        return mapping

    try:
        return json.loads(text, object_pairs_hook=unique_keys)
    except json.JSONDecodeError as error:
        _raise_usage_error(
            path, line + error.lineno - 1, f"this is not JSON ({error.msg}, column {error.colno}); correct it."
        )
    except (RecursionError, ValueError):
        _raise_usage_error(path, line, "this JSON is nested too deeply or holds too long a number; correct it.")


def _raise_usage_error(path: Path, line: int, what: str) -> NoReturn:
    raise UsageError(f"{path}:{line}: {what}")
