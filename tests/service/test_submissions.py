"""Adding is work that is seen: a file is handed in, read, confirmed and added, and tells where it stands."""

import io
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

PLAIN = """# Lighthouse engagement plan

## Lamp evenings

Officers meet the residents of Lighthouse Row on the first Friday of each month, under the lamp.

## Feedback

What was said at a lamp evening is answered in the parish letter within two weeks.
"""
CARDED = """---
id: quarry-plan
title: Quarry engagement plan
organisations: [{slug: durham, role: author}]
---
# Quarry engagement plan

Wardens of the quarry hold a drop-in on market days.
"""
ENDED = ("to_confirm", "added", "failed", "cancelled")


class Handing:
    """A program that hands in documents by the API."""

    def __init__(self, url: str, token: str) -> None:
        self.client = httpx.Client(base_url=url, headers={"X-Engage-Token": token}, timeout=60)

    def send(self, name: str, content: str | bytes, **fields: str) -> int:
        data = content.encode() if isinstance(content, str) else content
        answer = self.client.post("/api/v1/submissions", files={"file": (name, data)}, data=fields)
        assert answer.status_code == 202, answer.text
        return int(answer.json()["id"])

    def get(self, submission: int) -> dict[str, Any]:
        return dict(self.client.get(f"/api/v1/submissions/{submission}").raise_for_status().json())

    def ended(self, submission: int, *states: str) -> dict[str, Any]:
        """As it is once it waits for nobody but a person."""
        deadline = time.monotonic() + 60
        while (found := self.get(submission))["state"] not in (states or ENDED):
            assert time.monotonic() < deadline, found
            time.sleep(0.02)
        return found

    def do(self, submission: int, what: str, card: object = None) -> httpx.Response:
        return self.client.post(f"/api/v1/submissions/{submission}/{what}", **({"json": card} if card else {}))


@pytest.fixture
def handing(service) -> Iterator[Handing]:
    made = Handing(service.url, service.token)
    with made.client:
        yield made


def held(handing: Handing, document: str) -> dict[str, Any]:
    return dict(handing.client.get(f"/api/v1/documents/{document}").json())


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def test_a_file_is_read_waits_for_its_card_and_is_added_once_that_is_confirmed(handing: Handing) -> None:
    submission = handing.send("lighthouse.md", PLAIN)
    waiting = handing.ended(submission)
    assert waiting["state"] == "to_confirm"
    told = {"id": "lighthouse", "title": "Lighthouse engagement plan", "kind": "activity-plan"}
    assert waiting["proposal"]["card"] == told
    assert waiting["proposal"]["proposal"]["fields"][0]["quote"] == "Lighthouse engagement plan"
    assert held(handing, "lighthouse")["status"] == 404

    card = {
        **waiting["proposal"]["card"],
        "organisations": [{"slug": "durham", "role": "author"}],
        "published": "2024-05",
    }
    assert handing.do(submission, "confirm", card).json()["state"] == "queued"

    added = handing.ended(submission, "added")
    assert (added["outcome"], added["document"], added["version"]) == ("added", "lighthouse", 1)
    assert added["message"].startswith("Added 'Lighthouse engagement plan' (lighthouse): ")
    assert held(handing, "lighthouse")["card"]["published"] == "2024-05"


def test_a_receipt_says_what_was_read_and_answers_three_questions_from_the_document_alone(handing: Handing) -> None:
    submission = handing.send("beacon.md", PLAIN.replace("Lighthouse", "Beacon"))
    handing.ended(submission)
    assert handing.client.get(f"/api/v1/submissions/{submission}/receipt").status_code == 404
    handing.do(submission, "confirm")
    handing.ended(submission, "added")

    receipt = handing.client.get(f"/api/v1/submissions/{submission}/receipt").json()
    assert (receipt["document"], receipt["version"], receipt["headings"], receipt["tables"]) == ("beacon", 1, 3, 0)
    assert receipt["passages"] >= 2
    assert 0 < receipt["characters"] <= receipt["characters_read"] + 10
    [title] = [field for field in receipt["card"] if field["field"] == "title"]
    assert (title["quote"], title["source"]) == ("Beacon engagement plan", "text")
    assert len(receipt["questions"]) == 3
    assert receipt["questions"][0]["question"] == "What is said about Lamp evenings?"
    assert receipt["questions"][0]["outcome"] == "answered"
    cited = [citation for tried in receipt["questions"] for citation in tried["citations"]]
    assert {citation["source"]["document_id"] for citation in cited} == {"beacon"}
    assert "Beacon Row" in cited[0]["cited_text"]


