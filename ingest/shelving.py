"""The commands for what is held: listed, its cards and originals, brought back, exported.

What one needs is imported when it is called, so that help comes at once.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest import reaching
from ingest.errors import EngageError, LibraryInUse

if TYPE_CHECKING:
    from ingest.catalogue import Catalogue, HeldDocument
    from ingest.editions import TextChanges
    from ingest.selecting import Selection

app = typer.Typer()

_Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line, for programs.")]
_Id = Annotated[str, typer.Argument(metavar="ID", help="As 'engage documents' lists it.")]


@app.command()
def documents(
    organisation: Annotated[str | None, typer.Option(metavar="SLUG", help="Only of or about it.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Only of this kind, such as policy.")] = None,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Only of this status, such as draft.")] = None,
    date_from: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Only of then or later.")] = None,
    date_to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Only of then or earlier.")] = None,
    marking: Annotated[str | None, typer.Option(metavar="MARKING", help="Only of this marking, or 'none'.")] = None,
    reading: Annotated[str | None, typer.Option(metavar="GRADE", help="Only read so: good, fair or poor.")] = None,
    words: Annotated[str | None, typer.Option(metavar="WORDS", help="Only with these words in the title.")] = None,
    sort: Annotated[str, typer.Option(metavar="BY", help="title, date or added.")] = "title",
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Those that were removed instead.")] = False,
    as_json: _Json = False,
) -> None:
    """List the documents that questions are answered from."""
    from ingest.selecting import select

    selection = _selection(
        organisation=organisation,
        kind=kind,
        status=status,
        date_from=date_from,
        date_to=date_to,
        marking=marking,
        reading=reading,
        words=words,
        sort=sort,
    )
    with reaching.catalogue() as catalogue:
        held = catalogue.withdrawn() if withdrawn else catalogue.documents(None)
    found = select(held, selection)
    if not found and not as_json:
        print("Nothing of what is held is so." if held else _NOTHING[withdrawn])
    for document in found:
        print(_as_json(document) if as_json else _as_line(document))


_NOTHING = {
    False: "Nothing is held yet. Add documents with 'engage add PATH'.",
    True: "No document was withdrawn.",
}


@app.command()
def card(
    document: _Id,
    file: Annotated[
        Path | None,
        typer.Option("--set", metavar="FILE", help="Put the card in this YAML file in its place, all of it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")] = False,
) -> None:
    """Print the card of a document as YAML, or put another in its place; the text stays as it is."""
    from ingest.corpus import card_in, card_text

    if file is None:
        with reaching.catalogue() as catalogue:
            held = catalogue.version_of(document).card
        print(held.model_dump_json() if as_json else card_text(held), end="\n" if as_json else "")
        return
    from ingest.correcting import correct

    written = card_in(file, document)
    try:
        with reaching.library() as library:
            done = correct(library, document, written)
            library.settle()
    except LibraryInUse as busy:
        done = reaching.owner(busy).put_card(document, written)
    print(done.model_dump_json() if as_json else done.message)


@app.command()
def changes(
    document: _Id,
    version: Annotated[int | None, typer.Option(min=1, help="By default the latest.")] = None,
    since: Annotated[int | None, typer.Option(min=1, help="Against this version; by default the one before.")] = None,
    against: Annotated[str | None, typer.Option(metavar="ID", help="Against another document.")] = None,
    submission: Annotated[
        int | None, typer.Option(metavar="ID", help="What a submission that waits would change as its next version.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")] = False,
) -> None:
    """Print what changed from one version of a document to another, heading by heading."""
    from ingest.editions import as_text, text_changes, version_before

    if submission and (version or since or against):
        raise EngageError("With --submission the latest version is compared; leave out the other options.")
    with reaching.catalogue() as catalogue:
        if submission:
            found = _to_come(catalogue, submission, document)
        else:
            new = catalogue.version_of(document, version)
            number = since if since or against else version_before(catalogue, new)
            found = text_changes(catalogue.version_of(against or document, number), new)
    print(found.model_dump_json() if as_json else as_text(found))


@app.command()
def restore(document: _Id) -> None:
    """Bring a document that was removed back into answers, as it was."""
    from ingest import correcting

    try:
        with reaching.library() as library:
            done = correcting.restore(library, document)
            library.settle()
    except LibraryInUse as busy:
        done = reaching.owner(busy).restore(document)
    print(done.message)


@app.command()
def original(
    document: _Id,
    to: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write it; by default here, by its name.")
    ] = None,
    version: Annotated[int | None, typer.Option(min=1, help="By default the one in use.")] = None,
) -> None:
    """Write out the file that a document was added from, exactly as it was."""
    from ingest.originals import Originals, taken_out

    with reaching.catalogue() as catalogue:
        held = catalogue.version_of(document, version)
    path = to or Path(Path(held.file_name).name)
    source = taken_out(Originals(reaching.settings().data_dir / "originals"), held)
    try:
        with source.open("rb") as kept, path.open("xb") as target:
            shutil.copyfileobj(kept, target)
    except OSError as error:
        raise EngageError(f"{path} could not be written ({error.strerror}). Name another file.") from error
    print(f"Wrote {path}: '{held.card.title}' ({document}), version {held.number}.")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="A new file; none is written over.")],
) -> None:
    """Write all that is held into a ZIP archive: originals with their cards. 'engage add' reads it back."""
    from ingest.exporting import Export, save
    from ingest.originals import Originals

    with reaching.catalogue() as catalogue:
        whole = Export(catalogue, Originals(reaching.settings().data_dir / "originals"))
    try:
        size = save(whole, file)
    except OSError as error:
        raise EngageError(f"{file} could not be written ({error.strerror}). Name another file.") from error
    print(f"Wrote {file}: {whole}, {size / 1e6:,.1f} MB. To have the same library elsewhere: engage add {file}")


def _to_come(catalogue: "Catalogue", submission: int, document: str) -> "TextChanges":
    from ingest.catalogue.submissions import Submissions
    from ingest.received import Received
    from ingest.submitting import changes_in

    ledger = Submissions(catalogue.engine)
    return changes_in(Received(reaching.settings(), ledger), catalogue, ledger.find(submission), document)


def _selection(**fields: object) -> "Selection":
    from pydantic import ValidationError

    from ingest.selecting import Selection

    try:
        return Selection.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        option = {"date_from": "from", "date_to": "to"}.get(str(first["loc"][0]), first["loc"][0])
        said = first["msg"].removeprefix("Value error, ")
        raise EngageError(f"--{option}: {said}. See 'engage documents --help'.") from error


def _as_json(document: "HeldDocument") -> str:
    import json

    held = {"document": document.id, "version": document.number, "passages": document.passages}
    file = {"file_name": document.file_name, "size": document.size, "sha256": document.sha256, "pages": document.pages}
    added = {"added_at": document.added_at.isoformat(), "card": document.card.model_dump(mode="json")}
    read = {"quality": document.quality.model_dump(mode="json") if document.quality else None}
    return json.dumps(held | file | added | read, ensure_ascii=False)


def _as_line(document: "HeldDocument") -> str:
    from datetime import date

    from ingest.vocabulary import Grade, Status, is_past

    card, quality = document.card, document.quality
    marks = [] if card.status is Status.CURRENT else [card.status.value]
    marks += [f"review was due {card.review_date}"] if is_past(card.review_date, date.today()) else []
    marks += [f"{quality.grade} reading"] if quality and quality.grade is not Grade.GOOD else []
    told = f"  ({', '.join(marks)})" if marks else ""
    return f"{document.id}  {card.newest_date or 'undated'}  {card.kind}  version {document.number}  {card.title}{told}"
