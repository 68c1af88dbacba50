"""Show a value as its cell does, by the cell's format code.

Owns: which section of a code shows a value, and how numbers read. Pure.

What depends on the reader's own settings is shown in one way: the default date as ISO writes it (2024-03-05), decimals
after a point, thousands parted by commas. "General" shows what a cell has room for: eleven characters of a number with
decimals, all digits of a whole number.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from rag.load.office.sheets.format_codes import Piece, Section, sections_of
from rag.load.office.sheets.moments import iso, moment, shown_moment

# The codes that have a number in place of being written out.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"$"#,##0;("$"#,##0)', 6: '"$"#,##0;("$"#,##0)', 7: '"$"#,##0.00;("$"#,##0.00)', 8: '"$"#,##0.00;("$"#,##0.00)',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    41: '#,##0;(#,##0);"-"', 42: '"$"#,##0;("$"#,##0);"$-"', 43: '#,##0.00;(#,##0.00);"-"',
    44: '"$"#,##0.00;("$"#,##0.00);"$-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "mm-dd-yy"),
}  # fmt: skip
# The default date, and with a time: each reader sees them as the computer's settings say.
_DEFAULT_DATES = frozenset({"mm-dd-yy", "m/d/yy", "m/d/yy h:mm"})
_ROOM = 11
_SMALLEST, _LARGEST_WHOLE = 1e-4, 10**15
# Larger numbers are not written out.
_LARGEST = 1e100
_LONGEST_DENOMINATOR = 5
_CONTEXT = Context(prec=400)


@lru_cache(maxsize=20_000)
def shown(value: float, code: str, is_1904: bool = False) -> str:
    """Show a number as its cell does.

    Args:
        value: The number; of a date, its day number.
        code: The format code; "" for none.
        is_1904: Whether days are counted from 1904.

    Returns:
        What the cell shows, without white space around it; "" for one that is hidden by its format.
    """
    if not math.isfinite(value):
        return str(value)
    if code in _DEFAULT_DATES:
        when = moment(value, is_1904)
        return iso(when, value) if when else general(value)
    section, is_negative = _section(value, sections_of(code or "General"))
    if section.is_date:
        is_before = is_negative and "elapsed" in section.kinds
        text = shown_moment(abs(value) if is_before else value, section, is_1904).strip()
        return "-" * is_before + text if text else general(value)
    sign = "-" if is_negative else ""
    number = abs(value)
    if "general" in section.kinds:
        return (
            "".join(general(number) if p.kind == "general" else p.text for p in section.pieces).join((sign, "")).strip()
        )
    if "digit" not in section.kinds:
        return "".join(general(value) if p.kind == "text" else p.text for p in section.pieces).strip()
    if number > _LARGEST:
        return general(value)
    text = _fraction(number, section) if section.is_fraction else _number(number, section)
    return (sign + text.strip() if any(map(str.isdigit, text)) else text.strip()).replace("--", "-")


def shown_text(text: str, code: str) -> str:
    """Show words as their cell does.

    Args:
        text: The words.
        code: The format code; "" for none.

    Returns:
        The words, with what the format puts around them; "" where it hides them.
    """
    sections = sections_of(code or "General")
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) > 3 or "text" in section.kinds:
        return "".join(text if piece.kind == "text" else piece.text for piece in section.pieces)
    return text


def general(value: float) -> str:
    """Show a number without a format, as far as a cell has room for it."""
    size = abs(value)
    if size < _LARGEST_WHOLE and value == int(value):
        return str(int(value))
    if not _SMALLEST <= size < _LARGEST_WHOLE:
        return _with_exponent(f"{value:.5E}")
    whole = len(str(int(size)))
    text = f"{value:.{max(_ROOM - 1 - whole, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_exponent(text: str) -> str:
    digits, _, exponent = text.partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{exponent}"


def _section(value: float, sections: tuple[Section, ...]) -> tuple[Section, bool]:
    """Return the section that shows a number, and whether a minus stands before it."""
    numbers = sections[:3]
    if any(section.compare for section in numbers):
        for section in numbers:
            if section.compare and section.compare(value, section.bound):
                return section, value < 0 and not section.literals.strip()
        rest = [section for section in numbers if not section.compare]
        return (rest[-1] if rest else sections_of("General")[0]), value < 0
    if value < 0 and len(numbers) > 1:
        return numbers[1], False
    if value == 0 and len(numbers) > 2:
        return numbers[2], False
    return numbers[0], value < 0


def _number(number: float, section: Section) -> str:
    """Show a number that is not negative by the digits of a section."""
    pieces, digits = section.pieces, section.digits
    exact = Decimal(repr(number)).scaleb(digits.shift)
    power = 0
    if digits.exponent is not None:
        exact, power = _scaled(exact, max(len(digits.whole), 1), len(digits.decimals))
    whole, decimals = _digits(exact, len(digits.decimals))
    parts = {
        **_whole_part(whole, [(at, pieces[at].text) for at in digits.whole], digits.is_grouped),
        **_decimal_part(decimals, [(at, pieces[at].text) for at in digits.decimals]),
        **dict.fromkeys(digits.commas, ""),
    }
    if digits.exponent is not None:
        sign = "-" if power < 0 else "+" if pieces[digits.exponent].text == "E+" else ""
        parts |= dict.fromkeys(digits.powers, "")
        parts[digits.exponent] = f"E{sign}{str(abs(power)).rjust(len(digits.powers), '0')}"
    if digits.decimals and not any(parts[at] for at in digits.decimals):
        parts[digits.point] = ""
    return "".join(parts.get(at, piece.text) for at, piece in enumerate(pieces))


def _scaled(exact: Decimal, whole: int, decimals: int) -> tuple[Decimal, int]:
    """Return a number as so many whole digits times a power of ten, and the power."""
    if not exact:
        return exact, 0
    power = exact.adjusted()
    power -= power % whole
    scaled = exact.scaleb(-power)
    if Decimal(_digits(scaled, decimals)[0] or "0") >= 10**whole:
        power += whole
        scaled = exact.scaleb(-power)
    return scaled, power


def _digits(exact: Decimal, decimals: int) -> tuple[str, str]:
    """Return the digits of a number before and behind the point, rounded as a person does."""
    text = f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _CONTEXT):f}"
    whole, _, rest = text.partition(".")
    return whole.lstrip("0"), rest


def _whole_part(digits: str, places: list[tuple[int, str]], is_grouped: bool) -> dict[int, str]:
    """Return what stands in each place of a whole number: the first takes all digits that are left."""
    parts: dict[int, str] = {}
    left = digits
    position = 0
    for number, (at, placeholder) in enumerate(reversed(places)):
        is_first = number == len(places) - 1
        taken = left if is_first else left[-1:]
        left = "" if is_first else left[:-1]
        taken = taken or {"0": "0", "?": " "}.get(placeholder, "")
        grouped = ""
        for digit in reversed(taken):
            if is_grouped and position and position % 3 == 0 and digit.isdigit():
                grouped = "," + grouped
            grouped = digit + grouped
            position += 1
        parts[at] = grouped
    return parts


def _decimal_part(digits: str, places: list[tuple[int, str]]) -> dict[int, str]:
    """Return what stands in each place behind the point: zeros at the end only where a 0 asks for them."""
    parts: dict[int, str] = {}
    has_more = False
    for (at, placeholder), digit in reversed(list(zip(places, digits, strict=True))):
        has_more = has_more or digit != "0" or placeholder == "0"
        parts[at] = digit if has_more else ""
    return parts


def _fraction(number: float, section: Section) -> str:
    """Show a number that is not negative as a fraction: 2 1/4."""
    pieces = section.pieces
    slash = next(at for at, piece in enumerate(pieces) if piece.kind == "slash")
    top = slash - 1
    while top > 0 and pieces[top - 1].kind == "digit":
        top -= 1
    below = slash + 1
    while below < len(pieces) and (pieces[below].kind == "digit" or _is_figure(pieces[below])):
        below += 1
    asked = "".join(piece.text for piece in pieces[slash + 1 : below])
    has_whole = any(piece.kind == "digit" for piece in pieces[:top])
    exact = Fraction(repr(number))
    if asked.strip("0#?").isdigit() and asked[:1] in "123456789":
        denominator = int(asked[:_LONGEST_DENOMINATOR])
        near = Fraction(round(exact * denominator), denominator)
        numerator = round(exact * denominator)
    else:
        near = exact.limit_denominator(10 ** min(max(len(asked), 1), _LONGEST_DENOMINATOR) - 1)
        denominator, numerator = near.denominator, near.numerator
    whole, rest = divmod(numerator, denominator) if has_whole else (0, numerator)
    parts = [str(whole)] if has_whole and (whole or not rest) else []
    if rest or not has_whole:
        parts.append(f"{rest}/{denominator}")
    before = "".join(piece.text for piece in pieces[:top] if piece.kind == "literal" and piece.text.strip())
    return before + " ".join(parts) + "".join(piece.text for piece in pieces[below:] if piece.kind == "literal")


def _is_figure(piece: Piece) -> bool:
    return piece.kind == "literal" and piece.text.isdigit()
