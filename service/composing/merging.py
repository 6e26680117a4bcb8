"""What documents say in nearly the same words is told once, from where it comes, with where else it stands.

Forces copy from one another and from national guidance, profiles repeat them, and a plan is republished in editions.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.catalogue import HeldVersion
from ingest.register import Register
from ingest.vocabulary import Span, Status
from service.locating import quotations_at
from service.sameness import same_words, without_attribution
from service.vocabulary import Elsewhere, Relation

_LEAST_TITLE = 12
"""Letters of a title that can be looked for in a text."""

_KEYS = 4
_KEY_LETTERS = 5
"""Of a word, by which texts that cannot say the same are passed over."""

Place = tuple[int, Span]
SpeaksFor = Callable[[HeldVersion], Hashable]


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence, list item or table row of a document, with what it is read with."""

    version: HeldVersion
    span: Span
    spans: tuple[Span, ...]
    """Its own, and those of its lead-in, its list or the sentences that it points back to."""

    @property
    def place(self) -> Place:
        return self.version.id, self.span

    @property
    def text(self) -> str:
        return " ".join(self.version.text[start:end] for start, end in self.spans)


class Merging:
    """Which of the sentences that were found say the same words, and which of these is the origin.

    `found` holds their bare words. `apart` is for a comparison and says whom a version speaks for: each of these is
    heard by itself.
    """

    def __init__(
        self,
        found: Mapping[Place, str],
        saying: Callable[[Place], Saying],
        register: Register,
        apart: SpeaksFor | None = None,
    ) -> None:
        self._found = found
        self._folded = {place: text.casefold() for place, text in found.items()}
        self._saying = cache(saying)
        self._register = register
        self._apart = apart
        self._copies: dict[Place, list[Place]] = {}
        self._named_in = cache(lambda text: frozenset(named.slug for named in register.named_in(text)))

    def told_once(self, chosen: Iterable[Place]) -> dict[Place, Place]:
        """For each sentence chosen, the place it is told from: its own, or that of its origin."""
        told: dict[Place, Place] = {}
        for place in chosen:
            if place not in told:
                copies = (copy for copy in self.copies(place) if copy not in told)
                same = [place, *(copy for copy in copies if self._together(copy, place))]
                told |= dict.fromkeys(same, self._origin(same))
        return told

    def copies(self, place: Place) -> list[Place]:
        """The sentences of other documents, or of other parts of this one, that say the same words."""
        if place not in self._copies:
            said = self._found[place]
            one, two, three, four = _keys(_taken(said) or said)
            # Written out, since nearly all that is found is told apart here.
            alike = [
                other
                for other, text in self._folded.items()
                if (one in text) + (two in text) + (three in text) + (four in text) > 1
            ]
            near = [other for other in alike if other != place and _near(said, self._found[other])]
            self._copies[place] = [other for other in near if self._same(self._saying(place), self._saying(other))]
        return self._copies[place]

    def is_told(self, place: Place, shown: Container[Place]) -> bool:
        """Whether what is shown says the same words."""
        return any(copy in shown and self._together(copy, place) for copy in self.copies(place))

    def elsewhere(self, told: Sequence[Place]) -> Iterator[Elsewhere]:
        """Where else the words of a statement stand, whole or in part.

        In a comparison another body's documents are named only where they are the source of these words.
        """
        copies: dict[int, dict[Place, None]] = defaultdict(dict)
        parts: dict[int, set[Place]] = defaultdict(set)
        for place in told:
            for copy in self.copies(place):
                if copy[0] != place[0]:
                    copies[copy[0]][copy] = None
                    parts[copy[0]].add(place)
        for version, found in copies.items():
            sayings = [self._saying(copy) for copy in found]
            if self._together(sayings[0].place, told[0]):
                yield _elsewhere(sayings, "whole" if len(parts[version]) == len(told) else "part")
            elif any(self._names(self._saying(place), sayings[0].version) for place in parts[version]):
                yield _elsewhere(sayings, "source")

    def _same(self, one: Saying, other: Saying) -> bool:
        if one.version.id == other.version.id and set(one.spans) & set(other.spans):
            return False  # a lead-in and its only item are read as one
        return same_words(one.text, other.text) or self._quotes(one, other) or self._quotes(other, one)

    def _quotes(self, one: Saying, other: Saying) -> bool:
        """Whether one gives the words of the other as the other's."""
        taken = without_attribution(one.text)
        return taken is not None and same_words(taken, other.text) and self._names(one, other.version)

    def _names(self, saying: Saying, version: HeldVersion) -> bool:
        """Whether the paragraph around a sentence names the other document, or who wrote it, as a body of its own."""
        text = _paragraphs(saying)
        if len(version.card.title) >= _LEAST_TITLE and version.card.title.casefold() in text.casefold():
            return version.document_id != saying.version.document_id
        others = version.card.authors - saying.version.card.authors
        return bool(others) and bool(others & self._named_in(text))

    def _together(self, one: Place, other: Place) -> bool:
        """Whether the two may be told as one."""
        if self._apart is None or one[0] == other[0]:
            return True
        return self._apart(self._saying(one).version) == self._apart(self._saying(other).version)

    def _origin(self, same: Sequence[Place]) -> Place:
        """The document that the others name as their source, else what bodies wrote themselves, in force, the earliest.

        An undated page of a national body comes before what is dated, any other undated one comes last. Of one body's
        editions the newest speaks.
        """
        if len(same) == 1:
            return same[0]
        sayings = [self._saying(place) for place in same]
        first_said: dict[frozenset[str], str] = {}
        for saying in sayings:
            date = self._said(saying)
            first_said[self._body(saying)] = min(date, first_said.get(self._body(saying), date))

        def rank(saying: Saying) -> tuple[object, ...]:
            card = saying.version.card
            others = [other for other in sayings if other.version.document_id != saying.version.document_id]
            return (
                any(self._names(saying, other.version) for other in others),
                not any(self._names(other, saying.version) for other in others),
                card.kind.is_compiled,
                card.status in (Status.SUPERSEDED, Status.WITHDRAWN),
                first_said[self._body(saying)],
                not self._is_national(saying),
                _descending(card.newest_date),
            )

        return min(sayings, key=rank).place

    def _said(self, saying: Saying) -> str:
        undated = "" if self._is_national(saying) else "9999"
        return saying.version.card.newest_date or undated

    def _body(self, saying: Saying) -> frozenset[str]:
        """Whose document it is, under whatever name; a document without an author is by itself."""
        authors = saying.version.card.authors
        return frozenset().union(*map(self._register.lineage, authors)) or frozenset({saying.version.document_id})

    def _is_national(self, saying: Saying) -> bool:
        authors = map(self._register.get, saying.version.card.authors)
        return any(author.kind == "national body" for author in authors if author)


