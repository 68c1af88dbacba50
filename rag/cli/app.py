"""The command line.

Owns: commands, options, and what is printed where: results on standard output, progress and notices on standard error.
Knows nothing about how anything is done; heavy modules are imported inside the commands.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.check import calibrate, verify
from rag.cli.evaluate import eval_app
from rag.cli.options import AsJson, Home, Llm, pull_with_progress, settings_of

if TYPE_CHECKING:
    from rag.models.llm.model import Model
    from rag.settings import Settings
    from rag.store.index import Index
    from rag.types import Turn

app = typer.Typer(
    name="rag",
    help="Ask your own documents; every sentence of the answer shows the exact words it rests on.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="List and fetch model weights, checked by SHA-256.", no_args_is_help=True)
app.add_typer(models_app, name="models")
app.add_typer(eval_app, name="eval")
app.command()(verify)
app.command()(calibrate)

IndexName = Annotated[str, typer.Option("--index", metavar="NAME", help="Which index.")]
Globs = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="GLOB", help="Search only matching sources; may be repeated.", show_default=False),
]
DEFAULT_INDEX = "default"


def version(wanted: bool) -> None:
    if wanted:
        import rag

        typer.echo(f"footnote {rag.__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Footnote answers questions about your own documents and shows the words each sentence rests on."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH", help="Files and folders.", show_default=False)
    ] = None,
    index: IndexName = DEFAULT_INDEX,
    home: Home = None,
    as_json: AsJson = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the index anew from all it was made of.")] = False,
) -> None:
    """Add, update and remove, so that the index mirrors the paths."""
    from rag.cli.terminal import IngestProgress, ingest_lines
    from rag.errors import UsageError
    from rag.ingestion.pipeline import Interrupted
    from rag.ingestion.pipeline import ingest as run
    from rag.serialize import to_json

    chosen = settings_of(home)
    paths = paths or []
    if not paths and not rebuild:
        raise UsageError("Nothing to ingest; name files or folders: rag ingest PATH")
    _absent(paths)
    with IngestProgress() as progress:
        try:
            if rebuild:
                from rag.ingestion.rebuild import rebuild as run_anew

                report = run_anew(index, paths, chosen, progress, lambda name: pull_with_progress(name, chosen))
            else:
                with _open(index, chosen, create=True) as opened:
                    report = run(opened, paths, chosen, progress)
        except Interrupted as stopped:
            report, interrupted = stopped.report, True
        else:
            interrupted = False
    if as_json:
        typer.echo(to_json(report.as_json()))
    else:
        for line in ingest_lines(report):
            typer.echo(line)
    if interrupted:
        kept = "the index is as it was" if rebuild else "what is listed is kept"
        typer.echo(f"rag: Stopped; {kept}, run the command again to go on.", err=True)
        raise typer.Exit(130)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question; - reads one a line.")],
    index: IndexName = DEFAULT_INDEX,
    home: Home = None,
    as_json: AsJson = False,
    history: Annotated[
        Path | None, typer.Option("--history", metavar="FILE", help="JSON list of {role, content}.", show_default=False)
    ] = None,
    llm: Llm = None,
    sources: Globs = None,
) -> None:
    """Answer a question, with citations."""
    from rag.answering.options import Options
    from rag.answering.pipeline import answer
    from rag.cli.lines import answer_lines
    from rag.cli.terminal import StreamedAnswer
    from rag.retrieval.passages import open_reranker
    from rag.serialize import answer_json, to_json

    chosen = settings_of(home)
    turns = _history(history) if history else []
    options = Options.of(chosen, sources or ())
    with _open(index, chosen) as opened:
        # The two models load side by side.
        opened.warm()
        model, failed = _model(llm, chosen)
        reranker = open_reranker(chosen.reranker, chosen.threads)
        try:
            for asked in _questions(question):
                shots = answer(
                    opened, asked, model=model, settings=chosen, history=turns, options=options, reranker=reranker
                )
                if as_json:
                    *_, last = shots
                    typer.echo(to_json(answer_json(last)))
                    sys.stdout.flush()
                else:
                    with StreamedAnswer() as streamed:
                        for last in shots:
                            streamed.show(last)
                    for line in answer_lines(last):
                        typer.echo(line)
                failed |= last.degraded
        finally:
            if model:
                model.close()
    raise typer.Exit(1 if failed else 0)


@app.command()
def retrieve(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question; - reads one a line.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 8,
    index: IndexName = DEFAULT_INDEX,
    home: Home = None,
    as_json: AsJson = False,
    sources: Globs = None,
) -> None:
    """Print the passages that bear on a question, with every score and rank."""
    from rag.cli.lines import passage_lines
    from rag.retrieval.passages import open_reranker
    from rag.retrieval.passages import retrieve as run
    from rag.serialize import passage_json, to_json

    chosen = settings_of(home)
    with _open(index, chosen) as opened:
        reranker = open_reranker(chosen.reranker, chosen.threads)
        for asked in _questions(question):
            passages = run(opened, asked, k, sources=sources or (), reranker=reranker)
            if as_json:
                typer.echo(to_json({"question": asked, "passages": [passage_json(p) for p in passages]}))
                sys.stdout.flush()
            else:
                for passage in passages:
                    for line in passage_lines(passage):
                        typer.echo(line)


@app.command()
def show(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A source, as `rag sources` names it.")],
    span: Annotated[
        str | None, typer.Option("--span", metavar="START:END", help="Only this slice.", show_default=False)
    ] = None,
    index: IndexName = DEFAULT_INDEX,
    home: Home = None,
) -> None:
    """Print the canonical text of a source, or exactly one slice of it."""
    from rag.errors import UsageError

    with _catalog(index, settings_of(home)) as catalog:
        record = catalog.source_record(source)
        document = catalog.document(record.document_id) if record and record.document_id else None
        if document is None:
            raise UsageError(f"{source!r} is not in the index {index!r}; see: rag sources")
        text = document.text
    if span is not None:
        start, colon, end = span.partition(":")
        if not (colon and start.isdecimal() and end.isdecimal() and int(start) <= int(end) <= len(text)):
            raise UsageError(
                f"{span!r} is no slice of {source!r}; write START:END with 0 <= START <= END <= {len(text)}."
            )
        text = text[int(start) : int(end)]
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


@app.command()
def sources(index: IndexName = DEFAULT_INDEX, home: Home = None, as_json: AsJson = False) -> None:
    """List what is in an index."""
    from rag.serialize import to_json
    from rag.text import printable

    with _catalog(index, settings_of(home)) as catalog:
        found = catalog.sources()
    if as_json:
        rows = [
            {
                "source": s.source,
                "source_id": s.source_id,
                "title": s.title,
                "pages": s.pages,
                "chunks": s.chunks,
                "characters": s.characters,
            }
            for s in found
        ]
        typer.echo(to_json({"sources": rows}))
        return
    for s in found:
        pages = f", {s.pages} pages" if s.pages else ""
        typer.echo(f"{printable(s.source)}  ({s.chunks} chunks, {s.characters} characters{pages})")
    if not found:
        typer.echo(f"The index {index!r} is empty; add files with: rag ingest PATH", err=True)


@app.command()
def remove(
    names: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="Sources or globs, as `rag sources` names them.")
    ],
    index: IndexName = DEFAULT_INDEX,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take sources out of an index; the files themselves stay."""
    from rag.ingestion.pipeline import remove as run
    from rag.serialize import to_json
    from rag.text import printable

    with _open(index, settings_of(home)) as opened:
        removed = run(opened, names)
    if as_json:
        typer.echo(to_json({"removed": removed}))
        return
    for name in removed:
        typer.echo(f"removed {printable(name)}")


