"""The words of failures of models, in English and German. Pure.

A service's own message is a value and is shown as it is. A failure that was caused by another has that one's notice, as
``Notice.as_json`` writes it, among its values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Notice, Wording, listed, money, whole

_Values = Mapping[str, Any]


def _about_service(english: str, german: str) -> Wording:
    """Return templates in which ``title`` is the name of a service, from the values ``service`` and ``at``."""
    return (
        lambda values: english.format_map({**values, "title": _title(values, "The server", "at")}),
        lambda values: german.format_map({**values, "title": _title(values, "Der Server", "unter")}),
    )


def _title(values: _Values, server: str, at: str) -> str:
    """Return ``OpenAI``, ``Ollama at http://…`` or, for a service without a name, ``The server at http://…``."""
    name = values["service"] or server
    return f"{name} {at} {values['at']}" if values["at"] else str(name)


def _access_refused(values: _Values) -> str:
    advice = f": check {values['variable']}" if values["variable"] else ""
    return f"{_title(values, 'The server', 'at')} refuses access (status {values['status']}){advice}."


def _access_refused_german(values: _Values) -> str:
    advice = f": Prüfen Sie {values['variable']}" if values["variable"] else ""
    return f"{_title(values, 'Der Server', 'unter')} verweigert den Zugang (Status {values['status']}){advice}."


def _request_refused(values: _Values) -> str:
    status = f" (status {values['status']})" if values["status"] else ""
    return f"{_title(values, 'The server', 'at')} refuses the request{status}: {values['message']}"


def _request_refused_german(values: _Values) -> str:
    status = f" (Status {values['status']})" if values["status"] else ""
    return f"{_title(values, 'Der Server', 'unter')} lehnt die Anfrage ab{status}: {values['message']}"


def _unreachable(values: _Values) -> str:
    at = f" at {values['address']}" if values["address"] else ""
    return (
        f"{_title(values, 'The server', 'at')} cannot be reached{at}: check that it runs and that the address is right."
    )


def _unreachable_german(values: _Values) -> str:
    at = f" unter {values['address']}" if values["address"] not in ("", values["at"]) else ""
    return (
        f"{_title(values, 'Der Server', 'unter')} ist{at} nicht erreichbar: Prüfen Sie, ob der Dienst läuft und die "
        "Adresse stimmt."
    )


def _cause(values: _Values, language: str) -> str:
    return Notice.from_json(values["cause"]).text(language)


def _causes(values: _Values, language: str) -> str:
    return listed((Notice.from_json(cause).text(language) for cause in values["causes"]), "; ")


def _spec_unknown(values: _Values) -> str:
    *forms, last = values["forms"]
    return (
        f"{values['spec']!r} names no language model; write {listed(forms)}, or {last}. Local names: "
        f"{listed(values['known'])}."
    )


def _spec_unknown_german(values: _Values) -> str:
    *forms, last = values["forms"]
    return (
        f"„{values['spec']}“ nennt kein Sprachmodell; schreiben Sie {listed(forms)} oder {last}. Lokale Namen: "
        f"{listed(values['known'])}."
    )


def _cap_reached(values: _Values) -> str:
    amounts = {name: _amount(values, name, "en") for name in ("cap", "used", "next")}
    is_day = values["period"] == "day"
    whose = "Today's cap" if is_day else "This question's cap"
    remedy = "raise it, or wait until tomorrow" if is_day else "raise it, or lower RAG_TOP_K"
    return (
        f"{whose} of {amounts['cap']} ({values['setting']}) leaves no room for another call of a language model: "
        f"{amounts['used']} used, and the next prompt alone takes {amounts['next']}; {remedy}."
    )


def _cap_reached_german(values: _Values) -> str:
    amounts = {name: _amount(values, name, "de") for name in ("cap", "used", "next")}
    is_day = values["period"] == "day"
    whose = "Die Obergrenze für heute" if is_day else "Die Obergrenze für diese Frage"
    remedy = (
        "Erhöhen Sie sie, oder warten Sie bis morgen" if is_day else "Erhöhen Sie sie, oder verringern Sie RAG_TOP_K"
    )
    return (
        f"{whose} von {amounts['cap']} ({values['setting']}) lässt keinen weiteren Aufruf eines Sprachmodells zu: "
        f"{amounts['used']} sind verbraucht, und die nächste Eingabe allein braucht {amounts['next']}. {remedy}."
    )


def _amount(values: _Values, name: str, language: str) -> str:
    """Return tokens, or money in whatever unit the prices have."""
    if values["unit"] == "cost":
        return money(values[name], language)
    return f"{whole(values[name], language)} {'Token' if language == 'de' else 'tokens'}"


