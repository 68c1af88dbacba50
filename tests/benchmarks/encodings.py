"""Measure how often the encoding of a text file is told: ``python -m tests.benchmarks.encodings FOLDER``.

FOLDER holds a folder for each encoding, such as the folder ``tests`` of chardet's source package (5.2): the name of a
folder says the encoding of its files. A file counts as right when its text equals that of the named encoding. No
number of ours is fitted on those files; they chose among methods only.
"""

from __future__ import annotations

import argparse
import codecs
import re
import time
from collections import defaultdict
from pathlib import Path

from rag.errors import SkipFile
from rag.load.text import canonical, decode

# What follows the encoding in the name of a folder.
_LANGUAGE = re.compile(r"-(?:bulgarian|croatian|czech|hungarian|polish|romanian|russian|slovak|slovene|arabic|greek|"
                       r"turkish|hebrew)$")  # fmt: skip
_ALIASES = {"euc-tw": "", "maccyrillic": "mac_cyrillic", "macroman": "mac_roman"}


def main() -> None:
    """Print how many files of each encoding are right, and the slowest decision."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wrong", action="store_true", help="name each file that is not right")
    options = parser.parse_args()
    counts: dict[str, list[bool]] = defaultdict(list)
    slowest = (0.0, "")
    for path in sorted(path for path in options.folder.glob("*/*") if path.is_file()):
        name = path.parent.name
        data = path.read_bytes()
        began = time.perf_counter()
        text = _decoded(data)
        slowest = max(slowest, (time.perf_counter() - began, str(path.relative_to(options.folder))))
        is_right = text == _named(data, name)
        counts[name].append(is_right)
        if options.wrong and not is_right:
            print(f"{path.relative_to(options.folder)}: {' '.join(text.split())[:90]}")
    for name, right in sorted(counts.items()):
        print(f"{name:24} {sum(right):4} of {len(right)}")
    every = [right for part in counts.values() for right in part]
    print(f"{'all':24} {sum(every):4} of {len(every)}; slowest {1000 * slowest[0]:.0f} ms ({slowest[1]})")


def _named(data: bytes, folder: str) -> str | None:
    """Return the text in the encoding that a folder names; None where Python has no such encoding."""
    name = _LANGUAGE.sub("", folder.lower())
    name = _ALIASES.get(name, name)
    try:
        codecs.lookup(name)
    except LookupError:
        return None
    return canonical(data.decode(name, "replace")).removeprefix("\ufeff")


def _decoded(data: bytes) -> str:
    try:
        return decode(data)
    except SkipFile:
        return ""


if __name__ == "__main__":
    main()
