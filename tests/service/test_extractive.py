"""Without a model an answer is made of verbatim sentences that read as one."""

from ingest.catalogue import HeldVersion
from ingest.register import Register
from ingest.splitting import split
from ingest.vocabulary import Block, BlockKind, CanonicalText, Card
from service.composing import extractive
from service.vocabulary import Evidence, EvidenceSentence, Statement
from tests.conftest import held_version

REGISTER = Register.load()
HEADING, PARAGRAPH, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM


def version(number: int, title: str, *blocks: Block, **card: object) -> HeldVersion:
    named = Card.model_validate({"id": f"document-{number}", "title": title, **card})
    return held_version(named, *blocks, number=number)


def evidence(held: HeldVersion, scores: dict[str, float]) -> list[Evidence]:
    """The version's passages, each sentence with the score given for its opening words, else 0.1."""
    found = []
    for passage in split(held.card.title, CanonicalText(held.text, held.blocks), len, 10_000):
        sentences = []
        for s in passage.sentences:
            text = held.text[s.start : s.end]
            score = next((score for opening, score in scores.items() if text.startswith(opening)), 0.1)
            sentences.append(
                EvidenceSentence((s.start, s.end), text, score, score, s.kind, s.lead_in, s.paragraph, s.page)
            )
        score = max(sentence.score for sentence in sentences)
        found.append(
            Evidence(
                passage_id=len(found),
                document_id=held.document_id,
                version=1,
                version_id=held.id,
                heading_path=passage.heading_path,
                page_start=None,
                page_end=None,
                span=(passage.start, passage.end),
                score=score,
                cosine=score,
                bm25=score,
                sentences=tuple(sentences),
            )
        )
    return found


def compose(*pairs: tuple[HeldVersion, dict[str, float]], compare: bool = False) -> list[Statement]:
    return verbatim(*pairs, compare=compare).statements


def verbatim(*pairs: tuple[HeldVersion, dict[str, float]], compare: bool = False) -> extractive.Verbatim:
    versions = {held.id: held for held, _ in pairs}
    found = [e for held, scores in pairs for e in evidence(held, scores)]
    apart = (lambda held: held.card.title) if compare else None
    return extractive.compose(found, versions.__getitem__, lambda held: held.card.title, REGISTER, compare=apart)


REASONS = version(
    1,
    "Northshire plan",
    Block(HEADING, "Why", 2),
    Block(PARAGRAPH, "The force listens. Reasons for this are:"),
    Block(ITEM, "to learn"),
    Block(ITEM, "to be trusted"),
    Block(ITEM, "to act sooner"),
    Block(HEADING, "How", 2),
    Block(PARAGRAPH, "Northshire holds panels twice a year. They meet in libraries. Minutes are published."),
)


def test_a_question_for_a_list_gets_the_whole_list_with_its_lead_in() -> None:
    (statement,) = compose((REASONS, {"Reasons for this": 0.9}))
    assert statement.text == "Reasons for this are:\n• to learn\n• to be trusted\n• to act sooner"
    (quotation,) = statement.quotations
    assert quotation.text == "Reasons for this are:\nto learn\nto be trusted\nto act sooner"
    assert quotation.heading_path == ("Why",)


def test_a_short_list_is_quoted_whole_even_for_one_of_its_items() -> None:
    (statement,) = compose((REASONS, {"to act": 0.9}))
    assert statement.text == "Reasons for this are:\n• to learn\n• to be trusted\n• to act sooner"


def test_an_item_of_a_long_list_never_stands_without_its_lead_in() -> None:
    items = [Block(ITEM, f"measure {number} of many") for number in range(8)]
    long_list = version(2, "Long plan", Block(PARAGRAPH, "The measures are:"), *items)
    (statement,) = compose((long_list, {"measure 5": 0.9}))
    assert statement.text == "The measures are:\n• measure 5 of many"
    assert [quotation.text for quotation in statement.quotations] == ["The measures are:", "measure 5 of many"]


