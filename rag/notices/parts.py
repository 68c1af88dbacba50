"""The words on a part of another package that cannot be used, in English and German. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Wording

# Each kind of part with the article that a sentence begins with.
_KINDS = {
    "reader": "Das Leseprogramm",
    "model service": "Der Modelldienst",
    "encoder": "Der Encoder",
    "vector store": "Der Vektorspeicher",
    "checker": "Der Prüfer",
    "metric": "Die Metrik",
}


def _unusable(values: Mapping[str, Any]) -> str:
    package = values["package"]
    title = f"The {values['kind']} {values['name']!r} of {package or 'an unknown package'}"
    remedy = (
        f"update that package, or remove it with: pip uninstall {package.split()[0]}"
        if package
        else "update or remove the package that brings it"
    )
    return f"{title} cannot be used ({values['cause']}); {remedy}"


def _unusable_german(values: Mapping[str, Any]) -> str:
    package = values["package"]
    kind = _KINDS.get(values["kind"], values["kind"])
    title = f"{kind} „{values['name']}“ von {package or 'einem unbekannten Paket'}"
    remedy = (
        f"aktualisieren Sie dieses Paket, oder entfernen Sie es mit: pip uninstall {package.split()[0]}"
        if package
        else "aktualisieren oder entfernen Sie das zugehörige Paket"
    )
    return f"{title} lässt sich nicht benutzen ({values['cause']}); {remedy}"


WORDINGS: dict[str, Wording] = {"part-unusable": (_unusable, _unusable_german)}
