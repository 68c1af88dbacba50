"""The end of a program that serves: soon, whatever is still at work.

Owns: how long that may take. Nothing is lost by it: what is in an index is committed, and whatever else was begun is
left as after a power cut, from which the next start recovers. Knows nothing about what is served.
"""

from __future__ import annotations

import logging
import os
import sys
import threading

_LOG = logging.getLogger(__name__)

ENDS_WITHIN = 5.0
"""Seconds from Ctrl-C or SIGTERM to the end of the program."""


def end_in_time(code: int, seconds: float | None = None) -> None:
    """See to it that the program is over soon: a thread that hangs would keep it from ending by itself.

    Called in another thread than the main one it does nothing: then the program is not this module's to end.

    Args:
        code: The exit code of the program where it has to be ended.
        seconds: How long it has to end by itself; None: `ENDS_WITHIN`.
    """
    if threading.current_thread() is not threading.main_thread():
        return

    def end() -> None:
        _LOG.warning("what was at work did not end in time")
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)

    timer = threading.Timer(ENDS_WITHIN if seconds is None else seconds, end)
    timer.daemon = True
    timer.start()
