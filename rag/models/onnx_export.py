"""Export an embedding model for ONNX Runtime, once, beside its weights.

Owns: which models can be exported, the exports in each precision, the check of each against the original, and the
record that tells a good export from a stale or a broken one. Knows nothing about how vectors are computed from it
(``onnx_engine``), or how a model is brought to eight bits (``onnx_int8``).

An export lies in a hidden folder of the model's folder, ``.onnx`` or ``.onnx-int8``: ``model.onnx``, and
``record.json``, which is written last. A model that cannot be exported has a record that says so, and runs with torch.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from rag.atomic_file import write_atomically
from rag.models.hashing import sha256_of
from rag.models.onnx_int8 import quantize
from rag.precision import FP32, INT8, Precision

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

EXPORT_FOLDER, MODEL_FILE, _RECORD_FILE = ".onnx", "model.onnx", "record.json"
_FOLDERS: dict[Precision, str] = {FP32: EXPORT_FOLDER, INT8: ".onnx-int8"}
# Raise it whenever an export would come out otherwise.
_FORMAT = 1
_OPSET = 17
# A protobuf file holds two gigabytes at most.
_MOST_WEIGHTS_BYTES = 1_900_000_000
# How near the vectors of an export must be to those of the original, as a cosine.
_LEAST_COSINE: dict[Precision, float] = {FP32: 0.9999, INT8: 0.98}
_PROBES = (
    "How long is the bridge?",
    "The ferry carries 28 cars, and it leaves at 7.40 every morning but Sundays.",
    "Öl",
    "Der Vertrag endet am 31. Dezember 2024; er verlängert sich um ein Jahr, wenn ihn niemand kündigt.",
    "Выставка открыта до конца марта.",
    "博物馆每周一闭馆。",
    "Net sales; 2024: 14,514; 2023: 13,383",
    " ".join(f"Room {number} has a window and a door." for number in range(60)),
)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pooling:
    """How the vector of a text is made of those of its tokens: their mean, or that of the first.

    ``pad_id`` is the token that fills short texts of a batch.
    """

    mode: Literal["mean", "cls"]
    pad_id: int


def pooling_of(folder: Path) -> Pooling | None:
    """Return the pooling of a sentence-transformers model; None for a model of other parts than an export has."""
    modules = _read_json(folder / "modules.json")
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        return None
    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    config = _read_json(folder / str(modules[1].get("path", "")) / "config.json")
    model = _read_json(folder / "config.json")
    if not isinstance(config, dict) or not isinstance(model, dict) or config.get("include_prompt") is False:
        return None
    modes = {name.removeprefix("pooling_mode_") for name, on in config.items() if on is True and "_mode_" in name}
    modes |= {str(config["pooling_mode"])} if "pooling_mode" in config else set()
    pad_id = model.get("pad_token_id")
    pad_id = pad_id if isinstance(pad_id, int) else 0
    if modes in ({"mean_tokens"}, {"mean"}):
        return Pooling("mean", pad_id)
    return Pooling("cls", pad_id) if modes in ({"cls_token"}, {"cls"}) else None


def existing_export(folder: Path, fingerprint: str, precision: Precision = FP32) -> Path | None:
    """Return the folder of the export of a model, where there is a good one.

    Args:
        folder: The folder of the model.
        fingerprint: That of the model's weights and files.
        precision: That of the export.

    Returns:
        The folder, or None.
    """
    record = _record(folder, fingerprint, precision)
    exported = folder / _FOLDERS[precision]
    return exported if record.get("is_good") is True and (exported / MODEL_FILE).is_file() else None


def can_export(folder: Path, fingerprint: str, precision: Precision = FP32) -> bool:
    """Tell whether an export of a model may be tried.

    Args:
        folder: The folder of the model.
        fingerprint: That of the model's weights and files.
        precision: That of the export.

    Returns:
        True where it is of parts that are known, and no earlier try failed.
    """
    weights = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    tried = _record(folder, fingerprint, precision).get("is_good") is False
    return not tried and 0 < weights <= _MOST_WEIGHTS_BYTES and pooling_of(folder) is not None


def altered_exports(folder: Path) -> list[Precision]:
    """Return the exports of a model whose bits have changed since they were made; those of unknown hash are left out.

    Args:
        folder: The folder of the model.

    Returns:
        Their precisions.
    """
    altered = []
    for precision, name in _FOLDERS.items():
        record, path = _read_json(folder / name / _RECORD_FILE), folder / name / MODEL_FILE
        sha256 = record.get("sha256") if isinstance(record, dict) else ""
        if sha256 and path.is_file() and sha256_of(path) != sha256:
            altered.append(precision)
    return altered


def discard_export(folder: Path, precision: Precision = FP32) -> None:
    """Take away an export that cannot be read; the next use makes another.

    Args:
        folder: The folder of the model.
        precision: That of the export.
    """
    with suppress(OSError):
        shutil.rmtree(folder / _FOLDERS[precision])


def export(
    folder: Path, fingerprint: str, model: SentenceTransformer, vectors_of: Callable[[Path], Callable[[list[str]], Any]]
) -> Path | None:
    """Export a model and check the export; what is wrong with it is recorded, so that it is not tried again.

    Args:
        folder: The folder of the model; the export is kept in it.
        fingerprint: That of the model's weights and files.
        model: The model.
        vectors_of: Opens an export and returns what gives a vector for each text, to compare them.

    Returns:
        The folder of the export; None where it could not be made, or gives other vectors than the model.
    """
    return _make(
        folder,
        fingerprint,
        FP32,
        lambda path: _write_model(model, path),
        lambda probes: model.encode(probes, prompt="", show_progress_bar=False),
        vectors_of,
    )


def export_in_eight_bits(
    folder: Path, fingerprint: str, exported: Path, vectors_of: Callable[[Path], Callable[[list[str]], Any]]
) -> Path | None:
    """Make of an export one that computes in eight bits, and check it, as ``export`` does.

    Args:
        folder: The folder of the model; the new export is kept in it.
        fingerprint: That of the model's weights and files.
        exported: The folder of the export of full precision.
        vectors_of: As for ``export``.

    Returns:
        The folder of the new export; None where it could not be made, or its vectors are too far from the others.
    """
    return _make(
        folder,
        fingerprint,
        INT8,
        lambda path: quantize(exported / MODEL_FILE, path),
        lambda probes: vectors_of(exported)(probes),
        vectors_of,
    )


def _make(
    folder: Path,
    fingerprint: str,
    precision: Precision,
    write: Callable[[Path], None],
    original: Callable[[list[str]], Any],
    vectors_of: Callable[[Path], Callable[[list[str]], Any]],
) -> Path | None:
    """Write a model, compare its vectors with the original's, and keep it and what was found. Two processes may."""
    started = time.perf_counter()
    exported = folder / _FOLDERS[precision]
    told = {"model": str(folder), "precision": precision}
    try:
        exported.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="making-", dir=exported) as made:
            path = Path(made) / MODEL_FILE
            write(path)
            cosine = _least_cosine(original(list(_PROBES)), vectors_of(Path(made)))
            is_good = cosine >= _LEAST_COSINE[precision]
            if is_good:
                sha256 = sha256_of(path)
                shutil.move(path, exported / MODEL_FILE)
        _write_record(folder, fingerprint, precision, is_good, f"cosine {cosine:.6f}", sha256 if is_good else "")
    except OSError as error:
        # A full disk, or a folder that is only read: nothing is recorded, and what there was before computes.
        _LOG.info("embedding model not exported", extra={**told, "cause": type(error).__name__})
        return None
    except Exception as error:  # exporters raise nearly anything for a model that they do not know
        _LOG.info("embedding model not exported", extra={**told, "cause": type(error).__name__})
        _write_record(folder, fingerprint, precision, False, type(error).__name__)
        return None
    _LOG.info(
        "embedding model exported",
        extra={**told, "cosine": round(cosine, 6), "seconds": round(time.perf_counter() - started, 3)},
    )
    return exported if is_good else None


