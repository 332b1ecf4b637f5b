"""A shelf that is a Redis database, shared by all replicas. In go bytes, out come bytes."""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from cachelib.redis import RedisCache

from crosspatch.web.setting_words import without_password
from crosspatch.web.shelf import KEY, Entry, RawBytes, StoreUnavailable

if TYPE_CHECKING:
    from redis import Redis

_PREFIX = "crosspatch:"
_PATIENCE_S = 2
_SCAN_KEYS, _SCANS = 1000, 200


class RedisShelf:
    """A Redis database, shared by all replicas. Give it one of its own: what is kept is measured by scanning its keys.

    Use it from the greenlet of the request, never inside Workbench.run: a connection belongs to one thread's hub.
    """

    def __init__(self, address: str) -> None:
        self._address = without_password(address)
        self._redis = connect(address)
        weakref.finalize(self, self._redis.connection_pool.disconnect)
        self._cache = RedisCache(self._redis, key_prefix=_PREFIX)
        self._cache.serializer = cast(Any, RawBytes())

    def get(self, key: str) -> bytes | None:
        """The bytes; None when there are none, or they expired, or what has this name is none of ours."""
        with in_our_words(self._address):
            try:
                return cast(bytes | None, self._cache.get(key))
            except Exception as fault:
                if _is_of_another_kind(fault):
                    return None
                raise

    def set(self, key: str, data: bytes, lifetime_s: int) -> None:
        """Keep the bytes; all or nothing."""
        with in_our_words(self._address):
            self._cache.set(key, data, lifetime_s)

    def delete(self, key: str) -> None:
        """Forget the bytes, if any."""
        with in_our_words(self._address):
            self._cache.delete(key)

    def entries(self) -> list[Entry]:
        """All that is kept. What expired is removed on the way."""
        with in_our_words(self._address):
            return [entry for names in self._scan() for entry in self._measure(names)]

    def _scan(self) -> Iterator[list[bytes | str]]:
        cursor = 0
        for _ in range(_SCANS):
            cursor, names = self._redis.scan(cursor, match=f"{_PREFIX}*", count=_SCAN_KEYS)
            yield names
            if cursor == 0:
                return
        raise StoreUnavailable(
            f"the Redis database at {self._address} holds more than {_SCANS * _SCAN_KEYS:,} keys: "
            "give Crosspatch a database of its own in CROSSPATCH_STORE"
        )

    def _measure(self, names: list[bytes | str]) -> Iterator[Entry]:
        now_s = time.time()
        questions = self._redis.pipeline(transaction=False)
        for name in names:
            questions.strlen(name)
            questions.pttl(name)
        answers = questions.execute(raise_on_error=False)
        for name, length, left_ms in zip(names, answers[::2], answers[1::2], strict=True):
            key = (name if isinstance(name, str) else name.decode(errors="replace")).removeprefix(_PREFIX)
            if isinstance(length, Exception):
                if not _is_of_another_kind(length):
                    raise length
            elif left_ms != -2 and KEY.fullmatch(key):  # -2: expired since the scan
                yield Entry(key, length, now_s + left_ms / 1000)


def _is_of_another_kind(fault: Exception) -> bool:
    """Whether Redis says that what has this name is no string, so none of ours."""
    return str(fault).startswith("WRONGTYPE")


@contextmanager
def in_our_words(address: str) -> Iterator[None]:
    """Raise StoreUnavailable for what Redis and its client say. `address` is shown, without its password."""
    from redis import RedisError

    try:
        yield
    except RedisError as fault:
        raise StoreUnavailable(
            f"the store at {without_password(address)} cannot be reached or written: {fault}; "
            "check that Redis runs there and has memory left"
        ) from fault


def connect(address: str) -> Redis:
    """A client that gives up soon: by itself it would try for half a minute."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis(
        connection_pool=redis.BlockingConnectionPool.from_url(
            address,
            max_connections=16,
            timeout=_PATIENCE_S,
            socket_timeout=_PATIENCE_S,
            socket_connect_timeout=_PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
        )
    )
