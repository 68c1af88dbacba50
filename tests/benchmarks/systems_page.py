"""One page on several systems that answered the same suite: their figures side by side, and every case.

Owns: the page. Everything that a suite, a document or a system says is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files

from rag.evaluate.report.view import case_row, interval, number, one_line
from rag.evaluate.results import Results
from rag.evaluate.systems.not_given import not_given_lines

# Characters of an answer that are shown.
_LONGEST = 500


def systems_page(measured: Mapping[str, Results], metrics: Sequence[str], command: str) -> str:
    """Return a whole HTML page that asks nothing of any server.

    Args:
        measured: The results of each system by its name, over the same cases.
        metrics: The metrics of the first table; all others stand in a second one.
        command: What wrote it.

    Returns:
        The page.
    """
    style = files("rag.evaluate.report").joinpath("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    first = next(iter(measured.values()))
    names = list(dict.fromkeys(figure.metric for one in measured.values() for figure in one.figures))
    others = [name for name in names if name not in metrics]
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(first.suite.name)}: {len(measured)} systems</title>\n<style>{style}</style>\n</head>",
            f"<body>\n<main>\n<header><h1>{len(measured)} systems on the suite {escape(first.suite.name)}</h1>",
            f'<p class="lead">{len(first.records)} cases over the same documents, measured by the same metrics. ',
            f"Written by <code>{escape(command)}</code>.</p></header>",
            *_not_given(measured),
            "<section><h2>Figures</h2>",
            '<p class="lead">Mean and 95 % interval. A dash: the system does not give what is measured.</p>',
            *_table(measured, metrics),
            f'<details class="more"><summary>{len(others)} more figures</summary>',
            *_table(measured, others),
            "</details></section>",
            "<section><h2>Cases</h2>",
            *_cases(measured),
            "</section>\n</main>\n</body>\n</html>\n",
        ]
    )


def _not_given(measured: Mapping[str, Results]) -> Iterator[str]:
    for title, results in measured.items():
        for line in not_given_lines(results.records):
            yield f"<p><b>{escape(title)}</b> {escape(line)}</p>"


def _table(measured: Mapping[str, Results], metrics: Sequence[str]) -> Iterator[str]:
    figures = {title: {figure.metric: figure for figure in one.figures} for title, one in measured.items()}
    heads = "".join(f'<th class="n">{escape(title)}</th>' for title in measured)
    yield f'<div class="wide"><table><thead><tr><th>metric</th>{heads}</tr></thead><tbody>'
    for name in metrics:
        cells = "".join(
            f'<td class="n">{number(of[name].mean)} <span class="soft">{interval(of[name])}</span></td>'
            if name in of
            else '<td class="n">–</td>'
            for of in figures.values()
        )
        # A long name may break where a phone has no room for it.
        broken = escape(name).replace("_", "_<wbr>").replace("/", "/<wbr>")
        yield f'<tr><td class="name">{broken}</td>{cells}</tr>'
    yield "</tbody></table></div>"


def _cases(measured: Mapping[str, Results]) -> Iterator[str]:
    records = {title: {record.id: record for record in one.records} for title, one in measured.items()}
    for case in next(iter(measured.values())).suite.cases:
        rows = {title: case_row(case, of[case.id]) for title, of in records.items()}
        outcomes = " ".join(f'<span class="{row.outcome}">{row.outcome}</span>' for row in rows.values())
        yield f"<details><summary>{escape(case.question)} <small>{outcomes}</small></summary>"
        yield f'<p class="soft">Expected: {escape(next(iter(rows.values())).expected)}</p><dl>'
        for title, row in rows.items():
            said = row.record.error or one_line(row.got, _LONGEST)
            yield f'<dt>{escape(title)}, <span class="{row.outcome}">{row.outcome}</span></dt><dd>{escape(said)}</dd>'
        yield "</dl></details>"
