"""Regular expressions that wait for their first use: `rag.patterns`."""

from __future__ import annotations

import importlib
import pkgutil
import re
import threading

import pytest

import rag
from rag.patterns import _Pattern, lazy_pattern


def test_a_lazy_pattern_finds_what_a_compiled_one_does() -> None:
    lazy, compiled = lazy_pattern(r"(?P<word>[a-z]+)-(\d)", re.I), re.compile(r"(?P<word>[a-z]+)-(\d)", re.I)
    text = "A-1 and bc-2"
    assert lazy.findall(text) == compiled.findall(text)
    assert lazy.sub(r"\2", text) == compiled.sub(r"\2", text)
    assert [match.span() for match in lazy.finditer(text)] == [match.span() for match in compiled.finditer(text)]
    assert (lazy.pattern, lazy.flags, lazy.groups) == (compiled.pattern, compiled.flags, compiled.groups)
    assert dict(lazy.groupindex) == dict(compiled.groupindex)


def test_nothing_is_compiled_before_the_first_use() -> None:
    wrong = lazy_pattern("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_what_an_expression_lacks_a_lazy_pattern_lacks() -> None:
    assert not hasattr(lazy_pattern("a"), "no_such_member")


def test_several_threads_may_be_the_first() -> None:
    lazy, found, start = lazy_pattern("b+"), [], threading.Barrier(4)

    def search() -> None:
        start.wait()
        found.append(lazy.search("abbc").group())

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["bb"] * 4


def test_every_lazy_pattern_of_the_program_compiles() -> None:
    compiled = 0
    for module in pkgutil.walk_packages(rag.__path__, "rag."):
        if module.name == "rag.__main__" or ".load." in module.name or "integrations" in module.name:
            continue
        for value in vars(importlib.import_module(module.name)).values():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, _Pattern):
                    assert isinstance(one.flags, int)  # type: ignore[attr-defined]
                    compiled += 1
    assert compiled > 200
