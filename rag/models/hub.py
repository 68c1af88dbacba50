"""The Hugging Face hub, or the mirror that ``HF_ENDPOINT`` names.

Owns: asking it over plain https what a repository holds, downloading a file and going on in the middle of it, and what
its refusals mean. Knows nothing about which of these files are needed.

The hub's client library is not used here: it deletes a partial file when a download is interrupted (huggingface_hub
2.4, ``_download_to_tmp_and_move``), so that 1.1 GB would begin anew after Ctrl-C, and it refuses a mirror that serves
the files without the hub's own headers.
"""

from __future__ import annotations

import json
import math
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from rag.models.hub_names import DEFAULT_REVISION
from rag.models.offline import hub_switched_off
from rag.models.partial_fetch import PartialFetch, PartialFile, SourceUnavailable
from rag.notices import Notice

if TYPE_CHECKING:
    import httpx

PUBLIC_HUB = "https://huggingface.co"
SILENCE = 3.0
"""Seconds without a sign of life after which the hub is given up. One that is alive and slow is not given up."""
PATIENCE = 15.0
"""Seconds after which a download that has begun and stalls is asked for again, from where it stopped."""
_MEMORY = 10.0
"""Seconds for which a hub that said nothing is not asked again."""

# What a repository says about itself may not be longer; its longest parts are lists of files.
_LONGEST_REPLY = 32 << 20
_MOST_PAGES = 50
# A process that is killed loses at most this much of a download.
_CHECKPOINT_BYTES = 64 << 20
_ABSENT = ("hub-file-absent", "hub-repository-absent")
# When a hub was asked that said nothing, by its address.
_SILENT: dict[str, float] = {}
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository, as the hub lists it.

    Attributes:
        path: Its path in the repository, as the hub states it; it may be hostile.
        size: Its bytes.
        sha256: The hash that the hub states for a large file; "" for a small one.
        git_sha1: The hash by which git knows a small file; "" for a large one.
    """

    path: str
    size: int
    sha256: str
    git_sha1: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository at one commit.

    Attributes:
        commit: The commit that a revision stands for.
        licence: The licence that its authors state, as the hub writes it; "" without one.
        files: All of its files.
    """

    commit: str
    licence: str
    files: tuple[HubFile, ...]


class HubConnection:
    """The hub, asked by one thread at a time; see ``connect_to_hub``."""

    def __init__(self, client: httpx.Client, endpoint: str) -> None:
        """Take over an open client.

        Args:
            client: It follows redirects, and sends the token to no other host than the endpoint's.
            endpoint: The address of the hub, without a slash at its end.
        """
        self._client, self._endpoint = client, endpoint

    def repository(self, name: str, revision: str) -> Repository:
        """Ask what a repository holds.

        Args:
            name: ``owner/repo``.
            revision: A branch, a tag or a commit.

        Returns:
            The repository at the commit that the revision stands for now.

        Raises:
            SourceUnavailable: The hub is silent, has no such repository or revision, or refuses access.
        """
        path = f"{self._endpoint}/api/models/{name}"
        about, _ = self._ask(f"{path}/revision/{quote(revision, safe='')}", name)
        commit = about.get("sha") if isinstance(about, dict) else None
        if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
            raise self._not_understood()
        files: list[HubFile] = []
        url = f"{path}/tree/{commit}?recursive=true"
        for _ in range(_MOST_PAGES):
            entries, following = self._ask(url, name)
            if not isinstance(entries, list):
                raise self._not_understood()
            files += [file for entry in entries if (file := _listed_file(entry))]
            if not following or _origin(following) != _origin(self._endpoint):
                break
            url = following
        return Repository(commit, _licence(about), tuple(files))

    def download(self, file: PartialFile, name: str, revision: str, report: Callable[[], None]) -> None:
        """Download what a file lacks. A connection that breaks is made again, as long as something comes.

        Args:
            file: The file; what it has already is kept where the hub can go on in the middle.
            name: ``owner/repo``.
            revision: The commit, or the branch of a mirror that knows no commits.
            report: Called after each block is written.

        Raises:
            SourceUnavailable: The hub is silent, refuses the file, sends another one, or breaks off for good.
            OSError: The disk is full or cannot be written.
        """
        import httpx

        path = file.expected.path
        url = f"{self._endpoint}/{name}/resolve/{quote(revision, safe='')}/{quote(path)}"
        while file.size < file.expected.size:
            before = file.size
            try:
                with self._client.stream(
                    "GET", url, headers={"Range": f"bytes={before}-"} if before else {}
                ) as response:
                    _check_answer(response, name, path)
                    _check_file(response, file)
                    response.request.extensions["timeout"]["read"] = PATIENCE
                    if response.status_code != httpx.codes.PARTIAL_CONTENT:
                        file.truncate(0)  # the server ignores ranges and sends the whole file
                    file.append(response.iter_bytes(), report)
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError):
                if not file.size:
                    raise SourceUnavailable(Notice("hub-unreachable", {"host": _host(self._endpoint)})) from None
            if file.size <= before:
                raise SourceUnavailable(Notice("hub-broke-off", {"file": path}))

    def _ask(self, url: str, name: str) -> tuple[Any, str]:
        """Return what the hub answers in JSON, and the address of the next page; "" without one."""
        import httpx

        try:
            with self._client.stream("GET", url) as response:
                _check_answer(response, name, "")
                reply = b""
                for block in response.iter_bytes():
                    reply += block
                    if len(reply) > _LONGEST_REPLY:
                        raise ValueError
                return json.loads(reply), response.links.get("next", {}).get("url", "")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if isinstance(error, httpx.TimeoutException):
                _SILENT[self._endpoint] = time.monotonic()
            raise SourceUnavailable(Notice("hub-unreachable", {"host": _host(self._endpoint)})) from None
        except (ValueError, RecursionError):
            raise self._not_understood() from None

    def _not_understood(self) -> SourceUnavailable:
        return SourceUnavailable(Notice("hub-not-understood", {"host": _host(self._endpoint)}))


