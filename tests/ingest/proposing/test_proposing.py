"""A file is read and says of itself what stands on its card: field by field, with its words. What it does not say, or
says twice, is proposed by nobody."""

import pytest

from ingest.proposing import Proposal
from ingest.vocabulary import Card
from tests.ingest.proposing.conftest import BODY, Propose, told


def quotes(proposal: Proposal) -> dict[str, tuple[str, int | None]]:
    return {one.field: (one.quote, one.page) for one in proposal.fields}


def test_a_designed_strategy_fills_its_card_and_shows_what_conflicts(propose_sample: Propose) -> None:
    proposal = propose_sample("marked-strategy.pdf")

    assert told(proposal) == {
        "title": "Community engagement strategy 2016–2018",
        "cheshire": "author",
        "kind": "engagement-strategy",
        "edition": "Version 2.1",
        "published": "2016-04",
        "covers_to": "2018",
        "review_date": "2017-03-31",
        "marking": "OFFICIAL",
        "licence": "Open Government Licence v3.0",
        "owner_post": "Chief Superintendent",
    }
    assert quotes(proposal)["edition"] == ("Version | 2.1", 3)
    assert quotes(proposal)["organisations"] == ("Cheshire Constabulary", 1)
    [conflict] = proposal.conflicts
    assert (conflict.field, [(one.value, one.quote) for one in conflict.candidates]) == (
        "covers_from",
        [("2016", "2016–2018"), ("2015", "2015–2018")],
    )
    assert (proposal.marking, proposal.secret, proposal.restricted) == ("OFFICIAL", False, False)
    assert "Quill" not in proposal.model_dump_json()


def test_a_draft_that_names_people_and_is_marked_in_its_header(propose_sample: Propose) -> None:
    proposal = propose_sample("draft-plan.docx")

    assert told(proposal) == {
        "title": "Neighbourhood activity plan, April 2024 to March 2027",
        "kind": "activity-plan",
        "edition": "Draft 3",
        "covers_from": "2024-04",
        "covers_to": "2027-03",
        "review_date": "2025-09",
        "status": "draft",
        "marking": "OFFICIAL-SENSITIVE",
    }
    assert (proposal.secret, proposal.restricted) == (False, True)
    assert [(one.kind, one.text) for one in proposal.personal] == [
        ("collar_number", "PC 4411 Marlow"),
        ("collar_number", "Sgt Ida Fenwick (2087)"),
        ("email", "ida.fenwick@northshire.example"),
        ("telephone", "07700 900123"),
    ]


@pytest.mark.parametrize("name", ["marked-strategy.pdf", "draft-plan.docx", "engagement-plan.pdf", "mail.eml"])
def test_what_is_proposed_makes_a_card(propose_sample: Propose, name: str) -> None:
    card = Card.model_validate({"id": "proposed", **propose_sample(name).card_fields()})
    assert card.title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Walking with residents", "Walking with residents"),
        ("OFFICIAL\n\n# DRAFT\n\n# Walking with residents\n\n## Version 2", "Walking with residents"),
        ("# Durham Constabulary\n\n# Walking with residents", "Walking with residents"),
        ("# 7 January 2016\n\n# Walking with residents", "Walking with residents"),
        ("# Walking\n\n# with\n\n# residents", None),
        ("# Module One - Walking\n\n# Module Two - Talking", None),
        ("# Foreword\n\n# Our priorities", None),
        ("# Re: your strategy for children", None),
        (f"{BODY}\n\n# Walking with residents", None),
        ("Walking with residents is what we do, and we do it gladly.", None),
    ],
)
def test_the_title_is_what_stands_above_the_text(propose: Propose, text: str, title: str | None) -> None:
    assert told(propose(text)).get("title") == title


def test_a_title_of_the_properties_counts_where_the_text_bears_it_out(propose: Propose) -> None:
    [proposed] = [one for one in propose("Walking\n\nwith residents", title="Walking with residents").fields]
    assert (proposed.value, proposed.source) == ("Walking with residents", "properties")
    assert propose("Walking\n\nwith residents", title="Budget 2009 final2").fields == ()
    [own] = [one for one in propose("# Talking at school", title="Walking with residents").fields]
    assert (own.value, own.source) == ("Talking at school", "text")