def _write_model(model: SentenceTransformer, path: Path) -> None:
    import torch

    transformer: Any = model[0]
    network = transformer.auto_model
    takes_types = "token_type_ids" in transformer.tokenizer.model_input_names
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if takes_types else [])]

    class Tokens(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, *values: Any) -> Any:
            return self.network(**dict(zip(names, values, strict=True))).last_hidden_state

    was = network.config._attn_implementation
    network.set_attn_implementation("eager")
    example = torch.ones(2, 8, dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Tokens().eval(),
                tuple(example if name != "token_type_ids" else torch.zeros_like(example) for name in names),
                str(path),
                input_names=names,
                output_names=["tokens"],
                dynamic_axes=dict.fromkeys((*names, "tokens"), axes),
                opset_version=_OPSET,
                dynamo=False,
            )
    finally:
        network.set_attn_implementation(was)


def _least_cosine(wanted: Any, vectors_of: Callable[[list[str]], Any]) -> float:
    """Return the least cosine of an export's vectors with those of the original, each text alone and all together."""
    together = vectors_of(list(_PROBES))
    alone = np.concatenate([vectors_of([probe]) for probe in _PROBES])
    unit = wanted / np.linalg.norm(wanted, axis=1, keepdims=True)
    found = [vectors / np.linalg.norm(vectors, axis=1, keepdims=True) for vectors in (together, alone)]
    least = float(min((unit * vectors).sum(axis=1).min() for vectors in found))
    return least if np.isfinite(least) else 0.0


def _record(folder: Path, fingerprint: str, precision: Precision) -> dict[str, Any]:
    """Return what is recorded of an export of these weights; empty where there is none."""
    record = _read_json(folder / _FOLDERS[precision] / _RECORD_FILE)
    if not isinstance(record, dict) or (record.get("fingerprint"), record.get("format")) != (fingerprint, _FORMAT):
        return {}
    return record


def _write_record(
    folder: Path, fingerprint: str, precision: Precision, is_good: bool, why: str, sha256: str = ""
) -> None:
    record = {"format": _FORMAT, "fingerprint": fingerprint, "is_good": is_good, "why": why, "sha256": sha256}
    write_atomically(folder / _FOLDERS[precision] / _RECORD_FILE, json.dumps(record))


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
