"""Let a fuzzer that sees which code it reaches try the readers: ``python -m tests.torture.guided NAME [OPTION…]``.

``NAME`` is ``claims``, ``marks`` or ``files``; options are libFuzzer's, such as ``-max_total_time=3600``. It needs
the package ``atheris``, which nothing else needs: install it into a copy of the environment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["rag.marks", "rag.verify", "rag.load", "rag.text"]):
    from rag.errors import LoadError
    from rag.load.limits import Limits
    from rag.load.parse import parse
    from rag.load.sniff import sniff
    from rag.marks import plain_marks, quotations, read_plain_marks, shown_marks, strip_mark_groups, strip_marks
    from rag.verify.claims import read_claims

LIMITS = Limits(parse_seconds=20, max_text_mb=5, ocr_languages="none")
# The first byte of an input says which ending its name has.
ENDINGS = (".txt", ".md", ".html", ".csv", ".json", ".eml", ".rst", ".tex", ".xml", ".srt", ".rtf", ".ipynb", ".docx")


def try_claims(data: bytes) -> None:
    for claim in read_claims(data.decode("utf-8", "replace"), 3):
        assert claim.text.strip()
        assert all(1 <= number <= 3 for number in claim.marks)


def try_marks(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    plain = plain_marks(text, (1, 2, 3))
    assert read_plain_marks(text, (1, 2, 3)).text == plain
    assert len(strip_marks(plain)) <= len(plain)
    strip_mark_groups(text)
    shown_marks(plain)
    assert all(0 <= start < end <= len(text) for start, end in quotations(text))


def try_files(data: bytes) -> None:
    if not data:
        return
    name = f"changed{ENDINGS[data[0] % len(ENDINGS)]}"
    try:
        document = parse(data[1:], name, sniff(data[1:], name, LIMITS), LIMITS)
    except LoadError:
        return
    for block in document.blocks:
        assert 0 <= block.start <= block.end <= len(document.text)


TARGETS: dict[str, Callable[[bytes], None]] = {"claims": try_claims, "marks": try_marks, "files": try_files}

if __name__ == "__main__":
    if sys.argv[1:2] == [] or sys.argv[1] not in TARGETS:
        sys.exit(f"Name one of {', '.join(TARGETS)}.")
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
