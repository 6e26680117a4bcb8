"""Whose document it is, where it says so: in its title, alone on its title page, as its publisher.

A body that the text merely mentions is proposed as nothing, and who is reported on is told by the title alone.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.proposing.lines import Line, Lines
from ingest.proposing.proposal import Proposed
from ingest.register import Mention, Register
from ingest.vocabulary import Role

_INSTITUTION = re.compile(
    r"police|constabulary|heddlu|universit|commissioner|home office|college of|council|association|inspectorate|"
    r"service|agency|foundation|federation|partnership|institute|network|mayor|authority|"
    r"^(?:[A-Z][A-Z&]{2,}|N8 ?PRP|HMICFRS)$",
    re.IGNORECASE,
)
"""What is called so, and no project, place or thing of the same name."""
_ABBREVIATION = re.compile(r"[A-Z&0-9 ]{2,}")
_JOINS = re.compile(r"[\s,&/|–—-]*(?:\band\b|\bwith\b)?[\s,&/|–—-]*(?:\bthe\b\s*)?", re.IGNORECASE)
_OPENS = re.compile(r"\W*(?:the\s+)?$", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|from)\s+(?:the\s+)?$", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:(?:inspection|evaluation|review|assessment|profile|study|audit|scrutiny|examination)\s+(?:of|into|at)|"
    r"report\s+on|profile:)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_JUDGES = re.compile(
    r"\b(?:inspection|evaluation|review|assessment|profile|study|audit|scrutiny|PEEL|report on)\b", re.IGNORECASE
)
"""In such a title a force that stands first may as well be the one that is looked at."""
_ITS_WORK = re.compile(
    r"(?:['’]s?)?\s*[-–—:|,]?\s*(?!and\s+(?:its|the|our)\b|in\b|is\b|under\b)[^.?]*"
    r"\b(?:strategy|plan|policy|framework|report|statement|guidance|charter|procedure|newsletter|update|minutes|toolkit|"
    r"handbook|standards?|programme)\b",
    re.IGNORECASE,
)
"""What follows the name of its author in a title."""
_PUBLISHES = re.compile(
    r"(?:^\W*|\bthis\s[\w ]{0,40}?(?:is|was|has been)\s+)(?:an?\s+|jointly\s+)?"
    r"(?:publication\s+of|(?:published|produced|issued|prepared|written|authored)\s+by|"
    r"(?:author|publisher|force|organisation|issuing (?:body|force))s?\s*[:|])\s*:?\s*(?:the\s+)?",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"\W{0,2}(?:(?:©|\(c\)|copyright)\s*){1,2}(?:of\s+|by\s+)?(?:\d{4}(?:\s?[-–,]\s?\d{4})?,?\s+)?(?:the\s+)?",
    re.IGNORECASE,
)


_DEPARTMENT = re.compile(r"\s*[,|–—-]\s+(?:(?:[A-Z][\w'’-]*|and|of|the|for|&)[\s,]*){1,10}")
"""Behind its name: "– Community Engagement and Inclusion"."""
_OPENING_LINES = 3
"""Of a text, of which the first sentence may name its authors and no more."""


class Naming:
    """Of one file."""

    def __init__(self, lines: Lines, register: Register, property_title: str | None = None) -> None:
        self._lines = lines
        self._register = register
        self._property_title = property_title or ""

    def standing_alone(self) -> list[tuple[Line, str, Mention]]:
        """Organisations that a line of the title page, a header or footer, or a sentence right below consists of."""
        lines, opening = (*self._lines.front, *self._lines.furniture), self._lines.body[:_OPENING_LINES]
        cells = [(line, cell) for line in lines for cell in line.cells]
        cells += [(line, line.text.partition(". ")[0]) for line in opening if ". " in line.text]
        return [(line, cell, mention) for line, cell in cells for mention in self._all_of(cell)]

    def proposed(self, title: Proposed | None, is_of_an_event: bool) -> Iterator[Proposed]:
        """Each organisation once, in its first role."""
        named: dict[str, Proposed] = {}
        for proposed in self._found(title, is_of_an_event):
            slug = proposed.value["slug"]  # type: ignore[index,call-overload]  # made below
            named.setdefault(str(slug), proposed)
        yield from named.values()

    def _found(self, title: Proposed | None, is_of_an_event: bool) -> Iterator[Proposed]:
        yield from self._by_title(title)
        yield from self._alone(title, is_of_an_event)
        yield from self._publishers()
        yield from self._by_site()

    def _by_site(self) -> Iterator[Proposed]:
        """Whose pages these are stands behind the title that a web page has in its window."""
        *titled, site = self._property_title.split("|")
        for mention in self._all_of(site.strip()) if titled else ():
            yield _proposed(mention, site.strip(), Role.AUTHOR, None).model_copy(update={"source": "properties"})

    def _by_title(self, title: Proposed | None) -> Iterator[Proposed]:
        if title is None:
            return
        text, at = str(title.value), 0
        for mention in self._mentions(text):
            before = text[: mention.start]
            opens = bool(_OPENS.fullmatch(before)) or (at and _JOINS.fullmatch(text[at : mention.start]))
            if _ABOUT.search(before):
                yield _proposed(mention, text, Role.REPORTED_ON, title.page)
            elif _BY.search(before):
                yield _proposed(mention, text, Role.AUTHOR, title.page)
            elif opens:
                at = mention.end
                if _ITS_WORK.match(text, at) and not (_JUDGES.search(text) and mention.organisation.is_police_body):
                    yield _proposed(mention, text, Role.AUTHOR, title.page)

    def _alone(self, title: Proposed | None, is_of_an_event: bool) -> Iterator[Proposed]:
        """Below the title of what reports a meeting stands where it was held, and who came."""
        above = self._lines.furniture if is_of_an_event else None
        for line, cell, mention in self.standing_alone():
            if title is not None and line.text == title.value:
                continue
            if above is None or line in above or self._is_above(line, title):
                yield _proposed(mention, cell, Role.AUTHOR, line.page, whole=True)

    def _is_above(self, line: Line, title: Proposed | None) -> bool:
        for other in self._lines.front:
            if title is not None and other.text == title.value:
                return False
            if other is line:
                return True
        return False

    def _publishers(self) -> Iterator[Proposed]:
        for line in self._lines.telling:
            match = _PUBLISHES.search(line.text) or _COPYRIGHT.match(line.text)
            if match is None:
                continue
            at, first = match.end(), match.start()
            for mention in self._mentions(line.text):
                if mention.start != at and not (at != match.end() and _JOINS.fullmatch(line.text[at : mention.start])):
                    continue
                at = mention.end
                quote = line.text[first:at].strip()
                yield _proposed(mention, line.text, Role.AUTHOR, line.page).model_copy(update={"quote": quote})

    def _all_of(self, cell: str) -> list[Mention]:
        """The organisations that a cell consists of."""
        if len(cell) > 150:
            return []
        at, found = 0, []
        for mention in self._mentions(cell):
            if not _JOINS.fullmatch(cell[at : mention.start]):
                return []
            found.append(mention)
            at = mention.end
        rest = cell[at:]
        return found if found and (not re.search(r"\w", rest) or _DEPARTMENT.fullmatch(rest)) else []

    def _mentions(self, text: str) -> Sequence[Mention]:
        found = [_whole(mention, text) for mention in self._register.mentions(text)]
        return [mention for mention in found if _INSTITUTION.search(text[mention.start : mention.end])]


def _whole(mention: Mention, text: str) -> Mention:
    """The mention with the whole of its name, of which "the College" is a name too."""
    name = re.compile(rf"(?:the\s+)?{re.escape(mention.organisation.name)}\b", re.IGNORECASE)
    match = name.match(text, mention.start)
    if match is None or match.end() <= mention.end:
        return mention
    return Mention(mention.organisation, match.end() - len(mention.organisation.name), match.end())


def _proposed(mention: Mention, text: str, role: Role, page: int | None, whole: bool = False) -> Proposed:
    organisation, written = mention.organisation, text[mention.start : mention.end]
    value: dict[str, str] = {"slug": organisation.slug, "role": str(role)}
    if written.casefold() != organisation.name.casefold() and not _ABBREVIATION.fullmatch(written):
        value["published_as"] = written
    return Proposed(field="organisations", value=dict(value), quote=text if whole else written, page=page)
