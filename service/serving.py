"""A running service: its address, its start and its stop."""

import logging
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread, Timer
from types import FrameType

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from ingest.errors import EngageError
from ingest.library import Library
from ingest.settings import MINILM
from service import problems
from service.app import create_app
from service.errors import CannotListen, MalformedBody
from service.examples import EXAMPLES
from service.guarding import is_loopback, web_address
from service.intake import Intake
from service.settings import Settings
from service.wording import counted

_POLITE_SECONDS = 2
"""How long answers under way may go on after the service was told to stop."""
_LAST_SECONDS = 5.0
"""After these nothing is waited for, such as a language model that does not answer. The library survives that."""
_INVALID_HTTP = "This is not HTTP, or its head is too long; send a plain HTTP/1.1 request."
_OTHER_EMBEDDER = (
    "Embedder: {}. When not to answer was fitted with the packaged one; see how well it suits this one with script/eval"
    " (docs/operator.md)."
)

Say = Callable[[str], None]


def serve(settings: Settings, paths: Sequence[Path], say: Say) -> None:
    """Listen, add what the paths hold, say when ready, and answer until SIGTERM or SIGINT.

    Raises CannotListen, LibraryInUse and what else opening the library raises.
    """
    with bind(settings) as listener:
        url = web_address(*listener.getsockname()[:2])
        app = _open(settings)
        listener.listen()
        app.state.library.announce(url, app.state.token)
        if paths:
            app.state.readiness.wait_for(", ".join(map(str, paths)))
        _run(app, listener, lambda: _get_ready(app, url, paths, say))


def _open(settings: Settings) -> FastAPI:
    """The application over its library; from here on it closes the library itself."""
    library = Library.open(settings)
    try:
        # Made now: what is wrong with it is told at the start, not to the first asker, who does not wait for it either.
        _ = library.embedder.scale
        library.embedder.questions(["Is all ready?"])
        return create_app(settings, library)
    except BaseException:
        library.close()
        raise


def bind(settings: Settings) -> socket.socket:
    """A socket on the address of the settings. Raises CannotListen."""
    if not (is_loopback(settings.host) or settings.listen_beyond_loopback):
        raise CannotListen(
            f"The service has no sign-in, so it does not listen on {settings.host}, where others could reach it; "
            "use 127.0.0.1, or set ENGAGE_LISTEN_BEYOND_LOOPBACK=true if something in front of it controls who may."
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Cannot listen on {settings.host}, port {settings.port} ({error.strerror}); "
            "stop what uses it, or choose another with --port."
        ) from error
    return listener


def _get_ready(app: FastAPI, url: str, paths: Sequence[Path], say: Say) -> None:
    """Runs beside the server. What cannot be added is named, and does not keep the service from being ready."""
    try:
        _add(app.state.intake, paths, say)
    except EngageError as error:
        say(str(error))
    if app.state.intake.is_stopping:
        return
    app.state.readiness.reached()
    held = len(app.state.library.catalogue.all_live_versions())
    say(f"Ready: {url}/ ({counted(held, 'document')} held in {app.state.settings.data_dir}; stop with Ctrl+C)")
    if app.state.settings.embedder != MINILM:
        say(_OTHER_EMBEDDER.format(app.state.settings.embedder))
    if held:
        say("\n  ".join(("Three questions to try:", *EXAMPLES)))
    else:
        say("Add documents with 'engage add PATH' from another terminal, then ask.")


def _add(intake: Intake, paths: Sequence[Path], say: Say) -> None:
    """Tells of what is new or failed, and of the rest only how many they are."""
    outcomes: Counter[str] = Counter()
    for added in intake.take_all(paths):
        outcomes[added.outcome] += 1
        if added.outcome != "already_held":
            say(added.message)
    if outcomes:
        say(", ".join(f"{number:,} {outcome.replace('_', ' ')}" for outcome, number in outcomes.items()))


def _run(app: FastAPI, listener: socket.socket, meanwhile: Callable[[], None]) -> None:
    server = server_for(app)
    # uvicorn puts its own in their place while it runs, and calls these once more when it is done.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    Thread(target=meanwhile, daemon=True).start()
    server.run(sockets=[listener])


def server_for(app: FastAPI) -> uvicorn.Server:
    return _Server(
        uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_POLITE_SECONDS,
        )
    )


class _Server(uvicorn.Server):
    """Stops within seconds even when a thread does not come back: then without waiting for it."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # an answer cut off now is no news to anybody
        last = Timer(_LAST_SECONDS, _leave)
        last.daemon = True
        last.start()
        super().handle_exit(sig, frame)


def _leave() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class _Protocol(H11Protocol):
    """What is not even HTTP is answered with a problem too."""

    _refused = False

    def data_received(self, data: bytes) -> None:
        if not self._refused:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        problem = problems.of(MalformedBody(_INVALID_HTTP))
        headers = [("content-type", problems.MEDIA_TYPE), ("connection", "close")]
        body = problem.model_dump_json(exclude_defaults=True).encode()
        for event in (
            h11.Response(status_code=problem.status, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        # Closing at once, with more on its way, would reset the connection and lose the answer.
        self._refused = True
        self.transport.write_eof()
        self.loop.call_later(_POLITE_SECONDS, self.transport.close)
