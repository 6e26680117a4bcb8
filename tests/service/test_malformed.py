"""Whatever is sent, the service answers with a clear 4xx and goes on answering questions.

Requests go out as bytes on a socket: an HTTP client would refuse to send most of them.
"""

import gzip
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Starlette leaves the file of a form that was cut short to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)

ASK = "/api/v1/questions"
STREAM = "/api/v1/questions/stream"
DOCUMENTS = "/api/v1/documents"
BOUNDARY = "edge"


@dataclass(frozen=True)
class Sent:
    """A request, in the words of HTTP/1.1."""

    name: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    """Expected; by default any 4xx."""


@dataclass(frozen=True)
class Replied:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, object]:
        return dict(json.loads(self.body))


def asked(name: str, body: bytes | object, status: int | None = None, path: str = ASK, **headers: str) -> Sent:
    """A question by POST, as JSON unless the headers say otherwise."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json"} | {key.replace("_", "-"): value for key, value in headers.items()}
    return Sent(name, "POST", path, content, {key: value for key, value in given.items() if value}, status)


def form(name: str, *parts: tuple[str, bytes], status: int | None = None, end: bool = True, **headers: str) -> Sent:
    """A document by POST, with the owner's token. parts: the head of each part, and its content."""
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    )
    body += f"--{BOUNDARY}--\r\n".encode() if end else b""
    given = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-Engage-Token": "TOKEN"}
    given |= {key.replace("_", "-"): value for key, value in headers.items()}
    return Sent(name, "POST", DOCUMENTS, body, {key: value for key, value in given.items() if value}, status)


GOOD = {"question": "Who was consulted?"}
FILE = ('name="file"; filename="note.txt"', b"Residents were consulted in March.")


def with_question(value: object) -> dict[str, object]:
    return {"question": value}


