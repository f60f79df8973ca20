"""List the networks over which a phone can reach this laptop, in words a producer knows.

In the field there is often no Wi-Fi, but there is always the phone's own hotspot or its cable.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: A key below ``phone.network``.
Kind = Literal["hotspot_laptop", "hotspot_phone", "usb", "wifi", "cable", "other"]
_BEST_FIRST: tuple[Kind, ...] = ("usb", "hotspot_laptop", "hotspot_phone", "wifi", "cable", "other")
_SYSFS = Path("/sys/class/net")
_SIOCGIFADDR = 0x8915
_PHONE_DRIVERS = frozenset({"rndis_host", "ipheth", "cdc_ncm", "cdc_ether"})
#: What the systems give to the machine that shares its connection.
_LAPTOP_SHARES = ("10.42.0.0/16", "192.168.137.0/24", "192.168.2.0/24")
#: What phones give to those they share with: iPhone, Android by Wi-Fi (before 11), Android by USB.
_IPHONE = ipaddress.ip_network("172.20.10.0/28")
_ANDROID_WIFI = ipaddress.ip_network("192.168.43.0/24")
_ANDROID_USB = ipaddress.ip_network("192.168.42.0/24")
_NOT_FOR_PHONES = ("docker", "br-", "veth", "virbr", "tun", "tap", "wg", "lo")


@dataclass(frozen=True, slots=True)
class Network:
    """An address of this laptop. ``kind`` is a key below ``phone.network`` that explains it."""

    name: str
    address: str
    kind: Kind


def networks() -> tuple[Network, ...]:
    """Return every network that a phone may share with this laptop, the most dependable first."""
    found = _linux_addresses() if sys.platform == "linux" else _other_addresses()
    listed = {
        address: Network(name, address, kind_of(name, address, wireless=wireless, driver=driver))
        for name, address, wireless, driver in found
        if not name.startswith(_NOT_FOR_PHONES) and not ipaddress.ip_address(address).is_loopback
    }
    return tuple(sorted(listed.values(), key=lambda each: (_BEST_FIRST.index(each.kind), each.name)))


def kind_of(name: str, address: str, *, wireless: bool = False, driver: str = "") -> Kind:
    """Say what a network is, from what the system tells of it.

    Args:
        name: As the system calls it.
        address: This laptop's IPv4 address there.
        wireless: Whether the system says that it is.
        driver: Kernel driver of the adapter, where known.
    """
    place = ipaddress.ip_address(address)
    if driver in _PHONE_DRIVERS or place in _ANDROID_USB or name.startswith("usb"):
        return "usb"
    if place in _IPHONE or place in _ANDROID_WIFI:
        return "hotspot_phone"
    first = str(place).endswith(".1")  # who shares is the first in the network
    if first and any(place in ipaddress.ip_network(each) for each in _LAPTOP_SHARES):
        return "hotspot_laptop"
    if wireless or name.startswith("wl"):
        return "wifi"
    return "cable" if name.startswith(("en", "eth")) else "other"


def _linux_addresses() -> Iterator[tuple[str, str, bool, str]]:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            with contextlib.suppress(OSError):  # it has no IPv4 address
                answer = fcntl.ioctl(asked.fileno(), _SIOCGIFADDR, request)
                driver = _SYSFS / name / "device" / "driver"
                yield (
                    name,
                    socket.inet_ntoa(answer[20:24]),
                    (_SYSFS / name / "wireless").exists(),
                    driver.resolve().name if driver.exists() else "",
                )


def _other_addresses() -> Iterator[tuple[str, str, bool, str]]:
    """Yield what the system resolves its own name to: Windows and macOS name no adapters that way."""
    with contextlib.suppress(OSError):
        for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            yield "", str(each[4][0]), False, ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked, contextlib.suppress(OSError):
        asked.connect(("192.0.2.1", 9))  # sends nothing; says which address the way out has
        yield "", str(asked.getsockname()[0]), False, ""
