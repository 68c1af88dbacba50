"""The table of model services: those from outside work as those that ship, and fail in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoint
from typing import Any, ClassVar

import pytest
from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.llms import CustomLLM, MockLLM
from llama_index.core.llms.callbacks import llm_completion_callback

import rag
from rag.errors import LLMError, UsageError
from rag.models.llm.budget import estimate_tokens
from rag.models.llm.model import Message, Model, TransientError
from rag.models.llm.opening import check_spec, is_hosted, open_llm
from rag.models.llm.services import MODEL_SERVICES, spec_forms
from rag.parts import warn_once
from rag.settings import Settings
from rag.store.index import Index

SECRET = "sk-very-secret-0123456789"
QUESTION = [Message("user", "Say something.")]


class Recorder(CustomLLM):
    """Says ``one two`` and notes what it was asked for."""

    asked: ClassVar[list[dict[str, Any]]] = []
    says_what_is_new: bool = True

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text="one two")

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        self.asked.append(kwargs)
        new = self.says_what_is_new
        yield CompletionResponse(text="one ", delta="one " if new else None)
        yield CompletionResponse(text="one two", delta="two" if new else None)


WRONG_FIELDS: dict[str, tuple[str, Any]] = {
    "no name": ("name", None),
    "many": ("context_window", "many"),
    "no window": ("context_window", 0),
    "true window": ("context_window", True),
    "rather weak": ("weak", 1),
    "no llm": ("llm", object()),
    "deltas": ("stream_deltas", "one two"),
    "explanation": ("explain", "it was"),
    "tokens": ("count_tokens", 3),
    "closed": ("close", None),
    "hurry": ("timeout", -1),
    "later": ("timeout", "soon"),
    "often": ("retries", "often"),
}


class EchoService:
    """A service from outside. The name tells what goes wrong in it."""

    form = "echo:WORD"

    def check(self, name: str) -> None:
        if name == "ill formed":
            raise UsageError("echo names are one word")
        if name == "odd":
            raise RuntimeError(f"key {SECRET}")

    def open(self, name: str, settings: Settings, fetch: object) -> Any:
        if name == "broken":
            raise RuntimeError(f"key {SECRET}")
        if name == "nothing":
            return None
        if name == "exits":
            raise SystemExit(SECRET)
        if name in WRONG_FIELDS:
            field, value = WRONG_FIELDS[name]
            return Model(**({"name": name, "context_window": 1000, "weak": False, "llm": Recorder()} | {field: value}))
        if name == "careless":
            return Model(
                name, 1000, False, Recorder(), count_tokens=lambda text: text or sys.exit(3), close=lambda: sys.exit(3)
            )
        if name == "silenced":
            return Model(name, 4000, False, MockLLM(), raising(Failing(401)))
        return Model(name, 1000, weak=False, llm=Recorder())


@pytest.fixture(autouse=True)
def services(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages that bring ``echo``, and a ``mute`` that lacks everything."""
    entries = (
        EntryPoint("echo", f"{__name__}:EchoService", MODEL_SERVICES.group),
        EntryPoint("mute", "builtins:object", MODEL_SERVICES.group),
    )
    monkeypatch.setattr("rag.parts.entries_of", lambda group: entries if group == MODEL_SERVICES.group else ())


def opened(spec: str, **values: object) -> Model:
    model = open_llm(spec, Settings(**values))  # type: ignore[arg-type]
    assert model is not None
    return model


def test_every_shipped_service_can_be_loaded() -> None:
    forms = [service.form for _, service in MODEL_SERVICES.shipped()]
    assert forms[0] == "local, local:NAME, a path to a .gguf file"
    assert forms[1:] == [
        "hf:OWNER/REPO/FILE.gguf[@REVISION]",
        "ollama:NAME",
        "openai:NAME",
        "anthropic:NAME",
        "gemini:NAME",
        "openai-like:URL#NAME",
    ]


def test_a_service_from_outside_is_opened_by_its_prefix() -> None:
    model = opened("echo:hello", llm_timeout=7, llm_retries=2)
    assert (model.name, model.context_window, model.weak) == ("hello", 1000, False)
    assert (model.timeout, model.retries) == (7, 2)
    assert "".join(model.stream(QUESTION, 20)) == "one two"
    assert model.count_tokens("seven letters") > 1
    model.close()