@contextmanager
def connect_to_hub() -> Iterator[HubConnection]:
    """Connect to the hub of ``HF_ENDPOINT``, with the token of ``HF_TOKEN`` where one is set.

    Yields:
        The connection.

    Raises:
        SourceUnavailable: The hub is switched off by ``HF_HUB_OFFLINE``, or cannot be reached.
    """
    import httpx

    if hub_switched_off():
        raise SourceUnavailable(Notice("hub-switched-off"))
    endpoint = (os.environ.get("HF_ENDPOINT") or PUBLIC_HUB).rstrip("/")
    was_silent = time.monotonic() - _SILENT.get(endpoint, -math.inf) < _MEMORY
    if was_silent or not _answers(endpoint, SILENCE):
        raise SourceUnavailable(Notice("hub-unreachable", {"host": _host(endpoint)}))
    headers = {"User-Agent": "footnote", "Accept-Encoding": "identity"}
    if token := os.environ.get("HF_TOKEN", "").strip():
        # The client takes this header away when it is redirected to another host.
        headers["Authorization"] = f"Bearer {token}"
    try:
        with httpx.Client(headers=headers, follow_redirects=True, timeout=SILENCE) as client:
            yield HubConnection(client, endpoint)
    except (UnicodeEncodeError, httpx.InvalidURL):
        raise SourceUnavailable(Notice("hub-unreachable", {"host": _host(endpoint)})) from None


def fetch_from_hub(fetch: PartialFetch) -> None:
    """Complete the files of a fetch from the upstream repository.

    Args:
        fetch: The fetch; what it has already is kept.

    Raises:
        SourceUnavailable: The hub is switched off, cannot be reached, refuses a file or breaks off.
        OSError: The disk is full or cannot be written.
    """
    weights = fetch.weights
    text = f"fetching {weights.title} from the Hugging Face hub"
    has_other_source = all(file.parts for file in weights.files)
    # A mirror may not know the commit; the hash decides whether its newest file is the right one.
    revisions = list(dict.fromkeys([weights.revision, *([DEFAULT_REVISION] if has_other_source else [])]))

    def after_block() -> None:
        fetch.report(text)
        fetch.checkpoint(_CHECKPOINT_BYTES)

    with connect_to_hub() as hub:
        for file in fetch.files:
            for revision in revisions:
                try:
                    hub.download(file, weights.upstream, revision, after_block)
                    break
                except SourceUnavailable as reason:
                    if reason.notice.code not in _ABSENT or revision == revisions[-1]:
                        raise
                finally:
                    fetch.checkpoint()