def test_a_list_right_below_its_heading_is_quoted_with_it() -> None:
    plan = version(
        2,
        "Harbour plan",
        Block(HEADING, "Harbour plan", 1),
        Block(HEADING, "What we will do", 2),
        Block(ITEM, "walk the quay", page=2),
        Block(ITEM, "hold a surgery", page=2),
    )
    (statement,) = compose((plan, {"walk": 0.9}))
    assert statement.text == "What we will do\n• walk the quay\n• hold a surgery"
    (quotation,) = statement.quotations
    assert (quotation.heading_path[-1], quotation.paragraph, quotation.page_end) == ("What we will do", 1, 2)


def test_a_statement_that_is_announced_follows_its_announcement_in_line() -> None:
    held = version(2, "Plan", Block(PARAGRAPH, "The force puts it like this:"), Block(PARAGRAPH, "‘We listen first.’"))
    (statement,) = compose((held, {"‘We": 0.9}))
    assert statement.text == "The force puts it like this: ‘We listen first.’"


def test_a_pronoun_brings_the_sentence_it_refers_to() -> None:
    (statement,) = compose((REASONS, {"They meet": 0.9}))
    assert statement.text == "Northshire holds panels twice a year. They meet in libraries."


def test_sentences_that_follow_one_another_are_one_point() -> None:
    (statement,) = compose((REASONS, {"Northshire holds": 0.8, "They meet": 0.9, "Minutes": 0.85}))
    assert statement.text == "Northshire holds panels twice a year. They meet in libraries. Minutes are published."


def test_what_scores_far_below_the_best_is_left_out() -> None:
    texts = [s.text for s in compose((REASONS, {"Northshire holds": 0.9, "Reasons for this": 0.5}))]
    assert texts == ["Northshire holds panels twice a year."]


def test_the_document_with_the_best_statement_comes_first() -> None:
    other = version(2, "Southshire plan", Block(PARAGRAPH, "Southshire writes letters to residents."))
    statements = compose((REASONS, {"Northshire holds": 0.8}), (other, {"Southshire": 0.9}))
    assert [statement.heading for statement in statements] == ["Southshire plan", "Northshire plan"]


def test_the_best_statement_leads_and_the_rest_reads_from_top_to_bottom() -> None:
    held = version(2, "Plan", *[Block(PARAGRAPH, f"{word} helps people here.") for word in ("Alpha", "Beta", "Gamma")])
    texts = [s.text for s in compose((held, {"Alpha": 0.85, "Beta": 0.86, "Gamma": 0.9}))]
    assert texts == ["Gamma helps people here.", "Alpha helps people here.", "Beta helps people here."]


def test_what_scores_alike_is_told_beside_it_however_little_else_there_is() -> None:
    held = version(2, "Plan", *[Block(PARAGRAPH, f"{word} helps people here.") for word in ("Alpha", "Beta", "Gamma")])
    other = version(3, "Long", *[Block(PARAGRAPH, f"{word} is beside the point.") for word in ("One", "Two", "Three")])
    scores = {"Alpha": 0.85, "Beta": 0.4, "Gamma": 0.9}
    for beside in ([], [(other, {})]):
        texts = [s.text for s in compose((held, scores), *beside)]
        assert texts == ["Gamma helps people here.", "Alpha helps people here."]


def test_there_are_at_most_six_points_and_in_a_comparison_two_of_one_body() -> None:
    many = version(3, "Long plan", *[Block(PARAGRAPH, f"Measure {number} helps people.") for number in range(9)])
    other = version(4, "Short plan", Block(PARAGRAPH, "Measure ten helps people too."))
    scores = {"Measure": 0.9}
    assert len(compose((many, scores))) == 6
    compared = compose((many, scores), (other, scores), compare=True)
    assert [statement.heading for statement in compared] == ["Long plan", "Long plan", "Short plan"]


def test_of_more_than_two_bodies_each_is_heard_once_and_those_without_room_are_told() -> None:
    plans = [
        version(n, f"Plan {n}", *[Block(PARAGRAPH, f"In ward {n} measure {m} helps.") for m in (1, 2)])
        for n in range(3, 11)
    ]
    composed = verbatim(*[(plan, {"In ward": 0.9}) for plan in plans], compare=True)
    assert [statement.heading for statement in composed.statements] == [f"Plan {n}" for n in range(3, 9)]
    assert composed.beyond == {9, 10}


