"""Tests of promptfoo with asserts that need no judge (https://www.promptfoo.dev/docs/configuration/expected-outputs).

    tests: [{description, vars: {question, context}, assert: [{type, value}]}]

Taken: equals, contains, icontains, contains-any, contains-all, starts-with, regex, is-refusal, and not- before a
contains. Case is never told apart here. All other asserts are left out and counted; a test that keeps none is refused.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportSource
from rag.evaluate.formats.import_target import ImportReport, ImportTarget
from rag.evaluate.formats.rows import text_field, text_list_field
from rag.evaluate.suite.source_lines import read_yaml
from rag.evaluate.types import Case

_QUESTIONS = ("question", "query", "input", "user_input", "prompt", "message")
_CONTEXTS = ("context", "contexts", "document", "documents")


def read(source: Path, target: ImportTarget) -> None:
    """Take a configuration in YAML or JSON with its tests in place."""
    marked = read_yaml(source)
    data = marked.data if isinstance(marked.data, dict) else {}
    tests = data.get("tests")
    if not isinstance(tests, list):
        raise UsageError(f"{marked.where(('tests',))}: 'tests' must be a list in this file; write the tests there.")
    common = data.get("defaultTest")
    shared = common if isinstance(common, dict) else {}
    for i, test in enumerate(tests):
        where = marked.where(("tests", i))
        given = test if isinstance(test, dict) else {}
        variables = {**_object(shared, "vars"), **_object(given, "vars")}
        question = text_field(variables, *_QUESTIONS)
        if not question or "{{" in question:
            target.refuse(where, "no question in its vars")
            continue
        asserts = [*_list(shared, "assert"), *_list(given, "assert")]
        fields, left = _expected(asserts)
        for kind in left:
            target.refuse(where, f"an assert of type {kind!r}")
        if not fields:
            target.refuse(where, "no assert that can be taken")
            continue
        try:
            for text in text_list_field(variables, *_CONTEXTS) if target.corpus is None else ():
                target.document(text, text)
        except ValueError as error:
            target.refuse(where, str(error))
            continue
        target.add(Case(f"q-{i + 1:05d}", question, **fields), where)


def _object(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _list(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = data.get(name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _expected(asserts: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """The fields of a case that asserts stand for, and the types that were left out."""
    include: list[str] = []
    exclude: list[str] = []
    fields: dict[str, Any] = {}
    left: list[str] = []
    for item in asserts:
        kind, values = str(item.get("type", "")), _values(item.get("value"))
        plain = kind.replace("icontains", "contains")
        if plain == "is-refusal":
            fields["answerable"] = False
        elif not values or any("{{" in value for value in values):
            left.append(kind)
        elif plain in ("contains", "contains-all"):
            include += values
        elif plain in ("not-contains", "not-contains-any"):
            exclude += values
        elif plain in ("equals", "contains-any") and "match" not in fields:
            fields |= {"answers": tuple(values), "match": "em" if plain == "equals" else "contains"}
        elif plain in ("regex", "starts-with") and "match" not in fields:
            pattern = values[0] if plain == "regex" else "^" + re.escape(values[0])
            fields |= {"pattern": pattern, "match": "regex"}
        else:
            left.append(kind)
    if fields.get("answerable") is False:
        return {"answerable": False}, left
    if include:
        fields["must_include"] = tuple(include)
    if exclude:
        fields["must_not_include"] = tuple(exclude)
    return fields, left


def _values(value: Any) -> list[str]:
    """The texts of an assert. A list may be written as text with commas, as promptfoo's CSV files do."""
    listed = value if isinstance(value, list) else [value]
    return [str(item) for item in listed if isinstance(item, str | int | float) and str(item).strip()]


def write(source: ExportSource) -> tuple[dict[str, str], ImportReport]:
    """A configuration with one test a case, in YAML's JSON form. The evidence is in ``vars.context``."""
    tests = []
    for asked in source.asked():
        case = asked.case
        checks = _asserts(case)
        if case.history or not checks:
            source.refuse(case, "a follow-up" if case.history else "a case that expects nothing promptfoo can check")
            continue
        variables = {"question": case.question} | ({"context": list(asked.quotes)} if asked.quotes else {})
        tests.append({"description": case.id, "vars": variables, "assert": checks})
    lines = ["prompts: ['{{question}}']", "tests:", *(f"  - {json.dumps(test, ensure_ascii=False)}" for test in tests)]
    return {"": "\n".join(lines) + "\n"}, ImportReport(Path(), len(tests), 0, source.refusals.listed())


def _asserts(case: Case) -> list[dict[str, Any]]:
    if not case.answerable:
        return [{"type": "is-refusal"}]
    found: list[dict[str, Any]] = []
    if case.match == "regex" and case.pattern:
        found.append({"type": "regex", "value": case.pattern})
    elif case.match in ("em", "contains") and case.answers:
        exact = case.match == "em" and len(case.answers) == 1
        value: Any = case.answers[0] if exact else list(case.answers)
        found.append({"type": "equals" if exact else "icontains-any", "value": value})
    found += [{"type": "icontains", "value": text} for text in case.must_include]
    return found + [{"type": "not-icontains", "value": text} for text in case.must_not_include]
