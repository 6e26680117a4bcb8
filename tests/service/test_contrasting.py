"""Where a sentence was reworded, the words that differ are marked on both sides."""

from ingest.editions import SentenceChange
from service.contrasting import side_by_side


def marked(old: str | None, new: str | None) -> list[str | None]:
    sides = side_by_side(SentenceChange(old=old, new=new))
    return [side and "".join(f"[{one.text}]" if one.differs else one.text for one in side) for side in sides]


def test_only_the_words_that_differ_are_marked() -> None:
    assert marked("Held on the first Monday.", "Held on the second Monday, and on Fridays.") == [
        "Held on the [first] Monday.",
        "Held on the [second] Monday[, and on Fridays].",
    ]


def test_a_sentence_without_a_counterpart_is_not_marked() -> None:
    assert marked(None, "Cadets learn to listen.") == [None, "Cadets learn to listen."]
    assert marked("Cadets learn to listen.", None) == ["Cadets learn to listen.", None]
