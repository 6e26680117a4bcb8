"""Cards as the pages show them: the list of what is held, and what is known of one document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from ingest.catalogue import HeldDocument, HeldVersion, State
from ingest.register import Register
from ingest.vocabulary import Card, Kind, Quality, Role, Status, is_past, page_unit
from service.listing import named
from service.vocabulary import NamedOrganisation
from service.wording import (
    RECOGNISED,
    capital,
    counted,
    date_in_words,
    dates,
    kind_in_words,
    pages,
    period,
    speaking,
    who,
)


@dataclass(frozen=True, slots=True)
class Shelved:
    """One line of the list of documents held."""

    id: str
    title: str
    who: str
    speaking: str
    kind: str
    dates: str
    status: str
    marking: str | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is held, for the question page."""

    sentence: str
    rows: tuple[Shelved, ...]
    organisations: tuple[NamedOrganisation, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A value of a card in words; with a link where the card has a web address."""

    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader must know before reading on."""

    sentence: str
    link: str | None = None
    label: str | None = None


def shelf(documents: Sequence[HeldDocument], register: Register) -> Shelf:
    slugs = {organisation.slug for document in documents for organisation in document.card.organisations}
    bodies = [NamedOrganisation(slug=slug, name=register.name(slug)) for slug in slugs]
    newest = max((document.card.newest_date or "" for document in documents), default="")
    held = f"{counted(documents, 'document')} held, from or about {counted(slugs, 'organisation')}"
    return Shelf(
        sentence=f"{held}, newest {date_in_words(newest)}" if newest else held,
        rows=tuple(_shelved(document, register) for document in documents),
        organisations=tuple(sorted(bodies, key=lambda organisation: organisation.name)),
        kinds=tuple(sorted({document.card.kind for document in documents})),
    )


def _shelved(document: HeldDocument, register: Register) -> Shelved:
    card = document.card
    organisations = named(card, register)
    return Shelved(
        id=document.id,
        title=card.title,
        who=capital(who(organisations)),
        speaking=speaking(card.kind, card.event_date, organisations, register),
        kind=kind_in_words(card.kind),
        dates=dates(card),
        status=card.status.value.capitalize(),
        marking=card.marking,
    )


def facts(version: HeldVersion, register: Register) -> list[tuple[str, Told]]:
    """What is known of a document, label by label; what is not known is left out or said to be so."""
    return [(label, told) for label, told in _all_facts(version, register) if told.text]


def _all_facts(version: HeldVersion, register: Register) -> Iterator[tuple[str, Told]]:
    card = version.card
    organisations = named(card, register)
    for role, label in ((Role.AUTHOR, "From"), (Role.REPORTED_ON, "About")):
        yield label, Told("; ".join(o.name for o in organisations if o.role is role))
    yield "Whose words", Told(speaking(card.kind, card.event_date, organisations, register))
    yield "Kind", Told(kind_in_words(card.kind))
    yield "Event", Told(_worded(card.event_date))
    yield "Published", Told(_worded(card.published) or "Not stated")
    yield "Covers", Told(period(card))
    yield "Review due", Told(_worded(card.review_date))
    yield "Status", Told(_status(version).capitalize())
    yield "Edition", Told(card.edition or "")
    yield "Marking", Told(card.marking or "None on source")
    yield "Licence", Told(card.licence or "Not stated")
    yield "Owner", Told(card.owner_post or "")
    yield "Original", Told(card.url or "", card.url if _opens(card.url) else None)
    yield "Retrieved", Told(_worded(card.retrieved_on))
    yield f"{page_unit(version.format).capitalize()}s", Told(str(version.pages) if version.pages else "")
    yield "Reading", Told(quality_in_words(version.quality, version.pages, version.format))
    yield "Version held", Told(f"{version.number}, added {date_in_words(version.added_at.date().isoformat())}")


def card_in_words(card: Card, register: Register) -> str:
    """Durham Constabulary, engagement strategy, published May 2024: as much of it as the card says."""
    kind = "" if card.kind is Kind.OTHER else kind_in_words(card.kind)
    return ", ".join(filter(None, (who(named(card, register)), kind, dates(card))))


def card_facts(card: Card, register: Register) -> Iterator[tuple[str, JsonValue, str]]:
    """The fields of a card that say something: name, value as in JSON, and in words. Each organisation by itself."""
    fields = card.model_dump(mode="json", exclude_defaults=True)
    worded = {"kind": kind_in_words(card.kind), "audience": ", ".join(card.audience)}
    for name, value in fields.items():
        if name != "organisations":
            yield name, value, worded.get(name, str(value))
    for organisation, value in zip(named(card, register), fields.get("organisations", ()), strict=True):
        yield "organisation", value, f"{organisation.name} ({organisation.role.value.replace('_', ' ')})"


def quality_in_words(quality: Quality | None, pages: int | None, file_format: str) -> str:
    """Good: 2,340 characters a page, 12 of 12 pages with text."""
    if quality is None:
        return ""
    grade = capital(quality.grade.value)
    if quality.characters_per_page is None:
        return f"{grade}: {counted(quality.characters, 'character')}"
    unit = page_unit(file_format)
    with_text = f"{quality.pages_with_text} of {counted(pages or 0, unit)} with text"
    return f"{grade}: {counted(quality.characters_per_page, 'character')} a {unit}, {with_text}"


def page_names(version: HeldVersion) -> dict[int, str]:
    """What stands above each page's text: its number, the printed one where that differs, and how it was read."""
    recognised = version.quality.recognised if version.quality else ()
    numbers = {block.page for block in version.blocks if block.page}
    printed, unit = version.printed_pages, page_unit(version.format)
    names = {number: capital(pages(number, number, printed.get(number), unit=unit)) for number in numbers}
    return {number: f"{name}, {RECOGNISED}" if number in recognised else name for number, name in names.items()}


def _worded(partial: str | None) -> str:
    return date_in_words(partial) if partial else ""


def _opens(url: str | None) -> bool:
    """Whether the card's address may be made a link: the web only, since a card can say anything."""
    return (url or "").lower().startswith(("http://", "https://"))


def _status(version: HeldVersion) -> str:
    return version.card.status.value if version.state is State.LIVE else version.state.value


def notices(version: HeldVersion, live: HeldVersion | None) -> Iterator[Notice]:
    """Sentences above the text: that it is not, or no longer, what answers are made from."""
    if version.state is not State.LIVE and live:
        yield Notice(
            f"This is version {version.number}, which has been replaced. Answers now use version {live.number}.",
            f"/d/{live.document_id}",
            "Open the current version",
        )
    elif version.state is State.WITHDRAWN:
        yield Notice("This document has been withdrawn. It is no longer used in answers.")
    elif version.state is State.SUPERSEDED:
        yield Notice("This version has been replaced. It is no longer used in answers.")
    yield from _status_notices(version.card)


def since(cited: int, versions: Sequence[HeldDocument]) -> str:
    """What has become of a version since it was cited, among all of its document; empty where it is still in use."""
    live = next((version for version in versions if version.state is State.LIVE), None)
    if live is None:
        return "Withdrawn since"
    if live.number != cited:
        return f"Replaced since by version {live.number}"
    told = {Status.SUPERSEDED: "Superseded by another document", Status.WITHDRAWN: "Withdrawn by its publisher"}
    return told.get(live.card.status, "")


def overdue(card: Card, today: date) -> Iterator[Notice]:
    if card.review_date and is_past(card.review_date, today):
        yield Notice(f"Its review was due {date_in_words(card.review_date)}. A newer edition may exist.")


def _status_notices(card: Card) -> Iterator[Notice]:
    if card.status is Status.DRAFT:
        yield Notice("This is a draft. It may change before it is adopted.")
    if card.status is Status.WITHDRAWN:
        yield Notice("Its publisher has withdrawn this document.")
    if card.status is Status.SUPERSEDED:
        link = f"/d/{card.superseded_by}" if card.superseded_by else None
        yield Notice(
            "Its publisher has replaced this document.", link, "Open the one that replaces it" if link else None
        )
