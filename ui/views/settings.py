"""The page of settings as HTML.

Owns: what is shown of the models, of what a person has chosen, of the questions without an answer, and of what leaves
this computer. Knows nothing about routes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import quote

from markupsafe import Markup

from rag.errors import RagError
from rag.models.fetching import format_bytes
from rag.models.weights import TABLE, Weights
from rag.store.catalog import UnansweredQuestion, UnansweredQuestions
from ui.i18n import LANGUAGES, Translate
from ui.service.chat_service import ChatService
from ui.service.model_choices import ModelChoice, destination, fetchable, host_of
from ui.service.model_fetching import FetchState
from ui.service.preferences import (
    FEWEST_PASSAGES,
    LONGEST_INSTRUCTIONS,
    MOST_PASSAGES,
    Preferences,
)
from ui.views.templates import render

_LISTED_QUESTIONS = 100
# What can be chosen, with the keys of its name and of what it changes.
_STRICTNESS = (
    ("lenient", "strictness lenient", "strictness lenient more"),
    ("balanced", "strictness balanced", "strictness balanced more"),
    ("strict", "strictness strict", "strictness strict more"),
)
_POLICIES = (("flag", "policy flag", "policy flag more"), ("strict", "policy strict", "policy strict more"))
_CHECKERS = (("auto", "checker auto", "checker auto more"), ("rules", "checker rules", "checker rules more"))
# What the models of the table are for; of another one the table says it in English.
_ABOUT = {
    "qwen2.5-coder-0.5b-instruct": "model qwen2.5-coder-0.5b-instruct",
    "qwen2.5-coder-1.5b-instruct": "model qwen2.5-coder-1.5b-instruct",
    "smollm2-135m-instruct": "model smollm2-135m-instruct",
}


@dataclass(frozen=True, slots=True)
class _ModelRow:
    """A model that can be chosen: its name, what it is for, and what is known of it, in words."""

    choice: ModelChoice
    title: str
    about: str
    facts: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class _FetchRow:
    """A model that can be fetched, its fetch where there is one, and whether an earlier one was broken off."""

    weights: Weights
    about: str
    facts: str
    fetch: FetchState | None
    begun: bool
    percent: int


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of the answers to a question of the settings, with what it changes."""

    value: str
    label: str
    more: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Unanswered:
    """The list of questions of one collection, as whoever asks may see it."""

    workspace: str
    address: str
    name: str
    on: bool
    mine: bool
    shared: bool
    questions: list[UnansweredQuestion]
    more: int


def settings_html(service: ChatService, user: str, operator: bool, workspace: str, t: Translate) -> Markup:
    """Return the whole page.

    Args:
        service: Knows the models and what the person has chosen.
        user: Whose settings they are; empty where there are no users.
        operator: Whether they may fetch models and name servers.
        workspace: The id of the open workspace.
        t: Gives the texts of the page in the reader's language.
    """
    wanted = service.preferences.of(user)
    chosen = service.model_of(wanted)
    return render(
        "settings",
        "settings",
        models=_model_rows(service, chosen, t),
        fetches=_fetch_rows(service, t) if operator else [],
        operator=operator,
        users=bool(user),
        private_allowed=service.servers.private_allowed,
        keys_at=str(service.servers.path),
        strictness=_offered(_STRICTNESS, wanted.strictness, t),
        policies=_offered(_POLICIES, wanted.policy or service.settings.policy, t),
        checkers=_checkers(service, wanted, t),
        tentative=wanted.tentative,
        passages=service.passages_of(wanted),
        fewest=FEWEST_PASSAGES,
        most=MOST_PASSAGES,
        follow_ups=wanted.follow_ups,
        instructions=wanted.instructions,
        longest=LONGEST_INSTRUCTIONS,
        unanswered=unanswered_html(service, user, operator, workspace, t),
        languages=list(LANGUAGES.items()),
        language=t.language,
        version=_version(),
        home=str(service.workspaces.first.folder.parent) if operator else "",
        leaves=_leaving(service, chosen, wanted, t),
        user=user,
        t=t,
    )