def test_a_receipt_asks_what_headings_ask_and_nothing_of_one_that_says_nothing(handing: Handing) -> None:
    text = (
        "# Pier youth plan\n\n## How\n\n- Officers visit each school.\n\n"
        "## Why we listen to young people\n\nWe listen to young people so that they trust us.\n"
    )
    submission = handing.send("pier.md", text)
    handing.ended(submission)
    handing.do(submission, "confirm")
    handing.ended(submission, "added")
    receipt = handing.client.get(f"/api/v1/submissions/{submission}/receipt").json()
    asked = [tried["question"] for tried in receipt["questions"]]
    assert asked[0] == "Why we listen to young people?"
    assert "What is said about How?" not in asked


def test_a_receipt_does_not_say_of_its_own_questions_that_they_were_noted(handing: Handing) -> None:
    submission = handing.send("tides.md", "# Tide table\n\nHigh water is at noon.\n")
    handing.ended(submission)
    handing.do(submission, "confirm")
    handing.ended(submission, "added")
    receipt = handing.client.get(f"/api/v1/submissions/{submission}/receipt").json()
    silent = [tried for tried in receipt["questions"] if not tried["points"]]
    assert silent
    assert {tried["message"] for tried in silent} == {"The document does not answer this."}
    asked = {tried["question"] for tried in receipt["questions"]}
    assert not asked & {gap["question"] for gap in handing.client.get("/api/v1/gaps").json()}


def test_a_file_that_brings_its_card_needs_nobody(handing: Handing) -> None:
    added = handing.ended(handing.send("quarry.md", CARDED), "added")
    assert (added["outcome"], added["document"]) == ("added", "quarry-plan")

    again = handing.ended(handing.send("copy-of-quarry.md", CARDED), "added")
    assert (again["outcome"], again["document"]) == ("already_held", "quarry-plan")


def test_a_card_that_is_restricted_waits_until_somebody_says_for_whom(handing: Handing) -> None:
    waiting = handing.ended(
        handing.send("tarn.md", CARDED.replace("quarry", "tarn").replace("id:", "marking: OFFICIAL-SENSITIVE\nid:"))
    )
    assert waiting["state"] == "to_confirm"
    assert waiting["proposal"]["notices"] == ["It is marked OFFICIAL-SENSITIVE. Say who may see it before you add it."]
    refused = handing.do(waiting["id"], "confirm")
    assert (refused.status_code, [fault["field"] for fault in refused.json()["errors"]]) == (422, ["audience"])
    handing.do(waiting["id"], "confirm", {**waiting["proposal"]["card"], "audience": ["chiefs"]})
    handing.ended(waiting["id"], "added")


def test_a_card_sent_along_needs_nobody(handing: Handing) -> None:
    card = "{id: mill-plan, title: Mill plan, kind: activity-plan}"
    added = handing.ended(handing.send("mill.txt", "Wardens meet at the mill on Mondays.", card=card), "added")
    assert added["document"] == "mill-plan"