@app.command()
def status(index: IndexName = DEFAULT_INDEX, home: Home = None, as_json: AsJson = False) -> None:
    """Say what an index holds, where it lies, and what it was made with."""
    from rag.serialize import to_json
    from rag.store.doctor import index_status as run

    chosen = settings_of(home)
    with _catalog(index, chosen) as catalog:
        found = run(index, catalog, chosen)
    if as_json:
        typer.echo(to_json(found))
        return
    for key, value in found.items():
        typer.echo(f"{key.replace('_', ' ')}: {value}")


@app.command()
def doctor(
    index: IndexName = DEFAULT_INDEX,
    home: Home = None,
    as_json: AsJson = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended.")] = False,
) -> None:
    """Check an index and its models; with --fix, mend what can be mended."""
    from dataclasses import asdict

    from rag.serialize import to_json
    from rag.store.doctor import check_index

    chosen = settings_of(home)
    found = check_index(index, chosen, fix, lambda name: pull_with_progress(name, chosen))
    if as_json:
        typer.echo(to_json({"index": index, "findings": [asdict(finding) for finding in found]}))
    else:
        for finding in found:
            typer.echo(f"{'ok    ' if finding.ok else 'mended' if finding.mended else 'WRONG '} {finding.text}")
    raise typer.Exit(0 if all(finding.ok or finding.mended for finding in found) else 1)


@app.command()
def chat(
    host: Annotated[str, typer.Option("--host", metavar="H", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="P", min=1, max=65535, help="Port to listen on.")] = 7860,
    index: IndexName = DEFAULT_INDEX,
    home: Home = None,
    llm: Llm = None,
    auth: Annotated[
        Path | None, typer.Option("--auth", metavar="FILE", help="File of users; each must sign in to the chat.")
    ] = None,
    add_user: Annotated[
        str | None,
        typer.Option("--add-user", metavar="NAME", help="Ask for this user's password, keep it in --auth FILE, end."),
    ] = None,
    suite: Annotated[
        Path | None,
        typer.Option("--suite", metavar="FILE", help="Suite that test cases are added to; default: HOME/cases.yaml."),
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Allow an address other machines can reach, without a password.")
    ] = False,
) -> None:
    """Open the chat in the browser."""
    from rag.models.llm.opening import check_spec
    from ui.server.bind_address import BindAddress, check_bind_address

    if add_user is not None:
        _add_user(add_user, auth)
        return
    place = BindAddress(host, port, auth, insecure, suite)
    check_bind_address(place)
    chosen = settings_of(home)
    spec = llm or chosen.llm
    check_spec(spec)

    def open_model() -> Model | None:
        from rag.errors import LLMError, ModelError
        from rag.models.llm.opening import open_llm

        try:
            return open_llm(spec, chosen, lambda name: pull_with_progress(name, chosen))
        except (LLMError, ModelError) as error:
            typer.echo(f"rag: {error} Until then answers are quotes from your documents.", err=True)
            raise

    # A chat may begin with nothing: documents are added on its page.
    with _open(index, chosen, create=True) as opened:
        from ui.server.app import serve

        serve(opened, chosen, place, spec, open_model)


