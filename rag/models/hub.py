"""Model weights from the Hugging Face hub, or the mirror that ``HF_ENDPOINT`` names.

Owns: downloading a file over plain https and going on in the middle of it. Knows nothing about which weights there are.

The hub's client library is not used here: it deletes a partial file when a download is interrupted (huggingface_hub
2.4, ``_download_to_tmp_and_move``), so that 1.1 GB would begin anew after Ctrl-C, and it refuses a mirror that serves
the files without the hub's own headers.
"""

from __future__ import annotations

import os
from pathlib import Path

from rag.errors import ModelError
from rag.models.offline import hub_switched_off
from rag.models.partial_fetch import BLOCK_BYTES, PartialFetch, SourceUnavailable
from rag.notices import Notice


def fetch_from_hub(fetch: PartialFetch) -> None:
    """Complete the files of a fetch from the upstream repository.

    Args:
        fetch: The fetch; what it has already is kept.

    Raises:
        SourceUnavailable: The hub is switched off, cannot be reached, refuses a file or breaks off.
    """
    import httpx

    if hub_switched_off():
        raise SourceUnavailable(Notice("hub-switched-off"))
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    text = f"fetching {fetch.weights.title} from the Hugging Face hub"
    try:
        with httpx.Client(follow_redirects=True, timeout=httpx.Timeout(60, connect=5)) as client:
            for file in fetch.files:
                if file.size == file.expected.size:
                    continue
                url = f"{endpoint}/{fetch.weights.upstream}/resolve/main/{file.expected.path}"
                headers = {"Range": f"bytes={file.size}-"} if file.size else {}
                with client.stream("GET", url, headers=headers) as response:
                    response.raise_for_status()
                    if response.status_code != httpx.codes.PARTIAL_CONTENT:
                        file.truncate(0)  # the server ignores ranges and sends the whole file
                    try:
                        file.append(response.iter_bytes(BLOCK_BYTES), lambda: fetch.report(text))
                    finally:
                        fetch.checkpoint()
                if file.size != file.expected.size:
                    raise SourceUnavailable(Notice("hub-broke-off", {"file": file.expected.path}))
    except httpx.HTTPStatusError as error:
        raise SourceUnavailable(Notice("hub-refused", {"status": error.response.status_code})) from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise SourceUnavailable(Notice("hub-unreachable")) from None


def fetch_hub_model(name: str) -> Path:
    """Return the folder of a Hugging Face model, fetching it when this machine's cache does not have it.

    Args:
        name: The name on Hugging Face, ``owner/model``.

    Returns:
        Its folder in the cache of the hub's client library.

    Raises:
        ModelError: It is not on this machine and cannot be fetched.
    """
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        pass
    try:
        return Path(snapshot_download(name))
    except Exception as error:  # the hub's client raises many types, and all mean that the model cannot be had
        raise ModelError(Notice("hub-model-unavailable", {"name": name, "cause": type(error).__name__})) from error
