"""Bodies are limited before they are read: by the length they announce, and by counting what arrives."""

import asyncio
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import problems
from service.errors import BodyTooLarge

MAX_QUESTION_BYTES = 2_000_000
"""Twenty turns of 20,000 characters fit, in UTF-8."""
FORM_OVERHEAD_BYTES = 1_000_000
"""Of an uploaded document: its card, its name and the form around them."""
_DRAIN_SECONDS = 2.0


class LimitBodies:
    """ASGI middleware: answers a body over its limit with a problem, having kept none of it.

    limit: bytes that a request of this method and path may bring.
    """

    def __init__(self, app: ASGIApp, limit: Callable[[str, str], int]) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._limit(scope["method"], scope["path"]))
        try:
            if not exchange.exceeded:
                await self._app(scope, exchange.receive, exchange.send)
        except BodyTooLarge:
            pass
        if exchange.exceeded:
            await exchange.refuse()


class _Exchange:
    """One request with its response, and how much of the body has come."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        announced = Headers(scope=scope).get("content-length", "0")
        self._receive, self._send, self._limit = receive, send, limit
        self._arrived = 0
        self._complete = announced == "0" and "transfer-encoding" not in Headers(scope=scope)
        self._started = False
        self.exceeded = not announced.isdecimal() or len(announced) > 15 or int(announced) > limit

    async def receive(self) -> Message:
        message = await self._receive()
        self._arrived += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        self.exceeded = self._arrived > self._limit
        if self.exceeded:
            raise BodyTooLarge("Send less.")
        return message

    async def send(self, message: Message) -> None:
        """What the application makes of a body that broke off is not the answer."""
        if not self.exceeded:
            self._started = True
            await self._deliver(message)

    async def refuse(self) -> None:
        if self._started:
            return
        problem = problems.of(BodyTooLarge(f"At most {self._limit:,} bytes are taken here; send less."))
        body = problem.model_dump_json(exclude_defaults=True).encode()
        headers = [(b"content-type", problems.MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
        await self._deliver({"type": "http.response.start", "status": problem.status, "headers": headers})
        await self._deliver({"type": "http.response.body", "body": body})

    async def _deliver(self, message: Message) -> None:
        last = message["type"] == "http.response.body" and not message.get("more_body", False)
        if not last or self._complete:
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        await self._drain()
        await self._send({"type": "http.response.body", "body": b""})

    async def _drain(self) -> None:
        """Throw away what is still on its way: closing at once would reset the connection and lose the answer."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while (await self._receive()).get("more_body", False):
                    pass
        except TimeoutError:
            pass
