"""Results as JUnit XML, which continuous integration shows as tests.

Owns: which element says what: a wrong case is a failure, or skipped where it is known to be wrong, a case that raised
is an error, each rule of the gate is a case of its own, and means with their intervals and the scores of conversations
are properties. Format: the JUnit schema of Apache Ant as read by Jenkins, GitLab and GitHub actions.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rag.evaluate.known_wrong import known_wrong
from rag.evaluate.metrics.table import measure_of
from rag.evaluate.report.conversations import score_text, scores
from rag.evaluate.report.view import comparable_baseline, interval, number, outside_notes, rows
from rag.evaluate.results import Results

# What XML 1.0 may hold (section 2.2, Char); everything else is shown as a replacement character.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Results) -> str:
    """Return the XML of a run, well formed whatever its texts hold."""
    root = Element("testsuites", name="footnote")
    _add_cases(root, results)
    _add_gate(root, results)
    for suite in root:
        tests = suite.findall("testcase")
        suite.set("tests", str(len(tests)))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(name, str(sum(test.find(tag) is not None for test in tests)))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", root[0].get("time", "0"))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _add_cases(root: Element, results: Results) -> None:
    suite = SubElement(root, "testsuite", name=_xml(results.suite.name), time=f"{results.timing.get('seconds', 0):.3f}")
    properties = SubElement(suite, "properties")
    for name, value in (
        ("suite_sha256", results.suite.sha256),
        ("corpus_sha256", results.corpus_sha256),
        ("model", str(results.config.get("model", ""))),
        ("gate", results.gate.state),
    ):
        SubElement(properties, "property", name=name, value=_xml(value))
    notes = outside_notes(results.figures)
    for figure in results.figures:
        note = notes.get(measure_of(figure.metric), "")
        judged = ", judged" * (figure.metric in results.judged)
        value = f"{number(figure.mean)} ({interval(figure)}, n = {figure.n}{', too few' * figure.few}{judged})"
        value += f"; {note}" * bool(note)
        SubElement(properties, "property", name=_xml(figure.metric), value=_xml(value))
    for score in scores(results):
        SubElement(properties, "property", name=_xml(f"conversation {score.id}"), value=_xml(score_text(score)))
    compared = comparable_baseline(results)
    before = {record.id: record for record in compared.records} if compared else {}
    for row in rows(results):
        known = known_wrong(row.case, before)
        seconds = row.record.timings.get("total_ms", 0.0) / 1000
        group = f"{results.suite.name}.{row.record.conversation}" if row.record.conversation else results.suite.name
        test = SubElement(suite, "testcase", classname=_xml(group), name=_xml(row.case.id), time=f"{seconds:.3f}")
        if row.outcome == "error":
            SubElement(test, "error", message=_xml(row.why), type="error").text = _xml(row.case.question)
        elif row.outcome == "wrong":
            details = f"Question: {row.case.question}\nExpected: {row.expected}\nAnswer: {row.got}"
            tag, message = ("skipped", f"known to be wrong: {known}") if known else ("failure", row.why)
            SubElement(test, tag, message=_xml(message), type="xfail" if known else "wrong").text = _xml(details)
        elif row.outcome == "right" and row.case.xfail:
            told = f"right, though marked as known to be wrong ({row.case.xfail}): take 'xfail' away"
            SubElement(test, "system-out").text = _xml(told)
    for case in results.suite.cases:
        if case.skip:
            test = SubElement(suite, "testcase", classname=_xml(results.suite.name), name=_xml(case.id), time="0.000")
            SubElement(test, "skipped", message=_xml(case.skip), type="skip")


def _add_gate(root: Element, results: Results) -> None:
    name = f"{results.suite.name} gate"
    suite = SubElement(root, "testsuite", name=_xml(name), time="0.000")
    for finding in results.gate.findings:
        test = SubElement(suite, "testcase", classname=_xml(name), name=_xml(finding.metric), time="0")
        if finding.state == "PASS":
            continue
        tag = {"FAIL": "failure", "INVALID": "error"}.get(finding.state, "skipped")
        SubElement(test, tag, message=_xml(f"{finding.state}: {finding.reason}"), type=finding.state)


def _xml(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
