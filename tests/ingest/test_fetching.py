"""A document is fetched from its web address, and looked at there again; nothing leads into a private network."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpcore
import pytest

from ingest.adding import Added, Outcome, add
from ingest.errors import UnreadableDocument
from ingest.fetching import Fetcher, address_id
from ingest.library import Library
from ingest.preparing import Preparer
from ingest.reaching_out import PublicOnly, is_public
from ingest.revisiting import Finding, Revisiting
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    from tests.conftest import Site

SAMPLES = Path(__file__).parents[1] / "samples"
PLAN = "<html><body><main><h1>Ferry plan</h1><p>{}</p></main><p class='token'>{}</p></body></html>"
SURGERIES = "Officers hold a surgery on the ferry every Monday, so that commuters can be heard on their way to work."


@pytest.fixture
def settings(data_dir: Path) -> IngestSettings:
    return IngestSettings(data_dir=data_dir, fetch_private_hosts="127.0.0.1", _env_file=None)  # type: ignore[call-arg]


def added(library: Library, address: str) -> Added:
    [outcome] = add(library, [Fetcher(library.settings).found(address)])
    return outcome


def refusal(settings: IngestSettings, address: str, folder: Path) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        Fetcher(settings).fetch(address, folder)
    assert str(refused.value).endswith(".")
    assert list(folder.glob("*.pdf")) == []
    return refused.value.reason


def test_a_page_is_fetched_and_its_card_says_from_where_and_when(library: Library, site: "Site") -> None:
    site.pages["/engage/plan"] = ({"Content-Type": "text/html; charset=utf-8"}, PLAN.format(SURGERIES, 1).encode())
    told = added(library, f"{site.url}/engage/plan#surgeries")

    assert (told.outcome, told.document) == (Outcome.ADDED, "127-0-0-1-engage-plan")
    held = library.catalogue.version_of("127-0-0-1-engage-plan")
    assert (held.card.title, held.file_name, held.format) == ("Ferry plan", "plan.html", "html")
    assert held.card.url == f"{site.url}/engage/plan#surgeries"
    assert held.card.retrieved_on == time.strftime("%Y-%m-%d")
    assert SURGERIES in held.text
    assert list(library.settings.unpacking_dir.iterdir()) == []


def test_fetching_again_keeps_the_card_that_was_corrected_and_makes_a_new_version_of_new_words(
    library: Library, site: "Site"
) -> None:
    address = f"{site.url}/plan.html"
    site.pages["/plan.html"] = ({}, PLAN.format(SURGERIES, 1).encode())
    document = added(library, address).document
    assert document is not None
    held = library.catalogue.version_of(document)
    library.correct_card(held.id, held.card.model_copy(update={"title": "The ferry plan of Upper Example"}), "by hand")

    site.pages["/plan.html"] = ({}, PLAN.format(SURGERIES.replace("Monday", "Friday"), 2).encode())
    assert added(library, address).outcome is Outcome.UPDATED
    newer = library.catalogue.version_of(document)
    assert (newer.number, newer.card.title) == (2, "The ferry plan of Upper Example")


def test_a_file_has_the_name_that_the_server_gives_it_and_the_extension_of_its_type(
    site: "Site", settings: IngestSettings, tmp_path: Path
) -> None:
    pdf = (SAMPLES / "engagement-plan.pdf").read_bytes()
    named = {"Content-Disposition": 'attachment; filename="../../plan of 2026.bin"', "Content-Type": "application/pdf"}
    site.pages |= {"/download?id=7": (named, pdf), "/": ({"Content-Type": "text/html"}, b"<p>Home</p>")}
    assert Fetcher(settings).fetch(f"{site.url}/download?id=7", tmp_path) == tmp_path / "plan of 2026.pdf"
    assert (tmp_path / "plan of 2026.pdf").read_bytes() == pdf
    assert Fetcher(settings).fetch(site.url, tmp_path).name == "127.0.0.1.html"


def test_redirects_are_followed_and_each_is_checked(site: "Site", settings: IngestSettings, tmp_path: Path) -> None:
    port = site.url.rpartition(":")[2]
    site.pages |= {
        "/old": "/new.txt",
        "/new.txt": ({"Content-Type": "text/plain"}, b"Words."),
        "/away": f"http://localhost:{port}/new.txt",
        "/file": "file:///etc/passwd",
        "/round": "/round",
    }
    assert Fetcher(settings).fetch(f"{site.url}/old", tmp_path).read_bytes() == b"Words."
    site.asked.clear()
    assert refusal(settings, f"{site.url}/away", tmp_path) == "address_refused"
    assert refusal(settings, f"{site.url}/file", tmp_path) == "address_refused"
    assert site.asked == ["/away", "/file"]
    assert refusal(settings, f"{site.url}/round", tmp_path) == "not_fetched"


def test_this_machine_is_not_fetched_from_unless_it_is_allowed(site: "Site", data_dir: Path, tmp_path: Path) -> None:
    strict = IngestSettings(data_dir=data_dir, _env_file=None)  # type: ignore[call-arg]
    site.pages["/plan.pdf"] = ({}, b"%PDF")
    for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"):
        address = f"http://{host}:{site.url.rpartition(':')[2]}/plan.pdf"
        assert refusal(strict, address, tmp_path) == "address_refused"
    assert site.asked == []


@pytest.mark.parametrize(
    "address", ["ftp://example.org/a.pdf", "https://me:secret@example.org/a.pdf", "https:///a", "http://host:port/"]
)
def test_what_is_no_plain_web_address_is_refused(settings: IngestSettings, address: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        Fetcher(settings).fetch(address, tmp_path)
    assert refused.value.reason == "address_refused"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.251", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("::127.0.0.1", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(0, 0, 0, "", ("93.184.215.14", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: both)
    with pytest.raises(UnreadableDocument):
        PublicOnly(frozenset(), time.monotonic() + 5).connect_tcp("two-faced.example", 80)


def test_no_such_host_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(httpcore.ConnectError):
        PublicOnly(frozenset(), time.monotonic() + 5).connect_tcp("nowhere.invalid", 80)


def test_limits_on_size_and_time_hold(site: "Site", settings: IngestSettings, tmp_path: Path) -> None:
    site.pages["/plan.pdf"] = ({}, b"x" * 2_000)
    small = settings.model_copy(update={"max_document_bytes": 1_000})
    with pytest.raises(UnreadableDocument) as large:
        Fetcher(small).fetch(f"{site.url}/plan.pdf", tmp_path)
    assert large.value.reason == "too_large"

    site.slowly = 0.05
    hurried = settings.model_copy(update={"fetch_seconds": 0.5})
    with pytest.raises(UnreadableDocument) as slow:
        Fetcher(hurried).fetch(f"{site.url}/plan.pdf", tmp_path)
    assert slow.value.reason == "too_slow"


def test_what_is_not_there_is_told(library: Library, site: "Site") -> None:
    told = added(library, f"{site.url}/gone.pdf")
    assert (told.outcome, told.reason) == (Outcome.FAILED, "not_fetched")
    assert "HTTP 404" in told.message
    site.pages["/packed.html"] = ({"Content-Encoding": "gzip"}, b"\x1f\x8b")
    assert added(library, f"{site.url}/packed.html").reason == "not_fetched"


def test_each_address_has_an_id_of_its_own() -> None:
    assert address_id("https://www.lantern.example/engage/plan.pdf") == "lantern-example-engage-plan"
    assert address_id("https://lantern.example/page?id=7") == "lantern-example-page-id-7"


def test_held_documents_are_compared_with_their_addresses(library: Library, site: "Site") -> None:
    address = f"{site.url}/plan.html"
    site.pages["/plan.html"] = ({}, PLAN.format(SURGERIES, "token 1").encode())
    added(library, address)
    [held] = library.catalogue.documents(None)

    def seen() -> Finding:
        with Preparer(library.settings) as preparer:
            [found] = Revisiting(library.catalogue, preparer, library.settings).all([held])
        assert found.document == held.id
        assert "Ferry plan" in found.message
        return found.finding

    assert seen() is Finding.UNCHANGED
    site.pages["/plan.html"] = ({"X-Served": "anew"}, PLAN.format(SURGERIES, "token 1").encode() + b"<!-- 2 -->")
    assert seen() is Finding.UNCHANGED
    site.pages["/plan.html"] = ({}, PLAN.format(SURGERIES.replace("Monday", "Friday"), "token 1").encode())
    assert seen() is Finding.CHANGED
    site.pages["/plan.html"] = ({"Content-Type": "application/pdf"}, (SAMPLES / "engagement-plan.pdf").read_bytes())
    assert seen() is Finding.OTHER_FORMAT
    site.pages["/plan.html"] = 410
    assert seen() is Finding.NOT_READ


def test_the_command_adds_an_address_and_says_later_what_has_changed_there(site: "Site", data_dir: Path) -> None:
    def engage(*arguments: str) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"ENGAGE_DATA_DIR": str(data_dir), "ENGAGE_FETCH_PRIVATE_HOSTS": "127.0.0.1"}
        command = [sys.executable, "-m", "ingest", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    address = f"{site.url}/plan.html"
    site.pages["/plan.html"] = ({}, PLAN.format(SURGERIES, 1).encode())
    assert "127.0.0.1" in (ran := engage("add", address)).stdout, ran.stderr

    assert engage("check-addresses").returncode == 0
    site.pages["/plan.html"] = ({}, PLAN.format(SURGERIES.replace("Monday", "Friday"), 1).encode())
    told = engage("check-addresses", "--json")
    assert (told.returncode, json.loads(told.stdout)["finding"]) == (1, "changed")
    assert "'nothing' is held" in engage("check-addresses", "nothing").stderr
    site.pages.clear()
    failed = engage("add", address)
    assert (failed.returncode, "HTTP 404" in failed.stderr) == (1, True)
