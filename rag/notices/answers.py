"""What the program itself says of an answer, in English and German: notices beside it, and sentences in its text. Pure.

Owns: the words of these codes, and telling a fixed sentence of an answer from a claim. Knows nothing about how an
answer comes about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.notices import Notice, Wording, Words, listed, whole


def _instructions_en(values: Mapping[str, Any]) -> str:
    return f"Instructions to a language model stand in {listed(values['sources'])}; they were not followed."


def _instructions_de(values: Mapping[str, Any]) -> str:
    return f"In {listed(values['sources'])} stehen Anweisungen an ein Sprachmodell; sie wurden nicht befolgt."


def _left_out_en(values: Mapping[str, Any]) -> str:
    count, contradicted = values["count"], values.get("contradicted", 0)
    why = "the sources say otherwise" if contradicted else "not supported"
    if 0 < contradicted < count:
        why = f"the sources say otherwise ({contradicted}), not supported ({count - contradicted})"
    return f"{count} claim{'s' * (count > 1)} left out: {why}."


def _left_out_de(values: Mapping[str, Any]) -> str:
    count, contradicted = values["count"], values.get("contradicted", 0)
    why = "die Quellen sagen es anders" if contradicted else "nicht belegt"
    if 0 < contradicted < count:
        why = f"die Quellen sagen es anders ({contradicted}), nicht belegt ({count - contradicted})"
    return f"{count} {'Aussagen' if count > 1 else 'Aussage'} weggelassen: {why}."


def _failed_en(values: Mapping[str, Any]) -> str:
    return str(values.get("text") or "The language model failed.")


def _failed_de(values: Mapping[str, Any]) -> str:
    return str(values.get("text") or "Das Sprachmodell ist ausgefallen.")


def _replaced_en(values: Mapping[str, Any]) -> str:
    older = _versions(values["older"], values["older_time"])
    newer = _versions([values["newer"]], [values["newer_time"]])
    ones = "ones" if len(values["older"]) > 1 else "one"
    return f"The newer source ({newer}) replaces the older {ones} ({older}){_changes(values)}."


def _replaced_de(values: Mapping[str, Any]) -> str:
    older = _versions(values["older"], values["older_time"])
    newer = _versions([values["newer"]], [values["newer_time"]])
    which = "älteren" if len(values["older"]) > 1 else "ältere"
    return f"Die neuere Quelle ({newer}) ersetzt die {which} ({older}){_changes(values)}."


def _versions(sources: Sequence[str], times: Sequence[str]) -> str:
    return listed((f"{source}, {time}" for source, time in zip(sources, times, strict=True)), "; ")


def _changes(values: Mapping[str, Any]) -> str:
    return f": {listed(values['changes'], '; ')}" if values.get("changes") else ""


def _of_package(values: Mapping[str, Any], of: str) -> str:
    return f" {of} {values['package']}" if values["package"] else ""


def _asked_parts(values: Mapping[str, Any], language: str) -> list[str]:
    """Return what a question was kept to in words: folders, documents, and the number of those that are not named."""
    folder, unnamed = ("Ordner", "Dokumente") if language == "de" else ("folder", "documents")
    parts = [*(f"{folder} {name}" for name in values["folders"]), *values["documents"]]
    return [*parts, f"{whole(values['unnamed'], language)} {unnamed}"] if values["unnamed"] else parts


def _judge_failed(language: int) -> Words:
    def fill(values: Mapping[str, Any]) -> str:
        cause = Notice.from_json(values["cause"]).text("de" if language else "en").rstrip(".")
        if language:
            return f"Die Sätze wurden nur nach Regeln geprüft, denn kein Modell hat sie beurteilt: {cause}."
        return f"The sentences were checked by rules alone, since no model judged them: {cause}."

    return fill


WORDINGS: dict[str, Wording] = {
    # Notices beside an answer.
    "empty-index": (
        "The index {index!r} is empty; add files: rag ingest PATH",
        "Der Index „{index}“ ist leer; fügen Sie Dateien hinzu: rag ingest PFAD",
    ),
    "instructions-not-followed": (_instructions_en, _instructions_de),
    "claims-left-out": (_left_out_en, _left_out_de),
    "claims-unsupported": (
        "The model's words were not supported by the documents.",
        "Was das Modell schrieb, ist durch die Dokumente nicht belegt.",
    ),
    "wrote-nothing": ("{model} wrote nothing", "{model} hat nichts geschrieben"),
    "model-declined": (
        "{model} declined to answer; this says nothing of what the documents hold.",
        "{model} wollte nicht antworten; das sagt nichts darüber, was in den Dokumenten steht.",
    ),
    "asked-for-tool": (
        "{model} asked for a tool that it was not offered, and wrote nothing else; ask again, or choose another model.",
        "{model} hat ein Werkzeug verlangt, das ihm nicht angeboten war, und sonst nichts geschrieben; fragen Sie noch "
        "einmal, oder wählen Sie ein anderes Modell.",
    ),
    "writing-failed": (_failed_en, _failed_de),
    "not-mentioned": (
        lambda values: f"Nothing found mentions: {listed(values['words'], '; ')}",
        lambda values: f"Keine gefundene Stelle erwähnt: {listed(values['words'], '; ')}",
    ),
    "checker-failed": (
        lambda values: (
            f"The checker {values['checker']!r}{_of_package(values, 'of')} failed ({values['cause']}), so sentences "
            f"were checked without it; {'update its package, or ' if values['package'] else ''}change RAG_CHECKER."
        ),
        lambda values: (
            f"Der Prüfer „{values['checker']}“{_of_package(values, 'von')} ist ausgefallen ({values['cause']}), Sätze "
            "wurden deshalb ohne ihn geprüft; "
            f"{'aktualisieren Sie sein Paket, oder ' if values['package'] else ''}ändern Sie RAG_CHECKER."
        ),
    ),
    "judge-failed": (_judge_failed(0), _judge_failed(1)),
    "judge-unreadable": ("its reply cannot be read", "seine Antwort lässt sich nicht lesen"),
    "question-cut": (
        "The question is too long: only its first {characters} characters were read.",
        "Die Frage ist zu lang: Nur ihre ersten {characters} Zeichen wurden gelesen.",
    ),
    "asked-only": (
        lambda values: f"Asked only about: {listed(_asked_parts(values, 'en'), '; ')}",
        lambda values: f"Nur befragt: {listed(_asked_parts(values, 'de'), '; ')}",
    ),
    "answer-interrupted": (
        "This answer was interrupted before it was done; ask again.",
        "Diese Antwort wurde unterbrochen, bevor sie fertig war; fragen Sie noch einmal.",
    ),
    "answer-stopped": (
        "Stopped before its end; what was written by then was checked.",
        "Vor dem Ende angehalten; geprüft wurde, was bis dahin geschrieben war.",
    ),
    "answer-not-stored": (
        "The disk is full, so this answer is not stored yet; free some space while Footnote runs, and it will be.",
        "Der Datenträger ist voll, deshalb ist diese Antwort noch nicht gespeichert; schaffen Sie Platz, während "
        "Footnote läuft, dann wird sie es.",
    ),
    "answer-cut": (
        "The model reached its limit of {tokens} tokens, so the answer is incomplete; set RAG_MAX_ANSWER_TOKENS higher "
        "and ask again.",
        "Das Modell hat seine Grenze von {tokens} Token erreicht, die Antwort ist deshalb unvollständig; setzen Sie "
        "RAG_MAX_ANSWER_TOKENS höher und fragen Sie noch einmal.",
    ),
    "answer-all-thoughts": (
        "The thoughts of {model} took all of the {tokens} tokens that it may write, so nothing was answered; set "
        "RAG_MAX_ANSWER_TOKENS higher and ask again, or choose a model that thinks less.",
        "Die Überlegungen von {model} haben alle {tokens} Token verbraucht, die es schreiben darf, deshalb blieb die "
        "Frage unbeantwortet; setzen Sie RAG_MAX_ANSWER_TOKENS höher und fragen Sie noch einmal, oder wählen Sie ein "
        "Modell, das weniger überlegt.",
    ),
    "answer-filtered": (
        "The service of {model} withheld the rest of the answer by its content filter; put the question in other "
        "words, or choose another model.",
        "Der Dienst von {model} hat den Rest der Antwort durch seinen Inhaltsfilter zurückgehalten; stellen Sie die "
        "Frage mit anderen Worten, oder wählen Sie ein anderes Modell.",
    ),
    "answer-repeats": (
        "The model said the same again and again; it is shown once.",
        "Das Modell hat dasselbe immer wieder gesagt; es wird einmal gezeigt.",
    ),
    "sentence-unfinished": (
        "the model broke off in the middle of this sentence",
        "das Modell brach mitten in diesem Satz ab",
    ),
    "quotes-meanwhile": ("Until then answers are quotes.", "Bis dahin bestehen die Antworten aus Zitaten."),
    "answer-purged": (
        "This answer quoted documents that were removed for good, so it was taken out.",
        "Diese Antwort zitierte Dokumente, die endgültig entfernt wurden; darum wurde sie gelöscht.",
    ),
    "answer-unreadable": (
        "This answer cannot be shown: another version of Footnote stored it; ask again.",
        "Diese Antwort kann nicht angezeigt werden: Eine andere Version von Footnote hat sie gespeichert; "
        "fragen Sie noch einmal.",
    ),
    # Sentences in the text of an answer.
    "not-in-documents": ("The documents do not say.", "Die Dokumente sagen dazu nichts."),
    "part-not-in-documents": (
        lambda values: f"The documents do not say: {listed(values['words'], '; ')}.",
        lambda values: f"Dazu sagen die Dokumente nichts: {listed(values['words'], '; ')}.",
    ),
    "rest-not-in-documents": (
        "The documents do not say the rest.",
        "Das Übrige sagen die Dokumente nicht.",
    ),
    "nearest-only": (
        "No sentence answers this directly; this comes nearest:",
        "Kein Satz beantwortet das unmittelbar; am nächsten kommt:",
    ),
    "struck-out-only": (
        "What comes nearest is struck out:",
        "Was am nächsten kommt, ist durchgestrichen:",
    ),
    "sources-disagree": ("The sources disagree: {about}.", "Die Quellen widersprechen sich: {about}."),
    "one-dated": (
        "{dated} is of {time}; {undated} bears no date.",
        "{dated} ist von {time}; {undated} trägt kein Datum.",
    ),
    "newer-source": (_replaced_en, _replaced_de),
    "greeting": (
        "Hello! Ask me something about your documents.",
        "Hallo! Fragen Sie mich etwas zu Ihren Dokumenten.",
    ),
    "thanked": ("You are welcome.", "Gern geschehen."),
    "farewell": ("Goodbye!", "Auf Wiedersehen!"),
    "praised": (
        "Good. Ask me anything else about your documents.",
        "Gut. Fragen Sie mich gern mehr zu Ihren Dokumenten.",
    ),
    "about-itself": (
        "I am Footnote: ask me about your documents, and each sentence of my answer shows the words it rests on.",
        "Ich bin Footnote: Fragen Sie mich etwas zu Ihren Dokumenten; jeder Satz meiner Antwort zeigt die Worte, auf "
        "denen er beruht.",
    ),
    "yes": ("Yes", "Ja"),
    "quote": ("“{words}”", "„{words}“"),
}


def is_own_sentence(text: str) -> bool:
    """Tell whether a sentence is one that an answer says when the documents hold none, in any language."""
    return text.strip() in WORDINGS["not-in-documents"]