_SPECS: dict[str, Wording] = {
    "model-spec-unknown": (_spec_unknown, _spec_unknown_german),
    "model-name-missing": (
        "{spec!r} names no model; write {form}.",
        "„{spec}“ nennt kein Modell; schreiben Sie {form}.",
    ),
    "model-address-wrong": (
        "{address!r} is no address; write openai-like:http://HOST:PORT/v1#NAME.",
        "„{address}“ ist keine Adresse; schreiben Sie openai-like:http://HOST:PORT/v1#NAME.",
    ),
}

_SERVICES: dict[str, Wording] = {
    "model-access-refused": (_access_refused, _access_refused_german),
    "model-request-refused": (_request_refused, _request_refused_german),
    "model-unreachable": (_unreachable, _unreachable_german),
    "ollama-unreachable": (
        "Ollama at {at} cannot be reached at {address}: start it with `ollama serve`, or set OLLAMA_HOST.",
        "Ollama ist unter {address} nicht erreichbar: Starten Sie es mit `ollama serve`, oder setzen Sie OLLAMA_HOST.",
    ),
    "model-broke-off": _about_service(
        "{title} broke off in the middle of the answer: ask again.",
        "{title} hat mitten in der Antwort abgebrochen: Fragen Sie noch einmal.",
    ),
    "model-context-too-long": (
        "The question with its evidence is longer than the window of {model}: lower RAG_TOP_K, or set "
        "RAG_CONTEXT_WINDOW to the window's size.",
        "Die Frage mit ihren Belegen ist länger als das Kontextfenster von {model}: Verringern Sie RAG_TOP_K, oder "
        "setzen Sie RAG_CONTEXT_WINDOW auf die Größe des Fensters.",
    ),
    "model-not-found": _about_service(
        "{title} has no model {model!r}, or {address} is not its address.",
        "{title} hat kein Modell „{model}“, oder {address} ist nicht die richtige Adresse.",
    ),
    "ollama-model-absent": (
        "Ollama has no model {model!r}: run `ollama pull {model}`.",
        "Ollama hat kein Modell „{model}“: Führen Sie `ollama pull {model}` aus.",
    ),
    "model-not-listed": (
        lambda values: (
            f"{_title(values, 'The server', 'at')} has no model {values['model']!r}: name one of those that it lists, "
            f"such as {listed(values['known'])}."
        ),
        lambda values: (
            f"{_title(values, 'Der Server', 'unter')} hat kein Modell „{values['model']}“: Nennen Sie eines von denen, "
            f"die er aufzählt, etwa {listed(values['known'])}."
        ),
    ),
    "ollama-model-not-listed": (
        lambda values: (
            f"Ollama has no model {values['model']!r}: run `ollama pull {values['model']}`, or name one of those that "
            f"it has, such as {listed(values['known'])}."
        ),
        lambda values: (
            f"Ollama hat kein Modell „{values['model']}“: Führen Sie `ollama pull {values['model']}` aus, oder nennen "
            f"Sie eines von denen, die es hat, etwa {listed(values['known'])}."
        ),
    ),
    "model-rate-limited": _about_service(
        "{title} is over its rate limit or quota: try again later.",
        "{title} meldet, dass das Anfragelimit oder Kontingent erschöpft ist: Versuchen Sie es später noch einmal.",
    ),
    "model-quota-exhausted": _about_service(
        "{title} says that the quota or credit of this account is used up, so that waiting does not help: add credit "
        "there, or choose another --llm.",
        "{title} meldet, dass Kontingent oder Guthaben dieses Kontos aufgebraucht sind, sodass Warten nicht hilft: "
        "Laden Sie dort Guthaben auf, oder wählen Sie ein anderes --llm.",
    ),
    "model-filtered": (
        "The service of {model} withholds the answer (content filter): ask in other words, or choose another --llm.",
        "Der Dienst von {model} hält die Antwort zurück (Inhaltsfilter): Fragen Sie mit anderen Worten, oder wählen "
        "Sie ein anderes --llm.",
    ),
    "model-failing": _about_service(
        "{title} fails at the moment (status {status}): try again later.",
        "{title} ist im Moment gestört (Status {status}): Versuchen Sie es später noch einmal.",
    ),
    "model-request-unexplained": _about_service(
        "{title} refuses the request (status {status}) without saying why: check that {address} is the address of a "
        "model service.",
        "{title} lehnt die Anfrage ohne Angabe eines Grundes ab (Status {status}): Prüfen Sie, ob {address} die "
        "Adresse eines Modelldienstes ist.",
    ),
    "model-answer-not-understood": _about_service(
        "{title} answers in a form that is not understood: check the address {address}.",
        "{title} antwortet in einer unverständlichen Form: Prüfen Sie die Adresse {address}.",
    ),
    "model-answer-page": _about_service(
        "{title} answers with a web page where a reply should be: check that {address} is the address of its API and "
        "that no proxy or login page stands before it.",
        "{title} antwortet mit einer Webseite statt einer Antwort des Modells: Prüfen Sie, ob {address} die Adresse "
        "der API ist und kein Proxy und keine Anmeldeseite davor steht.",
    ),
    "model-answer-empty": _about_service(
        "{title} sends an empty reply: check the address {address}, or ask again.",
        "{title} sendet eine leere Antwort: Prüfen Sie die Adresse {address}, oder fragen Sie noch einmal.",
    ),
    "model-answer-not-json": _about_service(
        "{title} answers with something that is no JSON: check that {address} is the address of its API.",
        "{title} antwortet mit etwas, das kein JSON ist: Prüfen Sie, ob {address} die Adresse der API ist.",
    ),
    "model-answer-garbled": _about_service(
        "{title} sends bytes that are no UTF-8 text: check that {address} is the address of its API, and update the "
        "server.",
        "{title} sendet Bytes, die kein UTF-8-Text sind: Prüfen Sie, ob {address} die Adresse der API ist, und "
        "aktualisieren Sie den Server.",
    ),
    "model-moved": (
        lambda values: (
            f"{_title(values, 'The server', 'at')} points to another address"
            f"{', ' + values['to'] if values['to'] else ''}, which is not followed, because questions and evidence "
            f"would go there: if it is right, write it in the place of {values['address']}."
        ),
        lambda values: (
            f"{_title(values, 'Der Server', 'unter')} verweist auf eine andere Adresse"
            f"{', ' + values['to'] if values['to'] else ''}; ihr wird nicht gefolgt, weil Fragen und Belege dorthin "
            f"gingen: Wenn sie stimmt, schreiben Sie sie an die Stelle von {values['address']}."
        ),
    ),
    "model-certificate": _about_service(
        "{title} has a certificate that is not trusted ({cause}): if {address} is right and your network has its own "
        "certificates, name their file in SSL_CERT_FILE.",
        "{title} hat ein Zertifikat, dem nicht vertraut wird ({cause}): Wenn {address} stimmt und Ihr Netz eigene "
        "Zertifikate hat, nennen Sie deren Datei in SSL_CERT_FILE.",
    ),
    "model-encryption-failed": _about_service(
        "{title} cannot be reached over HTTPS: check whether {address} should begin with http://.",
        "{title} ist über HTTPS nicht erreichbar: Prüfen Sie, ob {address} mit http:// beginnen sollte.",
    ),
    "model-hung-up": _about_service(
        "{title} ended the connection before it answered: ask again, or check what its log and {address} say.",
        "{title} hat die Verbindung vor der Antwort beendet: Fragen Sie noch einmal, oder prüfen Sie sein Protokoll "
        "und die Adresse {address}.",
    ),
    "model-no-answer-in-time": _about_service(
        "{title} takes the connection but does not answer: check that {address} is right and that it is not busy "
        "loading a model.",
        "{title} nimmt die Verbindung an, antwortet aber nicht: Prüfen Sie, ob {address} stimmt und ob er nicht gerade "
        "ein Modell lädt.",
    ),
    "model-asks-to-wait": (
        lambda values: f"{_cause(values, 'en')} It asks to be left alone for {values['seconds']:g} s.",
        lambda values: f"{_cause(values, 'de')} Der Dienst bittet, {values['seconds']:g} s zu warten.",
    ),
    "model-silent": (
        "{model} said nothing for {seconds:g} s: raise RAG_LLM_TIMEOUT or choose a quicker model.",
        "{model} hat {seconds:g} s lang nicht geantwortet: Erhöhen Sie RAG_LLM_TIMEOUT, oder wählen Sie ein "
        "schnelleres Modell.",
    ),
    "model-failed": (
        "{model} failed ({cause}): ask again, or choose another model.",
        "{model} ist ausgefallen ({cause}): Fragen Sie noch einmal, oder wählen Sie ein anderes Modell.",
    ),
    "model-unnamed": _about_service(
        "{title} does not say which models it has: name one, openai-like:URL#NAME.",
        "{title} sagt nicht, welche Modelle es dort gibt: Nennen Sie eines, openai-like:URL#NAME.",
    ),
    "model-key-missing": (
        "{service} needs a key: put it into the environment variable {variable}.",
        "{service} braucht einen Schlüssel: Schreiben Sie ihn in die Umgebungsvariable {variable}.",
    ),
    "model-key-unsendable": (
        "The key in {variable} holds a character that no key has (a space, a line break, or a letter beyond plain "
        "ASCII): copy it there once more.",
        "Der Schlüssel in {variable} enthält ein Zeichen, das in keinem Schlüssel steht (ein Leerzeichen, einen "
        "Zeilenumbruch oder einen Buchstaben außerhalb von ASCII): Kopieren Sie ihn noch einmal dorthin.",
    ),
    "model-package-missing": (
        "{prefix} models need another package: run `pip install 'footnote-rag[{extra}]'`.",
        "Modelle des Dienstes {prefix} brauchen ein weiteres Paket: Führen Sie `pip install 'footnote-rag[{extra}]'` "
        "aus.",
    ),
    "model-service-failed": (
        "The model service {prefix!r} cannot open a model ({cause}): check its settings, or choose another --llm.",
        "Der Modelldienst „{prefix}“ kann kein Modell öffnen ({cause}): Prüfen Sie seine Einstellungen, oder wählen "
        "Sie ein anderes --llm.",
    ),
    "model-field-wrong": (
        "The model service {prefix!r} returned a Model whose {field}, of the type {type}, is wrong: update the package "
        "that brings it, or choose another --llm.",
        "Der Modelldienst „{prefix}“ hat ein Modell zurückgegeben, dessen Feld {field} vom Typ {type} falsch ist: "
        "Aktualisieren Sie das Paket, das ihn mitbringt, oder wählen Sie ein anderes --llm.",
    ),
    "model-service-unusable": (
        "The model service {prefix!r} returned {returned} in the place of a Model: update the package that brings it, "
        "or choose another --llm.",
        "Der Modelldienst „{prefix}“ hat {returned} statt eines Objekts der Klasse Model zurückgegeben: Aktualisieren "
        "Sie das Paket, das ihn mitbringt, oder wählen Sie ein anderes --llm.",
    ),
}

