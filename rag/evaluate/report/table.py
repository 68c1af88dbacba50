"""Results as CSV: one row a case, one column a metric.

Owns: the columns. A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io

from rag.evaluate.report.view import rows
from rag.evaluate.results import Results
from rag.evaluate.usage import calls_of
from rag.types import COST_DIGITS, Usage

# A spreadsheet reads a cell that begins so as a formula or a command (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = "id tags question answerable outcome change why abstained confidence answer cited tokens cost".split()
_TURN_COLUMNS = ["conversation", "turn"]


def table(results: Results) -> str:
    """Return the CSV text: a header, then a row a case in the suite's order; a metric that does not apply is empty."""
    metrics = list(dict.fromkeys(name for record in results.records for name in record.metrics))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *_TURN_COLUMNS, *metrics])
    for row in rows(results):
        answer, usage = row.record.answer, Usage.of(calls_of(row.record))
        cited = [f"{c['source']}:{c['start']}:{c['end']}" for c in answer.get("citations", ())]
        texts = [
            row.case.id,
            " ".join(row.case.tags),
            row.case.question,
            str(row.case.answerable).lower(),
            row.outcome,
            row.change,
            row.why,
            str(bool(answer.get("abstained"))).lower(),
            str(answer.get("confidence", "")),
            row.got,
            " ".join(cited),
            str(usage.tokens),
            "" if usage.cost is None else f"{usage.cost:.{COST_DIGITS}f}",
            row.record.conversation,
            str(row.record.turn or ""),
        ]
        values = [row.record.metrics.get(name) for name in metrics]
        writer.writerow([_safe(cell) for cell in texts] + ["" if value is None else f"{value:g}" for value in values])
    return out.getvalue()


def _safe(cell: str) -> str:
    cell = f"'{cell}" if cell.startswith(_FORMULA) else cell
    return cell.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
