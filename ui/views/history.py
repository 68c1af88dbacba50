"""The list of conversations as HTML.

Owns: how conversations are grouped by day, and what a row of the list says. Knows nothing about where they are stored,
or requests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from markupsafe import Markup

from rag.store.catalog import Conversation, FoundConversation
from rag.text import printable
from ui.i18n import Translate
from ui.views.templates import render

# Days before today that "the previous 7 days" reach back.
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text, and whether it is marked."""

    words: str
    marked: bool = False


def list_html(
    conversations: Sequence[Conversation],
    shared: Collection[str],
    t: Translate,
    now: datetime,
    *,
    after: Conversation | None = None,
    next_offset: int | None = None,
) -> Markup:
    """Return a page of the list, grouped by day.

    Args:
        conversations: The heads, in order.
        shared: The ids of those that are shared.
        t: Gives the texts of the page in the reader's language.
        now: The time on the reader's clock.
        after: The conversation before the page, whose group goes on without another heading; None for the first page.
        next_offset: Where the next page begins; None where there is none.
    """
    last = _group_of(after, now, t) if after else ""
    groups = []
    for heading, heads in groupby(conversations, key=lambda head: _group_of(head, now, t)):
        groups.append(("" if heading == last else heading, list(heads)))
    return render("history", "groups", groups=groups, shared=shared, next_offset=next_offset, t=t)


def found_html(found: Sequence[FoundConversation], shared: Collection[str], more: bool, t: Translate) -> Markup:
    """Return what a search found, with the words of the search marked.

    Args:
        found: What was found, in order.
        shared: The ids of the conversations that are shared.
        more: Whether there is more than that.
        t: Gives the texts of the page in the reader's language.
    """
    rows = [
        (one.conversation, parts_of(one.conversation.title, one.title_marks), parts_of(one.line, one.marks))
        for one in found
    ]
    return render("history", "found", rows=rows, shared=shared, more=more, t=t)


def parts_of(text: str, marks: Sequence[tuple[int, int]]) -> list[Part]:
    """Return a text in parts, those that are marked apart."""
    return list(_parts(printable(text), marks))


def _parts(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[Part]:
    position = 0
    for start, end in marks:
        if start > position:
            yield Part(text[position:start])
        yield Part(text[start:end], marked=True)
        position = end
    if position < len(text):
        yield Part(text[position:])


def _group_of(conversation: Conversation, now: datetime, t: Translate) -> str:
    """Return the heading under which a conversation stands: its day as seen from today."""
    if conversation.pinned:
        return t("pinned")
    day, today = _local_day(conversation.changed, now), now.date()
    if day >= today:
        return t("today")
    if day == today - timedelta(days=1):
        return t("yesterday")
    if day >= today - timedelta(days=_WEEK):
        return t("this week")
    return t("in month", month=t(f"month {day.month}"), year=day.year)


def _local_day(moment: str, now: datetime) -> date:
    """Return the day of a moment in UTC on the reader's clock."""
    try:
        return datetime.fromisoformat(moment).astimezone(now.tzinfo).date()
    except (ValueError, OverflowError):
        return date.min
