"""The files in the body of a request, one after the other, while the body still arrives.

Owns: reading ``multipart/form-data`` and a raw body without ever holding a file whole. Knows nothing about where files
go, or how many and how big they may be.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from rag.serve.errors import ApiError

_MULTIPART = b"multipart/form-data"


@dataclass
class IncomingFile:
    """A file that arrives: the name it was given, and its content, which must be read before the next file comes."""

    name: str
    content: AsyncIterator[bytes]


async def incoming_files(request: Request, name: str = "") -> AsyncIterator[IncomingFile]:
    """Yield the files of a request.

    Args:
        request: The request; its body is a form with files, or the content of one file.
        name: The name of the one file that is the whole body; it may have folders in it.

    Yields:
        The files, in the order in which they arrive. What is left of one when the next is asked for is passed over.

    Raises:
        ApiError: The body is neither, or breaks off.
    """
    kind, parameters = parse_options_header(request.headers.get("content-type"))
    if kind != _MULTIPART:
        if not name:
            message = "There is no file; send a form with files, or one file as the body with its ?name=."
            raise ApiError(415, "no_file", message, "name")
        yield IncomingFile(name, request.stream())
        return
    async for file in _FormReader(request.stream(), parameters.get(b"boundary", b"")).files():
        yield file


@dataclass
class _Part:
    """A part of a form: its headers, and what of its content has arrived and was not taken yet."""

    headers: dict[str, bytes] = field(default_factory=dict)
    is_open: bool = True
    blocks: deque[bytes] = field(default_factory=deque)

    def file_name(self) -> str | None:
        """Return the name of the file; None for a field that is no file."""
        _, options = parse_options_header(self.headers.get("content-disposition", b""))
        given = options.get(b"filename")
        return None if given is None else given.decode("utf-8", "replace")


class _FormReader:
    """Reads a form from a stream of bytes; only the parts of one block of the stream are in memory."""

    def __init__(self, stream: AsyncIterator[bytes], boundary: bytes) -> None:
        if not boundary:
            raise _broken()
        self._stream = aiter(stream)
        self._parts: deque[_Part] = deque()
        self._newest = _Part()
        self._field, self._value = b"", b""
        self._is_over = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._add_to_field,
                    "on_header_value": self._add_to_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": lambda: self._parts.append(self._newest),
                    "on_part_data": lambda data, start, end: self._newest.blocks.append(data[start:end]),
                    "on_part_end": self._end,
                    "on_end": self._finish,
                },
            )
        except FormParserError:
            raise _broken() from None

    async def files(self) -> AsyncIterator[IncomingFile]:
        """Yield the files of the form; its other fields are passed over."""
        while self._parts or await self._read():
            while self._parts:
                part = self._parts[0]
                name = part.file_name()
                if name:
                    yield IncomingFile(name, self._content(part))
                async for _ in self._content(part):
                    pass
                self._parts.popleft()
        if not self._is_over:
            raise _broken()

    async def _content(self, part: _Part) -> AsyncIterator[bytes]:
        while part.blocks or part.is_open:
            if part.blocks:
                yield part.blocks.popleft()
            elif not await self._read():
                raise _broken()

    async def _read(self) -> bool:
        """Take in one more block of the stream; return whether there was one."""
        block = await anext(self._stream, None)
        if block is None:
            return False
        try:
            self._parser.write(block)
        except FormParserError:
            raise _broken() from None
        return True

    # -- what the parser calls ---------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._newest = _Part()

    def _add_to_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._newest.headers[self._field.decode("latin-1").lower()] = self._value
        self._field, self._value = b"", b""

    def _end(self) -> None:
        self._newest.is_open = False

    def _finish(self) -> None:
        self._is_over = True


def _broken() -> ApiError:
    message = "The form cannot be read, or breaks off; send it as multipart/form-data, each file with a name."
    return ApiError(400, "broken_form", message)
