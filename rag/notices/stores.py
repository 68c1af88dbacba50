"""The words of errors about indexes, their vectors and sources, and about suites of test cases. Pure.

What the operating system, a database or a package from outside says is a value, ``cause``, and is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Wording, listed

_Values = Mapping[str, Any]

# Where an index keeps its vectors, by the value ``kept``.
_KEPT = {
    "on-server": ("on a Chroma server", "auf einem Chroma-Server"),
    "in-folder": ("beside it", "in seinem Ordner"),
    "in-store": ("in the store {store!r}", "im Speicher „{store}“"),
}


def _other_format(values: _Values) -> str:
    return (
        f"The index at {values['folder']} has format {values['format'] or 'unknown'}, this version reads "
        f"{values['readable']}; upgrade Footnote, or make the index anew with: rag ingest --rebuild PATH"
    )


def _other_format_german(values: _Values) -> str:
    format_ = f"das Format {values['format']}" if values["format"] else "ein unbekanntes Format"
    return (
        f"Der Index in {values['folder']} hat {format_}, diese Version liest das Format {values['readable']}; "
        "aktualisieren Sie Footnote, oder legen Sie den Index neu an mit: rag ingest --rebuild PFAD"
    )


def _vectors_elsewhere(values: _Values) -> str:
    changes = [
        f"{verb} {listed(values[key], ' and ')}" for verb, key in (("set", "to_set"), ("unset", "to_unset"))
        if values[key]
    ]  # fmt: skip
    return (
        f"The index {values['index']!r} keeps its vectors {_KEPT[values['kept']][0].format_map(values)}: "
        f"{listed(changes, ' and ')}, or move them with: rag ingest --index {values['index']} --rebuild"
    )


def _vectors_elsewhere_german(values: _Values) -> str:
    changes = [
        f"{verb} Sie {listed(values[key], ' und ')}" for verb, key in (("setzen", "to_set"), ("löschen", "to_unset"))
        if values[key]
    ]  # fmt: skip
    advice = listed(changes, " und ")
    return (
        f"Der Index „{values['index']}“ hat seine Vektoren {_KEPT[values['kept']][1].format_map(values)}: "
        f"{advice[:1].upper()}{advice[1:]}, oder verschieben Sie die Vektoren mit: "
        f"rag ingest --index {values['index']} --rebuild"
    )


_INDEXES: dict[str, Wording] = {
    "index-closed": ("The index is closed; open it again.", "Der Index ist geschlossen; öffnen Sie ihn wieder."),
    "index-absent": (
        "There is no index {index!r} in {home}; make it with: rag ingest PATH",
        "In {home} ist kein Index „{index}“; legen Sie ihn an mit: rag ingest PFAD",
    ),
    "index-not-migrated": (
        "The index at {folder} is of the older format {format} and cannot be brought to {readable} now ({cause}); "
        "close other programs that use it, see that its folder can be written to, and try again.",
        "Der Index in {folder} hat das ältere Format {format} und lässt sich gerade nicht in das Format {readable} "
        "überführen ({cause}); schließen Sie andere Programme, die ihn benutzen, sorgen Sie dafür, dass in seinen "
        "Ordner geschrieben werden kann, und versuchen Sie es noch einmal.",
    ),
    "index-of-other-format": (_other_format, _other_format_german),
    "index-of-other-model": (
        "The index {index!r} was made with the embedding model {made_with!r} and the setting names {configured!r}; set "
        "RAG_EMBEDDING_MODEL back, or make the index anew with: rag ingest --index {index} --rebuild",
        "Der Index „{index}“ wurde mit dem Einbettungsmodell „{made_with}“ angelegt, eingestellt ist „{configured}“; "
        "setzen Sie RAG_EMBEDDING_MODEL zurück, oder legen Sie den Index neu an mit: rag ingest --index {index} "
        "--rebuild",
    ),
    "index-of-eight-bits": (
        "The index {index!r} has vectors of eight bits, which {configured!r} cannot compute here; check that its "
        "folder can be written to, or bring the index to 32 bits with: rag convert fp32 --index {index}",
        "Der Index „{index}“ hat Vektoren mit acht Bit, die „{configured}“ hier nicht berechnen kann; prüfen Sie, dass "
        "in seinen Ordner geschrieben werden kann, oder bringen Sie den Index auf 32 Bit mit: rag convert fp32 --index "
        "{index}",
    ),
    "index-vectors-elsewhere": (_vectors_elsewhere, _vectors_elsewhere_german),
    "index-made-of-nothing": (
        "The index {index!r} does not say what it was made of; name it: rag ingest --rebuild PATH",
        "Im Index „{index}“ steht nicht, woraus er angelegt wurde; nennen Sie es: rag ingest --rebuild PFAD",
    ),
    "assistant-closed": (
        "The assistant is closed; open another one.",
        "Der Assistent ist geschlossen; öffnen Sie einen neuen.",
    ),
    "index-folder-not-made": (
        "The folder {folder} cannot be made ({cause}); choose another with --home or RAG_HOME.",
        "Der Ordner {folder} lässt sich nicht anlegen ({cause}); wählen Sie mit --home oder RAG_HOME einen anderen.",
    ),
    "catalog-unreadable": (
        "The catalog {path} cannot be read ({cause}); make the index anew from the files with: rag ingest --rebuild "
        "PATH",
        "Der Katalog {path} lässt sich nicht lesen ({cause}); legen Sie den Index aus den Dateien neu an mit: rag "
        "ingest --rebuild PFAD",
    ),
    "embedding-model-absent": (
        "The embedding model {model} is not on this machine; fetch it with: rag models pull {model}",
        "Das Einbettungsmodell {model} ist nicht auf diesem Rechner; laden Sie es herunter mit: rag models pull "
        "{model}",
    ),
}

_COPIES: dict[str, Wording] = {
    "copy-onto-itself": (
        "The index {index!r} cannot be copied onto itself at {place}; name another place with --from or --to.",
        "Der Index „{index}“ lässt sich nicht auf sich selbst in {place} kopieren; nennen Sie mit --from oder --to "
        "einen anderen Ort.",
    ),
    "copy-shares-folder": (
        "Both addresses lead to one database, so that the vectors of both indexes {index!r} would lie in the folder "
        "{folder}; name another database, or keep both on a Chroma server.",
        "Beide Adressen führen zu einer Datenbank, sodass die Vektoren beider Indexe „{index}“ im Ordner {folder} "
        "lägen; nennen Sie eine andere Datenbank, oder halten Sie beide auf einem Chroma-Server.",
    ),
    "copy-place-taken": (
        "There is an index {index!r} at {place} already, and nothing was copied; replace it with --overwrite.",
        "In {place} ist schon ein Index „{index}“, und nichts wurde kopiert; ersetzen Sie ihn mit --overwrite.",
    ),
    "copy-failed": (
        "The copy at {place} cannot be made ({cause}), and nothing was copied; free some space or see that it can be "
        "written to, and run the command again.",
        "Die Kopie in {place} lässt sich nicht anlegen ({cause}), und nichts wurde kopiert; schaffen Sie Platz, oder "
        "sorgen Sie dafür, dass dort geschrieben werden kann, und führen Sie den Befehl noch einmal aus.",
    ),
    "copy-without-server": (
        "Vectors are on a Chroma server, or are to be, and no server is named; set RAG_CHROMA_URL.",
        "Vektoren liegen auf einem Chroma-Server oder sollen dort liegen, und kein Server ist genannt; setzen Sie "
        "RAG_CHROMA_URL.",
    ),
    "vector-store-gives-none": (
        "The vector store {name!r} cannot give its vectors away; make the index anew in the other place with: rag "
        "ingest PATH",
        "Der Vektorspeicher „{name}“ kann seine Vektoren nicht herausgeben; legen Sie den Index am anderen Ort neu an "
        "mit: rag ingest PFAD",
    ),
}

_VECTORS: dict[str, Wording] = {
    "vector-store-unknown": (
        lambda values: (
            f"RAG_VECTOR_STORE is {values['name']!r}, and there is no such vector store; there are: "
            f"{listed(values['known'])}."
        ),
        lambda values: (
            f"RAG_VECTOR_STORE ist „{values['name']}“, und diesen Vektorspeicher gibt es nicht; es gibt: "
            f"{listed(values['known'])}."
        ),
    ),
    "vector-store-failed": (
        "The vector store {name!r} cannot be used ({cause}); mend it with: rag doctor --fix, or choose another with "
        "RAG_VECTOR_STORE",
        "Der Vektorspeicher „{name}“ lässt sich nicht benutzen ({cause}); reparieren Sie ihn mit: rag doctor --fix, "
        "oder wählen Sie mit RAG_VECTOR_STORE einen anderen",
    ),
    "vectors-unusable": (
        "The vectors in {folder} cannot be used ({cause}); mend them with: rag doctor --fix",
        "Die Vektoren in {folder} lassen sich nicht benutzen ({cause}); reparieren Sie sie mit: rag doctor --fix",
    ),
    "vectors-disk-full": (
        "The disk of {folder} is full; free some space and run the command again: what was finished is kept.",
        "Der Datenträger von {folder} ist voll; schaffen Sie Platz und führen Sie den Befehl noch einmal aus: Was "
        "fertig wurde, bleibt.",
    ),
    "vectors-missing": (
        "Vectors of this index are gone from {place}, or are not those of its text; put them back with: rag doctor "
        "--fix",
        "Vektoren dieses Index fehlen in {place} oder sind nicht die seines Textes; stellen Sie sie wieder her mit: "
        "rag doctor --fix",
    ),
    "chroma-server-silent": (
        "The Chroma server at {url} does not answer; start it with: chroma run --path FOLDER --host 127.0.0.1 --port "
        "8000",
        "Der Chroma-Server unter {url} antwortet nicht; starten Sie ihn mit: chroma run --path ORDNER --host 127.0.0.1 "
        "--port 8000",
    ),
    "chroma-server-slow": (
        "The Chroma server at {url} did not answer within {seconds} seconds; see whether it is busy or hangs, then try "
        "again.",
        "Der Chroma-Server unter {url} hat {seconds} Sekunden lang nicht geantwortet; sehen Sie nach, ob er "
        "beschäftigt ist oder hängt, und versuchen Sie es noch einmal.",
    ),
    "chroma-server-refuses": (
        "The Chroma server at {url} refuses; set RAG_CHROMA_TOKEN, or put the user and the password into "
        "RAG_CHROMA_URL.",
        "Der Chroma-Server unter {url} weist ab; setzen Sie RAG_CHROMA_TOKEN, oder schreiben Sie Benutzer und Passwort "
        "in RAG_CHROMA_URL.",
    ),
    "chroma-not-there": (
        "What answers at {url} is no Chroma server; correct RAG_CHROMA_URL.",
        "Was unter {url} antwortet, ist kein Chroma-Server; berichtigen Sie RAG_CHROMA_URL.",
    ),
    "chroma-server-failed": (
        "The Chroma server at {url} could not do it ({cause}); its own log says more.",
        "Der Chroma-Server unter {url} konnte es nicht tun ({cause}); sein eigenes Protokoll sagt mehr.",
    ),
    "chroma-address-wrong": (
        "RAG_CHROMA_URL is {url!r}; it must look like http://127.0.0.1:8000",
        "RAG_CHROMA_URL ist „{url}“; es muss aussehen wie http://127.0.0.1:8000",
    ),
}

_SOURCES: dict[str, Wording] = {
    "source-unknown": (
        "{source!r} is not in the index {index!r}; see: rag sources",
        "„{source}“ ist nicht im Index „{index}“; was darin ist, zeigt: rag sources",
    ),
    "text-too-long-to-check": (
        "The text has {characters} characters, and {most} can be checked against an index at once; send it in parts.",
        "Der Text hat {characters} Zeichen, und {most} lassen sich auf einmal gegen einen Index prüfen; schicken Sie "
        "ihn in Teilen.",
    ),
    "no-source-matches": (
        lambda values: (
            f"No source of the index {values['index']!r} matches {listed(values['globs'])}; see: rag sources"
        ),
        lambda values: (
            f"Keine Quelle des Index „{values['index']}“ passt zu {listed(values['globs'])}; welche es gibt, zeigt: "
            "rag sources"
        ),
    ),
    "path-absent": (
        "There is no file or folder {path}; check the path.",
        "Es gibt keine Datei und keinen Ordner {path}; prüfen Sie den Pfad.",
    ),
}

_SUITES: dict[str, Wording] = {
    "not-an-answer": (
        "This is not an answer ({cause}); give what rag ask --json prints.",
        "Das ist keine Antwort ({cause}); geben Sie an, was rag ask --json ausgibt.",
    ),
    "answer-without-question": (
        "This answer has no question; give what rag ask --json prints.",
        "Diese Antwort hat keine Frage; geben Sie an, was rag ask --json ausgibt.",
    ),
    "case-id-taken": (
        "{place}: the id {id!r} is taken; give the new case another.",
        "{place}: Die Kennung „{id}“ ist vergeben; geben Sie dem neuen Testfall eine andere.",
    ),
    "case-id-repeated": (
        "Two of the new cases have the id {id!r}; nothing is added.",
        "Zwei der neuen Testfälle haben die Kennung „{id}“; nichts wurde hinzugefügt.",
    ),
    "case-absent": (
        "No file of cases of the suite {path} has the case {id!r}; look for it in the suite itself.",
        "Keine Datei mit Testfällen der Testreihe {path} hat den Testfall „{id}“; sehen Sie in der Testreihe nach.",
    ),
    "case-has-no-place": (
        "{place}: a case cannot be added here; move the cases into {file} and name it.",
        "{place}: Hier lässt sich kein Testfall hinzufügen; verschieben Sie die Testfälle nach {file}, und nennen Sie "
        "diese Datei.",
    ),
    "suite-absent": (
        "There is no suite {path}; name the folder of its documents so that it can be made.",
        "Es gibt keine Testreihe {path}; nennen Sie den Ordner ihrer Dokumente, damit sie angelegt werden kann.",
    ),
    "suite-lost": (
        "There are cases in {cases} and no suite {path}; restore the suite or move the cases away.",
        "In {cases} sind Testfälle, aber die Testreihe {path} fehlt; stellen Sie sie wieder her, oder verschieben Sie "
        "die Testfälle an einen anderen Ort.",
    ),
    "suite-not-writable": (
        "The suite {path} cannot be written ({cause}).",
        "Die Testreihe {path} lässt sich nicht schreiben ({cause}).",
    ),
    "suite-file-absent": (
        "There is no file {path}; check the path.",
        "Es gibt keine Datei {path}; prüfen Sie den Pfad.",
    ),
    "suite-file-too-large": (
        "{path} is larger than {megabytes} MB; split it.",
        "{path} ist größer als {megabytes} MB; teilen Sie die Datei.",
    ),
    "suite-file-unreadable": (
        "{path} cannot be read ({cause}); give a text file in UTF-8.",
        "{path} lässt sich nicht lesen ({cause}); geben Sie eine Textdatei in UTF-8 an.",
    ),
    "suite-file-not-utf-8": (
        "{path} cannot be read (it is not UTF-8); give a text file in UTF-8.",
        "{path} lässt sich nicht lesen (die Datei ist nicht in UTF-8); geben Sie eine Textdatei in UTF-8 an.",
    ),
}

WORDINGS: dict[str, Wording] = {**_INDEXES, **_COPIES, **_VECTORS, **_SOURCES, **_SUITES}
