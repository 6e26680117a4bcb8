"""The commands that keep the library. What one needs is imported when it is called, so that help comes at once."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ingest import shelving
from ingest.errors import EngageError, LibraryInUse
from ingest.reaching import catalogue_or_empty
from ingest.reaching import library as _library
from ingest.reaching import owner as _owner
from ingest.reaching import settings as _settings

app = typer.Typer(
    help="Keep the library: add documents, list and remove them, check and rebuild what is derived from them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line, for programs.")]


@app.command()
def add(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Documents, folders or ZIP archives of documents, or web addresses."),
    ],
    as_json: _Json = False,
    keep_withdrawn: Annotated[
        bool, typer.Option("--keep-withdrawn", help="Leave out documents that were removed before.")
    ] = False,
    mask: Annotated[
        bool, typer.Option("--mask", help="Put […] for people's e-mail addresses, telephone and collar numbers.")
    ] = False,
) -> None:
    """Add documents; adding one again takes over what changed. Exits with 1 if any could not be added."""
    from ingest import adding
    from ingest.fetching import found_at
    from ingest.telling import telling

    found = (replace(file, masked=mask) for file in found_at(paths, _settings()))
    with telling(as_json) as teller:
        try:
            with _library() as library:
                for added in adding.add(library, found, teller.progress, keep_withdrawn):
                    teller.added(added)
                library.settle()
        except LibraryInUse as busy:
            for added in _owner(busy, keep_withdrawn).add(found, _settings()):
                teller.added(added)
    if not teller.told:
        raise EngageError(f"There is no document in {', '.join(paths)}. Name files, or folders that hold some.")
    if teller.failed:
        raise typer.Exit(1)


@app.command()
def propose(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Documents, or folders of them.")],
    write: Annotated[
        bool, typer.Option("--write", help="Write each card beside its file, as NAME.EXT.card.yaml, if none is there.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Propose cards from what documents say of themselves; nothing is added. Exits with 1 if any cannot be read."""
    from ingest.appraising import appraise_all
    from ingest.carding import commented_card, write_beside
    from ingest.corpus import gather

    failed = False
    with catalogue_or_empty() as catalogue:
        for one in appraise_all(gather(paths), catalogue, _settings()):
            failed |= one.suggestion is None
            if as_json:
                print(one.model_dump_json(), flush=True)
            elif one.suggestion is None:
                print(f"No card for {one.path}: {one.message}", file=sys.stderr)
            elif write:
                print(write_beside(Path(one.path), one.suggestion), flush=True)
            else:
                print(f"--- # {one.path}\n{commented_card(one.suggestion)}", end="", flush=True)
    if failed:
        raise typer.Exit(1)


@app.command("check-addresses")
def check_addresses(
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Only these; otherwise all that have an address.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Look whether documents have changed at the web addresses on their cards. Exits with 1 if any has."""
    from ingest.preparing import Preparer
    from ingest.reaching import catalogue as held_catalogue
    from ingest.revisiting import Finding, Revisiting

    settings = _settings()
    changed = False
    with held_catalogue() as catalogue, Preparer(settings) as preparer:
        held = [document for document in catalogue.documents(None) if not documents or document.id in documents]
        for missing in sorted({*(documents or ())} - {document.id for document in held}):
            raise EngageError(f"No document '{missing}' is held; list what is held with 'engage documents'.")
        for found in Revisiting(catalogue, preparer, settings).all(held):
            print(found.model_dump_json() if as_json else found.message)
            changed |= found.finding is Finding.CHANGED
    if changed:
        raise typer.Exit(1)


@app.command()
def remove(document: Annotated[str, typer.Argument(metavar="ID", help="As 'engage documents' lists it.")]) -> None:
    """Take a document out of answers, at once. Past citations of it still resolve."""
    from ingest import adding

    try:
        with _library() as library:
            message = adding.remove(library, document)
            library.settle()
    except LibraryInUse as busy:
        message = _owner(busy).remove(document)
    print(message)


@app.command()
def rebuild(
    embed_again: Annotated[
        bool, typer.Option("--embed-again", help="Make the vectors again too, as another embedder needs them.")
    ] = False,
) -> None:
    """Make the Chroma index and the lexical index again from the catalogue."""
    from ingest import rebuilding
    from ingest.telling import telling

    with _library(any_embedder=embed_again) as library:
        if embed_again:
            with telling(as_json=False) as teller:
                done = rebuilding.embed_again(library, teller.progress)
            print(f"Embedded {done:,} documents again with {library.settings.embedder_name}.")
        library.rebuild()
        passages, live = library.catalogue.passage_count(), len(library.catalogue.all_live_versions())
    print(f"Both indexes are made again: {live:,} documents, {passages:,} passages.")


@app.command()
def verify() -> None:
    """Compare originals, catalogue and indexes, and say what differs. Exits with 1 if anything does."""
    from ingest import verifying

    with _library() as library:
        differences = list(verifying.verify(library))
        live = len(library.catalogue.all_live_versions())
    for sentence in differences:
        print(sentence)
    if differences:
        raise typer.Exit(1)
    print(f"Nothing differs: {live:,} documents, their originals and both indexes are as the catalogue has them.")


app.registered_commands.extend(shelving.app.registered_commands)


def main() -> None:
    """Run a command; whatever fails ends in a sentence on stderr and exit code 1."""
    try:
        app(prog_name="python -m ingest")
    except EngageError as error:
        print(error, file=sys.stderr)
    except Exception as error:
        print(f"Failed where it should not ({type(error).__name__}: {error}); please report this.", file=sys.stderr)
    else:
        return
    raise SystemExit(1)


if __name__ == "__main__":
    main()
