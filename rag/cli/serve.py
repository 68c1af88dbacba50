"""The command ``rag serve``: Footnote as a service for other programs.

Owns: its options. Knows nothing about routes; heavy modules are imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.opening import settings_of, warn_of_absent_indexes
from rag.cli.options import HomeOption, LlmOption, ServedIndexesOption


def serve(
    host: Annotated[str, typer.Option("--host", metavar="H", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="P", min=1, max=65535, help="Port to listen on.")] = 8080,
    index: ServedIndexesOption = None,
    home: HomeOption = None,
    llm: LlmOption = None,
    auth: Annotated[
        Path | None,
        typer.Option("--auth", metavar="FILE", help="File of users, or: database. They call with HTTP Basic."),
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Allow an address other machines can reach, without keys or users.")
    ] = False,
    watch: Annotated[
        list[str] | None,
        typer.Option(
            "--watch",
            metavar="PATH",
            help="Keep the index a mirror of this folder; INDEX=PATH where several are served; may be repeated.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve your documents to other programs, by OpenAI's protocol and Footnote's own, until Ctrl-C."""
    from rag.hosting.access import access_of
    from rag.hosting.bind_address import BindAddress
    from rag.hosting.shared_state import open_state
    from rag.models.llm.opening import check_spec
    from rag.serve.server import serve as serve_until_stopped
    from rag.serve.service import Service

    settings = settings_of(home)
    spec = llm or settings.llm
    check_spec(spec)
    address = BindAddress(host, port, auth, insecure, proxies=settings.proxies)
    state = open_state()
    access = access_of(address, settings.home, state=state)
    service = Service(settings, spec, index or (), state)
    warn_of_absent_indexes(settings, index or ())
    if watch:
        from rag.cli.screen import warn
        from rag.hosting.access import Caller
        from rag.watching.serving import follow

        names = service.names(Caller())
        follow(watch, names, lambda name: service.open(Caller(), name), service.uploads, lambda told: warn(str(told)))
    serve_until_stopped(service, access, address)
