"""The turns of a conversation as a tree: versions of a turn follow the same one.

Owns: which path through the tree is shown, and the deletion of what was taken away. Knows nothing about answers.
"""

from __future__ import annotations

from rag.database import Connection
from rag.store.catalog.forgetting import forget_documents


class TurnTree:
    """The turns of a conversation that were not taken away, by the turn that each follows.

    Attributes:
        heads: ``(id, parent, shown)`` of each, oldest first.
        path: The ids of the turns that are shown, in order.
        reached: The ids of the turns that can be shown, and "".
    """

    def __init__(self, db: Connection, conversation: str) -> None:
        """Read the turns of a conversation.

        Args:
            db: A connection.
            conversation: The id of the conversation.
        """
        self.heads: list[tuple[str, str, int]] = db.execute(
            "SELECT id, parent, shown FROM turns WHERE conversation = ? AND removed = '' ORDER BY number",
            (conversation,),
        ).fetchall()
        newest: dict[str, tuple[int, str]] = {}
        # The turns whose way to the first one is whole; a turn is younger than the one that it follows.
        self.reached = {""}
        for id_, parent, shown in self.heads:
            newest[parent] = max(newest.get(parent, (-1, "")), (shown, id_))
            if parent in self.reached:
                self.reached.add(id_)
        self.path: list[str] = []
        while (next_ := newest.pop(self.last, None)) is not None:
            self.path.append(next_[1])

    @property
    def last(self) -> str:
        """The id of the last turn that is shown; "" where there is none."""
        return self.path[-1] if self.path else ""

    @property
    def next_shown(self) -> int:
        """The order of a turn that is shown from now on."""
        return max((shown for _, _, shown in self.heads), default=0) + 1

    def versions(self, parent: str) -> tuple[str, ...]:
        """Return the ids of the turns that follow one, oldest first; ``parent`` is its id, "" before the first."""
        return tuple(id_ for id_, its_parent, _ in self.heads if its_parent == parent)


def nearest_turn(db: Connection, conversation: str, turn: str, tree: TurnTree) -> str:
    """Find the turn that a new one can follow.

    Args:
        db: A connection.
        conversation: The id of the conversation.
        turn: The id of the turn that it is meant to follow.
        tree: The turns of the conversation.

    Returns:
        That turn where it can be shown, else the nearest before it that can; "" where there is none.
    """
    while turn not in tree.reached:
        row = db.execute("SELECT parent FROM turns WHERE id = ? AND conversation = ?", (turn, conversation)).fetchone()
        turn = row[0] if row else ""
    return turn


def delete_removed(db: Connection, before: str) -> None:
    """Delete for good what was taken away, with what follows it and the documents that only it cited.

    Args:
        db: A connection inside a transaction.
        before: Only what was taken away before this time: UTC, ISO 8601.
    """
    gone = (
        "WITH RECURSIVE gone(id) AS (SELECT id FROM turns WHERE removed <> '' AND removed < ?1 "
        "OR conversation IN (SELECT id FROM conversations WHERE removed <> '' AND removed < ?1) "
        "UNION SELECT later.id FROM turns later JOIN gone ON later.parent = gone.id) "
    )
    cited = db.execute(
        f"{gone} SELECT DISTINCT document_id FROM cited WHERE turn IN (SELECT id FROM gone)", (before,)
    ).fetchall()
    db.execute(f"{gone} DELETE FROM turns WHERE id IN (SELECT id FROM gone)", (before,))
    db.execute("DELETE FROM conversations WHERE removed <> '' AND removed < ?", (before,))
    forget_documents(db, (id_ for (id_,) in cited))
