"""Whether what a model wrote may leave: every figure, name, quotation and strength in it stands in what it cites.

This tells an altered statement from an honest one; it does not tell whether a true quotation supports its claim. It
refuses too much rather than too little: a refused statement is left out and counted, and the reader is told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.register import Mention, Register
from ingest.vocabulary import Card, Kind, Role
from service.figures import figures_in
from service.quoting import Found, find_quotation
from service.strength import changed_strength
from service.words import stems

MOST_CHARACTERS = 600
LEAST_SHARED = 1 / 3
"""Share of a statement's content words that must stand in what it cites."""

_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]*)[\"”“»]|‘([^‘]*?)’(?!\w)|(?<!\w)'([^']+(?:'\w[^']*)*)'(?!\w)")
_VERBS = (
    "says? said saying tells? told states? stated believes? believed thinks? thought feels? felt argues? argued "
    "claims? claimed reports? reported wants? wanted wish(?:es|ed)? agrees? agreed accepts? accepted admits? admitted "
    "promises? promised pledges? pledged commits? committed insists? insisted recommends? recommended notes? noted "
    "acknowledges? acknowledged recogni[sz]es? recogni[sz]ed describes? described considers? considered views? sees? "
    "expects? expected hopes? hoped intends? intended aims? aimed plans? planned suggests? suggested maintains? "
    "maintained stress(?:es|ed)?"
)
_SAYING = rf"\b(?:{'|'.join(_VERBS.split())}|opinions?|position|words|according to)\b"
_SPEAKS = re.compile(_SAYING, re.IGNORECASE)
_SPEAKS_AFTER = re.compile(rf"(?:['’]s?)?(?::|(?:\W+\w+){{0,4}}?\W+{_SAYING})", re.IGNORECASE)
_SPEAKS_BEFORE = re.compile(
    r"\b(?:according to|(?:words|views?|opinion|position) of|(?:said|told|stated|reported) by)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<![^\W_])[^\W\d_]*[A-ZÀ-Þ][^\W_]*(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?:^|[.!?:]\s+)[\"“‘'(]*$")
_TOGETHER = re.compile(r"^\s+(?=[A-ZÀ-Þ])")


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence that a statement cites, with the lead-in of its list, and the card of its document."""

    text: str
    card: Card


def refusal(statement: str, cited: Sequence[Cited], register: Register) -> str | None:
    """Why the statement may not leave, in words for the log; None where it may."""
    if not cited:
        return "it cites nothing"
    if len(statement) > MOST_CHARACTERS:
        return f"it is longer than {MOST_CHARACTERS} characters"
    checks = (_quotations, _figures, _organisations, _attributions, _names, _strengths, _shared_words)
    return next((reason for check in checks for reason in check(statement, cited, register)), None)


def _quotations(statement: str, cited: Sequence[Cited], register: Register) -> Iterator[str]:
    for match in _QUOTED.finditer(statement):
        quotation = next(filter(None, match.groups()), "")
        if not any(isinstance(find_quotation(quotation, c.text, least_words=1), Found) for c in cited):
            yield "a quotation in it does not stand in what it cites"
    if re.search(r"[\"“”„«»]", _QUOTED.sub("", statement)):
        yield "a quotation mark in it has no partner"


def _figures(statement: str, cited: Sequence[Cited], register: Register) -> Iterator[str]:
    """Each figure is cited, and cited of the same thing: "3 forces and 8 universities" is not "8 forces and 3 …"."""
    known = [figure for c in cited for figure in figures_in(c.text)]
    for figure in figures_in(statement):
        if figure.value not in {k.value for k in known}:
            yield f"its figure {figure.written} is not cited"
        counted_so = {k.value for k in known if figure.counts and figure.counts[0] in k.counts}
        if counted_so and figure.value not in counted_so:
            yield f"its figure {figure.written} is cited of something else"


def _organisations(statement: str, cited: Sequence[Cited], register: Register) -> Iterator[str]:
    allowed = {o.slug for c in cited for o in c.card.organisations} | _named(cited, register)
    for organisation in register.named_in(statement, bare_places=True):
        if organisation.slug not in allowed:
            yield f"it names {organisation.slug}, which is not cited"


def _attributions(statement: str, cited: Sequence[Cited], register: Register) -> Iterator[str]:
    """Only an author, or a body that the cited sentence itself lets speak, says, believes or promises anything."""
    speaking = {o.slug for c in cited for o in c.card.organisations if o.role is Role.AUTHOR and _own_words(c.card)}
    speaking |= _named([c for c in cited if _SPEAKS.search(c.text)], register)
    for mention in register.mentions(statement, bare_places=True):
        if mention.organisation.slug not in speaking and _is_attributed(statement, mention):
            yield f"it lets {mention.organisation.slug} speak, which does not speak there"


def _names(statement: str, cited: Sequence[Cited], register: Register) -> Iterator[str]:
    """Names of people, places and other bodies: capitalised words inside a sentence."""
    sources = " ".join(
        [*(c.text for c in cited), *(c.card.title for c in cited), *_organisation_names(cited, register)]
    )
    known = {word.removesuffix("s") for word in _plain_words(sources)}
    organisations = {at for m in register.mentions(statement, bare_places=True) for at in range(m.start, m.end)}
    for match in _CAPITALISED.finditer(statement):
        begins = _SENTENCE_END.search(statement[: match.start()])
        if match.start() in organisations or (begins and not _TOGETHER.match(statement[match.end() :])):
            continue
        if any(word.removesuffix("s") not in known for word in _plain_words(match.group())):
            yield f"it names '{match.group()}', which is not cited"


def _strengths(statement: str, cited: Sequence[Cited], register: Register) -> Iterator[str]:
    changed = changed_strength(statement, [c.text for c in cited])
    if changed:
        yield changed


def _shared_words(statement: str, cited: Sequence[Cited], register: Register) -> Iterator[str]:
    """A statement that shares hardly a word with what it cites was not made from it."""
    said = set(stems(statement))
    sources = " ".join(
        [*(c.text for c in cited), *(c.card.title for c in cited), *_organisation_names(cited, register)]
    )
    if len(said & set(stems(sources))) < LEAST_SHARED * len(said):
        yield "it shares too few words with what it cites"


def _plain_words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", text))]


def _named(cited: Sequence[Cited], register: Register) -> set[str]:
    return {o.slug for c in cited for o in register.named_in(c.text, bare_places=True)}


def _own_words(card: Card) -> bool:
    return card.kind not in {Kind.PROFILE, Kind.DIGEST}


def _is_attributed(statement: str, mention: Mention) -> bool:
    before, after = statement[: mention.start], re.split(r"[.!?;]\s", statement[mention.end :], maxsplit=1)[0]
    return bool(_SPEAKS_AFTER.match(after) or _SPEAKS_BEFORE.search(before))


def _organisation_names(cited: Sequence[Cited], register: Register) -> list[str]:
    return [o.published_as or register.name(o.slug) for c in cited for o in c.card.organisations]
