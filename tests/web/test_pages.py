"""Pages in an index: fetched, kept, changed, removed: `rag.web.pages`, `rag.web.book`, `rag ingest --web`.

The servers are real ones on this machine; a test names the port that may be connected to in the place of the check.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rag.store.catalog import Catalog
from rag.store.folders import pages_folder
from rag.store.write_lock import write_lock
from rag.web import pages as pages_module
from rag.web.fetching import FetchLimits
from tests.conftest import Command, Opener, consistent, write_files
from tests.fakes import WordEncoder
from tests.test_spans import pdf
from tests.web.servers import Reply, Site, only, site

HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(title: str, words: str, **headers: str) -> Reply:
    text = f"<html><head><title>{title}</title></head><body><nav>Menu</nav><main><p>{words}</p></main></body></html>"
    return Reply(text.encode(), headers={**HTML, **headers})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site of two pages, whose port alone may be connected to on this machine."""
    with site() as opened:
        opened.replies["/bridge"] = page("The bridge", "The bridge is 412 metres long.", ETag='"1"')
        opened.replies["/toll/"] = page("The toll", "The toll is 3 crowns for cars.")

        def limits(settings: Any) -> FetchLimits:
            return FetchLimits(settings.max_file_mb, settings.web_seconds, allowed=only(opened.port))

        monkeypatch.setattr(pages_module, "fetch_limits", limits)
        yield opened


def catalog_paths(home: Path) -> dict[str, Path]:
    with closing(Catalog(home / "default")) as catalog:
        return {record.source: Path(record.path) for record in catalog.source_records()}


def report_of(out: str) -> dict[str, str]:
    return {file["source"]: file["status"] for file in json.loads(out)["files"]}


def folder_of(home: Path) -> Path:
    return pages_folder(home / "default")


# -- off ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--rebuild"]])
def test_nothing_is_fetched_unless_it_is_asked_for(rag: Command, server: Site, arguments: list[str]) -> None:
    ran = rag("ingest", server.url("/bridge"), *arguments)
    assert ran.code == 2
    assert "--web" in ran.err
    assert "RAG_WEB=on" in ran.err
    assert server.asked == []


@pytest.mark.parametrize("option", [(), ("--web",)])
def test_a_password_in_an_address_is_not_printed(rag: Command, option: tuple[str, ...]) -> None:
    for address in ("https://ann:sesame@example.org/", "https://ann:sesame@example.org:22/", "ftp://ann:sesame@b/"):
        ran = rag("ingest", address, *option)
        assert "sesame" not in ran.out + ran.err
        assert "…@" in ran.out + ran.err


