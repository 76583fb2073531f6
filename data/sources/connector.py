"""Where the bot may connect to when somebody else chose the address: public addresses on the ports of the web, nothing else.

A name may lead to any address, and to another one a second later, so neither the text of an address nor an earlier answer of the resolver
says anything. What counts is the address that a socket is made for, so that is where it is checked: nothing was sent by then, not even
the first packet of a connection. An own resolver would not do: aiohttp does not ask it for addresses written as numbers.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import TYPE_CHECKING, Final

import aiohttp

if TYPE_CHECKING:
    from aiohappyeyeballs import AddrInfoType

PORTS: Final = (80, 443)
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""All that has ever been given out: neither mapped and compatible addresses of IPv4 nor what is local in one way or another."""
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""How machines without IPv4 see those that have nothing else."""
_LAST_32: Final = 0xFFFF_FFFF


class NotPublic(OSError):
    """The bot may not connect there."""

    def __init__(self) -> None:
        # Always the same words: of several addresses of a host that all are refused aiohttp then keeps this very class.
        super().__init__(errno.EACCES, "not a public address of the web")


def connector(*, private: bool = False) -> aiohttp.TCPConnector:
    """Connections to public addresses only, one for each host; `private` lifts the limits of address and port.

    Requests to anything else end in aiohttp.ClientConnectorError whose `os_error` is NotPublic.
    """
    return aiohttp.TCPConnector(limit_per_host=1, socket_factory=_any_socket if private else _public_socket)


def is_public(host: str) -> bool:
    """Whether a numeric address is one of the Internet, also where it wraps another: False for what is no numeric address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return _is_public_v4(address)
    if address in _NAT64:
        return _is_public_v4(ipaddress.IPv4Address(int(address) & _LAST_32))
    wrapped = [each for each in (address.sixtofour, *(address.teredo or ())) if each is not None]
    return address in _GLOBAL_UNICAST and address.is_global and all(map(_is_public_v4, wrapped))


def _is_public_v4(address: ipaddress.IPv4Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _public_socket(info: AddrInfoType) -> socket.socket:
    host, port = info[4][:2]
    if port not in PORTS or not is_public(str(host)):
        raise NotPublic
    return _any_socket(info)


def _any_socket(info: AddrInfoType) -> socket.socket:
    family, kind, protocol = info[:3]
    return socket.socket(family, kind, protocol)
