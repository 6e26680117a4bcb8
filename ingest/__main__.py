"""The commands that keep the library. What one needs is imported when it is called, so that help comes at once."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import EngageError, LibraryInUse

if TYPE_CHECKING:
    from ingest.catalogue import HeldDocument
    from ingest.going_through import Owner
    from ingest.library import Library
    from ingest.settings import IngestSettings

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
        list[Path], typer.Argument(metavar="PATH", help="Documents, or folders or ZIP archives of documents.")
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
    from ingest.corpus import gather
    from ingest.telling import telling

    found = (replace(file, masked=mask) for file in gather(paths))
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
        raise EngageError(
            f"There is no document in {', '.join(map(str, paths))}. Name files, or folders that hold some."
        )
    if teller.failed:
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
def documents(as_json: _Json = False) -> None:
    """List the documents that questions are answered from."""
    from ingest.catalogue import Catalogue

    settings = _settings()
    if not settings.database_url and not settings.data_dir.exists():
        raise EngageError(f"Nothing is held in {settings.data_dir} yet. Add documents with 'engage add PATH'.")
    # Only read, so whoever owns the folder need not be asked.
    catalogue = Catalogue(settings.catalogue_url)
    held = catalogue.documents(None)
    catalogue.close()
    if not held and not as_json:
        print("Nothing is held yet. Add documents with 'engage add PATH'.")
    for document in held:
        print(_as_json(document) if as_json else _as_line(document))


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


def _settings() -> "IngestSettings":
    from pydantic import ValidationError

    from ingest.settings import IngestSettings

    try:
        return IngestSettings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        setting = f"ENGAGE_{'_'.join(map(str, first['loc'])).upper()}"
        raise EngageError(f"The setting {setting} is wrong: {first['msg']}. docs/operator.md lists all.") from error


@contextmanager
def _library(any_embedder: bool = False) -> "Iterator[Library]":
    from ingest.library import Library

    with Library.open(_settings(), any_embedder) as library:
        yield library


def _owner(busy: LibraryInUse, keep_withdrawn: bool = False) -> "Owner":
    """The service that owns the data folder; where it is none, the refusal stands."""
    from ingest.going_through import Owner

    owner = Owner.of(busy.owner)
    if owner is None:
        raise busy
    if keep_withdrawn:
        sentence = "The running service brings back what is added; stop it first, or leave out --keep-withdrawn."
        raise EngageError(sentence)
    return owner


def _as_json(document: "HeldDocument") -> str:
    import json

    held = {"document": document.id, "version": document.number, "passages": document.passages}
    file = {"file_name": document.file_name, "size": document.size, "sha256": document.sha256, "pages": document.pages}
    added = {"added_at": document.added_at.isoformat(), "card": document.card.model_dump(mode="json")}
    read = {"quality": document.quality.model_dump(mode="json") if document.quality else None}
    return json.dumps(held | file | added | read, ensure_ascii=False)


def _as_line(document: "HeldDocument") -> str:
    from ingest.vocabulary import Grade

    card, quality = document.card, document.quality
    read = "" if quality is None or quality.grade is Grade.GOOD else f"  ({quality.grade} reading)"
    return f"{document.id}  {card.newest_date or 'undated'}  {card.kind}  version {document.number}  {card.title}{read}"


if __name__ == "__main__":
    main()
