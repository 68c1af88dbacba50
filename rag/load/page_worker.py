"""Run the process that draws and reads pages of PDF files for who looks at them.

Owns: the child's answer to what is asked of a page, and the files it keeps open. Knows nothing about indexes. A page
may do anything to this process; the parent lives on and starts another.
"""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rag.errors import LoadError
from rag.load.messages import pending_requests, restrict, send, set_timer
from rag.notices import Notice

# A reader turns pages of one document, and compares it with another.
_OPEN_FILES = 2
# PNG packs line drawings well even so, in a third of the time.
_COMPRESSION = 2

_Reply = tuple[dict[str, Any], bytes]


def main() -> None:
    """Serve requests until the parent closes the pipe."""
    import rag.load.pdf.words  # noqa: F401

    pending, replies = pending_requests()
    # The libraries are loaded: from now on every second is a page's own.
    send(replies, {"size": 0})
    files = _Files()
    while True:
        request, _ = pending.get()
        restrict(request["seconds"], request["memory_mb"])
        reply, data = _reply(files, request)
        set_timer(0)
        send(replies, {**reply, "size": len(data)}, data)
        del data, reply


def _reply(files: _Files, request: dict[str, Any]) -> _Reply:
    import pypdfium2

    try:
        document = files.opened(request["path"], request["file_hash"])
        return _ANSWERS[request["ask"]](document, request)
    except LoadError as error:
        return {"error": error.notice.as_json()}, b""
    except (MemoryError, pypdfium2.PdfiumError, OverflowError):
        return {"error": None}, b""


class _Files:
    """The files that were asked for last, open."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, tuple[ExitStack, Any]] = OrderedDict()

    def opened(self, path: str, file_hash: str) -> Any:
        """Return PDFium's document of a file whose bytes have that hash."""
        from rag.load.pdf.pdfium import open_document

        if file_hash in self._open:
            self._open.move_to_end(file_hash)
            return self._open[file_hash][1]
        try:
            data = Path(path).read_bytes()
        except OSError:
            raise LoadError(Notice("page-not-shown")) from None
        if hashlib.sha256(data).hexdigest() != file_hash:
            raise LoadError(Notice("page-not-shown"))
        while len(self._open) >= _OPEN_FILES:
            self._open.popitem(last=False)[1][0].close()
        stack = ExitStack()
        document = stack.enter_context(open_document(data))
        self._open[file_hash] = (stack, document)
        return document


def _sizes(document: Any, _: dict[str, Any]) -> _Reply:
    """Answer with the sizes of all pages, each with how many pages in a row have it."""
    sizes: list[list[float]] = []
    for number in range(len(document)):
        width, height = (round(side, 2) for side in document.get_page_size(number))
        if sizes and sizes[-1][:2] == [width, height]:
            sizes[-1][2] += 1
        else:
            sizes.append([width, height, 1])
    return {"sizes": sizes}, b""


def _outline(document: Any, _: dict[str, Any]) -> _Reply:
    """Answer with the file's own table of contents: the words, the level from 1 and the page from 1 of each entry."""
    from rag.load.pdf.bookmarks import bookmarks_of

    return {"outline": bookmarks_of(document)}, b""


def _picture(document: Any, request: dict[str, Any]) -> _Reply:
    """Answer with a page as PNG, about as wide as was asked for, within the most pixels."""
    from rag.load.pdf.pdfium import open_page, page_image

    with open_page(document, _number(document, request)) as page:
        width, height = (max(side, 1.0) for side in page.get_size())
        scale = min(request["width"] / width, (request["pixels"] / (width * height)) ** 0.5)
        buffer = io.BytesIO()
        with page_image(page, scale) as (image, _):
            image.save(buffer, "PNG", compress_level=_COMPRESSION)
        return {}, buffer.getvalue()


def _words(document: Any, request: dict[str, Any]) -> _Reply:
    from rag.load.pdf.words import page_words

    words = page_words(document, _number(document, request))
    return {"text": words.text, "runs": words.runs}, b""


def _boxes(document: Any, request: dict[str, Any]) -> _Reply:
    from rag.load.pdf.boxes import find_boxes

    pages, start, end = tuple(request["pages"]), request["start"], request["end"]
    return {"boxes": find_boxes(document, pages, start, end, request["expected"])}, b""


def _number(document: Any, request: dict[str, Any]) -> int:
    """Return the number of the page that is asked for, from 0."""
    page: int = request["page"]
    if not 1 <= page <= len(document):
        raise LoadError(Notice("file-page-absent", {"page": page, "pages": len(document)}))
    return page - 1


_ANSWERS: dict[str, Callable[[Any, dict[str, Any]], _Reply]] = {
    "sizes": _sizes,
    "outline": _outline,
    "picture": _picture,
    "words": _words,
    "boxes": _boxes,
}


if __name__ == "__main__":
    main()
