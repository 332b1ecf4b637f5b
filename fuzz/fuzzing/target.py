"""One thing that reads what others wrote, and what must be true of it. In go bytes; out comes nothing, or the fault.

A target lets through what its parser raises on purpose. All else that is raised in it is a fault, a law that does not
hold (`hold`) among it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# What one input may take at most.
MOST_MB, MOST_S = 1024, 20


@dataclass(frozen=True)
class Target:
    """`check` is fed with bytes, at most `most_bytes` of them, for `share` parts of the time of all targets.

    `seeds` are inputs to begin with, and `words` are pieces that inputs are made of.
    """

    name: str
    what: str
    check: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]
    most_bytes: int
    share: int


def target(
    *,
    seeds: Iterable[str | bytes],
    words: Iterable[str | bytes] = (),
    most_bytes: int = 200,
    share: int = 1,
) -> Callable[[Callable[[bytes], None]], Target]:
    """Declare a target: its name is the function's, and what it does is the function's docstring."""

    def declare(check: Callable[[bytes], None]) -> Target:
        name = check.__name__.strip("_").replace("_", "-")
        return Target(name, str(check.__doc__), check, _all_bytes(seeds), _all_bytes(words), most_bytes, share)

    return declare


class BrokenLaw(Exception):
    """What must be true is not."""


def hold(law: bool, *what: object) -> None:
    """Raise BrokenLaw unless `law` is true; `what` is shown then."""
    if not law:
        raise BrokenLaw(*what)


def text_of(data: bytes) -> str:
    """Any text, as it comes from a terminal: bytes that are not UTF-8 stand in it as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def lines_of(data: bytes, least: int) -> list[str]:
    """Several texts, one a line; empty ones where there are fewer than `least`."""
    lines = text_of(data).split("\n")
    return lines + [""] * (least - len(lines))


def _all_bytes(texts: Iterable[str | bytes]) -> tuple[bytes, ...]:
    return tuple(text if isinstance(text, bytes) else text.encode() for text in texts)
