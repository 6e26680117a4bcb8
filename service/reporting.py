"""The commands that tell what is missing. What one needs is imported when it is called, so that help comes at once."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingest.errors import EngageError, LibraryInUse
from ingest.reaching import chosen, refuse_nothing_held

if TYPE_CHECKING:
    from service.missing import DocumentRequest
    from service.reaching import Reaching
    from service.vocabulary import Gap

app = typer.Typer()
requests = typer.Typer(help="Ask bodies for documents, and see what has been asked for.", invoke_without_command=True)
app.add_typer(requests, name="requests")

_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
_Id = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="As 'engage requests' lists it.")]
_Letter = Annotated[Path | None, typer.Option(metavar="FILE", help="The letter, in UTF-8, in the place of the draft.")]
_Note = Annotated[str | None, typer.Option(metavar="TEXT", help="A note for yourself.")]


@app.command()
def gaps(
    as_json: _Json = False,
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help="Only those open, answered or out_of_scope.")
    ] = None,
) -> None:
    """List the questions that went unanswered, latest first, and what answers them by now."""
    from service.vocabulary import Gap

    if state not in (None, "open", "answered", "out_of_scope"):
        raise EngageError("A gap is open, answered or out_of_scope; give one of these as --state.")
    reaching = _reaching()
    try:
        found = reaching.ask(list[Gap], lambda _, requesting: requesting.gaps(), "GET", "/api/v1/gaps")
    except LibraryInUse:
        found = reaching.gaps_as_last_looked_at()
    found = [gap for gap in found if state in (None, gap.state)]
    if as_json:
        print(_as_json(found))
    else:
        print("\n".join(map(_gap_line, found)) or "No question has gone unanswered.")


@app.command()
def coverage(
    as_json: _Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for a spreadsheet.")] = False,
    region: Annotated[str, typer.Option(metavar="REGION", help='Only bodies of it, such as "North East".')] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help="force, opcc or held (all that documents name).")] = "force",
) -> None:
    """Tell which body says what on the questions that the field asks."""
    from typing import cast

    from ingest.library import Library
    from service import tabling
    from service.field import field_questions
    from service.missing import BodyKind, FieldCoverage
    from service.requesting import Requesting
    from service.surveying import Surveying
    from service.vocabulary import Asker

    if kind not in ("force", "opcc", "held"):
        raise EngageError("A kind of body is force, opcc or held; give one of these as --kind.")

    def survey(library: Library, _: Requesting) -> FieldCoverage:
        surveying = Surveying(library, field_questions(library.settings.data_dir))
        surveying.check_region(region)
        return surveying.coverage(Asker(), cast(BodyKind, kind), region or None)

    query = {"kind": kind, "region": region}
    found = _reaching().ask(FieldCoverage, survey, "GET", "/api/v1/coverage", query=query)
    if as_json:
        print(found.model_dump_json())
    else:
        print(tabling.as_csv(found) if as_csv else tabling.as_text(found), end="")


@requests.callback()
def listed(context: typer.Context, as_json: _Json = False) -> None:
    if context.invoked_subcommand:
        return
    from service.missing import DocumentRequest

    found = _reaching().ask(
        list[DocumentRequest], lambda _, requesting: requesting.requests(), "GET", "/api/v1/requests"
    )
    if as_json:
        print(_as_json(found))
    else:
        print("\n".join(map(_request_line, found)) or "Nothing has been asked for.")


@requests.command()
def show(number: _Id) -> None:
    """Print the letter."""
    from service.missing import DocumentRequest

    address = f"/api/v1/requests/{number}"
    print(_reaching().ask(DocumentRequest, lambda _, requesting: requesting.kept.find(number), "GET", address).letter)


@requests.command()
def draft(
    organisation: Annotated[str, typer.Argument(metavar="SLUG", help="The body to ask, such as humberside.")],
    gap: Annotated[
        str | None, typer.Option(metavar="ID", help="The gap that it is to fill, as 'engage gaps --json' has it.")
    ] = None,
    wanted: Annotated[str | None, typer.Option(metavar="TEXT", help="What is asked for; by default drafted.")] = None,
    letter: _Letter = None,
    note: _Note = None,
) -> None:
    """Draft a request, keep it and print the letter. Nothing is sent."""
    from service.missing import DocumentRequest, NewRequest

    fields = {"organisation": organisation, "gap": gap, "wanted": wanted, "letter": _text(letter), "note": note or ""}
    new = _checked(NewRequest, fields)
    kept = _reaching().ask(
        DocumentRequest,
        lambda _, requesting: requesting.keep(new),
        "POST",
        "/api/v1/requests",
        new.model_dump(mode="json"),
    )
    print(f"Kept as request {kept.id}.\n\n{kept.letter}")


@requests.command()
def change(
    number: _Id,
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help="drafted, sent, received, closed or declined.")
    ] = None,
    sent_on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], metavar="DATE", help="The day that it was sent.")
    ] = None,
    wanted: Annotated[str | None, typer.Option(metavar="TEXT", help="What is asked for.")] = None,
    letter: _Letter = None,
    note: _Note = None,
) -> None:
    """Tell how a request stands, or correct it."""
    from service.missing import DocumentRequest, RequestChange

    fields = {"state": state, "wanted": wanted, "letter": _text(letter), "note": note}
    made = _checked(RequestChange, {**fields, "sent_on": sent_on.date() if sent_on else None})
    kept = _reaching().ask(
        DocumentRequest,
        lambda _, requesting: requesting.kept.change(number, made),
        "PATCH",
        f"/api/v1/requests/{number}",
        made.model_dump(mode="json"),
    )
    print(_request_line(kept))


def _reaching() -> "Reaching":
    from service.reaching import Reaching
    from service.settings import Settings

    settings = chosen(Settings)
    refuse_nothing_held(settings)
    return Reaching(settings)


def _text(path: Path | None) -> str | None:
    try:
        return path.read_text(encoding="utf-8") if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise EngageError(f"The letter {path} cannot be read ({error}); check --letter.") from error


def _checked(kind: Any, fields: Mapping[str, object]) -> Any:
    from pydantic import ValidationError

    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise EngageError(f"{where}: {first['msg']}; see 'engage requests --help'.") from error


def _as_json(found: Iterable[Any]) -> str:
    return json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False)


def _gap_line(gap: "Gap") -> str:
    times = "once" if gap.times == 1 else f"{gap.times} times"
    missing = f"; nothing from {', '.join(o.name for o in gap.organisations)}" if gap.organisations else ""
    line = f"{gap.last_asked:%Y-%m-%d}  {gap.question}  ({gap.outcome.replace('_', ' ')}, asked {times}{missing})"
    if gap.answered_by:
        line += f"  answered since {gap.answered_by.since:%Y-%m-%d} by {gap.answered_by.title}"
    return "\n".join([line, *(f"            also: {w.question}" for w in gap.wordings[1:])])


def _request_line(request: "DocumentRequest") -> str:
    sent = f" on {request.sent_on:%Y-%m-%d}" if request.sent_on and request.state == "sent" else ""
    note = f"  ({request.note})" if request.note else ""
    return f"{request.id}  {request.state}{sent}  {request.organisation.name}: {request.wanted}{note}"