def _elsewhere(copies: Sequence[Saying], relation: Relation) -> Elsewhere:
    spans = {span for copy in copies for span in copy.spans}
    return Elsewhere(quotations_at(spans, copies[0].version), relation)


def _keys(text: str) -> list[str]:
    """How its four longest words begin: what says the same words holds most of them, however it spells them."""
    words = {word.strip(".,:;()‘’“”'\"")[:_KEY_LETTERS] for word in sorted(text.casefold().split(), key=len)[-_KEYS:]}
    return [*words, *[""] * _KEYS][:_KEYS]


def _near(one: str, other: str) -> bool:
    """Whether the bare words are the same, or those that one of them takes from another."""
    if same_words(one, other):
        return True
    return any(same_words(taken, said) for taken, said in ((_taken(one), other), (_taken(other), one)) if taken)


@lru_cache(maxsize=4_000)
def _taken(text: str) -> str | None:
    return without_attribution(text)


def _paragraphs(saying: Saying) -> str:
    version = saying.version
    first, last = saying.spans[0][0], saying.spans[-1][1]
    return " ".join(version.text[b.start : b.end] for b in version.blocks if b.start < last and first < b.end)


def _descending(date: str | None) -> tuple[int, ...]:
    """Sorts the newest first, what is undated last."""
    return tuple(-ord(character) for character in date) if date else (1,)
