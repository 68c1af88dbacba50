"""List and read the objects of a bucket.

Owns: the client (s3fs), its limits of time and size, and the one sentence for whatever goes wrong. Keys and secrets
come from the environment or the usual files of AWS and are never held here. Nothing is written.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from rag.errors import LoadError, SkipFile, UsageError
from rag.notices import Notice
from rag.remote.addresses import StorageAddress

MOST_OBJECTS = 200_000
"""More are not listed: each takes about a kilobyte of memory."""
_CONNECT_SECONDS, _SILENCE_SECONDS = 10, 30
_TRIES = 2
# So many objects are listed, and so many bytes of one are read, at a time.
_PAGE, _PIECE_BYTES = 1000, 1 << 20
# What S3 answers with another status than 403.
_BAD_KEYS = frozenset(("ExpiredToken", "InvalidToken", "TokenRefreshRequired"))
_CODE = re.compile("[A-Za-z]{1,60}")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RemoteObject:
    """An object as the storage lists it.

    Attributes:
        key: Its key in the bucket.
        size: Its bytes.
        etag: The tag of its version; "" for none.
        modified: When it was written, as ISO 8601; "" where that is not told.
    """

    key: str
    size: int
    etag: str
    modified: str

    @property
    def marks_folder(self) -> bool:
        """Whether it is no document: consoles write an empty object where a folder is made."""
        return not self.size and self.key.endswith("/")


class Storage:
    """The buckets that a person's keys open. It may be used from several threads."""

    def __init__(self, seconds: float, megabytes: float) -> None:
        """Connect to nothing yet.

        Args:
            seconds: The most that a listing, or an object, may take.
            megabytes: The most that an object may have.

        Raises:
            UsageError: The packages are not installed.
        """
        try:
            from s3fs import S3FileSystem
        except ImportError:
            raise UsageError(Notice("remote-without-packages")) from None
        # A role of the machine would be asked of its network: keys come from the environment and files alone.
        os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
        self._seconds, self._megabytes = seconds, megabytes
        self._bytes = int(megabytes * 1_000_000)
        limits = {
            "connect_timeout": min(_CONNECT_SECONDS, seconds),
            "read_timeout": min(_SILENCE_SECONDS, seconds),
            "retries": {"total_max_attempts": _TRIES, "mode": "standard"},
        }
        # It finds the keys, and runs the client in a thread of its own. Its paths are not used: they have no name for
        # some keys, such as one that ends with a slash or holds `?versionId=`.
        self._files = S3FileSystem(skip_instance_cache=True, use_listings_cache=False, config_kwargs=limits)
        self._reading: set[asyncio.Task[bytes]] = set()
        self._stopped = False

    def objects(self, address: StorageAddress) -> list[RemoteObject]:
        """Return what lies at an address, in the order of the keys.

        Args:
            address: The address.

        Returns:
            The objects of a folder, without what only marks one; where it has none, the object of that name.

        Raises:
            LoadError: The bucket cannot be listed, or too much lies there.
        """
        with self._sentences(address.text):
            found = self._wait_for(self._list, address)
        if len(found) > MOST_OBJECTS:
            raise LoadError(Notice("remote-too-many", {"address": address.text, "most": MOST_OBJECTS}))
        # A server may list what nobody asked for.
        objects = {each.key: each for each in found if address.holds(each.key) and not each.marks_folder}
        return sorted(objects.values(), key=lambda each: each.key)

    def read(self, bucket: str, found: RemoteObject) -> bytes:
        """Return the bytes of an object.

        Args:
            bucket: Its bucket.
            found: The object.

        Returns:
            Its bytes.

        Raises:
            LoadError: It cannot be had.
            SkipFile: It is too large; nothing is read then.
        """
        if found.size > self._bytes:
            raise SkipFile(Notice("file-too-large", {"megabytes": self._megabytes}))
        if not found.size:
            return b""
        with self._sentences(f"s3://{bucket}"):
            data: bytes = self._wait_for(self._read, bucket, found)
        if len(data) != found.size:
            raise LoadError(Notice("file-changing"))
        return data

    def stop(self) -> None:
        """End what is being read, soon; whoever waits for it gets a LoadError."""
        self._stopped = True
        for task in list(self._reading):
            self._files.loop.call_soon_threadsafe(task.cancel)

    def _wait_for(self, work: Callable[..., Awaitable[Any]], *values: object) -> Any:
        """Run something in the thread of the client, which gives it up after the time that it may take."""
        from fsspec.asyn import sync

        return sync(self._files.loop, work, *values, timeout=self._seconds)

    async def _list(self, address: StorageAddress) -> list[RemoteObject]:
        below = f"{address.prefix}/" if address.prefix else ""
        found = await self._list_keys(address.bucket, below, MOST_OBJECTS + 1)
        if not found and address.prefix:
            # Of all keys that begin so, that of the object itself comes first.
            found = await self._list_keys(address.bucket, address.prefix, 1)
        return found

    async def _list_keys(self, bucket: str, beginning: str, most: int) -> list[RemoteObject]:
        """List the objects whose keys begin in one way, page by page."""
        client = await self._files.set_session()
        found: list[RemoteObject] = []
        where: dict[str, str] = {}
        while True:
            page = await client.list_objects_v2(Bucket=bucket, Prefix=beginning, MaxKeys=min(most, _PAGE), **where)
            if "IsTruncated" not in page:
                # Such as the login page of a proxy: taken for an empty bucket, it would empty the index.
                raise ValueError("no list of objects")
            found += [_object(entry) for entry in page.get("Contents", ())]
            if len(found) >= most or not page["IsTruncated"]:
                return found
            where = {"ContinuationToken": page["NextContinuationToken"]}

    async def _read(self, bucket: str, found: RemoteObject) -> bytes:
        from s3fs.core import S3_RETRYABLE_ERRORS

        task = asyncio.current_task()
        assert task is not None, "the client runs it as a task"
        self._reading.add(task)
        try:
            for _ in range(_TRIES - 1):
                with suppress(*S3_RETRYABLE_ERRORS):
                    return await self._read_once(bucket, found)
            return await self._read_once(bucket, found)
        except asyncio.CancelledError:
            if self._stopped:
                raise ConnectionAbortedError from None
            # It took too long.
            raise
        finally:
            self._reading.discard(task)

    async def _read_once(self, bucket: str, found: RemoteObject) -> bytes:
        client = await self._files.set_session()
        # One byte more than was listed shows an object that has grown.
        answer = await client.get_object(Bucket=bucket, Key=found.key, Range=f"bytes=0-{found.size}")
        data = bytearray()
        async with answer["Body"] as body:
            # A server may send more than it was asked for.
            while len(data) <= found.size and (piece := await body.read(_PIECE_BYTES)):
                data += piece
        return bytes(data)

    @contextmanager
    def _sentences(self, place: str) -> Iterator[None]:
        """Turn whatever goes wrong into one sentence, without the words of the library: they may hold a key."""
        from botocore import exceptions
        from fsspec.exceptions import FSTimeoutError

        try:
            yield
        except exceptions.ClientError as error:
            raise LoadError(_refused(error.response, place)) from None
        except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
            raise LoadError(Notice("remote-closed", {"address": place})) from None
        except (FSTimeoutError, TimeoutError, exceptions.ReadTimeoutError, exceptions.ConnectTimeoutError):
            raise LoadError(Notice("remote-too-slow", {"address": place, "seconds": self._seconds})) from None
        except Exception as error:  # what a server sends that does not speak the protocol fails in many ways
            _LOG.debug("storage failed", extra={"cause": type(error).__name__})
            raise LoadError(Notice("remote-failed", {"address": place, "cause": type(error).__name__})) from None


def _refused(answer: Any, place: str) -> Notice:
    """Say what a server refused; its words are not repeated, and its code only where it looks like one."""
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    code = str(answer.get("Error", {}).get("Code", ""))
    if status == HTTPStatus.NOT_FOUND:
        return Notice("remote-absent", {"address": place})
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or code in _BAD_KEYS:
        return Notice("remote-closed", {"address": place})
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return Notice("file-changing")
    return Notice("remote-failed", {"address": place, "cause": code if _CODE.fullmatch(code) else f"HTTP {status}"})


def _object(entry: dict[str, Any]) -> RemoteObject:
    modified = entry.get("LastModified")
    return RemoteObject(
        str(entry["Key"]),
        int(entry["Size"]),
        str(entry.get("ETag") or "").strip('"'),
        modified.isoformat() if modified is not None else "",
    )
