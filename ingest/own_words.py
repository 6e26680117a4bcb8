"""What a file that brings no card says of itself, and what a later one says otherwise."""

from ingest.catalogue import HeldVersion
from ingest.proposing import Proposal, propose
from ingest.register import Register
from ingest.vocabulary import Block, Kind, Reading, Role

Fields = dict[str, object]


def own_words(proposal: Proposal, title: str | None, register: Register) -> Fields:
    """The fields of a card that a file's words tell, where they say one thing. title: where they tell none.

    It is about the bodies that it names, whoever wrote it, and nothing that we compiled: that, and whose post it is, a
    person would have to say.
    """
    told: Fields = {"title": title, **proposal.card_fields()}
    told.pop("owner_post", None)
    if "kind" in told and Kind(str(told["kind"])).is_compiled:
        del told["kind"]
    named = told.get("organisations", [])
    slugs = [one["slug"] for one in named if isinstance(one, dict)] if isinstance(named, list) else []
    slugs += [body.slug for body in register.named_in(str(told["title"])) if body.is_police_body]
    return told | {"organisations": [{"slug": slug, "role": Role.REPORTED_ON} for slug in dict.fromkeys(slugs)]}


def said_otherwise(held: HeldVersion, reading: Reading, file_name: str, register: Register) -> Fields:
    """The fields that the held card has from the held text's own words, and of which this one says something else.

    What a person wrote on the card stays. So does whom it is about: a text that names others is about them too.
    """
    before = own_words(propose(_reading(held), held.file_name, register), None, register)
    now = own_words(propose(reading, file_name, register), None, register)
    card = held.card.model_dump(mode="json")
    told = (name for name in now if name != "organisations" and now[name] and card.get(name) == before.get(name))
    return {name: now[name] for name in told if before.get(name) and now[name] != before[name]}


def _reading(held: HeldVersion) -> Reading:
    """As far as it is kept: without headers and footers."""
    return Reading(
        tuple(Block(b.kind, held.text[b.start : b.end], level=b.level, page=b.page) for b in held.blocks),
        pages=held.pages,
    )
