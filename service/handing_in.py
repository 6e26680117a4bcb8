"""The commands for submissions. What one needs is imported when it is called, so that help comes at once."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ingest import reaching
from ingest.errors import EngageError

if TYPE_CHECKING:
    from ingest.catalogue.submissions import Submissions
    from ingest.catalogue.submitted import Submission
    from ingest.corpus import Found
    from service.desk import Desk
    from service.settings import Settings

T = TypeVar("T")

app = typer.Typer()

_Ids = Annotated[list[int], typer.Argument(metavar="ID", help="As 'engage submissions' lists it; several at once.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line, for programs.")]


@app.command()
def submit(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Documents, archives, folders of them, or web addresses.")
    ],
    as_json: _Json = False,
) -> None:
    """Hand in documents whose cards somebody is to confirm. 'engage add' adds them at once."""
    from ingest.fetching import found_at

    _each(lambda desk, found: _receive(desk, found).id, list(found_at(paths, _settings())), as_json)


@app.command()
def submissions(
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="Only in this state, such as to_confirm; repeatable.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """List what was handed in, and how far it has come."""
    from ingest.catalogue.submitted import SubmissionState

    unknown = sorted(set(state or ()) - set(SubmissionState))
    if unknown:
        raise EngageError(f"'{unknown[0]}' is no state of a submission; it is one of {', '.join(SubmissionState)}.")
    with _ledger() as ledger:
        found = ledger.listed([SubmissionState(one) for one in state or ()])
    _print(found, as_json)
    if not found and not as_json:
        print("Nothing was handed in. Hand in documents with 'engage submit PATH'.")


@app.command()
def confirm(
    ids: _Ids,
    card: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The card in YAML, for one ID; by default as it is proposed.")
    ] = None,
    mask: Annotated[bool, typer.Option("--mask", help="Put […] in the place of personal data in its text.")] = False,
    as_json: _Json = False,
) -> None:
    """Have what was handed in added, under the card that is proposed or another."""
    if card is not None and len(ids) > 1:
        raise EngageError("A card is of one document. Confirm one ID with it, and the others without.")
    from ingest.corpus import card_in

    given = card_in(card) if card else None
    _each(lambda desk, id_: desk.confirm(id_, given, mask).id, ids, as_json)


@app.command()
def cancel(ids: _Ids, as_json: _Json = False) -> None:
    """Take submissions out of the queue."""
    _each(lambda desk, id_: desk.cancel(id_).id, ids, as_json)


@app.command()
def retry(ids: _Ids, as_json: _Json = False) -> None:
    """Try submissions that failed again."""
    _each(lambda desk, id_: desk.retry(id_).id, ids, as_json)


@app.command()
def receipt(
    submission: Annotated[int, typer.Argument(metavar="ID", help="As 'engage submissions' lists it.")],
    as_json: _Json = False,
) -> None:
    """Print what was read of a document that was added, and three questions answered from it alone."""
    from service.receipting import as_text, kept_receipt

    with _ledger() as ledger:
        found = kept_receipt(ledger, submission)
    print(found.model_dump_json() if as_json else as_text(found))


def _each(do: "Callable[[Desk, T], int]", things: "Sequence[T]", as_json: bool) -> None:
    """Whatever one of them refuses is told, and the others are done; then the command ends with 1."""
    from service.desk import desk

    done, refused = [], False
    with desk(_settings()) as at:
        for thing in things:
            try:
                done.append(do(at, thing))
            except EngageError as error:
                print(f"engage: {error}", file=sys.stderr)
                refused = True
    with _ledger() as ledger:
        _print([ledger.find(id_) for id_ in done], as_json)
    if refused:
        raise typer.Exit(1)


def _receive(desk: "Desk", found: "Found") -> "Submission":
    if found.refusal is not None:
        raise found.refusal
    try:
        with found.path.open("rb") as file:
            return desk.receive(found.path.name, file, found.card_text)
    except OSError as error:
        raise EngageError(f"{found.path} cannot be opened ({error.strerror}). Check who may read it.") from error


def _print(found: "Sequence[Submission]", as_json: bool) -> None:
    from service.tracking import told

    for one in found:
        print(one.model_dump_json() if as_json else f"{one.id}  {one.state}  {one.place}: {told(one)}", flush=True)


@contextmanager
def _ledger() -> "Iterator[Submissions]":
    """Straight from the database: reading it needs nobody's leave."""
    from ingest.catalogue.submissions import Submissions

    with reaching.catalogue() as catalogue:
        yield Submissions(catalogue.engine)


def _settings() -> "Settings":
    from service.settings import Settings

    return reaching.chosen(Settings)