def test_what_we_compiled_about_a_body_is_not_heard_beside_what_it_says_itself() -> None:
    own = version(2, "North plan", Block(PARAGRAPH, "Panels meet each month in North."))
    about = version(3, "Profile", Block(PARAGRAPH, "North was seen to hold panels."), kind="profile")
    other = version(4, "South plan", *[Block(PARAGRAPH, f"South {what}.") for what in ("holds no panel", *"abcde")])
    scores = {"Panels": 0.85, "North was": 0.9, "South holds": 0.88}
    versions = {held.id: held for held in (own, about, other)}
    found = [e for held in versions.values() for e in evidence(held, scores)]
    speaks_for = {2: "north", 3: "north", 4: "south"}
    composed = extractive.compose(
        found, versions.__getitem__, lambda held: held.card.title, REGISTER, compare=lambda held: speaks_for[held.id]
    )
    assert [statement.heading for statement in composed.statements] == ["South plan", "North plan"]


def test_the_title_as_it_stands_in_the_text_is_no_statement() -> None:
    plan = version(2, "Harbour plan", Block(PARAGRAPH, "Harbour plan"), Block(PARAGRAPH, "Officers walk the quay."))
    (statement,) = compose((plan, {"Harbour": 0.9, "Officers": 0.85}))
    assert statement.text == "Officers walk the quay."


def test_a_line_that_only_names_a_body_is_no_statement_but_an_item_may_be() -> None:
    plan = version(2, "Plan", Block(PARAGRAPH, "By Durham Constabulary"), Block(PARAGRAPH, "Officers walk the quay."))
    (statement,) = compose((plan, {"By Durham": 0.9, "Officers": 0.85}))
    assert statement.text == "Officers walk the quay."
    came = version(3, "Notes", Block(PARAGRAPH, "There came:"), Block(ITEM, "Kent Police"), Block(ITEM, "Gwent Police"))
    (statement,) = compose((came, {"There came": 0.9, "Kent": 0.8, "Gwent": 0.8}))
    assert statement.text == "There came:\n• Kent Police\n• Gwent Police"


def test_a_list_is_opened_by_the_sentence_that_its_lead_in_points_back_to() -> None:
    lead_in = "They were chosen since few of them come."
    plan = version(
        4,
        "Plan",
        Block(PARAGRAPH, f"We chose three groups. {lead_in[:-1]}:"),
        *(Block(ITEM, group) for group in ("bargees", "pickers", "night porters")),
    )
    (statement,) = compose((plan, {"We chose": 0.9}))
    assert statement.text.startswith("We chose three groups. They were chosen since few of them come:")
    assert statement.text.endswith("• bargees\n• pickers\n• night porters")


def test_without_evidence_nothing_is_said() -> None:
    assert compose() == []


PARTED = version(
    7,
    "Parted",
    Block(HEADING, "Why people come", level=1),
    Block(PARAGRAPH, "Happy reasons for coming included:"),
    Block(ITEM, "to meet an officer"),
    Block(ITEM, "to see neighbours"),
    Block(PARAGRAPH, "Sad reasons for coming included:"),
    Block(ITEM, "to report a loss"),
    Block(ITEM, "to ask for help"),
)


def test_a_list_told_in_parts_is_quoted_in_all_of_them_where_all_are_meant() -> None:
    scores = {"Happy reasons": 0.8, "to meet": 0.9, "to see": 0.9, "Sad reasons": 0.65}
    both = compose((PARTED, scores))
    assert [said.text.splitlines()[0] for said in both] == [
        "Happy reasons for coming included:",
        "Sad reasons for coming included:",
    ]
    assert "to ask for help" in both[1].text


def test_a_part_that_was_asked_for_alone_is_quoted_alone() -> None:
    scores = {"Happy reasons": 0.9, "to meet": 0.9, "to see": 0.9, "Sad reasons": 0.4}
    assert len(compose((PARTED, scores))) == 1
