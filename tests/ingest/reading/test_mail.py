"""Mails: who sent what and when, all of the text, and what is attached to them."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.errors import UnreadableDocument
from ingest.reading import eml, mail, msg, read
from ingest.reading.mail import Mail
from tests.samples import outlook

SAMPLES = Path(__file__).parents[2] / "samples"
ADDRESSES = "The addresses of the sender and of those who received it were left out."
TYPES = "Content-Type: {}\n\n"


def parsed(content: str | bytes) -> Mail:
    data = content if isinstance(content, bytes) else content.encode()
    return eml.parse(b"Subject: Streets\nFrom: Jane Roe <jane@northshire.example>\n" + data, "mail.eml")


def texts(content: str | bytes) -> list[str]:
    return [block.text for block in parsed(content).body]


def refusal(parse: Callable[[bytes, str], object], data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        parse(data, "mail.eml")
    return caught.value.reason


def multipart(subtype: str, *parts: str) -> str:
    return (
        f"Content-Type: multipart/{subtype}; boundary=b{len(parts)}\n\n"
        + "".join(f"--b{len(parts)}\n{part}\n" for part in (*parts, "")).removesuffix("\n\n")
        + "--\n"
    )


def test_the_sample_is_its_subject_its_sender_and_all_of_its_text(sample, outline) -> None:
    read = sample("mail.eml")
    assert outline(read) == [
        ("heading 1", "Where we meet in spring – and why"),
        ("paragraph", "From: Engagement Tîm (northshire.example). Sent: 5 March 2024."),
        ("paragraph", "Dear all"),
        (
            "paragraph",
            "The spring meetings are held at the sailing club, because residents told us that the café is too loud to "
            "hear one another. Doors open at seven.",
        ),
        ("paragraph", "What will be asked:"),
        ("item", "which streets feel unsafe after dark"),
        ("item", "what should be done about them before the summer"),
        ("paragraph", "Kind regards"),
        ("paragraph", "The engagement team"),
        ("paragraph", "Northshire Police, Harbour station"),
        ("paragraph", "On 1 March 2024 the residents' panel wrote:"),
        ("paragraph", "Could the meetings move out of the café? Several of us could not follow the last one."),
        ("paragraph", "The next meeting is in the café."),
    ]
    assert read.title == "Where we meet in spring – and why"
    assert read.left_out == (
        ADDRESSES,
        "Pictures inside the text were left out: 1.",
        "What is attached is not part of this text but added beside it: Meeting plan 2024/25.txt, What the panel asked "
        "for.eml.",
    )


def test_outlooks_sample_is_read_in_the_same_way(sample, outline) -> None:
    read = sample("mail.msg")
    assert outline(read) == [
        ("heading 1", "Where we meet in spring – and why"),
        ("paragraph", "From: Engagement team (northshire.example). Sent: 5 March 2024."),
        ("paragraph", "Dear all"),
        ("paragraph", "The spring meetings are held at the sailing club, because the café is too loud."),
    ]
    assert read.left_out == (
        ADDRESSES,
        "Pictures inside the text were left out: 1.",
        "Attached objects and links that are no files were left out: A link to the rota.",
        "What is attached is not part of this text but added beside it: Meeting plan.txt, What the panel asked "
        "for.eml.",
    )


def test_no_address_of_a_person_is_in_what_is_read(sample) -> None:
    for name in ("mail.eml", "mail.msg"):
        assert not any("@" in block.text for block in sample(name).blocks)


@pytest.mark.parametrize(
    ("sender", "told"),
    [
        ("jane@northshire.example", "From: northshire.example."),
        ('"jane@northshire.example" <jane@northshire.example>', "From: northshire.example."),
        ('"Roe, Jane" <jane@northshire.example>', "From: Roe, Jane (northshire.example)."),
        ("Café <c@x.example>", "From: Café (x.example)."),
    ],
)
def test_a_sender_is_told_by_name_and_domain(sender: str, told: str) -> None:
    read = mail.reading(eml.parse(f"From: {sender}\nSubject: Streets\n\nWe meet.".encode(), "mail.eml"))
    assert [block.text for block in read.blocks] == ["Streets", told, "We meet."]


def test_what_is_attached_has_its_own_bytes_and_a_mail_inside_is_one_again() -> None:
    plan, inner = eml.parse((SAMPLES / "mail.eml").read_bytes(), "mail.eml").attachments
    assert plan.name == "Meeting plan 2024/25.txt"
    assert plan.data.startswith(b"Meetings are held on the first Tuesday of each month, alternately in Harbour")
    assert inner.data in (SAMPLES / "mail.eml").read_bytes()
    assert [attachment.name for attachment in eml.parse(inner.data, inner.name).attachments] == ["Minutes.md"]


def test_a_mail_inside_one_of_outlooks_is_written_out_the_same_each_time() -> None:
    data = (SAMPLES / "mail.msg").read_bytes()
    plan, inner = msg.parse(data, "mail.msg").attachments
    assert (plan.name, len(plan.data)) == ("Meeting plan.txt", 6000)
    assert inner.name == "What the panel asked for.eml"
    assert msg.parse(data, "mail.msg").attachments[1] == inner
    again = eml.parse(inner.data, inner.name)
    assert (again.subject, again.sender[0]) == ("What the panel asked for", "Residents' panel")
    assert again.sent is not None
    assert again.sent.isoformat() == "2024-03-01T18:00:00+00:00"
    assert [block.text for block in again.body] == [
        "Could the meetings move out of the café? Several of us could not follow the last one."
    ]
    assert [(file.name, file.data[:9]) for file in again.attachments] == [("Minutes.md", b"# Minutes")]


def test_a_line_in_capitals_heads_what_follows_and_a_greeting_does_not(tmp_path, outline) -> None:
    body = (
        "Dear residents,",
        "Thank you for coming to us.",
        "MEETINGS IN SPRING",
        "We meet at the quay in April and in May.",
    )
    (tmp_path / "mail.eml").write_text("\n\n".join(("Subject: News", *body)))
    assert outline(read(tmp_path / "mail.eml")) == [
        ("heading 1", "News"),
        ("paragraph", "Dear residents,"),
        ("paragraph", "Thank you for coming to us."),
        ("heading 3", "MEETINGS IN SPRING"),
        ("paragraph", "We meet at the quay in April and in May."),
    ]


def test_a_mail_of_html_keeps_its_headings_below_the_subject_and_loses_nothing_as_a_menu(tmp_path, outline) -> None:
    page = "<nav>Our news</nav><h1>Streets</h1><p>We meet.</p><blockquote>When?</blockquote><footer>Northshire</footer>"
    (tmp_path / "mail.eml").write_text(f"Subject: News\nContent-Type: text/html\n\n{page}\n")
    assert outline(read(tmp_path / "mail.eml")) == [
        ("heading 1", "News"),
        ("paragraph", "Our news"),
        ("heading 2", "Streets"),
        ("paragraph", "We meet."),
        ("paragraph", "When?"),
        ("paragraph", "Northshire"),
    ]


def test_what_a_mail_hides_is_left_out_and_told() -> None:
    page = "<p>Officers visit every street of the harbour.</p><p style='display: none'>Seen by filters</p>"
    read = parsed(f"Content-Type: text/html\n\n{page}")
    assert [block.text for block in read.body] == ["Officers visit every street of the harbour."]
    assert read.left_out == ("3 words that the page hides from its readers were left out.",)


def test_of_two_versions_the_plain_one_is_read_unless_it_is_only_a_stub() -> None:
    html = "Content-Type: text/html\n\n<p>Officers visit every street once a year.</p>"
    whole = multipart("alternative", "Content-Type: text/plain\n\nOfficers visit every street each year.", html)
    stub = multipart("alternative", "Content-Type: text/plain\n\nNo HTML?", html)
    assert texts(whole) == ["Officers visit every street each year."]
    assert texts(stub) == ["Officers visit every street once a year."]


def test_text_around_an_attachment_is_all_read() -> None:
    attached = "Content-Type: text/plain\nContent-Disposition: attachment; filename=plan.txt\n\nThe plan."
    around = multipart("mixed", "Content-Type: text/plain\n\nBefore.", attached, "Content-Type: text/plain\n\nAfter.")
    assert texts(around) == ["Before.", "After."]
    assert [(file.name, file.data) for file in parsed(around).attachments] == [("plan.txt", b"The plan.")]


def test_a_mail_makes_no_card_of_itself() -> None:
    body = "---\nid: harbour-plan\ntitle: Another\n---\nWe meet."
    assert any("harbour-plan" in text for text in texts(f"Content-Type: text/plain\n\n{body}"))
    assert mail.reading(parsed(f"Content-Type: text/plain\n\n{body}")).card == {}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Content-Type: text/plain; charset=iso-8859-1\n\nThe caf\xe9 \x96 loud", "The café – loud"),
        (b"Content-Type: text/plain; charset=no-such\n\nThe caf\xc3\xa9", "The café"),
        (b"Content-Type: text/plain; charset=us-ascii\n\nThe caf\xc3\xa9", "The café"),
        (b"\nThe caf\xe9", "The café"),
        (b"Content-Transfer-Encoding: base64\n\nVGhlIGNhZsOp", "The café"),
    ],
)
def test_text_is_read_in_the_encoding_that_it_has(content: bytes, text: str) -> None:
    assert texts(content) == [text]


def test_a_header_that_should_have_been_encoded_and_was_not_is_read() -> None:
    assert eml.parse("Subject: Y cyfarfod yn y caffi – pryd?\n\nWords.".encode(), "mail.eml").subject == (
        "Y cyfarfod yn y caffi – pryd?"
    )


def test_a_header_without_end_is_cut_and_one_that_is_no_address_names_nobody() -> None:
    assert len(eml.parse(b"Subject: " + b"word " * 1_000_000 + b"\n\nWe meet.", "mail.eml").subject) == 9_999
    assert eml.parse(b"Subject: Streets\nFrom: " + b"(" * 5_000 + b"\n\nWe meet.", "mail.eml").sender == ("", "")


def test_a_date_that_is_none_is_left_away() -> None:
    assert parsed("Date: next Tuesday\n\nWe meet.").sent is None


def test_files_without_a_name_get_one_and_what_is_for_programs_is_left_out_with_a_word() -> None:
    read = parsed(
        multipart(
            "mixed",
            "Content-Type: application/pdf\n\n%PDF",
            "Content-Type: text/calendar\n\nBEGIN:VCALENDAR",
            "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx",
            "Content-Type: image/jpeg\nContent-Disposition: attachment; filename=scan.jpg\n\nx",
            "Content-Type: image/gif\nContent-ID: <dot>\n\nx",
        )
    )
    assert [file.name for file in read.attachments] == ["attachment.pdf", "scan.jpg"]
    assert read.pictures == 1
    assert read.left_out == (
        "A part for programs (text/calendar) was left out.",
        "The digital signature was left out, and not checked.",
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n...", "damaged"),
        (b"Just a note that somebody called a mail.\n", "damaged"),
        (b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\nNo boundary follows.", "damaged"),
        (b"Subject: x\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nx", "encrypted"),
        (b"Subject: x\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n", "encrypted"),
        (b"Subject: x\n\n\x00\x01\x02\x03", "damaged"),
    ],
)
def test_what_is_no_mail_or_cannot_be_opened_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    assert refusal(eml.parse, data) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"From: not of this kind\n\nWords.", "damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(2000), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "damaged"),
        (outlook.message({outlook.CLASS: "IPM.Note.SMIME", outlook.SUBJECT: "Sealed"}), "encrypted"),
        (outlook.message({outlook.SUBJECT: "Rich", outlook.RICH_TEXT: b"LZFu"}), "no_text"),
    ],
)
def test_outlooks_too(data: bytes, reason: str) -> None:
    assert refusal(msg.read, data) == reason


def test_rich_text_alone_keeps_nobody_from_what_is_attached() -> None:
    plan = outlook.attachment({outlook.LONG_NAME: "plan.txt", outlook.DATA: b"We meet."})
    data = outlook.message({outlook.SUBJECT: "Rich", outlook.RICH_TEXT: b"LZFu"}, [plan])
    assert [file.name for file in msg.parse(data, "mail.msg").attachments] == ["plan.txt"]


def test_a_mail_with_neither_subject_nor_text_is_empty(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text("From: Jane Roe <jane@northshire.example>\n\n\n")
    with pytest.raises(UnreadableDocument) as caught:
        read(tmp_path / "mail.eml")
    assert caught.value.reason == "empty"


@pytest.mark.parametrize("depth", [50, 5_000])
def test_parts_within_parts_without_end_are_read_or_refused_but_never_anything_else(tmp_path: Path, depth: int) -> None:
    opening = "".join(f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(depth))
    (tmp_path / "mail.eml").write_text(f"Subject: Streets\n{opening}\nWe meet.\n")
    try:
        assert read(tmp_path / "mail.eml").blocks[-1].text == "We meet."
    except UnreadableDocument as refused:
        assert refused.reason == "damaged"  # noqa: PT017


def test_a_mail_of_many_attachments_keeps_each(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Plans"
    message.set_content("All plans.")
    for number in range(50):
        message.add_attachment(f"Plan {number}", filename="plan.txt")
    assert len(eml.parse(message.as_bytes(), "mail.eml").attachments) == 50


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_mail_that_was_saved_in_another_unicode_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes("Subject: Café\nContent-Type: text/plain\n\nWe meet in the café.\n".encode(encoding))
    assert [block.text for block in read(path).blocks] == ["Café", "We meet in the café."]
