"""Look after the weights of the models in use: whether their bits are those that were fetched.

Owns: which weights the settings use, and a line for each of them. Knows nothing about indexes.
"""

from __future__ import annotations

from pathlib import Path

from rag.errors import RagError
from rag.models.hub_names import PREFIX
from rag.models.llm.local_service import DEFAULT_MODEL
from rag.models.onnx_export import altered_exports, discard_export
from rag.models.weight_check import damage_of, weights_of_encoder
from rag.models.weights import TABLE, path_of
from rag.settings import Settings
from rag.store.doctor import CheckResult


def check_weights(settings: Settings, fix: bool) -> list[CheckResult]:
    """Compare the weights that the settings use with the hashes they were fetched by. Reads whole files.

    Args:
        settings: Name the models and their folder.
        fix: Whether to throw away what a damaged file was turned into for a faster run; it is made anew when needed.

    Returns:
        A line for each model of the table or of a hub that is on this machine.
    """
    return [result for name in weights_in_use(settings) for result in _check_weights(name, settings, fix)]


def _check_weights(name: str, settings: Settings, fix: bool) -> list[CheckResult]:
    results = []
    if damage := damage_of(name, settings.models):
        results.append(CheckResult(ok=False, mended=False, text=str(damage)))
    folder = path_of(name, settings.models)
    altered = altered_exports(folder) if folder and folder.is_dir() else []
    for precision in altered:
        text = f"what {name} computes with in {precision} has changed since it was made (its SHA-256 differs)"
        if fix and folder:
            discard_export(folder, precision)
        results.append(CheckResult(ok=False, mended=fix, text=text if fix else f"{text}; mend with: rag doctor --fix"))
    return results or [CheckResult(ok=True, mended=False, text=f"the files of {name} are as they were fetched")]


def weights_in_use(settings: Settings) -> list[str]:
    """Return the names of the fetched weights that the settings use.

    Args:
        settings: Name the models and their folder.

    Returns:
        Names of the table, or ``hf:…``. Models of services, of folders of the user's and absent ones are left out.
    """
    llm = DEFAULT_MODEL if settings.llm == "local" else settings.llm.removeprefix("local:")
    named = [
        weights_of_encoder(settings.embedding_model, settings.models),
        llm.lower() if llm.lower() in TABLE else llm,
    ]
    named += [spec[spec.find(PREFIX) :] for spec in (settings.reranker, settings.checker) if PREFIX in spec]
    return [name for name in dict.fromkeys(named) if _is_present(name, settings.models)]


def _is_present(name: str, folder: Path) -> bool:
    try:
        return (name in TABLE or name.startswith(PREFIX)) and path_of(name, folder) is not None
    except RagError:
        return False
