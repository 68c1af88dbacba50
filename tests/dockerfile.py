"""Read a Dockerfile.

Owns: the form of its instructions, as far as Footnote's own needs it. Knows nothing about what they do.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    Attributes:
        name: In capitals, such as ``RUN``.
        options: Those before its value, such as ``{"from": "build"}``.
        value: All behind them, in one line.
    """

    name: str
    options: dict[str, str]
    value: str

    @property
    def words(self) -> list[str]:
        """The value as words: a list of JSON, or as the shell splits it."""
        return list(json.loads(self.value)) if self.value.startswith("[") else shlex.split(self.value)


@dataclass
class Stage:
    """What stands between two ``FROM``.

    Attributes:
        base: The image it begins with.
        name: Its own name; empty for the last.
        instructions: The instructions after ``FROM``.
    """

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def last(self, name: str) -> Instruction:
        """Return the last instruction of a name."""
        return [one for one in self.instructions if one.name == name][-1]


def read_dockerfile(path: Path) -> list[Stage]:
    """Return the stages of a Dockerfile.

    Args:
        path: The file.

    Returns:
        The stages, in order.

    Raises:
        ValueError: A line is no instruction.
    """
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    text = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    stages: list[Stage] = []
    for line in filter(str.strip, text.splitlines()):
        found = re.fullmatch(r"([A-Z]+)((?: --[a-z-]+=\S+)*) (.+)", line)
        if found is None:
            raise ValueError(f"no instruction: {line}")
        options = dict(option.removeprefix("--").split("=", 1) for option in found[2].split())
        instruction = Instruction(found[1], options, found[3].strip())
        if instruction.name == "FROM":
            base, _, name = instruction.value.partition(" AS ")
            stages.append(Stage(base, name))
        else:
            stages[-1].instructions.append(instruction)
    return stages
