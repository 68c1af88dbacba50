"""What an import writes into: a suite that is being put together from another tool's data.

Owns: the names of documents and cases (never the data's own as a path), evidence in their texts, and writing the suite.
Knows no format.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import LoadError, UsageError
from rag.evaluate.formats.new_files import new_folder
from rag.evaluate.formats.transfer_report import RejectionCounter, TransferReport
from rag.evaluate.suite.file import CASES_FILE, SUITE_FILE, case_line, corpus_hash, suite_text
from rag.evaluate.suite.gold_evidence import evidence_of_span, find_quote
from rag.evaluate.types import Case, GoldEvidence, Match
from rag.load.text import canonical

CORPUS = "corpus"
ANSWERS_FILE = "answers.jsonl"
# Words of a reference that is a phrase, of one that is a figure though it ends like a sentence ("25 days."), and what a
# sentence ends with.
_LONGEST_PHRASE, _LONGEST_FIGURE = 6, 3
_ENDS = (".", "!", "?", "。")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document of the new suite.

    Attributes:
        source: The name of its source.
        text: Its whole text.
        offset: Where the text that was given begins in it, behind a heading made of the title.
    """

    source: str
    text: str
    offset: int

    def evidence(self, start: int, end: int) -> GoldEvidence:
        """Write a slice of the text that was given as evidence.

        Args:
            start: Where the slice begins in that text.
            end: Where it ends.

        Returns:
            The evidence in this document.
        """
        return evidence_of_span(self.source, self.text, self.offset + start, self.offset + end)

    def whole_evidence(self) -> GoldEvidence:
        """Write all of the text that was given as evidence."""
        return GoldEvidence(self.source, start=self.offset, end=len(self.text.rstrip()))


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """What a system answered to a case.

    Attributes:
        answer: Its words; None where the data says only what was retrieved.
        contexts: What it retrieved, best first: the words, and the name of the source or "" where none is known; None
            where the data does not say what was retrieved.
    """

    answer: str | None = None
    contexts: tuple[tuple[str, str], ...] | None = ()

    def row(self, case: Case) -> dict[str, Any]:
        """Return the answer to a case as a row of the file that ``rag eval --answers`` reads."""
        row: dict[str, Any] = {"id": case.id, "question": case.question, "answer": self.answer}
        if self.contexts is not None:
            row["contexts"] = [
                {"text": text} | ({"source": source} if source else {}) for text, source in self.contexts
            ]
        return row


