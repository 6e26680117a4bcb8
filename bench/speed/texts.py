"""Texts of our own to measure with: plausible, seeded, and about no place or person that exists."""

import random
from collections.abc import Iterator
from dataclasses import dataclass


def _words(lines: str, between: str = ";") -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in lines.split(between))


_CHOICES = {
    "who": _words("""
        officers; neighbourhood officers; community support officers; the engagement team; the inspector;
        volunteers; cadets; the advisory group; the partnership board; the schools team; the rural team;
        local councillors; the road safety team
    """),
    "meet": _words("""
        meet; listen to; write to; visit; consult; invite; survey; work beside; report back to; share
        figures with; ask the views of; hold workshops with; walk the estate with; take questions from
    """),
    "whom": _words("""
        residents; young people; older people; shopkeepers; farmers; students; carers; new arrivals; faith
        groups; tenants; victims of burglary; night workers; deaf residents; taxi drivers; parents; sports
        clubs; rough sleepers; anglers
    """),
    "where": _words("""
        at the market hall; in the library; at the ferry landing; on the high street; in the youth club; at
        the bus station; in the village hall; at the allotments; outside the school gates; at the leisure
        centre; online; by telephone; at the livestock auction; in the hospital foyer; at the mosque; in the
        church hall; at the football ground
    """),
    "when": _words("""
        on the first Monday of each month; twice a year; every spring; after each serious incident; before
        the budget is set; on Saturday mornings; within ten days; during the school holidays; each quarter;
        whenever priorities change
    """),
    "why": _words("""
        to agree local priorities; to explain the use of stop and search; to rebuild trust; to reduce
        speeding; to learn what worries them; to plan patrols; to test a new leaflet; to choose what the
        fund pays for; to hear from those who seldom complain; to say what was done about earlier concerns;
        to prepare the annual plan
    """),
    "concern": _words("""
        speeding; fly-tipping; noise at night; bicycle theft; anti-social behaviour; drug dealing; hare
        coursing; graffiti; online fraud; abandoned vehicles; street drinking; nuisance motorbikes;
        harassment on buses; shop theft
    """),
    "how": _words("""
        a printed newsletter; a street survey; an online panel; a drop-in surgery; a doorstep conversation;
        a youth parliament; a citizens' jury; a text message service; an open day; a translated leaflet; a
        priorities board; a walkabout
    """),
    "result": _words("""
        attendance doubled; complaints fell; more people felt heard; the priority was closed; patrols were
        moved; the leaflet was rewritten; confidence rose slowly; the panel grew; fewer calls were made; a
        crossing was built
    """),
}
_STATEMENTS = (
    "In {place}, {who} {meet} {whom} {where} {when}.",
    "{Who} in {place} {meet} {whom} {where}, {why}.",
    "Since {how} was tried in {place}, {result}.",
    "{Whom} in {place} told {who} that {concern} matters most to them, and {concern} came next.",
    "{How} is offered {where} {when}, so that {whom} of {place} can take part {why}.",
    "Of {number} replies from {place}, most named {concern}; {whom} named {concern} more often.",
    "Where {concern} is raised by {whom}, {who} in {place} answer {when}.",
    "{Who} use {how} with {whom} {why}, and {result} in {place} within {number} weeks.",
    "It was found in {place} that {whom} prefer {how} to {how}.",
    "Feedback on {concern} is given to {whom} of {place} through {how} {when}.",
)
_HEADINGS = (
    "Meeting {whom}",
    "What {whom} told us",
    "Reaching {whom}",
    "Our work on {concern}",
    "Using {how}",
    "Feedback on {concern}",
    "Next steps on {concern}",
    "Why we ask {whom}",
)
_QUESTIONS = (
    "How do {who} {meet} {whom} {where}?",
    "Why do {who} {meet} {whom}?",
    "What do {whom} say about {concern}?",
    "How is feedback on {concern} given to {whom}?",
    "How often do {who} {meet} {whom}?",
    "What happened after {how} was tried with {whom}?",
    "When is {how} offered to {whom}?",
)
_COMPARISONS = ("Which forces {meet} {whom}?", "Which forces use {how} for {concern}?")
_NAMED = ("How does {force} use {how}?", "What does {force} do about {concern}?")
FORCES = {
    "durham": "Durham Constabulary",
    "cheshire": "Cheshire Constabulary",
    "merseyside": "Merseyside Police",
    "cumbria": "Cumbria Constabulary",
    "humberside": "Humberside Police",
    "northumbria": "Northumbria Police",
    "lancashire": "Lancashire Constabulary",
    "cleveland": "Cleveland Police",
}
"""Slug and name of the bodies that the documents are said to be of."""
_BEGINNINGS = _words(
    "Ard Bren Cald Dros Eld Farn Gart Hask Imb Jorv Kell Lorn Mard Nesk Orm Pend Rasp Scal Tarv Ulv Wend Yarl", " "
)
_MIDDLES = ("", *_words("a e i o en er in or el an", " "))
_ENDINGS = _words("by combe dale fell garth holme keld mere ness rigg scar stow thwaite wick with", " ")


@dataclass(frozen=True, slots=True)
class Section:
    """What becomes one text: for us a section of a document, for a peer the same words as one string."""

    heading: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"{self.heading}\n{' '.join(self.sentences)}"


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    force: str
    sections: tuple[Section, ...]

    @property
    def markdown(self) -> str:
        organisations = f"organisations: [{{slug: {self.force}, role: author}}]"
        card = f"---\ntitle: {self.title}\n{organisations}\nkind: activity-plan\n---\n"
        body = (f"## {section.heading}\n\n{' '.join(section.sentences)}\n" for section in self.sections)
        return card + f"# {self.title}\n\n" + "\n".join(body)


class Writer:
    """Writes the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def place(self) -> str:
        return "".join(self._random.choice(part) for part in (_BEGINNINGS, _MIDDLES, _ENDINGS))

    def pattern(self) -> str:
        """A sentence that still lacks its place, as {place}."""
        return self._filled(self._random.choice(_STATEMENTS), place="{place}")

    def heading(self, number: int) -> str:
        """Numbered, so that two sections of one subject stay two."""
        return f"{number}. {self._filled(self._random.choice(_HEADINGS))}"

    def document(self, number: int, sections: int, sentences: int) -> Document:
        place = self.place()
        made = tuple(
            Section(self.heading(at), tuple(self.pattern().format(place=place) for _ in range(sentences)))
            for at in range(1, sections + 1)
        )
        return Document(f"{place} plan {number}", self._random.choice(list(FORCES)), made)

    def questions(self, count: int) -> Iterator[str]:
        """Of ten, eight are plain, one compares forces and one names a force."""
        for number in range(count):
            kind = {8: _COMPARISONS, 9: _NAMED}.get(number % 10, _QUESTIONS)
            force = self._random.choice(list(FORCES.values()))
            yield self._filled(self._random.choice(kind), force=force)

    def plain_questions(self, count: int) -> Iterator[str]:
        return (self._filled(self._random.choice(_QUESTIONS)) for _ in range(count))

    def _filled(self, template: str, **given: str) -> str:
        """Each slot gets words of its own each time; one in capitals opens the sentence."""
        parts = template.replace("{", "\0{").replace("}", "}\0").split("\0")
        return "".join(self._word(part[1:-1], given) if part.startswith("{") else part for part in parts)

    def _word(self, slot: str, given: dict[str, str]) -> str:
        if slot in given:
            return given[slot]
        if slot == "number":
            return str(self._random.randint(12, 900))
        words = self._random.choice(_CHOICES[slot.lower()])
        return words[0].upper() + words[1:] if slot[0].isupper() else words
