"""Find lines of words in a picture with tesseract.

Owns: the call of the program, its languages, the direction of the words, and which of them are specks. Knows nothing
about paragraphs.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rag.load.recognition.lines import Line
from rag.text.scripts import is_unspaced

if TYPE_CHECKING:
    from PIL.Image import Image

# In place of languages: pictures are not read.
OFF = "none"
# The longest that tesseract may take for a picture.
_TIMEOUT_SECONDS = 120
# Without a wish, so many of the installed languages are tried; each more makes reading slower and less sure.
_MOST_LANGUAGES = 3
# Tesseract's own files for the direction of writing and for formulas: no languages.
_NO_LANGUAGES = frozenset(("osd", "equ", "snum"))
# Words of a lower confidence, of 100, are specks; so are all words where none is sure.
_LEAST_CONFIDENCE, _SURE = 30, 60
# The mean confidence, of 100: of words that stand upright, and the least of words that can be read.
_UPRIGHT, _LEGIBLE = 70, 45
# Tesseract's own measure of how sure it is of a page's direction.
_SURE_OF_TURN = 3.0
# The turns are tried on a picture of at most so many pixels a side.
_TRIAL_PIXELS = 1600


def is_available(wish: str = "") -> bool:
    """Tell whether pictures can be read: the Python package and the program are installed, and not switched off."""
    return wish != OFF and shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def find_lines(image: Image, wish: str = "") -> list[Line]:
    """Return the lines of a picture.

    Args:
        image: The picture.
        wish: Languages by tesseract's names; "" for those that are installed.

    Returns:
        The lines in tesseract's order; none where no word is sure, or tesseract fails.
    """
    found = _words(image, languages(wish))
    if _confidence(found) < _UPRIGHT:
        turned = _upright(image, languages(wish), has_words=any(str(text).strip() for text in found["text"]))
        found = _words(turned, languages(wish)) if turned else found
    return lines_of_words(found) if _confidence(found) >= _LEGIBLE else []


def _words(image: Image, names: str) -> dict[str, list[Any]]:
    """Return tesseract's table of the words of a picture, an empty one where it fails."""
    import pytesseract

    try:
        found: dict[str, list[Any]] = pytesseract.image_to_data(
            image, lang=names, output_type=pytesseract.Output.DICT, timeout=_TIMEOUT_SECONDS
        )
    except (pytesseract.TesseractError, RuntimeError):
        return {"text": [], "conf": []}
    return found


def _confidence(found: dict[str, list[Any]]) -> float:
    """Return the mean confidence of the letters of a table of words, of 100; 0 where it has none."""
    lengths = [(len(str(text).strip()), float(sure)) for text, sure in zip(found["text"], found["conf"], strict=True)]
    count = sum(length for length, _ in lengths)
    return sum(length * max(0.0, sure) for length, sure in lengths) / count if count else 0.0


def _upright(image: Image, names: str, has_words: bool) -> Image | None:
    """Return a picture turned so that its words stand upright; None where no turn makes them legible.

    Tesseract tells the direction of a page of many words; of few words, the turn is taken whose words are surest.

    Args:
        image: The picture.
        names: The languages to read.
        has_words: Whether anything was taken for words as it stands.
    """
    turn = _told_turn(image)
    if turn or not has_words:
        return image.rotate(-turn, expand=True) if turn else None
    small = image.copy()
    small.thumbnail((_TRIAL_PIXELS, _TRIAL_PIXELS))
    turns = {turn: _confidence(_words(small.rotate(-turn, expand=True), names)) for turn in (90, 180, 270)}
    best = max(turns, key=turns.__getitem__)
    return image.rotate(-best, expand=True) if turns[best] >= _LEGIBLE else None


def _told_turn(image: Image) -> int:
    """Return by how many degrees, clockwise, tesseract would turn a picture; 0 where it is not sure."""
    import pytesseract

    try:
        told = pytesseract.image_to_osd(image, output_type=pytesseract.Output.DICT, timeout=_TIMEOUT_SECONDS)
    except (pytesseract.TesseractError, RuntimeError):
        return 0
    return int(told["rotate"]) % 360 if float(told["orientation_conf"]) >= _SURE_OF_TURN else 0


def languages(wish: str = "") -> str:
    """Return the languages to read as tesseract's option has them: those wished for, of those that are installed."""
    installed = _installed()
    wished = [name for name in re.split(r"[+,\s]+", wish) if name in installed]
    return "+".join(wished or installed[:_MOST_LANGUAGES]) or "eng"


def lines_of_words(found: dict[str, list[Any]]) -> list[Line]:
    """Return the lines of tesseract's table of words, without specks; none where no word is sure."""
    words = [
        (tuple(found[key][at] for key in ("block_num", "par_num", "line_num")), at)
        for at, text in enumerate(found["text"])
        if str(text).strip() and float(found["conf"][at]) >= _LEAST_CONFIDENCE
    ]
    if not any(float(found["conf"][at]) >= _SURE and _is_word(str(found["text"][at])) for _, at in words):
        return []
    return [_line(found, [at for _, at in group], key[:2]) for key, group in groupby(words, key=lambda word: word[0])]


def _line(found: dict[str, list[Any]], words: list[int], paragraph: tuple[int, int]) -> Line:
    text = ""
    for at in words:
        word = str(found["text"][at]).strip()
        is_tight = not text or (is_unspaced(text[-1]) and is_unspaced(word[0]))
        text += word if is_tight else f" {word}"
    left = min(found["left"][at] for at in words)
    right = max(found["left"][at] + found["width"][at] for at in words)
    return Line(text, left, right, paragraph)


def _is_word(text: str) -> bool:
    """Tell a word from a speck: it holds two letters or digits, or a letter of a script whose words may be one."""
    return sum(map(str.isalnum, text)) >= 2 or any(map(is_unspaced, text))


@cache
def _installed() -> tuple[str, ...]:
    """Return the languages that are installed, English first."""
    import pytesseract

    try:
        names = set(pytesseract.get_languages()) - _NO_LANGUAGES
    except (pytesseract.TesseractError, RuntimeError, OSError):
        return ()
    return tuple(sorted((name for name in names if "/" not in name), key=lambda name: (name != "eng", name)))
