"""Which network addresses are of the open internet, and looking a name up once.

Owns: what counts as public, also where one address is written in another, and a look-up whose answer is what is then
connected to. Knows nothing about HTTP, models or pages.

An address that a program is told to call is a way into its network: a name can lead to the machine itself, to its
neighbours, or to the service that hands out a cloud's keys, and to another place at each look-up.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = Callable[[IpAddress, int], bool]
"""Whether an address may be connected to at a port."""

# What IPv4 addresses are written in behind a gateway that translates them (RFC 6052).
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
# Ranges that count as public, to some versions of Python or to all, and are not: the relays of 6to4 (RFC 7526), the
# address at which Azure's machines reach their host, what is kept for protocols (RFC 6890), in which Oracle's machines
# ask for their keys, and addresses for documentation (RFC 9637).
_INSIDE = tuple(map(ipaddress.ip_network, ("192.88.99.0/24", "168.63.129.16/32", "192.0.0.0/24", "3fff::/20")))


class NameUnknown(Exception):
    """A name stands for no address."""


class PrivateAddress(Exception):
    """One of the addresses that a name stands for may not be connected to."""


def is_public(address: IpAddress) -> bool:
    """Tell whether an address is one of the open internet, also where another address is written in it."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    if any(address in network for network in _INSIDE):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_public_at_any_port(address: IpAddress, port: int) -> bool:  # noqa: ARG001 – the form of ``Allowed``
    """Tell whether an address is one of the open internet, whatever the port.

    Args:
        address: The address.
        port: Is not looked at.

    Returns:
        As ``is_public``.
    """
    return is_public(address)


def look_up_all(host: str, port: int, allowed: Allowed = is_public_at_any_port) -> list[str]:
    """Return the network addresses that a host stands for; they are what is to be connected to.

    Args:
        host: Its name, or an address.
        port: The port that is wanted.
        allowed: Whether an address may be connected to. One that may not refuses all of them: which of several
            addresses is taken is no choice of the one who made the name.

    Returns:
        The addresses in the order of the resolver, each once; there is at least one.

    Raises:
        NameUnknown: The name stands for nothing.
        PrivateAddress: One of its addresses may not be connected to.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnknown(host) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise NameUnknown(host)
    if not all(allowed(ipaddress.ip_address(one.partition("%")[0]), port) for one in addresses):
        raise PrivateAddress(host)
    return addresses
