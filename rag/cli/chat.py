"""The command ``rag chat``: open the chat in the browser, or add a user who may sign in to it.

Owns: its options. Knows nothing about pages, servers or how passwords are kept; heavy modules are imported inside the
command.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from rag.cli.desktop import is_desktop, open_in_browser
from rag.cli.opening import (
    fetch_cross_encoders,
    offer_better_model,
    open_index_with_progress,
    open_model,
    settings_of,
)
from rag.cli.options import DEFAULT_INDEX, HomeOption, IndexOption, LlmOption


def chat(
    host: Annotated[str, typer.Option("--host", metavar="H", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="P", min=1, max=65535, help="Port to listen on.")] = 7860,
    index: IndexOption = DEFAULT_INDEX,
    home: HomeOption = None,
    llm: LlmOption = None,
    auth: Annotated[
        Path | None, typer.Option("--auth", metavar="FILE", help="File of users, or: database. Each must sign in.")
    ] = None,
    add_user: Annotated[
        str | None,
        typer.Option("--add-user", metavar="NAME", help="Ask for this user's password, keep it in --auth FILE, end."),
    ] = None,
    operator: Annotated[
        str | None,
        typer.Option("--operator", metavar="NAME", help="Let this user of --auth FILE add models for everyone, end."),
    ] = None,
    no_operator: Annotated[
        str | None, typer.Option("--no-operator", metavar="NAME", help="Take that from this user again, end.")
    ] = None,
    suite: Annotated[
        Path | None,
        typer.Option("--suite", metavar="FILE", help="Suite that test cases are added to; default: HOME/cases.yaml."),
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Allow an address other machines can reach, without a password.")
    ] = False,
    browser: Annotated[
        bool | None,
        typer.Option(
            "--browser/--no-browser",
            help="Open the chat in the browser, or do not; without either it opens on a desktop. [env RAG_BROWSER]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Open the chat in the browser, and serve it until Ctrl-C."""
    from rag.hosting.bind_address import BindAddress, check_bind_address, local_url_of
    from rag.models.llm.opening import check_spec

    if add_user is not None:
        _add_user(add_user, auth)
        return
    if operator is not None or no_operator is not None:
        _set_operator(operator or no_operator or "", auth, operator is not None)
        return
    settings = settings_of(home)
    address = BindAddress(host, port, auth, insecure, suite, settings.proxies)
    check_bind_address(address)
    spec = llm or settings.llm
    check_spec(spec)
    fetch_cross_encoders(settings)
    offer_better_model(spec, settings)

    # A chat may begin with an index that is not there yet: documents are added on its page.
    with open_index_with_progress(index, settings, create=True) as opened:
        from ui.server.app import serve

        opens = browser if browser is not None else settings.browser and is_desktop()
        served = partial(open_in_browser, local_url_of(address)) if opens else None
        serve(opened, address, spec, lambda: open_model(spec, settings), served)


def _add_user(name: str, auth: Path | None) -> None:
    from rag.errors import UsageError
    from rag.hosting.kept_text import place_of
    from rag.hosting.users import add_user, operators

    if auth is None:
        raise UsageError("--add-user needs the file to keep users in; add --auth FILE.")
    new = add_user(auth, name)
    role = " as an operator, who may add models" if new and name in operators(auth) else ""
    typer.echo(f"{name} is {'added to' if new else 'given a new password in'} {place_of(auth)}{role}")


def _set_operator(name: str, auth: Path | None, operator: bool) -> None:
    from rag.errors import UsageError
    from rag.hosting.kept_text import place_of
    from rag.hosting.users import set_operator

    if auth is None:
        raise UsageError("--operator and --no-operator need the file of users; add --auth FILE.")
    set_operator(auth, name, operator)
    typer.echo(f"{name} is {'an operator' if operator else 'no operator'} in {place_of(auth)}")