@pytest.mark.parametrize("value", ["on", "true", "1"])
def test_the_setting_asks_for_it(rag: Command, server: Site, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("RAG_WEB", value)
    assert rag("ingest", server.url("/bridge")).code == 0
    assert server.targets == ["/bridge"]


def test_without_the_tests_own_check_this_machine_is_not_reached(rag: Command) -> None:
    with site(**{"/": page("T", "Words.")}) as inside:
        ran = rag("ingest", "--web", inside.url(), "--json")
        assert report_of(ran.out) == {inside.url(): "failed"}
        assert "private network" in ran.out
        assert inside.asked == []


def test_the_python_interface_and_the_chat_fetch_nothing(open_again: Opener, server: Site) -> None:
    import rag as package
    from rag.errors import UsageError

    with pytest.raises(UsageError):
        package.ingest(open_again(), [server.url("/bridge")])
    assert server.asked == []


# -- fetched -----------------------------------------------------------------------------------------------------------


def test_a_page_is_a_source(rag: Command, server: Site, home: Path) -> None:
    host = f"127.0.0.1_{server.port}"
    ran = rag("ingest", "--web", server.url("/bridge"), server.url("/toll/#part"))
    assert ran.code == 0
    assert "2 added" in ran.out
    assert f"Fetching {server.url('/bridge')}" in ran.err
    assert "bytes from 127.0.0.1" in ran.err
    shown = rag("show", f"{host}/bridge.html").out
    assert "The bridge is 412 metres long." in shown
    assert "Menu" not in shown
    listed = json.loads(rag("sources", "--json").out)["sources"]
    assert [(one["source"], one["title"], one["address"]) for one in listed] == [
        (f"{host}/bridge.html", "The bridge", server.url("/bridge")),
        (f"{host}/toll/index.html", "The toll", server.url("/toll/")),
    ]
    citation = json.loads(rag("ask", "How long is the bridge?", "--llm", "none", "--json").out)["citations"][0]
    assert citation["source"] == f"{host}/bridge.html"
    assert citation["quote"] == shown[citation["start"] : citation["end"]]
    assert stat.S_IMODE(folder_of(home).stat().st_mode) == 0o700
    assert stat.S_IMODE(folder_of(home).with_suffix(".json").stat().st_mode) == 0o600
    # Whoever looks at the files of the index finds the page as it was sent.
    assert catalog_paths(home)[f"{host}/bridge.html"].read_bytes() == server.replies["/bridge"].body


def test_a_page_is_fetched_again_and_only_what_has_changed_is_read(rag: Command, server: Site) -> None:
    bridge, toll = server.url("/bridge"), server.url("/toll/")
    source = f"127.0.0.1_{server.port}/bridge.html"
    rag("ingest", "--web", bridge, toll)
    again = rag("ingest", "--web", bridge, toll)
    assert "2 unchanged" in again.out
    # One by its tag, which is not sent again; the other by its bytes.
    assert "unchanged since" in again.err
    assert server.asked[2].headers["if-none-match"] == '"1"'
    server.replies["/bridge"] = page("The bridge", "The bridge is 512 metres long.", ETag='"2"')
    assert "1 updated" in rag("ingest", "--web", bridge).out
    assert "512 metres" in rag("show", source).out
    # What the server still holds for unchanged is read where the index lost it.
    rag("remove", source)
    assert "1 added" in rag("ingest", "--web", bridge).out


@pytest.mark.parametrize(
    "reply",
    [Reply(b"", 404), Reply(b"", 410), Reply(b"", 500), Reply(b"", 302, {"Location": "http://10.0.0.1/"}),
     Reply(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, headers={"Content-Type": "text/html"}), Reply(b"", headers=HTML),
     Reply(b"x" * 3_000_000, headers=HTML), Reply(b"short", headers={**HTML, "Content-Length": "900"})],
)  # fmt: skip
def test_what_cannot_be_had_leaves_the_version_before(
    rag: Command, server: Site, home: Path, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    monkeypatch.setenv("RAG_MAX_FILE_MB", "2")
    source = f"127.0.0.1_{server.port}/bridge.html"
    rag("ingest", "--web", server.url("/bridge"))
    before = catalog_paths(home)[source].read_bytes()
    server.replies["/bridge"] = reply
    ran = rag("ingest", "--web", server.url("/bridge"), server.url("/toll/"), "--json")
    assert ran.code == 0
    files = {file["source"]: file for file in json.loads(ran.out)["files"]}
    assert files[source]["status"] in ("failed", "skipped")
    assert files[source]["reason"].endswith("the version read before is kept")
    assert files[f"127.0.0.1_{server.port}/toll/index.html"]["status"] == "added"
    assert catalog_paths(home)[source].read_bytes() == before
    assert "412 metres" in rag("show", source).out
    assert "412 metres" in rag("ask", "How long is the bridge?", "--llm", "none").out
    server.replies["/bridge"] = page("The bridge", "The bridge is 512 metres long.")
    assert "1 updated" in rag("ingest", "--web", server.url("/bridge")).out


def test_what_never_was_a_page_leaves_no_trace(rag: Command, server: Site, home: Path) -> None:
    server.replies["/picture"] = Reply(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, headers={"Content-Type": "image/png"})
    server.replies["/paper.pdf"] = page("Sign in", "Please sign in to read the paper.")
    ran = rag("ingest", "--web", server.url("/picture"), server.url("/paper.pdf"), server.url("/none"), "--json")
    assert set(report_of(ran.out).values()) <= {"failed", "skipped"}
    assert len(report_of(ran.out)) == 3
    assert "file:" not in ran.out
    assert [path for path in folder_of(home).rglob("*") if path.is_file()] == []
    assert not (home / "default").exists()


def test_pdf_csv_and_text_are_read_as_what_they_are(rag: Command, server: Site, tmp_path: Path) -> None:
    host = f"127.0.0.1_{server.port}"
    server.replies["/paper?id=3"] = Reply(
        pdf(["The pylon is 90 metres high."]), headers={"Content-Type": "application/pdf"}
    )
    server.replies["/table"] = Reply(b"City,Staff\nBergen,45\nOslo,70\n", headers={"Content-Type": "text/csv"})
    server.replies["/plain"] = Reply(
        "Żółw żyje.".encode("iso-8859-2"), headers={"Content-Type": "text/plain; charset=iso-8859-2"}
    )
    ran = rag("ingest", "--web", *(server.url(target) for target in ("/paper?id=3", "/table", "/plain")), "--json")
    assert report_of(ran.out) == {
        f"{host}/paper_id=3.pdf": "added",
        f"{host}/table.csv": "added",
        f"{host}/plain.txt": "added",
    }
    assert "pylon is 90 metres" in rag("show", f"{host}/paper_id=3.pdf").out
    assert "City: Bergen; Staff: 45" in rag("show", f"{host}/table.csv").out
    assert "Żółw żyje." in rag("show", f"{host}/plain.txt").out


def test_a_redirect_and_its_target_are_one_source(rag: Command, server: Site) -> None:
    server.replies["/old"] = Reply(b"", 301, {"Location": "/bridge"})
    ran = rag("ingest", "--web", server.url("/old"), server.url("/bridge"), "--json")
    assert list(report_of(ran.out)) == [f"127.0.0.1_{server.port}/old.html"]


def test_the_spellings_of_one_address_are_one_request(rag: Command, server: Site) -> None:
    spellings = [server.url("/bridge"), server.url("/bridge#toll"), f"HTTP://127.0.0.1:{server.port}/bridge"]
    ran = rag("ingest", "--web", *spellings, "--json")
    assert list(report_of(ran.out).values()) == ["added"]
    assert server.targets.count("/bridge") == 1


def test_two_addresses_of_one_name_are_two_sources(rag: Command, server: Site) -> None:
    host = f"127.0.0.1_{server.port}"
    server.replies["/bridge.html"] = page("Other", "The other page says 99.")
    ran = rag("ingest", "--web", server.url("/bridge"), server.url("/bridge.html"), "--json")
    assert report_of(ran.out) == {f"{host}/bridge.html": "added", f"{host}/bridge (2).html": "added"}
    again = rag("ingest", "--web", server.url("/bridge.html"), server.url("/bridge"), "--json")
    assert set(report_of(again.out).values()) == {"unchanged"}
    assert "says 99" in rag("show", f"{host}/bridge (2).html").out


def test_a_list_of_addresses(rag: Command, server: Site, tmp_path: Path) -> None:
    listed = tmp_path / "addresses.txt"
    listed.write_text(f"\ufeff# pages\n{server.url('/bridge')}\n\n  {server.url('/toll/')}\n", "utf-8")
    assert "2 added" in rag("ingest", "--web", "--web-list", listed).out
    # As an argument it is a text like any other.
    assert rag("ingest", listed).code == 0
    assert len(server.asked) == 2
    for wrong in (tmp_path / "none.txt", tmp_path):
        ran = rag("ingest", "--web", "--web-list", wrong)
        assert (ran.code, "list of addresses" in ran.err) == (2, True)
    listed.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in rag("ingest", "--web", "--web-list", listed).err


# -- beside files ------------------------------------------------------------------------------------------------------


def test_files_and_pages_leave_each_other_alone(rag: Command, server: Site, library: Path, home: Path) -> None:
    source = f"127.0.0.1_{server.port}/bridge.html"
    assert rag("ingest", library, "--web", server.url("/bridge")).code == 0
    sources = set(catalog_paths(home))
    assert {source, "bridge.md"} < sources
    (library / "weather.txt").unlink()
    assert "1 removed" in rag("ingest", library).out
    assert set(catalog_paths(home)) == sources - {"weather.txt"}
    # The folder of the page is Footnote's own: no walk of a folder above it takes or removes anything.
    rag("ingest", "--web", server.url("/toll/"))
    rag("ingest", home.parent)
    assert {source, f"127.0.0.1_{server.port}/toll/index.html"} < set(catalog_paths(home))
    # A file of the same name is another source.
    write_files(library, {source: "<p>The file says 77.</p>"})
    rag("ingest", library)
    assert "412 metres" in rag("show", source).out
    assert "says 77" in rag("show", f"library/{source}").out


def test_rebuild_doctor_convert_and_purge_keep_pages(
    rag: Command, server: Site, library: Path, home: Path, open_again: Opener, encoder: WordEncoder
) -> None:
    source, toll = (f"127.0.0.1_{server.port}/{name}.html" for name in ("bridge", "toll/index"))
    rag("ingest", library, "--web", server.url("/bridge"), server.url("/toll/"))
    before = set(catalog_paths(home))
    asked = len(server.asked)
    rebuilt = rag("ingest", "--rebuild")
    assert rebuilt.code == 0
    assert set(catalog_paths(home)) == before
    assert rag("doctor").code == 0
    # A page that is removed is gone with its copy, and no rebuild brings it back.
    copy = catalog_paths(home)[toll]
    assert f"removed {toll}" in rag("remove", toll).out
    assert not copy.exists()
    assert "toll" not in folder_of(home).with_suffix(".json").read_text()
    rag("ingest", "--rebuild")
    assert set(catalog_paths(home)) == before - {toll}
    assert rag("purge").code == 0
    assert catalog_paths(home)[source].is_file()
    # One that was removed as the chat does, which keeps the file to bring it back, goes with the purge.
    copy = catalog_paths(home)[source]
    with open_again(create=False) as opened:
        opened.catalog.remove([source], keep_as="removal")
    assert copy.exists()
    assert json.loads(rag("purge", "--json").out)["files"] == 1
    assert not copy.exists()
    assert len(server.asked) == asked
    with open_again(create=False) as opened:
        assert consistent(opened) == []


def test_a_rebuild_takes_new_pages_in(rag: Command, server: Site, home: Path) -> None:
    rag("ingest", "--web", server.url("/bridge"))
    assert rag("ingest", "--rebuild", "--web", server.url("/toll/")).code == 0
    assert len(catalog_paths(home)) == 2


def test_a_damaged_book_costs_a_request_and_nothing_else(rag: Command, server: Site, home: Path) -> None:
    rag("ingest", "--web", server.url("/bridge"))
    book = folder_of(home).with_suffix(".json")
    for damage in ("", "{", '{"pages": 3}', '{"pages": [{"name": "../../evil"}]}', "[" * 100_000):
        book.write_text(damage)
        assert "1 unchanged" in rag("ingest", "--web", server.url("/bridge")).out
        assert len(catalog_paths(home)) == 1
    entry = json.loads(book.read_text())["pages"][0]
    outside = home.parent / "outside.txt"
    outside.write_text("mine")
    book.write_text(json.dumps({"version": 1, "pages": [{**entry, "name": "../../../../outside.txt"}]}))
    rag("ingest", "--web", server.url("/bridge"))
    assert outside.read_text() == "mine"


def test_two_processes_do_not_fetch_into_one_index(rag: Command, server: Site, home: Path) -> None:
    rag("ingest", "--web", server.url("/bridge"))
    with write_lock(folder_of(home).parent):
        ran = rag("ingest", "--web", server.url("/bridge"))
    assert (ran.code, len(server.asked)) == (2, 1)
    assert "default" in ran.err


def test_an_interruption_keeps_what_was_fetched(rag: Command, server: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = pages_module.Fetcher.fetch

    def stopped(fetcher: Any, address: Any, known: Any = None) -> Any:
        if address.target == "/toll/":
            raise KeyboardInterrupt
        return real(fetcher, address, known)

    monkeypatch.setattr(pages_module.Fetcher, "fetch", stopped)
    assert rag("ingest", "--web", server.url("/bridge"), server.url("/toll/")).code == 130
    monkeypatch.setattr(pages_module.Fetcher, "fetch", real)
    again = rag("ingest", "--web", server.url("/bridge"))
    assert "1 added" in again.out
    assert server.asked[-1].headers["if-none-match"] == '"1"'


def test_pages_that_cannot_be_stored(rag: Command, server: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pages_module.tempfile, "mkstemp", full)
    ran = rag("ingest", "--web", server.url("/bridge"))
    assert "cannot be stored: no space left on device" in ran.out


def test_a_proxy_that_is_configured_is_named(rag: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with site() as proxy:
        proxy.replies["http://outside.example/a"] = page("Outside", "The pier is 30 metres long.")
        monkeypatch.setenv("RAG_WEB_PROXY", f"http://ann:sesame@127.0.0.1:{proxy.port}")
        ran = rag("ingest", "--web", "http://outside.example/a")
        assert f"through the proxy 127.0.0.1:{proxy.port}, which looks up names itself" in ran.err
        assert "1 added" in ran.out
        assert "sesame" not in ran.out + ran.err
        monkeypatch.setenv("RAG_WEB_PROXY", "proxy")
        assert "RAG_WEB_PROXY is no proxy" in rag("ingest", "--web", "http://outside.example/a").err
