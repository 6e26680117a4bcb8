"""The register of organisations: who they are, what else they are called, and where a text names them.

Police bodies share words with places and with each other, so naming is deliberate: the longest name wins, abbreviations
must match case, and a bare place name ("Durham") is a force only where the caller says that the text implies it.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Literal, Self

OrganisationKind = Literal["force", "opcc", "university", "national body"]

_FORCE_WORDS = re.compile(r"\b(?:police|constabulary|heddlu|merpol|met|yard)\b", re.IGNORECASE)
_NOT_THE_FORCE = re.compile(
    r"\s+(?:university|council|city|county council|fire|hospital|cathedral|airport|ohio)\b", re.IGNORECASE
)
_ITS_OFFICE = re.compile(
    r"""(?:['’]s?)?(?:(?:\s+police)?\s*,?\s+(?:fire,?\s+)?(?:and|&)\s+crime\s+commissioner|\s+(?:commissioner|PF?CC))
    (?:['’]s\s+office|\b)(?!s)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Behind the name of a force or of its place: the office that oversees it, of whose name that is the beginning."""
_OFFICE_FOR = re.compile(r"\b(?:commissioner|PF?CC)\s+(?:for|of|in)\s+(?:the\s+)?$", re.IGNORECASE)
MOST = 2 / 3
_NOT_REGIONS = {"Great Britain", "UK-wide", "Crown Dependencies"}
_COMMON_NOUNS = frozenset({"College", "the College", "the Federation", "the inspectorate"})

_SAYS_SOMETHING = re.compile(r"(?!(?:and|the|by|of|for|[A-Z][\w'’]*)\b)\b\w+")
"""Beside names, and names of departments."""


@dataclass(frozen=True, slots=True)
class Organisation:
    slug: str
    name: str
    kind: OrganisationKind
    aliases: tuple[str, ...] = ()
    case_sensitive: frozenset[str] = frozenset()
    region: str = ""
    n8_member: bool = False
    oversight_or_parent: str | None = None
    successor: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)

    @property
    def is_police_body(self) -> bool:
        """A force or the body that oversees it: what a question about practice is put to."""
        return self.kind in ("force", "opcc")

    def is_bare_place(self, alias: str) -> bool:
        """Whether the alias is only a place ("Durham", "Leeds"), which names the body by implication at best."""
        if self.kind == "force":
            return alias not in self.case_sensitive and not _FORCE_WORDS.search(alias)
        return self.kind == "university" and "University" not in alias and alias not in self.case_sensitive


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names an organisation."""

    organisation: Organisation
    start: int
    end: int


class Register:
    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._by_slug = {organisation.slug: organisation for organisation in organisations}

    @classmethod
    def load(cls) -> Self:
        """The register that ships with the project."""
        text = files("ingest").joinpath("organisations.csv").read_text(encoding="utf-8")
        return cls([_organisation(row) for row in csv.DictReader(text.splitlines())])

    def get(self, slug: str) -> Organisation | None:
        return self._by_slug.get(slug)

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self._by_slug.values())

    def __len__(self) -> int:
        return len(self._by_slug)

    def slugs(self) -> tuple[str, ...]:
        return tuple(self._by_slug)

    def name(self, slug: str) -> str:
        """The official name, or the slug itself where the register does not know it."""
        organisation = self._by_slug.get(slug)
        return organisation.name if organisation else slug

    def lineage(self, slug: str) -> frozenset[str]:
        """The body with its predecessors and successors: a search for one finds what the other published."""
        found = {slug}
        while True:
            related = {o.successor for o in self if o.slug in found and o.successor}
            related |= {o.slug for o in self if o.successor in found}
            if related <= found:
                return frozenset(found)
            found |= related

    def speaking_for(self, slug: str) -> frozenset[str]:
        """The body in all its names over time, and of a force the office that oversees it."""
        found = self.lineage(slug)
        offices = (body.oversight_or_parent for own in found if (body := self.get(own)) and body.kind == "force")
        return found.union(*(self.lineage(office) for office in offices if office))

    def mentions(self, text: str, *, bare_places: bool = False) -> list[Mention]:
        """Every naming of an organisation in the text, in order, the longest name winning where names overlap."""
        found = []
        for match in self._pattern.finditer(text.replace("’", "'")):
            organisation, alias = self._resolve(match.group())
            if organisation is None:
                continue
            if overseen := self._office_named(organisation, alias, text, match):
                found.append(overseen)
                continue
            if organisation.is_bare_place(alias) and not (
                bare_places and organisation.kind == "force" and not _NOT_THE_FORCE.match(text, match.end())
            ):
                continue
            found.append(Mention(organisation, match.start(), match.end()))
        return found

    def is_name(self, text: str) -> bool:
        """Whether the text names an organisation, or several, or a department of one, and says nothing besides."""
        mentions, rest = self.mentions(text, bare_places=True), text
        for mention in reversed(mentions):
            rest = rest[: mention.start] + rest[mention.end :]
        return bool(mentions) and _SAYS_SOMETHING.search(rest) is None

    def named_in(self, text: str, *, bare_places: bool = False) -> list[Organisation]:
        """The organisations that the text names, each once, in order of first mention."""
        return list(dict.fromkeys(mention.organisation for mention in self.mentions(text, bare_places=bare_places)))

    def most_named(self, text: str) -> Organisation | None:
        """The force whose area a text is about: two thirds, at least, of all namings of police bodies are of it or of
        its overseer. Too little to say whose the text is, and enough to look there.
        """
        bodies = [m.organisation for m in self.mentions(text, bare_places=True) if m.organisation.is_police_body]
        areas = Counter(body.slug if body.kind == "force" else body.oversight_or_parent for body in bodies)
        area, times = next(iter(areas.most_common(1)), (None, 0))
        return self.get(area) if area and times >= MOST * len(bodies) else None

    def forces_of_region(self, text: str) -> list[Organisation]:
        """The forces of each region that the text names as such: "in Wales", "across the North West"."""
        named = {at for mention in self.mentions(text, bare_places=True) for at in range(mention.start, mention.end)}
        regions = [m["region"].casefold() for m in self._regions.finditer(text) if m.start("region") not in named]
        return [o for region in regions for o in self if o.kind == "force" and o.region.casefold() == region]

    def _office_named(self, force: Organisation, alias: str, text: str, match: re.Match[str]) -> Mention | None:
        """The office that oversees a force, where the force's name is a part of the office's: "Kent's commissioner"."""
        office = self._by_slug.get(force.oversight_or_parent or "") if force.kind == "force" else None
        if office is None:
            return None
        if behind := _ITS_OFFICE.match(text, match.end()):
            return Mention(office, match.start(), behind.end())
        before = _OFFICE_FOR.search(text, 0, match.start()) if force.is_bare_place(alias) else None
        return Mention(office, before.start(), match.end()) if before else None

    def _resolve(self, found: str) -> tuple[Organisation | None, str]:
        exact = self._exact.get(_spaced(found))
        return exact or self._folded.get(_spaced(found).casefold()) or (None, found)

    @cached_property
    def _exact(self) -> dict[str, tuple[Organisation, str]]:
        return {_spaced(alias): (o, alias) for o in reversed(list(self)) for alias in o.names}

    @cached_property
    def _folded(self) -> dict[str, tuple[Organisation, str]]:
        return {
            _spaced(alias).casefold(): (o, alias)
            for o in reversed(list(self))
            for alias in o.names
            if alias not in o.case_sensitive and alias not in _COMMON_NOUNS
        }

    @cached_property
    def _regions(self) -> re.Pattern[str]:
        """Regions behind a word that places something there; "England and Wales" is the country, not a region."""
        names = {o.region for o in self if o.kind == "force"} - _NOT_REGIONS
        return re.compile(
            rf"\b(?:in|from|for|across|throughout|of\s+the)\s+(?:the\s+)?(?P<region>{'|'.join(sorted(names))})\b",
            re.IGNORECASE,
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted({alias for o in self for alias in o.names}, key=len, reverse=True)
        alternatives = (re.escape(name).replace(r"\ ", r"\s+").replace(r"\&", "(?:&|and)") for name in names)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(alternatives)})(?![\w])", re.IGNORECASE)


def _organisation(row: dict[str, str]) -> Organisation:
    return Organisation(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],  # type: ignore[arg-type]  # checked by the register's own test
        aliases=tuple(filter(None, row["aliases"].split(";"))),
        case_sensitive=frozenset(filter(None, row["case_sensitive_aliases"].split(";"))),
        region=row["region"],
        n8_member=row["n8_member"] == "y",
        oversight_or_parent=row["oversight_or_parent"] or None,
        successor=row["successor"] or None,
    )


def _spaced(name: str) -> str:
    return re.sub(r"\s+", " ", name).replace("&", "and")
