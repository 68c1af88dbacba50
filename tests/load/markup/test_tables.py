"""Tables of pages: spans, names, tables in tables."""

from __future__ import annotations

from tests.load.markup.reading import lines, page


def test_a_cell_over_rows_is_said_in_each() -> None:
    html = "<table><tr><th>Land<th>Town<th>Staff<tr><td rowspan=2>No<td>Oslo<td>120<tr><td>Bergen<td>45</table>"
    assert lines(html) == ["Land: No; Town: Oslo; Staff: 120", "Land: No; Town: Bergen; Staff: 45"]


def test_names_in_two_rows_and_a_foot_before_the_body() -> None:
    html = (
        "<table><thead><tr><th rowspan=2>F<th colspan=2>2024<tr><th>Plan<th>Actual</thead>"
        "<tfoot><tr><td>all<td>3<td>4</tfoot><tr><td>a<td>1<td>2</table>"
    )
    assert lines(html) == ["F: a; 2024 Plan: 1; 2024 Actual: 2", "F: all; 2024 Plan: 3; 2024 Actual: 4"]


def test_an_infobox_is_label_and_value() -> None:
    html = (
        "<table><tr><th colspan=2>Torvik<tr><td colspan=2><img alt=view><tr><th>Land<td>Norway<tr><th>Area<td>71"
        "</table>"
    )
    assert lines(html) == ["Torvik", "view", "Land: Norway", "Area: 71"]


def test_a_table_in_a_cell_is_read_behind_its_table() -> None:
    html = (
        "<table border=1><tr><th>A<th>B<tr><td>1<td>x<table><tr><th>C<th>D<tr><td>2<td>3</table>"
        "<tr><td>4<td>5</table><p>end"
    )
    assert lines(html) == ["A: 1; B: x", "A: 4; B: 5", "C: 2; D: 3", "end"]


def test_a_table_that_lays_out_the_page_is_read_as_blocks() -> None:
    html = "<table><tr><td><h2>A</h2><p>one<td><p>two<table><tr><th>C<th>D<tr><td>2<td>3</table></table>"
    assert page(html) == [("heading", "A"), ("paragraph", "one"), ("paragraph", "two"), ("row", "C: 2; D: 3")]


def test_a_role_tells_that_a_table_is_none() -> None:
    assert lines("<table role=presentation><tr><th>A<th>B<tr><td>1<td>2</table>") == ["A", "B", "1", "2"]


def test_a_caption_is_shown_and_recorded() -> None:
    from rag.load.builder import Builder
    from rag.load.markup.html import read_html

    builder = Builder()
    read_html("<table><caption>In tonnes</caption><tr><th>A<th>B<tr><td>1<td>2</table>", builder)
    assert builder.text == "In tonnes\n\nA: 1; B: 2"
    assert builder.tables[0].caption == "In tonnes"


def test_names_and_values_in_turn() -> None:
    html = "<table><tr><th>Name<td>Ada<th>Age<td>40<tr><th>City<td>Cork<th>Room<td>B2</table>"
    assert lines(html) == ["Name: Ada", "Age: 40", "City: Cork", "Room: B2"]
    assert lines("<table><tr><th>Name<td>Ada<th>Age<td>40</table>") == ["Name: Ada", "Age: 40"]


def test_terms_in_a_cell_are_told_from_their_values() -> None:
    terms = "<dl>\n<dt>Power</dt>\n<dd>3 kW </dd>\n<dt>Open?</dt> <dd>No</dd><dt>Rise:</dt><dd>2 m</dd>\n</dl>"
    html = f"<table border=1><tr><th>Part</th><th>Data</th></tr><tr><td>Pump</td><td>New {terms} now</td></tr></table>"
    assert lines(html) == ["Part: Pump; Data: New Power: 3 kW, Open? No, Rise: 2 m now"]