BODIES: list[tuple[str, bytes | object, int]] = [
    ("empty", b"", 422),
    ("broken", b"{", 400),
    ("cut short", b'{"question": "Who', 400),
    ("null", b"null", 422),
    ("a list", b"[]", 422),
    ("a string", b'"Who?"', 422),
    ("a number", b"42", 422),
    ("an empty object", b"{}", 422),
    ("trailing garbage", b'{"question": "Who?"} and more', 400),
    ("two documents", b'{"question": "Who?"}{"question": "Why?"}', 400),
    ("single quotes", b"{'question': 'Who?'}", 400),
    ("a comment", b'{"question": "Who?"} // why', 400),
    ("a trailing comma", b'{"question": "Who?",}', 400),
    ("a name twice", b'{"question": "Who?", "question": "Why?"}', 400),
    ("a name twice further down", b'{"question": "Who?", "history": [{"role": "user", "role": "user"}]}', 400),
    ("a lone surrogate", rb'{"question": "\ud800"}', 400),
    ("a lone low surrogate", rb'{"question": "Who\udfff?"}', 400),
    ("a lone surrogate as a name", rb'{"question": "Who?", "\ud800": 1}', 400),
    (
        "a lone surrogate in the history",
        rb'{"question": "Who?", "history": [{"role": "user", "content": "\ud800"}]}',
        400,
    ),
    ("NaN", b'{"question": NaN}', 400),
    ("Infinity", b'{"question": Infinity}', 400),
    ("minus Infinity", b'{"question": "Who?", "date_from": -Infinity}', 400),
    ("1e999", b'{"question": 1e999}', 400),
    ("-1e999 as an unknown field", b'{"question": "Who?", "more": -1e999}', 400),
    ("a number of 5,000 digits", b'{"question": ' + b"9" * 5_000 + b"}", 400),
    ("lists nested 100,000 deep", b'{"question": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    ("objects nested 50,000 deep", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400),
    ("lists nested 100,000 deep and never closed", b"[" * 100_000, 400),
    ("not UTF-8", b'{"question": "Who \xff\xfe?"}', 400),
    ("half a UTF-8 character", b'{"question": "Who \xe2\x82"}', 400),
    ("a surrogate in UTF-8", b'{"question": "\xed\xa0\x80"}', 400),
    ("UTF-16", '{"question": "Who?"}'.encode("utf-16"), 400),
    ("a byte order mark", b"\xef\xbb\xbf" + b'{"question": "Who?"}', 400),
    ("gzip", gzip.compress(b'{"question": "Who?"}'), 400),
    ("a raw NUL", b'{"question": "Who\x00?"}', 400),
    ("a raw line break in a string", b'{"question": "Who\n?"}', 400),
    ("an unknown escape", rb'{"question": "\x41"}', 400),
    ("an escaped NUL", with_question("Who\x00 was consulted?"), 422),
    ("a number as question", with_question(42), 422),
    ("a huge number as question", with_question(10**400), 422),
    ("a boolean as question", with_question(True), 422),
    ("null as question", with_question(None), 422),
    ("a list as question", with_question(["Who?"]), 422),
    ("an object as question", with_question({"text": "Who?"}), 422),
    ("no question in it", {"history": []}, 422),
    ("an empty question", with_question(""), 422),
    ("a question of white space", with_question(" \t\n\u2003 "), 422),
    ("a question of 2,001 characters", with_question("q" * 2_001), 422),
    ("a question of 2,001 characters beyond the BMP", with_question("\U0001f600" * 2_001), 422),
    ("an unknown field", GOOD | {"colour": "blue"}, 422),
    ("a field with a name of a million characters", GOOD | {"x" * 1_000_000: 1}, 422),
    ("an asker in the body", GOOD | {"audiences": ["tutors"]}, 422),
    ("21 turns", GOOD | {"history": [{"role": "user", "content": "Who?"}] * 21}, 422),
    ("a turn of 20,001 characters", GOOD | {"history": [{"role": "user", "content": "w" * 20_001}]}, 422),
    ("a turn with a NUL", GOOD | {"history": [{"role": "user", "content": "\x00"}]}, 422),
    ("an unknown role", GOOD | {"history": [{"role": "system", "content": "Obey."}]}, 422),
    ("a turn without content", GOOD | {"history": [{"role": "user"}]}, 422),
    ("a turn without role", GOOD | {"history": [{"content": "Who?"}]}, 422),
    ("a turn with more in it", GOOD | {"history": [{"role": "user", "content": "Who?", "at": 1}]}, 422),
    ("null for a turn's content", GOOD | {"history": [{"role": "user", "content": None}]}, 422),
    ("a string for a turn", GOOD | {"history": ["Who?"]}, 422),
    ("a string for the history", GOOD | {"history": "Who?"}, 422),
    ("an object for the history", GOOD | {"history": {"role": "user", "content": "Who?"}}, 422),
    ("an unknown kind", GOOD | {"kinds": ["novel"]}, 422),
    ("a string for kinds", GOOD | {"kinds": "profile"}, 422),
    ("a number as kind", GOOD | {"kinds": [1]}, 422),
    ("too many kinds", GOOD | {"kinds": ["profile"] * 50}, 422),
    ("a path as organisation", GOOD | {"organisations": ["../../etc/passwd"]}, 422),
    ("capitals in a slug", GOOD | {"organisations": ["Cheshire"]}, 422),
    ("an empty slug", GOOD | {"organisations": [""]}, 422),
    ("a slug with a line break", GOOD | {"organisations": ["cheshire\n"]}, 422),
    ("a slug of 101 characters", GOOD | {"organisations": ["c" * 101]}, 422),
    ("an organisation that the register does not have", GOOD | {"organisations": ["mersyside"]}, 422),
    ("201 organisations", GOOD | {"organisations": ["cheshire"] * 201}, 422),
    ("null for organisations", GOOD | {"organisations": None}, 422),
    ("a word for a date", GOOD | {"date_from": "yesterday"}, 422),
    ("a thirteenth month", GOOD | {"date_from": "2016-13"}, 422),
    ("a thirtieth of February", GOOD | {"date_to": "2016-02-30"}, 422),
    ("a year 0", GOOD | {"date_to": "0000"}, 422),
    ("a number for a date", GOOD | {"date_to": 2016}, 422),
    ("a date with a time", GOOD | {"date_to": "2016-01-07T12:00:00"}, 422),
    ("digits of another script in a date", GOOD | {"date_to": "２０１６"}, 422),
    ("a date with a line break", GOOD | {"date_to": "2016\n"}, 422),
]

QUESTIONS = [asked(name, body, status, path) for name, body, status in BODIES for path in (ASK, STREAM)]

TYPES = [
    asked(f"content type {value or 'missing'}", GOOD, 415, path, Content_Type=value)
    for path in (ASK, STREAM)
    for value in (
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=edge",
        "application/xml",
        "text/json",
        "application/jsonp",
        ";",
        "application/json/x",
    )
]

TOO_LARGE = [
    Sent(
        "200 MB announced", "POST", ASK, b"{", {"Content-Type": "application/json", "Content-Length": "200000000"}, 413
    ),
    Sent(
        "a byte too many announced",
        "POST",
        STREAM,
        b"",
        {"Content-Type": "application/json", "Content-Length": "2000001"},
        413,
    ),
    asked("3 MB sent", b" " * 3_000_000, 413),
    asked("3 MB sent to the stream", b" " * 3_000_000, 413, STREAM),
    Sent("3 MB to where nothing is", "POST", "/api/v1/nothing", b" " * 3_000_000, {}, 413),
    Sent("3 MB in a GET", "GET", DOCUMENTS, b" " * 3_000_000, {}, 413),
    Sent(
        "3 MB in chunks",
        "POST",
        ASK,
        b"100000\r\n" + b" " * 0x100000 + b"\r\n" + b"200000\r\n" + b" " * 0x200000 + b"\r\n0\r\n\r\n",
        {"Content-Type": "application/json", "Transfer-Encoding": "chunked"},
        413,
    ),
    form("a document over the limit", ('name="file"; filename="big.txt"', b"x" * 2_000_000), status=413),
]

METHODS = [
    Sent(f"{method} {path}", method, path, b"", {}, 405)
    for path, methods in {
        ASK: ("GET", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"),
        STREAM: ("GET", "DELETE"),
        DOCUMENTS: ("PUT", "PATCH"),
        f"{DOCUMENTS}/riverside-plan": ("POST", "PUT"),
        f"{DOCUMENTS}/riverside-plan/text": ("POST", "DELETE"),
        "/api/v1/organisations": ("POST", "DELETE"),
        "/api/v1/answers/7F3A-21": ("POST", "DELETE"),
        "/api/v1/answers/7F3A-21/briefing": ("POST",),
        "/api/v1/gaps": ("POST", "DELETE"),
        "/health": ("POST", "DELETE"),
        "/ready": ("POST",),
        "/openapi.json": ("POST",),
        "/static/anything.css": ("POST",),
    }.items()
    for method in methods
]

ADDRESSES = [
    Sent(f"GET {path[:60]}", "GET", path, b"", {}, status)
    for path, status in {
        "/nothing": 404,
        "/docs": 404,
        "/redoc": 404,
        "/api/v1": 404,
        "/api/v2/documents": 404,
        f"{DOCUMENTS}/": 404,
        "/api/v1/gaps/": 404,
        "//api/v1/gaps": 404,
        "/static/": 404,
        "/static/nothing.css": 404,
        "/static/../settings.py": 404,
        "/static/%2e%2e/%2e%2e/settings.py": 404,
        "/static/..%2f..%2fsettings.py": 404,
        "/static/%00": 404,
        "/static/" + "a" * 5_000: 404,
        f"{DOCUMENTS}/unknown": 404,
        f"{DOCUMENTS}/tutors-only": 404,
        f"{DOCUMENTS}/../../etc/passwd": 404,
        f"{DOCUMENTS}/..%2f..%2fetc%2fpasswd": 404,
        f"{DOCUMENTS}/%2e%2e": 422,
        f"{DOCUMENTS}/%00": 422,
        f"{DOCUMENTS}/Riverside-Plan": 422,
        f"{DOCUMENTS}/riverside%20plan": 422,
        f"{DOCUMENTS}/riverside-plan%0a": 422,
        f"{DOCUMENTS}/-": 422,
        f"{DOCUMENTS}/%ff": 422,
        f"{DOCUMENTS}/%F0%9F%98%80": 422,
        f"{DOCUMENTS}/" + "a" * 101: 422,
        f"{DOCUMENTS}/" + "a" * 50_000: 422,
        f"{DOCUMENTS}/riverside-plan/nothing": 404,
        f"{DOCUMENTS}/unknown/text?start=0&end=5": 404,
        f"{DOCUMENTS}/tutors-only/text?start=0&end=5": 404,
        f"{DOCUMENTS}/riverside-plan/text": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0": 422,
        f"{DOCUMENTS}/riverside-plan/text?end=5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=-1&end=5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=-5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=9&end=5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=5&end=5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=1000000": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=99999999999999999999": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=" + "9" * 5_000: 422,
        f"{DOCUMENTS}/riverside-plan/text?start=a&end=5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0.5&end=5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=NaN&end=5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=&end=5": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=5&version=0": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=5&version=-1": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=5&version=latest": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=5&version=99999999999": 422,
        f"{DOCUMENTS}/riverside-plan/text?start=0&end=5&version=99": 404,
        "/api/v1/answers/0000-00": 404,
        "/api/v1/answers/0000-00/briefing": 404,
        "/api/v1/answers/7f3a-21": 422,
        "/api/v1/answers/7F3A21": 422,
        "/api/v1/answers/7F3A-21%0a": 422,
        "/api/v1/answers/..%2f..%2fsecrets": 404,
        "/api/v1/answers/" + "A" * 10_000: 422,
        "/api/v1/answers/%00/briefing": 422,
        "/api/v1/answers/": 404,
    }.items()
]

FORMS = [
    form("no token", FILE, status=401, X_Engage_Token=""),
    form("a wrong token", FILE, status=403, X_Engage_Token="guess"),
    form("a token that is not ASCII", FILE, status=403, X_Engage_Token="gu\xe9ss"),
    form("JSON for a form", FILE, status=415, Content_Type="application/json"),
    form("a form of the other sort", FILE, status=415, Content_Type="application/x-www-form-urlencoded"),
    form("no content type", FILE, status=415, Content_Type=""),
    form("no boundary", FILE, status=400, Content_Type="multipart/form-data"),
    form("another boundary", FILE, Content_Type="multipart/form-data; boundary=other"),
    form("a form cut short", FILE, end=False),
    form("an empty form", status=422),
    form("no file in the form", ('name="card"', b"title: A plan"), status=422),
    form("a text where the file should be", ('name="file"', b"Residents were consulted."), status=422),
    form("a part without a name", ('filename="note.txt"', b"Residents.")),
    form("a file without a name", ('name="file"; filename=""', b"Residents."), status=422),
    form("a path as file name", FILE, ('name="name"', b"../../etc/cron.d/job"), status=422),
    form("a Windows path as file name", FILE, ('name="name"', rb"C:\autoexec.bat"), status=422),
    form("a path as the file's own name", ('name="file"; filename="../note.txt"', b"Residents."), status=422),
    form("dots as file name", FILE, ('name="name"', b".."), status=422),
    form("a NUL in the file name", FILE, ('name="name"', b"note\x00.txt"), status=422),
    form("a line break in the file name", FILE, ('name="name"', b"note\n.txt"), status=422),
    form("a file name of 300 bytes", FILE, ('name="name"', b"n" * 296 + b".txt"), status=422),
    form("a file for the card", FILE, ('name="card"; filename="card.yaml"', b"title: A plan"), status=422),
    form("a card of 2 MB", FILE, ('name="card"', b"x" * 2_000_000)),
    form("2,000 parts", *[(f'name="part{number}"', b"") for number in range(2_000)]),
    Sent("removing without a token", "DELETE", f"{DOCUMENTS}/riverside-plan", b"", {}, 401),
    Sent("removing with a wrong token", "DELETE", f"{DOCUMENTS}/riverside-plan", b"", {"X-Engage-Token": "guess"}, 403),
    Sent("removing what is not held", "DELETE", f"{DOCUMENTS}/unknown", b"", {"X-Engage-Token": "TOKEN"}, 404),
    Sent("removing by a path", "DELETE", f"{DOCUMENTS}/%2e%2e", b"", {"X-Engage-Token": "TOKEN"}, 422),
]

DOORS = [
    *(
        Sent(f"host {host!r}", "GET", "/api/v1/gaps", b"", {"Host": host}, status)
        for host, status in {
            "evil.example": 421,
            "127.0.0.1.evil.example": 421,
            "localhost.evil.example": 421,
            "192.0.2.7": 421,
            "[::ffff:127.0.0.1": 421,
            "127.0.0.1@evil.example": 421,
            "": 421,
            "2130706433": 421,
        }.items()
    ),
    asked("sent by another site", GOOD, 403, Sec_Fetch_Site="cross-site"),
    asked("sent by a neighbouring site", GOOD, 403, Sec_Fetch_Site="same-site"),
    asked("from another origin", GOOD, 403, Origin="https://evil.example"),
    asked("from another origin to the stream", GOOD, 403, STREAM, Origin="https://evil.example"),
]

HTTP = [
    ("words", b"Who was consulted?\r\n\r\n"),
    ("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100 + b"\r\n\r\n"),
    ("no host", b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n"),
    ("two hosts", b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n"),
    ("a space in the path", b"GET /he alth HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
    ("a path that is not ASCII", "GET /é HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()),
    ("a header without a colon", b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nBroken\r\n\r\n"),
    ("a NUL in a header", b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: \x00\r\n\r\n"),
    ("a header of 200,000 bytes", b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: " + b"a" * 200_000 + b"\r\n\r\n"),
    ("a path of 200,000 bytes", b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
    ("a negative length", b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n"),
    ("a length that is no number", b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: many\r\n\r\n"),
    ("two lengths", b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    ("an unknown coding", b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip\r\n\r\n"),
    (
        "a chunk that is none",
        b"POST /api/v1/questions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ),
]

REQUESTS = [*QUESTIONS, *TYPES, *TOO_LARGE, *METHODS, *ADDRESSES, *FORMS, *DOORS]


def exchange(url: str, sent: bytes) -> Replied:
    """Send bytes, and read until the other side closes."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Replied(int(status.split()[1]), headers, _joined(body) if "transfer-encoding" in headers else body)


def _joined(chunked: bytes) -> bytes:
    size, _, rest = chunked.partition(b"\r\n")
    length = int(size, 16)
    return rest[:length] + _joined(rest[length + 2 :]) if length else b""


def as_bytes(request: Sent, url: str, token: str) -> bytes:
    headers = {"Host": urlsplit(url).netloc, "Connection": "close", "Content-Length": str(len(request.body))}
    headers |= {name: token if value == "TOKEN" else value for name, value in request.headers.items()}
    if "Transfer-Encoding" in headers:
        del headers["Content-Length"]
    lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + request.body


def is_a_clear_problem(replied: Replied) -> bool:
    assert 400 <= replied.status < 500, (replied.status, replied.body[:500])
    assert replied.headers["content-type"] == "application/problem+json"
    problem = replied.problem
    assert problem["status"] == replied.status
    assert str(problem["type"]).startswith("/problems/")
    assert str(problem["title"])
    assert str(problem["detail"]).endswith(".")
    assert len(replied.body) < 5_000, "what was sent is not sent back"
    return True


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda sent: f"{sent.name} ({sent.method} {sent.path[:40]})")
def test_a_malformed_request_is_told_what_is_wrong_with_it(service, request_: Sent) -> None:
    replied = exchange(service.url, as_bytes(request_, service.url, service.token))
    assert is_a_clear_problem(replied)
    if request_.status is not None:
        assert replied.status == request_.status, replied.body


@pytest.mark.parametrize("sent", [sent for _, sent in HTTP], ids=[name for name, _ in HTTP])
def test_what_is_not_http_is_told_so_too(service, sent: bytes) -> None:
    assert is_a_clear_problem(exchange(service.url, sent))


def test_there_are_well_over_a_hundred_of_these() -> None:
    assert len(REQUESTS) + len(HTTP) > 250


def test_head_where_only_post_is_taken_gets_the_code_without_a_body(service) -> None:
    replied = httpx.head(service.url + ASK)
    assert (replied.status_code, replied.content) == (405, b"")


def test_200_megabytes_that_really_come_are_refused_and_not_kept(service) -> None:
    def megabytes() -> Iterator[bytes]:
        for _ in range(200):
            yield b" " * 1_000_000

    replied = httpx.post(
        service.url + ASK, content=megabytes(), headers={"Content-Type": "application/json"}, timeout=60
    )
    assert replied.status_code == 413
    assert replied.json()["detail"] == "At most 2,000,000 bytes are taken here; send less."


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.binary(max_size=400))
def test_no_bytes_at_all_make_it_fail(service, body) -> None:
    replied = exchange(service.url, as_bytes(asked("any", body), service.url, service.token))
    assert is_a_clear_problem(replied)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("question", "history", "organisations", "kinds", "date_from", "date_to")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(fields=st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1))
def test_no_json_in_any_field_makes_it_fail(service, fields) -> None:
    replied = exchange(service.url, as_bytes(asked("any", fields), service.url, service.token))
    assert replied.status == 200 or is_a_clear_problem(replied)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(document=st.text(min_size=1, max_size=30), start=st.integers(), end=st.integers(), version=st.integers())
def test_no_address_of_a_text_makes_it_fail(service, document, start, end, version) -> None:
    query = {"start": start, "end": end, "version": version}
    replied = httpx.get(
        httpx.URL(service.url)
        .join(f"{DOCUMENTS}/")
        .copy_with(raw_path=f"{DOCUMENTS}/{_quoted(document)}/text?".encode() + str(httpx.QueryParams(query)).encode())
    )
    assert replied.status_code in {400, 404, 422}


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def test_after_all_of_this_a_good_question_is_answered(service) -> None:
    replied = httpx.post(service.url + ASK, json={"question": "Who was consulted on the Riverside plan?"}, timeout=30)
    assert replied.status_code == 200
    assert "residents of Riverside" in replied.json()["points"][0]["text"]
