"""Draw the picture of the README: a real answer about the handbook, as a terminal shows it.

``make picture`` writes ``docs/images/answer.svg``.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

import rag
from rag.present import answer_lines

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("How large may a file be before Footnote skips it?", "How do I set up single sign-on?")


def main() -> None:
    console = Console(record=True, width=104, file=io.StringIO(), force_terminal=True)
    with rag.open_index("handbook", create=True) as index:
        rag.ingest(index, [ROOT / "docs"])
        for question in QUESTIONS:
            console.print(Text(f'$ rag ask "{question}"', style="bold green"))
            found = rag.answer(index, question)
            lines = list(answer_lines(found))
            for line in lines[:12]:
                style = "dim" if line.startswith("    ") else "cyan" if re.match(r"\[\d+\]", line) else ""
                console.print(Text(line, style=style))
            console.print()
    target = ROOT / "docs" / "images" / "answer.svg"
    target.parent.mkdir(exist_ok=True)
    svg = console.export_svg(title="Footnote")
    # The fonts that the drawing names would be fetched from another host: the reader's own will do.
    target.write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S), encoding="utf-8")
    print(f"{target.relative_to(ROOT)} written", file=sys.stderr)


if __name__ == "__main__":
    main()
