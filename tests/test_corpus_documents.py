"""The documents that ship: each with a card, each honest about where its facts come from."""

import re
from functools import cache
from pathlib import Path

import pytest

from ingest.corpus import gather, make_card
from ingest.reading import read
from ingest.register import Register
from ingest.sentences import sentence_spans
from ingest.tidying import tidy
from ingest.vocabulary import BlockKind, Card, Kind, Role, Status

PROJECT = Path(__file__).parents[1]
CORPUS = PROJECT / "corpus"
SEED = PROJECT.parent / "shared" / "seed" / "public-engagement-strand-update-1.txt"

NORTHERN_FORCES = frozenset(
    {
        "cheshire",
        "cleveland",
        "cumbria",
        "durham",
        "greater-manchester",
        "humberside",
        "lancashire",
        "merseyside",
        "north-yorkshire",
        "northumbria",
        "south-yorkshire",
        "west-yorkshire",
    }
)
HAS_A_SOURCE = re.compile(r"\(sources?: [^)]")
SAYS_WHAT_IS_HELD = re.compile(
    r"\bheld in this library\b|\bknown (?:to this library|here)\b|\bthis library follows\b", re.I
)
SAYS_WHAT_IT_IS = re.compile(r"^Compiled from public sources in November 2026\b")
IS_ITS_OWN_SOURCE = re.compile(r"\bAct (?:of )?\d{4}\b|^This page\b")
PRONOUN_OPENING = re.compile(
    r"^(?:It|Its|They|Their|This|These|Those|He|She|Such|Both|There)\b(?! (?:page|profile|digest|library))"
)


@cache
def shipped() -> dict[str, tuple[Card, Path]]:
    register = Register.load()
    cards = {}
    for found in gather([CORPUS]):
        assert found.refusal is None, found.refusal
        card = make_card(found, read(found.path), register)
        assert card.id not in cards, f"two documents call themselves {card.id}"
        cards[card.id] = (card, found.path)
    return cards


def profiles() -> dict[str, tuple[Card, Path]]:
    return {name: held for name, held in shipped().items() if held[0].kind is Kind.PROFILE}


def prose(path: Path) -> list[str]:
    """The paragraphs of a document, without headings, lists and what introduces the closing list of sources."""
    canonical = tidy(read(path))
    return [
        canonical.text[block.start : block.end]
        for block in canonical.blocks
        if block.kind is BlockKind.PARAGRAPH and block.heading_path[-1:] != ("Sources",)
    ]


def sentences(path: Path) -> list[str]:
    return [text[start:end] for text in prose(path) for start, end in sentence_spans(text, 0, len(text))]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def test_at_least_fourteen_documents_ship_each_with_a_card_of_its_own() -> None:
    assert len(shipped()) >= 14
    for card, path in shipped().values():
        assert path.stem == card.id
        assert path.read_text(encoding="utf-8").startswith("---\n")
        assert card.status is Status.CURRENT
        assert card.licence == "Written for this library; facts credited in the text"
        assert card.retrieved_on == "2026-11"
        assert card.published or card.kind is Kind.DIGEST


def test_each_document_says_its_title_or_subject_in_its_only_heading_of_the_first_level() -> None:
    for _, path in shipped().values():
        first_level = [b for b in read(path).blocks if b.kind is BlockKind.HEADING and b.level == 1]
        assert len(first_level) == 1, path.name


def test_each_of_the_twelve_northern_forces_has_a_profile_that_reports_on_it() -> None:
    reported = {
        organisation.slug
        for card, _ in profiles().values()
        for organisation in card.organisations
        if organisation.role is Role.REPORTED_ON
    }
    assert reported >= NORTHERN_FORCES
    assert len(profiles()) == len(NORTHERN_FORCES)


