"""The form of a suite file, and what is wrong in one.

Owns: which keys and values a suite and a case may have, and the sentence for each that they may not. Knows nothing
about hashes, adding cases or corpora.
"""

from __future__ import annotations

import dataclasses
import json
import math
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from rag.errors import UsageError
from rag.evaluate.metrics.abstention import SUITE_METRICS
from rag.evaluate.metrics.table import CUTOFFS, JUDGED, find_meaning, meanings, measure_of
from rag.evaluate.suite.source_lines import Located, Location
from rag.evaluate.types import RIGHT_F1, SCHEMA_VERSION, Case, ConversationMode, ExpectedNumber, GoldEvidence
from rag.settings import Settings
from rag.types import Turn

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LONGEST_ID = 200
_MOST_CRITERIA = 20
# What a judge is always asked, see `rag.evaluate.judging`.
_JUDGED_ALWAYS = ("faithfulness", "relevancy", "correctness")
# Characters of a regular expression; a longer one takes seconds to compile.
_LONGEST_PATTERN = 5000
# Keys of a case that a turn in a list of turns has from its conversation.
NOT_OF_A_TURN = ("id", "history", "conversation", "turn")

_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    """A part of a file: its numbers and texts are not converted, and unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class _CaseFile(_Strict):
    case: Case


class _Corpus(_Strict):
    path: _Text
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class _Bounds(_Strict):
    min: float | None = None
    max: float | None = None
    min_effect: Annotated[float, Field(ge=0)] = 0.02
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    margin: Annotated[float, Field(gt=0)] = 0.03


class _Criterion(_Strict):
    criterion: _Text
    scale: tuple[int, int] = (1, 5)
    tags: tuple[_Text, ...] = ()


# A suite may come from somebody else, so it chooses no folder, no address, no hosted model and no reranker.
_SETTINGS = ("top_k", "max_answer_tokens", "context_window", "llm_trust", "policy", "threshold")
_Share = Annotated[float, Field(ge=0, le=1)]
_OWN_FIELDS: dict[str, Any] = {
    "llm": (Annotated[str, Field(pattern=r"^(none|local(:[\w.-]+)?)$")], "none"),
    "threshold": (_Share, 0.0),
    "fusion": (_Share, 0.0),
    "f1_threshold": (Annotated[float, Field(gt=0, le=1)], RIGHT_F1),
    "ks": (Annotated[tuple[Annotated[int, Field(ge=1, le=1000)], ...], Field(min_length=1)], CUTOFFS),
}
_SETTING_FIELDS = {
    name: (Settings.model_fields[name].annotation, Settings.model_fields[name])
    for name in _SETTINGS
    if name in Settings.model_fields
}
_Defaults: type[_Strict] = create_model("_Defaults", __base__=_Strict, **(_OWN_FIELDS | _SETTING_FIELDS))


class SuiteFile(_Strict):
    """A suite file without the cases that stand in it; ``cases`` names the files of the others."""

    schema_version: int
    suite: _Text
    corpus: _Corpus
    defaults: _Defaults = Field(default_factory=_Defaults)  # type: ignore[valid-type]
    gate: dict[str, _Bounds] = {}
    rubric: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], _Criterion] = {}
    cases: list[str]
    conversation: ConversationMode = "live"
    # Each turn is checked on its own, by `rag.evaluate.suite.conversations`.
    conversations: list[Any] = []


def _field_names(record: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(record))


# The keys known in each part of a suite.
_KEYS = {
    "evidence": _field_names(GoldEvidence),
    "any_of": tuple(name for name in _field_names(GoldEvidence) if name != "any_of"),
    "history": _field_names(Turn),
    "numeric": _field_names(ExpectedNumber),
    "corpus": tuple(_Corpus.model_fields),
    "defaults": tuple(_Defaults.model_fields),
    "gate": tuple(_Bounds.model_fields),
    "rubric": tuple(_Criterion.model_fields),
    "cases": _field_names(Case),
    "turns": tuple(name for name in _field_names(Case) if name not in NOT_OF_A_TURN),
}

# What pydantic calls a type, and what an author of YAML calls it.
_TYPE_NAMES = {
    "a valid tuple": "a list",
    "a valid array": "a list",
    "a valid integer": "a whole number",
    "a valid ": "a ",
}
_PATTERN_HINTS: dict[str | int, str] = {
    "sha256": "a hash of 64 hexadecimal digits; correct or remove it",
    "llm": "none, local or local:NAME; give another model on the command line",
    "[key]": "named with small letters, digits and underscores",
}


# -- the suite ---------------------------------------------------------------------------------------------------------


def parse_suite_form(located: Located) -> tuple[SuiteFile, list[Any]]:
    """Check the form of a suite file.

    Args:
        located: The plain data of the file.

    Returns:
        The checked form, and the entries of its cases: names of files, and cases yet to be checked. What is wrong is a
        UsageError with file and line.
    """
    data = located.data
    if not isinstance(data, dict):
        raise_schema_error(located.where(), "this is no suite; a suite begins with 'schema_version: 1'.")
    _check_version(located)
    if "conversations" in data:
        data = {"cases": [], **data}
    cases = data.get("cases")
    entries = cases if isinstance(cases, list) else [cases]
    if "cases" in data and any(not isinstance(entry, str | dict) for entry in entries):
        raise_schema_error(located.where(("cases",)), "'cases' must be a list of cases or the name of a JSONL file.")
    # Cases in place are checked one by one by `parse_case`, so that each complaint names its own line.
    checked = {**data, "cases": [entry for entry in entries if isinstance(entry, str)]} if "cases" in data else data
    try:
        form = SuiteFile.model_validate_json(json.dumps(checked))
    except ValidationError as error:
        first = error.errors()[0]
        raise_schema_error(located.where(first["loc"]), _complaint(first, first["loc"]))
    _check_metrics(located, form)
    _check_rubric(located, form)
    return form, entries


def _check_version(located: Located) -> None:
    version = located.data.get("schema_version")
    if version == SCHEMA_VERSION and not isinstance(version, bool):
        return
    given = "no schema version" if version is None else f"schema version {str(version)[:20]!r}"
    is_newer = isinstance(version, int) and version > SCHEMA_VERSION
    remedy = "upgrade Footnote." if is_newer else f"write 'schema_version: {SCHEMA_VERSION}'."
    raise_schema_error(
        located.where(("schema_version",)),
        f"the suite has {given}, and this version of Footnote reads {SCHEMA_VERSION}; {remedy}",
    )


def _check_metrics(located: Located, form: SuiteFile) -> None:
    """Refuse a rule of the gate for a metric that does not exist."""
    for name in form.gate:
        if find_meaning(name) is None and name not in SUITE_METRICS and not name.startswith(JUDGED):
            alike = get_close_matches(measure_of(name), [*meanings(), *SUITE_METRICS], 1)
            remedy = f"write {alike[0]!r}" if alike else "the handbook's page on evaluation lists them"
            raise_schema_error(located.where(("gate", name)), f"'gate.{name}' names no metric; {remedy}.")


def _check_rubric(located: Located, form: SuiteFile) -> None:
    """Refuse criteria that no judge can be asked for."""
    if len(form.rubric) > _MOST_CRITERIA:
        many = f"'rubric' has {len(form.rubric)} criteria, and a judge takes {_MOST_CRITERIA} at most; remove some."
        raise_schema_error(located.where(("rubric",)), many)
    for name, one in form.rubric.items():
        where = located.where(("rubric", name))
        if name in _JUDGED_ALWAYS:
            raise_schema_error(where, f"'rubric.{name}' is judged without a rubric; give the criterion another name.")
        if one.scale[0] >= one.scale[1]:
            raise_schema_error(where, f"'rubric.{name}.scale' needs the worst score below the best, as in [1, 5].")
        if not one.criterion.strip():
            raise_schema_error(where, f"'rubric.{name}.criterion' is empty; say what is asked of an answer.")


# -- a case ------------------------------------------------------------------------------------------------------------


def parse_case(located: Located, data: Any, location: Location = ()) -> Case:
    """Check a case.

    Args:
        located: The plain data of the file in which the case stands.
        data: The case.
        location: Where it stands in that data; empty where the file's lines are cases.

    Returns:
        The case. What is wrong is a UsageError with file and line.
    """
    try:
        case = _CaseFile.model_validate_json(json.dumps({"case": data})).case
    except ValidationError as error:
        first = error.errors()[0]
        rest = first["loc"][1:]
        if first["type"] == "dataclass_type" and not rest:
            raise_schema_error(
                located.where(location), "a case must be an object with 'id' and 'question'; correct it."
            )
        # Where all that is known is the line of the case, its position among the cases is left out.
        complaint = _complaint(first, (*location, *rest) if location else ("cases", *rest))
        raise_schema_error(located.where((*location, *rest)), complaint.replace("'cases.", "'", 1))
    if fault := _case_fault(case):
        part, complaint = fault
        raise_schema_error(located.where((*location, *part)), complaint)
    return case


def _case_fault(case: Case) -> tuple[Location, str] | None:
    """Return the first value of a case that has the right type and cannot be meant: where, and what to do."""
    if not case.id.strip() or len(case.id) > _LONGEST_ID or not case.id.isprintable():
        return ("id",), f"'id' must be a short name of one line (at most {_LONGEST_ID} characters)."
    if not case.question.strip():
        return ("question",), "'question' is empty; write one."
    if case.turn < 0 or (case.conversation and not case.conversation.isprintable()):
        return ("turn",), "'turn' counts from 1, and 'conversation' is a name of one line; correct it."
    if not (math.isfinite(case.weight) and case.weight > 0):
        return ("weight",), "'weight' must be a number above 0."
    for name in ("answers", "must_include", "must_not_include", "tags"):
        for i, text in enumerate(getattr(case, name)):
            if not text.strip():
                return (name, i), f"'{name}[{i}]' is empty; fill it in or remove it."
    if len(case.pattern) > _LONGEST_PATTERN:
        return ("pattern",), f"'pattern' is longer than {_LONGEST_PATTERN} characters; shorten it."
    if case.pattern and (reason := pattern_error(case.pattern)):
        return ("pattern",), f"'pattern' is no regular expression ({reason}); correct it."
    if number := case.numeric:
        tolerances = (number.rel_tol, number.abs_tol)
        if not all(map(math.isfinite, (number.value, *tolerances))) or min(tolerances) < 0:
            return ("numeric",), "'numeric' needs a finite value, and tolerances of 0 or more."
    if not 0 < case.f1_threshold <= 1:
        return ("f1_threshold",), "'f1_threshold' must be above 0 and at most 1."
    if case.xfail and case.skip:
        return ("skip",), "'skip' and 'xfail' stand together; remove one, since a case that is skipped is not asked."
    for name in ("xfail", "skip"):
        if (reason := getattr(case, name)) and not reason.strip():
            return (name,), f"'{name}' is empty; write why."
    for i, evidence in enumerate(case.evidence):
        if fault := _evidence_fault(evidence):
            return ("evidence", i), f"'evidence[{i}]' {fault}"
        for j, alternative in enumerate(evidence.any_of):
            if fault := _evidence_fault(alternative, is_alternative=True):
                return ("evidence", i, "any_of", j), f"'evidence[{i}].any_of[{j}]' {fault}"
    for name, label in case.labels.items():
        # Written so that NaN is no number of 0…1.
        if name != "answer" and (isinstance(label, str) or not 0 <= label <= 1):
            return ("labels",), f"'labels.{name}' must be true, false or a number from 0 to 1; correct it."
        if name == "answer" and not isinstance(label, str):
            return ("labels",), "'labels.answer' must be the words that were judged, in quotes; correct it."
    return None


def _evidence_fault(evidence: GoldEvidence, is_alternative: bool = False) -> str:
    """Return what is wrong with evidence, and what to do; empty where nothing is."""
    if evidence.any_of and is_alternative:
        return "holds another 'any_of'; write all places in one list."
    if evidence.any_of:
        alone = evidence == GoldEvidence(any_of=evidence.any_of)
        return "" if alone else "has 'any_of' and a place of its own; write that place into the list."
    if evidence.grade < 1:
        return "has a grade below 1; leave irrelevant places out."
    if not evidence.source.strip():
        return "names no source; write the name that `rag sources` lists."
    if (evidence.start is None) != (evidence.end is None):
        return "has one of 'start' and 'end'; write both, or a quote."
    if evidence.start is None and not evidence.quote.strip():
        return "has neither a quote nor 'start' and 'end'; add one."
    if evidence.start is not None and evidence.end is not None and not 0 <= evidence.start < evidence.end:
        return "needs 0 <= start < end; correct it."
    if evidence.page is not None and evidence.page < 1:
        return "has a page below 1; pages count from 1."
    return ""


def pattern_error(pattern: str) -> str:
    """Return why a pattern is no regular expression; empty where it is one."""
    import regex

    try:
        regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        return str(error)
    return ""


# -- complaints --------------------------------------------------------------------------------------------------------


def raise_schema_error(where: str, complaint: str) -> NoReturn:
    """Raise an error that says what is wrong in a suite, and where.

    Args:
        where: The ``file:line``.
        complaint: What is wrong there, and what to do.

    Raises:
        UsageError: Always.
    """
    raise UsageError(f"{where}: {complaint}")


def _complaint(error: ErrorDetails, location: Location) -> str:
    """Return what is wrong with one value, and what to do, from pydantic's error about it."""
    name = _dotted(location)
    match error["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            keys = next((_KEYS[part] for part in reversed(location[:-1]) if part in _KEYS), None)
            known = keys or tuple(SuiteFile.model_fields)
            return f"{name!r} is an unknown key; known here: {', '.join(known)}."
        case "missing":
            return f"{name!r} is missing; add it."
        case "string_type":
            return f"{name!r} must be text; put it in quotes."
        case "string_too_short":
            return f"{name!r} is empty; fill it in."
        case "json_invalid":
            return "holds a character that is not valid Unicode; correct it."
        case "string_pattern_mismatch":
            return f"{name!r} must be {_PATTERN_HINTS[location[-1]]}."
    message = error["msg"].removeprefix("Input ")
    for pydantic_name, plain_name in _TYPE_NAMES.items():
        message = message.replace(pydantic_name, plain_name)
    return f"{name!r} is wrong: it {message[:1].lower()}{message[1:]}; correct it."


def _dotted(location: Location) -> str:
    """Return a location as an author writes it: ``cases[0].answers[1]``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
