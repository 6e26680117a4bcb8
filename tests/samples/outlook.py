"""Writes Outlook's messages ([MS-OXMSG]) as what they are: compound files ([MS-CFB], version 3), small file systems of
storages and streams."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

CLASS, SUBJECT, SENT, SENDER, ADDRESS, BODY = 0x1A, 0x37, 0x39, 0xC1A, 0xC1F, 0x1000
RICH_TEXT, HTML, DATA, LONG_NAME, CONTENT_ID = 0x1009, 0x1013, 0x3701, 0x3707, 0x3712
_BINARY, _TIME, _TEXT, _OBJECT = 0x102, 0x40, 0x1F, 0xD

Values = Mapping[int, "str | bytes | datetime"]
"""Properties by their numbers."""

_SECTOR, _MINI_SECTOR, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5

Tree = dict[str, "bytes | Tree"]
"""A storage: streams and further storages by their names."""


def message(values: Values, attached: Sequence[Tree] = ()) -> bytes:
    return _compound(_message(values, attached, struct.pack("<8xIIII8x", 0, len(attached), 0, len(attached))))


def attachment(values: Values) -> Tree:
    return _properties(values, bytes(8))


def embedded(name: str, values: Values, attached: Sequence[Tree] = ()) -> Tree:
    """A message that is attached to another."""
    tree = _properties({LONG_NAME: name}, bytes(8))
    header = struct.pack("<8xIIII", 0, len(attached), 0, len(attached))
    tree[f"__substg1.0_{DATA:04X}{_OBJECT:04X}"] = _message(values, attached, header)
    return tree


def _message(values: Values, attached: Sequence[Tree], header: bytes) -> Tree:
    tree = _properties(values, header)
    return tree | {f"__attach_version1.0_#{number:08X}": inside for number, inside in enumerate(attached)}


def _properties(values: Values, header: bytes) -> Tree:
    tree: Tree = {}
    table = header
    for pid, value in values.items():
        if isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7
            table += struct.pack("<HHIQ", _TIME, pid, 6, ticks)
            continue
        kind, data = (_TEXT, value.encode("utf-16-le")) if isinstance(value, str) else (_BINARY, value)
        tree[f"__substg1.0_{pid:04X}{kind:04X}"] = data
        table += struct.pack("<HHIII", kind, pid, 6, len(data) + 2 * (kind == _TEXT), 0)
    tree["__properties_version1.0"] = table
    return tree


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    right: int = _FREE
    child: int = _FREE
    start: int = _END
    size: int = 0


@dataclass
class _Area:
    """Sectors of one size, and the chains that they are in."""

    sector: int
    data: bytearray = field(default_factory=bytearray)
    chain: list[int] = field(default_factory=list)

    def put(self, data: bytes) -> int:
        """Returns the number of its first sector."""
        start = len(self.chain)
        count = -(-len(data) // self.sector)
        self.data += data.ljust(count * self.sector, b"\0")
        self.chain += [*range(start + 1, start + count), _END]
        return start


def _compound(tree: Tree) -> bytes:
    """For some 60 kB at most: all of its sectors are counted in one sector of the table."""
    entries = [_Entry("Root Entry", _ROOT)]
    _list(tree, entries, entries[0])
    large, small = _Area(_SECTOR), _Area(_MINI_SECTOR)
    for entry in entries[1:]:
        if entry.data:
            entry.start = (small if len(entry.data) < _CUTOFF else large).put(entry.data)
            entry.size = len(entry.data)
    entries[0].start, entries[0].size = large.put(bytes(small.data)), len(small.data)
    mini_chain = large.put(struct.pack(f"<{len(small.chain)}I", *small.chain).ljust(_SECTOR, b"\xff"))
    directory = large.put(b"".join(map(_packed, entries)))
    table = len(large.chain)
    chain = [*large.chain, _FAT]
    assert max(len(chain), len(small.chain)) <= _SECTOR // 4
    chain += [_FREE] * (_SECTOR // 4 - len(chain))
    return _header(directory, mini_chain, table) + bytes(large.data) + struct.pack(f"<{len(chain)}I", *chain)


def _list(tree: Tree, entries: list[_Entry], parent: _Entry) -> None:
    """The children of a storage, each the right neighbour of the one before."""
    before: _Entry | None = None
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        inside = tree[name]
        entry = _Entry(name, _STREAM, inside) if isinstance(inside, bytes) else _Entry(name, _STORAGE)
        if before is None:
            parent.child = len(entries)
        else:
            before.right = len(entries)
        entries.append(entry)
        if not isinstance(inside, bytes):
            _list(inside, entries, entry)
        before = entry


def _packed(entry: _Entry) -> bytes:
    name = (entry.name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        name,
        len(name),
        entry.kind,
        1,
        _FREE,
        entry.right,
        entry.child,
        0,
        entry.start,
        entry.size,
    )


def _header(directory: int, mini_chain: int, table: int) -> bytes:
    return struct.pack(
        "<8s16xHHHHH6xIIIIIIIII109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, directory, 0, _CUTOFF, mini_chain, 1, _END, 0, table),
        *[_FREE] * 108,
    )
