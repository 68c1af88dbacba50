"""Fill in the pages that are not Gradio's: the form to sign in, and the explanation of one answer.

Owns: the Jinja environment, which escapes whatever a template does not declare safe. Knows nothing about what the pages
say.
"""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

_ENVIRONMENT = Environment(
    loader=PackageLoader("ui.server"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def render_page(template: str, **values: object) -> str:
    """Return a page as HTML.

    Args:
        template: The name of a file in ``ui/server/templates``, without ``.html.jinja``.
        **values: What the template needs.

    Returns:
        The page.

    Raises:
        jinja2.UndefinedError: A value is missing.
    """
    return _ENVIRONMENT.get_template(f"{template}.html.jinja").render(values)
