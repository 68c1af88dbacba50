"""The words on weights, devices and encoders, in English and German. Pure.

A failure that was caused by another has that one's notice, as ``Notice.as_json`` writes it, among its values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Notice, Wording, listed

_Values = Mapping[str, Any]


def _cause(values: _Values, language: str) -> str:
    return Notice.from_json(values["cause"]).text(language)


def _causes(values: _Values, language: str) -> str:
    return listed((Notice.from_json(cause).text(language) for cause in values["causes"]), "; ")


_WEIGHTS: dict[str, Wording] = {
    "weights-absent": (
        "{title} has not been fetched: run `rag models pull {name}`.",
        "{title} wurde noch nicht heruntergeladen: Führen Sie `rag models pull {name}` aus.",
    ),
    "weights-unknown": (
        lambda values: (
            f"There is no model called {values['name']!r}; the names are {listed(values['known'])}, and "
            "hf:OWNER/REPO/FILE.gguf or hf:OWNER/MODEL for one of the Hugging Face hub."
        ),
        lambda values: (
            f"Es gibt kein Modell namens „{values['name']}“; die Namen sind {listed(values['known'])} sowie "
            "hf:OWNER/REPO/FILE.gguf oder hf:OWNER/MODEL für eines des Hugging Face Hub."
        ),
    ),
    "weights-altered": (
        "{file} of {title} was fetched but is not the expected file (its SHA-256 or git hash differs), so it was "
        "deleted: run `rag models pull {name}` again, or use another source.",
        "{file} von {title} wurde heruntergeladen, ist aber nicht die erwartete Datei (ihr SHA-256 oder Git-Hash "
        "weicht ab), und wurde deshalb gelöscht: Führen Sie `rag models pull {name}` noch einmal aus, oder nutzen Sie "
        "eine andere Quelle.",
    ),
    "weights-damaged": (
        "{file} of {title} has changed since it was fetched (its SHA-256 differs), so the model cannot be trusted: "
        "fetch it again with `rag models pull {name}`.",
        "{file} von {title} hat sich seit dem Herunterladen verändert (ihr SHA-256 weicht ab), deshalb ist dem Modell "
        "nicht zu trauen: Laden Sie es mit `rag models pull {name}` neu herunter.",
    ),
    "weights-unavailable": (
        lambda values: (
            f"The weights of {values['title']} could not be fetched: {_causes(values, 'en')}. "
            f"Check the network and proxy settings and run `rag models pull {values['name']}` again."
        ),
        lambda values: (
            f"Die Gewichte von {values['title']} konnten nicht heruntergeladen werden: {_causes(values, 'de')}. "
            f"Prüfen Sie Netz und Proxy, und führen Sie `rag models pull {values['name']}` noch einmal aus."
        ),
    ),
    "weights-no-room": (
        "{title} needs {needed} in {folder}, where {free} are free: make room, or name another folder with RAG_MODELS.",
        "{title} braucht {needed} in {folder}, wo {free} frei sind: Schaffen Sie Platz, oder nennen Sie mit RAG_MODELS "
        "einen anderen Ordner.",
    ),
    "weights-disk-full": (
        "The disk became full while fetching {title} to {folder}: make room and run `rag models pull {name}` again; it "
        "goes on where it stopped.",
        "Der Datenträger ist voll geworden, während {title} nach {folder} geladen wurde: Schaffen Sie Platz, und "
        "führen Sie `rag models pull {name}` noch einmal aus; es geht dort weiter, wo es stehen blieb.",
    ),
    "weights-folder-unwritable": (
        "{title} cannot be kept in {folder} ({cause}): make the folder writable, or name another with RAG_MODELS.",
        "{title} kann nicht in {folder} abgelegt werden ({cause}): Machen Sie den Ordner beschreibbar, oder nennen Sie "
        "mit RAG_MODELS einen anderen.",
    ),
    "hub-switched-off": (
        "the Hugging Face hub is switched off by HF_HUB_OFFLINE",
        "der Hugging Face Hub ist mit HF_HUB_OFFLINE abgeschaltet",
    ),
    "hub-broke-off": (
        "the Hugging Face hub broke off while sending {file}",
        "der Hugging Face Hub hat die Übertragung von {file} abgebrochen",
    ),
    "hub-refused": (
        "the Hugging Face hub answered {status} when it was asked for {name}",
        "der Hugging Face Hub hat auf die Frage nach {name} mit {status} geantwortet",
    ),
    "hub-unreachable": (
        "the Hugging Face hub cannot be reached ({host} does not answer)",
        "der Hugging Face Hub ist nicht erreichbar ({host} antwortet nicht)",
    ),
    "hub-not-understood": (
        "{host} does not answer as a Hugging Face hub does (check HF_ENDPOINT)",
        "{host} antwortet nicht wie ein Hugging Face Hub (prüfen Sie HF_ENDPOINT)",
    ),
    "hub-access-refused": (
        "the Hugging Face hub refuses access to {name} (status {status}): accept its terms on the page of the model, "
        "and put a token of yours into HF_TOKEN",
        "der Hugging Face Hub verweigert den Zugang zu {name} (Status {status}): Nehmen Sie auf der Seite des Modells "
        "dessen Bedingungen an, und schreiben Sie ein Token von Ihnen in HF_TOKEN",
    ),
    "hub-repository-absent": (
        "the Hugging Face hub has no {name} of this revision, or shows it only to its members (status {status}): check "
        "the name, or put a token into HF_TOKEN",
        "der Hugging Face Hub hat kein {name} in dieser Fassung oder zeigt es nur seinen Mitgliedern (Status "
        "{status}): Prüfen Sie den Namen, oder schreiben Sie ein Token in HF_TOKEN",
    ),
    "hub-file-absent": (
        "{name} on the Hugging Face hub has no file {file} (status {status})",
        "{name} auf dem Hugging Face Hub hat keine Datei {file} (Status {status})",
    ),
    "hub-file-differs": (
        "the Hugging Face hub offers another file {file} than the expected one",
        "der Hugging Face Hub bietet eine andere Datei {file} an als die erwartete",
    ),
    "hub-file-no-gguf": (
        "its file {file} is no GGUF file, although it is named so, and was deleted: choose another file",
        "ihre Datei {file} ist keine GGUF-Datei, obwohl sie so heißt, und wurde gelöscht: Wählen Sie eine andere Datei",
    ),
    "hub-gguf-absent": (
        lambda values: (
            f"{values['name']} on the Hugging Face hub has no file {values['file']}; of this kind it has "
            f"{listed(values['files']) or 'none'}"
        ),
        lambda values: (
            f"{values['name']} auf dem Hugging Face Hub hat keine Datei {values['file']}; von dieser Art hat es "
            f"{listed(values['files']) or 'keine'}"
        ),
    ),
    "hub-model-without-weights": (
        "{name} on the Hugging Face hub has no config.json with weights as safetensors, and weights that are Python "
        "pickles are never loaded",
        "{name} auf dem Hugging Face Hub hat keine config.json mit Gewichten als safetensors, und Gewichte als "
        "Python-Pickle werden nie geladen",
    ),
    "hub-name-wrong": (
        "{name!r} names no model of the Hugging Face hub; write {gguf} for a language model and {model} for any other.",
        "„{name}“ nennt kein Modell des Hugging Face Hub; schreiben Sie {gguf} für ein Sprachmodell und {model} für "
        "jedes andere.",
    ),
    "hub-gguf-needed": (
        "{name!r} names no file, and a language model is a GGUF file: write {form}.",
        "„{name}“ nennt keine Datei, und ein Sprachmodell ist eine GGUF-Datei: Schreiben Sie {form}.",
    ),
    "weights-not-removed": (
        "{name} cannot be removed from {folder} ({cause}): close what uses it, and check who may change the folder.",
        "{name} kann nicht aus {folder} entfernt werden ({cause}): Schließen Sie, was es benutzt, und prüfen Sie, wer "
        "den Ordner ändern darf.",
    ),
    "source-file-too-large": (
        "{file} is larger than it should be",
        "{file} ist größer, als es sein dürfte",
    ),
    "pip-absent": (
        "this Python has no pip to reach a package index with (`python -m ensurepip` adds it)",
        "diesem Python fehlt pip, um einen Paketindex zu erreichen (`python -m ensurepip` fügt es hinzu)",
    ),
    "package-index-failed": (
        lambda values: f"the package index says: {values['message'] or 'pip download failed'}",
        lambda values: f"der Paketindex meldet: {values['message'] or 'pip download ist fehlgeschlagen'}",
    ),
    "wheel-absent": (
        "the package index gave no usable wheel for {requirement}",
        "der Paketindex hat kein brauchbares Wheel für {requirement} geliefert",
    ),
    "wheel-unexpected": (
        "the wheel of {requirement} from the package index is not the expected one",
        "das Wheel von {requirement} aus dem Paketindex ist nicht das erwartete",
    ),
}


def _devices(values: _Values) -> str:
    return (
        f"embedding models, rerankers and checkers compute on: {values['torch']}; language models on: "
        f"{listed(values['llama'])} (RAG_DEVICE={values['wanted']})"
    )


def _devices_german(values: _Values) -> str:
    return (
        f"Einbettungsmodelle, Reranker und Prüfer rechnen auf: {values['torch']}; Sprachmodelle auf: "
        f"{listed(values['llama'])} (RAG_DEVICE={values['wanted']})"
    )


_DEVICES: dict[str, Wording] = {
    "devices": (_devices, _devices_german),
    "gpu-absent": (
        "{library} finds no GPU of the kind {device} here, so models compute on the CPU: install a build of {library} "
        "that supports it, or set RAG_DEVICE=auto.",
        "{library} findet hier keine GPU der Art {device}, deshalb rechnen Modelle auf der CPU: Installieren Sie eine "
        "Fassung von {library}, die sie unterstützt, oder setzen Sie RAG_DEVICE=auto.",
    ),
    "gpu-failed": (
        "The GPU ({device}) failed or is too small ({cause}), so the model computes on the CPU: set RAG_DEVICE=cpu to "
        "leave the GPU alone.",
        "Die GPU ({device}) ist ausgefallen oder zu klein ({cause}), deshalb rechnet das Modell auf der CPU: Setzen "
        "Sie RAG_DEVICE=cpu, um die GPU nicht zu nutzen.",
    ),
    "better-model-exists": (
        lambda values: (
            f"This computer has room for a better language model: `rag models pull {values['name']}` fetches "
            f"{values['size'] / 1e9:.1f} GB, and `--llm local:{values['name']}` uses it; its answers held "
            "the right one to 73 % of 60 questions, those of the default model to 67 %, and it took 5.1 s a question "
            "and not 1.7. This is said once."
        ),
        lambda values: (
            f"Dieser Rechner hat Platz für ein besseres Sprachmodell: `rag models pull {values['name']}` lädt "
            f"{values['size'] / 1e9:.1f} GB herunter, und `--llm local:{values['name']}` nutzt es; seine Antworten "
            "enthielten bei 73 % von 60 Fragen die richtige, die des voreingestellten bei 67 %, und es brauchte 5,1 s "
            "für eine Frage statt 1,7. Dies wird einmal gesagt."
        ),
    ),
}

_EMBEDDING: dict[str, Wording] = {
    "model-unknown": (
        lambda values: (
            f"{values['name']!r} is not a model: give one of {listed(values['known'])}, an existing file or folder, or "
            "a Hugging Face name such as hf:OWNER/MODEL."
        ),
        lambda values: (
            f"„{values['name']}“ ist kein Modell: Geben Sie eines von {listed(values['known'])} an, eine vorhandene "
            "Datei, einen vorhandenen Ordner oder einen Hugging-Face-Namen wie hf:OWNER/MODEL."
        ),
    ),
    "hub-model-unavailable": (
        lambda values: (
            f"{values['name']} could not be fetched: {_cause(values, 'en')}. Once that is mended, run `rag models pull "
            f"{values['name']}`, or name another model."
        ),
        lambda values: (
            f"{values['name']} konnte nicht heruntergeladen werden: {_cause(values, 'de')}. Sobald das behoben "
            f"ist, führen Sie `rag models pull {values['name']}` aus, oder nennen Sie ein anderes Modell."
        ),
    ),
    "embedding-model-unloadable": (
        "The embedding model in {folder} cannot be loaded ({cause}); fetch it again with: rag models pull "
        "all-minilm-l6-v2",
        "Das Einbettungsmodell in {folder} kann nicht geladen werden ({cause}); laden Sie es neu herunter mit: rag "
        "models pull all-minilm-l6-v2",
    ),
    "int8-not-made": (
        "The embedding model {model} cannot be brought to eight bits here, so a new index has vectors of 32 bits.",
        "Das Einbettungsmodell {model} lässt sich hier nicht auf acht Bit bringen; ein neuer Index hat Vektoren mit 32 "
        "Bit.",
    ),
    "int8-not-computed": (
        "The embedding model {model} cannot compute in eight bits here; check that the folder {folder} can be written "
        "to.",
        "Das Einbettungsmodell {model} kann hier nicht mit acht Bit rechnen; prüfen Sie, dass in den Ordner {folder} "
        "geschrieben werden kann.",
    ),
    "tokenizer-unreadable": (
        "{path} cannot be read; the folder must hold a sentence-transformers model.",
        "{path} kann nicht gelesen werden; der Ordner muss ein Modell von sentence-transformers enthalten.",
    ),
    "cross-encoder-unloadable": (
        "The model {model!r} cannot be loaded ({cause}); {setting} must name a folder with a sentence-transformers "
        "CrossEncoder, a model of the hub as hf:OWNER/MODEL, or one that `hf download` has put on this computer.",
        "Das Modell „{model}“ kann nicht geladen werden ({cause}); {setting} muss einen Ordner mit einem CrossEncoder "
        "von sentence-transformers nennen, ein Modell des Hub als hf:OWNER/MODEL, oder eines, das `hf download` auf "
        "diesen Rechner geholt hat.",
    ),
    "encoder-incomplete": (
        lambda values: (
            f"The encoder {values['prefix']!r} has no {listed(values['missing'])}: update the package that brings it, "
            "or name another RAG_EMBEDDING_MODEL."
        ),
        lambda values: (
            f"Dem Encoder „{values['prefix']}“ fehlt {listed(values['missing'])}: Aktualisieren Sie das Paket, das ihn "
            "mitbringt, oder nennen Sie ein anderes RAG_EMBEDDING_MODEL."
        ),
    ),
    "encoder-failed": (
        "The embedding model {model} failed ({cause}): check its settings, or name another RAG_EMBEDDING_MODEL.",
        "Das Einbettungsmodell {model} ist ausgefallen ({cause}): Prüfen Sie seine Einstellungen, oder nennen Sie "
        "ein anderes RAG_EMBEDDING_MODEL.",
    ),
    "vectors-shapeless": (
        "The embedding model {model} gave vectors of the shape {shape} for {texts} texts, not one vector a text: "
        "update the package that brings it, or name another RAG_EMBEDDING_MODEL.",
        "Das Einbettungsmodell {model} hat Vektoren der Form {shape} für {texts} Texte geliefert, nicht einen Vektor "
        "je Text: Aktualisieren Sie das Paket, das es mitbringt, oder nennen Sie ein anderes RAG_EMBEDDING_MODEL.",
    ),
    "vectors-changed-dimension": (
        "The embedding model {model} gave vectors of {dimension} numbers, and earlier ones of {earlier}, under one "
        "fingerprint: update the package that brings it, or name another RAG_EMBEDDING_MODEL.",
        "Das Einbettungsmodell {model} hat Vektoren aus {dimension} Zahlen geliefert und früher solche aus {earlier}, "
        "bei gleichem Fingerabdruck: Aktualisieren Sie das Paket, das es mitbringt, oder nennen Sie ein anderes "
        "RAG_EMBEDDING_MODEL.",
    ),
    "vectors-of-wrong-type": (
        "The embedding model {model} gave vectors of the type {type}, not a numpy array of float32: update the package "
        "that brings it, or name another RAG_EMBEDDING_MODEL.",
        "Das Einbettungsmodell {model} hat Vektoren des Typs {type} geliefert, kein numpy-Array aus float32: "
        "Aktualisieren Sie das Paket, das es mitbringt, oder nennen Sie ein anderes RAG_EMBEDDING_MODEL.",
    ),
    "vectors-not-unit": (
        "The embedding model {model} gave a vector of length {length}, not of unit length: update the package that "
        "brings it, or name another RAG_EMBEDDING_MODEL.",
        "Das Einbettungsmodell {model} hat einen Vektor der Länge {length} geliefert, nicht der Länge 1: Aktualisieren "
        "Sie das Paket, das es mitbringt, oder nennen Sie ein anderes RAG_EMBEDDING_MODEL.",
    ),
}

WORDINGS: dict[str, Wording] = {**_WEIGHTS, **_DEVICES, **_EMBEDDING}
