"""The questions that the field asks of every body, as data: a force may ask others."""

import csv
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from ingest.errors import EngageError
from service.missing import FieldQuestion

FILE = "field.csv"
_COLUMNS = ["id", "heading", "question"]


def field_questions(data_dir: Path) -> tuple[FieldQuestion, ...]:
    """Those of the data folder's own field.csv, else of the one that ships. Raises EngageError."""
    own = data_dir / FILE
    if not own.exists():
        return _read(files("service").joinpath(FILE).read_text(encoding="utf-8"))
    try:
        return _read(own.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, csv.Error) as error:
        first = error.errors(include_url=False)[0]["msg"] if isinstance(error, ValidationError) else error
        raise EngageError(
            f"The questions in {own} cannot be used ({first}). Write the columns {', '.join(_COLUMNS)}, a question a "
            "line, or remove the file to ask those that ship."
        ) from error


def _read(text: str) -> tuple[FieldQuestion, ...]:
    """Raises ValueError."""
    rows = csv.DictReader(text.splitlines(), strict=True)
    if rows.fieldnames != _COLUMNS:
        raise ValueError(f"its first line must be {','.join(_COLUMNS)}")
    questions = tuple(FieldQuestion.model_validate(row) for row in rows)
    if not questions or len({question.id for question in questions}) < len(questions):
        raise ValueError("it has no question, or two of one id")
    return questions