class ImportTarget:
    """Collects documents and cases, and writes them as a suite.

    Args:
        corpus: The user's own folder of documents, if there is one.

    Attributes:
        documents: The documents of the new suite, by the key of `add_document`.
        answers: What a system answered, by the id of the case; written beside the suite for ``rag eval --answers``.
        cases: The cases that were taken, by id.
        rejections: The rows that were not.
    """

    def __init__(self, corpus: Path | None = None) -> None:
        self.corpus = corpus
        self.documents: dict[str, NewDocument] = {}
        self.cases: dict[str, Case] = {}
        self.answers: dict[str, RecordedAnswer] = {}
        self.rejections = RejectionCounter()
        self._corpus_texts: dict[str, str] | None = None

    def add_document(self, key: str, text: str, title: str = "", name: str = "") -> NewDocument:
        """Make a document, once for each key.

        Its file is named after its number and the plain letters of its name, title or first words.

        Args:
            key: What tells the documents apart.
            text: Its text.
            title: Its title, which becomes a heading; may be empty.
            name: What its file is named after; may be empty.

        Returns:
            The document.

        Raises:
            ValueError: The text has no words.
        """
        if key in self.documents:
            return self.documents[key]
        text = canonical_text(text)
        if not text.strip():
            raise ValueError("its text is empty")
        title = " ".join(canonical_text(title).split())[:200]
        head = f"# {title}\n\n" if title else ""
        source = f"{len(self.documents) + 1:05d}-{slug(name or title or text[:60])}.md"
        self.documents[key] = NewDocument(source, head + text + "\n" * (not text.endswith("\n")), len(head))
        return self.documents[key]

    def context_evidence(self, text: str) -> GoldEvidence:
        """Write a context as evidence: a span of the user's corpus, else a document of its own.

        Args:
            text: The words of the context.

        Returns:
            The evidence.

        Raises:
            ValueError: The context stands nowhere in the corpus, or is empty.
        """
        if not text.strip():
            raise ValueError("a context is empty")
        if self.corpus is None:
            return self.add_document(text, text).whole_evidence()
        if self._corpus_texts is None:
            self._corpus_texts = read_corpus(self.corpus)
        for source, corpus_text in self._corpus_texts.items():
            for start, end in find_quote(canonical_text(text), corpus_text):
                return evidence_of_span(source, corpus_text, start, end)
        raise ValueError("a context does not stand in the corpus")

    def add_case(self, case: Case, row: str, answer: RecordedAnswer | None = None) -> None:
        """Take a case, unless its question is empty or its id is taken.

        Args:
            case: The case. Its id may come from the data: it is made printable.
            row: Which row it comes from.
            answer: What a system answered, where the data has it.
        """
        id_ = " ".join(canonical_text(case.id).split())[:100] or row
        if id_ in self.cases:
            self.reject(row, "the id stands twice")
        elif not case.question.strip():
            self.reject(row, "the question is empty")
        else:
            self.cases[id_] = _clean_case(case, id_)
            if answer:
                self.answers[id_] = answer

    def reject(self, row: str, reason: str) -> None:
        """Count a row that cannot be taken.

        Args:
            row: Which row it is.
            reason: Why it cannot be taken.
        """
        self.rejections.add(row, reason)

    def write(self, folder: Path) -> TransferReport:
        """Write the suite into a new folder.

        Args:
            folder: The folder.

        Returns:
            The numbers of rows and documents taken, and the rows that were not.

        Raises:
            UsageError: No row was taken, there are no documents, or the folder is in use.
        """
        rejected = self.rejections.by_reason()
        if not self.cases:
            why = f"{rejected[0].reason} ({rejected[0].first})" if rejected else "there are no rows"
            raise UsageError(f"No row can be taken: {why}; check the format and the file.")
        if self.corpus is None and not self.documents:
            raise UsageError("These rows carry no documents; name the folder of the documents with --corpus PATH.")
        with new_folder(folder) as new:
            if self.documents:
                (new / CORPUS).mkdir()
                for document in self.documents.values():
                    (new / CORPUS / document.source).write_bytes(document.text.encode())
                corpus, sha256 = CORPUS, corpus_hash(new / CORPUS)
            else:
                assert self.corpus is not None
                corpus = Path(os.path.relpath(self.corpus.resolve(), folder.resolve())).as_posix()
                sha256 = corpus_hash(self.corpus)
            lines = [case_line(case) for case in self.cases.values()]
            (new / CASES_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
            if self.answers:
                rows = [
                    json.dumps(answer.row(self.cases[id_]), ensure_ascii=False) for id_, answer in self.answers.items()
                ]
                (new / ANSWERS_FILE).write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
            (new / SUITE_FILE).write_text(suite_text(folder.resolve().name, corpus, sha256=sha256), encoding="utf-8")
        answers = folder / ANSWERS_FILE if self.answers else None
        return TransferReport(folder / SUITE_FILE, len(self.cases), len(self.documents), rejected, answers)


def _clean_case(case: Case, id_: str) -> Case:
    answers = tuple(dict.fromkeys(canonical_text(answer).strip() for answer in case.answers if answer.strip()))
    return replace(case, id=id_, question=canonical_text(case.question).strip(), answers=answers)


def read_corpus(corpus: Path) -> dict[str, str]:
    """Read the canonical texts of the files of a folder, by source name; files that cannot be read are left out."""
    from rag.load.loader import Limits, Loader
    from rag.load.walk import walk

    texts: dict[str, str] = {}
    with Loader(Limits()) as loader:
        for file in walk(corpus):
            if not file.problem:
                try:
                    texts[file.relative] = loader.load(file.path, file.relative).document.text
                except LoadError:
                    continue
    return texts


def canonical_text(text: str) -> str:
    """Return text as a document's canonical text holds it: control characters become spaces, so that lengths stay."""
    text = _CONTROLS.sub(" ", canonical(text))
    return " " + text[1:] if text.startswith("\ufeff") else text


def canonical_offset(text: str, offset: int) -> int:
    """Return where an offset into a text lies in its canonical form: line ends of two characters became one.

    Args:
        text: The text as it was given.
        offset: An offset into it.

    Returns:
        The offset into ``canonical_text(text)``.
    """
    return offset - text.count("\r\n", 0, offset)


def slug(text: str) -> str:
    """Return plain letters for a file name, so that nothing of the data can leave the folder."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "document"


def match_of(answers: Sequence[str]) -> Match:
    """Return how an answer is compared with references of another tool, by their shape.

    Args:
        answers: The references.

    Returns:
        ``contains`` where each is a phrase or a number, which a right answer in a sentence holds, though it shares few
        of its words; else ``f1``.
    """
    return "contains" if all(map(_is_phrase, answers)) else "f1"


def _is_phrase(answer: str) -> bool:
    words = answer.split()
    if not answer.rstrip().endswith(_ENDS):
        return len(words) <= _LONGEST_PHRASE
    return len(words) <= (_LONGEST_FIGURE if words[0][:1].isdigit() else 1)


def graded(evidence: Mapping[str, GoldEvidence], grades: Mapping[str, int]) -> tuple[GoldEvidence, ...]:
    """Return the evidence of some documents with their grades.

    Args:
        evidence: The evidence of each document, by its id in the data.
        grades: The grade of each of those that are relevant, 1 or more.

    Returns:
        The evidence in the order of ``grades``.
    """
    return tuple(replace(evidence[id_], grade=grade) for id_, grade in grades.items())
