"""Turn view data into HTML and SVG with the templates of this folder.

Owns: the template environment. It escapes everything that a document, a model or a suite says; only the page's own
style sheet, script and drawings are marked as safe. Knows nothing about results. Jinja is imported when the first page
is made.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.evaluate.report.view import interval, number
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
        number=number, interval=interval, name_parts=_BREAK.split, whole=whole, money_or_dash=_money_or_dash
    )
    return environment


def _money_or_dash(amount: float | None) -> str:
    return "–" if amount is None else money(amount)
