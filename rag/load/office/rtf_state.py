"""Keep what control words of RTF say of the words that follow, until their group ends.

Owns: which control words change how words look, and which groups are passed over. Knows nothing about the words. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rag.load.office.inline import Script

# In half points: letters of this size and smaller cannot be read.
_TINY = 2
# Groups whose words are read, though they begin with a mark that programs may pass over what they do not know.
READ = frozenset(
    "footnote annotation atnauthor shpinst shptxt do dptxbxtext fldinst formfield ffl nesttableprops moMath "
    "moMathPara mmath ud shppict listtext pntext title".split()
)
SKIPPED = frozenset(
    "colortbl pict objdata themedata datastore xe tc rxe nonshppict nonesttables shprslt sp atnid atndate atnref "
    "atnparent atnicn bkmkstart bkmkend revtbl listtable listoverridetable rsidtbl filetbl generator falt panose "
    "mmathPict fname author operator company subject keywords comment doccomm manager category hlinkbase buptim "
    "printim ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn tcf bkmkpub pnseclvl template mmathPr".split()
)
PROPERTIES = re.compile(r"m[a-zA-Z]{1,15}Pr")


@dataclass(frozen=True, slots=True)
class State:
    """What counts in a group, until it ends.

    Attributes:
        group: What the group says that it holds, or "".
        is_skipped: Whether it is passed over.
        is_hidden: Whether its words are hidden.
        is_deleted: Whether its words were deleted.
        is_tiny: Whether its letters are too small to be read.
        is_struck: Whether its words are struck out.
        script: Whether its words are raised or lowered.
        font: The number of its font.
        fallback: How many characters stand for one that is given by its number.
        style: The number of the style of its paragraphs.
        outline: The level of its headings; 0 for none.
        in_table: Whether its paragraphs stand in a table.
        depth: In how many tables they stand then, each in a cell of the one before.
    """

    group: str = ""
    is_skipped: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    is_tiny: bool = False
    is_struck: bool = False
    script: Script = ""
    font: int = 0
    fallback: int = 1
    style: int = 0
    outline: int = 0
    in_table: bool = False
    depth: int = 1

    @property
    def is_seen(self) -> bool:
        """Whether a reader sees its words."""
        return not (self.is_hidden or self.is_deleted or self.is_tiny)


def formatted(state: State, word: str, number: int | None) -> State | None:
    """Return the state after a control word.

    Args:
        state: The state before it.
        word: The control word.
        number: The number behind it; None for none.

    Returns:
        The new state; None for a word that does not change how words look.
    """
    change = _CHANGES.get(word)
    return change(state, number) if change else None


def _script(state: State, script: Script, number: int | None) -> State:
    return replace(state, script="" if number == 0 else script)


def _outline(state: State, number: int | None) -> State:
    level = number or 0
    return replace(state, outline=level + 1 if 0 <= level < 9 else 0)


_CHANGES: dict[str, Callable[[State, int | None], State]] = {
    "plain": lambda state, _: replace(
        state, is_hidden=False, is_deleted=False, is_tiny=False, is_struck=False, script=""
    ),
    "pard": lambda state, _: replace(state, style=0, outline=0, in_table=False, depth=1),
    "strike": lambda state, number: replace(state, is_struck=number != 0),
    "striked": lambda state, number: replace(state, is_struck=number != 0),
    "super": lambda state, number: _script(state, "raised", number),
    "up": lambda state, number: _script(state, "raised", number),
    "sub": lambda state, number: _script(state, "lowered", number),
    "dn": lambda state, number: _script(state, "lowered", number),
    "nosupersub": lambda state, _: replace(state, script=""),
    "v": lambda state, number: replace(state, is_hidden=number != 0),
    "deleted": lambda state, number: replace(state, is_deleted=number != 0),
    "fs": lambda state, number: replace(state, is_tiny=number is not None and number <= _TINY),
    "f": lambda state, number: replace(state, font=number or 0),
    "uc": lambda state, number: replace(state, fallback=max(number or 0, 0)),
    "s": lambda state, number: replace(state, style=number or 0),
    "itap": lambda state, number: replace(state, depth=max(number or 0, 1), in_table=bool(number)),
    "intbl": lambda state, _: replace(state, in_table=True),
    "outlinelevel": _outline,
}