def test_the_new_edition_of_a_document_held_takes_its_id(handing: Handing) -> None:
    handing.ended(handing.send("weir.md", CARDED.replace("quarry", "weir").replace("Quarry", "Weir")), "added")
    newer = handing.send("weir-2026.md", "# Weir engagement plan\n\nWardens of the weir hold a drop-in each Sunday.")
    card = handing.ended(newer)["proposal"]["card"]
    assert card["id"] == "weir-2026"

    would = handing.client.get(f"/api/v1/submissions/{newer}/changes", params={"document": "weir-plan"}).json()
    assert would["new"] is None
    [change] = [change for change in would["headings"] if change["state"] == "changed"]
    assert change["changes"] == [
        {
            "old": "Wardens of the weir hold a drop-in on market days.",
            "new": "Wardens of the weir hold a drop-in each Sunday.",
        }
    ]
    nothing = handing.client.get(f"/api/v1/submissions/{newer}/changes", params={"document": "no-such"})
    assert nothing.status_code == 404

    handing.do(newer, "confirm", {**card, "id": "weir-plan"})
    added = handing.ended(newer, "added")
    assert (added["outcome"], added["document"], added["version"]) == ("updated", "weir-plan", 2)
    receipt = handing.client.get(f"/api/v1/submissions/{newer}/receipt").json()
    assert receipt["supersedes"] == 1
    over = handing.client.get(f"/api/v1/submissions/{newer}/changes", params={"document": "weir-plan"})
    assert (over.status_code, over.json()["type"]) == (409, "/problems/submission-elsewhere")


def test_two_files_of_one_name_are_two_documents(handing: Handing) -> None:
    first = handing.send("plan.md", "# Plan of Northshore\n\nOfficers of Northshore visit the pier every Monday.")
    second = handing.send("plan.md", "# Plan of Southshore\n\nOfficers of Southshore visit the pool every Tuesday.")
    cards = [handing.ended(submission)["proposal"] for submission in (first, second)]
    assert [card["card"]["id"] for card in cards] == ["plan", "plan-2"]
    assert cards[1]["alike"][0]["title"] == "Plan of Northshore"
    assert handing.do(second, "confirm", {**cards[1]["card"], "id": "plan"}).json()["type"] == "/problems/invalid-card"
    for submission in (first, second):
        handing.do(submission, "confirm")
    assert [handing.ended(submission, "added")["document"] for submission in (first, second)] == ["plan", "plan-2"]


def test_the_same_file_twice_is_handed_in_once(handing: Handing) -> None:
    text = "# Towpath notes\n\nWardens walk the towpath with anglers on the last Sunday of the month."
    first, second = handing.send("towpath.md", text), handing.send("towpath-copy.md", text)
    assert handing.ended(first)["state"] == "to_confirm"
    again = handing.ended(second)
    assert (again["state"], again["reason"]) == ("failed", "already_handed_in")
    assert again["message"] == (
        "Already handed in as towpath.md, which is the same file. Dismiss this one, or try it again if that one is"
        " cancelled."
    )
    handing.do(first, "confirm")
    handing.ended(first, "added")
    again = handing.ended(second, "added")
    assert (again["outcome"], again["document"], again["reason"]) == ("already_held", "towpath", None)
    third = handing.ended(handing.send("towpath-3.md", text), "added")
    assert third["outcome"] == "already_held"


def test_of_the_same_file_twice_the_second_takes_the_place_of_one_that_was_cancelled(handing: Handing) -> None:
    text = "# Aqueduct notes\n\nWardens walk the aqueduct with boaters on the first Sunday of the month."
    first, second = handing.send("aqueduct.md", text), handing.send("aqueduct-copy.md", text)
    assert handing.ended(first)["state"] == "to_confirm"
    assert handing.ended(second)["state"] == "failed"
    handing.do(first, "cancel")
    handing.do(second, "retry")
    assert handing.ended(second)["state"] == "to_confirm"

    carded = handing.send("carded.md", text, card="{id: aqueduct-2, title: Aqueduct}")
    waiting = handing.ended(carded)
    assert (waiting["state"], [near["id"] for near in waiting["alongside"]]) == ("to_confirm", [second])
    for submission in (second, carded):
        handing.do(submission, "cancel")


