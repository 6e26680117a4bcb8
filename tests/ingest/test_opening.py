"""Archives and mails: each document in them is added, and what is not is named with its reason."""

import shutil
from pathlib import Path

import pytest
import yaml

from ingest.adding import Added, add
from ingest.catalogue import State
from ingest.corpus import Found, gather
from ingest.library import Library
from ingest.opening import opened
from ingest.preparing import Preparer
from ingest.settings import IngestSettings
from tests.ingest.containers import WORDS, composed, mailed, zipped

SAMPLES = Path(__file__).parents[1] / "samples"


def added(library: Library, *paths: Path) -> dict[str, Added]:
    """By the end of the path of each."""
    return {"/".join(Path(one.path).parts[-2:]): one for one in add(library, gather(paths))}


def texts(library: Library, document: str) -> str:
    return library.catalogue.version_of(document).text


def test_an_archive_is_added_as_the_folder_would_be_that_it_was_made_of(library: Library, source: Path) -> None:
    (source / "deep").mkdir()
    (source / "deep" / "notes.txt").write_text(WORDS)
    (source / "deep" / "notes.txt.card.yaml").write_text("id: ferry-notes\ntitle: Ferry notes\nmarking: OFFICIAL\n")
    (source / "README.md").write_text("Not a document.")
    (source / ".hidden.txt").write_text("Not a document.")
    archive_path = Path(shutil.make_archive(str(source.parent / "plans"), "zip", source))

    outcomes = list(add(library, gather([archive_path])))

    assert [(one.path, one.document, one.outcome) for one in outcomes] == [
        (f"{archive_path}/deep/notes.txt", "ferry-notes", "added"),
        (f"{archive_path}/harbour-plan.md", "harbour-plan", "added"),
        (f"{archive_path}/moorland-seminar.md", "moorland-seminar", "added"),
        (f"{archive_path}/tutors.md", "tutors", "added"),
    ]
    version = library.catalogue.version_of("ferry-notes")
    assert (version.card.title, version.card.marking, version.file_name) == ("Ferry notes", "OFFICIAL", "notes.txt")
    # The original is the member itself, so that the folder holds nothing new.
    assert library.originals.path(version.sha256).read_text() == WORDS
    assert {one.outcome for one in add(library, gather([source]))} == {"already_held"}
    assert list(library.settings.unpacking_dir.iterdir()) == []


