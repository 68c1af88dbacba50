"""What the environment of the templates does to a value and to the layout of a template: `ui.views.templates`."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from tests.ui.payloads import PAYLOADS
from ui.views.escape import escape
from ui.views.templates import _ENVIRONMENT, render


def written(template: str, **values: object) -> str:
    return _ENVIRONMENT.from_string(template).render(**values)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_text_is_escaped_once_wherever_it_stands(payload: str) -> None:
    assert written("<p title='{{ text }}'>{{ text }}</p>", text=payload) == (
        f"<p title='{escape(payload)}'>{escape(payload)}</p>"
    )
    inner = "{% macro inner(text) %}<b>{{ text }}</b>{% endmacro %}<p>{{ inner(text) }}</p>"
    assert written(inner, text=payload) == f"<p><b>{escape(payload)}</b></p>"
    joined = "{{ [text, text] | join(' › ') }}"
    assert written(joined, text=payload) == f"{escape(payload)} › {escape(payload)}"


def test_html_and_numbers_stay() -> None:
    assert written("{{ html }} {{ number }}", html=Markup("<b>1</b>"), number=2) == "<b>1</b> 2"


def test_the_layout_of_a_template_leaves_no_white_space() -> None:
    template = """
      <p class="a"
        title="b">
        {% for text in texts %}
          <b>{{ text }}</b> <i
            title="{{ text }}"
            name="c">{{ text }}</i>
        {% endfor %}
        {# a comment #}
      </p>
    """
    assert written(template, texts=["x", " y\n  z"]) == (
        '<p class="a" title="b"><b>x</b> <i title="x" name="c">x</i>'
        '<b> y\n  z</b> <i title=" y\n  z" name="c"> y\n  z</i></p>'
    )


def test_a_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        written("{{ nothing }}")
    with pytest.raises(UndefinedError):
        render("answer", "question")