def test_whose_pages_these_are_stands_in_the_title_of_the_window(propose: Propose) -> None:
    [site] = [one for one in propose("# Talking at school", title="Talking at school | Kent Police").fields[1:]]
    assert (site.value, site.source) == ({"slug": "kent", "role": "author"}, "properties")
    assert propose("# Talking at school", title="Talking at school | News").fields[1:] == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("# Durham Constabulary community engagement strategy", {"durham": "author"}),
        ("# Durham Constabulary’s engagement strategy", {"durham": "author"}),
        (
            "# Cleveland Police and Durham Constabulary joint engagement plan",
            {"cleveland": "author", "durham": "author"},
        ),
        ("# An inspection of Cleveland Police", {"cleveland": "reported_on"}),
        ("# HMICFRS report: an inspection of Cleveland Police", {"hmicfrs": "author", "cleveland": "reported_on"}),
        ("# Cleveland Police PEEL inspection report", {}),
        ("# Engagement profile: Kent Police", {"kent": "reported_on"}),
        ("# Talking at school\n\nKent Police", {"kent": "author"}),
        ("# Talking at school\n\nKent Police and Essex Police", {"kent": "author", "essex": "author"}),
        ("# Talking at school\n\nKent Police – Community Engagement and Inclusion", {"kent": "author"}),
        ("# Talking at school\n\nKent Police – what pupils told us", {}),
        (
            "# Talking at school\n\nKent Police and Essex Police. Published 20 May 2023. Owner: Head of Engagement, "
            "whom pupils may write to in the first instance and at any time.",
            {"kent": "author", "essex": "author"},
        ),
        ("# Talking at school\n\n## Published by the College of Policing", {"college-of-policing": "author"}),
        ("# Talking at school\n\n© Home Office 2019", {"home-office": "author"}),
        ("# Talking at school\n\nForce: Kent Police", {"kent": "author"}),
        ("# The N8 Policing Research Partnership and its public engagement strand", {}),
        ("# Public Engagement Strand - Update 1", {}),
        ("# A response to the Home Office consultation", {}),
        ("# Talking at school\n\nKent Police took part in the trial, as did Essex Police and six other forces.", {}),
        ("# Talking at school\n\nTo: Kent Police", {}),
        ("# Notes of the engagement seminar\n\nUniversity of Liverpool", {}),
        ("University of Liverpool\n\n# Notes of the engagement seminar", {"university-of-liverpool": "author"}),
    ],
)
def test_an_organisation_is_named_where_the_document_says_whose_it_is(
    propose: Propose, text: str, named: dict[str, str]
) -> None:
    fields = told(propose(text))
    assert {name: role for name, role in fields.items() if role in ("author", "reported_on")} == named


