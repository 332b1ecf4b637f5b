"""The worker's ways with gunicorn, which are set from outside: each still takes effect."""

from __future__ import annotations

import io

from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

import crosspatch.web.worker  # noqa: F401  what is tested here

PIECE_BYTES = 2**16


class Recording:
    """A socket with a body in it, that notes how much is asked for at once."""

    def __init__(self, data: bytes) -> None:
        self.asked: list[int] = []
        self._data = io.BytesIO(data)

    def recv(self, size: int) -> bytes:
        self.asked.append(size)
        return self._data.read(size)


def test_of_a_body_no_more_is_taken_at_once_than_is_read_for_the_rest_would_be_copied_each_time() -> None:
    client = Recording(bytes(10 * PIECE_BYTES))
    body = Body(LengthReader(SocketUnreader(client), 10 * PIECE_BYTES))
    while body.read(PIECE_BYTES):
        pass
    assert client.asked == 10 * [PIECE_BYTES]