def test_a_profile_says_that_it_was_compiled_from_public_sources_and_claims_no_author() -> None:
    for card, path in profiles().values():
        assert card.title.endswith("(compiled from public sources)")
        assert SAYS_WHAT_IT_IS.search(prose(path)[0]), path.name
        assert {organisation.role for organisation in card.organisations} == {Role.REPORTED_ON}


def test_no_document_of_ours_is_put_down_to_a_body_as_its_author() -> None:
    for card, _ in shipped().values():
        assert Role.AUTHOR not in {organisation.role for organisation in card.organisations}


def test_a_profile_reports_on_its_force_and_on_the_body_that_oversees_it() -> None:
    register = Register.load()
    for card, _ in profiles().values():
        force = register.get(card.id.removeprefix("profile-"))
        assert force is not None, card.id
        assert {organisation.slug for organisation in card.organisations} == {force.slug, force.oversight_or_parent}


def test_every_paragraph_of_a_profile_bears_a_source_or_says_what_is_held() -> None:
    for _, path in profiles().values():
        for paragraph in prose(path):
            shows = HAS_A_SOURCE.search(paragraph) or SAYS_WHAT_IS_HELD.search(paragraph)
            assert shows or SAYS_WHAT_IT_IS.search(paragraph), f"{path.name}: {paragraph}"


def test_every_paragraph_of_a_page_on_a_subject_bears_a_source_or_an_act_or_says_what_is_held() -> None:
    for card, path in shipped().values():
        if card.kind is not Kind.DIGEST or card.event_date:
            continue
        for paragraph in prose(path):
            shows = HAS_A_SOURCE.search(paragraph) or SAYS_WHAT_IS_HELD.search(paragraph)
            assert shows or IS_ITS_OWN_SOURCE.search(paragraph), f"{path.name}: {paragraph}"


def test_a_profile_names_no_police_body_but_its_own() -> None:
    register = Register.load()
    for card, path in profiles().values():
        named = {body.slug for body in register.named_in("\n".join(prose(path))) if body.is_police_body}
        assert named <= {organisation.slug for organisation in card.organisations}, path.name


def test_no_page_about_many_bodies_is_put_down_to_one_of_them() -> None:
    register = Register.load()
    for card, _ in shipped().values():
        police = [o.slug for o in card.organisations if (body := register.get(o.slug)) and body.is_police_body]
        assert card.kind is Kind.PROFILE or police == [], card.id


def test_the_digest_names_no_force_and_leaves_the_publication_date_of_the_update_unsaid() -> None:
    card, path = shipped()["n8prp-update-1-digest"]
    register = Register.load()
    assert card.kind is Kind.DIGEST
    assert card.event_date == "2016-01-07"
    assert card.published is None
    assert [(o.slug, o.role) for o in card.organisations] == [("n8prp", Role.REPORTED_ON)]
    assert not [o.name for o in register.named_in(path.read_text(encoding="utf-8")) if o.is_police_body]


def test_a_sentence_can_stand_alone_in_a_briefing() -> None:
    for _, path in shipped().values():
        for sentence in sentences(path):
            assert not PRONOUN_OPENING.search(sentence), f"{path.name}: {sentence}"
            assert sentence[-1] in '.:")', f"{path.name}: {sentence}"


def test_every_list_has_a_sentence_that_introduces_it() -> None:
    for _, path in shipped().values():
        for block in tidy(read(path)).blocks:
            assert block.kind is not BlockKind.ITEM or block.lead_in, path.name


def test_no_run_of_words_of_the_seed_was_copied() -> None:
    if not SEED.exists():
        pytest.skip("the seed is not beside this checkout")
    seed = words(SEED.read_text(encoding="utf-8"))
    length = 8
    runs = {tuple(seed[at : at + length]) for at in range(len(seed) - length + 1)}
    for _, path in shipped().values():
        ours = words(path.read_text(encoding="utf-8"))
        copied = [" ".join(run) for run in zip(*(ours[at:] for at in range(length)), strict=False) if run in runs]
        assert copied == [], path.name
