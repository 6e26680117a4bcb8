"""A child process of low priority that dies with its parent, cannot take more memory than it is given, and is killed
when it falls silent. What may hang, crash or swell (foreign files, Chroma's files) is done there."""

import importlib
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from types import TracebackType
from typing import Any, Self

_START = "import sys; sys.path[:] = {path!r}; from ingest.apart import _be_child; _be_child()"
_NICENESS = 10


class FellSilent(Exception):
    """The child said nothing for as long as it was given, and has been killed."""


class Died(Exception):
    """The child is gone. exit_code is negative for the signal that ended it."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"the process ended with {exit_code}")
        self.exit_code = exit_code

    @property
    def for_memory(self) -> bool:
        """Ended as processes end that get no more memory: SIGKILL by the system, SIGABRT by themselves."""
        return self.exit_code in (-signal.SIGKILL, -signal.SIGABRT)


class Failed(Exception):
    """What the child was doing failed there: an exception that it could still tell of."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self.kind = kind
        """Name of the exception's class."""
        self.message = message

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


class Apart:
    """Runs serve(connection, *arguments) in a child process; talks to it by send and receive.

    serve must be a function at the top of a module; what is sent is pickled.
    """

    def __init__(self, serve: Callable[..., None], *arguments: Any, memory: int | None = None) -> None:
        self._connection, theirs = Pipe()
        read_end, self._lifeline = os.pipe()
        # Not multiprocessing: it would import the parent's main module, the whole service, into each child.
        command = [sys.executable, "-c", _START.format(path=sys.path), str(theirs.fileno()), str(read_end)]
        self._process = subprocess.Popen(
            command,
            pass_fds=(theirs.fileno(), read_end),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        os.close(read_end)
        self._send((serve.__module__, serve.__name__, arguments, memory))

    def send(self, message: Any) -> None:
        """Raises Died."""
        self._send(message)

    def receive(self, silence: float) -> Any:
        """The next message.

        Raises Failed if serve raised, Died if the child ended, FellSilent after so many seconds without a message.
        """
        try:
            heard = self._connection.poll(silence)
            message = self._connection.recv() if heard else None
        except (EOFError, OSError):
            raise Died(self._process.wait()) from None
        if not heard:
            self.stop()
            raise FellSilent(f"no sign of life for {silence:.0f} seconds")
        if isinstance(message, Failed):
            raise message
        return message

    def kill(self) -> None:
        """End it at once; whoever waits for its next message gets Died. May be called from another thread."""
        self._process.kill()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _send(self, message: Any) -> None:
        try:
            self._connection.send(message)
        except OSError:
            raise Died(self._process.wait()) from None


def _be_child() -> None:
    connection, lifeline = Connection(int(sys.argv[1])), int(sys.argv[2])
    threading.Thread(target=_die_with_parent, args=(lifeline,), daemon=True).start()
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, name, arguments, memory = connection.recv()
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        getattr(importlib.import_module(module), name)(connection, *arguments)
    except EOFError:
        return  # the parent has no more to ask
    except Exception as error:
        connection.send(Failed(type(error).__name__, str(error)))


def _die_with_parent(lifeline: int) -> None:
    """The parent holds the other end, and the system closes it however the parent dies."""
    os.read(lifeline, 1)
    os._exit(1)
