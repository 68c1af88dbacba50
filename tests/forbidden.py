"""Permissions hold for root, too, while a test wants them to.

Owns: giving up, in this thread and in those that it starts, the right of root to read and write whatever it likes.
Knows nothing about what is forbidden.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# Of linux/capability.h: the version of three numbers for each half, CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH.
_VERSION_3 = 0x20080522
_DAC = 1 << 1 | 1 << 2


@contextmanager
def permissions_hold() -> Iterator[None]:
    """Have files and folders whose mode forbids something forbid it to this thread; a test is skipped where none can.

    Yields:
        Nothing.
    """
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "capset"):
        pytest.skip("nothing is forbidden to this user")
    header, data = struct.pack("Ii", _VERSION_3, 0), ctypes.create_string_buffer(24)
    if libc.capget(header, data) != 0:
        pytest.skip("nothing is forbidden to this user")
    # Effective, permitted and inheritable rights below 32; then the same above.
    effective, *rest = struct.unpack("6I", data.raw)
    assert libc.capset(header, struct.pack("6I", effective & ~_DAC, *rest)) == 0
    try:
        yield
    finally:
        assert libc.capset(header, struct.pack("6I", effective, *rest)) == 0
