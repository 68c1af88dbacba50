"""The language models ``parrot:strong`` and ``parrot:weak``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rag.errors import UsageError
from rag.models.llm.model import Model
from rag.settings import Settings

NAMES = ("strong", "weak")


class ParrotService:
    form = "parrot:NAME"

    def check(self, name: str) -> None:
        if name not in NAMES:
            raise UsageError(f"There is no parrot {name!r}; write parrot:{' or parrot:'.join(NAMES)}.")

    def open(self, name: str, settings: Settings, fetch: Callable[[str], Path] | None) -> Model:
        # Imported late: the library is large, and this module is imported to list the forms of models.
        from footnote_example.parrot import Parrot

        llm = Parrot(name=name)
        return Model(llm.name, llm.metadata.context_window, weak=name == "weak", llm=llm)