def unanswered_html(service: ChatService, user: str, operator: bool, workspace: str, t: Translate) -> Markup:
    """Return the list of the questions of a collection that its documents did not answer, and its switch.

    Args:
        service: Knows the workspaces.
        user: Who asks; empty where there are no users.
        operator: Whether they are an operator.
        workspace: The id of the collection.
        t: Gives the texts of the page in the reader's language.

    Returns:
        The list; only the state of the switch for whoever does not look after the collection; nothing where there is no
        such collection.
    """
    try:
        found = next((one for one in service.workspaces.of(user) if one.id == workspace), None)
        if found is None:
            return Markup("")
        mine = service.workspaces.looks_after(user, workspace, operator)
        list_ = UnansweredQuestions(service.workspaces.open(user, workspace).folder)
        on = bool(list_.since())
        questions = list_.questions() if on and mine else []
    except RagError:
        return Markup("")
    shown = _Unanswered(
        workspace,
        f"/i/{quote(workspace, safe=':')}/unanswered",
        found.name,
        on,
        mine,
        found.shared,
        questions[:_LISTED_QUESTIONS],
        max(0, len(questions) - _LISTED_QUESTIONS),
    )
    return render("settings", "unanswered", list=shown, t=t)


# -- models ------------------------------------------------------------------------------------------------------------


def _model_rows(service: ChatService, chosen: str, t: Translate) -> list[_ModelRow]:
    return [
        _ModelRow(
            choice,
            choice.title or t("quotes only"),
            _about(choice, t),
            " · ".join(_facts(choice.size, choice.memory, choice.licence, t)),
            choice.spec == chosen,
        )
        for choice in service.choices()
    ]


def _about(choice: ModelChoice, t: Translate) -> str:
    if choice.kind == "table":
        return _about_weights(TABLE[choice.name], t)
    if choice.kind in ("server", "service"):
        return t("model runs at", host=choice.host) if choice.host else t("model runs here")
    return {"none": t("quotes only more"), "hub": t("model of hub"), "file": t("model of file")}[choice.kind]


def _about_weights(weights: Weights, t: Translate) -> str:
    return t(_ABOUT[weights.name]) if weights.name in _ABOUT else weights.about


def _facts(size: int, memory: int, licence: str, t: Translate) -> list[str]:
    known = [t("model size", size=_bytes(size, t))] if size else []
    known += [t("model memory", size=_bytes(memory, t))] if memory else []
    return known + ([licence] if licence else [])


def _bytes(size: int, t: Translate) -> str:
    text = format_bytes(size)
    return text.replace(".", ",") if t.language == "de" else text


def _fetch_rows(service: ChatService, t: Translate) -> list[_FetchRow]:
    states = {state.name: state for state in service.fetching.states()}
    rows = []
    for weights in fetchable(service.settings):
        fetch = states.get(weights.name)
        begun = fetch.done if fetch else service.fetching.begun(weights.name)
        facts = " · ".join(_facts(weights.size, weights.memory, weights.licence, t))
        about = _about_weights(weights, t)
        percent = min(100, round(100 * begun / weights.size)) if weights.size else 0
        rows.append(_FetchRow(weights, about, facts, fetch, begun > 0, percent))
    return rows


# -- what is chosen ----------------------------------------------------------------------------------------------------


def _offered(offered: Sequence[tuple[str, str, str]], chosen: str, t: Translate) -> list[_Choice]:
    return [_Choice(value, t(name), t(more), value == chosen) for value, name, more in offered]


def _checkers(service: ChatService, wanted: Preferences, t: Translate) -> list[_Choice]:
    """Return who may check sentences; what the settings name, where that is something else, is the first choice."""
    by_settings = service.settings.checker or "auto"
    rows = _offered(_CHECKERS, wanted.checker or by_settings, t)
    if any(value == by_settings for value, _, _ in _CHECKERS):
        return rows
    more = t("checker own more", name=by_settings)
    return [_Choice("", t("checker own"), more, not wanted.checker), *rows]


def _leaving(service: ChatService, chosen: str, wanted: Preferences, t: Translate) -> list[str]:
    """Return what leaves this computer, a sentence for each host."""
    hosts = [destination(chosen, service.servers.all())]
    by_settings = service.settings.checker
    if not wanted.checker and by_settings.startswith("llm:"):
        hosts.append(destination(by_settings.removeprefix("llm:"), ()))
    leaving = [t("leaves to", host=host) for host in dict.fromkeys(filter(None, hosts))]
    if service.settings.chroma_url and (host := host_of(service.settings.chroma_url)):
        leaving.append(t("leaves to store", host=host))
    return leaving or [t("leaves nothing")]


def _version() -> str:
    try:
        return version("footnote-rag")
    except PackageNotFoundError:
        return ""