def test_settings_decide_about_every_model() -> None:
    assert opened("echo:hello", llm_trust="weak").weak
    assert opened("echo:hello", context_window=400).context_window == 400
    assert opened("echo:hello", context_window=4000).context_window == 1000


def test_a_service_from_outside_stands_in_the_list_of_forms() -> None:
    with pytest.raises(UsageError) as refused:
        check_spec("gpt-4o")
    forms = "none, local, local:NAME, a path to a .gguf file, hf:OWNER/REPO/FILE.gguf[@REVISION], "
    forms += "ollama:NAME, openai:NAME, anthropic:NAME, "
    forms += "gemini:NAME, "
    assert str(refused.value).startswith(
        f"'gpt-4o' names no language model; write {forms}openai-like:URL#NAME, or echo:WORD. Local names: "
    )
    assert refused.value.notice.text("de").startswith(
        f"„gpt-4o“ nennt kein Sprachmodell; schreiben Sie {forms}openai-like:URL#NAME oder echo:WORD. Lokale Namen: "
    )


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("echo", "'echo' names no model; write echo:WORD."),
        ("echo:", "'echo:' names no model; write echo:WORD."),
        ("ollama", "'ollama' names no model; write ollama:NAME."),
        ("echo:ill formed", "echo names are one word"),
        ("mute:x", "The model service 'mute' of an unknown package cannot be used"),
        ("openai-like:localhost#m", "'localhost#m' is no address; write openai-like:http://HOST:PORT/v1#NAME."),
        ("local:gpt-9", "'local:gpt-9' names no language model; write none, local, "),
    ],
)
def test_a_spec_is_refused_before_anything_is_loaded(spec: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_spec(spec)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("spec", ["none", " None ", "local", "local:", "local:smollm2-135m-instruct", "echo:hello"])
def test_a_spec_is_accepted(spec: str) -> None:
    check_spec(spec)


@pytest.mark.parametrize(
    ("spec", "words"), [("echo:broken", "RuntimeError"), ("echo:odd", "RuntimeError"), ("echo:nothing", "NoneType")]
)
def test_whatever_a_service_from_outside_does_is_one_sentence(spec: str, words: str) -> None:
    with pytest.raises(LLMError) as caught:
        open_llm(spec, Settings())
    for language in ("en", "de"):
        sentence = caught.value.notice.text(language)
        assert words in sentence
        assert "echo" in sentence
        assert SECRET not in sentence


def test_a_service_that_ends_the_program_is_one_sentence() -> None:
    with pytest.raises(LLMError, match=r"'echo' cannot open a model \(SystemExit\)"):
        open_llm("echo:exits", Settings())


@pytest.mark.parametrize(("name", "field", "value"), [(name, *wrong) for name, wrong in WRONG_FIELDS.items()])
def test_a_wrong_field_of_a_model_is_named(name: str, field: str, value: object) -> None:
    with pytest.raises(LLMError) as caught:
        open_llm(f"echo:{name}", Settings())
    of_type = type(value).__name__
    assert f"'echo' returned a Model whose {field}, of the type {of_type}, is wrong" in str(caught.value)
    assert f"dessen Feld {field} vom Typ {of_type} falsch ist" in caught.value.notice.text("de")


@pytest.mark.parametrize("name", ["c", "none", "None", "gguf", "qwen2.5-coder-0.5b-instruct"])
def test_a_name_that_no_service_may_have(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (EntryPoint(name, f"{__name__}:EchoService", MODEL_SERVICES.group),)
    monkeypatch.setattr("rag.parts.entries_of", lambda group: entries)
    assert name not in MODEL_SERVICES.names()
    assert "has a name that it may not have" in MODEL_SERVICES.describe_outside()[0].problem


class Formless(EchoService):
    form = None  # type: ignore[assignment]


def test_a_service_without_a_form_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (EntryPoint("formless", f"{__name__}:Formless", MODEL_SERVICES.group),)
    monkeypatch.setattr("rag.parts.entries_of", lambda group: entries)
    assert spec_forms()[-1] == "openai-like:URL#NAME"
    assert "cannot be used (its form is no text)" in MODEL_SERVICES.describe_outside()[0].problem


def test_a_model_that_cannot_count_or_close_costs_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    warn_once.cache_clear()
    model = opened("echo:careless")
    assert model.count_tokens("seven letters") == estimate_tokens("seven letters")
    assert model.count_tokens("") == estimate_tokens("")
    model.close()
    model.close()
    assert caplog.messages == [
        "The model service 'echo' cannot count tokens, which are estimated instead (it gave no whole number); update "
        "its package.",
        "The model service 'echo' cannot count tokens, which are estimated instead (SystemExit); update its package.",
        "The model service 'echo' cannot close a model (SystemExit); update its package.",
    ]


def test_which_models_answer_several_questions_at_once() -> None:
    assert [spec for spec in ("none", "local", "local:x", "C:\\x.gguf", "m.gguf") if is_hosted(spec)] == []
    assert is_hosted("openai:m")
    assert is_hosted("echo:hello")


# -- a model of four fields ------------------------------------------------------------------------------------------


def test_limits_reach_the_llm() -> None:
    llm = Recorder()
    llm.asked.clear()
    model = Model("m", 1000, False, llm)
    list(model.stream(QUESTION, 20))
    list(model.stream(QUESTION, 30, stop=["end"]))
    assert llm.asked == [{"max_tokens": 20}, {"max_tokens": 30, "stop": ["end"]}]


@pytest.mark.parametrize("new", [True, False])
def test_pieces_are_what_is_new(new: bool) -> None:
    assert list(Model("m", 1000, False, Recorder(says_what_is_new=new)).stream(QUESTION, 20)) == ["one ", "two"]


def test_a_mock_llm_is_enough() -> None:
    assert "".join(Model("mock", 1000, True, MockLLM(max_tokens=3)).stream(QUESTION, 20)) == "text text text"


class Failing(Exception):
    """What a client of a service raises."""

    def __init__(self, status_code: object) -> None:
        super().__init__(f"key {SECRET}")
        self.status_code = status_code


def raising(error: Exception, *before: str) -> Any:
    def stream_deltas(messages: Sequence[Any], max_tokens: int, stop: Sequence[str]) -> Iterator[str]:
        yield from before
        raise error

    return stream_deltas


@pytest.mark.parametrize(
    ("error", "cause", "passes"),
    [
        (Failing(401), "Failing, status 401", False),
        (Failing(429), "Failing, status 429", True),
        (Failing(503), "Failing, status 503", True),
        (Failing(None), "Failing", False),
        (ConnectionError(SECRET), "ConnectionError", True),
        (ValueError(SECRET), "ValueError", False),
    ],
)
def test_a_failure_is_one_sentence_without_a_key(error: Exception, cause: str, passes: bool) -> None:
    model = Model("m", 1000, False, MockLLM(), raising(error), retries=0)
    with pytest.raises(LLMError) as caught:
        list(model.stream(QUESTION, 20))
    assert str(caught.value) == f"m failed ({cause}): ask again, or choose another model."
    assert isinstance(caught.value, TransientError) is passes
    assert SECRET not in caught.value.notice.text("de")


def test_a_model_that_breaks_off() -> None:
    model = Model("m", 1000, False, MockLLM(), raising(ValueError(SECRET), "half"))
    deltas = model.stream(QUESTION, 20)
    assert next(deltas) == "half"
    with pytest.raises(LLMError, match=r"^m broke off in the middle of the answer: ask again\.$"):
        list(deltas)


def test_a_model_that_ends_the_program_is_not_waited_for() -> None:
    def stream_deltas(*_: object) -> Iterator[str]:
        raise SystemExit(SECRET)

    model = Model("m", 1000, False, MockLLM(), stream_deltas, retries=0, timeout=60)
    with pytest.raises(LLMError, match=r"m failed \(SystemExit\)"):
        list(model.stream(QUESTION, 20))


@pytest.mark.parametrize("explain", [lambda *_: 1 / 0, lambda *_: sys.exit(3), lambda *_: "no error"])
def test_an_explanation_that_fails_hides_nothing(explain: Any) -> None:
    model = Model("m", 1000, False, MockLLM(), raising(ValueError("x")), explain)
    with pytest.raises(LLMError, match=r"m failed \(ValueError\)"):
        list(model.stream(QUESTION, 20))


def test_quotes_stand_in_for_a_service_from_outside_that_fails(index: Index) -> None:
    answer = rag.answer(index, "How long is the bridge?", llm="echo:silenced")
    assert answer.degraded
    assert "412 metres" in answer.answer
