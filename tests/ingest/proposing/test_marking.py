"""A marking stands alone: in a header or footer, at the edge of a page, behind its label. A sentence has none."""

import pytest

from ingest.proposing import marked
from tests.ingest.proposing.conftest import BODY, Propose, ReadText


@pytest.mark.parametrize(
    "furniture",
    [
        "OFFICIAL-SENSITIVE",
        "OFFICIAL - SENSITIVE",
        "OFFICIAL: SENSITIVE",
        "OFFICIAL–SENSITIVE [PERSONAL]",
        "Page 3 | OFFICIAL-SENSITIVE | Version 2",
        "Protective marking: Official-Sensitive",
    ],
)
def test_official_sensitive_in_a_header_or_footer_is_restricted(propose: Propose, furniture: str) -> None:
    proposal = propose("# Talking", furniture)
    assert (proposal.restricted, proposal.secret) == (True, False)
    assert proposal.marking is not None


@pytest.mark.parametrize("text", ["SECRET", "TOP SECRET", "UK SECRET", "Security classification: Secret", "**SECRET**"])
def test_secret_is_seen_at_the_top_of_a_text(propose: Propose, text: str) -> None:
    assert propose(f"{text}\n\n# Talking").secret


@pytest.mark.parametrize(
    "text",
    [
        "Residents voted by secret ballot.",
        "# The secret of good engagement",
        "# Secret shoppers",
        "Nothing in it is SECRET, and all of it may be read by everybody who asks for it.",
        "Official figures",
        "| Pursue | PROTECT |\n|---|---|\n| 1 | 2 |",
        "## PROTECT",
    ],
)
def test_words_are_no_marking(propose: Propose, text: str) -> None:
    assert propose(f"# Talking\n\n{text}").marking is None


def test_a_text_that_explains_markings_bears_none(read_text: ReadText) -> None:
    explained = "\n\n".join(
        f"## {name}\n\n{BODY}" for name in ("OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET")
    )
    assert marked(read_text(f"# What the markings mean\n\n{BODY}\n\n{explained}")) is None
    assert marked(read_text(f"# What the markings mean\n\n{BODY}\n\n{explained}", "OFFICIAL")) == "OFFICIAL"


def test_a_marking_that_stands_alone_again_and_again_is_one_wherever_it_stands(read_text: ReadText) -> None:
    page = f"{BODY}\n\n{BODY}\n\nOFFICIAL-SENSITIVE"
    assert marked(read_text("\n\n".join(["# Talking", page, page, page]))) == "OFFICIAL-SENSITIVE"


def test_the_higher_of_two_markings_counts_and_they_are_a_conflict(propose: Propose) -> None:
    proposal = propose("# Talking\n\nProtective marking: OFFICIAL-SENSITIVE", "OFFICIAL")
    assert (proposal.marking, proposal.restricted) == ("OFFICIAL-SENSITIVE", True)
    assert [conflict.field for conflict in proposal.conflicts] == ["marking"]


@pytest.mark.parametrize(
    "marking", ["NOT PROTECTIVELY MARKED", "OFFICIAL", "RESTRICTED", "CONFIDENTIAL", "PROTECT – PERSONAL"]
)
def test_other_markings_are_taken_in_their_own_words(propose: Propose, marking: str) -> None:
    assert propose("# Talking", marking).marking == marking
