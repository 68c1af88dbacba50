"""The browser of a person who sits at the computer on which a command runs.

Owns: whether there is such a person, and that nobody else's terminal is taken over. Knows nothing about what is served.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Files that container engines leave at the root.
_CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv")


def is_desktop() -> bool:
    """Return whether a command was typed at a computer with a screen: not over SSH, in a container or by a program."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    if any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "container")):
        return False
    if any(Path(file).exists() for file in _CONTAINER_FILES):
        return False
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_in_browser(url: str) -> bool:
    """Open an address in the user's browser.

    Args:
        url: The address.

    Returns:
        Whether a browser was started; one that would draw in the terminal is not, unless ``BROWSER`` names it.
    """
    import webbrowser

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser and not os.environ.get("BROWSER"):
        return False
    return browser.open(url)
