"""Prompts: read from files, checked, and filled in.

Owns: the prompt files, their placeholders and their ids. Knows nothing about models or evidence.

A prompt is a Markdown file with a section ``## system`` and a section ``## user``, in which ``$name`` is a
placeholder and ``$$`` a dollar sign. A user's folder may replace any of them under the same file name.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from rag.errors import UsageError
from rag.notices import Notice

SENTINEL = "NOT_IN_DOCUMENTS"
"""What a model writes when the evidence does not hold the answer."""

PLACEHOLDERS: dict[str, frozenset[str]] = {
    "answer": frozenset({"sentinel", "evidence", "question"}),
    "answer_small": frozenset({"evidence", "question"}),
    "answerable": frozenset({"evidence", "question"}),
    "judge": frozenset({"evidence", "sentences"}),
    "condense": frozenset({"history", "question"}),
    "draft": frozenset({"title", "text", "answer"}),
    "draft_strong": frozenset({"task", "passages"}),
    "rubric": frozenset({"criteria", "question", "reference", "evidence", "answer"}),
    "follow_ups": frozenset({"evidence", "question", "answer"}),
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked prompt.

    Attributes:
        name: The name of its file, without the suffix.
        system: The template of the system message.
        user: The template of the user message.
        id: The first 8 hexadecimal digits of the SHA-256 of both; it is recorded in every answer and report.
    """

    name: str
    system: str
    user: str
    id: str

    def fill(self, **values: str) -> tuple[str, str]:
        """Return the system and the user message; dollar signs inside the values stay as they are."""
        return Template(self.system).substitute(values), Template(self.user).substitute(values)


def prompts_folder() -> Path:
    """Return the folder of the prompts that come with the program: beside the code in a wheel, else in the checkout."""
    packaged = Path(__file__).parent / "_prompts"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "prompts"


def read_prompt(name: str, override: Path | None = None) -> Prompt:
    """Read a prompt and check its placeholders.

    Args:
        name: A name in ``PLACEHOLDERS``.
        override: A folder of the user's; a prompt of that name in it replaces the one that comes with the program.

    Returns:
        The prompt.

    Raises:
        UsageError: The file is absent or wrong; the sentence names it and what is wrong in it.
    """
    if override is not None and not override.is_dir():
        raise UsageError(Notice("prompts-folder-absent", {"folder": str(override)}))
    path = prompts_folder() / f"{name}.md"
    if override is not None and (override / path.name).is_file():
        path = override / path.name
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(Notice("prompt-unreadable", {"path": str(path), "cause": str(error)})) from None
    system, user = _split_sections(path, text)
    _check_placeholders(path, PLACEHOLDERS[name], system, user)
    return Prompt(name, system, user, hashlib.sha256(f"{system}\0{user}".encode()).hexdigest()[:8])


def _split_sections(path: Path, text: str) -> tuple[str, str]:
    """Return the system and the user section.

    Raises:
        UsageError: The file has other sections, or text before them.
    """
    parts = re.split(r"^##[ \t]+(.+?)[ \t]*$", text, flags=re.MULTILINE)
    sections = {title.lower(): body.strip() for title, body in zip(parts[1::2], parts[2::2], strict=True)}
    if parts[0].strip() or list(sections) != ["system", "user"] or len(parts) != 5:
        raise UsageError(Notice("prompt-sections-wrong", {"path": str(path)}))
    return sections["system"], sections["user"]


def _check_placeholders(path: Path, expected: frozenset[str], system: str, user: str) -> None:
    """Raise a UsageError unless both templates together use exactly the expected placeholders."""
    used: set[str] = set()
    for template in (Template(system), Template(user)):
        if not template.is_valid():
            raise UsageError(Notice("prompt-stray-dollar", {"path": str(path)}))
        used.update(template.get_identifiers())
    if unknown := sorted(used - expected):
        known = [f"${name}" for name in sorted(expected)]
        values = {"path": str(path), "placeholder": f"${unknown[0]}", "known": known}
        raise UsageError(Notice("prompt-placeholder-unknown", values))
    if missing := sorted(expected - used):
        raise UsageError(Notice("prompt-placeholder-missing", {"path": str(path), "placeholder": f"${missing[0]}"}))
