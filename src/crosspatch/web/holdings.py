"""What a shelf holds of each picture. In go its entries, out come holdings by id.

A key is the id and a word: the description, the uploaded bytes, the note that it was here, and what is derived from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from crosspatch.web.shelf import Entry

ABOUT, IMAGE, SEEN, DERIVED = "about", "image", "seen", "from"


@dataclass
class Holding:
    """All that is kept for one picture, but for the note that it was here."""

    keys: list[str] = field(default_factory=list)
    bytes: int = 0
    expires_s: float = math.inf
    described: bool = False


def holdings_of(entries: Iterable[Entry]) -> dict[str, Holding]:
    """By id."""
    holdings: dict[str, Holding] = {}
    for entry in entries:
        if word_of(entry) != SEEN:
            holding = holdings.setdefault(entry.key.partition(".")[0], Holding())
            holding.keys.append(entry.key)
            holding.bytes += entry.bytes
            holding.described |= word_of(entry) == ABOUT
            holding.expires_s = min(holding.expires_s, entry.expires_s)
    return holdings


def word_of(entry: Entry) -> str:
    """What an entry is of its picture."""
    return entry.key.partition(".")[2]
