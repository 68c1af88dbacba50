"""The command ``rag mcp``: Footnote as tools of an assistant.

Owns: its options, and that nothing but the protocol reaches standard output. Knows nothing about tools; heavy modules
are imported inside the command.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from rag.cli.opening import fetcher, settings_of, warn_of_absent_indexes
from rag.cli.options import HomeOption, LlmOption, ServedIndexesOption
from rag.cli.screen import warn

_HOST, _PORT = "127.0.0.1", 8765


def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP, in place of standard input and output.")
    ] = False,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="H", help="With --http: address to listen on; 127.0.0.1.", show_default=False),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="P", min=1, max=65535, help="With --http: port to listen on; 8765.", show_default=False
        ),
    ] = None,
    auth: Annotated[
        Path | None,
        typer.Option(
            "--auth", metavar="FILE", help="With --http: file of users who may call, or: database.", show_default=False
        ),
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="With --http: let other machines call without a key.")
    ] = False,
    index: ServedIndexesOption = None,
    home: HomeOption = None,
    llm: LlmOption = None,
) -> None:
    """Let an assistant ask, search, read and check your documents, by the Model Context Protocol."""
    from rag.mcp_server.stdio import claim_standard_output, serve_stdio

    # Before anything that might print.
    output = None if http else claim_standard_output()
    from contextlib import closing

    from rag.errors import UsageError
    from rag.models.llm.opening import check_spec

    if not http and (host or port or auth or insecure):
        raise UsageError("--host, --port, --auth and --insecure go with --http; add it, or leave them out.")
    settings = settings_of(home)
    spec = llm or settings.llm
    check_spec(spec)
    access, bind, state = None, None, None
    if http:
        from rag.hosting.access import access_of
        from rag.hosting.bind_address import BindAddress
        from rag.hosting.shared_state import open_state

        bind = BindAddress(host or _HOST, port or _PORT, auth, insecure, proxies=settings.proxies)
        state = open_state()
        access = access_of(bind, settings.home, "rag mcp", state)
    warn_of_absent_indexes(settings, index or ())
    if output is not None and os.isatty(0):
        warn(
            "An assistant starts this command and speaks with it over standard input; there is nothing to type here, "
            "and Ctrl-C ends it. In the assistant's settings the command is rag with the argument mcp; for an "
            "address in place of a command: rag mcp --http"
        )
    from rag.mcp_server.served import Served
    from rag.mcp_server.server import make_server

    with closing(Served(settings, spec, index or (), fetcher(settings))) as served:
        server = make_server(served)
        if output is not None:
            serve_stdio(server, output)
        if access is not None and bind is not None:
            from rag.mcp_server.http import serve_http

            serve_http(server, access, settings, bind, state)
