"""Asking: the whole answer at once, or its points as they are ready."""

import logging
from collections.abc import Iterable, Iterator
from typing import Annotated

from fastapi import APIRouter, Body, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service import briefing, problems
from service.answering import PointReady
from service.listing import check_organisations
from service.routes import BaseUrl, TheAnswering, TheLibrary, WhoAsks
from service.routes.bodies import JsonRoute
from service.routes.samples import ANSWER, QUESTIONS, STREAM
from service.vocabulary import Answer, Briefing, Question

router = APIRouter(
    prefix="/api/v1/questions",
    tags=["questions"],
    route_class=JsonRoute,
    responses=problems.documented(400, 403, 413, 415, 421, 422, 503),
)

_log = logging.getLogger(__name__)


def _asked(question: Annotated[Question, Body(openapi_examples=QUESTIONS)], library: TheLibrary) -> Question:
    check_organisations(question.organisations, library.register)
    return question


Asked = Annotated[Question, Depends(_asked)]


@router.post("", responses={200: ANSWER})
def ask(question: Asked, answering: TheAnswering, asker: WhoAsks) -> Answer:
    """Ask a question. Whatever the outcome, it is an answer: see `outcome` and `message`."""
    return answering.answer(question, asker)


@router.post("/stream", response_class=EventSourceResponse, responses={200: STREAM})
def stream(question: Asked, answering: TheAnswering, asker: WhoAsks, base_url: BaseUrl) -> Iterator[ServerSentEvent]:
    """Ask a question and get server-sent events: each `point` with its citations as soon as they are checked, then the
    whole `answer` with its briefing; or a `problem`.
    """
    yield from _events(answering.stream(question, asker), base_url)


def _events(answers: Iterable[PointReady | Answer], base_url: str) -> Iterator[ServerSentEvent]:
    try:
        for event in answers:
            yield _event(event, base_url)
    except Exception as error:
        _log.exception("A question failed while its answer was sent")
        yield ServerSentEvent(event="problem", data=problems.of(error).model_dump(exclude_defaults=True))


def _event(event: PointReady | Answer, base_url: str) -> ServerSentEvent:
    if isinstance(event, PointReady):
        return ServerSentEvent(event="point", data={"point": event.point, "citations": event.citations})
    laid_out = Briefing(html=briefing.as_html(event, base_url), text=briefing.as_text(event, base_url))
    return ServerSentEvent(event="answer", data={"answer": event, "briefing": laid_out})
