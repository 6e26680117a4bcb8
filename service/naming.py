"""Whom a text names: enough to tell where to look and what is about another force, too little to say whose it is."""

from collections.abc import Sequence, Set
from dataclasses import replace

from ingest.library import Library
from service.vocabulary import Evidence

ABOUT_CHARACTERS = 20_000
"""Of a text, in which it is looked for whom it is about."""
FEW = 3
"""Police bodies in one sentence: with so many, what follows is of none of them alone."""


class Naming:
    """Kept once looked for: neither a version's text nor a passage's ever changes."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._register = library.register
        self._police = frozenset(body.slug for body in library.register if body.is_police_body)
        self._areas: dict[int, str | None] = {}
        self._named: dict[int, frozenset[str]] = {}
        self._speaking: dict[int, bool] = {}

    def area_of(self, version: int) -> str | None:
        """Slug of the force whose area a version's text is about."""
        if version not in self._areas:
            area = self._register.most_named(self._library.now.version(version).text[:ABOUT_CHARACTERS])
            self._areas[version] = area.slug if area else None
        return self._areas[version]

    def speaks_of_police(self, version: int) -> bool:
        """Whether a version's text names any police body."""
        if version not in self._speaking:
            text = self._library.now.version(version).text[:ABOUT_CHARACTERS]
            self._speaking[version] = any(body.is_police_body for body in self._register.named_in(text))
        return self._speaking[version]

    def speaking_of(self, bodies: Set[str], evidence: Evidence) -> Evidence:
        """The sentences that name one of them, or follow one that does and names hardly any other."""
        kept, spoken_of = [], self._police_named(" ".join(evidence.heading_path))
        for sentence in evidence.sentences:
            named = self._police_named(sentence.text)
            if (named or spoken_of) & bodies:
                kept.append(sentence)
            spoken_of = (named or spoken_of) if len(named) < FEW else frozenset()
        return replace(evidence, sentences=tuple(kept))

    def _police_named(self, text: str) -> frozenset[str]:
        return self._police & {body.slug for body in self._register.named_in(text, bare_places=True)}

    def police_in(self, passage: int, texts: Sequence[str]) -> frozenset[str]:
        """The police bodies that a passage, of these headings and sentences, names, by their slugs."""
        if passage not in self._named:
            self._named[passage] = self._police_named(" ".join(texts))
        return self._named[passage]

    def is_named(self, bodies: Set[str], passage: int, texts: Sequence[str]) -> bool:
        """Whether it names one of these. Most passages hold no name of theirs at all, which is quickly seen."""
        words = " ".join(texts).casefold()
        held = (body for slug in bodies if (body := self._register.get(slug)))
        might = any(name.casefold() in words for body in held for name in body.names)
        return might and bool(bodies & self.police_in(passage, texts))
