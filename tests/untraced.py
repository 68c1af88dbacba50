"""Work that is done without being traced for coverage; a plugin of pytest.

Owns: when tracing ends and begins again. Knows nothing about what is covered.

Tracing makes Python two to three times slower, and what is done again and again is covered after the first few times.
What is timed is not traced either, so that its bound is about the program alone. Other threads that run when tracing
ends stay untraced. Without `--cov` nothing here has any effect.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any

import pytest
from coverage import Coverage

TRACED_EXAMPLES = 20
"""So many examples of a property are traced; further ones seldom reach another line."""
TRACED_ROWS = 8
"""Of the rows of a parametrized test at most so many are traced, spread evenly over all."""

_ROWS = pytest.StashKey[set[str]]()


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[_ROWS] = _untraced_rows(session.items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with untraced() if item.nodeid in item.config.stash[_ROWS] else nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with _first_examples_traced(getattr(item, "function", None)):
        return (yield)


@contextmanager
def untraced() -> Iterator[None]:
    """Do the block without tracing."""
    tracing = Coverage.current()
    if tracing is None:
        yield
        return
    tracing.stop()
    try:
        yield
    finally:
        tracing.start()


def _untraced_rows(items: Sequence[pytest.Item]) -> set[str]:
    """Return the ids of the rows of parametrized tests that are not traced."""
    rows: dict[str, list[str]] = defaultdict(list)
    for item in items:
        rows[item.nodeid.partition("[")[0]].append(item.nodeid)
    return {
        row for of_one in rows.values() for number, row in enumerate(of_one) if number % -(-len(of_one) // TRACED_ROWS)
    }


@contextmanager
def _first_examples_traced(test: Any) -> Iterator[None]:
    """Trace only the first examples of a property while the block runs it.

    Args:
        test: A function that Hypothesis calls with examples; any other is traced as it is.
    """
    handle = getattr(test, "hypothesis", None)
    if handle is None:
        yield
        return
    inner = handle.inner_test
    with ExitStack() as rest:
        handle.inner_test = _ending_tracing(inner, rest)
        try:
            yield
        finally:
            handle.inner_test = inner


def _ending_tracing(inner: Callable[..., object], rest: ExitStack) -> Callable[..., object]:
    """Return a test that ends tracing after its first examples, until a stack is closed."""
    tried = 0

    # The name, the source and the signature stay: Hypothesis draws its seed from them.
    @functools.wraps(inner)
    def test(*arguments: object, **named: object) -> object:
        nonlocal tried
        tried += 1
        if tried == TRACED_EXAMPLES + 1:
            rest.enter_context(untraced())
        return inner(*arguments, **named)

    return test
