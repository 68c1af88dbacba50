"""Numbers, dates and words read as their cells show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.load.office.sheets.formats import BUILT_IN, shown, shown_text
from tests.processor_time import at_most


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (7, "00000", "00007"),
        (1.2604166666666667, "[h]:mm", "30:15"),
        (1234.5, "€#,##0.00", "€1,234.50"),
        (-320.4, "#,##0.00;(#,##0.00)", "(320.40)"),
        (0.0725, "0.00%", "7.25%"),
        (0.5, "0%", "50%"),
        (44325, "dd.mm.yyyy", "09.05.2021"),
        (44835, "mmm yyyy", "Oct 2022"),
        (44835.336805555555, "h:mm AM/PM", "8:05 AM"),
        (2.25, "# ?/?", "2 1/4"),
        (1520000, "0.00E+00", "1.52E+06"),
        (3400000, '0.0,,"M"', "3.4M"),
        (12, '0" kg"', "12 kg"),
        (0.1 + 0.2, "General", "0.3"),
        (0, '0;-0;"none"', "none"),
        (99, ";;;", ""),
        (1 / 3, "", "0.333333333"),
        (1e21, "", "1E+21"),
        (4006381333931, "", "4006381333931"),
        (-500, "$#,##0.00", "-$500.00"),
        (1234567.891, "", "1234567.891"),
        (0, '_-[$£-809]* #,##0.00_-;-[$£-809]* #,##0.00_-;_-[$£-809]* "-"??_-;_-@_-', "£-"),
        (-3, '_-[$£-809]* #,##0.00_-;-[$£-809]* #,##0.00_-;_-[$£-809]* "-"??_-;_-@_-', "-£3.00"),
        (45356, "mm-dd-yy", "2024-03-05"),
        (45356.604166666664, "m/d/yy h:mm", "2024-03-05 14:30"),
        (45356, BUILT_IN[31], "2024-03-05"),
        (45356, "[$-407]d. mmmm yyyy", "5. März 2024"),
        (45356, "dddd, d mmmm yyyy", "Tuesday, 5 March 2024"),
        (45356.5, "yyyy-mm-dd hh:mm:ss", "2024-03-05 12:00:00"),
        (0.0034722222, "mm:ss", "05:00"),
        (0.5, "hh:mm:ss.00", "12:00:00.00"),
        (5551234567, "(###) ###-####", "(555) 123-4567"),
        (123456789, "000-00-0000", "123-45-6789"),
        (5, "[<10]0.0;[>=10]0", "5.0"),
        (50, "[<10]0.0;[>=10]0", "50"),
        (-2, "[Red][<0]0;[Blue]0", "-2"),
        (1.5, "0.##", "1.5"),
        (1, "0.##", "1"),
        (0.5, "#.##", ".5"),
        (2.675, "0.00", "2.68"),
        (1.005, "0.00", "1.01"),
        (999999, "#,##0", "999,999"),
        (0, "#,##0", "0"),
        (0, "#", ""),
        (12345, "##0.0E+0", "12.3E+3"),
        (0.00012, "0.0E-0", "1.2E-4"),
        (0.375, "# ?/8", "3/8"),
        (1.5, "?/?", "3/2"),
        (3, "# ?/?", "3"),
        (12.5, '0.0"%"', "12.5%"),
        (-0.001, "0.0", "-0.0"),
        (1, 'General" pcs"', "1 pcs"),
        (-1, "General", "-1"),
        (60, "yyyy-mm-dd", "1900-02-28"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (-1, "yyyy-mm-dd", "-1"),
        (0, "h:mm", "0:00"),
        (1500, "#,##0.0,", "1.5"),
        (1e300, "0", "1E+300"),
        (float("inf"), "0", "inf"),
        (3.14159, "[s].000", "271433.376"),
        (3.14159, "[hh]:mm:ss.0", "75:23:53.4"),
        (-3.14159, "[h]:mm", "-75:23"),
        (11, '[<10]#" Wow"', "11"),
        (7, "", "7"),
        (1, '"Yes";"Yes";"No"', "Yes"),
        (0, '"Yes";"Yes";"No"', "No"),
        (45, "@", "45"),
        (0.000012, "", "1.2E-05"),
    ],
)
def test_numbers(value: float, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def test_days_from_1904() -> None:
    assert shown(0, "yyyy-mm-dd", is_1904=True) == "1904-01-01"


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("word", "", "word"),
        ("word", ";;;", ""),
        ("word", '0;0;0;"<"@">"', "<word>"),
        ("word", "@", "word"),
        ("word", "0.00", "word"),
    ],
)
def test_words(text: str, code: str, expected: str) -> None:
    assert shown_text(text, code) == expected


@given(st.floats(allow_nan=False), st.text('0#?.,%/Eymdhs[]"\\_*;@+-General ', max_size=20))
def test_any_code_shows_something_for_any_number(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)


def test_a_code_made_to_be_slow_is_not() -> None:
    with at_most(3):
        for code in ("0" * 5000, "[" * 5000, '"' * 5000, "#,##0" * 1000, "?/" * 2000, ";" * 5000, "m" * 5000 + "E+0"):
            shown(123456.789, code)
