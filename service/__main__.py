"""The command `engage`. What a command needs is imported when it is called, so that help comes at once."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ingest.__main__ import app as library_commands
from ingest.errors import EngageError
from service.handing_in import app as submission_commands
from service.reporting import app as missing_commands

if TYPE_CHECKING:
    from pydantic import ValidationError
    from sqlalchemy import Engine

    from service.settings import Settings
    from service.vocabulary import Question, Turn

_HELP = """
Cited answers about how police forces engage with the public.

Documents are added to a library; questions are answered with sentences from it, each with the place it comes from.
"""
_EPILOG = """
To begin:

\b
  engage add plan.pdf      add a document; a folder adds all that is in it
  engage ask "Which forces consulted young people?"
  engage serve             open the page that it prints, and ask there

The words: a document is added under its card (title, organisations, dates, marking); a new file under the same id is a
new version of it, and the old one stands aside. An answer is a few points, each with its citations: the very words, and
where they stand. What the documents do not answer is kept as a gap.

Everything lies in one folder: data/ in the project's own, or the one that ENGAGE_DATA_DIR names. One process owns it at
a time. While the service runs, all that adds, changes and asks goes through it; rebuild and verify refuse until it is
stopped.

Whatever fails is told in a sentence on stderr, with exit code 1, or 2 where the command was given wrongly.
docs/operator.md lists all settings.
"""

app = typer.Typer(
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for more in (library_commands, submission_commands, missing_commands):
    app.registered_commands.extend(more.registered_commands)
app.registered_groups.extend(missing_commands.registered_groups)

_Organisations = Annotated[
    list[str] | None,
    typer.Option(
        "--organisation", metavar="SLUG", help="Only documents of or about it, such as merseyside; repeatable."
    ),
]
_Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help="Only documents of this kind, such as profile; repeatable."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="At most 2,000 characters, in quotation marks.")],
    history: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Earlier turns: JSON [{"role": "user" or "assistant", "content": "…"}, …].'),
    ] = None,
    organisation: _Organisations = None,
    kind: _Kinds = None,
    date_from: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Only documents dated then or later: 2016, 2016-01 or 2016-01-07."),
    ] = None,
    date_to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Only documents dated then or earlier.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Answer a question, each statement with its source."""
    from service import asking, briefing

    asked = _question(
        question=question,
        history=_history(history),
        organisations=tuple(organisation or ()),
        kinds=tuple(kind or ()),
        date_from=date_from,
        date_to=date_to,
    )
    settings = _settings_of_a_library()
    answer, base_url = asking.ask(settings, asked)
    print(answer.model_dump_json() if as_json else briefing.as_text(answer, base_url), end="\n" if as_json else "")


@app.command()
def serve(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="8000 unless ENGAGE_PORT says otherwise; 0: any.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="127.0.0.1 unless ENGAGE_HOST says otherwise.")] = None,
    add: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH", help="Add this document or folder first; what is held already is left; repeatable."
        ),
    ] = None,
) -> None:
    """Serve the question page and the API until Ctrl+C."""
    settings = _settings({name: value for name, value in {"port": port, "host": host}.items() if value is not None})
    from service.serving import serve as run

    run(settings, add or [], _say)


@app.command()
def forget(
    before: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="A day, such as 2025-11-22.")],
    keep_requests: Annotated[
        bool, typer.Option("--keep-requests", help="Keep what was asked of bodies, whatever its age.")
    ] = False,
) -> None:
    """Delete what was asked and answered before a day, and requests last changed before it."""
    from ingest.register import Register
    from service.records import Records
    from service.requests import Requests

    with _engine() as engine:
        forgotten = Records(engine).forget(before.astimezone())
        asked = 0 if keep_requests else Requests(engine, Register.load()).forget(before.astimezone())
    print(f"Answers asked before {before:%Y-%m-%d} that are deleted: {forgotten:,}; and the gaps last asked before it.")
    print(f"Requests last changed before it that are deleted: {asked:,}.")


def main() -> None:
    """Run the command. Whatever fails ends in one sentence on stderr and a code that is not 0."""
    try:
        app(prog_name="engage")
    except EngageError as error:
        _fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
    except Exception as error:
        _fail(f"Failed where it should not ({type(error).__name__}: {error}, at {_place(error)}); please report this.")


def _fail(sentence: str, code: int = 1) -> NoReturn:
    print(f"engage: {sentence}", file=sys.stderr)
    raise SystemExit(code)


def _say(line: str) -> None:
    print(line, flush=True)


def _question(**fields: object) -> "Question":
    from pydantic import ValidationError

    from service.vocabulary import Question

    try:
        return Question.model_validate(fields)
    except ValidationError as error:
        _fail(_complaint(error), 2)


def _history(path: Path | None) -> "tuple[Turn, ...]":
    if path is None:
        return ()
    from pydantic import TypeAdapter, ValidationError

    from service.vocabulary import Turn

    try:
        return TypeAdapter(tuple[Turn, ...]).validate_json(path.read_bytes())
    except OSError as error:
        _fail(f"The history {path} cannot be read ({error.strerror}); check --history.", 2)
    except ValidationError as error:
        _fail(f"The history {path} is not a JSON list of turns with role and content: {_complaint(error)}", 2)


def _complaint(error: "ValidationError") -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return (
        f"{where}: {first['msg']}; see 'engage ask --help'." if where else f"{first['msg']}; see 'engage ask --help'."
    )


def _settings(given: Mapping[str, object]) -> "Settings":
    from ingest.reaching import chosen
    from service.settings import Settings

    try:
        return chosen(Settings, **given)
    except EngageError as error:
        _fail(str(error), 2)


def _settings_of_a_library() -> "Settings":
    from ingest.reaching import refuse_nothing_held

    settings = _settings({})
    refuse_nothing_held(settings)
    return settings


@contextmanager
def _engine() -> "Iterator[Engine]":
    """Straight to the database: what is recorded belongs to no process, and the library need not be opened."""
    from ingest.catalogue import Catalogue

    with closing(Catalogue(_settings_of_a_library().catalogue_url)) as catalogue:
        yield catalogue.engine


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


if __name__ == "__main__":
    main()
