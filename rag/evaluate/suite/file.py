"""Suites on disk: a YAML file, and cases in it or in JSONL files beside it.

Owns: the format of a suite file, what is wrong in one and in which line, its hashes, and adding a case to it. Knows
nothing about indexes, runs or metrics.

    schema_version: 1
    suite: handbook
    corpus: {path: ../docs, sha256: …}      # relative to the suite's folder; the hash may be left out
    defaults: {top_k: 8}                    # settings by the names of `rag.settings`
    gate:                                   # metric: what is demanded of it, see `rag.evaluate.types.Rule`
      right: {min: 0.6, min_effect: 0.02}
    cases: cases.jsonl                      # or a list of cases, or of both

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
from rag.evaluate.suite.schema import parse_case, parse_suite_form, raise_schema_error
from rag.evaluate.suite.source_lines import Located, Location, parse_yaml, read_jsonl, read_text, read_yaml
from rag.evaluate.types import SCHEMA_VERSION, Case, GateRule, Suite

FILE, CASES_FILE = "suite.yaml", "cases.jsonl"
# More cases than this are a data set to sample from.
_MOST_CASES = 100_000

# -- reading ----------------------------------------------------------------------------------------------------------


def load_suite(path: Path) -> Suite:
    """The suite in a YAML file (or in ``suite.yaml`` of a folder). Raises UsageError with file, line and what to do."""
    path = path / FILE if path.is_dir() else path
    marked = read_yaml(path)
    form, entries = parse_suite_form(marked)
    corpus = path.parent / form.corpus.path
    if not corpus.exists():
        raise_schema_error(
            marked.where(("corpus", "path")), f"the corpus {corpus} does not exist; correct 'corpus.path'."
        )
    cases: dict[str, Case] = {}
    where: dict[str, str] = {}
    for case, place in _cases(marked, entries):
        if case.id in cases:
            raise_schema_error(place, f"the id {case.id!r} is taken by {where[case.id]}; give this case another.")
        if len(cases) >= _MOST_CASES:
            raise_schema_error(place, f"this is case {_MOST_CASES + 1}, and a suite may have {_MOST_CASES}; split it.")
        cases[case.id], where[case.id] = case, place
    if not cases:
        raise_schema_error(marked.where(("cases",)), f"the suite has no cases; add one with: rag eval add {path}")
    return Suite(
        form.suite,
        path,
        corpus,
        form.corpus.sha256,
        tuple(cases.values()),
        _cases_hash(cases),
        form.defaults.model_dump(exclude_unset=True),  # type: ignore[attr-defined]
        tuple(GateRule(metric, **bounds.model_dump()) for metric, bounds in form.gate.items()),
        where,
    )


def _cases(marked: Located, entries: list[Any]) -> Iterator[tuple[Case, str]]:
    for i, entry in enumerate(entries):
        if isinstance(entry, str):
            for line in read_jsonl(_beside(marked, entry)):
                yield parse_case(line, line.data), line.where()
        else:
            location: Location = ("cases", i)
            yield parse_case(marked, entry, location), marked.where(location)


def _beside(marked: Located, name: str) -> Path:
    """A file of cases: beside the suite or below, so that a suite makes nobody write or read elsewhere."""
    folder = marked.path.parent
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()) or not name.endswith(".jsonl"):
        raise_schema_error(marked.where(("cases",)), f"{name!r} must be a .jsonl file beside the suite; move it there.")
    if not path.is_file():
        raise_schema_error(marked.where(("cases",)), f"there is no file {path}; correct 'cases'.")
    return path


# -- hashes ------------------------------------------------------------------------------------------------------------


def _cases_hash(cases: Mapping[str, Case]) -> str:
    """SHA-256 of the cases' JSON, by id: where and in which order they are written does not matter."""
    lines = (json.dumps(case_to_json(cases[id_]), sort_keys=True) for id_ in sorted(cases))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def corpus_hash(corpus: Path) -> str:
    """SHA-256 over the relative names and the contents of the files that an ingestion would look at."""
    from rag.load.loader import hash_file
    from rag.load.walk import walk

    if not corpus.exists():
        raise UsageError(f"The corpus {corpus} does not exist; check the path.")
    digest = hashlib.sha256()
    for found in sorted(walk(corpus), key=lambda found: found.relative):
        if found.problem:
            continue
        try:
            content = hash_file(found.path)
        except LoadError as error:
            raise UsageError(f"The file {found.path} of the corpus cannot be read: {error}.") from None
        digest.update(f"{content} {found.relative}\n".encode())
    return digest.hexdigest()


# -- writing -----------------------------------------------------------------------------------------------------------


