"""What the browser is told to fetch at once: `ui.server.preloaded`."""

from __future__ import annotations

import re
from importlib.resources import files

from ui.server.preloaded import FONTS, LINK_HEADER, MODULES

STATIC = files("ui") / "static"


def imported(name: str) -> set[str]:
    """The modules that a module imports before it runs."""
    return set(
        re.findall(r'^(?:import|\} from|.*\bfrom) "\./([\w-]+)\.js";$', (STATIC / f"{name}.js").read_text(), re.M)
    )


def test_all_that_the_page_imports_is_named_and_there() -> None:
    needed, found = {"footnote"}, set()
    while needed - found:
        name = (needed - found).pop()
        found.add(name)
        needed |= imported(name)
    assert found == set(MODULES)
    assert all((STATIC / "fonts" / f"{name}.woff2").is_file() for name in FONTS)
    assert LINK_HEADER.isascii()
    assert LINK_HEADER.count("rel=modulepreload") == len(MODULES)
