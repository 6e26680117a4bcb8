"""What may not come into the library: SECRET at all, OFFICIAL-SENSITIVE until somebody has said who may see it."""

from pathlib import Path

from ingest.errors import UnreadableDocument
from ingest.proposing import is_restricted, is_secret, marked
from ingest.vocabulary import Card, Reading


def admit(path: Path, reading: Reading, card: Card) -> None:
    """Raises UnreadableDocument ("secret_marking", "restricted_marking") for the marking of the card or the text.

    A card that bears such a marking, or an audience of its own, was written by somebody who knew.
    """
    found = marked(reading)
    if secret := next((marking for marking in (card.marking, found) if is_secret(marking)), None):
        sentence = f"{path.name} is marked {secret}. This library holds nothing above OFFICIAL-SENSITIVE: keep it out."
        raise UnreadableDocument("secret_marking", sentence)
    if is_restricted(found) and not is_restricted(card.marking) and "audience" not in card.model_fields_set:
        raise UnreadableDocument(
            "restricted_marking",
            f"{path.name} is marked {found}, and its card does not say who may see it. Write the marking and the"
            " audience on its card, 'audience: [everyone]' if everybody may be answered from it, then add it again.",
        )
