"""The draft of an answer on a terminal, while it is being written.

Owns: that it stands on standard error of a terminal only, and gives way to the checked answer. Off a terminal nothing
is shown, and what draws is not imported.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rag.text import printable

if TYPE_CHECKING:
    from rich.status import Status

    from rag.types import Answer


class StreamedAnswer:
    """What an answer says so far, in a ``with``; the block's end takes it off the terminal."""

    def __init__(self) -> None:
        self._status: Status | None = None

    def __enter__(self) -> StreamedAnswer:
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status("searching")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def show(self, snapshot: Answer) -> None:
        """Show a state of the answer: what is being done, and the text so far."""
        if self._status:
            from rich.text import Text

            self._status.update(Text("\n".join(filter(None, (snapshot.state, printable(snapshot.answer))))))
