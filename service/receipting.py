"""The receipt of a document that was added: what was read of it, its card with the words that say so, and three
questions answered from it alone, to see that it worked."""

import logging
import re
from collections.abc import Iterator
from itertools import groupby

from ingest.catalogue import HeldVersion
from ingest.catalogue.submissions import Submissions
from ingest.catalogue.submitted import JsonObject, Submission
from ingest.library import Library
from ingest.suggesting import Suggestion
from ingest.vocabulary import BlockKind, Card, page_unit
from service.answering import Answering
from service.errors import NoReceipt
from service.field import field_questions
from service.held import Evidenced, Receipt, Tried
from service.showing import card_facts
from service.vocabulary import Answer, Asker, DocumentReference, Outcome, Question
from service.words import stems

_log = logging.getLogger(__name__)

QUESTIONS = 3
_OF_HEADINGS = 6
"""Tried, until enough of them are answered."""
_LONGEST_HEADING = 120
_ASKS = re.compile(r"(?:why|who|whom|what|which|how|when|where)\b", re.IGNORECASE)
_SILENT = "The document does not answer this."


class Receipting:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._field = tuple(asked.question for asked in field_questions(library.settings.data_dir))
        """What the field asks of every document."""
        # Verbatim and unrecorded: nobody asked these, and what is not answered is no gap of the library's.
        self._answering = Answering(library, lambda: "")

    def receipt(self, submission: Submission, suggestion: Suggestion, version: HeldVersion) -> JsonObject:
        """As JSON, for the ledger."""
        tried, note = self._tried(version)
        quality = version.quality
        made = Receipt(
            submission=submission.id,
            document=version.document_id,
            version=version.number,
            title=version.card.title,
            file_name=version.file_name,
            sha256=version.sha256,
            pages=version.pages,
            page_unit=page_unit(version.format),
            pages_read=quality.pages_with_text if quality else None,
            characters=len(version.text),
            characters_read=quality.characters if quality else len(version.text),
            headings=sum(block.kind is BlockKind.HEADING for block in version.blocks),
            passages=self._library.catalogue.passage_count(version.id),
            tables=sum(kind is BlockKind.ROW for kind, _ in groupby(block.kind for block in version.blocks)),
            left_out=version.left_out,
            warnings=quality.warnings if quality else (),
            card=tuple(_evidenced(version.card, suggestion, self._library)),
            alike=tuple(DocumentReference(document_id=a.document, title=a.title, date=None) for a in suggestion.alike),
            supersedes=version.number - 1 or None,
            questions=tried,
            note=note,
        )
        return made.model_dump(mode="json")

    def _tried(self, version: HeldVersion) -> tuple[tuple[Tried, ...], str | None]:
        """Questions that it answers, before those that it does not."""
        asker = Asker(frozenset(version.card.audience))
        answers: list[Answer] = []
        try:
            for question in (*_of_headings(version), *self._field):
                asked = Question(question=question, documents=(version.document_id,))
                answers.append(self._answering.answer(asked, asker))
                if sum(map(_is_answered, answers)) == QUESTIONS:
                    break
        except Exception as error:  # the document is in, whatever comes of asking it
            _log.exception("The questions of a receipt failed")
            return (), f"No question could be put to it ({type(error).__name__})."
        best = sorted(answers, key=_is_answered, reverse=True)[:QUESTIONS]
        return tuple(_tried(answer) for answer in best), None


def kept_receipt(ledger: Submissions, submission: int) -> Receipt:
    """Raises UnknownSubmission, NoReceipt."""
    found, kept = ledger.find(submission), ledger.receipt(submission)
    if kept is None:
        state, why = found.state.replace("_", " "), found.message or "Wait until it is added."
        raise NoReceipt(f"Submission {submission} ({found.place}) is {state}. {why}")
    return Receipt.model_validate(kept)


def as_text(receipt: Receipt) -> str:
    """For a terminal."""
    return "\n".join(_lines(receipt))


def _lines(receipt: Receipt) -> Iterator[str]:
    yield f"{receipt.title} ({receipt.document}, version {receipt.version}), from {receipt.file_name}"
    if receipt.pages:
        yield f"{receipt.page_unit.capitalize()}s with text: {receipt.pages_read} of {receipt.pages}"
    yield f"Characters: {receipt.characters:,} of {receipt.characters_read:,} read"
    yield f"Headings: {receipt.headings}, passages: {receipt.passages}, tables: {receipt.tables}"
    yield from receipt.warnings
    for note in receipt.left_out:
        yield f"Left out: {note}"
    for said in receipt.card:
        quote = f'  "{said.quote}"' if said.quote else ""
        yield f"{said.field}: {said.value}{quote}"
    for tried in receipt.questions:
        yield f"\n{tried.question} ({tried.outcome.replace('_', ' ')})"
        for point in tried.points:
            yield f"  {point.text} {' '.join(f'[{number}]' for number in point.citations)}"
    if receipt.note:
        yield receipt.note


def _of_headings(version: HeldVersion) -> Iterator[str]:
    headings = dict.fromkeys(path[-1] for path in _paths(version) if path and path[-1] != version.card.title)
    usable = [heading for heading in headings if len(heading) <= _LONGEST_HEADING and stems(heading)]
    for heading in usable[:_OF_HEADINGS]:
        asked = heading.rstrip(".:?! ")
        yield f"{asked}?" if _ASKS.match(asked) else f"What is said about {asked}?"


def _paths(version: HeldVersion) -> Iterator[tuple[str, ...]]:
    """Headings under which something stands."""
    return (block.heading_path for block in version.blocks if block.kind is not BlockKind.HEADING)


def _is_answered(answer: Answer) -> bool:
    return answer.outcome is Outcome.ANSWERED


def _tried(answer: Answer) -> Tried:
    return Tried(
        question=answer.question,
        outcome=answer.outcome,
        message=answer.message if answer.points else _SILENT,
        points=answer.points,
        citations=answer.citations,
    )


def _evidenced(card: Card, suggestion: Suggestion, library: Library) -> Iterator[Evidenced]:
    """The fields that say something, each with the words it was taken from, unless somebody has changed it since."""
    for field, value, worded in card_facts(card, library.register):
        words = suggestion.evidence("organisations" if field == "organisation" else field, value)
        if words:
            yield Evidenced(field=field, value=worded, quote=words.quote, page=words.page, source=words.source)
        else:
            yield Evidenced(field=field, value=worded)