ALLOTMENTS = """# Allotment strategy

Wardens of the allotments meet plot holders at the gate on the second Saturday of each month and write down what they
ask for. What was asked for is answered at the next meeting, and the answers hang in the shed beside the gate. Whoever
cannot come is visited in the week after it, or written to where that is wished.
"""


def near(handing: Handing, submission: int) -> list[str]:
    told = handing.get(submission)["alongside"]
    return [f"{one['like']} {one['place']} ({one['state']}) {one['reason']}".rstrip() for one in told]


def test_near_copies_that_wait_name_each_other_until_one_is_gone(handing: Handing) -> None:
    one = handing.send("gate.md", ALLOTMENTS)
    handing.ended(one)
    other = handing.send("gate.txt", ALLOTMENTS.replace("# ", ""))
    third = handing.send("gate-3.html", "<h1>Meetings</h1><p>" + ALLOTMENTS[23:] + "</p>")
    for submission in (other, third):
        assert handing.ended(submission)["state"] == "to_confirm"
    assert near(handing, one)[0] == "About 100% of its text is that of gate.txt (to_confirm)"
    assert near(handing, other)[0] == "About 100% of its text is that of gate.md (to_confirm)"
    assert len(near(handing, third)) == 2
    page = handing.client.get(f"/library/add/{one}").text
    assert "About 100% of its text is that of gate.txt, which waits too." in page

    handing.do(third, "cancel")
    assert len(near(handing, one)) == 1
    handing.do(one, "confirm")
    document = handing.ended(one, "added")["document"]
    assert near(handing, other) == ["About 100% of its text is that of gate.md (added)"]
    page = handing.client.get(f"/library/add/{other}").text
    assert f"About 100% of its text is that of gate.md, which was added as &#39;{document}&#39;." in page
    assert near(handing, one) == []
    handing.do(other, "cancel")


def test_two_editions_that_wait_say_which_is_the_newer_one(handing: Handing) -> None:
    years = ("2021 to 2023", "2024 to 2026")
    texts = [
        f"# Bean growing strategy {period}\n\nGrowers say each spring which gates stick. It holds {period}."
        for period in years
    ]
    old, new = (handing.send(f"beans-{number}.md", text) for number, text in enumerate(texts))
    for submission in (old, new):
        assert handing.ended(submission)["proposal"]["notices"] == []
    why = "Its title is the same but for years and version."
    assert near(handing, new) == [f"It seems to be a newer edition of beans-0.md (to_confirm) {why}"]
    assert near(handing, old) == [f"It seems to be an older edition of beans-1.md (to_confirm) {why}"]

    handing.do(old, "confirm")
    handing.ended(old, "added")
    form = handing.client.get(f"/library/add/{new}", headers={"Accept": "text/html"}).text
    assert 'value="edition" id="what-edition" checked' in form
    assert '<option value="beans-0" selected>' in form
    assert f'href="/library/add/{new}/changes?document=beans-0"' in form
    assert "See what changes against" not in handing.client.get(f"/library/add/{new}/changes?document=beans-0").text
    handing.do(new, "cancel")


def test_each_document_in_an_archive_is_a_submission_of_its_own(handing: Handing) -> None:
    files = {"ferry/a.txt": "Ferry wardens meet commuters on Mondays.", "ferry/b.xls": "", "c.md": CARDED}
    files["c.md"] = CARDED.replace("quarry", "ferry").replace("Quarry", "Ferry")
    archive = zipped(**files)
    first = handing.send("plans.zip", archive)
    handing.ended(first)
    together = [s for s in handing.client.get("/api/v1/submissions").json() if first in (s["id"], s["sent_with"])]
    ended = {s["place"]: handing.ended(s["id"]) for s in together}
    assert {place: s["state"] for place, s in ended.items()} == {
        "plans.zip/c.md": "added",
        "plans.zip/ferry/a.txt": "to_confirm",
        "plans.zip/ferry/b.xls": "failed",
    }
    assert ended["plans.zip/ferry/b.xls"]["reason"] in ("unknown_format", "empty")


