"""The draft of an answer on a terminal, while it is being written.

Owns: that it stands on standard error of a terminal only, laid out as the answer will be, and gives way to the checked
answer. Off a terminal nothing is shown, and what draws is not imported.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.cli.lines import LABELS
from rag.cli.screen import columns

if TYPE_CHECKING:
    from rich.live import Live

    from rag.types import Answer, Citation

# Rows of the terminal that a draft leaves free: for its state, and for the line below.
_FREE_ROWS = 3


class StreamedAnswer:
    """What an answer says so far, in a ``with``; the block's end takes it off the terminal."""

    def __init__(self) -> None:
        self._live: Live | None = None

    def __enter__(self) -> StreamedAnswer:
        if columns(sys.stderr) and os.environ.get("TERM") != "dumb":
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), transient=True, refresh_per_second=10)
            self._show("searching", "en")
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, snapshot: Answer) -> None:
        """Show a state of the answer: what is being done, and the text so far."""
        # What is done is printed at once, in place of the draft.
        if self._live and snapshot.state != "done":
            self._show(snapshot.state, snapshot.language, snapshot.answer, snapshot.citations)

    def _show(self, state: str, language: str, draft: str = "", citations: Sequence[Citation] = ()) -> None:
        from rich.console import Group
        from rich.spinner import Spinner
        from rich.text import Text

        from rag.cli.answer_screen import text_screen

        assert self._live is not None
        label = LABELS.get(language, LABELS["en"])[state]
        lines = list(text_screen(draft, columns(sys.stderr) or 80, citations)) if draft else []
        # The end of a long draft is what is new.
        room = max(1, shutil.get_terminal_size().lines - _FREE_ROWS)
        shown = [Text.from_ansi(line, no_wrap=True, overflow="ignore") for line in lines[-room:]]
        spinner = Spinner("dots", Text(f"{label} …"), style="green")
        self._live.update(Group(spinner, *shown))
