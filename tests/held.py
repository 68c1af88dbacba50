"""What a process holds after a collection of garbage: memory outside of its caches, open files, threads."""

from __future__ import annotations

import functools
import gc
import os
import re
import threading
import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Held:
    """What is held.

    Attributes:
        memory: Bytes that Python's objects take, without what caches of a fixed size hold.
        boundless: Entries of caches without a size.
        files: Open files; 0 where they cannot be listed.
        threads: Threads of Python.
    """

    memory: int
    boundless: int
    files: int
    threads: int


def held() -> Held:
    """Empty all caches that have a size, and return what is held then; `tracemalloc` is on."""
    caches: list[Any] = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    boundless = sum(one.cache_info().currsize for one in caches if one.cache_parameters()["maxsize"] is None)
    for cache in caches:
        if cache.cache_parameters()["maxsize"] is not None:
            cache.cache_clear()
    re.purge()
    gc.collect()
    files = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0
    return Held(tracemalloc.get_traced_memory()[0], boundless, files, threading.active_count())
