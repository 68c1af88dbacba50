"""The words of failures of language models and their services, in English and German. Pure.

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
    at = f" at {values['address']}" if values["address"] not in ("", values["at"]) else ""
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
    "cap-without-price": (
        "The price of {model} is not known, so {settings} cannot count what it costs; set RAG_LLM_PRICE, or a cap of "
        "tokens.",
        "Der Preis von {model} ist nicht bekannt, deshalb kann {settings} nicht zählen, was es kostet; setzen Sie "
        "RAG_LLM_PRICE, oder eine Obergrenze für Token.",
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
    "server-address-wrong": (
        "An address begins with http:// or https:// and has nothing behind a ? or #: http://127.0.0.1:8080/v1.",
        "Eine Adresse beginnt mit http:// oder https:// und hat nichts hinter einem ? oder #: "
        "http://127.0.0.1:8080/v1.",
    ),
    "server-address-with-password": (
        "An address has no name or password in it: write the key into its own field.",
        "In einer Adresse steht weder Name noch Passwort: Schreiben Sie den Schlüssel in sein eigenes Feld.",
    ),
    "server-address-private": (
        "{host} lies in a private network or is the machine of this chat, so it is not called: the operator can allow "
        "that.",
        "{host} liegt in einem privaten Netz oder ist der Rechner dieses Chats und wird deshalb nicht aufgerufen: Wer "
        "den Chat betreibt, kann das erlauben.",
    ),
    "server-key-unsendable": (
        "The key has a character that cannot be sent: copy it again.",
        "Der Schlüssel hat ein Zeichen, das nicht gesendet werden kann: Kopieren Sie ihn noch einmal.",
    ),
    "server-said-nothing": (
        "{model} answered with nothing: try another model.",
        "{model} hat mit nichts geantwortet: Probieren Sie ein anderes Modell.",
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

WORDINGS: dict[str, Wording] = {**_SPECS, **_SERVICES, **_CAPS, **_EMBEDDED_ENGINE}
