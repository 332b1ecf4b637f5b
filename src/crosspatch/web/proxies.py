"""Whose request it is. In goes a WSGI application, out comes one that sees the client behind proxies that are trusted.

Each proxy adds the address it was asked from to the end of X-Forwarded-For, and all before that may be made up. So it
is read from the end, for as long as an address is that of a trusted proxy; the first that is not is the client.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crosspatch.web.admission import Address, Network, address_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Proxies:
    """Sets REMOTE_ADDR to the address of the client; `trusted` are the networks of the proxies."""

    def __init__(self, app: WSGIApplication, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        peer = address_of(str(environ.get("REMOTE_ADDR", "")))
        if peer is not None:
            forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", ""))
            environ["REMOTE_ADDR"] = str(self._client(peer, forwarded.split(",")))
        return self._app(environ, start_response)

    def _client(self, peer: Address, forwarded: list[str]) -> Address:
        client = peer
        while forwarded and any(client in network for network in self._trusted):
            named = address_of(forwarded.pop())
            if named is None:  # none, or no address: the proxy answers for it
                break
            client = named
        return client
