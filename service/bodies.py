"""What statements stand under: a document's title, or, in a comparison, the police body that it is of or about."""

from collections.abc import Iterable
from datetime import date

from ingest.catalogue import HeldVersion
from ingest.register import Organisation, Register
from ingest.vocabulary import Card, Status
from service.wording import marks


def body_of(card: Card, register: Register) -> Organisation | None:
    """The one police body of a document: a force goes before the office that oversees it, two forces are no one."""
    return body_among((organisation.slug for organisation in card.organisations), register)


def body_among(slugs: Iterable[str], register: Register) -> Organisation | None:
    """The same of these organisations."""
    bodies = map(register.get, slugs)
    police = [body for body in bodies if body and body.is_police_body]
    forces = {body.slug for body in police if body.kind == "force"}
    police = [body for body in police if body.slug in forces or body.oversight_or_parent not in forces]
    return police[0] if len(police) == 1 else None


def speaks_for(version: HeldVersion, register: Register) -> str:
    """Whom a version is heard for: the slug of its police body, else its own document."""
    body = body_of(version.card, register)
    return body.slug if body else version.document_id


def speaker(version: HeldVersion, register: Register, today: date) -> str:
    """What a comparison groups by: the police body, else the title."""
    body = body_of(version.card, register)
    if body is None:
        return heading(version, today)
    if version.card.kind.is_compiled:
        return f"{body.name} (compiled from public sources)"
    # A draft of a body stands in one line with what else it says: its source says what it is.
    status = version.card.status
    return f"{body.name} ({status.value})" if status in (Status.SUPERSEDED, Status.WITHDRAWN) else body.name


def heading(version: HeldVersion, today: date) -> str:
    """The title that statements stand under; what must be known before relying on them is said there already."""
    standing = ", ".join(marks(version.card.status, version.card.review_date, today))
    return f"{version.card.title} ({standing})" if standing else version.card.title
