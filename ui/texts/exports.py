"""Texts of conversations as files."""

TEXTS: dict[str, tuple[str, str]] = {
    "export": ("Export", "Exportieren"),
    "export md": ("Markdown", "Markdown"),
    "export html": ("Web page (HTML)", "Webseite (HTML)"),
    "export docx": ("Word", "Word"),
    "export pdf": ("PDF", "PDF"),
    "export all": ("Export all (zip)", "Alle exportieren (zip)"),
    "export about": (
        "A conversation of {created} with Footnote, last changed {changed}.",
        "Ein Gespräch mit Footnote vom {created}, zuletzt geändert am {changed}.",
    ),
    "export legend": (
        "✓ verified: the cited words say it. ◐ partly supported. ○ not found in the documents. "
        "✗ left out: the sources say otherwise. A number in brackets names the citation.",
        "✓ belegt: Die zitierten Worte sagen es. ◐ teilweise belegt. ○ nicht in den Dokumenten gefunden. "
        "✗ weggelassen: Die Quellen sagen es anders. Eine Zahl in Klammern nennt den Beleg.",
    ),
    "export nearest": ("Nearest passage:", "Nächste Stelle:"),
    "export missing": ("The documents say nothing about:", "Dazu sagen die Dokumente nichts:"),
    "export conflicts": ("The sources disagree:", "Die Quellen widersprechen sich:"),
    "export reasons": ("On sentences of the answer:", "Zu Sätzen der Antwort:"),
    "export contradicted one": (
        "1 claim of the model left out, because the sources say otherwise:",
        "1 Aussage des Modells weggelassen, weil die Quellen es anders sagen:",
    ),
    "export contradicted": (
        "{count} claims of the model left out, because the sources say otherwise:",
        "{count} Aussagen des Modells weggelassen, weil die Quellen es anders sagen:",
    ),
    "export left out one": ("1 claim of the model left out:", "1 Aussage des Modells weggelassen:"),
    "export left out": ("{count} claims of the model left out:", "{count} Aussagen des Modells weggelassen:"),
    "export note": ("Note:", "Hinweis:"),
    "export asked": ("Asked {day} {time} UTC", "Gefragt am {day} um {time} UTC"),
    "export index": ("index {name}", "Index {name}"),
    "export quotes": ("quotes, no model", "Zitate, ohne Modell"),
    "rated up": ("rated up", "als gut bewertet"),
    "rated down": ("rated down", "als schlecht bewertet"),
}
