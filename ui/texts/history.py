"""Texts of the list of conversations and what can be done with one."""

TEXTS: dict[str, tuple[str, str]] = {
    "conversations": ("Conversations", "Gespräche"),
    "search conversations": ("Search conversations", "Gespräche durchsuchen"),
    "new": ("New conversation", "Neues Gespräch"),
    "more": ("Rename, export, delete", "Umbenennen, exportieren, löschen"),
    "rename": ("Rename", "Umbenennen"),
    "delete": ("Delete", "Löschen"),
    "delete sure": ("Delete this conversation?", "Dieses Gespräch löschen?"),
    "name": ("Name", "Name"),
    "save": ("Save", "Speichern"),
}
