"""A reading without the words by which one person can be told or reached; "[…]" stands in their place.

The original file is kept as it was and still holds them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from ingest.proposing.personal import personal_in
from ingest.proposing.proposal import PersonalKind
from ingest.tidying import folded
from ingest.vocabulary import Reading

MASK = "[…]"
_SAID = f"Personal data were masked as '{MASK}'"
_KINDS: dict[PersonalKind, str] = {
    "email": "e-mail addresses",
    "telephone": "telephone numbers",
    "collar_number": "officers with their numbers",
}


def masked(reading: Reading) -> Reading:
    """The same reading without them, which says so among what was left out. With nothing to mask, the reading."""
    counted: Counter[PersonalKind] = Counter()
    blocks = tuple(replace(block, text=_masked(block.text, counted)) for block in reading.blocks)
    furniture = tuple(replace(block, text=_masked(block.text, counted)) for block in reading.furniture)
    if not counted:
        return reading
    told: Counter[PersonalKind] = Counter()
    left_out = tuple(_masked(sentence, told) for sentence in reading.left_out)
    title = _masked(reading.title, told) if reading.title else reading.title
    listed = ", ".join(f"{name} {counted[kind]}" for kind, name in _KINDS.items() if counted[kind])
    sentence = f"{_SAID} ({listed}); the original file still holds them."
    return replace(reading, blocks=blocks, furniture=furniture, title=title, left_out=(*left_out, sentence))


def masking_told(left_out: Iterable[str]) -> str | None:
    """Of what is recorded as left out of a version, the sentence on what was masked in it; None where nothing was."""
    return next((sentence for sentence in left_out if sentence.startswith(_SAID)), None)


def _masked(text: str, counted: Counter[PersonalKind]) -> str:
    told = folded(text)
    parts, at = [], 0
    for found in personal_in(told):
        parts += [told[at : found.start], MASK]
        at = found.end
        counted[found.kind] += 1
    return "".join((*parts, told[at:])) if parts else text
