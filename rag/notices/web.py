"""The words of what is said of web pages that are fetched by address, in English and German. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Wording


def _busy(values: Mapping[str, Any]) -> str:
    wait = f"in {values['wait']} s" if values["wait"] else "later"
    return f"{values['host']} asks to wait (status {values['status']}); run the command again {wait}"


def _busy_german(values: Mapping[str, Any]) -> str:
    wait = f"in {values['wait']} s" if values["wait"] else "später"
    return (
        f"{values['host']} bittet zu warten (Status {values['status']}); führen Sie den Befehl {wait} noch einmal aus"
    )


def _size(count: int) -> str:
    """Return a number of bytes in the unit that says it in a few digits."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{count / 1000:.1f} kB" if count >= 1000 else f"{count} bytes"


WORDINGS: dict[str, Wording] = {
    # What is done.
    "web-fetching": ("Fetching {address}", "{address} wird geladen"),
    "web-fetching-through": (
        "Fetching {address} through the proxy {proxy}, which looks up names itself",
        "{address} wird über den Proxy {proxy} geladen, der Namen selbst nachschlägt",
    ),
    "web-fetched": (
        lambda values: f"  {_size(int(values['bytes']))} from {values['host']}",
        lambda values: f"  {_size(int(values['bytes']))} von {values['host']}",
    ),
    "web-unchanged": ("  unchanged since {fetched}", "  unverändert seit {fetched}"),
    # Asking for it.
    "web-off": (
        "{address} is not fetched: Footnote calls no network unless it is asked to. Add --web, or set RAG_WEB=on.",
        "{address} wird nicht geladen: Footnote ruft kein Netz auf, wenn niemand es verlangt. Fügen Sie --web hinzu "
        "oder setzen Sie RAG_WEB=on.",
    ),
    "web-address-wrong": (
        "{address} is no address of a web page; write http:// or https://, a whole host, and no port below "
        "1024 but 80 and 443",
        "{address} ist keine Adresse einer Webseite; schreiben Sie http:// oder https://, einen vollständigen Namen "
        "und keinen Port unter 1024 außer 80 und 443",
    ),
    "web-address-with-password": (
        "an address with a name or password in it is not fetched; leave out what stands before the @",
        "eine Adresse mit Name oder Passwort wird nicht geladen; lassen Sie weg, was vor dem @ steht",
    ),
    "web-address-private": (
        "{host} lies in a private network or is this machine; only the open internet is fetched from",
        "{host} liegt in einem privaten Netz oder ist dieser Rechner; geladen wird nur aus dem offenen Internet",
    ),
    "web-proxy-wrong": (
        "RAG_WEB_PROXY is no proxy; write http://HOST:PORT, or unset it.",
        "RAG_WEB_PROXY ist kein Proxy; schreiben Sie http://RECHNER:PORT oder entfernen Sie die Einstellung.",
    ),
    "web-list-unreadable": (
        "The list of addresses {path} cannot be read: {cause}.",
        "Die Liste von Adressen {path} lässt sich nicht lesen: {cause}.",
    ),
    # The way there.
    "web-host-unknown": (
        "{host} cannot be found; check the address and the connection",
        "{host} ist nicht zu finden; prüfen Sie die Adresse und die Verbindung",
    ),
    "web-unreachable": (
        "{host} cannot be reached; check the address and try again later",
        "{host} ist nicht zu erreichen; prüfen Sie die Adresse und versuchen Sie es später noch einmal",
    ),
    "web-proxy-refuses": (
        "the proxy does not lead to {host}; check RAG_WEB_PROXY",
        "der Proxy führt nicht zu {host}; prüfen Sie RAG_WEB_PROXY",
    ),
    "web-certificate": (
        "the certificate of {host} is not to be trusted ({cause}); nothing was fetched",
        "dem Zertifikat von {host} ist nicht zu trauen ({cause}); nichts wurde geladen",
    ),
    "web-encryption": (
        "no encrypted connection to {host} can be made; check whether the address begins with http://",
        "zu {host} lässt sich keine verschlüsselte Verbindung aufbauen; prüfen Sie, ob die Adresse mit http:// beginnt",
    ),
    "web-too-slow": (
        "{host} sent nothing, or not all, within {seconds:g} s; try again later, or raise RAG_WEB_SECONDS",
        "{host} schickte in {seconds:g} s nichts oder nicht alles; versuchen Sie es später noch einmal oder "
        "erhöhen Sie RAG_WEB_SECONDS",
    ),
    "web-redirects": (
        "the address leads on more than {most} times; find out where it ends, and give that address",
        "die Adresse führt mehr als {most}-mal weiter; suchen Sie ihr Ziel und geben Sie dessen Adresse an",
    ),
    "web-redirect-insecure": (
        "the address leads from https to {address}, which is not followed: give it yourself if you trust the way there",
        "die Adresse führt von https zu {address}; dem wird nicht gefolgt: geben Sie sie selbst an, wenn Sie dem Weg "
        "dorthin trauen",
    ),
    "web-redirect-wrong": (
        "{host} leads to {address!r}, which is no address of a web page",
        "{host} führt zu „{address}“; das ist keine Adresse einer Webseite",
    ),
    "web-robots": (
        "the address leads to {address}, which its site keeps from programs (robots.txt); give that address yourself "
        "if you may read it so",
        "die Adresse führt zu {address}; diese Seite hält Programme fern (robots.txt): geben Sie die Adresse selbst "
        "an, wenn Sie sie so lesen dürfen",
    ),
    # The reply.
    "web-gone": (
        "there is no such page at {host} (status {status}); check the address",
        "bei {host} gibt es diese Seite nicht (Status {status}); prüfen Sie die Adresse",
    ),
    "web-closed": (
        "{host} does not show this page to programs (status {status}); save it in a browser and ingest the file",
        "{host} zeigt diese Seite keinem Programm (Status {status}); speichern Sie sie im Browser und nehmen Sie die "
        "Datei auf",
    ),
    "web-busy": (_busy, _busy_german),
    "web-failing": (
        "{host} fails (status {status}); try again later",
        "{host} meldet einen Fehler (Status {status}); versuchen Sie es später noch einmal",
    ),
    "web-no-page": (
        "{host} sends no page (status {status}); check the address",
        "{host} schickt keine Seite (Status {status}); prüfen Sie die Adresse",
    ),
    "web-too-large": (
        "larger than {megabytes:g} MB, packed or unpacked; raise RAG_MAX_FILE_MB to read it",
        "größer als {megabytes:g} MB, gepackt oder entpackt; erhöhen Sie RAG_MAX_FILE_MB, um sie zu lesen",
    ),
    "web-packed": (
        "packed in a way that was not asked for ({encoding!r}); save the page in a browser and ingest the file",
        "auf eine Weise gepackt, die nicht verlangt war („{encoding}“); speichern Sie die Seite im Browser und nehmen "
        "Sie die Datei auf",
    ),
    "web-broke-off": (
        "{host} broke off before the page was whole; run the command again",
        "{host} brach ab, bevor die Seite vollständig war; führen Sie den Befehl noch einmal aus",
    ),
    "web-garbled": (
        "the server sent no reply that can be read; check the address",
        "der Server schickte keine lesbare Antwort; prüfen Sie die Adresse",
    ),
    "web-not-stored": (
        "the page cannot be stored: {cause}; free some space or change the permissions of the home folder",
        "die Seite lässt sich nicht speichern: {cause}; schaffen Sie Platz oder ändern Sie die Rechte des Home-Ordners",
    ),
}