def _check_answer(response: httpx.Response, name: str, path: str) -> None:
    """Raise what a refusal of the hub means."""
    if response.is_success:
        return
    status, code = response.status_code, response.headers.get("X-Error-Code", "")
    values = {"name": name, "status": status}
    if code == "GatedRepo" or (status in (401, 403) and code != "RepoNotFound"):
        raise SourceUnavailable(Notice("hub-access-refused", values))
    if code in ("RepoNotFound", "RevisionNotFound") or (status == 404 and not path):
        raise SourceUnavailable(Notice("hub-repository-absent", values))
    if status == 404:
        raise SourceUnavailable(Notice("hub-file-absent", {**values, "file": path}))
    raise SourceUnavailable(Notice("hub-refused", values))


def _check_file(response: httpx.Response, file: PartialFile) -> None:
    """Raise where the headers tell already that another file would come, so that it is not written over this one."""
    stated = [
        hop.headers.get("X-Linked-ETag", "").removeprefix("W/").strip('"') for hop in (*response.history, response)
    ]
    has_other_hash = any(
        _SHA256.fullmatch(etag) and file.expected.sha256 and etag != file.expected.sha256 for etag in stated
    )
    begins, total = _extent(response, file.size)
    if has_other_hash or begins not in (0, file.size) or total not in (None, file.expected.size):
        raise SourceUnavailable(Notice("hub-file-differs", {"file": file.expected.path}))


def _extent(response: httpx.Response, asked: int) -> tuple[int, int | None]:
    """Return at which byte the body of an answer begins, and how many the whole file has, where that is stated."""
    if response.status_code != 206:
        length = response.headers.get("Content-Length", "")
        encoded = response.headers.get("Content-Encoding", "identity") != "identity"
        return 0, int(length) if length.isdecimal() and not encoded else None
    found = re.fullmatch(r"bytes (\d{1,19})-\d{1,19}/(\d{1,19}|\*)", response.headers.get("Content-Range", ""))
    if not found:
        return asked, None
    return int(found[1]), None if found[2] == "*" else int(found[2])


def _listed_file(entry: Any) -> HubFile | None:
    """Read an entry of the hub's list; None for what is no file, or has no hash and size."""
    if not isinstance(entry, dict) or entry.get("type") != "file":
        return None
    lfs = entry.get("lfs")
    lfs = lfs if isinstance(lfs, dict) else {}
    path, size = entry.get("path"), lfs.get("size", entry.get("size"))
    sha256, sha1 = str(lfs.get("oid", "")).removeprefix("sha256:"), str(entry.get("oid", ""))
    if not isinstance(path, str) or not isinstance(size, int) or isinstance(size, bool) or size < 0:
        return None
    if lfs:
        return HubFile(path, size, sha256, "") if _SHA256.fullmatch(sha256) else None
    return HubFile(path, size, "", sha1) if _COMMIT.fullmatch(sha1) else None


def _licence(about: dict[str, Any]) -> str:
    """Return the licence that a repository's card or tags state."""
    card = about.get("cardData")
    stated = card.get("license") if isinstance(card, dict) else None
    tags = about.get("tags")
    texts = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    tagged = [tag.removeprefix("license:") for tag in texts if tag.startswith("license:")]
    licence = stated if isinstance(stated, str) else next(iter(tagged), "")
    return licence if re.fullmatch(r"[\w.+-]{1,60}", licence) else ""


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.rpartition("@")[2]


def _host(endpoint: str) -> str:
    """Return the host of an address, without a name or password in it."""
    return _origin(endpoint)[1] or endpoint.rpartition("@")[2]


def _answers(endpoint: str, patience: float) -> bool:
    """Tell whether the hub, or the proxy in front of it, takes a connection in time.

    Looking up a name and trying several addresses take as long as the system likes; so it is done in a thread that is
    left alone when it takes too long.
    """
    address = _address_to_reach(endpoint)
    if address is None:
        return False
    answered = threading.Event()

    def reach() -> None:
        try:
            socket.create_connection(address, patience).close()
            answered.set()
        except (OSError, UnicodeError):
            pass
        finally:
            ended.set()

    ended = threading.Event()
    threading.Thread(target=reach, name="hub", daemon=True).start()
    ended.wait(patience)
    return answered.is_set()


def _address_to_reach(endpoint: str) -> tuple[str, int] | None:
    """Return host and port of the hub or of the proxy that is asked for it; None for what is no address."""
    try:
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        from urllib.request import getproxies, proxy_bypass

        proxies = getproxies()
        proxy = proxies.get(parts.scheme) or proxies.get("all")
        if proxy and not proxy_bypass(parts.netloc.rpartition("@")[2]):
            parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 1080)
        return (parts.hostname, port) if parts.hostname else None
    except ValueError:
        return None
