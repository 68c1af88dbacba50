"""Bounds on how long something takes, which a busy machine does not break.

Owns: how work is timed in tests. Time is that of this thread on a processor: neither other programs nor waiting count,
nothing is traced for coverage, and no rubbish that other tests left is collected meanwhile. Bounds are far above what
is usual, for slow machines; work that grows faster than what it is given passes them by orders of magnitude.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.untraced import untraced

_TRIES = 5


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail where the block takes more processor time than it may.

    Args:
        seconds: The bound; some ten times what is usual, at least.
    """
    with _undisturbed():
        began = time.thread_time()
        yield
        taken = time.thread_time() - began
    assert taken < seconds, f"it took {taken:.1f} s of a processor, more than {seconds}"


def is_in_proportion(work: Callable[[int], object], small: int, large: int) -> bool:
    """Tell whether work on something large takes no longer than in proportion to something small.

    Args:
        work: Is given the size.
        small: A size.
        large: At least four times that size. Quadratic work on it takes at least twice as long as is allowed.

    Returns:
        Whether it was so at least once of several times: what disturbs the clock does so now and then only.
    """
    most = 2 * large / small
    return any(_seconds(work, large) < most * _seconds(work, small) + 0.3 for _ in range(_TRIES))


def _seconds(work: Callable[[int], object], size: int) -> float:
    with _undisturbed():
        began = time.thread_time()
        work(size)
        return time.thread_time() - began


@contextmanager
def _undisturbed() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with untraced():
            yield
    finally:
        if was_enabled:
            gc.enable()
