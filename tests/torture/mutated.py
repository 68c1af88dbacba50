"""Files and texts with random changes: what reads them gives a result or a refusal, within its limits."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.errors import LoadError, SkipFile
from rag.load.limits import Limits
from rag.load.loader import Loader
from rag.marks import plain_marks, quotations, read_plain_marks, shown_marks, strip_mark_groups, strip_marks
from rag.verify.claims import read_claims
from tests.conftest import ROOT
from tests.torture.faults import fault

FILES, TEXTS = 600, 20_000
LARGEST = 150_000
_SIGNS = (
    "[1]", "[1, 2]", "[", "]", "【1†source】", "¹²", "(1)", "[^1]", "^[", "```", "`", "“", "”", "«", "\n\n",
    "\n1. ", "- ", "| a | b |\n|---|---|\n", "$x^2$", "\\(", "U.S.", "3.5", "1,200", "§", "…", ". ",
    "? ", "\u202e", "\0", '"', "\ufeff", "\ud800", "é", "e\u0301", "🔥", "\u200d", "the documents do not say",
    "evidence 1", "[source 1]", "<sup>1</sup>", "&lt;", "1) ", " " * 50, "a" * 200, "١", "一。", "[[1]]",
    "[1-3]", "[1](http://x)", "[999999999999]", "[0]", "[-1]",
)  # fmt: skip


def changed(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Return bytes with a few random changes: flips, cuts, repeats, numbers at their limits, parts of another file."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 2, 4, 16, 64))):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0 and data:
            data[at % len(data)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[at : at + chance.choice((1, 8, 100, len(data) // 3 + 1))]
        elif kind == 2:
            data[at:at] = data[at : at + chance.choice((1, 16, 500))] * chance.choice((1, 3, 30))
        elif kind == 3:
            data[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\0\x80"))
        elif kind == 4:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            data[at:at] = other[start : start + chance.choice((4, 64, 1000))]
        else:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 4, 32))))
    return bytes(data)


@fault("mutated-files", f"{FILES} files of every format with random changes")
def mutated_files(folder: Path) -> str:
    chance = random.Random(11)
    paths = [path for path in sorted((ROOT / "tests/reading/files").rglob("*")) if path.is_file()]
    paths = [path for path in paths if 0 < path.stat().st_size < LARGEST]
    contents = [path.read_bytes() for path in paths]
    read = 0
    with Loader(Limits(parse_seconds=30), processes=2) as loader:
        for _ in range(FILES):
            number = chance.randrange(len(paths))
            target = folder / f"changed{paths[number].suffix}"
            target.write_bytes(changed(contents[number], chance, contents))
            sentence = ""
            try:
                document = loader.load(target, target.name).document
            except (LoadError, SkipFile) as error:
                sentence = str(error)
            else:
                read += 1
                for block in document.blocks:
                    assert 0 <= block.start <= block.end <= len(document.text)
                document.text.encode()
            assert "\n" not in sentence, sentence
            assert "nexpected" not in sentence, sentence
    assert 0 < read < FILES
    return "Each is read or refused with one sentence; no reader hangs, and nothing is taken down."


def texts(count: int) -> Iterator[str]:
    chance = random.Random(13)
    words = ("The ferry carries 28 cars", "and", "the toll", "is 3 crowns", "in 1931", *_SIGNS)
    for _ in range(count):
        yield "".join(chance.choice((" ", "", "")) + chance.choice(words) for _ in range(chance.choice((1, 3, 10, 40))))


@fault("mutated-claims", f"{TEXTS} texts of random signs to the reader of claims")
def mutated_claims(folder: Path) -> str:
    for text in texts(TEXTS):
        for claim in read_claims(text, 3):
            assert claim.text.strip(), text
            assert all(1 <= number <= 3 for number in claim.marks), text
    return "Each gives claims that have words, and marks that there are."


@fault("mutated-marks", f"{TEXTS} texts of random signs to the parser of marks")
def mutated_marks(folder: Path) -> str:
    for text in texts(TEXTS):
        plain = plain_marks(text, (1, 2, 3))
        assert read_plain_marks(text, (1, 2, 3)).text == plain
        assert len(strip_marks(plain)) <= len(plain)
        strip_mark_groups(text)
        shown_marks(plain)
        assert all(0 <= start < end <= len(text) for start, end in quotations(text)), text
    return "Each is read; no place lies outside the text."
