"""Which addresses Belfry may be sent to by a stranger's URL: no loopback, private or metadata address. Pure.

A subscription's webhook is an address that somebody else wrote. Without a guard it would let them reach what only this
machine can reach. The address that is judged is the one that is connected to, after every name was resolved, at the
moment of connecting (`GuardedSockets`): what a name said before, what a redirect says and how a number is written
(decimal, octal, hexadecimal) makes no difference.

Refused, unless BELFRY_ALLOW_ADDRESSES names its network: whatever the registries don't count as globally reachable
(loopback, private, link-local, shared, documentation, reserved), multicast, metadata services within public ranges, and
IPv6 addresses that carry such an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo, ISATAP).
"""

import ipaddress
import re
import socket
from collections.abc import Iterator, Sequence
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_METADATA = {
    ipaddress.ip_address("168.63.129.16"),  # Azure's, within a public range
    ipaddress.ip_address("169.254.169.254"),
    ipaddress.ip_address("100.100.100.200"),  # Alibaba's
    ipaddress.ip_address("192.0.0.192"),  # Oracle's
    ipaddress.ip_address("fd00:ec2::254"),
}
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.|$))+(?<!\.)")
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")
_ISATAP = (0x00005EFE, 0x02005EFE)
_ALSO_REFUSED = (
    ipaddress.ip_network("192.88.99.0/24"),  # relays of 6to4, given up
    ipaddress.ip_network("fec0::/10"),  # site-local, given up, still routed in places
    ipaddress.ip_network("64:ff9b:1::/48"),  # NAT64 within a network of one's own
    ipaddress.ip_network("2001::/32"),  # Teredo, given up
    ipaddress.ip_network("5f00::/16"),  # segment routing
)


class AddressRefusedError(OSError):
    """A connection that the guard doesn't let go out. An OSError, as drivers expect of a connection that fails."""


def networks(text: str) -> tuple[Network, ...]:
    """The networks in a list such as `10.0.0.0/8, ::1`. Raises ValueError that names the one that is none."""
    found: list[Network] = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(part, strict=False))
        except ValueError as error:
            raise ValueError(f"{part!r} is no network: write it as 10.0.0.0/8, 127.0.0.1 or fd00::/8") from error
    return tuple(found)


def refused(address: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why nothing may be sent to this address (a number, as a resolver gives it); None where it may."""
    try:
        given = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return f"{address!r} is no address"
    if _within(given, allowed):
        return None
    for one in _meanings(given):
        kind = _kind(one)
        if kind is not None and not _within(one, allowed):
            carried = "" if one == given else f", which stands for {one}"
            return f"{given}{carried}, is {kind}"
    return None


def refused_host(host: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why a host as it stands in a URL is refused for what can be seen without asking DNS; None where nothing is."""
    name = host_name(host.strip("[]")) or ""
    if (
        name == "localhost"
        or name.endswith((".localhost", ".localdomain"))
        or name in {"ip6-localhost", "ip6-loopback"}
    ):
        own = ("127.0.0.1", "::1")
        return None if any(refused(one, allowed) is None for one in own) else f"{host} is this machine itself"
    address = literal(name)
    return None if address is None else refused(address, allowed)


def host_name(host: str) -> str | None:
    """A host as DNS is asked for it, in ASCII, or an IPv6 address; None where it can be neither."""
    if ":" in host:
        return host.lower()
    try:
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    if _NAME.fullmatch(name) is None:
        return None
    # What ends in a number is an address or nothing: resolvers differ about the rest.
    return None if _is_number(name.rpartition(".")[2]) and literal(name) is None else name


def literal(host: str) -> str | None:
    """The address that a host means without DNS, also as 2130706433, 0x7f.1 or 0177.0.0.1; None where it is a name."""
    try:
        return str(ipaddress.ip_address(host.split("%", 1)[0]))
    except ValueError:
        pass
    if not host or not all(_is_number(part) for part in host.split(".")):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


class GuardedSockets:
    """Makes the sockets of one delivery by an HTTP client, for addresses that aren't refused.

    It gets the very address that is connected to next, so nothing can change between the look and the leap.
    `refusal` says why the delivery can't be made: every address that the host has was refused.
    """

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        self._refusal: str | None = None
        self.made = 0
        """So many sockets were made."""

    @property
    def refusal(self) -> str | None:
        """Why nothing was connected to; None where something was, or nothing was tried."""
        return None if self.made else self._refusal

    def __call__(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for this entry of getaddrinfo. Raises AddressRefusedError."""
        family, kind, protocol, _, address = info
        reason = refused(str(address[0]), self._allowed)
        if reason is not None:
            self._refusal = reason
            raise AddressRefusedError(reason)
        made = socket.socket(family, kind, protocol)
        self.made += 1
        return made


def _is_number(part: str) -> bool:
    try:
        int(part, 16 if part.lower().startswith("0x") else 10)
    except ValueError:
        return False
    return part.isascii()


def _within(address: Address, allowed: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in allowed)


def _kind(address: Address) -> str | None:
    """What makes this address one that is refused."""
    if address in _METADATA:
        return "a metadata service"
    for found, kind in (
        (address.is_loopback, "this machine itself"),
        (address.is_unspecified, "no address of anybody"),
        (address.is_multicast, "multicast"),
        (address.is_link_local, "link-local"),
    ):
        if found:
            return kind
    if address.is_private:
        return "in a private network"
    if not address.is_global or _within(address, _ALSO_REFUSED):
        return "not in the public internet"
    return None


def _meanings(address: Address) -> Iterator[Address]:
    """What is judged of an address: itself, or the IPv4 address that it is only another way to write, or both."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    number = int(address)
    last = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _COMPATIBLE and number <= 1:
        yield address
    elif any(address in network for network in (_MAPPED, _COMPATIBLE, _NAT64, _TRANSLATED)):
        yield last
    elif address.sixtofour is not None:
        yield address.sixtofour
    else:
        yield address
        if (number >> 32) & 0xFFFFFFFF in _ISATAP:
            yield last
