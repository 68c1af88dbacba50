"""Which database this process uses.

Owns: reading ``RAG_DATABASE_URL``, and showing it without its password. One process has one database, so it is read
from the environment and nowhere else.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from urllib.parse import parse_qs, quote, unquote, urlsplit

from rag.errors import DatabaseUnusable, UsageError
from rag.notices import Notice
from rag.settings import load_settings

_SCHEMES = ("postgresql", "postgres")
# White space, and a percent sign that begins no code.
_MISREAD = re.compile(r"\s|%(?![0-9A-Fa-f]{2})")


def database_url() -> str:
    """Return the address of this process's database; "" where none is named: then everything lies in files.

    Raises:
        UsageError: It is no address of a PostgreSQL database.
        DatabaseUnusable: The driver is not installed.
    """
    url = load_settings().database_url
    if url:
        shown_address(url)
        if find_spec("psycopg") is None:
            raise DatabaseUnusable(Notice("database-driver-absent"))
    return url


def folder_name(url: str) -> str:
    """Return the database's own name in characters that a folder's name may have.

    Args:
        url: The address of the database.
    """
    # Quoted as it is in most addresses already, which is to make no difference.
    return quote(unquote(urlsplit(url).path.strip("/")), safe="").replace(".", "%2E")


def shown_address(url: str) -> str:
    """Return the address of a database as it may be shown: without its password and options.

    Args:
        url: The address, ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE``.

    Returns:
        ``postgresql://USER@HOST:PORT/DATABASE``, without what is not given.

    Raises:
        UsageError: It is no address of a PostgreSQL database; nothing of it is quoted.
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise UsageError(Notice("database-address-wrong")) from None
    # What the driver would read otherwise, or not at all: its words of that quote the password.
    misread = parts.netloc.count("@") > 1 or _MISREAD.search(url)
    if parts.scheme not in _SCHEMES or not parts.path.strip("/") or misread:
        raise UsageError(Notice("database-address-wrong"))
    # A socket stands among the options: it is a path.
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    user = f"{parts.username}@" if parts.username else ""
    return f"postgresql://{user}{host}{port}{parts.path}"
