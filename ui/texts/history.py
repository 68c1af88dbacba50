"""Texts of the list of conversations and what can be done with one."""

TEXTS: dict[str, tuple[str, str]] = {
    "conversations": ("Conversations", "Gespräche"),
    "search conversations": ("Search conversations", "Gespräche suchen"),
    "new": ("New conversation", "Neues Gespräch"),
    "more for": ("More for “{title}”", "Mehr zu „{title}“"),
    "more of all": ("All conversations", "Alle Gespräche"),
    "pinned": ("Pinned", "Angeheftet"),
    "today": ("Today", "Heute"),
    "yesterday": ("Yesterday", "Gestern"),
    "this week": ("Previous 7 days", "Letzte 7 Tage"),
    "in month": ("{month} {year}", "{month} {year}"),
    "archive": ("Archive", "Archiv"),
    "archived": ("Archived", "Archiviert"),
    "found one": ("1 conversation found", "1 Gespräch gefunden"),
    "found": ("{count} conversations found", "{count} Gespräche gefunden"),
    "found none": ("Nothing found", "Nichts gefunden"),
    "no conversations": (
        "Your conversations will stand here.",
        "Hier werden Ihre Gespräche stehen.",
    ),
    "rename": ("Rename", "Umbenennen"),
    "pin": ("Pin", "Anheften"),
    "unpin": ("Unpin", "Lösen"),
    "to archive": ("Archive", "Archivieren"),
    "from archive": ("Take out of the archive", "Aus dem Archiv holen"),
    "delete": ("Delete", "Löschen"),
    "name": ("Name", "Name"),
    "deleted": ("Conversation deleted", "Gespräch gelöscht"),
    "in archive now": ("In the archive now", "Jetzt im Archiv"),
    "being answered": ("being answered", "wird beantwortet"),
    "unread": ("new answer", "neue Antwort"),
    "answered elsewhere": ("Answered: {title}", "Beantwortet: {title}"),
    "share": ("Share", "Teilen"),
    "shared": ("Shared", "Geteilt"),
    "share title": ("Share this conversation", "Dieses Gespräch teilen"),
    "share more": (
        "Whoever can open this server can read it with this link: the questions, the answers and the quoted words. "
        "What is asked later is not shown until you update the link.",
        "Wer diesen Server öffnen kann, kann es mit diesem Link lesen: die Fragen, die Antworten und die zitierten "
        "Worte. Was später gefragt wird, ist erst zu sehen, wenn Sie den Link aktualisieren.",
    ),
    "share link": ("Link", "Link"),
    "share as of": ("As it was on {day}, {time} UTC", "Stand vom {day}, {time} UTC"),
    "share and copy": ("Share and copy the link", "Teilen und Link kopieren"),
    "copy link": ("Copy link", "Link kopieren"),
    "update link": ("Update to now", "Auf jetzt aktualisieren"),
    "stop sharing": ("Stop sharing", "Nicht mehr teilen"),
    "link copied": ("Link copied", "Link kopiert"),
    "link updated": ("The link shows the conversation as it is now", "Der Link zeigt das Gespräch, wie es jetzt ist"),
    "shared no longer": ("Not shared any more", "Nicht mehr geteilt"),
    "shared read only": (
        "A shared conversation, to be read only. Its answers rest on the quoted words; a number opens them.",
        "Ein geteiltes Gespräch, nur zum Lesen. Die Antworten beruhen auf den zitierten Worten; eine Zahl öffnet sie.",
    ),
    "share gone": ("This link leads nowhere", "Dieser Link führt nirgendwohin"),
    "share gone more": (
        "The conversation is no longer shared, or was deleted. Ask whoever gave you the link.",
        "Das Gespräch wird nicht mehr geteilt oder wurde gelöscht. Fragen Sie, wer Ihnen den Link gegeben hat.",
    ),
    "nothing to share": (
        "There is no answer to share yet.",
        "Es gibt noch keine Antwort, die man teilen könnte.",
    ),
    "import": ("Import …", "Importieren …"),
    "imported one": ("1 conversation imported", "1 Gespräch importiert"),
    "imported": ("{count} conversations imported", "{count} Gespräche importiert"),
    "import too large": (
        "The file is too large; at most {most} MB can be imported.",
        "Die Datei ist zu groß; höchstens {most} MB können importiert werden.",
    ),
    **{
        f"month {number}": names
        for number, names in enumerate(
            (
                ("January", "Januar"), ("February", "Februar"), ("March", "März"), ("April", "April"), ("May", "Mai"),
                ("June", "Juni"), ("July", "Juli"), ("August", "August"), ("September", "September"),
                ("October", "Oktober"), ("November", "November"), ("December", "Dezember"),
            ),
            start=1,
        )
    },
}  # fmt: skip
