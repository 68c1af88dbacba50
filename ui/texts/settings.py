"""Texts of the settings."""

TEXTS: dict[str, tuple[str, str]] = {
    "model": ("Model", "Modell"),
    "strictness": ("Strictness", "Strenge"),
    "strictness more": (
        "How sure Footnote must be before it answers at all.",
        "Wie sicher Footnote sein muss, bevor es überhaupt antwortet.",
    ),
    "lenient": ("Lenient", "Nachsichtig"),
    "balanced": ("Balanced", "Ausgewogen"),
    "strict": ("Strict", "Streng"),
    "passages": ("Passages read for an answer", "Gelesene Stellen für eine Antwort"),
    "language": ("Language of this page", "Sprache dieser Seite"),
    "appearance": ("Appearance", "Aussehen"),
    "system": ("As the system", "Wie das System"),
    "light": ("Light", "Hell"),
    "dark": ("Dark", "Dunkel"),
    "sign out": ("Sign out", "Abmelden"),
}
