"""Answers as they were given, by their reference."""

from typing import Annotated

from fastapi import APIRouter, Path

from service import briefing, problems
from service.errors import UnknownAnswer
from service.records import REFERENCE_PATTERN, Records
from service.routes import BaseUrl, TheRecords
from service.routes.samples import ANSWER
from service.vocabulary import Answer, Briefing

router = APIRouter(prefix="/api/v1/answers", tags=["answers"], responses=problems.documented(404, 421, 422))

Reference = Annotated[str, Path(pattern=REFERENCE_PATTERN, examples=["7F3A-21"])]


@router.get("/{reference}", responses={200: ANSWER})
def kept_answer(reference: Reference, records: TheRecords) -> Answer:
    """An answer as it was given, whatever has become of the documents since."""
    return _found(records, reference)


@router.get("/{reference}/briefing")
def kept_briefing(reference: Reference, records: TheRecords, base_url: BaseUrl) -> Briefing:
    """The same, laid out for Word or Outlook."""
    answer = _found(records, reference)
    return Briefing(html=briefing.as_html(answer, base_url), text=briefing.as_text(answer, base_url))


def _found(records: Records, reference: str) -> Answer:
    answer = records.find(reference)
    if answer is None:
        raise UnknownAnswer(f"No answer is kept as {reference}; check the reference, or ask the question again.")
    return answer
