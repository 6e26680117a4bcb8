"""What a person decides of a submission: its card, that it is not wanted, that it is tried again."""

from pathlib import Path

from ingest.admitting import admit_card
from ingest.catalogue.submissions import Submissions
from ingest.catalogue.submitted import Submission, SubmissionState
from ingest.claiming import Claims
from ingest.corpus import Found, card_text, make_card
from ingest.errors import InvalidCard, SubmissionElsewhere
from ingest.library import Library
from ingest.suggesting import Suggestion, suggestion_of
from ingest.vocabulary import Card, Reading


def confirm(library: Library, ledger: Submissions, submission: Submission, card: Card | None, masked: bool) -> None:
    """Have it added under this card, or under the one that is suggested. Raises InvalidCard, SubmissionElsewhere.

    masked: whether personal data in it are to be masked.
    """
    suggestion = suggestion_of(submission)
    if suggestion is None or submission.state is not SubmissionState.TO_CONFIRM:
        raise _elsewhere(submission, "only one that waits for it can be confirmed")
    confirmed = card or Card.model_validate(suggestion.card)
    admit_card(confirmed, suggestion.proposal.marking, submission.place, "cancel it and keep the file out")
    make_card(Found(Path(submission.name), card_text(confirmed)), Reading(()), library.register)
    _refuse_taken(Claims(library.catalogue, ledger), submission, suggestion, confirmed.id)
    as_confirmed = {"card": confirmed.model_dump(mode="json", exclude_defaults=True), "masked": masked}
    proposal = suggestion.model_copy(update=as_confirmed).model_dump(mode="json")
    if not ledger.confirm(submission.id, card_text(confirmed), proposal):
        raise _elsewhere(ledger.find(submission.id), "only one that waits for it can be confirmed")


def cancel(ledger: Submissions, submission: Submission) -> None:
    """Raises SubmissionElsewhere."""
    if not ledger.cancel(submission.id):
        what = "nothing is left to cancel; a document that is in is taken out with 'engage remove'"
        raise _elsewhere(ledger.find(submission.id), what)


def retry(ledger: Submissions, submission: Submission) -> None:
    """Raises SubmissionElsewhere."""
    if submission.sha256 is None:
        raise SubmissionElsewhere(f"{submission.place} was never unpacked. Hand the file in by itself.")
    if not ledger.retry(submission.id):
        raise _elsewhere(ledger.find(submission.id), "only one that failed can be tried again")


def _refuse_taken(claims: Claims, submission: Submission, suggestion: Suggestion, id_: str) -> None:
    """Raises InvalidCard for an id that another document has: a new edition is chosen, never happened on."""
    other = claims.of_others(submission).get(id_)
    meant = suggestion.own or id_ in [near.document for near in suggestion.alike]
    if other is None and id_ == suggestion.card["id"] and not meant:
        other = claims.held(id_)
    if other is not None:
        sentence = f"'{id_}' is the id of '{other}' by now. Give {submission.place} another"
        sentence += ", or wait until that is added and choose it as a new edition."
        raise InvalidCard(sentence, [("id", sentence)])


def _elsewhere(submission: Submission, what: str) -> SubmissionElsewhere:
    state = submission.state.replace("_", " ")
    return SubmissionElsewhere(f"Submission {submission.id} ({submission.place}) is {state}: {what}.")