_CAPS: dict[str, Wording] = {
    "cap-reached": (_cap_reached, _cap_reached_german),
    "usage-unreadable": (
        "What hosted models have used today cannot be counted in {path} ({cause}), so none is asked: make the file "
        "writable or delete it, or unset the caps per day.",
        "Was gehostete Modelle heute verbraucht haben, lässt sich in {path} nicht zählen ({cause}), deshalb wird "
        "keines gefragt: Machen Sie die Datei beschreibbar, löschen Sie sie, oder heben Sie die Obergrenzen pro Tag "
        "auf.",
    ),
}

_EMBEDDED_ENGINE: dict[str, Wording] = {
    "embedded-engine-missing": (
        "The embedded engine cannot start ({cause}): install libgomp1, or choose another --llm.",
        "Das eingebaute Modell kann nicht starten ({cause}): Installieren Sie libgomp1, oder wählen Sie ein anderes "
        "--llm.",
    ),
    "embedded-engine-failed": (
        lambda values: f"The embedded model failed ({values['message'] or 'no reason given'}): ask again.",
        lambda values: (
            f"Das eingebaute Modell ist ausgefallen ({values['message'] or 'ohne Angabe eines Grundes'}): "
            "Fragen Sie noch einmal."
        ),
    ),
    "embedded-context-too-long": (
        "The prompt has {tokens} tokens and the model's window {window}: lower RAG_TOP_K or raise RAG_CONTEXT_WINDOW.",
        "Die Eingabe hat {tokens} Token und das Kontextfenster des Modells {window}: Verringern Sie RAG_TOP_K, oder "
        "erhöhen Sie RAG_CONTEXT_WINDOW.",
    ),
    "gguf-unloadable": (
        "{path} cannot be loaded ({cause}): is it a whole GGUF file of a known model type?",
        "{path} kann nicht geladen werden ({cause}): Ist es eine vollständige GGUF-Datei einer bekannten Modellart?",
    ),
    "gguf-absent": (
        "There is no file {path}; give the path of a GGUF file.",
        "Es gibt keine Datei {path}; geben Sie den Pfad einer GGUF-Datei an.",
    ),
}

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

WORDINGS: dict[str, Wording] = {
    **_SPECS,
    **_SERVICES,
    **_CAPS,
    **_EMBEDDED_ENGINE,
    **_WEIGHTS,
    **_DEVICES,
    **_EMBEDDING,
}
