"""Connections to public addresses only, within a time. What a name resolves to is checked, and that very address is
connected to, so that a name cannot answer twice."""

import ipaddress
import socket
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from ingest.errors import UnreadableDocument

_PATIENCE = 10.0
_EMBEDDED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""IPv6 networks whose last four bytes are an IPv4 address."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PublicOnly(httpcore.NetworkBackend):
    """allowed: hosts that may be private, by name or address; deadline: of time.monotonic, for all that is read."""

    def __init__(self, allowed: frozenset[str], deadline: float) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    @property
    def patience(self) -> float:
        """Seconds that one step may take now."""
        return max(0.001, min(_PATIENCE, self._deadline - time.monotonic()))

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises UnreadableDocument if any of the host's addresses is not public."""
        address = self._address(host, port)
        stream = self._plain.connect_tcp(address, port, self.patience, local_address, socket_options)
        return _Hurried(stream, self)

    def sleep(self, seconds: float) -> None:
        self._plain.sleep(min(seconds, self.patience))

    def _address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"no such host: {host}") from error
        addresses = [str(place[0]) for *_, place in found]
        if host.lower() not in self._allowed and not all(map(is_public, addresses)):
            raise UnreadableDocument(
                "address_refused",
                f"{host} is not fetched from: it is on this machine or in a private network. If it may be, add it to"
                " ENGAGE_FETCH_PRIVATE_HOSTS.",
            )
        return addresses[0]


class _Hurried(httpcore.NetworkStream):
    """A stream that knows the deadline: a trickle of bytes would outwait each single timeout."""

    def __init__(self, stream: httpcore.NetworkStream, backend: PublicOnly) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.patience)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.patience)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Hurried":
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, self._backend.patience), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def is_public(address: str) -> bool:
    """Whether anybody on the internet could reach it: no loopback, private, link-local, shared or multicast address,
    and no IPv6 form of one."""
    try:
        ip: _Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(candidate.is_global and not candidate.is_multicast for candidate in (ip, *_inside(ip)))


def _inside(ip: _Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return []
    teredo = ip.teredo or ()
    last = [ipaddress.IPv4Address(ip.packed[-4:])] if any(ip in network for network in _EMBEDDED) else []
    return [four for four in (ip.ipv4_mapped, ip.sixtofour, *teredo, *last) if four]
