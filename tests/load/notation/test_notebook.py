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


def test_tables_of_markdown_cells_are_tables() -> None:
    first = ["Ahead.\n\n", "   | Lock | Rise |\n", "   |---|---|\n", "   | Upper | 3 m |\n"]
    second = "# Costs ##\n\n| Work | Cost |\n|---|---|\n| Gate | 40 |\n| Sill | 7 |\n"
    _, builder = read(
        {"cell_type": "markdown", "source": first}, code("f()"), {"cell_type": "markdown", "source": second}
    )
    cells = [[builder.text[cell.start : cell.end] for cell in table.cells] for table in builder.tables]
    assert cells == [["Upper", "3 m"], ["Gate", "40", "Sill", "7"]]
    assert [table.names for table in builder.tables] == [(("Lock", "Rise"),), (("Work", "Cost"),)]
    starts = {block.start for block in builder.blocks}
    ends = {block.end for block in builder.blocks}
    assert all(table.start in starts and table.end in ends for table in builder.tables)
    assert ("heading", "Costs") in blocks_of(builder)


def test_formulas_and_controls_that_a_cell_wrote_are_read() -> None:
    formula = {"image/png": "x", "text/latex": "$$x^{2} + \\frac{y}{4}$$", "text/plain": " 2\nx"}
    control = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Slider(label='Depth')"}
    _, builder = read(
        code("e", {"output_type": "execute_result", "data": formula}),
        code("s", {"output_type": "display_data", "data": control}),
    )
    assert [words for _, words in blocks_of(builder)] == ["e", "x² + y/4", "s", "Slider(label='Depth')"]
    assert not builder.warnings
