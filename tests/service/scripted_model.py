"""A model that you can hold: a real HTTP server that speaks the protocol of its kind and does what its script says.

    with ScriptedModel() as model:
        model.script(Reply('{"statements": []}'), Status(500), Stall(5))
        ...ask at model.base_url...
        assert model.requests[0].body["model"] == "scripted"

Each request takes the next behaviour; when the script is over it does what it does `otherwise`, which is to answer 418.
A reply's text may be a function of the request, so that a script can use the ids it was given. A Reply is a language
model's; embedders and rerankers answer in Json.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Request:
    path: str
    headers: Message
    body: Mapping[str, Any]

    @property
    def user(self) -> str:
        """The last message, which holds the question with its evidence."""
        return str(self.body["messages"][-1]["content"])


@dataclass(frozen=True)
class Reply:
    text: str | Callable[[Request], str] | None
    finish_reason: str | None = "stop"


@dataclass(frozen=True)
class Json:
    """Whatever the function makes of the request's body."""

    answer: Callable[[Mapping[str, Any]], object]


@dataclass(frozen=True)
class Status:
    code: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stall:
    """Says nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Trickle:
    """A reply that never stops coming: a byte every tenth of a second."""


@dataclass(frozen=True)
class Cut:
    """Half a reply, then the connection is gone."""


@dataclass(frozen=True)
class Nonsense:
    """A page where a chat answer should be."""


Behaviour = Reply | Json | Status | Stall | Trickle | Cut | Nonsense


class ScriptedModel:
    def __init__(self, otherwise: Behaviour = Status(418)) -> None:
        self.otherwise = otherwise
        self.requests: list[Request] = []
        self.hung_up = threading.Event()
        """Set when a client has closed a connection on which it was still being answered."""
        self._script: list[Behaviour] = []
        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        """What ENGAGE_LLM_BASE_URL and its likes are set to."""
        return f"{self.address}/v1"

    def script(self, *behaviours: Behaviour) -> None:
        self._script.extend(behaviours)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(model) -> type[BaseHTTPRequestHandler]:  # `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_json = self.headers["Content-Type"] == "application/json"
                request = Request(self.path, self.headers, json.loads(body) if is_json else {})
                model.requests.append(request)
                try:
                    model._behave(self, model._script.pop(0) if model._script else model.otherwise, request)
                except OSError:
                    model.hung_up.set()

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _behave(self, handler: BaseHTTPRequestHandler, behaviour: Behaviour, request: Request) -> None:
        match behaviour:
            case Reply(text, finish_reason):
                _send(handler, _completion(text(request) if callable(text) else text, finish_reason))
            case Json(answer):
                _send(handler, json.dumps(answer(request.body)).encode())
            case Status(code, headers):
                _send(handler, b'{"error": {"message": "scripted"}}', code, headers)
            case Stall(seconds):
                self._ended.wait(seconds)
                _send(handler, _completion("too late", "stop"))
            case Trickle():
                _head(handler, 200, {"Content-Length": "100000"})
                while not self._ended.wait(0.1):
                    handler.wfile.write(b" ")
            case Cut():
                whole = _completion("half of this is lost", "stop")
                _head(handler, 200, {"Content-Length": str(len(whole))})
                handler.wfile.write(whole[: len(whole) // 2])
            case Nonsense():
                _send(handler, b"<html><body>Welcome</body></html>", headers={"Content-Type": "text/html"})


def _completion(text: str | None, finish_reason: str | None) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    whole = {"id": "scripted", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice]}
    return json.dumps(whole).encode()


def _send(
    handler: BaseHTTPRequestHandler, body: bytes, code: int = 200, headers: Mapping[str, str] | None = None
) -> None:
    _head(handler, code, {"Content-Length": str(len(body)), **(headers or {})})
    handler.wfile.write(body)


def _head(handler: BaseHTTPRequestHandler, code: int, headers: Mapping[str, str]) -> None:
    handler.send_response(code)
    for name, value in {"Content-Type": "application/json", **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
