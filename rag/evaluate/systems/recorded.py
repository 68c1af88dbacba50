"""Recorded answers as a system: a file of JSON lines, one answer a line.

Owns: reading the file, and which answer belongs to which case: by the case's id, else by its question. Knows nothing
about what is in an answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.errors import UsageError
from rag.evaluate.formats.rows import read_rows
from rag.evaluate.systems.answer import Reading
from rag.evaluate.systems.given import QUESTION_NAMES, SystemFailed, read_given
from rag.evaluate.systems.system import Ask
from rag.evaluate.types import Case
from rag.text import plain_line
from rag.types import Answer, Turn

_ID_NAMES = ("id", "case", "case_id")
# Ids that are named in a message; the others are counted.
_NAMED = 3


@dataclass(frozen=True)
class RecordedAnswers:
    """The answers of a file.

    Attributes:
        path: The file.
        sha256: The hash of its bytes.
        by_id: The answers that name a case, by id and question; "" stands for a question that is not written down.
        by_question: The others, by question in its plain form.
    """

    path: Path
    sha256: str
    by_id: Mapping[tuple[str, str], Mapping[str, Any]] = field(repr=False)
    by_question: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def find(self, case_id: str, question: str) -> Mapping[str, Any] | None:
        """Return the answer to a question of a case; None where there is none.

        Args:
            case_id: The id of the case. An answer of this id counts whatever question it repeats, unless the case has
                answers to several questions: then that to this question.
            question: The question.

        Returns:
            What was recorded.
        """
        plain = _plain(question)
        if (found := self.by_id.get((case_id, plain))) is not None:
            return found
        of_case = self._of_case.get(case_id, [])
        return of_case[0] if len(of_case) == 1 else self.by_question.get(plain)

    def problems(self, cases: Sequence[Case]) -> list[str]:
        """Return one sentence on the cases without an answer, and one on the answers without a case.

        Args:
            cases: The cases that are going to be asked.

        Returns:
            The sentences; none where all match.
        """
        missing = [case.id for case in cases if not case.skip and self.find(case.id, case.question) is None]
        ids, questions = {case.id for case in cases}, {_plain(case.question) for case in cases}
        unused = [id_ for id_, _ in self.by_id if id_ not in ids]
        unused += [question for question in self.by_question if question not in questions]
        said = []
        if missing:
            said.append(
                f"{_counted(len(missing), 'case has', 'cases have')} no answer in {self.path}: {_some(missing)}."
            )
        if unused:
            said.append(
                f"{_counted(len(unused), 'answer', 'answers')} of {self.path} "
                f"{'belongs' if len(unused) == 1 else 'belong'} to no case: {_some(unused)}."
            )
        return said

    @cached_property
    def _of_case(self) -> dict[str, list[Mapping[str, Any]]]:
        of_case: dict[str, list[Mapping[str, Any]]] = {}
        for (id_, _), row in self.by_id.items():
            of_case.setdefault(id_, []).append(row)
        return of_case


def read_answers(path: Path) -> RecordedAnswers:
    """Read a file of recorded answers.

    Args:
        path: JSON lines, a JSON list or CSV, by its ending.

    Returns:
        The answers.

    Raises:
        UsageError: The file cannot be read, holds no answers, an answer names neither case nor question, or two answer
            the same; the message names file and line.
    """
    by_id: dict[tuple[str, str], Mapping[str, Any]] = {}
    by_question: dict[str, Mapping[str, Any]] = {}
    for where, row in read_rows(path):
        id_ = next((str(row[name]) for name in _ID_NAMES if isinstance(row.get(name), str | int)), "")
        question = next((_plain(row[name]) for name in QUESTION_NAMES if isinstance(row.get(name), str)), "")
        if not (id_ or question):
            raise UsageError(f'{where}: the answer has neither "id" nor "question"; write which case it answers.')
        if ((id_, question) in by_id) if id_ else (question in by_question):
            raise UsageError(f"{where}: there is a second answer to {id_ or question!r}; leave one.")
        if id_:
            by_id[id_, question] = row
        else:
            by_question[question] = row
    if not (by_id or by_question):
        raise UsageError(f"{path} holds no answers; write one JSON object a line.")
    return RecordedAnswers(path, hashlib.sha256(path.read_bytes()).hexdigest(), by_id, by_question)


@dataclass(frozen=True, slots=True)
class RecordedSystem:
    """Answers from a file."""

    answers: RecordedAnswers
    reading: Reading

    def asking(self, case: Case) -> Ask:
        """Return what looks up the answers to the questions of a case."""

        def ask(question: str, history: Sequence[Turn]) -> Answer:  # noqa: ARG001
            row = self.answers.find(case.id, question)
            if row is None:
                raise SystemFailed(f"There is no answer to this case in {self.answers.path}; record one.")
            return self.reading.answer(question, read_given(row, may_be_ranking=True))

        return ask

    def describe(self) -> dict[str, Any]:
        """Return what these answers are, for the results: the file's name without its folder, and its hash."""
        return {"kind": "answers", "name": self.answers.path.name, "sha256": self.answers.sha256}


def _plain(question: str) -> str:
    return " ".join(question.split()).casefold()


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _some(names: Sequence[str]) -> str:

    shown = ", ".join(plain_line(name, 60) for name in names[:_NAMED])
    return shown + (", …" if len(names) > _NAMED else "")
