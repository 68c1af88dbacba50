"""Notebooks: texts, code, and what the code wrote."""

from __future__ import annotations

import json
from typing import Any

from rag.load.builder import Builder
from rag.load.notation.notebook import read_notebook
from tests.load.markup.reading import blocks_of


def read(*cells: dict[str, Any]) -> tuple[str | None, Builder]:
    builder = Builder()
    return read_notebook(json.dumps({"cells": cells}), builder), builder


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs)}


def test_cells_and_outputs() -> None:
    title, builder = read(
        {"cell_type": "markdown", "source": ["# A\n", "b **c**"]},
        code("f()", {"output_type": "stream", "text": ["\x1b[31md\x1b[0m"]}),
        code("g()", {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["no"]}),
        code("h()", {"output_type": "execute_result", "data": {"text/plain": "no", "text/html": "<p>i</p>"}}),
    )
    assert title == "A"
    assert blocks_of(builder) == [
        ("heading", "A"), ("paragraph", "b **c**"), ("code", "f()"), ("code", "d"), ("code", "g()"), ("code", "E: e"),
        ("code", "h()"), ("paragraph", "i"),
    ]  # fmt: skip


def test_pictures_are_counted() -> None:
    data = {"image/png": "x", "text/plain": "<Figure>"}
    _, builder = read(
        code("p()", {"output_type": "display_data", "data": data}, {"output_type": "display_data", "data": data})
    )
    assert builder.text == "p()"
    assert builder.warnings[0].values == {"count": 2}


def test_what_is_no_notebook_is_left_to_others() -> None:
    assert [read_notebook(text, Builder()) for text in ("{", "[]", '{"a": 1}')] == [None] * 3


def test_a_notebook_of_odd_values_is_read() -> None:
    title, builder = read(
        {"cell_type": "markdown", "source": 4}, {"cell_type": 3, "outputs": 5}, code("x", {"data": [1]})
    )
    assert title == ""
    assert builder.text == "x"
