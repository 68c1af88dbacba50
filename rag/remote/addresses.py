"""An address of storage that a person gave. Pure.

Owns: which kinds of storage are read, and why others are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.errors import UsageError
from rag.notices import Notice

_FORM = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{0,20})://(?P<rest>.*)", re.I | re.S)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,253}[a-z0-9]", re.I)
S3 = "s3"
_LONGEST_KEY_BYTES = 1024
_THIS_MACHINE = ("file", "local")
# What programs that know several kinds of storage call them; any other address is taken for one of a web page.
_STORAGE = frozenset(
    "abfs abfss adl az b2 file gcs gs hdfs local memory oci oss s3 s3a s3n swift wasb wasbs webhdfs".split()
)


@dataclass(frozen=True, slots=True)
class StorageAddress:
    """A bucket, and what in it is meant.

    Attributes:
        bucket: Its name.
        prefix: What the keys of the objects begin with, a folder or one object, without slashes around it; "" for all.
    """

    bucket: str
    prefix: str = ""

    @property
    def text(self) -> str:
        """The address in the one form that all its spellings have."""
        return f"{S3}://{self.bucket}/{self.prefix}".rstrip("/")

    def holds(self, key: str) -> bool:
        """Tell whether an object of the bucket is meant, by its key."""
        return not self.prefix or key == self.prefix or key.startswith(self.prefix + "/")


def is_storage(address: str) -> bool:
    """Tell whether an address is one of storage, also of a kind that is not read."""
    found = _FORM.match(address.strip())
    return found is not None and found["scheme"].lower() in _STORAGE


def read_storage_address(text: str) -> StorageAddress:
    """Read an address.

    Args:
        text: ``s3://BUCKET/FOLDER``, or a bucket alone.

    Returns:
        What it means.

    Raises:
        UsageError: It is of another kind of storage, has a wrong form, or a password in it.
    """
    found = _FORM.fullmatch(text.strip())
    scheme, rest = (found["scheme"].lower(), found["rest"]) if found else ("", "")
    if scheme in _THIS_MACHINE:
        raise UsageError(Notice("remote-is-path", {"scheme": scheme}))
    if scheme != S3:
        raise UsageError(Notice("remote-scheme", {"scheme": scheme}))
    bucket, _, prefix = rest.partition("/")
    if "@" in bucket or ":" in bucket:
        # It may be a key and its secret: neither is repeated.
        raise UsageError(Notice("remote-address-with-password"))
    prefix = prefix.strip("/")
    if not _BUCKET.fullmatch(bucket) or len(prefix.encode("utf-8", "replace")) > _LONGEST_KEY_BYTES:
        raise UsageError(Notice("remote-address-wrong", {"address": text.strip()[:200]}))
    return StorageAddress(bucket, prefix)
