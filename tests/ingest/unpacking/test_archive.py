"""ZIP archives that are honest, and those that are not: nothing is lost without a word, nothing leads out of them."""

import stat
import zipfile
from pathlib import Path

import pytest

from ingest.errors import UnreadableDocument
from ingest.settings import IngestSettings
from ingest.unpacking import archive, unpack
from tests.ingest.containers import WORDS, mailed, noise, zipped


def test_names_that_lead_out_of_the_folder_are_refused_and_nothing_is_written_there(
    open_, tmp_path: Path, settings: IngestSettings
) -> None:
    names = ("../out.txt", "a/../../../out.txt", "/tmp/engage-out.txt", "C:\\out.txt", "..\\out.txt", "good.txt")
    path = zipped(tmp_path / "a.zip", dict.fromkeys(names, WORDS))
    assert open_(path) == [
        ("a.zip/../out.txt", "unsafe_path"),
        ("a.zip/a/../../../out.txt", "unsafe_path"),
        ("a.zip/tmp/engage-out.txt", "unsafe_path"),
        ("a.zip/C:/out.txt", "unsafe_path"),
        ("a.zip/good.txt", None),
    ]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.zip", "data"]
    assert not Path("/tmp/engage-out.txt").exists()


def test_links_and_the_like_are_not_followed(open_, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(WORDS)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        for name, kind in (("link.txt", stat.S_IFLNK), ("pipe.txt", stat.S_IFIFO)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (kind | 0o777) << 16
            made.writestr(entry, str(secret))
        made.writestr("good.txt", WORDS)
    assert open_(tmp_path / "a.zip") == [
        ("a.zip/link.txt", "unsafe_path"),
        ("a.zip/pipe.txt", "unsafe_path"),
        ("a.zip/good.txt", None),
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_none_of_both(open_, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("plan.txt", "The plan that one program shows.")
        made.writestr("./plan.txt", "The plan that another program shows.")
        made.writestr("good.txt", WORDS)
    assert open_(tmp_path / "a.zip") == [("a.zip/plan.txt", "unusable_name"), ("a.zip/good.txt", None)]


def test_a_file_below_a_file_and_names_beyond_measure_are_refused(open_, tmp_path: Path) -> None:
    names = ("plan.txt", "plan.txt/plan.txt", "x" * 300 + ".txt", "y/" * 40 + "plan.txt", "good.txt")
    told = open_(zipped(tmp_path / "a.zip", dict.fromkeys(names, WORDS)))
    assert [reason for _, reason in told] == ["unusable_name", "unusable_name", "unusable_name", None, None]
    assert [name for name, reason in told if reason is None] == ["a.zip/good.txt", "a.zip/plan.txt"]


def test_names_are_read_as_they_were_meant(open_, tmp_path: Path) -> None:
    unmarked = "Caffi – pryd.txt".encode()  # in UTF-8, which the archive does not say
    stand_in = "x" * len(unmarked)
    names = ("Plan\N{NO-BREAK SPACE}2024.txt", "line\nbreak.txt", "folder\\plan.txt", "Place – é.txt", stand_in)
    path = zipped(tmp_path / "a.zip", dict.fromkeys(names, WORDS))
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), unmarked))
    assert sorted(name for name, _ in open_(path)) == [
        "a.zip/Caffi – pryd.txt",
        "a.zip/Place – é.txt",
        "a.zip/Plan 2024.txt",
        "a.zip/folder/plan.txt",
        "a.zip/line_break.txt",
    ]


def test_an_encrypted_file_is_refused_and_the_others_come_out(open_, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": WORDS, "b.txt": WORDS})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert open_(path) == [("a.zip/a.txt", "encrypted"), ("a.zip/b.txt", None)]


def test_a_packing_that_is_not_known_is_refused(open_, tmp_path: Path) -> None:
    assert open_(zipped(tmp_path / "a.zip", {"a.txt": WORDS}, zipfile.ZIP_LZMA)) == [("a.zip/a.txt", "unknown_format")]


def test_a_bomb_is_refused_by_what_the_directory_says(open_, tmp_path: Path) -> None:
    zeros = bytes(3_000_000)
    whole = zipped(tmp_path / "a.zip", {"zeros.txt": zeros})
    among_others = zipped(tmp_path / "b.zip", {"zeros.txt": zeros, "noise.txt": noise(200_000)})
    assert open_(whole, among_others) == [
        ("a.zip", "bomb"),
        ("b.zip/zeros.txt", "bomb"),
        ("b.zip/noise.txt", None),
    ]


def test_files_that_share_the_same_packed_bytes_are_a_bomb(open_, tmp_path: Path) -> None:
    """Each of them is small enough: it is the sum that no honest archive of this size has."""
    path = zipped(tmp_path / "a.zip", {"file0.txt": bytes(900_000)})
    data = path.read_bytes()
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entries = b"".join(data[start:end].replace(b"file0", b"%05d" % number) for number in range(300))
    tail = bytearray(data[end:])
    tail[8:12] = (300).to_bytes(2, "little") * 2
    tail[12:16] = len(entries).to_bytes(4, "little")
    path.write_bytes(data[:start] + entries + tail)
    assert open_(path) == [("a.zip", "bomb")]


def test_a_directory_that_understates_a_size_gains_nothing(open_, tmp_path: Path, settings: IngestSettings) -> None:
    path = zipped(tmp_path / "a.zip", {"zeros.txt": bytes(50_000_000), "noise.txt": noise(600_000)})
    data = bytearray(path.read_bytes())
    for header, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(header) + at
        data[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    assert open_(path) == [("a.zip/zeros.txt", "damaged"), ("a.zip/noise.txt", None)]


def test_too_many_files_are_refused_before_any_is_unpacked(open_, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{number}.txt": "x" for number in range(10_001)}, zipfile.ZIP_STORED)
    assert open_(path) == [("a.zip", "too_large")]


def test_more_than_the_disk_can_spare_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1_000)
    path = zipped(tmp_path / "a.zip", {"a.txt": noise(600), "b.txt": noise(600)})
    (tmp_path / "out").mkdir()
    with pytest.raises(UnreadableDocument, match="unpack it yourself and add the folder") as caught:
        unpack(path, tmp_path / "out", 10_000, lambda *_: None)
    assert caught.value.reason == "too_large"
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_over_the_limit_for_one_is_refused_and_the_others_come_out(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": noise(600), "b.txt": noise(300)})
    (tmp_path / "out").mkdir()
    [refused] = unpack(path, tmp_path / "out", 500, lambda *_: None)
    assert (refused.name, refused.reason) == ("a.txt", "too_large")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["b.txt"]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"Rar!\x1a\x07\x01\x00", b"words"])
def test_what_is_no_archive_is_damaged(open_, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    assert open_(tmp_path / "a.zip") == [("a.zip", "damaged")]


def test_an_archive_cut_short_or_with_a_wrong_byte_gives_what_is_whole(open_, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": noise(600), "b.txt": noise(600)})
    data = bytearray(path.read_bytes())
    data[300] ^= 1
    path.write_bytes(data)
    assert open_(path) == [("a.zip/a.txt", "damaged"), ("a.zip/b.txt", None)]
    path.write_bytes(data[: len(data) // 2])
    assert open_(path) == [("a.zip", "damaged")]


def test_an_archive_in_an_archive_is_not_opened(open_, tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.txt": WORDS})
    outer = zipped(tmp_path / "a.zip", {"inner.zip": inner.read_bytes(), "b.txt": WORDS})
    assert open_(outer) == [("a.zip/b.txt", None), ("a.zip/inner.zip", "nested_archive")]


def test_an_archive_without_a_document_says_so(open_, tmp_path: Path) -> None:
    assert open_(zipped(tmp_path / "a.zip", {"README.md": WORDS, "folder/": ""})) == [("a.zip", "empty")]


def test_an_archive_has_no_card(open_, tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"a.txt": WORDS})
    (tmp_path / "a.zip.card.yaml").write_text("marking: SECRET\n")
    assert open_(tmp_path / "a.zip") == [("a.zip", "invalid_card")]


def test_a_document_whose_card_is_lost_in_the_archive_is_not_added_without_it(open_, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt.card.yaml": noise(600), "a.txt": WORDS, "b.txt.card.yaml": "title: B"})
    data = bytearray(path.read_bytes())
    data[300] ^= 1
    path.write_bytes(data)
    assert open_(path) == [
        ("a.zip/a.txt.card.yaml", "damaged"),
        ("a.zip/a.txt", "invalid_card"),
        ("a.zip/b.txt.card.yaml", "missing"),
    ]


def test_what_is_wrong_with_one_card_keeps_nobody_from_the_others(open_, tmp_path: Path) -> None:
    cards = {"a.txt.card.yaml": "x: y\n" * 10_000, "b.txt.card.yaml": "x: " + "[" * 5_000}
    path = zipped(tmp_path / "a.zip", {"a.txt": WORDS, "b.txt": WORDS, "c.txt": WORDS, **cards})
    mail = mailed(tmp_path / "mail.eml", path)
    # That the second is no YAML is found out when it is added.
    inside = [("a.txt", "invalid_card"), ("b.txt", None), ("c.txt", None)]
    assert open_(path) == [(f"a.zip/{name}", reason) for name, reason in inside]
    assert open_(mail)[1:] == [(f"mail.eml/a.zip/{name}", reason) for name, reason in inside]


def test_hidden_files_that_cannot_be_unpacked_are_no_news(open_, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"__MACOSX/._a.txt": noise(600), "a.txt": WORDS})
    data = bytearray(path.read_bytes())
    data[300] ^= 1
    path.write_bytes(data)
    assert open_(path) == [("a.zip/a.txt", None)]
