"""Suites on disk: a YAML file, and cases in it or in JSONL files beside it.

Owns: reading a suite file, its hashes, and adding a case to it. What may stand in one, ``schema`` knows. Knows nothing
about indexes, runs or metrics.

    schema_version: 1
    suite: handbook
    corpus: {path: ../docs, sha256: …}      # relative to the suite's folder; the hash may be left out
    defaults: {top_k: 8}                    # settings by the names of `rag.settings`
    gate:                                   # metric: what is demanded of it, see `rag.evaluate.types.GateRule`
      right: {min: 0.6, min_effect: 0.02}
    cases: cases.jsonl                      # or a list of cases, or of both
    conversations: […]                      # see `rag.evaluate.suite.conversations`

A case has the fields of ``rag.evaluate.types.Case``, of which ``id`` and ``question`` must be there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.atomic_file import write_atomically
from rag.errors import LoadError, UsageError
from rag.evaluate.suite.conversations import check_replies, check_turns, mode_of, read_conversations
from rag.evaluate.suite.corpus_path import corpus_of
from rag.evaluate.suite.schema import parse_case, parse_suite_form, raise_schema_error
from rag.evaluate.suite.source_lines import Located, Location, parse_yaml, read_jsonl, read_text, read_yaml
from rag.evaluate.types import RIGHT_F1, SCHEMA_VERSION, Case, ConversationMode, Criterion, GateRule, Suite
from rag.notices import Notice

SUITE_FILE, CASES_FILE = "suite.yaml", "cases.jsonl"
# Cap on the cases of a suite; more are a data set to sample from.
_MOST_CASES = 100_000

# -- reading ----------------------------------------------------------------------------------------------------------


def load_suite(path: Path, *, conversation: str = "", corpus_anywhere: bool = False) -> Suite:
    """Read a suite with its cases.

    Args:
        path: A YAML file, or a folder with ``suite.yaml``.
        conversation: ``live`` or ``fixed``, for what stands before a turn; empty for what the suite says.
        corpus_anywhere: Whether the corpus may lie outside the suite's folder.

    Returns:
        The suite with at least one case.

    Raises:
        UsageError: Something is wrong in the suite; the message has the file, the line and what to do.
    """
    path = path / SUITE_FILE if path.is_dir() else path
    located = read_yaml(path)
    form, entries = parse_suite_form(located)
    corpus = corpus_of(located, form.corpus.path, corpus_anywhere)
    defaults = form.defaults.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
    # It belongs to what the cases expect, not to how they are asked.
    f1_threshold = defaults.pop("f1_threshold", RIGHT_F1)
    cases, where = _unique_cases(located, entries, f1_threshold)
    turns = [case for case in cases.values() if case.conversation or case.turn]
    mode = mode_of(form.conversation, conversation)
    if turns:
        check_turns(list(cases.values()), where)
        if mode == "fixed":
            check_replies(list(cases.values()), where)
    return Suite(
        name=form.suite,
        path=path,
        corpus=corpus,
        corpus_sha256=form.corpus.sha256,
        cases=tuple(cases.values()),
        sha256=_cases_hash(cases, mode if turns else "live"),
        defaults=defaults,
        gate=tuple(GateRule(metric, **bounds.model_dump()) for metric, bounds in form.gate.items()),
        where=where,
        rubric=tuple(Criterion(name, one.criterion, *one.scale, tags=one.tags) for name, one in form.rubric.items()),
        conversation=mode,
    )


def _unique_cases(located: Located, entries: list[Any], f1_threshold: float) -> tuple[dict[str, Case], dict[str, str]]:
    """Return the cases of a suite and the ``file:line`` of each, both by id."""
    cases: dict[str, Case] = {}
    where: dict[str, str] = {}
    for case, line in _read_cases(located, entries, f1_threshold):
        if case.id in cases:
            raise_schema_error(line, f"the id {case.id!r} is taken by {where[case.id]}; give this case another.")
        if len(cases) >= _MOST_CASES:
            raise_schema_error(line, f"this is case {_MOST_CASES + 1}, and a suite may have {_MOST_CASES}; split it.")
        cases[case.id], where[case.id] = case, line
    if not cases:
        what = f"the suite has no cases; add one with: rag eval add {located.path}"
        raise_schema_error(located.where(("cases",)), what)
    return cases, where


def _read_cases(located: Located, entries: list[Any], f1_threshold: float = RIGHT_F1) -> Iterator[tuple[Case, str]]:
    """Yield the cases in place, those of the files that are named and the turns, each with its ``file:line``.

    ``f1_threshold`` is that of the cases which name none.
    """
    for i, entry in enumerate(entries):
        if isinstance(entry, str):
            for line in read_jsonl(_cases_file(located, entry)):
                yield _with_threshold(parse_case(line, line.data), line.data, f1_threshold), line.where()
        else:
            location: Location = ("cases", i)
            case = parse_case(located, entry, location)
            yield _with_threshold(case, entry, f1_threshold), located.where(location)
    for case, where in read_conversations(located):
        own = {} if case.f1_threshold == RIGHT_F1 else {"f1_threshold": case.f1_threshold}
        yield _with_threshold(case, own, f1_threshold), where


def _with_threshold(case: Case, data: Mapping[str, Any], f1_threshold: float) -> Case:
    return case if "f1_threshold" in data else dataclasses.replace(case, f1_threshold=f1_threshold)


def _cases_file(located: Located, name: str) -> Path:
    """Return the path of a file of cases: beside the suite or below, so that a suite reads and writes nowhere else."""
    folder = located.path.parent
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()) or not name.endswith(".jsonl"):
        raise_schema_error(
            located.where(("cases",)), f"{name!r} must be a .jsonl file beside the suite; move it there."
        )
    if not path.is_file():
        raise_schema_error(located.where(("cases",)), f"there is no file {path}; correct 'cases'.")
    return path


# -- hashes ------------------------------------------------------------------------------------------------------------


def _cases_hash(cases: Mapping[str, Case], mode: ConversationMode) -> str:
    """Return the SHA-256 of the cases' JSON, by id: where and in which order they are written does not matter.

    Neither does what is known to be wrong with them, nor what people said of answers: a baseline stays one when a case
    is marked or labelled. A fixed history before the turns of conversations asks something else, so it counts.
    """
    asked = (dataclasses.replace(cases[id_], xfail="", skip="", labels={}) for id_ in sorted(cases))
    lines = [json.dumps(case_to_json(case), sort_keys=True) for case in asked]
    return hashlib.sha256("\n".join([*lines, *(["fixed"] if mode == "fixed" else [])]).encode()).hexdigest()


def corpus_hash(corpus: Path) -> str:
    """Hash the relative names and the contents of the files that an ingestion would look at.

    Args:
        corpus: A file or a folder.

    Returns:
        The SHA-256.

    Raises:
        UsageError: The corpus does not exist, or a file of it cannot be read.
    """
    from rag.load.loader import hash_file
    from rag.load.walk import walk

    if not corpus.exists():
        raise UsageError(f"The corpus {corpus} does not exist; check the path.")
    digest = hashlib.sha256()
    for file in sorted(walk(corpus), key=lambda file: file.relative):
        if file.problem:
            continue
        try:
            content = hash_file(file.path)
        except LoadError as error:
            raise UsageError(f"The file {file.path} of the corpus cannot be read: {error}.") from None
        digest.update(f"{content} {file.relative}\n".encode())
    return digest.hexdigest()


# -- writing -----------------------------------------------------------------------------------------------------------


def case_to_json(case: Case) -> dict[str, Any]:
    """Return a case as a suite file holds it: only what differs from the defaults."""
    data: dict[str, Any] = _without_defaults(case)
    return data


def _without_defaults(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _default(field) for field in dataclasses.fields(value)}
        values = {name: getattr(value, name) for name in fields}
        return {name: _without_defaults(value) for name, value in values.items() if value != fields[name]}
    return [_without_defaults(item) for item in value] if isinstance(value, tuple) else value


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


def case_line(case: Case) -> str:
    """Return a case as a line of JSON, without its line end."""
    return json.dumps(case_to_json(case), ensure_ascii=False)


def suite_text(name: str, corpus: str, cases: str = CASES_FILE, sha256: str = "") -> str:
    """Return the text of a new suite file.

    Args:
        name: The name of the suite.
        corpus: The path of its documents, relative to the suite's folder.
        cases: The name of its file of cases.
        sha256: The hash of the corpus; empty to leave it out.

    Returns:
        YAML.
    """
    lines = [f"schema_version: {SCHEMA_VERSION}", f"suite: {json.dumps(name, ensure_ascii=False)}", "corpus:"]
    lines.append(f"  path: {json.dumps(corpus, ensure_ascii=False)}")
    if sha256:
        lines.append(f"  sha256: {sha256}")
    return "\n".join([*lines, f"cases: {json.dumps(cases)}", ""])


def append_case(path: Path, case: Case, corpus: Path | None = None) -> None:
    """Add a case to a suite, see `append_cases`.

    Args:
        path: The suite.
        case: The case.
        corpus: The documents, for a suite that is absent.

    Raises:
        UsageError: The id is taken, a suite file cannot hold the case, or the suite cannot be written.
    """
    append_cases(path, [case], corpus)


def append_cases(path: Path, cases: Sequence[Case], corpus: Path | None = None) -> None:
    """Add cases to a suite, all or none; two processes may add at once.

    Args:
        path: The suite's file or folder; one that is absent is made.
        cases: The cases.
        corpus: The documents, for a suite that is absent.

    Raises:
        UsageError: An id is taken, a suite file cannot hold a case, or the suite cannot be written.
    """
    from filelock import FileLock

    path = path / SUITE_FILE if path.is_dir() or path.suffix not in (".yaml", ".yml") else path
    lines = [case_line(case) for case in cases]
    # Parsed from its own line, so that a case that cannot be read again is refused before it is written.
    new = [parse_case(Located(path, json.loads(line), {}), json.loads(line)) for line in lines]
    if repeated := [id_ for id_, count in Counter(case.id for case in new).items() if count > 1]:
        raise UsageError(Notice("case-id-repeated", {"id": repeated[0]}))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=30):
            if not path.exists():
                _create(path, corpus)
            _append(path, new, lines)
    except OSError as error:
        values = {"path": str(path), "cause": str(error.strerror or error)}
        raise UsageError(Notice("suite-not-writable", values)) from None


def remove_case(path: Path, id_: str) -> None:
    """Take a case out of a suite, out of whichever file of cases it stands in.

    Args:
        path: The suite's file or folder.
        id_: The id of the case.

    Raises:
        UsageError: No file of cases has it, or it cannot be written.
    """
    from filelock import FileLock

    path = path / SUITE_FILE if path.is_dir() else path
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=30):
            located = read_yaml(path)
            _, entries = parse_suite_form(located)
            for cases_file in (_cases_file(located, entry) for entry in entries if isinstance(entry, str)):
                # A text may hold other characters that end a line for Python.
                lines = read_text(cases_file).split("\n")
                kept = [line for line in lines if not (line.strip() and json.loads(line).get("id") == id_)]
                if len(kept) < len(lines):
                    write_atomically(cases_file, "\n".join(kept))
                    return
    except OSError as error:
        values = {"path": str(path), "cause": str(error.strerror or error)}
        raise UsageError(Notice("suite-not-writable", values)) from None
    raise UsageError(Notice("case-absent", {"path": str(path), "id": id_}))


def _create(path: Path, corpus: Path | None) -> None:
    """Write a suite without cases."""
    if corpus is None or not corpus.exists():
        raise UsageError(Notice("suite-absent", {"path": str(path)}))
    cases = path.with_name(CASES_FILE if path.name == SUITE_FILE else f"{path.stem}.cases.jsonl")
    if cases.exists():
        raise UsageError(Notice("suite-lost", {"cases": str(cases), "path": str(path)}))
    write_atomically(cases, "")
    relative_corpus = Path(os.path.relpath(corpus.resolve(), path.parent.resolve())).as_posix()
    name = path.parent.resolve().name if path.name == SUITE_FILE else path.stem
    write_atomically(path, suite_text(name or "suite", relative_corpus, cases.name))


def _append(path: Path, cases: Sequence[Case], lines: Sequence[str]) -> None:
    """Add cases, whose JSON is in ``lines``, to the last file of cases of a suite, or else to its list in place."""
    located = read_yaml(path)
    _, entries = parse_suite_form(located)
    taken = {case.id: where for case, where in _read_cases(located, entries)}
    for case in cases:
        if case.id in taken:
            raise UsageError(Notice("case-id-taken", {"place": taken[case.id], "id": case.id}))
    files = [entry for entry in entries if isinstance(entry, str)]
    if files:
        cases_file = _cases_file(located, files[-1])
        text = read_text(cases_file)
        line_end = "\n" if text and not text.endswith("\n") else ""
        write_atomically(cases_file, text + line_end + "\n".join([*lines, ""]))
        return
    text = read_text(path)
    if "cases" not in located.data:
        raise UsageError(Notice("case-has-no-place", {"place": located.where(), "file": CASES_FILE}))
    for line in lines:
        located = parse_yaml(path, text)
        text = _with_case_in_place(located, text, len(located.data["cases"]), line)
    write_atomically(path, text)


def _with_case_in_place(located: Located, text: str, count: int, line: str) -> str:
    """Return the text of a suite with one more case, a line of JSON, at the end of its list of ``count`` cases.

    YAML takes JSON as it is. Comments and layout stay.

    Raises:
        UsageError: The list is not the last thing in the file.
    """
    item = re.search(r"^( *)- ", text.split("\n")[located.lines[("cases", 0)] - 1]) if count else None
    longer = text.rstrip() + f"\n{item.group(1) if item else ''}- {line}\n"
    try:
        new = parse_yaml(located.path, longer).data
        is_added = new["cases"][-1] == json.loads(line) and new == {**located.data, "cases": new["cases"]}
        fits = item is not None and is_added and new["cases"][:-1] == located.data["cases"]
    except UsageError:
        fits = False
    if not fits:
        raise UsageError(Notice("case-has-no-place", {"place": located.where(("cases",)), "file": CASES_FILE}))
    return longer