def _add_user(name: str, auth: Path | None) -> None:
    from rag.errors import UsageError
    from ui.service.users import add_user

    if auth is None:
        raise UsageError("--add-user needs the file to keep users in; add --auth FILE.")
    new = add_user(auth, name)
    typer.echo(f"{name} is {'added to' if new else 'given a new password in'} {auth}")


@models_app.command("list")
def models_list(as_json: AsJson = False) -> None:
    """List known models, and which of them are on this machine."""
    from rag.models.weights import TABLE, path_of
    from rag.serialize import to_json

    folder = settings_of(None).models
    rows = [
        {
            "name": w.name,
            "kind": w.kind,
            "megabytes": round(w.size / 1e6),
            "present": path_of(w.name, folder) is not None,
            "licence": w.licence,
            "about": w.about,
        }
        for w in TABLE.values()
    ]
    if as_json:
        typer.echo(to_json({"folder": str(folder), "models": rows}))
        return
    for row in rows:
        present = "present" if row["present"] else "absent "
        typer.echo(f"{row['name']:30} {present}  {row['megabytes']:>5} MB  {row['licence']}  {row['about']}")


@models_app.command("pull")
def modelspull_aloud(name: Annotated[str, typer.Argument(metavar="NAME", help="A name of `rag models list`.")]) -> None:
    """Fetch the weights of a known model and check them."""
    from rag.errors import ModelError, UsageError
    from rag.models.weights import known

    try:
        known(name)
    except ModelError as error:
        raise UsageError(str(error)) from None
    typer.echo(f"{name} is at {pull_with_progress(name, settings_of(None))}")


# -- shared by the commands ------------------------------------------------------------------------------------------


def _absent(paths: list[Path]) -> None:
    """Fail on a path that does not exist before any model is loaded."""
    import os

    from rag.errors import UsageError

    for path in paths:
        if not os.path.lexists(path.expanduser()):
            raise UsageError(f"There is no file or folder {path}; check the path.")


def _open(name: str, chosen: Settings, create: bool = False) -> Index:
    from rag.store.index import open_index

    return open_index(name, settings=chosen, create=create, fetch=lambda model: pull_with_progress(model, chosen))


def _catalog(name: str, chosen: Settings) -> Any:
    """The catalog alone: what needs no model must not wait for one."""
    from contextlib import closing

    from rag.store.catalog import Catalog
    from rag.store.index import index_folder, recover_index

    recover_index(name, chosen.home.expanduser())
    return closing(Catalog(index_folder(name, chosen.home)))


def _model(spec: str | None, chosen: Settings) -> tuple[Model | None, bool]:
    """The language model, and whether the one that was asked for cannot be had.

    Then the program goes on with quotes and says how to add one.
    """
    from rag.errors import LLMError, ModelError
    from rag.models.llm.opening import open_llm

    try:
        return open_llm(spec or chosen.llm, chosen, lambda name: pull_with_progress(name, chosen)), False
    except (LLMError, ModelError) as error:
        typer.echo(f"rag: {error} Until then answers are quotes from your documents.", err=True)
        # Nobody who never chose a model is told that the answer is not as asked.
        return None, spec is not None or "llm" in chosen.model_fields_set


def _questions(question: str) -> Any:
    """The question, or with ``-`` the lines of standard input that are not blank."""
    from rag.errors import UsageError

    if question != "-":
        if not question.strip():
            raise UsageError("The question is empty; write one in quotes.")
        yield question
        return
    data = sys.stdin.buffer
    for line in data:
        asked = line.decode("utf-8", "replace").strip()
        if asked:
            yield asked


def _history(path: Path) -> list[Turn]:
    """A conversation from a JSON list of ``{"role", "content"}``."""
    import json

    from rag.errors import UsageError
    from rag.types import Turn

    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        turns = found["history"] if isinstance(found, dict) else found
        read = [Turn(turn["role"], turn["content"]) for turn in turns]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The history {path} cannot be read ({type(error).__name__}); it must be a JSON list of "
            '{"role": "user" or "assistant", "content": "…"}.'
        ) from None
    if any(turn.role not in ("user", "assistant") or not isinstance(turn.content, str) for turn in read):
        raise UsageError(f"The history {path} has a turn whose role is neither user nor assistant.")
    return read
