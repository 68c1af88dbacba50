r"""Say which signs the commands of TeX stand for in a text: ``\"o`` is ö, ``\ss`` is ß, ``\si{\kilo\gram}`` is kg.

Owns: letters, accents, signs and units. Knows nothing about documents. Pure.
"""

from __future__ import annotations

import unicodedata

_COMBINING = "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0323\u0331\u0328\u030a\u0361"
_ACCENTS = dict(zip("`'^\"~=.uvHcdbkrt", _COMBINING, strict=True))
_PAIRS = (
    "ss ß SS ẞ ae æ AE Æ oe œ OE Œ o ø O Ø aa å AA Å l ł L Ł i i j j th þ TH Þ dh ð DH Ð S § P ¶ dag † ddag ‡"
    " copyright © textcopyright © textregistered ® texttrademark ™ pounds £ textsterling £ euro € EUR € texteuro €"
    " textyen ¥ textcent ¢ textdegree ° degree ° ldots … dots … textellipsis … textbackslash \\ textasciitilde ~"
    " textasciicircum ^ textbar | textless < textgreater > textunderscore _ textendash – textemdash — textbullet •"
    " LaTeX LaTeX TeX TeX LaTeXe LaTeX BibTeX BibTeX guillemotleft « guillemotright » guilsinglleft ‹ guilsinglright ›"
    " glqq „ grqq “ quotedblbase „ textquotedblleft “ textquotedblright ” textquoteleft ‘ textquoteright ’"
    ' textquotedbl " checkmark ✓ textmu µ textonehalf ½ textonequarter ¼ textthreequarters ¾ slash / No № textnumero №'
    " textordfeminine ª textordmasculine º textpm ± texttimes × textdiv ÷ textrightarrow → Square ☐ XBox ☒ CheckedBox ☑"
).split()
_SIGNS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_SPACES = frozenset("quad qquad enspace thinspace space hfill hfil hskip hspace , ; : > ".split()) | {" ", "\n", "~"}
_SILENT = frozenset('- / ! @ + " ( ) [ ] | <'.split())
_UNITS = dict(
    pair.split(":")
    for pair in (
        "metre:m meter:m second:s gram:g kilogram:kg ampere:A kelvin:K mole:mol candela:cd hertz:Hz newton:N pascal:Pa"
        " joule:J watt:W coulomb:C volt:V farad:F ohm:Ω siemens:S weber:Wb tesla:T henry:H lumen:lm lux:lx becquerel:Bq"
        " gray:Gy sievert:Sv litre:L liter:L tonne:t minute:min hour:h day:d degree:° celsius:°C degreeCelsius:°C"
        " percent:% bar:bar electronvolt:eV bit:bit byte:B kilo:k mega:M giga:G tera:T milli:m micro:µ nano:n pico:p"
        " centi:c deci:d hecto:h per:/ square:² cubic:³ squared:² cubed:³ of: cm:cm mm:mm km:km kg:kg"
    ).split()
)


def sign_of(name: str) -> str | None:
    """Return the sign that a command stands for in a text, "" for one that shows nothing; None for another command."""
    if name in _SIGNS:
        return _SIGNS[name]
    if name in _SPACES:
        return " "
    if len(name) == 1 and not name.isalnum() and name not in _ACCENTS:
        return "" if name in _SILENT else name
    return None


def is_accent(name: str) -> bool:
    """Tell whether a command puts an accent on the letter behind it."""
    return name in _ACCENTS


def accented(name: str, letter: str) -> str:
    """Return a letter with the accent of a command.

    Args:
        name: The command, without its stroke.
        letter: The letter.

    Returns:
        One letter where there is such a one.
    """
    if not letter:
        return name if not name.isalpha() else ""
    return unicodedata.normalize("NFC", letter[0] + _ACCENTS[name]) + letter[1:]


def unit(tokens: list[str]) -> str:
    r"""Return a unit, which is written in letters or in commands: ``\metre\per\second`` is "m/s"."""
    parts: list[str] = []
    for part in tokens:
        name = part.lstrip("\\")
        if part.startswith("\\"):
            parts.append(_UNITS.get(name, name if name.isalpha() else ""))
        elif part.strip() and part not in "{}":
            parts.append("·" if part == "." else part)
    text = "".join(parts)
    # "square" stands before its unit, the sign behind it.
    for sign in "²³":
        if text.startswith(sign) or f"/{sign}" in text:
            text = text.replace(f"/{sign}", "/\0").removeprefix(sign) + sign
            text = text.replace("\0", "")
    return text
