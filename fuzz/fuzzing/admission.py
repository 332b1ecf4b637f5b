"""What operators write in settings, and what clients and proxies say of themselves."""

from __future__ import annotations

import contextlib
import ipaddress
import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from limits import parse as parse_rate

from crosspatch.web.admission import address_of, hosts_of, networks_of, origins_of, rate_of
from crosspatch.web.proxies import Proxies
from crosspatch.web.rates import _client
from crosspatch.web.setting_words import PREFIX, without_password
from crosspatch.web.settings import Settings, SettingsError, load_settings
from fuzzing.target import hold, lines_of, target, text_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_LISTS: tuple[Callable[[str], Iterable[object]], ...] = (hosts_of, origins_of, networks_of)
_PIECES = (
    "http://",
    "https://",
    ":80",
    ":443",
    "::1",
    "::ffff:",
    "/8",
    "/128",
    "%1",
    "[",
    "]",
    ".",
    ",",
    " ",
    "-",
    "_",
)


@target(
    seeds=[
        "example.org .example.org,[::1]",
        "http://a.b:80 https://[::1]:443",
        "10.0.0.0/8, ::1/64 192.168.1.7",
        "ſ.K",
    ],
    words=_PIECES,
)
def lists_of_hosts(data: bytes) -> None:
    """hosts, origins and networks in a list: written and read again alike"""
    text = text_of(data)
    for read in _LISTS:
        with contextlib.suppress(ValueError):
            found = read(text)
            hold(read(" ".join(map(str, found))) == found, read, text)


@target(seeds=["60/minute", "1/day", "0/hour", "9999999/second"], words=["/", "second", "minute", "hour", "day", "٣"])
def rates(data: bytes) -> None:
    """rates `60/minute`: one that is taken is one that the library of rates reads alike"""
    with contextlib.suppress(ValueError):
        rate = rate_of(text_of(data))
        if rate is not None:
            read = parse_rate(rate)
            hold(rate.partition("/")[0] == str(read.amount) and read.multiples == 1, rate)


@target(
    seeds=[
        "127.0.0.1\n203.0.113.7, 10.1.1.1",
        "::ffff:10.0.0.1\n::1",
        "fe80::1%eth0\n",
        "10.0.0.1\n10.0.0.2,,10.0.0.3",
    ],
    words=_PIECES,
)
def clients(data: bytes) -> None:
    """addresses of `X-Forwarded-For`: the client is an address, and one network of those counted"""
    peer, forwarded = lines_of(data, 2)[:2]
    environ: WSGIEnvironment = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    Proxies(_answer, networks_of("10.0.0.0/8 ::1"))(environ, _start)
    if address_of(peer) is None:
        hold(environ["REMOTE_ADDR"] == peer, peer)
        return
    client = address_of(environ["REMOTE_ADDR"])
    hold(client is not None and str(client) == environ["REMOTE_ADDR"], environ)
    ipaddress.ip_network(_client(environ["REMOTE_ADDR"]))


def _answer(_: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
    return []


def _start(*_: object) -> Callable[[bytes], object]:
    return lambda _: None


@target(
    seeds=[
        "PORT=8080\nHOST=::1\nWORKERS=2\nCOMPUTATIONS=1",
        "STORE=redis://user:secret@host:6379/0\nRATE_LIMIT=60/minute\nAPI_TOKEN=0123456789abcdef",
        "DECODE_TIMEOUT_S=1e3\nDECODE_TIMEOUT_S=nan\nLOG_LEVEL=debug",
        "METRICS_PORT=9090\nMETRICS_HOST=localhost\nFILES_BYTES=99999999\nMAX_UPLOAD_BYTES=2048",
        "PROT=1",
    ],
    words=["=", "\n", "inf", "nan", "1_0", "0x10", "//", "@", *(name.upper() for name in Settings.model_fields)],
    share=2,
)
def settings(data: bytes) -> None:
    """variables of the environment: settings that are read again alike, or one line that names what to mend"""
    pairs = (line.partition("=") for line in text_of(data).split("\n") if "\0" not in line)
    with _environment({PREFIX + name: value for name, _, value in pairs if name}):
        try:
            found = load_settings()
        except SettingsError as fault:
            hold("\n" not in str(fault) and len(str(fault)) > len(PREFIX), fault)
            return
    hold(load_settings(**found.model_dump()) == found, found)
    hold(without_password(without_password(found.store)) == without_password(found.store), found.store)


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]
