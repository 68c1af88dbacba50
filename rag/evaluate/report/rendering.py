"""Turn view data into HTML and SVG with the templates of this folder.

Owns: the template environment, and the content security policy of a page. Everything that a document, a model or a
suite says is escaped; only the page's own style sheet, script and drawings are marked as safe. Knows nothing about
results. Jinja is imported when the first page is made.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag import __version__
from rag.evaluate.report.view import difference_interval, interval, number
from rag.notices import money, whole

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = Path(__file__).with_name("templates")
# A name may be broken behind these: ndcg@10/document, false_refusal.
_BREAK = re.compile(r"(?<=[_@/])")


def render(template: str, **values: object) -> Markup:
    """Return a template filled with values, each of them escaped.

    Args:
        template: The file in the folder ``templates``, such as ``page.html.jinja``.
        **values: What the template names; a name that it uses and that is missing here is an error.

    Returns:
        HTML or SVG that another template may take as it is.
    """
    from markupsafe import Markup

    # Safe: the environment escapes every value.
    return Markup(_environment().get_template(template).render(values))  # noqa: S704


def document(template: str, **values: object) -> str:
    """Return a whole page that needs nothing else: its content security policy allows its own style and script only.

    Args:
        template: A template that extends ``layout.html.jinja``.
        **values: What it names.

    Returns:
        The HTML of the page.
    """
    style, script = (Path(__file__).with_name(f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    return f"{render(template, policy=policy, style=style, script=script, version=__version__, **values)}\n"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=number,
        interval=interval,
        difference_interval=difference_interval,
        name_parts=_BREAK.split,
        whole=whole,
        money_or_dash=_money_or_dash,
    )
    return environment


def _money_or_dash(amount: float | None) -> str:
    return "–" if amount is None else money(amount)
