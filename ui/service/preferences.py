"""How a person wants questions answered, kept on the server.

Owns: these preferences, their bounds, and the file of each person. Knows nothing about models, pages or routes.

A file is JSON, readable by its owner alone: ``HOME/.preferences/NAME.json``, and ``_.json`` where there are no users.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from rag.answering.draft import Policy
from rag.atomic_file import write_atomically
from rag.errors import UsageError
from rag.notices import Notice

# What the index's own threshold of confidence is multiplied by.
STRICTNESS = {"lenient": 0.5, "balanced": 1.0, "strict": 1.7}
POLICIES: dict[str, Policy] = {"flag": "flag", "strict": "strict"}
FEWEST_PASSAGES, MOST_PASSAGES = 3, 20
LONGEST_INSTRUCTIONS = 1000
_FOLDER, _NOBODY = ".preferences", "_"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has chosen.

    Attributes:
        model: A spec of ``ModelChoices``; empty: the server's own.
        strictness: A key of ``STRICTNESS``.
        passages: How many passages are read for an answer; 0: as the settings say.
        tentative: Whether a question that the documents may not answer gets a tentative answer.
        policy: What becomes of a sentence that the documents do not support, one of ``POLICIES``; empty: as the
            settings say.
        checker: What checks a model's sentences; empty: as the settings say.
        instructions: How answers are to be written, in the person's words.
        follow_ups: Whether a strong model suggests what to ask next.
    """

    model: str = ""
    strictness: str = "balanced"
    passages: int = 0
    tentative: bool = True
    policy: str = ""
    checker: str = ""
    instructions: str = ""
    follow_ups: bool = True


# What a person may choose to check sentences with: a part of another name could load anything.
CHECKERS = ("", "auto", "rules")
_NAMES = frozenset(field.name for field in fields(Preferences))


class PreferenceFiles:
    """The preferences of everybody. Safe to use from several threads."""

    def __init__(self, home: Path) -> None:
        """Read nothing yet.

        Args:
            home: The folder of the indexes.
        """
        self._folder = home.expanduser() / _FOLDER
        self._guard = threading.Lock()

    def of(self, user: str) -> Preferences:
        """Return what a person has chosen; what was not chosen, or cannot be read, is as it is by default.

        Args:
            user: The person; empty where there are no users.
        """
        try:
            stored = json.loads(self._path(user).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return Preferences()
        kept = Preferences()
        for name, value in stored.items() if isinstance(stored, dict) else ():
            if name in _NAMES and _fits(name, value):
                kept = replace(kept, **{name: value})
        return kept

    def set(self, user: str, changes: dict[str, Any]) -> Preferences:
        """Change what a person has chosen, and return all of it.

        Args:
            user: The person; empty where there are no users.
            changes: The new values by name. Whether there is such a model is for the caller to check.

        Raises:
            UsageError: A name or value that cannot be, or a file that cannot be written.
        """
        if not changes or not all(name in _NAMES and _fits(name, value) for name, value in changes.items()):
            raise UsageError(Notice("preference-wrong"))
        with self._guard:
            changed = replace(self.of(user), **changes)
            try:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                write_atomically(self._path(user), json.dumps(asdict(changed), indent=1), private=True)
            except OSError as error:
                raise UsageError(Notice("preferences-not-kept", {"cause": error.strerror or str(error)})) from error
        return changed

    def adopt(self, user: str, model: object, strictness: object, passages: object) -> None:
        """Keep what an earlier version of the page saved in the browser, unless something was chosen since.

        Args:
            user: The person; empty where there are no users.
            model: A spec.
            strictness: A key of ``STRICTNESS``.
            passages: A number of passages.
        """
        if self._path(user).exists():
            return
        number = int(passages) if isinstance(passages, int | float) and not isinstance(passages, bool) else -1
        saved = {"model": model, "strictness": strictness, "passages": number}
        if kept := {name: value for name, value in saved.items() if _fits(name, value)}:
            self.set(user, kept)

    def _path(self, user: str) -> Path:
        return self._folder / f"{user or _NOBODY}.json"


def _fits(name: str, value: object) -> bool:
    """Tell whether a value can be that of a preference."""
    match name:
        case "model":
            return isinstance(value, str) and len(value) <= 1000
        case "strictness":
            return isinstance(value, str) and value in STRICTNESS
        case "passages":
            whole = isinstance(value, int) and not isinstance(value, bool)
            return whole and (value == 0 or FEWEST_PASSAGES <= value <= MOST_PASSAGES)  # type: ignore[operator]
        case "tentative" | "follow_ups":
            return isinstance(value, bool)
        case "policy":
            return value in ("", *POLICIES)
        case "checker":
            return value in CHECKERS
        case _:
            return isinstance(value, str) and len(value) <= LONGEST_INSTRUCTIONS
