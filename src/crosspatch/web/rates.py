"""How often a client may ask. In go addresses of clients, out comes TooOften for one that has asked too often.

Counted by the library `limits`, in windows that begin with a client's first request: one number a client, which goes
when its window ends. In Redis all workers and replicas count together, otherwise each worker counts for itself.
"""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_network
from typing import TYPE_CHECKING

from crosspatch.web.admission import address_of
from crosspatch.web.refusals import TooOften
from crosspatch.web.settings import Settings
from crosspatch.web.shelf_redis import connect, in_our_words

if TYPE_CHECKING:
    from limits.storage import Storage

# Not that of pictures, which are found by theirs.
_PREFIX = "crosspatch-rates"


class Rates:
    """Lets each client ask as often as `rate` says. Use it from the greenlet of the request."""

    def __init__(self, rate: str, settings: Settings) -> None:
        from limits import parse
        from limits.strategies import FixedWindowRateLimiter

        self._rate = rate
        self._item = parse(rate)
        self._store = settings.store
        self._limiter = FixedWindowRateLimiter(_storage(settings))

    def count(self, address: str | None) -> None:
        """Count a request of a client. Raises TooOften, StoreUnavailable when Redis cannot be reached."""
        client = _client(address or "")
        with in_our_words(self._store):
            if self._limiter.hit(self._item, client):
                return
            left_s = self._left_s(client)
            if left_s > self._item.get_expiry() + 1:  # the clock was put back: begin anew
                self._limiter.clear(self._item, client)
                self._limiter.hit(self._item, client)
                return
        raise TooOften(self._rate, int(left_s) + 1)

    def _left_s(self, client: str) -> float:
        """Until the window of a client ends, in seconds."""
        return max(0, self._limiter.get_window_stats(self._item, client).reset_time - time.time())


def _client(address: str) -> str:
    """Whose requests are counted together: of IPv6 a whole network, for one client has as many as it likes."""
    found = address_of(address)
    return str(ip_network((found, 64), strict=False) if isinstance(found, IPv6Address) else found)


def _storage(settings: Settings) -> Storage:
    from limits.storage import MemoryStorage, RedisStorage

    if not settings.redis:
        return MemoryStorage()
    pool = connect(settings.store).connection_pool
    return RedisStorage(settings.store, connection_pool=pool, key_prefix=_PREFIX)
