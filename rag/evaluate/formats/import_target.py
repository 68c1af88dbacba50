"""A suite that is being put together from another tool's data.

Owns: names of documents and cases (never the data's own as a path), the count of what could not be taken, and putting a
folder in place whole. Knows no format.
"""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.atomic_file import write_atomically
from rag.errors import LoadError, UsageError
from rag.evaluate.suite.file import CASES_FILE, FILE, case_line, corpus_hash, suite_text
from rag.evaluate.suite.gold_evidence import evidence_of_span, find_quote
from rag.evaluate.types import Case, GoldEvidence
from rag.load.text import canonical

CORPUS = "corpus"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """Rows that could not be taken, for one reason; ``first`` names the first of them."""

    reason: str
    rows: int
    first: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import or export did: rows taken (cases), documents written, and rows refused, by reason."""

    path: Path
    cases: int
    documents: int
    refused: tuple[RejectedRows, ...] = ()


@dataclass
class RejectionCounter:
    """Counts what could not be taken."""

    rows: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, row: str, reason: str) -> None:
        count, first = self.rows.get(reason, (0, row))
        self.rows[reason] = (count + 1, first)

    def listed(self) -> tuple[RejectedRows, ...]:
        """The reasons, the most frequent first."""
        found = (RejectedRows(reason, count, first) for reason, (count, first) in self.rows.items())
        return tuple(sorted(found, key=lambda refused: (-refused.rows, refused.reason)))


@dataclass(frozen=True, slots=True)
class PlacedEvidence:
    """A document of the new suite: its source name, its whole text, and where the text it was given begins."""

    source: str
    text: str
    offset: int

    def anchor(self, start: int, end: int) -> GoldEvidence:
        """The anchor of a slice of the text that was given."""
        return evidence_of_span(self.source, self.text, self.offset + start, self.offset + end)

    def whole(self) -> GoldEvidence:
        """The anchor of all of the text that was given."""
        return GoldEvidence(self.source, start=self.offset, end=len(self.text.rstrip()))


class ImportTarget:
    """Collects documents and cases. ``corpus`` is the user's own folder of documents, if there is one."""

    def __init__(self, corpus: Path | None = None) -> None:
        self.corpus = corpus
        self.documents: dict[str, PlacedEvidence] = {}
        self.cases: dict[str, Case] = {}
        self.refusals = RejectionCounter()
        self._texts: dict[str, str] | None = None

    def document(self, key: str, text: str, title: str = "", name: str = "") -> PlacedEvidence:
        """A document for ``text``, made once for each key. Raises ValueError for a text without words.

        Its file is named after its number and the plain letters of its name, title or first words.
        """
        if key in self.documents:
            return self.documents[key]
        text = canonical_text(text)
        if not text.strip():
            raise ValueError("its text is empty")
        title = " ".join(canonical_text(title).split())[:200]
        head = f"# {title}\n\n" if title else ""
        source = f"{len(self.documents) + 1:05d}-{slug(name or title or text[:60])}.md"
        self.documents[key] = PlacedEvidence(source, head + text + "\n" * (not text.endswith("\n")), len(head))
        return self.documents[key]

    def context(self, text: str) -> GoldEvidence:
        """The evidence that a context is: its place in the user's corpus, else a document of its own.

        Raises ValueError where it stands nowhere in the corpus, or is empty.
        """
        if not text.strip():
            raise ValueError("a context is empty")
        if self.corpus is None:
            return self.document(text, text).whole()
        for source, whole in self._corpus_texts().items():
            for start, end in find_quote(canonical_text(text), whole):
                return evidence_of_span(source, whole, start, end)
        raise ValueError("a context does not stand in the corpus")

    def _corpus_texts(self) -> dict[str, str]:
        if self._texts is None:
            assert self.corpus is not None
            self._texts = read_corpus(self.corpus)
        return self._texts

    def add(self, case: Case, row: str) -> None:
        """Take a case. Its id may come from the data: it is made printable, and a repeated one is refused."""
        id_ = " ".join(canonical_text(case.id).split())[:100] or row
        if id_ in self.cases:
            self.refuse(row, "the id stands twice")
        elif not case.question.strip():
            self.refuse(row, "the question is empty")
        else:
            self.cases[id_] = _clean(case, id_)

    def refuse(self, row: str, reason: str) -> None:
        """Count a row that cannot be taken; ``row`` says which."""
        self.refusals.add(row, reason)

    def write(self, folder: Path) -> ImportReport:
        """Put the suite in place. Raises UsageError where no row was taken or the folder is in use."""
        refused = self.refusals.listed()
        if not self.cases:
            why = f"{refused[0].reason} ({refused[0].first})" if refused else "there are no rows"
            raise UsageError(f"No row can be taken: {why}; check the format and the file.")
        if self.corpus is None and not self.documents:
            raise UsageError("These rows carry no documents; name the folder of the documents as the corpus.")
        with whole_folder(folder) as new:
            if self.documents:
                (new / CORPUS).mkdir()
                for document in self.documents.values():
                    (new / CORPUS / document.source).write_bytes(document.text.encode())
                corpus, hashed = CORPUS, corpus_hash(new / CORPUS)
            else:
                assert self.corpus is not None
                corpus = Path(os.path.relpath(self.corpus.resolve(), folder.resolve())).as_posix()
                hashed = corpus_hash(self.corpus)
            lines = [case_line(case) for case in self.cases.values()]
            (new / CASES_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
            (new / FILE).write_text(suite_text(folder.resolve().name, corpus, sha256=hashed), encoding="utf-8")
        return ImportReport(folder / FILE, len(self.cases), len(self.documents), refused)


def _clean(case: Case, id_: str) -> Case:
    answers = tuple(dict.fromkeys(canonical_text(answer).strip() for answer in case.answers if answer.strip()))
    return replace(case, id=id_, question=canonical_text(case.question).strip(), answers=answers)


def read_corpus(corpus: Path) -> dict[str, str]:
    """The canonical texts of the files of a folder, by source name; files that cannot be read are left out."""
    from rag.load.loader import Limits, Loader
    from rag.load.walk import walk

    texts: dict[str, str] = {}
    with Loader(Limits()) as loader:
        for found in walk(corpus):
            if not found.problem:
                try:
                    texts[found.relative] = loader.load(found.path, found.relative).document.text
                except LoadError:
                    continue
    return texts


def canonical_text(text: str) -> str:
    """Text as a document's canonical text keeps it: control characters become spaces, so that lengths stay."""
    text = _CONTROLS.sub(" ", canonical(text))
    return " " + text[1:] if text.startswith("\ufeff") else text


def canonical_offset(text: str, offset: int) -> int:
    """Where an offset into ``text`` lies in ``safe(text)``: line ends of two characters became one."""
    return offset - text.count("\r\n", 0, offset)


def slug(text: str) -> str:
    """A file name's worth of plain letters; nothing of the data can leave the folder."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "document"


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A new folder that appears at ``folder`` when all is written, and not at all otherwise."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} exists and is not empty; choose another place.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as holder:
            new = Path(holder) / "new"
            new.mkdir()
            yield new
            if folder.exists():
                folder.rmdir()
            new.rename(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror or error}); choose another place.") from None


def write_whole(target: Path, files: Mapping[str, str]) -> None:
    """Write one file (named ``""``) to ``target``, or several into the new folder ``target``; whole or not at all."""
    if list(files) != [""]:
        with whole_folder(target) as new:
            for name, text in files.items():
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).write_text(text, encoding="utf-8", newline="\n")
        return
    if target.exists():
        raise UsageError(f"{target} exists; choose another file.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, files[""])
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error.strerror}); choose another place.") from None
