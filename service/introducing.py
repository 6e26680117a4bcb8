"""What is held of a body, in a sentence, where that is the question; what it says follows as for any other."""

from collections.abc import Sequence

from ingest.catalogue import HeldDocument, Holdings
from ingest.register import Organisation, Register
from service.wording import counted

_MOST_NAMED = 5


def held_of(bodies: Sequence[Organisation], permitted: Holdings, register: Register) -> str:
    """Their own documents before what we compiled about them, the newest first."""
    versions = permitted.of(slug for body in bodies for slug in register.lineage(body.slug))
    held = [document for document in permitted if document.version_id in versions]
    whom = " or ".join(body.name for body in bodies)
    if not held:
        return f"No document of or about {whom} is held."
    named = [f"'{document.card.title}'" for document in sorted(held, key=_age, reverse=True)][:_MOST_NAMED]
    others = f" and {len(held) - len(named)} more" if len(held) > len(named) else ""
    return f"{counted(held, 'document')} of or about {whom}: {', '.join(named)}{others}. The page 'Library' lists all."


def _age(document: HeldDocument) -> tuple[bool, str]:
    return not document.card.kind.is_compiled, document.card.newest_date or ""
