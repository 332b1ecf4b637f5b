"""What a store hands back, told from what it was given. In go bytes, out come bytes with their digest before them, and
the other way round.
"""

from __future__ import annotations

import hashlib

_SEAL_BYTES = hashlib.sha256().digest_size


def seal(data: bytes) -> bytes:
    """The bytes behind their SHA-256."""
    return hashlib.sha256(data).digest() + data


def unseal(sealed: bytes) -> bytes:
    """The bytes that were sealed. Raises ValueError when a bit of them is another."""
    data = sealed[_SEAL_BYTES:]
    if seal(data) != sealed:
        raise ValueError("the seal is broken")
    return data
