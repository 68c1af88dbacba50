"""Write raised and lowered letters on the line: 10⁶, m², CO₂, "1,200 [3] people", 2½.

Owns: what tells a power from the mark of a note, and the signs that either is written with. Knows nothing about
formats. Pure.

    raised    a power, an ordinal or the mark of a note, told by what stands before it
    lowered   an index
    power     a power whatever stands before it, as in formulas
    fraction  a raised number over a lowered one
"""

from __future__ import annotations

import re

_RAISED_SIGNS = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_LOWERED_SIGNS = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_HAS_RAISED_SIGNS = re.compile(r"[+−–-]?(?:\d{1,9}|\d{0,6}n)[+−-]?$|[+−-]{1,3}$")
_HAS_LOWERED_SIGNS = re.compile(r"[+−–-]?\d{1,9}[+−-]?$|[+−-]$")
_INTEGER = re.compile(r"\d{1,3}$")
_SIGNED = re.compile(r"[+−–-]\d{1,6}$|\d{0,2}[+−-]$")
# Numbers or letters of several notes: "1,2", "3–5", "a, b".
_NOTES = re.compile(r"(?:\d{1,3}|[a-z])(?:\s?[,;–-]\s?(?:\d{1,3}|[a-z]))*$")
_BRACKETED = re.compile(r"[\[(]\s*([^\[\]()]{1,30}?)\s*[\])]$")
_SIGNS_OF_NOTES = frozenset("*†‡§¶#∗⁎")
_SIGN_WORDS = {"tm": "™", "sm": "℠", "®": "®", "©": "©", "™": "™"}
_ORDINALS = frozenset("st nd rd th er re e ère ème eme nde o a os as º ª te ter".split())
_DEGREES = frozenset("o°º0")
# Units that are no words of a language; shorter than two letters all are taken for a variable or a unit.
_UNITS = frozenset("cm km mm dm nm µm μm pm fm ft yd hm dam kg sec hr Mpc kpc pc sq GeV MeV keV eV".split())
# Units that are words too: only behind a number or a stroke.
_WORDS_AND_UNITS = re.compile(r"(?:\d\s?|/)(?:in|mi|rod|foot|miles?|inch|metres?|meters?)$", re.I)
_FUNCTIONS = frozenset("sin cos tan cot log ln exp sinh cosh tanh sec csc".split())
# Letters that begin the factors of a formula, and factors that are no words.
_CONSTANTS = frozenset("πΔλμρστωθ")
_FACTORS = frozenset("mc mv dx dy dt xy ab".split())
# A variable that is said to equal two or three letters: "E = mc".
_EQUATION = re.compile(r"(?<![^\W\d_])[A-Za-zΑ-ω]\s?=\s?(?:\d{1,9}\s?)?[^\W\d_]{2,3}$")
_TRAILING_LETTERS = re.compile(r"[^\W\d_]{1,40}$")
_TRAILING_NUMBER = re.compile(r"(?<![\d.,])\d{1,20}$")
_DECIMAL = re.compile(r"\d[.,]\d{1,20}$")
_OPERATOR_BEFORE = re.compile(r"[=×·*/^<>≤≥≈]\s?\d{1,20}$")
_OPERATOR_AFTER = re.compile(r"\s{0,2}[=×·*<>≤≥≈]")
_GROUP = re.compile(r"\(([^()]{1,60})\)$")
_TERM = re.compile(r"(?:\w|[\d.,]{1,20}|[^\W\d_]{1,2})(?:\s{0,2}[-+−–×·*/=±]\s{0,2}(?:\w|[\d.,]{1,20}|\w\s?\w)){0,9}$")
_VULGAR = {
    (1, 2): "½", (1, 3): "⅓", (2, 3): "⅔", (1, 4): "¼", (3, 4): "¾", (1, 5): "⅕", (2, 5): "⅖", (3, 5): "⅗", (4, 5): "⅘",
    (1, 6): "⅙", (5, 6): "⅚", (1, 8): "⅛", (3, 8): "⅜", (5, 8): "⅝", (7, 8): "⅞", (1, 7): "⅐", (1, 9): "⅑",
}  # fmt: skip
# What stands before is looked at so far, in characters.
_CONTEXT = 80
# Longer texts are no power, index or mark.
_LONGEST = 40


def raised(text: str, before: str, after: str = "") -> str:
    """Return raised letters as they are written on the line.

    Args:
        text: The raised letters.
        before: The text before them, as it was written.
        after: The text behind them, where it is at hand.

    Returns:
        A power ("⁶"), letters that belong to the word ("th"), or the mark of a note set apart: " [3]".
    """
    words = " ".join(text.split())
    before, after = before[-_CONTEXT:], after[:_CONTEXT]
    if not words or len(words) > _LONGEST:
        return _apart(words, before)
    if words.lower() in _SIGN_WORDS:
        return _SIGN_WORDS[words.lower()]
    if set(words) <= _SIGNS_OF_NOTES:
        return words
    if words in _DEGREES and re.match(r"\s?[CF]\b", after) and re.search(r"\d\s?$", before):
        return "°"
    if bracketed := _BRACKETED.match(words):
        return _mark(bracketed[1], before)
    if _SIGNED.match(words) and before[-1:].strip():
        return power(words)
    if _INTEGER.match(words):
        return power(words) if _is_power(int(words), before, after) else _mark(words, before)
    if words.isalpha():
        return _letters(words, before, after)
    return _mark(words, before) if _NOTES.match(words) else power(words) if before[-1:].strip() else words


