"""The words of what is wrong with a file of a prompt, in English and German. Pure."""

from __future__ import annotations

from rag.notices import Wording, listed

WORDINGS: dict[str, Wording] = {
    "prompts-folder-absent": (
        "The folder of prompts {folder} does not exist: create it or unset RAG_PROMPTS.",
        "Den Ordner für Prompts {folder} gibt es nicht: Legen Sie ihn an, oder löschen Sie RAG_PROMPTS.",
    ),
    "prompt-unreadable": (
        "The prompt {path} cannot be read ({cause}): make it a UTF-8 text file.",
        "Der Prompt {path} lässt sich nicht lesen ({cause}): Speichern Sie ihn als Textdatei in UTF-8.",
    ),
    "prompt-sections-wrong": (
        "The prompt {path} must have the sections `## system` and `## user`, in this order, only.",
        "Der Prompt {path} muss die Abschnitte `## system` und `## user` haben, in dieser Reihenfolge und keine "
        "anderen.",
    ),
    "prompt-stray-dollar": (
        "The prompt {path} has a `$` that begins no placeholder: write `$$` for a dollar sign.",
        "Im Prompt {path} steht ein `$`, mit dem kein Platzhalter beginnt: Schreiben Sie `$$` für ein Dollarzeichen.",
    ),
    "prompt-placeholder-unknown": (
        lambda values: (
            f"The prompt {values['path']} has the unknown placeholder {values['placeholder']}: it may use "
            f"{listed(values['known'])}."
        ),
        lambda values: (
            f"Im Prompt {values['path']} steht der unbekannte Platzhalter {values['placeholder']}: Erlaubt sind "
            f"{listed(values['known'])}."
        ),
    ),
    "prompt-placeholder-missing": (
        "The prompt {path} lacks the placeholder {placeholder}: add it.",
        "Im Prompt {path} fehlt der Platzhalter {placeholder}: Fügen Sie ihn ein.",
    ),
}
