"""Who may be talking to the service: its own pages and programs on this machine, not another site through a browser."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import problems
from service.errors import CrossSite, WrongHost
from service.settings import Settings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Of whatever says nothing itself; the pages, which load their own style and script, do."""
_PRIVATE = ("/api/",)
"""Answers, and what is asked of them, stay out of caches."""


def is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def may_change_library(headers: Headers, settings: Settings) -> bool:
    """Whether the pages that change the library are for whoever sent this."""
    if settings.owner_header:
        return bool(headers.get(settings.owner_header, "").strip())
    return is_loopback(settings.host) and not settings.public_url


def web_address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def known_hosts(settings: Settings) -> frozenset[str]:
    """The names that the service answers to."""
    public = urlsplit(settings.public_url or "").hostname
    return _LOOPBACK | {settings.host.lower()} | ({public.lower()} if public else frozenset())


class GuardDoor:
    """ASGI middleware: refuses other names (DNS rebinding) and other sites (CSRF), and sets the security headers.

    any_address: whether a bare IP address is as good as a name, as it is where the service listens beyond loopback;
    no other site can make a browser take an IP address for its own.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], *, any_address: bool) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check(scope["method"], Headers(scope=scope))
        except (WrongHost, CrossSite) as refusal:
            await problems.response(problems.of(refusal))(scope, receive, _with_headers(scope, send))
            return
        await self._app(scope, receive, _with_headers(scope, send))

    def _check(self, method: str, headers: Headers) -> None:
        if not self._answers_to(headers.get("host", "")):
            raise WrongHost(
                "The service does not go by that name; open it at the address that 'engage serve' printed, "
                "or set ENGAGE_PUBLIC_URL to the name that readers use."
            )
        if method not in _SAFE_METHODS and not self._from_here(headers):
            raise CrossSite("A browser sent this for another site; open the service's own page and send it from there.")

    def _answers_to(self, netloc: str) -> bool:
        try:
            host = (urlsplit(f"//{netloc}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return host in self._hosts or (self._any_address and _address(host) is not None)

    def _from_here(self, headers: Headers) -> bool:
        """A browser says where it comes from; other programs say nothing.

        A form of our own pages comes with "Origin: null", because they send no referrer.
        """
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        origin = headers.get("origin")
        return origin in {None, "null"} or self._answers_to(str(origin).partition("://")[2])


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if scope["path"].startswith(_PRIVATE):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
