"""The templates of the views, and of the pages that are not Gradio's.

Owns: the Jinja environment, and how a value becomes HTML in it: everything that is not HTML already goes through
``escape``. Knows nothing about what a template shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from rag.notices import money, whole
from rag.text import shorten
from rag.types import Citation, Passage, Span
from ui.i18n import Translate
from ui.views.asked_words import in_words
from ui.views.escape import escape

_CODE = '<code><span class="f-bracket">&#96;</span>{}<span class="f-bracket">&#96;</span></code>'
_LINE_BREAK = re.compile(r"(\n\s*)")


def source_and_page(item: Citation | Passage | Span, t: Translate) -> str:
    """Return the source of something and its page in words: ``handbook.pdf, page 12``."""
    return f"{item.source}, {t('page', page=item.page)}" if item.page else item.source


def coded(text: str) -> Markup:
    """Return text as HTML, what stands between backticks as code; the backticks cannot be seen, and are copied."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "" in parts[1::2]:
        return Markup(escape(text))  # noqa: S704
    shown = [_CODE.format(escape(part)) if number % 2 else escape(part) for number, part in enumerate(parts)]
    return Markup("".join(shown))  # noqa: S704 - every part was escaped


class _WithoutLineBreaks(Extension):
    """Leaves a template's line breaks and indentation out of the HTML; within a tag they become one space.

    White space between elements can be seen on a page (answers and sources keep theirs), so it would change with the
    layout of a template. What stands in a value is not touched.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens of a template, those of its own text on one line."""
        in_tag = False
        for token in stream:
            if token.type != "data":
                yield token
                continue
            parts = []
            for part in _LINE_BREAK.split(token.value):
                if part.startswith("\n"):
                    parts.append(" " if in_tag else "")
                else:
                    parts.append(part)
                    in_tag = part.rfind("<") > part.rfind(">") or (in_tag and ">" not in part)
            yield Token(token.lineno, "data", "".join(parts))


def _to_html(value: object) -> Markup:
    """Return a value of a template as HTML; Jinja's own escaping lets through what hides or reorders words."""
    return value if isinstance(value, Markup) else Markup(escape(str(value)))  # noqa: S704


_ENVIRONMENT = Environment(
    loader=PackageLoader("ui", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_to_html,
    extensions=[_WithoutLineBreaks],
    auto_reload=False,
)
_ENVIRONMENT.filters |= {"shorten": shorten, "source_and_page": source_and_page, "whole": whole, "money": money}
_ENVIRONMENT.filters |= {"coded": coded, "in_words": in_words}


def render(template: str, macro: str, **values: object) -> Markup:
    """Return the HTML that a macro writes.

    Args:
        template: The name of a file in ``ui/templates``, without its endings.
        macro: The name of a macro in it.
        **values: What the macro takes, by name. A ``str`` is text, a ``Markup`` is HTML.

    Returns:
        The HTML, on one line but for the line breaks of the values.
    """
    module = _ENVIRONMENT.get_template(f"{template}.html.jinja").module
    html: Markup = getattr(module, macro)(**values)
    return html


def render_page(template: str, **values: object) -> str:
    """Return a whole page that a template extends, such as the form to sign in.

    Args:
        template: The name of a file in ``ui/templates``, without its endings.
        **values: What the template takes, by name. A ``str`` is text, a ``Markup`` is HTML.

    Returns:
        The page.
    """
    return _ENVIRONMENT.get_template(f"{template}.html.jinja").render(values)
