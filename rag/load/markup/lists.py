"""Number the items of lists as a page shows them, and keep terms until their values come.

Owns: the numbers, letters and Roman numerals of items. Knows nothing about elements but their attributes.
"""

from __future__ import annotations

from collections.abc import Mapping

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_STYLES = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i",
           "upper-roman": "I", "none": "none"}  # fmt: skip

Attributes = Mapping[str, str | None]


class ListNumbers:
    """The lists that are open, innermost last, with the number of the next item of each; None for bullets."""

    def __init__(self) -> None:
        self._open: list[tuple[int, int, str] | None] = []

    def open(self, tag: str, attributes: Attributes, items: int = 0) -> None:
        """Begin a list.

        Args:
            tag: Its element.
            attributes: Its attributes.
            items: How many items it has, for one that is numbered backwards.
        """
        if tag != "ol":
            self._open.append(None)
            return
        is_reversed = "reversed" in attributes
        start = _integer(attributes.get("start"))
        first = start if start is not None else items if is_reversed else 1
        self._open.append((first, -1 if is_reversed else 1, _type(attributes)))

    def close(self) -> None:
        """End the innermost list."""
        if self._open:
            self._open.pop()

    def next(self, attributes: Attributes) -> str:
        """Return the number of the next item with its point, "5."; "" in a list without numbers."""
        numbering = self._open[-1] if self._open else None
        if numbering is None:
            return ""
        number, step, form = numbering
        value = _integer(attributes.get("value"))
        number = value if value is not None else number
        self._open[-1] = (number + step, step, form)
        return "" if form == "none" else f"{in_form(number, form)}."


class Terms:
    """The terms of a list whose values are still to come."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._has_value = False

    def add(self, words: str) -> None:
        """Take a term; one that follows a value is the first of its own."""
        if self._has_value:
            self._words, self._has_value = [], False
        if words:
            self._words.append(words)

    def take(self) -> list[str]:
        """Return what stands before the next value: the terms that it belongs to, with a colon; [] for none."""
        self._has_value = True
        term = ", ".join(self._words)
        return [term if term.endswith((":", "?", "!")) else f"{term}:"] if term else []

    def left(self) -> list[str]:
        """Return the terms that no value followed."""
        return [] if self._has_value else self._words


def in_form(number: int, form: str) -> str:
    """Return a number as a list of a form shows it.

    Args:
        number: The number.
        form: ``1``, ``a``, ``A``, ``i`` or ``I``.

    Returns:
        The number, letters or a Roman numeral.
    """
    if form in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord(form) + letter) + letters
        return letters
    if form in ("i", "I") and 0 < number <= _LARGEST_ROMAN:
        numeral = ""
        for value, sign in _ROMAN:
            count, number = divmod(number, value)
            numeral += sign * count
        return numeral if form == "i" else numeral.upper()
    return str(number)


def _type(attributes: Attributes) -> str:
    form = attributes.get("type") or ""
    if form in ("a", "A", "i", "I"):
        return form
    style = (attributes.get("style") or "")[:1000].lower()
    _, _, named = style.partition("list-style")
    named = named.partition(":")[2].partition(";")[0]
    return next((_STYLES[word] for word in named.split() if word in _STYLES), "1")


def _integer(value: str | None) -> int | None:
    """Return a whole number of at most nine digits, or None."""
    value = (value or "").strip()
    digits = value.removeprefix("-")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    return int(value) if is_number else None
