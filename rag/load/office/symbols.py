"""Say which characters the signs of the fonts Symbol, Wingdings and Webdings are.

Owns: the tables of these fonts. Knows nothing about formats. Pure.
"""

from __future__ import annotations

# From 0x21 and 0xA1 on, as Adobe's table of the font Symbol has them; a space stands for none.
_SYMBOL_LOW = "!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_HIGH = "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_WINGDINGS = {
    0x21: "✏", 0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x37: "⌨", 0x3E: "✇", 0x3F: "✍", 0x41: "✌",
    0x43: "👍", 0x44: "👎", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4C: "☹", 0x4D: "💣", 0x4E: "☠",
    0x4F: "⚐", 0x52: "☼", 0x53: "💧", 0x54: "❄", 0x58: "✠", 0x59: "✡", 0x5A: "☪", 0x5B: "☯", 0x5C: "ॐ", 0x6C: "●",
    0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖",
    0x77: "⬥", 0x78: "⌧", 0x7B: "❀", 0x7C: "✿", 0x7D: "❝", 0x7E: "❞", 0x80: "⓪", 0x9E: "·", 0x9F: "•", 0xA0: "▪",
    0xA1: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "☐", 0xAA: "✦", 0xAB: "★", 0xAC: "✶", 0xAF: "✵", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0xA6: "❍", 0xF8: "▪", 0x20: " ",
    **{0x81 + number: chr(0x2460 + number) for number in range(10)},
    **{0x8C + number: chr(0x2776 + number) for number in range(10)},
    **{0xB7 + number: chr(0x1F550 + number) for number in range(12)},
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "☒", 0x56: "☒", 0x97: "●", 0x98: "●",
    0x99: "○", 0xA2: "■", 0xA3: "□", 0xA4: "□", 0xAE: "◆", 0x2A: "☐", 0x20: " ",
    **{0x69 + number: chr(0x24EA if number == 0 else 0x245F + number) for number in range(11)},
}  # fmt: skip
_WINGDINGS_3 = {0x66: "←", 0x67: "→", 0x68: "↑", 0x69: "↓", 0x70: "▲", 0x71: "▼", 0x74: "◀", 0x75: "▶", 0x7D: "▶"}
_WEBDINGS = {0x61: "✓", 0x72: "✗", 0x63: "☐", 0x67: "■", 0x59: "♥", 0x34: "▶", 0x33: "◀", 0x35: "▲", 0x36: "▼"}
_FONTS = {
    "symbol": {
        **{0x21 + number: sign for number, sign in enumerate(_SYMBOL_LOW)},
        **{0xA1 + number: sign for number, sign in enumerate(_SYMBOL_HIGH) if sign != " "},
        0xA0: "€",
        0x20: " ",
    },
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
}
# Where these fonts put their signs.
_PRIVATE = 0xF000


def is_symbol_font(font: str) -> bool:
    """Tell whether a font is one whose letters are signs."""
    return font.lower() in _FONTS


def sign(font: str, code: int) -> str:
    """Return the character of a sign.

    Args:
        font: The name of its font.
        code: Its number in the font, or 0xF000 more.

    Returns:
        The character; for a sign that is not known, the character of the number, or "□" where there is none.
    """
    table = _FONTS.get(font.lower())
    low = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    if table is not None and low <= 0xFF:
        return table.get(low, "□")
    return chr(code) if low == code and 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else "□"


def without_private(text: str, font: str) -> str:
    """Return words with the signs of these fonts, which programs write as private characters, as what they are.

    Args:
        text: The words.
        font: The name of their font; "" where it is not known.

    Returns:
        The words that a reader sees.
    """
    if is_symbol_font(font):
        return "".join(sign(font, ord(character)) if not character.isspace() else character for character in text)
    return text


def private_signs(text: str, font: str) -> str:
    """Return words with only their private characters as what a font shows for them.

    Args:
        text: The words, the letters among which are in another font.
        font: The name of the font of the signs.

    Returns:
        The words that a reader sees.
    """
    return "".join(sign(font, ord(c)) if _PRIVATE <= ord(c) <= _PRIVATE + 0xFF else c for c in text)
