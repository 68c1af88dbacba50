"""A stand-in of the Hugging Face hub on 127.0.0.1: its lists, hashes, redirects, ranges, refusals and faults."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git_sha1(content: bytes) -> str:
    """The hash by which git knows a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@dataclass
class HubRepository:
    """A repository. Files of ``large`` types are kept by LFS, which states their SHA-256.

    Attributes:
        files: Contents by path.
        revisions: Names that stand for the commit.
        gated: Whether only a token opens it.
        stated: Hashes that the hub states in the place of the true ones, by path.
        licence: As its card states it.
    """

    files: dict[str, bytes]
    revisions: tuple[str, ...] = ("main", COMMIT)
    gated: bool = False
    stated: dict[str, str] = field(default_factory=dict)
    licence: str = "mit"

    def entry(self, path: str) -> dict[str, Any]:
        content = self.files[path]
        entry: dict[str, Any] = {"type": "file", "path": path, "size": len(content), "oid": git_sha1(content)}
        if self.is_large(path):
            sha256 = self.stated.get(path, hashlib.sha256(content).hexdigest())
            entry["lfs"] = {"oid": sha256, "size": len(content), "pointerSize": 134}
        elif path in self.stated:
            entry["oid"] = self.stated[path]
        return entry

    @staticmethod
    def is_large(path: str) -> bool:
        return path.endswith((".gguf", ".safetensors", ".bin"))


@dataclass
class Request:
    """What was asked: the path, and the headers that matter."""

    path: str
    range: str | None
    token: str | None


class HubServer:
    """The stand-in. Large files are redirected to a storage server, as the real hub does, small ones inside the hub.

    Attributes:
        repositories: By name.
        token: What opens gated repositories.
        storage: Where large files are redirected to; None: to another path of this server.
        break_after: Bytes of a body after which the connection is closed, each time; 0: never.
        pause: Seconds between two pieces of a body.
        ranges: Whether it goes on in the middle of a file.
        silent: Whether it takes connections and says nothing.
        page: Entries on a page of the list of files.
        requests: What was asked.
    """

    def __init__(self) -> None:
        self.repositories: dict[str, HubRepository] = {}
        self.token = "hf_secret"
        self.storage: HubServer | None = None
        self.break_after, self.pause, self.page = 0, 0.0, 1000
        self.ranges, self.silent = True, False
        self.requests: list[Request] = []
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with contextlib.suppress(ConnectionError):  # the client has read enough
                    outer._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def paths(self, part: str = "/resolve/") -> list[str]:
        """The paths that were asked for and have a part in them."""
        return [request.path for request in self.requests if part in request.path]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        headers = handler.headers
        self.requests.append(Request(handler.path, headers.get("Range"), headers.get("Authorization")))
        if self.silent:
            self.released.wait(30)
            return
        path = urlsplit(handler.path).path
        if listed := re.fullmatch(r"/api/models/([^/]+/[^/]+)/(revision|tree)/([^/]+)", path):
            self._list(handler, *listed.groups())
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            self._resolve(handler, *map(unquote, found.groups()))
        elif found := re.fullmatch(r"/blobs/([^/]+/[^/]+)/(.+)", path):
            self._send(handler, self.repositories[found[1]].files[unquote(found[2])])
        else:
            self._refuse(handler, 404, "")

    def _list(self, handler: BaseHTTPRequestHandler, name: str, kind: str, revision: str) -> None:
        repository = self._open(handler, name, unquote(revision))
        if repository is None:
            return
        if kind == "revision":
            siblings = [{"rfilename": path} for path in repository.files]
            card = {"license": repository.licence}
            self._json(handler, {"id": name, "sha": COMMIT, "siblings": siblings, "cardData": card})
            return
        entries = [{"type": "directory", "path": "1_Pooling", "oid": "0" * 40, "size": 0}]
        entries += [repository.entry(path) for path in repository.files]
        cursor = re.search(r"cursor=(\d+)", handler.path)
        start = int(cursor[1]) if cursor else 0
        link = f'<{self.url}{urlsplit(handler.path).path}?recursive=true&cursor={start + self.page}>; rel="next"'
        self._json(handler, entries[start : start + self.page], link if start + self.page < len(entries) else "")

    def _resolve(self, handler: BaseHTTPRequestHandler, name: str, revision: str, path: str) -> None:
        repository = self._open(handler, name, revision)
        if repository is None:
            return
        if path not in repository.files:
            self._refuse(handler, 404, "EntryNotFound")
            return
        storage = (self.storage or self).url if repository.is_large(path) else ""
        handler.send_response(302 if storage else 307)
        handler.send_header("Location", f"{storage}/blobs/{name}/{path}")
        entry = repository.entry(path)
        handler.send_header("X-Linked-ETag", f'"{entry["lfs"]["oid"] if "lfs" in entry else entry["oid"]}"')
        handler.send_header("X-Linked-Size", str(entry["size"]))
        handler.send_header("X-Repo-Commit", COMMIT)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def _open(self, handler: BaseHTTPRequestHandler, name: str, revision: str) -> HubRepository | None:
        repository = self.repositories.get(name)
        if repository is None:
            self._refuse(handler, 401, "RepoNotFound")
        elif repository.gated and handler.headers.get("Authorization") != f"Bearer {self.token}":
            self._refuse(handler, 401, "GatedRepo")
        elif revision not in repository.revisions:
            self._refuse(handler, 404, "RevisionNotFound")
        else:
            return repository
        return None

    def _send(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", "")) if self.ranges else None
        start = int(asked[1]) if asked else 0
        handler.send_response(206 if asked else 200)
        if asked:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        handler.send_header("Content-Length", str(len(content) - start))
        handler.end_headers()
        body = content[start : start + self.break_after] if self.break_after else content[start:]
        step = max(1, len(content) // 8) if self.pause else max(1, len(body))
        for at in range(0, len(body), step):
            handler.wfile.write(body[at : at + step])
            handler.wfile.flush()
            time.sleep(self.pause)
        handler.close_connection = True

    @staticmethod
    def _json(handler: BaseHTTPRequestHandler, value: Any, link: str = "") -> None:
        body = json.dumps(value).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        if link:
            handler.send_header("Link", link)
        handler.end_headers()
        handler.wfile.write(body)

    @staticmethod
    def _refuse(handler: BaseHTTPRequestHandler, status: int, code: str) -> None:
        handler.send_response(status)
        if code:
            handler.send_header("X-Error-Code", code)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
