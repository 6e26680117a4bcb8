"""What may not come into the library: SECRET at all, OFFICIAL-SENSITIVE until somebody has said who may see it."""

from pathlib import Path

from ingest.errors import InvalidCard, UnreadableDocument
from ingest.proposing import is_restricted, is_secret, marked
from ingest.vocabulary import Card, Reading

_HIGHEST = "This library holds nothing above OFFICIAL-SENSITIVE"


def admit(path: Path, reading: Reading, card: Card) -> None:
    """Raises UnreadableDocument ("secret_marking", "restricted_marking") for the marking of the card or the text."""
    markings = (card.marking, marked(reading))
    if secret := next(filter(is_secret, markings), None):
        sentence = f"{path.name} is marked {secret}. {_HIGHEST}: keep it out."
        raise UnreadableDocument("secret_marking", sentence)
    restricted = next(filter(is_restricted, markings), None)
    if restricted and "audience" not in card.model_fields_set:
        raise UnreadableDocument(
            "restricted_marking",
            f"{path.name} is marked {restricted}, and its card does not say who may see it. Write the marking and the"
            " audience on its card, 'audience: [everyone]' if everybody may be answered from it, then add it again.",
        )


def admit_card(card: Card, marking: str | None, name: str, keep_out: str, held: Card | None = None) -> None:
    """Raises InvalidCard, by field, for a card that somebody writes for a document by hand.

    marking: that the text bears. name: of the document. keep_out: what to do with one that is SECRET. held: the
    card whose place it takes: the audience on it stands where the marking does.
    """
    if is_secret(card.marking):
        raise _invalid(name, "marking", f"{_HIGHEST}: {keep_out}.")
    before = held.marking if held else None
    highest = next((one for one in (card.marking, before, marking) if is_restricted(one)), None)
    if highest and "audience" not in card.model_fields_set and not _stands(card, held):
        raise _invalid(name, "audience", f"It is marked {highest}: say who may be answered from it, as the audience.")


def _stands(card: Card, held: Card | None) -> bool:
    """Whether the audience is the one that somebody chose for this marking before."""
    becomes_restricted = is_restricted(card.marking) and not (held and is_restricted(held.marking))
    return held is not None and card.audience == held.audience and not becomes_restricted


def _invalid(name: str, field: str, sentence: str) -> InvalidCard:
    return InvalidCard(f"The card of {name} cannot be used. {sentence}", [(field, sentence)])
