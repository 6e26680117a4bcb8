"""Where given text stands in a document's canonical text: tidying folds white space and drops marks, words stay."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bench.eval.sets import BadInput, GivenPassage
from ingest.catalogue import HeldVersion
from ingest.vocabulary import BlockKind, Span


def stand_at(given: Sequence[GivenPassage], version: HeldVersion) -> tuple[list[Span], ...]:
    """For each given passage of the document, the spans of its sentences in the version's text.

    The passages were made its blocks, in order; one without a word has none.
    """
    blocks = (block for block in version.blocks if block.kind is not BlockKind.HEADING)
    return tuple(
        list(_sentences(passage.sentences, version.text, next(blocks).start))
        if any(sentence.strip() for sentence in passage.sentences)
        else []
        for passage in given
    )


def _sentences(sentences: Sequence[str], text: str, at: int) -> Iterator[Span]:
    for sentence in sentences:
        starts: int | None = None
        for character in sentence:
            while text[at : at + 1].isspace():
                at += 1
            if text[at : at + 1] == character:  # else white space, or a format character that tidying drops
                starts = at if starts is None else starts
                at += 1
        yield (at if starts is None else starts), at


def offsets(given: str, version: HeldVersion) -> list[int]:
    """For each character of the given text, and its end, where it stands in the version's text, as nearly as is known.

    Reading drops bullets and rules and may reorder; each block is looked for as it stands, white space aside.
    Raises BadInput where a twentieth of the text cannot be placed.
    """
    squeezed = [(place, character) for place, character in enumerate(given) if not character.isspace()]
    stream = "".join(character for _, character in squeezed)
    found: dict[int, int] = {}
    cursor = 0
    for block in version.blocks:
        places = [place for place in range(block.start, block.end) if not version.text[place].isspace()]
        words = "".join(version.text[place] for place in places)
        at = stream.find(words, cursor)
        if at < 0:
            continue
        found.update((squeezed[at + step][0], place) for step, place in enumerate(places))
        cursor = at + len(words)
    if len(found) < 0.95 * len(squeezed):
        raise BadInput(f"Only {len(found)} of {len(squeezed)} characters of {version.document_id} were found again.")
    return _without_gaps(found, len(given), len(version.text))


def _without_gaps(found: dict[int, int], given: int, end: int) -> list[int]:
    """What has no place of its own has that of the next character that has one."""
    known = [(-1, 0), *sorted(found.items()), (given, end)]
    at: list[int] = []
    for (before, _), (place, stands) in pairwise(known):
        at += [stands] * (place - before)
    return at
