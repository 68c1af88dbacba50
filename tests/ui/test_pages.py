"""The routes on the pages of a PDF and on the file of a document: what they give, and what hostile pages cost."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from rag.answering.pipeline import answer
from rag.hosting.bind_address import BindAddress
from rag.ingestion.pipeline import ingest, remove
from rag.load.page_lane import PageLimits, PageTooSlow
from rag.settings import Settings
from rag.store.index import Index, open_index
from tests.conftest import write_files
from tests.fakes import WordEncoder
from tests.load.broken_files import pdf
from tests.load.hostile_pdfs import glassy_pdf, patterned_pdf
from tests.ui.test_source_view import report
from ui.server.app import make_app, make_service
from ui.server.responses import attachment
from ui.server.routes import pages as routes
from ui.service import page_reader as reading
from ui.service.page_reader import PageFile, PageReader, drawn
from ui.views import source as source_views

NAME = 'the "toll" of Größe; x=1.pdf'


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[PageReader]:
    """A reader whose pages have much time; it stands in for that of the process."""
    made = PageReader(PageLimits(seconds=300))
    for module in (routes, source_views, reading):
        monkeypatch.setattr(module, "page_reader", lambda: made)
    monkeypatch.setattr("ui.views.source_page.page_reader", lambda: made)
    yield made
    made.close()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    write_files(folder, {"notes.html": "<p>The <b>keeper</b> sleeps.</p><script>alert(1)</script>\n" * 3})
    (folder / NAME).write_bytes(report())
    (folder / "glass.pdf").write_bytes(glassy_pdf("The glass page shows the moon."))
    return folder


@pytest.fixture
def index(tmp_path: Path, library: Path) -> Iterator[Index]:
    settings = Settings(home=tmp_path / "home", llm="none", threads=1)
    with open_index("default", settings=settings, create=True, encoder=WordEncoder()) as opened:
        ingest(opened, [library])
        yield opened


@pytest.fixture
def client(index: Index, reader: PageReader) -> Iterator[TestClient]:
    service = make_service(index)
    with TestClient(make_app(service, BindAddress(), None), base_url="http://127.0.0.1:7860") as opened:
        yield opened
    service.close()


def id_of(index: Index, source: str) -> str:
    return next(record.source_id for record in index.catalog.sources() if record.source == source)


def file_of(path: Path) -> PageFile:
    return PageFile(path, hashlib.sha256(path.read_bytes()).hexdigest())


def test_pages_words_hits_and_headings(client: TestClient, index: Index) -> None:
    address = f"/i/own:default/pages/{id_of(index, NAME)}"
    picture = client.get(f"{address}/1?width=400")
    assert picture.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(picture.content)).size == (400, 480)
    assert Image.open(io.BytesIO(client.get(f"{address}/2?width=99999").content)).width == 2400
    first = client.get(f"{address}/1/words").json()
    assert [(run[0], run[1], run[6], run[7]) for run in first["runs"]] == [
        ("The toll of the bridge ", 0, 0, True),
        ("is three crowns ", 24, 0, True),
    ]
    left, top, width, height = first["runs"][0][2:6]
    assert (left, 100 * 200 / 600) == pytest.approx((30, top + height), abs=2), "150 of 500, 400 of 600 points"
    assert 30 < width < 45
    second = client.get(f"{address}/2/words").json()["runs"]
    start = second[0][1]
    assert client.get(f"{address}/find", params={"words": " THE  ferry"}).json() == {
        "hits": [[start, start + 9, 2]],
        "total": 1,
    }
    assert client.get(f"{address}/find", params={"words": "the"}).json()["total"] == 3
    assert client.get(f"{address}/find").json() == {"hits": [], "total": 0}
    assert client.get(f"{address}/outline").status_code == 200


def with_bookmarks() -> bytes:
    """A PDF of two pages with bookmarks: one below another, one to no page, and a last one that leads to itself."""
    content = b"BT /F1 14 Tf 60 300 Td (The keeper counts the lamps.) Tj ET"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Outlines 7 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        page,
        page,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Outlines/First 8 0 R/Last 11 0 R>>",
        b"<</Title(Lamps <b>and</b>\\n wicks)/Parent 7 0 R/First 9 0 R/Last 9 0 R/Next 10 0 R/Dest[3 0 R/Fit]>>",
        b"<</Title(Oil)/Parent 8 0 R/Dest[4 0 R/XYZ 0 100 0]>>",
        b"<</Title(Elsewhere)/Parent 7 0 R/Next 11 0 R/A<</S/URI/URI(javascript:alert\\(1\\))>>>>",
        b"<</Title(The end)/Parent 7 0 R/Next 11 0 R/Dest[4 0 R/Fit]>>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + head + table + trailer


def test_the_table_of_contents_is_the_files_own(client: TestClient, index: Index, library: Path) -> None:
    (library / "marked.pdf").write_bytes(with_bookmarks())
    ingest(index, [library])
    address = f"/i/own:default/pages/{id_of(index, 'marked.pdf')}/outline"
    assert client.get(address).json() == [["Lamps <b>and</b> wicks", 1, 1], ["Oil", 2, 2], ["The end", 1, 2]]


def test_only_pages_of_pdfs_that_are_there(client: TestClient, index: Index) -> None:
    text = id_of(index, "notes.html")
    for path in (f"{text}/1", f"{text}/find", f"{text}/outline", f"{text}/1/words", "x/1", "x/1/words", "x/find"):
        assert client.get(f"/i/own:default/pages/{path}").json() == {
            "error": "There is no such PDF in the index; it was changed or removed."
        }
    for page in (0, 3, -1):
        for rest in ("", "/words"):
            response = client.get(f"/i/own:default/pages/{id_of(index, NAME)}/{page}{rest}")
            assert (response.status_code, "no page" in response.text) == (400, True)
    assert client.get(f"/i/own:default/pages/{id_of(index, NAME)}/first").status_code == 422


def test_the_original_is_saved_and_never_shown(client: TestClient, index: Index, library: Path) -> None:
    response = client.get(f"/i/own:default/files/{id_of(index, NAME)}", params={"source": NAME})
    assert response.content == (library / NAME).read_bytes()
    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-disposition"] == (
        'attachment; filename="the _toll_ of Gr__e_ x_1.pdf"; '
        "filename*=UTF-8''the%20%22toll%22%20of%20Gr%C3%B6%C3%9Fe%3B%20x%3D1.pdf"
    )
    page = client.get(f"/i/own:default/files/{id_of(index, 'notes.html')}")
    assert page.headers["content-disposition"].startswith("attachment")
    assert page.headers["content-type"] == "application/octet-stream"


def test_a_file_that_is_another_is_not_given_out(client: TestClient, index: Index, library: Path) -> None:
    address = f"/i/own:default/files/{id_of(index, NAME)}"
    secret = library / "secret.txt"
    secret.write_text("a secret")
    original = (library / NAME).read_bytes()
    for change in (
        lambda path: path.write_bytes(original[:-1] + b" "),
        lambda path: (path.unlink(), path.symlink_to(secret)),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.rmdir(),
    ):
        change(library / NAME)
        response = client.get(address, params={"source": NAME})
        assert (response.status_code, response.json()) == (
            404,
            {"error": "The file is no longer there as it was read."},
        )
    (library / NAME).write_bytes(original)
    assert client.get(address).content == original, "it was put back"
    remove(index, [NAME])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1.pdf", "../../etc/passwd", "x\u202efdp.exe", "\udc80.pdf", ""])
def test_no_name_breaks_the_header(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert "/" not in header.replace("attachment; ", "")
    header.encode("latin-1")


def test_of_a_file_that_is_gone_the_words_remain(client: TestClient, index: Index, library: Path) -> None:
    address = f"/i/own:default/pages/{id_of(index, NAME)}/1"
    (library / NAME).unlink()
    assert client.get(f"{address}/words").json() == {"runs": [], "text": "The toll of the bridge\n\nis three crowns"}
    assert "gone or has changed" in client.get(address).json()["error"]


def test_nobody_waits_for_a_page_that_takes_long(client: TestClient, index: Index, reader: PageReader) -> None:
    address = f"/i/own:default/pages/{id_of(index, 'glass.pdf')}/1"
    slow: list[tuple[int, object]] = []

    def draw() -> None:
        response = client.get(address)
        slow.append((response.status_code, response.json()))

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        # Meanwhile another document is opened and drawn; the words of the slow page are there, too, and an answer.
        document = client.get(f"/i/own:default/documents/{id_of(index, NAME)}")
        assert 'data-kind="pdf"' in document.text
        assert client.get(f"/i/own:default/pages/{id_of(index, NAME)}/1").status_code == 200
        runs = client.get(f"{address}/words").json()["runs"]
        assert [run[0] for run in runs] == ["The glass page shows the moon. "]
        *_, answered = answer(index, "What does the glass page show?", model=None)
        assert answered.passages
        assert slow == []
    finally:
        reader.close()
    thread.join()
    assert slow == [(400, {"error": "This page takes too long to draw; its text stands here instead."})]


@pytest.mark.parametrize("make", [glassy_pdf, patterned_pdf])
def test_no_page_takes_longer_than_its_limit(make: object, tmp_path: Path) -> None:
    path = tmp_path / "slow.pdf"
    path.write_bytes(make("Words are there."))  # type: ignore[operator]
    patient, hasty = PageReader(PageLimits(seconds=60)), PageReader(PageLimits(seconds=1.5))
    try:
        assert patient.sizes(file_of(path)) == ((612.0, 792.0, 1),)
        assert patient.words(file_of(path), 1)["text"] == "Words are there."
        assert patient.boxes(file_of(path), (0,), 0, 5, "Words")[0][0] == 1
        with pytest.raises(PageTooSlow):
            drawn(hasty.picture(file_of(path), 1, 2000))
        with pytest.raises(PageTooSlow):
            # Not even asked for again, at any width.
            hasty.picture(file_of(path), 1, 300)
    finally:
        patient.close()
        hasty.close()


def test_a_page_is_drawn_once_and_within_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(pdf(page=b"/MediaBox[0 0 14400 14400]"))
    reader = PageReader(PageLimits(pixels=250_000))
    try:
        first = drawn(reader.picture(file_of(path), 1, 3000))
        assert Image.open(io.BytesIO(first)).size == (500, 500)
        assert reader.picture(file_of(path), 1, 2999) is first
    finally:
        reader.close()


def test_a_page_of_little_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(pdf(page=b"/MediaBox[0 0 14400 14400]"))
    # Less than the libraries take: whatever a page wants is too much.
    reader = PageReader(PageLimits(memory_mb=64))
    try:
        with pytest.raises(PageTooSlow):
            drawn(reader.picture(file_of(path), 1, 3000))
    finally:
        reader.close()


def test_the_bytes_that_are_drawn_are_those_that_were_read(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    file = file_of(path)
    path.write_bytes(report())
    reader = PageReader()
    try:
        for look in (lambda: reader.sizes(file), lambda: drawn(reader.picture(file, 1, 300))):
            with pytest.raises(Exception, match="has changed"):
                look()
        assert reader.boxes(file, (0,), 0, 5, "Hello") == ()
    finally:
        reader.close()
