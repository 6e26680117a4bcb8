"""Sentences have exact spans, and are not cut where a reader would not cut them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Forces met. They agreed.", ["Forces met.", "They agreed."]),
        ("See e.g. the plan of St. Anne ward. It is new.", ["See e.g. the plan of St. Anne ward.", "It is new."]),
        ("It rose by 3.5 points. Good.", ["It rose by 3.5 points.", "Good."]),
        ("Who came? Eight forces! Really.", ["Who came?", "Eight forces!", "Really."]),
        ("It worked (see below. Twice). Then it stopped.", ["It worked (see below. Twice).", "Then it stopped."]),
        ("She said “Go. Now.” Then left.", ["She said “Go. Now.”", "Then left."]),
        ("It is ‘a talk. Not a notice.’ Then it ended.", ["It is ‘a talk. Not a notice.’", "Then it ended."]),
        ("It is 'a talk. Not a notice.' All agreed.", ["It is 'a talk. Not a notice.'", "All agreed."]),
        ("The examiner 's office opened. It do n't close.", ["The examiner 's office opened.", "It do n't close."]),
        ("Tell 'em so. Then go.", ["Tell 'em so.", "Then go."]),
        ("The officers’ views differ. The '90s were quiet.", ["The officers’ views differ.", "The '90s were quiet."]),
        ("‘We listen. We act. That is all.’", ["‘We listen. We act. That is all.’"]),
        ("No capital follows. here", ["No capital follows. here"]),
        ("there are none at all. here e.g. neither.", ["there are none at all.", "here e.g. neither."]),
        ("Surveys, letters, etc. Meetings follow.", ["Surveys, letters, etc.", "Meetings follow."]),
        ("  Padded.  Twice.  ", ["  Padded.", "Twice.  "]),
    ],
)
def test_a_reader_would_cut_here(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="aB.?! \"'“”()\n", max_size=80))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
