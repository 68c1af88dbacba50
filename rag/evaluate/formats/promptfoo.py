"""Tests of promptfoo with asserts that need no judge (https://www.promptfoo.dev/docs/configuration/expected-outputs).

    tests: [{description, vars: {question, context}, assert: [{type, value}]}]

Taken: equals, contains, icontains, contains-any, contains-all (of a list, or of a text with commas), starts-with and
regex, as many of each as there are, not- before each but contains-all, and is-refusal. In a contains, upper and lower
case are the same here. All other asserts are left out and named; a test that keeps none is rejected. Variables and
tests in files beside the configuration are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.formats.export_source import ExportSource, RenderedSuite, lines_text
from rag.evaluate.formats.import_target import ImportTarget
from rag.evaluate.formats.promptfoo_asserts import case_fields
from rag.evaluate.formats.promptfoo_files import FileProblem, is_file, read_tests, with_files
from rag.evaluate.formats.rows import object_field, object_list_field, text_field, text_list_field
from rag.evaluate.suite.source_lines import Located, read_yaml
from rag.evaluate.types import Case

_QUESTIONS = ("question", "query", "input", "user_input", "prompt", "message")
_CONTEXTS = ("context", "contexts", "document", "documents")


def read(path: Path, target: ImportTarget) -> None:
    """Read a configuration with its tests in place.

    Args:
        path: The YAML or JSON file.
        target: The suite that is being put together.

    Raises:
        UsageError: The file has no list of tests.
    """
    located = read_yaml(path)
    data = located.data if isinstance(located.data, dict) else {}
    tests = data.get("tests")
    if not isinstance(tests, list | str):
        raise UsageError(f"{located.where(('tests',))}: 'tests' must be a list or a file; write the tests there.")
    default = object_field(data, "defaultTest")
    for number, (where, test) in enumerate(_tests(located, tests, target), start=1):
        own = test if isinstance(test, dict) else {}
        try:
            variables = with_files({**object_field(default, "vars"), **object_field(own, "vars")}, path.parent)
        except FileProblem as problem:
            target.reject(where, str(problem))
            continue
        question = text_field(variables, *_QUESTIONS)
        if not question or "{{" in question:
            target.reject(where, "no question in its vars")
            continue
        asserts = [*object_list_field(default, "assert"), *object_list_field(own, "assert")]
        fields, unknown_types = case_fields(asserts)
        for kind in unknown_types:
            target.reject(where, f"an assert of type {kind!r}")
        if not fields:
            target.reject(where, "no assert that can be taken")
            continue
        try:
            for text in text_list_field(variables, *_CONTEXTS) if target.corpus is None else ():
                target.add_document(text, text)
        except ValueError as error:
            target.reject(where, str(error))
            continue
        target.add_case(Case(f"q-{number:05d}", question, **fields), where)


def _tests(located: Located, tests: list[Any] | str, target: ImportTarget) -> Iterator[tuple[str, Any]]:
    """Yield the tests in place and those of the files that are named, each with where it stands."""
    listed = tests if isinstance(tests, list) else [tests]
    for i, test in enumerate(listed):
        where = located.where(("tests", i))
        if not is_file(test):
            yield where, test
            continue
        try:
            yield from read_tests(test, located.path.parent)
        except FileProblem as problem:
            target.reject(where, str(problem))


def render(export: ExportSource) -> RenderedSuite:
    """Render a configuration with one test a case, in YAML's JSON form. The evidence is in ``vars.context``."""
    tests = []
    for exported in export.cases():
        case = exported.case
        checks = _asserts(case)
        if case.history or not checks:
            export.reject(case, "a follow-up" if case.history else "a case that expects nothing promptfoo can check")
            continue
        variables = {"question": case.question} | ({"context": exported.contexts} if exported.quotes else {})
        # Without this, promptfoo would ask once for each text of a list.
        options = {"options": {"disableVarExpansion": True}} if exported.quotes else {}
        tests.append({"description": case.id, "vars": variables, **options, "assert": checks})
    lines = ["prompts: ['{{question}}']", "tests:", *(f"  - {json.dumps(test, ensure_ascii=False)}" for test in tests)]
    return RenderedSuite({"": lines_text(lines)}, len(tests))


def _asserts(case: Case) -> list[dict[str, Any]]:
    """Return the asserts that check what a case expects."""
    if not case.answerable:
        return [{"type": "is-refusal"}]
    asserts: list[dict[str, Any]] = []
    if case.match == "regex" and case.pattern:
        asserts.append({"type": "regex", "value": case.pattern})
    elif case.match in ("em", "contains") and case.answers:
        if case.match == "contains":
            asserts.append({"type": "icontains-any", "value": list(case.answers)})
        elif len(case.answers) == 1:
            asserts.append({"type": "equals", "value": case.answers[0]})
        else:
            asserts.append({"type": "regex", "value": f"^(?:{'|'.join(map(re.escape, case.answers))})$"})
    asserts += [{"type": "icontains", "value": text} for text in case.must_include]
    return asserts + [{"type": "not-icontains", "value": text} for text in case.must_not_include]
