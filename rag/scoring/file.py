"""The file that the numbers stand in, with the data that they were fitted to.

Owns: the form of the file, its strict reading, and which file belongs to which embedding model. Knows nothing about
how numbers are fitted: ``python -m tests.benchmarks fit-scoring`` writes the file.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from rag.errors import UsageError
from rag.notices import Notice
from rag.precision import unmarked
from rag.scoring.values import MOST_COUNT, MOST_NUMBER, FittedEncoder, Scoring

VERSION = 1
"""The version of the file's form."""

# Where the numbers stand in a file.
_VALUES = "values"
# The file whose numbers count for a model that none was fitted for; it ships with this program.
_DEFAULT = "all-minilm-l6-v2"
# What a value must be, by its type, as the words of an error name it.
_KINDS = {str: "text", int: "whole-number", float: "number"}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that numbers were fitted to: its path below the folder of the data, and its SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """Data that numbers were fitted to.

    Attributes:
        name: The name of the set, and of its part.
        files: The files that it was read from.
        rows: How many rows of them were used.
        fits: The values that it shaped, by their path: ``fusion.dense_weight``.
        figures: What the values reach on this data.
    """

    name: str
    files: tuple[DataFile, ...]
    rows: int
    fits: tuple[str, ...]
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Move:
    """Other values that are better by the rule and were not taken, because a scoring in use is held.

    Attributes:
        values: The better values, by their path.
        gain: How much better they are, in the unit of the figure that they were compared by.
        standard_error: The standard error of that difference.
    """

    values: Mapping[str, float]
    gain: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class ScoringFile:
    """A file of numbers.

    Attributes:
        scoring: The numbers, with the embedding model that they were fitted with.
        script: The command that wrote the file.
        rule: When that command moves a number, in a sentence.
        fitted: The data, and which numbers it shaped.
        moves: What the rule would change.
        chosen: The numbers that the script does not fit, by their path or that of their group, each with the reason.
    """

    scoring: Scoring
    script: str
    rule: str
    fitted: tuple[DataSet, ...]
    moves: tuple[Move, ...]
    chosen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Form:
    """What stands in a file, as it stands there; the values are read as a ``Scoring``."""

    version: int
    encoder: FittedEncoder
    script: str
    rule: str
    fitted: tuple[DataSet, ...]
    moves: tuple[Move, ...]
    chosen: Mapping[str, str]
    values: Mapping[str, Any]


class _WrongValue(ValueError):
    """What is wrong in a file: a kind of problem, and the values of the notice on it."""

    def __init__(self, problem: str, **values: Any) -> None:
        super().__init__(problem)
        self.values = {"problem": problem, **values}


def scoring_for(fingerprint: str, own: Path | None = None) -> tuple[Scoring, bool]:
    """Return the numbers for an embedding model.

    Args:
        fingerprint: The fingerprint of the model.
        own: A file of the user, whose numbers count whatever the model is.

    Returns:
        The numbers, and whether they were fitted with this model; where none were, those of the default model. Numbers
        that were fitted in full precision count for the same model in eight bits.

    Raises:
        UsageError: The user's file cannot be read.
    """
    if own:
        scoring = read_scoring_file(own).scoring
    else:
        scoring = _shipped_for(fingerprint) or _shipped_for(unmarked(fingerprint)) or shipped_scoring()
    return scoring, _is_fitted(scoring, fingerprint)


def describe_scoring(
    scoring: Scoring, encoder_name: str, fingerprint: str, own: Path | None = None, is_measured: bool = False
) -> Notice:
    """Tell which embedding model the numbers were fitted with, and of a user's file which it is.

    Args:
        scoring: The numbers.
        encoder_name: The embedding model of the index.
        fingerprint: The fingerprint of that model.
        own: The user's file that the numbers stand in; None for a file that ships.
        is_measured: Whether the model was measured, so that its similarities are put on the scale of the other one.

    Returns:
        One sentence; where they were fitted with another model, it says what to do.
    """
    is_fitted = _is_fitted(scoring, fingerprint)
    values = {"fitted_for": scoring.encoder.name, "encoder": encoder_name}
    if own is None:
        return Notice(_code_of_shipped(is_fitted, is_measured), values)
    values |= {"file": str(own), "id": scoring_id(scoring)}
    if is_fitted:
        return Notice("scoring-own", values)
    ships = any(_is_fitted(file.scoring, fingerprint) for file in shipped_files().values())
    return Notice("scoring-own-instead" if ships else "scoring-own-not-fitted", values)


def _shipped_for(fingerprint: str) -> Scoring | None:
    shipped = (file.scoring for file in shipped_files().values())
    return next((one for one in shipped if one.encoder.fingerprint == fingerprint), None)


def _is_fitted(scoring: Scoring, fingerprint: str) -> bool:
    """Tell whether numbers were fitted with a model, or with the same weights in full precision."""
    return scoring.encoder.fingerprint in (fingerprint, unmarked(fingerprint))


def _code_of_shipped(is_fitted: bool, is_measured: bool) -> str:
    if is_fitted:
        return "scoring-fitted"
    return "scoring-on-scale" if is_measured else "scoring-not-fitted"


def shipped_scoring() -> Scoring:
    """Return the numbers that count where no others were fitted."""
    return shipped_files()[_DEFAULT].scoring


@lru_cache(maxsize=1)
def shipped_files() -> Mapping[str, ScoringFile]:
    """Return the files that ship, by their names without ``.json``."""
    found = [item for item in files("rag.scoring").joinpath("files").iterdir() if item.name.endswith(".json")]
    return {
        item.name.removesuffix(".json"): parse_scoring_file(item.read_text(encoding="utf-8"), item.name)
        for item in sorted(found, key=lambda item: item.name)
    }