def test_what_cannot_be_read_says_why_and_can_be_tried_again_or_cancelled(handing: Handing) -> None:
    submission = handing.send("broken.pdf", b"%PDF-1.7 and no more")
    failed = handing.ended(submission)
    assert (failed["state"], failed["reason"]) == ("failed", "damaged")
    assert "broken.pdf" in failed["message"]

    assert handing.do(submission, "retry").json()["state"] == "queued"
    assert handing.ended(submission)["state"] == "failed"
    assert handing.do(submission, "cancel").json()["state"] == "cancelled"
    assert handing.do(submission, "retry").status_code == 409


def test_what_is_cancelled_is_not_added_and_nothing_of_it_is_kept(handing: Handing, service) -> None:
    kept = service.library.settings.data_dir / "submissions"
    submission = handing.send("cancelled.md", PLAIN.replace("Lighthouse", "Cancelled"))
    sha256 = handing.ended(submission)["sha256"]
    assert (kept / sha256).exists()
    assert handing.do(submission, "cancel").json()["state"] == "cancelled"
    assert not (kept / sha256).exists()

    refused = handing.do(submission, "confirm")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/submission-elsewhere")


def test_what_is_being_added_can_be_cancelled_and_the_next_one_is_added(handing: Handing) -> None:
    paragraphs = [f"In week {number} the wardens of the viaduct meet in arch {number}." * 6 for number in range(800)]
    long = "---\nid: viaduct\ntitle: Viaduct plan\n---\n# Viaduct plan\n\n" + "\n\n".join(paragraphs)
    submission = handing.send("viaduct.md", long)
    next_one = handing.send("signal-box.md", CARDED.replace("quarry", "signal-box").replace("Quarry", "Signal box"))
    deadline = time.monotonic() + 60
    while handing.get(submission)["stage"] != "embedded":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    told = handing.get(submission)
    assert 0 < told["done"] < told["of"]

    assert handing.do(submission, "cancel").json()["state"] == "cancelled"
    assert handing.ended(next_one, "added")["document"] == "signal-box-plan"
    assert handing.get(submission)["state"] == "cancelled"
    assert held(handing, "viaduct")["status"] == 404


def test_a_received_file_that_is_no_longer_whole_is_told(handing: Handing, service) -> None:
    submission = handing.send("spoilt.md", PLAIN.replace("Lighthouse", "Spoilt"))
    waiting = handing.ended(submission)
    (service.library.settings.data_dir / "submissions" / waiting["sha256"]).write_bytes(b"other bytes")
    handing.do(submission, "confirm")
    failed = handing.ended(submission, "failed")
    assert failed["reason"] == "not_stored"
    assert "send it again" in failed["message"]


def test_a_file_that_cannot_be_kept_is_refused_and_nothing_of_it_is_left(
    handing: Handing, service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    before = handing.client.get("/api/v1/submissions").json()
    monkeypatch.setattr("ingest.originals.os.fsync", full)
    refused = handing.client.post("/api/v1/submissions", files={"file": ("full.md", b"Words.")})
    monkeypatch.undo()
    assert (refused.status_code, refused.json()["type"]) == (507, "/problems/not-stored")
    assert "No space left on device" in refused.json()["detail"]
    assert handing.client.get("/api/v1/submissions").json() == before
    assert not list((service.library.settings.data_dir / "submissions").glob(".incoming-*"))


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"id": "x", "title": "X", "organisations": [{"slug": "durhum", "role": "author"}]}, "durham"),
        ({"id": "x", "title": ""}, "title"),
        ({"id": "x", "title": "X", "published": "May"}, "published"),
    ],
)
def test_a_card_with_a_mistake_is_refused_with_the_field(handing: Handing, card: object, said: str) -> None:
    submission = handing.send("mistaken.md", PLAIN.replace("Lighthouse", "Mistaken"))
    handing.ended(submission)
    refused = handing.do(submission, "confirm", card)
    assert refused.status_code == 422
    assert said in refused.text
    assert handing.get(submission)["state"] == "to_confirm"
    handing.do(submission, "cancel")


