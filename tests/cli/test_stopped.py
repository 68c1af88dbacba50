"""Ctrl-C at a moment at which Python wraps it in another error."""

from __future__ import annotations

import subprocess
import sys


def test_ctrl_c_while_a_class_is_made_is_no_unexpected_error() -> None:
    program = """
import sys
from rag import __main__
import rag.cli.app, rag.cli.lazy

class Interrupted:
    def __set_name__(self, owner, name):
        raise KeyboardInterrupt

def command(**_):
    type("Holder", (), {"field": Interrupted()})

rag.cli.lazy.built_lazily = lambda app: command
__main__.main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (130, "rag: Stopped.\n")
