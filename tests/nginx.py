"""The proxy of ``compose.cluster.yaml`` on this machine: nginx with the file that it has there, before other ports."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.loopback import free_port, status_of, wait_until

_AROUND = """\
daemon off; master_process on; worker_processes 2; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/default.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """The running proxy: the addresses of the chats and of the services, and its log of calls."""

    chats: str
    services: str
    log: Path


@contextmanager
def nginx(folder: Path, chats: Sequence[int], services: Sequence[int]) -> Iterator[Proxy]:
    """Run nginx with ``compose.cluster.nginx.conf`` before two chats and two services.

    Args:
        folder: An empty folder for its files.
        chats: The ports of the chats.
        services: Those of the services.

    Yields:
        The proxy, which can be reached.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        if "CI" in os.environ:
            pytest.fail("nginx is not installed; in continuous integration it must be")
        pytest.skip("nginx is not installed")
    ports = free_port(), free_port()
    text = (ROOT / "compose.cluster.nginx.conf").read_text(encoding="utf-8")
    changes = {"listen 7860;": f"listen 127.0.0.1:{ports[0]};", "listen 8080;": f"listen 127.0.0.1:{ports[1]};"}
    changes |= {f"chat-{n}:7860": f"127.0.0.1:{port}" for n, port in enumerate(chats, 1)}
    changes |= {f"service-{n}:8080": f"127.0.0.1:{port}" for n, port in enumerate(services, 1)}
    changes["/var/log/nginx/access.log"] = f"{folder}/access.log"
    for before, after in changes.items():
        assert before in text, f"compose.cluster.nginx.conf has no {before}"
        text = text.replace(before, after)
    (folder / "default.conf").write_text(text, encoding="utf-8")
    # A worker of the superuser's would give up its rights, and with them those to the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user), encoding="utf-8")
    # Outside a container the name of the file that the program was built for is told on standard error.
    process = subprocess.Popen([program, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        wait_until(lambda: process.poll() is not None or status_of(f"http://127.0.0.1:{ports[0]}/") != 0)
        assert process.poll() is None, (folder / "error.log").read_text()
        yield Proxy(f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}", folder / "access.log")
    finally:
        process.terminate()
        process.wait(60)
