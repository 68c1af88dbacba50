"""List and read the objects of a bucket.

Owns: the client (s3fs), its limits of time and size, and the one sentence for whatever goes wrong. Keys and secrets
come from the environment or the usual files of AWS and are never held here. Nothing is written.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rag.errors import LoadError, SkipFile, UsageError
from rag.notices import Notice
from rag.remote.addresses import StorageAddress

MOST_OBJECTS = 200_000
"""More are not listed: each takes about a kilobyte of memory."""
_CONNECT_SECONDS, _SILENCE_SECONDS = 10, 30
_TRIES = 2
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
        self._files = S3FileSystem(skip_instance_cache=True, use_listings_cache=False, config_kwargs=limits)
        self._files.retries = _TRIES

    def objects(self, address: StorageAddress) -> list[RemoteObject]:
        """Return what lies at an address, in the order of the keys.

        Args:
            address: The address.

        Returns:
            The objects; none for what only marks a folder.

        Raises:
            LoadError: The bucket cannot be listed, or nothing lies there, or too much.
        """
        path = f"{address.bucket}/{address.prefix}".rstrip("/")
        with self._sentences(address.text):
            found = self._files.find(path, detail=True, max_items=MOST_OBJECTS + 1, timeout=self._seconds)
        if len(found) > MOST_OBJECTS:
            raise LoadError(Notice("remote-too-many", {"address": address.text, "most": MOST_OBJECTS}))
        objects = [_object(address.bucket, entry) for entry in found.values()]
        return sorted((each for each in objects if address.holds(each.key)), key=lambda each: each.key)

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
            # One byte more than was listed shows an object that has grown.
            path = f"{bucket}/{found.key}"
            data: bytes = self._files.cat_file(path, start=0, end=found.size + 1, timeout=self._seconds)
        if len(data) != found.size:
            raise LoadError(Notice("file-changing"))
        return data

    @contextmanager
    def _sentences(self, place: str) -> Iterator[None]:
        """Turn whatever goes wrong into one sentence, without the words of the library: they may hold a key."""
        from botocore import exceptions
        from fsspec.exceptions import FSTimeoutError

        try:
            yield
        except FileNotFoundError:
            raise LoadError(Notice("remote-absent", {"address": place})) from None
        except (PermissionError, exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
            raise LoadError(Notice("remote-closed", {"address": place})) from None
        except (FSTimeoutError, TimeoutError, exceptions.ReadTimeoutError, exceptions.ConnectTimeoutError):
            raise LoadError(Notice("remote-too-slow", {"address": place, "seconds": self._seconds})) from None
        except (OSError, ValueError, exceptions.BotoCoreError, exceptions.ClientError) as error:
            _LOG.debug("storage failed: %s", type(error).__name__)
            raise LoadError(Notice("remote-failed", {"address": place, "cause": type(error).__name__})) from None


def _object(bucket: str, entry: dict[str, Any]) -> RemoteObject:
    modified = entry.get("LastModified")
    return RemoteObject(
        str(entry["name"]).removeprefix(f"{bucket}/"),
        int(entry["size"]),
        str(entry.get("ETag") or "").strip('"'),
        modified.isoformat() if modified is not None else "",
    )
