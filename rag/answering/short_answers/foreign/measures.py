"""Which measure a question asks for, and which one an amount is of: a weight is no price. Pure.

Owns: the words and units of weight, length, price and time in the languages of the tables. Knows no document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# What asks for a weight or a length, folded; it may be of something else where a language writes no spaces.
_ASKED = {
    "weight": re.compile(
        r"\b(?:pès\w+|pesai\w+|poids|pesa\w?|pesan|peso|pesaba\w?|wieg\w+|wog\w?|schwer|gewicht\w*|вес(?:ит|ят|ил\w?|а|ом)?"
        r"|масс[аыуе]|وزن\w{0,3}|يزن|تزن)\b|重さ|重量|多重|体重|何グラム|何キロ(?!メ)|หนัก"
    ),
    "length": re.compile(
        r"\b(?:mesure\w*|longueur|largeur|hauteur|profondeur|altitude|distance|mide\w?|longitud|anchura|altura"
        r"|profundidad|altitud|distancia|hoch|tief|breit|höhe|tiefe|breite|länge|длин\w|ширин\w|высот\w|глубин\w"
        r"|расстояни\w|طول\w{0,3}|عرض\w{0,3}|ارتفاع\w{0,3}|عمق\w{0,3})\b|长度|多长(?!时间)|全长|高度|多高|深度|多深|宽度|多宽|长さ|長さ"
        r"|高さ|深さ|幅は|สูง(?:เท่า|กี่)|ยาวเท่า|ลึกเท่า|กว้างเท่า"
    ),
}
_UNITS = {
    "weight": re.compile(
        r"(?:kg|g|gr|mg|t|kilo\w{0,8}|grammes?|gramos?|gramm|tonnes?|toneladas?|tonnen?|zentner|кг|г|грамм\w*|килограмм\w*"
        r"|тонн\w*|غرام\w*|كيلوغرام\w*|طن)\b|公斤|千克|克|吨|噸|キログラム|グラム|キロ(?!メ)|トン|กิโลกรัม|กรัม|ตัน",
        re.I,
    ),
    "length": re.compile(
        r"(?:mm|cm|m|km|mètres?|metros?|metern?|kilom\w+|centím\w+|centim\w+|zentim\w+|millim\w+|м|см|мм|км|метр\w*|километр\w*"
        r"|сантиметр\w*|متر\w*|أمتار|كيلومتر\w*|سنتيمتر\w*)\b|公里|千米|厘米|毫米|米|キロメートル|センチ\w*|ミリ\w*|メートル"
        r"|กิโลเมตร|เซนติเมตร|เมตร",
        re.I,
    ),
}
_BEHIND_NUMBER = re.compile(r"[^\d\s.,٫٬\u00a0\u202f].*\Z", re.S)


def asked_measure(question: str) -> str:
    """Return the measure that a question asks for.

    Args:
        question: The question, folded.

    Returns:
        ``weight`` or ``length``; "" for none that is known.
    """
    return next((measure for measure, pattern in _ASKED.items() if pattern.search(question)), "")


def is_of_other_measure(amount: str, measure: str, others: Sequence[str] = ()) -> bool:
    """Tell whether an amount has the unit of another measure than the one that is asked for.

    Args:
        amount: A number with what stands behind it.
        measure: What is asked for: ``weight`` or ``length``.
        others: Patterns of units of anything else, such as money and time.

    Returns:
        Whether it has; not where its unit is not known.
    """
    found = _BEHIND_NUMBER.search(amount)
    unit = found.group() if found else ""
    known = [pattern for name, pattern in _UNITS.items() if name != measure]
    known += [re.compile(rf"(?:{pattern})(?!\w)", re.I) for pattern in others]
    is_right = measure in _UNITS and _UNITS[measure].match(unit)
    return bool(unit) and not is_right and any(pattern.match(unit) for pattern in known)
