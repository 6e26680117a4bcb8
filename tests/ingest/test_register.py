"""The register knows who is who, and where a text names them."""

from typing import get_args

import pytest

from ingest.register import OrganisationKind, Register


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.load()


def slugs(register: Register, text: str, *, bare_places: bool = False) -> list[str]:
    return [organisation.slug for organisation in register.named_in(text, bare_places=bare_places)]


def test_every_row_is_well_formed(register: Register) -> None:
    assert len(register) == 128
    for organisation in register:
        assert organisation.kind in get_args(OrganisationKind)
        assert organisation.case_sensitive <= set(organisation.names)
        assert organisation.successor is None or register.get(organisation.successor)


def test_the_longest_name_wins(register: Register) -> None:
    assert slugs(register, "City of London Police and the Metropolitan Police") == ["city-of-london", "metropolitan"]
    assert slugs(register, "Devon and Cornwall Police; Devon & Cornwall Police") == ["devon-and-cornwall"]


def test_abbreviations_must_match_case(register: Register) -> None:
    assert slugs(register, "the Met met WMP") == ["metropolitan", "west-midlands"]
    assert slugs(register, "who met at the college") == []
    assert slugs(register, "guidance of the College") == ["college-of-policing"]


def test_a_bare_place_is_a_force_only_where_the_text_implies_it(register: Register) -> None:
    assert slugs(register, "a ward in Durham") == []
    assert slugs(register, "Compare Cheshire and Durham", bare_places=True) == ["cheshire", "durham"]
    assert slugs(register, "Durham University and Leeds", bare_places=True) == ["durham-university"]
    assert slugs(register, "Northumbria University", bare_places=True) == []
    assert slugs(register, "the Liverpool seminar", bare_places=True) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Derbyshire Police and Crime Commissioner: youth survey", ["opcc-derbyshire"]),
        ("Northamptonshire Police, Fire and Crime Commissioner", ["opfcc-northamptonshire"]),
        ("the Dorset Police & Crime Commissioner's office", ["opcc-dorset"]),
        ("What are the aims of Cumbria's commissioner?", ["opfcc-cumbria"]),
        ("the PCC for Durham, and Durham Constabulary", ["opcc-durham", "durham"]),
        ("Kent Police and the commissioner", ["kent"]),
        ("Durham Police and Crime Panel", ["durham"]),
    ],
)
def test_a_commissioner_is_not_the_force_whose_name_theirs_begins_with(
    register: Register, text: str, named: list[str]
) -> None:
    assert slugs(register, text, bare_places=True) == named


def test_a_text_is_about_the_area_that_it_names_most(register: Register) -> None:
    def most(text: str) -> str | None:
        found = register.most_named(text)
        return found.slug if found else None

    assert most("Durham Constabulary met. The Durham PCC came too. Kent Police was asked once.") == "durham"
    assert most("Durham Constabulary and Kent Police met.") is None
    assert most("Nobody is named.") is None


def test_for_a_force_its_overseer_speaks_too(register: Register) -> None:
    assert register.speaking_for("durham") == {"durham", "opcc-durham"}
    assert register.speaking_for("opcc-durham") == {"opcc-durham"}


def test_a_number_of_forces_names_none(register: Register) -> None:
    assert slugs(register, "8 police forces and one OPCC took part", bare_places=True) == []


def test_a_body_is_found_under_its_predecessor_and_successor(register: Register) -> None:
    assert register.lineage("npcc") == {"npcc", "acpo"}
    assert register.lineage("acpo") == {"npcc", "acpo"}
    assert register.lineage("merseyside") == {"merseyside"}


def test_a_curly_apostrophe_names_the_same_body(register: Register) -> None:
    assert slugs(register, "the National Police Chiefs’ Council") == ["npcc"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("and in Wales?", ["dyfed-powys", "gwent", "north-wales", "south-wales"]),
        ("forces across the North East", ["cleveland", "durham", "northumbria"]),
        ("the law in England and Wales", []),
        ("City of London Police", []),
        ("in the West Midlands Police area", []),
        ("the University of London", []),
    ],
)
def test_a_region_stands_for_its_forces_where_the_text_places_something_there(
    register: Register, text: str, expected: list[str]
) -> None:
    assert [force.slug for force in register.forces_of_region(text)] == expected
