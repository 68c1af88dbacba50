"""Results as a Markdown summary, short enough for a comment on a change.

Owns: what the summary holds and the escaping of other people's words in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evaluate.report.conversations import history_sentence, scores, summary, wrong_lines
from rag.evaluate.report.view import (
    Row,
    difference_interval,
    flipped,
    headline,
    interval,
    is_certain,
    number,
    one_line,
    outside_notes,
    reason_rows,
    rows,
    usage_sentence,
    verdict_rows,
)
from rag.evaluate.results import Results
from rag.evaluate.settings import settings_sentence
from rag.evaluate.systems.not_given import not_given_lines

# GitHub takes 65,536 characters in a comment.
_LONGEST = 60_000
# Cases that are listed; the others are counted.
_LISTED = 30
_SIGNS = {"PASS": "✅", "FAIL": "❌", "INCONCLUSIVE": "⚠️", "INVALID": "⛔"}


def markdown(results: Results) -> str:
    """Return the gate's state, the figures that stand first, what changed, and the cases that are wrong."""
    state = results.gate.state
    lines = [
        f"## {_SIGNS.get(state, '')} {escaped(results.suite.name)}: {state}".replace("##  ", "## "),
        "",
        f"{len(results.records)} cases, {results.errors} raised; {_what(results)} {escaped(_model(results))}; "
        f"suite `{results.suite.sha256[:12]}`, corpus `{results.corpus_sha256[:12]}`.",
    ]
    if settings := settings_sentence(results.config):
        lines.append(f"Settings: {escaped(one_line(settings))}.")
    lines.append("")
    lines += [f"- **{f.state}** {escaped(f.reason)}" for f in results.gate.findings if f.state != "PASS"]
    lines += [f"- {escaped(notice)}" for notice in results.gate.notices]
    lines += [
        "",
        *_figures(results),
        *_usage(results),
        *_conversations(results),
        *_comparisons(results),
        *_verdicts(results),
        *_reasons(results),
        *_wrong(rows(results)),
    ]
    return cut("\n".join(lines) + "\n")


def _what(results: Results) -> str:
    return "system" if "system" in results.config else "language model"


def _model(results: Results) -> str:
    return str(results.config.get("model", "none"))


def _figures(results: Results) -> list[str]:
    lines = ["| metric | mean | 95 % interval | cases |", "| --- | ---: | :---: | ---: |"]
    for figure in headline(results.figures, results.judged):
        few = " (too few)" if figure.few else ""
        judged = " (judged)" if figure.metric in results.judged else ""
        lines.append(f"| `{figure.metric}`{judged} | {number(figure.mean)} | {interval(figure)} | {figure.n}{few} |")
    notes = [f"- `{name}`: {escaped(one_line(note))}" for name, note in outside_notes(results.figures).items()]
    notes += [f"- {escaped(one_line(line))}" for line in not_given_lines(results.records)]
    return [*lines, "", *notes, *([""] if notes else [])]


def _usage(results: Results) -> list[str]:
    sentence = usage_sentence(results)
    return [f"Language models: {escaped(sentence)}.", ""] if sentence else []


def _conversations(results: Results) -> list[str]:
    shown = scores(results)
    if not shown:
        return []
    lines = ["### Conversations", "", f"{summary(shown)}; {history_sentence(results)}.", ""]
    return [*lines, *(f"- {escaped(id_)}: {escaped(text)}" for id_, text in wrong_lines(results)), ""]


def _comparisons(results: Results) -> list[str]:
    if not results.gate.comparisons:
        return []
    lines = ["### Against the baseline", ""]
    lines += ["| metric | before | now | difference | 95 % interval | p | better / same / worse |"]
    lines += ["| --- | ---: | ---: | ---: | :---: | ---: | :---: |"]
    for c in results.gate.comparisons:
        strong = "**" if is_certain(c) else ""
        lines.append(
            f"| `{c.metric}` | {number(c.baseline)} | {number(c.current)} "
            f"| {strong}{c.difference:+.3f}{strong} | {difference_interval(c)} | {c.p:.3f} "
            f"| {c.wins} / {c.ties} / {c.losses} |"
        )
    for title, ids in zip(("Right now, wrong before", "Wrong now, right before"), flipped(results), strict=True):
        if ids:
            more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
            lines += ["", f"{title}: {', '.join(escaped(id_) for id_ in ids[:_LISTED])}{more}."]
    return [*lines, ""]


def _verdicts(results: Results) -> list[str]:
    verdicts = verdict_rows(results)
    if not verdicts:
        return []
    lines = ["### Verdicts of sentences", "", "| verdict | sentences | before |", "| --- | ---: | ---: |"]
    for row in verdicts:
        lines.append(f"| {row.name} | {row.count} | {'–' if row.before is None else row.before} |")
    return [*lines, ""]


def _reasons(results: Results) -> list[str]:
    reasons = reason_rows(results)
    if not reasons:
        return []
    lines = ["### Why sentences were not verified", ""]
    lines += ["| code | reason | sentences | before |", "| --- | --- | ---: | ---: |"]
    for row in reasons:
        before = "–" if row.before is None else row.before
        code, words = (escaped(one_line(text)) for text in (row.code, row.words))
        lines.append(f"| {code} | {words} | {row.count} | {before} |")
    return [*lines, ""]


def _wrong(case_rows: Sequence[Row]) -> list[str]:
    wrong = [row for row in case_rows if row.outcome in ("wrong", "error")]
    if not wrong:
        measured = sum(row.outcome == "measured" for row in case_rows)
        return [f"No case is wrong; {measured} are measured only." if measured else "Every case is right."]
    lines = [f"<details><summary>{len(wrong)} of {len(case_rows)} cases are not right</summary>", ""]
    lines += ["| case | question | why | answer |", "| --- | --- | --- | --- |"]
    for row in wrong[:_LISTED]:
        cells = (row.case.id, row.case.question, row.why, row.got)
        lines.append("| " + " | ".join(escaped(one_line(cell)) for cell in cells) + " |")
    if len(wrong) > _LISTED:
        lines += ["", f"… and {len(wrong) - _LISTED} more; the HTML report shows all."]
    return [*lines, "", "</details>"]


def escaped(text: str) -> str:
    """Escape words of others: no markup, link, picture, mention or table cell comes of them."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "@\u200b")
    plain = re.sub(r"([\\`*_{}\[\]()#+!|~$-])", r"\\\1", plain)
    # A bare address would become a link.
    return re.sub(r"(https?|ftp):", lambda scheme: f"{scheme[1]}&#58;", plain, flags=re.I).replace("www.", "www&#46;")


def cut(text: str) -> str:
    """Return a summary that fits a comment on GitHub; one that was cut says so."""
    if len(text) <= _LONGEST:
        return text
    end = text.rfind("\n", 0, _LONGEST)
    return text[:end] + "\n\n(cut: the summary is too long for a comment)\n"