def test_what_is_attached_to_a_mail_is_added_beside_it(library: Library, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(WORDS)
    path = mailed(tmp_path / "Re Ferry.eml", tmp_path / "plan.txt", SAMPLES / "engagement-plan.pdf")

    outcomes = added(library, path)

    assert {name: (one.document, one.outcome) for name, one in outcomes.items()} == {
        f"{tmp_path.name}/Re Ferry.eml": ("re-ferry", "added"),
        "Re Ferry.eml/engagement-plan.pdf": ("re-ferry-engagement-plan", "added"),
        "Re Ferry.eml/plan.txt": ("re-ferry-plan", "added"),
    }
    version = library.catalogue.version_of("re-ferry-plan")
    assert (version.file_name, library.originals.path(version.sha256).read_text()) == ("plan.txt", WORDS)
    assert library.catalogue.version_of("re-ferry").card.title == "Plans"
    assert "What is attached is not part of this text but added beside it: plan.txt, engagement-plan.pdf." in (
        library.catalogue.version_of("re-ferry").left_out
    )
    assert {one.outcome for one in added(library, path).values()} == {"already_held"}
    assert list(library.settings.unpacking_dir.iterdir()) == []


def test_a_mail_whose_card_says_so_leaves_what_is_attached(library: Library, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(WORDS)
    mail = mailed(tmp_path / "mail.eml", tmp_path / "plan.txt")
    card = tmp_path / "mail.eml.card.yaml"
    card.write_text("kind: policy\nattachments: leave\n")
    assert {name: one.document for name, one in added(library, mail).items()} == {f"{tmp_path.name}/mail.eml": "mail"}
    assert library.catalogue.version_of("mail").card.kind == "policy"

    card.write_text("kind: policy\nattachments: none\n")
    [outcome] = added(library, mail).values()
    assert outcome.reason == "invalid_card"
    assert "Field 'attachments' can only be 'leave'" in outcome.message


def test_plans_of_one_name_from_two_mails_are_two_documents(library: Library, tmp_path: Path) -> None:
    mails = []
    for force in ("cheshire", "durham"):
        (tmp_path / "plan.txt").write_text(f"The {force} plan puts listening first.")
        mails.append(mailed(tmp_path / f"{force}.eml", tmp_path / "plan.txt", subject=force))
    assert {one.outcome for one in added(library, *mails).values()} == {"added"}
    assert "durham plan" in texts(library, "durham-plan")
    assert "cheshire plan" in texts(library, "cheshire-plan")


def test_two_mails_of_one_name_are_told_apart_by_their_cards_and_so_is_what_they_bring(
    library: Library, tmp_path: Path
) -> None:
    mails = []
    for force in ("cheshire", "durham"):
        (tmp_path / force).mkdir()
        (tmp_path / "plan.txt").write_text(f"The {force} plan puts listening first.")
        mails.append(mailed(tmp_path / force / "mail.eml", tmp_path / "plan.txt", subject=force))
        (tmp_path / force / "mail.eml.card.yaml").write_text(f"id: {force}-mail\n")
    assert {one.outcome for mail in mails for one in added(library, mail).values()} == {"added"}
    assert "durham plan" in texts(library, "durham-mail-plan")
    assert "cheshire plan" in texts(library, "cheshire-mail-plan")


def test_the_same_plan_from_two_mails_is_held_once(library: Library, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(WORDS)
    mails = [mailed(tmp_path / f"{name}.eml", tmp_path / "plan.txt", subject=name) for name in ("first", "reply")]
    outcomes = added(library, *mails)
    assert (outcomes["reply.eml/plan.txt"].outcome, outcomes["reply.eml/plan.txt"].document) == (
        "already_held",
        "first-plan",
    )


def test_two_attachments_of_one_name_are_both_kept(open_, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(WORDS)
    plans = [tmp_path / "plan.txt"] * 3
    assert [name for name, _ in open_(mailed(tmp_path / "mail.eml", *plans))] == [
        "mail.eml",
        "mail.eml/plan (2).txt",
        "mail.eml/plan (3).txt",
        "mail.eml/plan.txt",
    ]


@pytest.mark.parametrize("name", ["../../plan.txt", "/etc/plan.txt", "C:\\plan.txt", "a/b.txt", ".plan.txt", "é" * 300])
def test_the_name_of_an_attachment_leads_nowhere(preparer: Preparer, settings, tmp_path: Path, name: str) -> None:
    message = composed()
    message.add_attachment(WORDS, filename=name)
    (tmp_path / "mail.eml").write_bytes(message.as_bytes())
    _, attached = opened(gather([tmp_path / "mail.eml"]), preparer, settings.unpacking_dir)
    assert attached.path.read_text().strip() == WORDS
    assert attached.path.parent.parent == settings.unpacking_dir
    assert len(attached.path.name.encode()) <= 200


def test_mails_in_mails_are_opened_three_deep_and_an_archive_in_them_once(open_, tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.txt": WORDS})
    plans = zipped(tmp_path / "plans.zip", {"inner.zip": inner.read_bytes(), "b.txt": WORDS})
    fourth = composed(subject="fourth")
    third = composed(fourth, plans, subject="third")
    second = composed(third, subject="second")
    assert open_(mailed(tmp_path / "first.eml", second, subject="first")) == [
        ("first.eml", None),
        ("first.eml/second.eml", None),
        ("first.eml/second.eml/third.eml", None),
        ("first.eml/second.eml/third.eml/fourth.eml", "nested_too_deep"),
        ("first.eml/second.eml/third.eml/plans.zip/b.txt", None),
        ("first.eml/second.eml/third.eml/plans.zip/inner.zip", "nested_archive"),
    ]


def test_outlooks_mails_are_opened_too(open_, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "mail.msg", tmp_path)
    assert open_(tmp_path / "mail.msg") == [
        ("mail.msg", None),
        ("mail.msg/Meeting plan.txt", None),
        ("mail.msg/What the panel asked for.eml", None),
        ("mail.msg/What the panel asked for.eml/Minutes.md", None),
    ]


def test_archives_alone_are_opened_where_another_opens_the_mails(open_, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(WORDS)
    mail = mailed(tmp_path / "mail.eml", tmp_path / "plan.txt")
    path = zipped(tmp_path / "a.zip", {"mail.eml": mail.read_bytes()})
    assert open_(path, mail, mails=False) == [("a.zip/mail.eml", None), ("mail.eml", None)]


def test_a_damaged_mail_is_told_once(open_, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text("Just a note.")
    (tmp_path / "mail.msg").write_text("Just a note.")
    assert open_(tmp_path / "mail.eml", tmp_path / "mail.msg") == [("mail.eml", "damaged"), ("mail.msg", "damaged")]


def test_a_mail_over_the_limit_is_refused_with_what_is_attached(settings: IngestSettings, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(WORDS * 100)
    mail = mailed(tmp_path / "mail.eml", tmp_path / "plan.txt")
    with Library.open(settings.model_copy(update={"max_document_bytes": 1_000})) as library:
        [outcome] = add(library, gather([mail]))
    assert outcome.reason == "too_large"


def test_what_protects_a_mail_protects_what_is_attached(library: Library, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(WORDS)
    plans = zipped(
        tmp_path / "plans.zip", {"b.txt": WORDS + " And so on.", "b.txt.card.yaml": "title: B\nmarking: OFFICIAL"}
    )
    mail = mailed(tmp_path / "mail.eml", tmp_path / "plan.txt", plans)
    card = tmp_path / "mail.eml.card.yaml"
    card.write_text("marking: OFFICIAL-SENSITIVE\naudience: [tutors]\nkind: policy\n")
    assert {one.outcome for one in added(library, mail).values()} == {"added"}
    for document in ("mail", "mail-plan", "mail-b"):
        held = library.catalogue.version_of(document).card
        assert (held.marking, held.audience) == ("OFFICIAL-SENSITIVE", ("tutors",))
    assert library.catalogue.version_of("mail-b").card.title == "B"
    assert library.catalogue.version_of("mail-plan").card.kind == "other"

    card.write_text("marking: SECRET\n")
    assert {one.reason for one in added(library, mail).values()} == {"secret_marking"}


@pytest.mark.parametrize("card", ["markng: SECRET\n", "marking: [\n"])
def test_a_mail_with_a_faulty_card_brings_nothing_until_it_is_mended(
    library: Library, tmp_path: Path, card: str
) -> None:
    (tmp_path / "plan.txt").write_text(WORDS)
    mail = mailed(tmp_path / "mail.eml", tmp_path / "plan.txt")
    (tmp_path / "mail.eml.card.yaml").write_text(card)
    [outcome] = added(library, mail).values()
    assert outcome.reason == "invalid_card"


def test_an_attachment_takes_no_other_documents_id(library: Library, source: Path, tmp_path: Path) -> None:
    list(add(library, gather([source])))
    forged = tmp_path / "forged.md"
    forged.write_text("---\nid: harbour-plan\ntitle: Harbour engagement plan\n---\nSurgeries are cancelled.\n")
    outcome = added(library, mailed(tmp_path / "mail.eml", forged))["mail.eml/forged.md"]
    assert outcome.document == "mail-forged"
    assert "Monday" in texts(library, "harbour-plan")


def test_a_card_that_was_corrected_since_stays_when_the_mail_is_added_again(library: Library, tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(WORDS)
    mail = mailed(tmp_path / "mail.eml", tmp_path / "plan.txt")
    added(library, mail)
    version = library.catalogue.version_of("mail-plan")
    library.correct_card(version.id, version.card.model_copy(update={"published": "2024"}), "another")
    assert {one.outcome for one in added(library, mail).values()} == {"already_held"}
    assert library.catalogue.version_of("mail-plan").card.published == "2024"
    assert library.catalogue.version_of("mail-plan").state is State.LIVE


def test_long_names_make_ids_that_are_told_apart(preparer: Preparer, settings: IngestSettings, tmp_path: Path) -> None:
    for end in ("a", "b"):
        (tmp_path / f"{'plan ' * 20}{end}.txt").write_text(WORDS)
    mail = mailed(tmp_path / f"{'mail ' * 20}.eml", *sorted(tmp_path.glob("*.txt")))
    _, *attached = opened(gather([mail]), preparer, settings.unpacking_dir)
    ids = [yaml.safe_load(one.card_text or "")["id"] for one in attached]
    assert len(set(ids)) == 2
    assert max(map(len, ids)) <= 100


def test_what_was_unpacked_stays_for_as_long_as_it_is_held_on_to(
    preparer: Preparer, settings: IngestSettings, tmp_path: Path
) -> None:
    """Whoever reads ahead, or some at once, finds each file where it was told to be."""
    first = zipped(tmp_path / "a.zip", {"a.txt": WORDS})
    second = zipped(tmp_path / "b.zip", {"b.txt": WORDS})
    found: list[Found] = list(opened(gather([first, second]), preparer, settings.unpacking_dir))
    assert [one.path.read_text() for one in found] == [WORDS, WORDS]
    del found
    assert list(settings.unpacking_dir.iterdir()) == []


def test_what_was_left_behind_by_a_process_that_was_killed_is_cleared(settings: IngestSettings) -> None:
    left = settings.unpacking_dir / "left"
    left.mkdir(parents=True)
    (left / "plan.txt").write_text(WORDS)
    with Library.open(settings):
        assert not settings.unpacking_dir.exists()