def read_scoring_file(path: Path) -> ScoringFile:
    """Read a file of numbers.

    Args:
        path: The file.

    Returns:
        What stands in it.

    Raises:
        UsageError: It cannot be read, or something in it is wrong; the sentence says what and where.
    """
    try:
        text = path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        values = {"path": str(path), "cause": type(error).__name__}
        raise UsageError(Notice("scoring-file-unreadable", values)) from None
    return parse_scoring_file(text, str(path))


def parse_scoring_file(text: str, name: str) -> ScoringFile:
    """Read the text of a file of numbers, strictly.

    Args:
        text: JSON.
        name: The file, as an error names it.

    Returns:
        What stands in it.

    Raises:
        UsageError: Something is wrong in it; the sentence says what and where.
    """
    try:
        form = _read_form(_parse_json(text))
        numbers = _read(Scoring, {"encoder": asdict(form.encoder), **form.values}, _VALUES)
        _check_together(numbers)
    except _WrongValue as error:
        raise UsageError(Notice("scoring-file-wrong", {"path": name, **error.values})) from None
    return ScoringFile(numbers, form.script, form.rule, form.fitted, form.moves, form.chosen)


def scoring_file_text(file: ScoringFile) -> str:
    """Write a file of numbers; what ``parse_scoring_file`` reads back is equal."""
    values = asdict(file.scoring)
    encoder = values.pop("encoder")
    form = _Form(
        VERSION, FittedEncoder(**encoder), file.script, file.rule, file.fitted, file.moves, file.chosen, values
    )
    return json.dumps(asdict(form), indent=2, ensure_ascii=False) + "\n"


def scoring_id(scoring: Scoring) -> str:
    """Return a checksum of the numbers: equal numbers have equal ones, whichever model they were fitted with."""
    values = asdict(scoring)
    del values["encoder"]
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]


def value_paths(record: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every number of a record: ``answerability.coefficients.dense``.

    Args:
        record: A ``Scoring`` or a part of one.
        path: Where it stands.

    Yields:
        The paths, in the order of the fields; the embedding model is no number.
    """
    if is_dataclass(record):
        for one in fields(record):
            if one.name != "encoder":
                yield from value_paths(getattr(record, one.name), f"{path}.{one.name}".lstrip("."))
    else:
        yield path


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _WrongValue("not-json", cause=error.msg, line=error.lineno) from None
    except RecursionError:
        raise _WrongValue("nested") from None


def _read_form(whole: Any) -> _Form:
    # Another version has other keys, and no complaint about these would help.
    if isinstance(whole, dict) and whole.get("version", VERSION) != VERSION:
        raise _WrongValue("of-other-version", value=f"{whole['version']!r:.40}", readable=VERSION)
    form: _Form = _read(_Form, whole, "")
    return form


def _check_together(scoring: Scoring) -> None:
    """Raise _WrongValue where two numbers contradict each other."""
    verdicts = scoring.support.verdicts
    if verdicts.refuted > verdicts.entailed:
        where = f"{_VALUES}.support.verdicts.refuted"
        raise _WrongValue("above-entailed", where=where, value=str(verdicts.refuted), most=str(verdicts.entailed))


def _read(kind: Any, value: Any, where: str, limits: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """Return a JSON value as what it must be; raise _WrongValue where it is something else."""
    if is_dataclass(kind):
        return _read_record(kind, value, where)
    origin = get_origin(kind)
    if origin is tuple:
        if not isinstance(value, list):
            raise _WrongValue("no-list", where=where)
        return tuple(_read(get_args(kind)[0], item, f"{where}[{at}]") for at, item in enumerate(value))
    if origin is not None:
        if not isinstance(value, dict):
            raise _WrongValue("no-object", where=where)
        return {key: _read(get_args(kind)[1], item, f"{where}.{key}") for key, item in value.items()}
    if kind is Any:
        return value
    return _read_plain(kind, value, where, limits)


def _read_record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise _WrongValue("no-object", where=where)
    known = {one.name: one for one in fields(kind)}
    for key in [*known, *value]:
        path = f"{where}.{key}".lstrip(".")
        if key not in known:
            raise _WrongValue("unknown", where=path)
        # A number that came later has a value with which the older ones mean what they meant.
        if key not in value and known[key].default is MISSING:
            raise _WrongValue("missing", where=path)
    hints = get_type_hints(kind)
    read = {
        name: _read(hints[name], value[name], f"{where}.{name}".lstrip("."), one.metadata)
        for name, one in known.items()
        if name in value
    }
    return kind(**read)


def _read_plain(kind: Any, value: Any, where: str, limits: Mapping[str, Any]) -> Any:
    right = {
        str: isinstance(value, str),
        int: isinstance(value, int) and not isinstance(value, bool) and value >= 1,
        float: isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value),
    }
    if not right[kind]:
        raise _WrongValue(_KINDS[kind], where=where, value=f"{value!r:.40}")
    if limits.get("share") and not 0 <= value <= 1:
        raise _WrongValue("share", where=where, value=str(value))
    if limits.get("positive") and value <= 0:
        raise _WrongValue("positive", where=where, value=str(value))
    # Only the numbers that score have limits; the rest of the file tells of data of any size.
    most = {int: MOST_COUNT, float: MOST_NUMBER}.get(kind)
    if most is not None and where.startswith(f"{_VALUES}.") and abs(value) > most:
        raise _WrongValue("too-large", where=where, value=f"{value!r:.40}", most=str(most))
    return kind(value)


def _is_finite(value: float) -> bool:
    """Tell whether a number of JSON is one of this machine, too: a whole number may have any number of digits."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
