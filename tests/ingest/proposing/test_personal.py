"""People are pointed out by their address, number or collar; an office and a public service are none."""

from dataclasses import replace

import pytest

from ingest.proposing import masked, masking_told
from ingest.tidying import tidy
from tests.ingest.proposing.conftest import Propose, ReadText


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Write to ida.fenwick@northshire.example today.", ["ida.fenwick@northshire.example"]),
        ("Write to i.fenwick-roe@northshire.police.uk.", ["i.fenwick-roe@northshire.police.uk"]),
        ("Write to harbourteam@gmail.com today.", ["harbourteam@gmail.com"]),
        ("Ring 01632 960 123 and ask.", ["01632 960 123"]),
        ("Ring (01632) 960123 or +44 7700 900 123.", ["(01632) 960123", "+44 7700 900 123"]),
        ("Ring +44 (0)20 7946 0018.", ["+44 (0)20 7946 0018"]),
        ("Ask PC 1234 for it.", ["PC 1234"]),
        ("Ask PC1234 Doe, the ward officer.", ["PC1234 Doe"]),
        ("Sgt 567 Name went there.", ["Sgt 567 Name"]),
        ("Police Constable Jo Marlow #1234 went there.", ["Police Constable Jo Marlow #1234"]),
        ("Inspector Marlow (2087) and PCSO 71234 came.", ["Inspector Marlow (2087)", "PCSO 71234"]),
        ("DC 2016 Marlow came.", ["DC 2016 Marlow"]),
    ],
)
def test_who_can_be_told_or_reached_is_pointed_out(propose: Propose, sentence: str, expected: list[str]) -> None:
    proposal = propose(f"# Talking\n\n{sentence}")
    assert [one.text for one in proposal.personal] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Write to engagement@northshire.example or info@harbour.example.",
        "Write to harbour.npt@northshire.police.uk or community-team@northshire.example.",
        "Ring 101, in an emergency 999, Crimestoppers on 0800 555 111 or us on 0300 123 4567.",
        "Switchboard: 01632 960123. Reception: 01632 960 124.",
        "ISBN 0750612345 and ISBN 0 7506 1234 5.",
        "The figures were 01632, 960, 123 and 0.1632960123.",
        "Paid in 2016 07 instalments: 10 200 300 400 500.",
        "PCSO 250 hours were given, and PC 24 per cent more.",
        "A PC in 2016 cost 400 pounds. Inspector 2019 was a review.",
        "Printed in Washington, DC 20001.",
        "The 95 per cent interval (CI 95) is wide.",
    ],
)
def test_offices_services_and_figures_are_none(propose: Propose, sentence: str) -> None:
    assert propose(f"# Talking\n\n{sentence}").personal == ()


def test_spans_are_those_of_the_canonical_text(read_text: ReadText, propose: Propose) -> None:
    table = "| Name | Number |\n|---|---|\n| Ida | 07700 900124 |"
    text = f"# Talking\n\nAsk   PC 1234\nMarlow, or ring 07700\u00ad 900123.\n\n{table}"
    canonical = tidy(read_text(text)).text
    personal = propose(text).personal
    assert [canonical[one.start : one.end] for one in personal] == ["PC 1234 Marlow", "07700 900123", "07700 900124"]
    assert [one.text for one in personal] == ["PC 1234 Marlow", "07700 900123", "07700 900124"]


def test_masking_leaves_none_of_it_and_says_so(read_text: ReadText, propose: Propose) -> None:
    text = "# Talking\n\nAsk PC 1234\nMarlow or PS 77 Roe, or ring 07700\u00ad 900123. Others ring 101."
    reading = replace(
        read_text(text, "Kept by Sgt 567 Name"), left_out=("Left out: Sgt 567 Name.",), title="PC 1234 Marlow"
    )

    made = masked(reading)

    assert tidy(made).text.startswith("Talking\n\nAsk […] or […], or ring […]. Others ring 101.")
    assert made.left_out == (
        "Left out: […].",
        "Personal data were masked as '[…]' (telephone numbers 1, officers with their numbers 3); the original file"
        " still holds them.",
    )
    assert (made.title, made.furniture[0].text) == ("[…]", "Kept by […]")
    assert masking_told(made.left_out) == made.left_out[-1]
    assert masked(made).blocks == made.blocks


def test_where_there_is_nothing_to_mask_the_reading_is_as_it_was(read_text: ReadText) -> None:
    reading = read_text("# Talking\n\nOthers ring 101.")
    assert masked(reading) is reading
    assert masking_told(reading.left_out) is None