def test_the_name_that_the_document_uses_is_kept(propose: Propose) -> None:
    [organisation] = [
        one for one in propose("# Talking\n\nHampshire Constabulary").fields if one.field == "organisations"
    ]
    assert organisation.value == {"slug": "hampshire", "role": "author", "published_as": "Hampshire Constabulary"}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Community Engagement Strategy 2024–27", "engagement-strategy"),
        ("Public participation and engagement framework", "engagement-strategy"),
        ("Neighbourhood policing plan for the harbour", "activity-plan"),
        ("Police, Fire and Crime Plan", "police-and-crime-plan"),
        ("Report of a seminar on listening", "seminar-output"),
        ("Volunteers policy", "policy"),
        ("Guidance on engagement strategies", "guidance"),
        ("Evaluation of the engagement strategy", "evaluation"),
        ("Engagement strategy evaluation", "evaluation"),
        ("Engagement strategy and activity plan", None),
        ("Response to the police and crime plan", None),
        ("Community safety strategy", None),
        ("Seminar on listening", None),
        ("Talking at school", None),
        ("Orange peel on the quay", None),
    ],
)
def test_the_kind_is_what_the_title_calls_it(propose: Propose, title: str, kind: str | None) -> None:
    assert told(propose(f"# {title}")).get("kind") == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Published: 7th January 2016", {"published": "2016-01-07"}),
        ("Publication date 07/01/2016", {"published": "2016-01-07"}),
        ("Published in May 2021.", {"published": "2021-05"}),
        ("This strategy was published in 2021 and is read by many.", {"published": "2021"}),
        ("The Harbour Trust, published March 2026", {"published": "2026-03"}),
        ("It rests on the census, published in 2021, and on talks.", {}),
        (
            "| Version | 2.1 |\n|---|---|\n| Next review | 03/2027 |",
            {"edition": "Version 2.1", "review_date": "2027-03"},
        ),
        ("Review date: 31 February 2027", {}),
        ("Date of next review: 1 April 2027", {"review_date": "2027-04-01"}),
        ("Review date\n\n1 April 2027", {"review_date": "2027-04-01"}),
        ("This policy will next be reviewed by 30 June 2026.", {"review_date": "2026-06-30"}),
        ("The budget was reviewed in June 2026, and published in May 2021 by the council.", {}),
        ("May 2021", {}),
        ("Owner: Head of Neighbourhood Policing", {"owner_post": "Head of Neighbourhood Policing"}),
        ("Policy owner: A. Marlow, Community Engagement Manager", {"owner_post": "Community Engagement Manager"}),
        ("Owner: Avery Marlow", {}),
        ("Status: Draft", {"status": "draft"}),
        ("This is a working draft.", {"status": "draft"}),
        ("We are drafting a reply to all who wrote.", {}),
        ("DRAFT – not for circulation", {"status": "draft"}),
        ("All content is available under the Open Government Licence v3.0, except where stated.", {}),
        (
            "You may re-use this information under the terms of the Open Government Licence v3.0.",
            {"licence": "Open Government Licence v3.0"},
        ),
        ("© Harbour Trust 2020. All rights reserved.", {"licence": "All rights reserved"}),
        ("Another report was marked all rights reserved.", {}),
        (
            "This document is available at www.northshire.example/plans/harbour.pdf.",
            {"url": "www.northshire.example/plans/harbour.pdf"},
        ),
        ("This document is available at www.northshire.example.", {}),
        ("See https://elsewhere.example/plan for another plan.", {}),
        ("Date of meeting: 3 May 2023", {"event_date": "2023-05-03"}),
        ("Plan period: 2024-2027", {"covers_from": "2024", "covers_to": "2027"}),
        ("A trial ran from 2021 to 2023.", {}),
    ],
)
def test_dates_owner_licence_and_address_stand_behind_their_labels(
    propose: Propose, text: str, expected: dict[str, str]
) -> None:
    fields = dict(told(propose(f"# Talking at school\n\n{text}")))
    assert fields.pop("title") == "Talking at school"
    assert fields == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Minutes of the panel, 3 May 2023", "2023-05-03"),
        ("# Panel meeting minutes\n\n## Wednesday, 3 May 2023", "2023-05-03"),
        (
            "# Notes on talking\n\nThis update tells of the seminar held at Harbour Hall on 7 th January 2016.",
            "2016-01-07",
        ),
        ("# Talking at school\n\nA seminar was held on 7 January 2016.", None),
        ("# Panel meeting minutes\n\n3 May 2023\n\n4 May 2023", None),
        ("# Panel meeting minutes\n\nMay 2023", "2023-05"),
        ("# Panel meeting minutes\n\n2023", None),
    ],
)
def test_an_event_has_its_day_where_the_document_reports_it(propose: Propose, text: str, expected: str | None) -> None:
    assert told(propose(text)).get("event_date") == expected


def test_two_review_dates_are_a_conflict_and_the_more_exact_of_two_that_agree_is_taken(propose: Propose) -> None:
    twice = propose("# Talking\n\nReview date: May 2025\n\nNext review: June 2026")
    assert [(c.field, [one.value for one in c.candidates]) for c in twice.conflicts] == [
        ("review_date", ["2025-05", "2026-06"])
    ]
    assert "review_date" not in told(twice)

    alike = propose("# Talking\n\nReview date: May 2025\n\nNext review: 31 May 2025", "V2.1", "Version: 2.1")
    assert (told(alike)["review_date"], told(alike)["edition"], alike.conflicts) == ("2025-05-31", "V2.1", ())


def test_the_files_name_counts_only_where_the_text_says_nothing(propose: Propose) -> None:
    silent = propose("# Talking", name="talking_v1.2_DRAFT.docx")
    assert {one.field: (one.value, one.source) for one in silent.fields if one.field != "title"} == {
        "edition": ("v1.2", "file_name"),
        "status": ("draft", "file_name"),
    }
    assert told(propose("# Talking\n\nVersion 2", name="talking_v1.2.docx"))["edition"] == "Version 2"


def test_a_footer_of_several_parts_tells_each(propose: Propose) -> None:
    proposal = propose("# Talking", "OFFICIAL | Version 1.4 | Review date: May 2027 | Page 2")
    assert told(proposal) == {
        "title": "Talking",
        "edition": "Version 1.4",
        "review_date": "2027-05",
        "marking": "OFFICIAL",
    }
