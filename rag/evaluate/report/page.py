"""Results as one HTML file that needs nothing else: no asset, no request, no network.

Owns: the page's sections and its content security policy. Everything that a document, a model or a suite says is
escaped; styles and the small script are allowed by their hashes and nothing else is.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

from rag.evaluate.metrics.latency import latencies
from rag.evaluate.metrics.table import metric
from rag.evaluate.report.case import case
from rag.evaluate.report.plots import Point, curve, interval_bar, reliability, scatter
from rag.evaluate.report.view import headline, interval, is_certain, number, rows
from rag.evaluate.results import Results
from rag.evaluate.types import Comparison, Figure

# (source) → its canonical text, or None when it is gone.
Texts = Callable[[str], str | None]

_SIGN = {
    "PASS": "The gate passes.",
    "FAIL": "The gate fails.",
    "INCONCLUSIVE": "The gate cannot decide; nothing is shown to be worse.",
    "INVALID": "The figures cannot be trusted.",
}


def page(results: Results, text_of: Texts) -> str:
    """The HTML of a run. ``text_of`` gives the sources in which gold evidence and citations are marked."""
    style, script = (Path(__file__).with_name(f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    body = "".join(
        (
            _header(results),
            _figures(results),
            _comparison(results),
            _abstention(results),
            _tags(results),
            _speed(results),
            _cases(results, text_of),
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(results.suite.name)}: {results.gate.state}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# -- sections ----------------------------------------------------------------------------------------------------------


def _header(results: Results) -> str:
    state = results.gate.state
    findings = "".join(
        f'<li><b class="{finding.state}">{finding.state}</b> {escape(finding.reason)}</li>'
        for finding in results.gate.findings
    )
    config = results.config
    facts = {
        "Cases": str(len(results.records)),
        "Raised": str(results.errors),
        "Language model": str(config.get("model", "none")),
        "Embedding model": str(config.get("embedding_model", "")),
        "Suite": results.suite.sha256[:12],
        "Corpus": results.corpus_sha256[:12],
        "Footnote": str(config.get("footnote", "")),
    }
    listed = "".join(f"<div><dt>{escape(key)}</dt><dd>{escape(value)}</dd></div>" for key, value in facts.items())
    return (
        f'<header><div class="top"><h1>{escape(results.suite.name)}</h1>'
        f'<span class="badge {state}">{state}</span></div>'
        f'<p class="lead">{_SIGN.get(state, "")}</p>'
        + (f'<ul class="findings">{findings}</ul>' if findings else "")
        + f'<dl class="facts">{listed}</dl></header>\n'
    )


def _figures(results: Results) -> str:
    first = headline(results.figures, results.judged)
    shown = {figure.metric for figure in first}
    rest = [figure for figure in results.figures if figure.metric not in shown]
    more = ""
    if rest:
        table = _figure_table(rest, results)
        more = f'<details class="more"><summary>{len(rest)} more figures</summary>{table}</details>'
    return (
        '<section><h2>Figures</h2><p class="lead">Means over the cases to which a metric applies. The whisker is the '
        "95 % interval.</p>"
        f"{_figure_table(first, results)}{more}</section>\n"
    )


def _figure_table(figures: Sequence[Figure], results: Results) -> str:
    body = "".join(_figure_row(figure, figure.metric in results.judged) for figure in figures)
    return _table(("metric", "", "n:mean", "n:95 % interval", "n:cases", "note:what it says"), body)


def _figure_row(figure: Figure, judged: bool) -> str:
    known = metric(figure.metric)
    note = "judged by a language model" if judged else known.meaning if known else ""
    bar = ""
    if 0 <= figure.mean <= 1:
        bar = interval_bar(figure.mean, figure.low, figure.high, f"{number(figure.mean)}, {interval(figure)}")
    few = ' <span class="few">too few</span>' if figure.few else ""
    return (
        f'<tr><td class="name">{_breakable(figure.metric)}</td><td>{bar}</td><td class="n">{number(figure.mean)}</td>'
        f'<td class="n">{interval(figure)}</td><td class="n">{figure.n}{few}</td>'
        f'<td class="note">{escape(note)}</td></tr>'
    )


def _comparison(results: Results) -> str:
    found = results.gate.comparisons
    if not found:
        return ""
    points = [
        Point(
            c.baseline, c.current, c.baseline + c.low, c.baseline + c.high, f"{c.metric}: {c.difference:+.3f}", _kind(c)
        )
        for c in found
        if 0 <= c.baseline <= 1 and 0 <= c.current <= 1
    ]
    plot = scatter(points, "baseline", "this run", "Figures of this run over those of the baseline")
    body = "".join(
        f'<tr><td class="name">{_breakable(c.metric)}</td><td class="n">{number(c.baseline)}</td>'
        f'<td class="n">{number(c.current)}</td><td class="n {_kind(c)}">{c.difference:+.3f}</td>'
        f'<td class="n">{c.low:+.3f} … {c.high:+.3f}</td><td class="n">{c.adjusted:.3f}</td>'
        f'<td class="n">{c.wins} / {c.ties} / {c.losses}</td></tr>'
        for c in found
    )
    head = ("metric", "n:baseline", "n:now", "n:difference", "n:95 % interval", "n:p", "n:better / same / worse")
    return (
        '<section><h2>Against the baseline</h2><p class="lead">Paired over the same cases. p is that of the sign-flip '
        "permutation test, adjusted after Holm; what is coloured is significant.</p>"
        f"{_table(head, body)}"
        f'<div class="plots"><figure>{plot}<figcaption>A point above the line is a figure that rose; '
        "hover for its name.</figcaption></figure></div></section>\n"
    )


def _kind(comparison: Comparison) -> str:
    if not is_certain(comparison):
        return ""
    known = metric(comparison.metric)
    rose = comparison.difference > 0
    return "better" if rose != bool(known and known.better == "lower") else "worse"


def _abstention(results: Results) -> str:
    found = results.abstention
    table, figures = found.get("table", {}), found.get("figures", {})
    unanswerable = table.get("answered_unanswerable", 0) + table.get("refused_unanswerable", 0)
    parts: list[str] = []
    if unanswerable:
        body = "".join(
            f'<tr><td class="name">{kind}</td><td class="n">{table[f"answered_{kind}"]}</td>'
            f'<td class="n">{table[f"refused_{kind}"]}</td></tr>'
            for kind in ("answerable", "unanswerable")
        )
        parts.append(_table(("question", "n:answered", "n:refused"), body))
    values = "".join(
        f"<span>{escape(name.replace('_', ' '))} <b>{number(value)}</b></span>"
        for name, value in figures.items()
        if value is not None
    )
    risk = curve(found.get("risk_coverage", ()), "share answered, surest first", "share wrong", "Risk over coverage")
    bins = [(b["confidence"], b["right"], b["n"]) for b in found.get("reliability", ()) if b["n"]]
    calibration = reliability(bins, "Share of right answers over confidence")
    plots = "".join(
        f"<figure>{plot}<figcaption>{words}</figcaption></figure>"
        for plot, words in (
            (risk, "Risk–coverage: how many answers are wrong when only the surest are given."),
            (calibration, "Reliability: on the line a confidence means what it says."),
        )
        if plot
    )
    return (
        '<section><h2>Abstention</h2><p class="lead">Does Footnote refuse what the documents do not say, and only '
        "that?</p>"
        f'{"".join(parts)}<div class="values">{values}</div><div class="plots">{plots}</div></section>\n'
    )


def _tags(results: Results) -> str:
    if not results.by_tag:
        return ""
    names = [figure.metric for figure in headline(results.figures)][:6]
    body = ""
    for tag, figures in results.by_tag.items():
        by_name = {figure.metric: figure for figure in figures}
        n = sum(tag in record.tags for record in results.records)
        few = ' <span class="few">too few</span>' if n < 30 else ""
        cells = "".join(f'<td class="n">{_mean(by_name.get(name))}</td>' for name in names)
        body += f'<tr><td class="name">{escape(tag)}</td><td class="n">{n}{few}</td>{cells}</tr>'
    head = ("tag", "n:cases", *(f"n:{name}" for name in names))
    return (
        '<section><h2>By tag</h2><p class="lead">For reading, not for deciding: with many groups one looks odd by '
        f"chance.</p>{_table(head, body)}</section>\n"
    )


def _mean(figure: Figure | None) -> str:
    return f'<span title="{interval(figure)}">{number(figure.mean)}</span>' if figure else "–"


def _speed(results: Results) -> str:
    # All count from the question, so the order of time is the order of stages.
    stages = sorted(latencies(results.records), key=lambda stage: stage.p50 or stage.cold or 0.0)
    body = "".join(
        f'<tr><td class="name">{escape(stage.stage.removesuffix("_ms").replace("_", " "))}</td>'
        f'<td class="n">{number(stage.p50)}</td><td class="n">{number(stage.p95)}</td>'
        f'<td class="n">{number(stage.cold)}</td></tr>'
        for stage in stages
        if stage.p95 or stage.cold
    )
    if not body:
        return ""
    head = ("until", "n:half within", "n:95 % within", "n:first question")
    return (
        '<section><h2>Speed</h2><p class="lead">Milliseconds since the question was asked, on the machine of this run; '
        f"the first question waits for models to load.</p>{_table(head, body)}</section>\n"
    )


def _cases(results: Results, text_of: Texts) -> str:
    found = rows(results)
    tags = sorted({tag for row in found for tag in row.case.tags})
    kinds = [("wrong", "wrong"), ("error", "raised"), ("right", "right")]
    if any(row.change for row in found):
        kinds += [("changed", "changed"), ("worse", "right before, wrong now"), ("better", "wrong before, right now")]
    return (
        '<section><h2>Cases</h2><p class="lead">Open a case to see the expected evidence '
        '(<mark class="gold">underlined in green</mark>) and the cited words (<mark class="cited">on yellow</mark>) '
        "where they stand.</p>"
        '<form class="tools"><input id="words" type="search" placeholder="Find words" aria-label="Find words in cases">'
        f"{_select('outcome', 'every outcome', kinds)}{_select('tag', 'every tag', [(tag, tag) for tag in tags])}"
        '<output id="count"></output></form>'
        f"{''.join(case(row, text_of) for row in found)}</section>\n"
        f"<footer>Written by Footnote {escape(str(results.config.get('footnote', '')))}. This file asks nothing of any "
        "server.</footer>\n"
    )


def _select(id_: str, every: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in options)
    return f'<select id="{id_}" aria-label="{every}"><option value="">{every}</option>{listed}</select>'


def _breakable(name: str) -> str:
    """A metric's name that a narrow table may break where its parts meet."""
    return re.sub(r"([_@/])", r"\1<wbr>", escape(name))


def _table(head: Iterable[str], body: str) -> str:
    """A table; ``n:`` before a column's name sets it to the right, ``note:`` hides it on a phone."""
    cells = ""
    for words in head:
        kind, _, name = words.rpartition(":")
        cells += f'<th class="{kind}">{escape(name)}</th>' if kind else f"<th>{escape(name)}</th>"
    return f'<div class="wide"><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>'