def lowered(text: str) -> str:
    """Return lowered letters as they are written on the line: "₂", "_max", "_(i = 1)"."""
    words = " ".join(text.split())
    if _HAS_LOWERED_SIGNS.match(words):
        return words.translate(_LOWERED_SIGNS)
    if not words or len(words) > _LONGEST:
        return words
    return f"_{words}" if words.isalnum() else f"_({words})"


def power(text: str) -> str:
    """Return a power as it is written on the line: "⁻⁴", "ⁿ", "^k", "^(n + 1)"."""
    words = " ".join(text.split())
    if _HAS_RAISED_SIGNS.match(words):
        return words.translate(_RAISED_SIGNS)
    if not words:
        return ""
    if words in ("∘", "°"):
        return "°"
    return f"^{words}" if words.isalnum() or set(words) <= set("′*°∞") else f"^({words})"


def fraction(numerator: str, denominator: str, before: str) -> str:
    """Return a raised number over a lowered one.

    Args:
        numerator: The raised number.
        denominator: The lowered number.
        before: The text before them.

    Returns:
        "½" where there is such a sign, else "3/16", set apart from a number before it.
    """
    over, under = numerator.strip(), denominator.strip()
    if over.isdecimal() and under.isdecimal() and len(over) < 3 and len(under) < 3:
        sign = _VULGAR.get((int(over), int(under)))
        if sign:
            return sign
    return (" " if before[-1:].isalnum() else "") + f"{over}/{under}"


def _mark(words: str, before: str) -> str:
    """Return the mark of a note, apart from the number or word before it."""
    return (" " if before[-1:].strip() else "") + f"[{words}]"


def _apart(words: str, before: str) -> str:
    return (" " if words and before[-1:].isalnum() else "") + words


def _letters(words: str, before: str, after: str) -> str:
    """Return raised letters: of an ordinal or a shortened word, of a note, or a power."""
    last = before[-1:]
    if last.isdigit() or re.search(r"(?:^|\W)[IVXLC]{1,8}$", before):
        is_ordinal = words.lower() in _ORDINALS and (len(words) > 1 or not _DECIMAL.search(before))
        # "1a edição" counts editions; alone in a cell it is the mark of a note.
        is_ordinal = is_ordinal and (words != "a" or bool(re.match(r"\s[^\W\d_]", after)))
        return words if is_ordinal else power(words) if words == "n" else _mark(words, before)
    letters = _TRAILING_LETTERS.search(before)
    if letters and len(words) == 1 and words.isascii():
        is_variable = len(letters[0]) == 1 and words not in "oa"
        return power(words) if is_variable else words if words == "o" and letters[0] in "Nn" else _mark(words, before)
    if last == ")":
        return power(words)
    # "Mme", "Dr": the end of a shortened word.
    return words if letters else _mark(words, before) if last.strip() and len(words) == 1 else words


def _is_power(number: int, before: str, after: str) -> bool:
    """Tell whether a raised number is a power of what stands before it, or the mark of a note."""
    if not before[-1:].strip():
        # The mass of an isotope stands before its letter: ¹⁴C.
        return bool(re.match(r"[A-Z][a-z]?(?![a-z])", after))
    if letters := _TRAILING_LETTERS.search(before):
        word = letters[0]
        if word in _FUNCTIONS:
            return True
        if len(word) == 1:
            return _is_european(word)
        if number < 10 and _ends_formula(word, before):
            return True
        return number < 10 and (word in _UNITS or bool(_WORDS_AND_UNITS.search(before)))
    if digits := _TRAILING_NUMBER.search(before):
        is_base = digits[0] == "10" or (digits[0] == "2" and number > 1)
        return is_base or bool(_OPERATOR_AFTER.match(after)) or bool(_OPERATOR_BEFORE.search(before))
    group = _GROUP.search(before)
    return bool(group and not group[1].isdecimal() and _TERM.match(group[1]))


def _ends_formula(word: str, before: str) -> bool:
    """Tell whether letters are factors of a formula: "πr", "mc", or any two behind a sign of equality."""
    word = word.lstrip("½¼¾")
    if len(word) > 3 or not word.isascii():
        return 0 < len(word) <= 3 and word[0] in _CONSTANTS and word[1:].isascii()
    return word in _FACTORS or bool(_EQUATION.search(before))


def _is_european(letter: str) -> bool:
    return letter < "\u0530"