def test_submissions_are_for_the_owner_alone(handing: Handing, service) -> None:
    with httpx.Client(base_url=service.url) as stranger:
        assert stranger.get("/api/v1/submissions").status_code == 401
        assert stranger.post("/api/v1/submissions", files={"file": ("a.md", b"Words.")}).status_code == 401
        assert stranger.post("/api/v1/submissions/1/confirm").status_code == 401
    assert handing.client.get("/api/v1/submissions/999999").json()["type"] == "/problems/unknown-submission"
    assert handing.client.get("/api/v1/submissions?state=lost").status_code == 422


def test_the_list_can_be_limited_to_a_state(handing: Handing) -> None:
    submission = handing.send("listed.md", PLAIN.replace("Lighthouse", "Listed"))
    handing.ended(submission)
    waiting = handing.client.get("/api/v1/submissions?state=to_confirm").json()
    assert {found["state"] for found in waiting} == {"to_confirm"}
    assert submission in [found["id"] for found in waiting]


def test_readers_are_told_on_a_page_who_may_add(serve_documents, tmp_path) -> None:
    with serve_documents(tmp_path, owner_header="X-Keeps-Library") as service:
        for path in ("/library/add", "/library/add/list", "/library/add/1", "/library/receipts/1"):
            page = httpx.get(service.url + path, headers={"Accept": "text/html"})
            assert (page.status_code, "Documents are added by whoever keeps this library" in page.text) == (403, True)
            assert "<button" not in page.text
        owner = {"Accept": "text/html", "X-Keeps-Library": "yes"}
        page = httpx.get(f"{service.url}/library/add", headers=owner)
        assert (page.status_code, 'name="files"' in page.text) == (200, True)
        refused = httpx.post(f"{service.url}/library/add/confirm", headers=owner, data={"chosen": "1"})
        assert refused.status_code == 401


def test_what_is_at_a_web_address_waits_for_its_card_to_be_confirmed(serve_documents, site, tmp_path) -> None:
    site.pages["/lamps.html"] = ({"Content-Type": "text/html"}, b"<h1>Lamp plan</h1><p>Lamps are lent to walkers.</p>")
    with serve_documents(tmp_path, fetch_private_hosts="127.0.0.1") as service:
        handing = Handing(service.url, service.token)
        with handing.client:
            address = {"url": f"{site.url}/lamps.html"}
            sent = handing.client.post("/api/v1/submissions/address", json=address)
            assert sent.status_code == 202, sent.text
            waiting = handing.ended(sent.json()["id"])
            assert waiting["state"] == "to_confirm"
            card = waiting["proposal"]["card"]
            assert (card["title"], card["url"]) == ("Lamp plan", address["url"])
            assert card["retrieved_on"] == time.strftime("%Y-%m-%d")

            gone = handing.client.post("/api/v1/submissions/address", json={"url": f"{site.url}/gone"})
            assert (gone.status_code, gone.json()["type"]) == (422, "/problems/unreadable-document")


def test_this_machine_is_not_fetched_from(handing: Handing, site) -> None:
    refused = handing.client.post("/api/v1/submissions/address", json={"url": site.url})
    assert refused.status_code == 422
    assert "private network" in refused.json()["detail"]
    assert site.asked == []


def test_a_card_is_not_confirmed_that_says_secret_or_not_who_may_see_what_is_restricted(handing: Handing) -> None:
    submission = handing.send("signals.md", PLAIN.replace("Lighthouse", "Signals"))
    card = handing.ended(submission)["proposal"]["card"]
    for marking, field in (("SECRET", "marking"), ("OFFICIAL-SENSITIVE", "audience")):
        refused = handing.do(submission, "confirm", card | {"marking": marking})
        assert (refused.status_code, [fault["field"] for fault in refused.json()["errors"]]) == (422, [field])
    handing.do(submission, "cancel")
