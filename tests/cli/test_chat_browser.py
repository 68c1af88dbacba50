"""Whether `rag chat` opens a browser: `rag.cli.desktop` and the command's options."""

from __future__ import annotations

import importlib
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.cli import desktop
from rag.hosting.bind_address import BindAddress, local_url_of
from rag.settings import load_settings
from tests.conftest import Command

# The module, not the command that the application imports by the same name.
rag_chat = importlib.import_module("rag.cli.chat")


class _Terminal:
    def __init__(self, is_terminal: bool) -> None:
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize(
    ("platform", "environment", "terminal", "container", "expected"),
    [
        ("linux", {"DISPLAY": ":0"}, True, False, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True, False, True),
        ("linux", {}, True, False, False),
        ("linux", {"DISPLAY": ":0"}, False, False, False),
        ("linux", {"DISPLAY": ":0", "SSH_CONNECTION": "1"}, True, False, False),
        ("linux", {"DISPLAY": ":0", "container": "podman"}, True, False, False),
        ("linux", {"DISPLAY": ":0"}, True, True, False),
        ("darwin", {}, True, False, True),
        ("darwin", {"SSH_TTY": "/dev/pts/1"}, True, False, False),
        ("win32", {}, True, False, True),
        ("win32", {}, False, False, False),
    ],
)
def test_a_desktop_is_a_terminal_with_a_screen(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    platform: str,
    environment: dict[str, str],
    terminal: bool,
    container: bool,
    expected: bool,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "container"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    mark = tmp_path / ".dockerenv"
    if container:
        mark.touch()
    monkeypatch.setattr(desktop, "_CONTAINER_FILES", (str(mark),))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "stdin", _Terminal(terminal))
    monkeypatch.setattr(sys, "stdout", _Terminal(terminal))
    assert desktop.is_desktop() is expected


@pytest.mark.parametrize(("variable", "expected"), [("", False), ("lynx", True)])
def test_a_browser_that_draws_in_the_terminal_is_not_started_unasked(
    monkeypatch: pytest.MonkeyPatch, variable: str, expected: bool
) -> None:
    opened: list[str] = []
    browser = webbrowser.GenericBrowser("lynx")
    monkeypatch.setattr(browser, "open", lambda url: opened.append(url) or True)
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    monkeypatch.setenv("BROWSER", variable)
    assert desktop.open_in_browser("http://127.0.0.1:7860") is expected
    assert opened == ["http://127.0.0.1:7860"] * expected


def test_no_browser_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not desktop.open_in_browser("http://127.0.0.1:7860")


@pytest.mark.parametrize(
    ("options", "setting", "is_desktop", "opens"),
    [
        ([], "", True, True),
        ([], "", False, False),
        (["--no-browser"], "", True, False),
        (["--browser"], "", False, True),
        ([], "false", True, False),
        (["--browser"], "false", False, True),
    ],
)
def test_the_browser_opens_once_the_page_can_be_reached(
    rag: Command,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    setting: str,
    is_desktop: bool,
    opens: bool,
) -> None:
    opened: list[str] = []
    order: list[str] = []

    def serve(index: object, address: object, spec: str, model: object, served: Callable[[], object] | None) -> None:
        order.append("served")
        if served:
            served()

    if setting:
        monkeypatch.setenv("RAG_BROWSER", setting)
    load_settings.cache_clear()
    monkeypatch.setattr("ui.server.app.serve", serve)
    monkeypatch.setattr(rag_chat, "is_desktop", lambda: is_desktop)
    monkeypatch.setattr(rag_chat, "open_in_browser", lambda url: (opened.append(url), order.append("opened")))
    assert rag("chat", "--port", "7999", *options).code == 0
    assert opened == ["http://127.0.0.1:7999"] * opens
    assert order == ["served", *["opened"] * opens]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("box.local", "http://box.local:80"),
    ],
)
def test_the_address_for_a_browser_on_this_machine(host: str, url: str) -> None:
    assert local_url_of(BindAddress(host, 80)) == url
