"""The words of reasons for a verdict, and of settings that name no checker or rule, in English and German. Pure.

The code of a reason is the id of the rule that objects (``rag.verify.compare``), or tells what else a verdict goes by.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Notice, Wording, Words, listed

_GERMAN_WEEKDAYS = {
    "monday": "Montag", "tuesday": "Dienstag", "wednesday": "Mittwoch", "thursday": "Donnerstag", "friday": "Freitag",
    "saturday": "Samstag", "sunday": "Sonntag",
}  # fmt: skip
_BOUNDS = {
    "less-than": ("less than", "weniger als"),
    "at-most": ("at most", "höchstens"),
    "more-than": ("more than", "mehr als"),
    "at-least": ("at least", "mindestens"),
    "about": ("about", "ungefähr"),
    "exactly": ("exactly", "genau"),
}


def _by(name: str, **words: str) -> Words:
    """Return words that go by one of the values: the template of that name."""

    def fill(values: Mapping[str, Any]) -> str:
        return words[str(values[name])].format_map(values)

    return fill


def _if_known(name: str, known: str, unknown: str) -> Words:
    """Return words that go by whether one of the values is empty."""

    def fill(values: Mapping[str, Any]) -> str:
        return (known if values[name] else unknown).format_map(values)

    return fill


def _with_bounds(template: str, language: int) -> Words:
    """Return a template in which bounds are put into the words of a language."""

    def fill(values: Mapping[str, Any]) -> str:
        named = {name: _BOUNDS[values[name]][language] for name in ("bound", "source_bound")}
        return template.format_map({**values, **named})

    return fill


def _marks(numbers: Any) -> str:
    return listed([f"[{number}]" for number in numbers])


_DENIED: Wording = (
    _by(
        "denied_by",
        sentence="the sentence denies ({word!r}) what the source states",
        source="the source denies ({word!r}) what the sentence states",
    ),
    _by(
        "denied_by",
        sentence="der Satz verneint („{word}“), was die Quelle aussagt",
        source="die Quelle verneint („{word}“), was der Satz aussagt",
    ),
)
_REPLACED: Wording = (
    "the sentence says {word!r} where the source says {instead!r}",
    "im Satz steht „{word}“, wo in der Quelle „{instead}“ steht",
)
_ONE_SIDED: Wording = (
    _by(
        "said_by",
        sentence="the source does not say {word!r}",
        source="the source says {word!r}, the sentence does not",
    ),
    _by("said_by", sentence="die Quelle sagt nicht „{word}“", source="die Quelle sagt „{word}“, der Satz nicht"),
)

# What is wrong with a setting that names a checker or a rule.
_SETTINGS: dict[str, Wording] = {
    "checker-unusable": (
        lambda values: f"RAG_CHECKER={values['spec']} cannot be used: {Notice.from_json(values['cause'])}",
        lambda values: (
            f"RAG_CHECKER={values['spec']} lässt sich nicht benutzen: {Notice.from_json(values['cause']).text('de')}"
        ),
    ),
    "checker-unknown": (
        lambda values: (
            f"RAG_CHECKER={values['spec']} names the checker {values['name']!r}, which is not there; the checkers are "
            f"{listed(values['known'])}."
        ),
        lambda values: (
            f"RAG_CHECKER={values['spec']} nennt den Prüfer „{values['name']}“, den es nicht gibt; die Prüfer sind "
            f"{listed(values['known'])}."
        ),
    ),
    "checker-not-opened": (
        _if_known(
            "package",
            "The checker {name!r} of {package}, which RAG_CHECKER names, cannot be opened ({cause}); update that "
            "package, or name another.",
            "The checker {name!r} of RAG_CHECKER cannot be opened ({cause}); name another.",
        ),
        _if_known(
            "package",
            "Der Prüfer „{name}“ von {package}, den RAG_CHECKER nennt, lässt sich nicht öffnen ({cause}); "
            "aktualisieren Sie dieses Paket, oder nennen Sie einen anderen.",
            "Der Prüfer „{name}“ aus RAG_CHECKER lässt sich nicht öffnen ({cause}); nennen Sie einen anderen.",
        ),
    ),
    "checker-incomplete": (
        "The checker {name!r} of RAG_CHECKER has no name or no check; update its package.",
        "Dem Prüfer „{name}“ aus RAG_CHECKER fehlt „name“ oder „check“; aktualisieren Sie sein Paket.",
    ),
    "checker-names-no-model": (
        "RAG_CHECKER=cross-encoder names no model; add its folder or name: cross-encoder:NAME.",
        "RAG_CHECKER=cross-encoder nennt kein Modell; fügen Sie dessen Ordner oder Namen an: cross-encoder:NAME.",
    ),
    "checker-takes-no-argument": (
        "RAG_CHECKER={name}:{argument} names more than a checker; write only {name}.",
        "RAG_CHECKER={name}:{argument} nennt mehr als einen Prüfer; schreiben Sie nur {name}.",
    ),
    "checker-no-classifier": (
        "The model {name!r} of RAG_CHECKER has no classes of its own and would judge at random; name one that was "
        "trained for inference or fact checking.",
        "Das Modell „{name}“ aus RAG_CHECKER hat keine eigenen Klassen und würde raten; nennen Sie eines, das für "
        "Schlussfolgerungen oder Faktenprüfung trainiert ist.",
    ),
    "checker-without-entailment": (
        lambda values: (
            f"The checker {values['name']!r} has the classes {listed(values['classes'])}, none of which is called "
            "entailment; name another in RAG_CHECKER."
        ),
        lambda values: (
            f"Der Prüfer „{values['name']}“ hat die Klassen {listed(values['classes'])}, von denen keine „entailment“ "
            "heißt; nennen Sie in RAG_CHECKER einen anderen."
        ),
    ),
    "rule-unknown": (
        lambda values: f"RAG_RULES_OFF names no rule with {values['name']!r}; the rules are {listed(values['known'])}.",
        lambda values: (
            f"Eine Regel „{values['name']}“, wie in RAG_RULES_OFF genannt, gibt es nicht; die Regeln sind "
            f"{listed(values['known'])}."
        ),
    ),
}

_VERIFYING: dict[str, Wording] = {
    "mark-names-nothing": (
        lambda values: (
            f"Marks that name no source: {_marks(values['marks'])}. Their sentences were checked against all sources."
        ),
        lambda values: (
            f"Marken, die keine Quelle nennen: {_marks(values['marks'])}. Ihre Sätze wurden mit allen Quellen geprüft."
        ),
    ),
    "judge-too-weak": (
        "{model} is too weak to judge sentences",
        "{model} ist zu schwach, um Sätze zu beurteilen",
    ),
}

WORDINGS: dict[str, Wording] = {
    "quotation-absent": (
        "the quoted words “{quotation}” do not stand in the source",
        "die zitierten Worte „{quotation}“ stehen nicht in der Quelle",
    ),
    "number-contradicted": (
        "the source says {instead}, the answer {number}",
        "in der Quelle steht {instead}, in der Antwort {number}",
    ),
    "number-absent": (
        "the number {number} does not stand in the source",
        "die Zahl {number} steht nicht in der Quelle",
    ),
    "scale-left-out": (
        "the source gives {instead}, the answer {number}",
        "in der Quelle steht {instead}, in der Antwort {number}",
    ),
    "currency-contradicted": (
        "the source gives it in another currency ({instead}) than {number}",
        "in der Quelle steht eine andere Währung ({instead}) als bei {number}",
    ),
    "sign-contradicted": (
        "the source has {instead}, below zero, the answer {number}",
        "in der Quelle steht {instead}, unter null, in der Antwort {number}",
    ),
    "period-contradicted": (
        "the source has {number} for another period, and {instead} for this one",
        "in der Quelle steht {number} für einen anderen Zeitraum, für diesen {instead}",
    ),
    "different-label": (
        "the source says {instead} behind these words, the answer {label}",
        "hinter diesen Worten steht in der Quelle {instead}, in der Antwort {label}",
    ),
    "date-contradicted": (
        "the source says {instead}, the answer {date}",
        "in der Quelle steht {instead}, in der Antwort {date}",
    ),
    "date-absent": (
        "the date {date} does not stand in the source",
        "das Datum {date} steht nicht in der Quelle",
    ),
    "scope": (
        _by(
            "kind",
            denied="the source denies this ({words!r})",
            asked="the source only asks this ({words!r})",
            supposed="the source only supposes this ({words!r})",
            reported="the source says that others say this ({words!r})",
            forbidden="the source says this as what must not be said or done ({words!r})",
            ordered="the source only asks that this be said ({words!r})",
        ),
        _by(
            "kind",
            denied="die Quelle verneint dies („{words}“)",
            asked="die Quelle fragt dies nur („{words}“)",
            supposed="die Quelle nimmt dies nur an („{words}“)",
            reported="die Quelle sagt, dass andere dies sagen („{words}“)",
            forbidden="die Quelle nennt dies als etwas, das man nicht sagen oder tun soll („{words}“)",
            ordered="die Quelle verlangt nur, dass dies gesagt wird („{words}“)",
        ),
    ),
    "weekday-absent": (
        lambda values: f"{str(values['weekday']).capitalize()!r} does not stand in the source",
        lambda values: f"„{_GERMAN_WEEKDAYS[values['weekday']]}“ steht nicht in der Quelle",
    ),
    "contradicted-negation": _DENIED,
    "opposite-word": _REPLACED,
    "contrasting-word": _REPLACED,
    "contrary-modal": _REPLACED,
    "contrary-quantifier": _REPLACED,
    "opposite-bound": (
        _with_bounds("the sentence says {bound} {value}, the source {source_bound} it", 0),
        _with_bounds("der Satz nennt {bound} {value}, die Quelle {source_bound} diesen Wert", 1),
    ),
    "different-bound": (
        _with_bounds("the source says {source_bound} {value}, the sentence {bound} it", 0),
        _with_bounds("die Quelle nennt {source_bound} {value}, der Satz {bound} diesen Wert", 1),
    ),
    "unit-on-one-side": (
        "the source does not say “{number}”",
        "„{number}“ steht so nicht in der Quelle",
    ),
    "misattributed-number": (
        _if_known(
            "instead",
            "the source gives {number} for something else; beside these words it says {instead}",
            "the source gives {number} in another place",
        ),
        _if_known(
            "instead",
            "die Quelle nennt {number} für etwas anderes; neben diesen Worten steht dort {instead}",
            "die Quelle nennt {number} an anderer Stelle",
        ),
    ),
    "different-modal": _ONE_SIDED,
    "different-quantifier": _ONE_SIDED,
    "condition-left-out": (
        "the source says it with a condition or an exception ({condition!r})",
        "die Quelle sagt es mit einer Bedingung oder Ausnahme („{condition}“)",
    ),
    "existence-left-open": (
        "the source says {words!r}, of which there may be none",
        "die Quelle sagt „{words}“, was es vielleicht gar nicht gibt",
    ),
    "words-absent": (
        lambda values: f"not in the source: {listed(values['words'])}",
        lambda values: f"nicht in der Quelle: {listed(values['words'])}",
    ),
    "words-not-in-source": ("its words do not stand in the source", "seine Worte stehen nicht in der Quelle"),
    "other-language": (
        "it is in another language than the source: only its numbers and names were compared, and whether it says the "
        "same, only a model that judges can tell",
        "er ist in einer anderen Sprache als die Quelle: Nur seine Zahlen und Namen wurden verglichen, und ob er "
        "dasselbe sagt, kann nur ein Modell beurteilen",
    ),
    "word-elsewhere": (
        "the source says {word!r} in another place, perhaps of something else",
        "die Quelle sagt „{word}“ an anderer Stelle, vielleicht von etwas anderem",
    ),
    "other-order": (
        "the source has the words around {word!r} in another order",
        "die Quelle hat die Wörter um „{word}“ in anderer Reihenfolge",
    ),
    "other-role": (
        "{word!r} has another role in the source",
        "„{word}“ hat in der Quelle eine andere Rolle",
    ),
    "part-left-out": (
        lambda values: f"left out of what the source says: {listed(values['words'])}",
        lambda values: f"weggelassen von dem, was die Quelle sagt: {listed(values['words'])}",
    ),
    "too-many-numbers": (
        "it has too many numbers or names to compare each with its place",
        "er hat zu viele Zahlen oder Namen, um jeweils auch die Stelle zu vergleichen",
    ),
    "in-column-names": (
        "part of it stands in the names of the columns",
        "ein Teil davon steht in den Spaltennamen",
    ),
    "computed": ("computed from the source: {calculation}", "aus der Quelle berechnet: {calculation}"),
    "not-found-by-checker": (
        "the checking model does not find it in the source",
        "das prüfende Modell findet es nicht in der Quelle",
    ),
    "partly-by-checker": (
        "the checking model finds only a part of it in the source",
        "das prüfende Modell findet nur einen Teil davon in der Quelle",
    ),
    "contradicted-by-source": ("the source says “{quote}”", "in der Quelle steht „{quote}“"),
    "values-differ": ("{first} or {second}", "{first} oder {second}"),
    "value-changed": (
        lambda values: f"{values['now']}, before {listed(values['before'])}",
        lambda values: f"{values['now']}, vorher {listed(values['before'])}",
    ),
    **_SETTINGS,
    **_VERIFYING,
}
