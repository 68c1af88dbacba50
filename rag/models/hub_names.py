"""The names of models on the Hugging Face hub: ``hf:OWNER/REPO[/FILE.gguf][@REVISION]``. Pure.

Owns: how such a name is read and written, and which folder a model of the hub gets. Knows nothing about what a
repository holds.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from rag.errors import UsageError
from rag.notices import Notice

PREFIX = "hf:"
# What follows `hf:` for a language model, and for any other.
GGUF_FORM = "hf:OWNER/REPO/FILE.gguf[@REVISION]"
MODEL_FORM = "hf:OWNER/MODEL[@REVISION]"
DEFAULT_REVISION = "main"

# What may stand before a cross-encoder in the setting of the checker.
_CROSS_ENCODER = "cross-encoder:"

_LONGEST_NAME = 500
_OWNER_OR_REPO = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}")
# Letters of any language, digits, and what else file names on the hub have; no backslash, colon or control character.
_PATH_PART = re.compile(r"[^\W_][\w .,+=()@~-]{0,199}|_[\w .,+=()@~-]{0,199}")


@dataclass(frozen=True, slots=True)
class HubName:
    """A model on the hub.

    Attributes:
        repository: ``owner/repo``.
        file: The GGUF file in it; "" for a model that is the repository itself.
        revision: A branch, a tag or a commit.
    """

    repository: str
    file: str = ""
    revision: str = DEFAULT_REVISION

    @property
    def spec(self) -> str:
        """The name as users write it, without a revision where it is the default one."""
        file = f"/{self.file}" if self.file else ""
        revision = f"@{self.revision}" if self.revision != DEFAULT_REVISION else ""
        return f"{PREFIX}{self.repository}{file}{revision}"

    @property
    def title(self) -> str:
        """The name of the model alone."""
        return (self.file or self.repository).rpartition("/")[2].removesuffix(".gguf")

    @property
    def folder(self) -> str:
        """The name of the folder that is its own: no other spec has the same one."""
        owner, _, repository = self.repository.partition("/")
        stem = [re.sub(r"[^A-Za-z0-9_.-]", "-", self.title)[:80]] if self.file else []
        mark = hashlib.sha256(self.spec.encode()).hexdigest()[:8]
        return "--".join(["hf", owner[:40], repository[:80], *stem, mark])


def read_hub_name(spec: str) -> HubName:
    """Read the name of a model on the hub.

    Args:
        spec: ``hf:OWNER/REPO``, with ``/FILE.gguf`` for a language model and ``@REVISION`` where it is not the newest;
            the prefix may be left out.

    Returns:
        The name.

    Raises:
        UsageError: It has another form.
    """
    found = _parse(spec.strip().removeprefix(PREFIX)) if len(spec) <= _LONGEST_NAME else None
    if found is None:
        raise UsageError(
            Notice("hub-name-wrong", {"name": spec[:_LONGEST_NAME], "gguf": GGUF_FORM, "model": MODEL_FORM})
        )
    return found


def is_safe_path(path: str) -> bool:
    """Tell whether the path of a file in a repository stays in the folder that it is joined to, on every system."""
    parts = path.split("/")
    return len(path) <= _LONGEST_NAME and all(
        _PATH_PART.fullmatch(part) and not part.endswith((".", " ")) and not _is_device(part) for part in parts
    )


def _is_device(part: str) -> bool:
    """Tell whether Windows takes the name of a file for a device, such as ``nul.json``."""
    return bool(re.fullmatch(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)", part.partition(".")[0]))


def _parse(text: str) -> HubName | None:
    text, _, revision = text.partition("@") if "@" in text else (text, "", DEFAULT_REVISION)
    owner, _, rest = text.partition("/")
    repository, _, file = rest.partition("/")
    is_whole = all(_OWNER_OR_REPO.fullmatch(part) and ".." not in part for part in (owner, repository))
    if not is_whole or not _REVISION.fullmatch(revision) or ".." in revision or "//" in revision:
        return None
    if (rest.endswith("/") and not file) or (file and not (file.lower().endswith(".gguf") and is_safe_path(file))):
        return None
    return HubName(f"{owner}/{repository}", file, revision)


def hub_cross_encoders(reranker: str, checker: str) -> list[str]:
    """Return the cross-encoders of the hub that settings name.

    Args:
        reranker: The setting of the reranker.
        checker: The setting of the checker.

    Returns:
        Their names, each as ``hf:…``.
    """
    return [spec for spec in (reranker, checker.removeprefix(_CROSS_ENCODER)) if spec.startswith(PREFIX)]
