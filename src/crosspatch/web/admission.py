"""What the settings of who may ask mean. In go their texts, out come lists, networks and a rate, or ValueError.

They are lists in one variable each, separated by spaces or commas, as shells and container files like it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from pydantic import SecretStr

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?"
_NAME = rf"{_LABEL}(\.{_LABEL})*"
_SIX = r"\[[0-9a-f:.]+\]"
_HOST = re.compile(rf"\.?{_NAME}|{_SIX}")
_ORIGIN = re.compile(rf"https?://({_NAME}|{_SIX})(:[0-9]{{1,5}})?")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{16,256}")
_RATE = re.compile(r"([1-9][0-9]{0,6})/(second|minute|hour|day)")


def hosts_of(text: str) -> tuple[str, ...]:
    """Host names; one with a dot in front stands for all below it too."""
    return _each(text.lower(), _HOST)


def origins_of(text: str) -> frozenset[str]:
    """Origins as browsers write them: small, and without the port that goes without saying."""
    return frozenset(re.sub(r"^(http:.*):80$|^(https:.*):443$", r"\1\2", each) for each in _each(text.lower(), _ORIGIN))


def networks_of(text: str) -> tuple[Network, ...]:
    """Networks; an address is one of its own."""
    return tuple(ip_network(each, strict=False) for each in _items(text))


def address_of(text: str) -> Address | None:
    """An address, None for what is none. One of IPv4 that is dressed up as IPv6 is one of IPv4."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def rate_of(text: str) -> str | None:
    """A rate, as the library of rates reads it; None for none."""
    if text and not _RATE.fullmatch(text):
        raise ValueError("no rate")
    return text or None


def _token(token: SecretStr | None) -> None:
    # An empty one is a mistake too, not a door that stands open.
    if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("no token")


def _items(text: str) -> list[str]:
    return [each for each in re.split(r"[\s,]+", text) if each]


def _each(text: str, form: re.Pattern[str]) -> tuple[str, ...]:
    items = _items(text)
    if not all(form.fullmatch(each) for each in items):
        raise ValueError("not what is allowed")
    return tuple(items)


CHECKS: Mapping[str, Callable[[Any], object]] = {
    "allowed_hosts": hosts_of,
    "allowed_origins": origins_of,
    "api_token": _token,
    "rate_limit": rate_of,
    "trusted_proxies": networks_of,
}