def case_to_json(case: Case) -> dict[str, Any]:
    """A case as a suite file holds it: only what differs from the defaults."""
    found: dict[str, Any] = _sparse(case)
    return found


def _sparse(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: field.default for field in dataclasses.fields(value)}
        return {n: _sparse(getattr(value, n)) for n, default in fields.items() if getattr(value, n) != default}
    return [_sparse(item) for item in value] if isinstance(value, tuple) else value


def case_line(case: Case) -> str:
    """A case as a line of JSON, without its line end."""
    return json.dumps(case_to_json(case), ensure_ascii=False)


def suite_text(name: str, corpus: str, cases: str = CASES_FILE, sha256: str = "") -> str:
    """The text of a new suite file."""
    lines = [f"schema_version: {SCHEMA_VERSION}", f"suite: {json.dumps(name, ensure_ascii=False)}", "corpus:"]
    lines.append(f"  path: {json.dumps(corpus, ensure_ascii=False)}")
    if sha256:
        lines.append(f"  sha256: {sha256}")
    return "\n".join([*lines, f"cases: {json.dumps(cases)}", ""])


def append_case(path: Path, case: Case, corpus: Path | None = None) -> None:
    """Add a case to the suite at ``path``, see `append_cases`."""
    append_cases(path, [case], corpus)


def append_cases(path: Path, cases: Sequence[Case], corpus: Path | None = None) -> None:
    """Add cases to the suite at ``path``, all or none; a suite that is absent is made, over ``corpus``.

    Nobody ever sees half of it, and two processes may add at once. Raises UsageError for an id that is taken, a case
    that a suite file cannot hold, or a suite that cannot be written.
    """
    from filelock import FileLock

    path = path / FILE if path.is_dir() or path.suffix not in (".yaml", ".yml") else path
    lines = [case_line(case) for case in cases]
    # What is written must be readable again.
    new = [parse_case(Located(path, json.loads(line), {}), json.loads(line)) for line in lines]
    if twice := [id_ for id_, count in Counter(case.id for case in new).items() if count > 1]:
        raise UsageError(f"Two of the new cases have the id {twice[0]!r}; nothing is added.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=30):
            if not path.exists():
                _create(path, corpus)
            _append(path, new, lines)
    except OSError as error:
        raise UsageError(f"The suite {path} cannot be written ({error.strerror or error}).") from None


def _create(path: Path, corpus: Path | None) -> None:
    if corpus is None or not corpus.exists():
        raise UsageError(f"There is no suite {path}; name the folder of its documents so that it can be made.")
    cases = path.with_name(CASES_FILE if path.name == FILE else f"{path.stem}.cases.jsonl")
    if cases.exists():
        raise UsageError(f"There are cases in {cases} and no suite {path}; restore the suite or move the cases away.")
    write_atomically(cases, "")
    inside = Path(os.path.relpath(corpus.resolve(), path.parent.resolve())).as_posix()
    name = path.parent.resolve().name if path.name == FILE else path.stem
    write_atomically(path, suite_text(name or "suite", inside, cases.name))


def _append(path: Path, cases: Sequence[Case], lines: Sequence[str]) -> None:
    marked = read_yaml(path)
    _, entries = parse_suite_form(marked)
    taken = {known.id: where for known, where in _cases(marked, entries)}
    for case in cases:
        if case.id in taken:
            raise_schema_error(taken[case.id], f"the id {case.id!r} is taken; give the new case another.")
    files = [entry for entry in entries if isinstance(entry, str)]
    if files:
        beside = _beside(marked, files[-1])
        text = read_text(beside)
        write_atomically(beside, text + "\n" * bool(text and not text.endswith("\n")) + "\n".join([*lines, ""]))
        return
    text = read_text(path)
    for line in lines:
        marked = parse_yaml(path, text)
        text = _with_item(marked, text, len(marked.data["cases"]), line)
    write_atomically(path, text)


def _with_item(marked: Located, text: str, count: int, line: str) -> str:
    """The text of a suite with a case more at the end of its list, which JSON can be put into as it is.

    Comments and layout stay. Raises UsageError where the list is not the last thing in the file.
    """
    item = re.search(r"^( *)- ", text.split("\n")[marked.lines[("cases", 0)] - 1]) if count else None
    longer = text.rstrip() + f"\n{item.group(1) if item else ''}- {line}\n"
    try:
        new = parse_yaml(marked.path, longer).data
        added = new["cases"][-1] == json.loads(line) and new == {**marked.data, "cases": new["cases"]}
        fits = item is not None and added and new["cases"][:-1] == marked.data["cases"]
    except UsageError:
        fits = False
    if not fits:
        raise_schema_error(
            marked.where(("cases",)), f"a case cannot be added here; move the cases into {CASES_FILE} and name it."
        )
    return longer
