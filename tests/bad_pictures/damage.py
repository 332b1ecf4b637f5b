"""Good pictures, damaged: cut off at every length, bits turned over, read under another format's signature."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bad_pictures.cases import Case
from bad_pictures.small import SIZE, SMALL

_HEADER_BYTES = 64
_BEYOND = 150
_SIGNATURE_BYTES = 12


def truncated() -> Iterator[Case]:
    """Each small picture at each length less than its own."""
    for name, data in SMALL.items():
        for length in range(len(data)):
            yield Case(f"{name}, {length} bytes of {len(data)}", data[:length])


def flipped() -> Iterator[Case]:
    """Each bit of each header turned over, and some of the rest."""
    for name, data in SMALL.items():
        header = range(8 * min(_HEADER_BYTES, len(data)))
        rest = range(len(header), 8 * len(data))
        for bit in (*header, *random.Random(name).sample(rest, min(_BEYOND, len(rest)))):
            damaged = bytearray(data)
            damaged[bit // 8] ^= 1 << bit % 8
            yield Case(f"{name}, bit {bit}", bytes(damaged))


def scrambled() -> Iterator[Case]:
    """Pieces of small pictures moved, doubled, blanked and replaced by chance."""
    for name, data in SMALL.items():
        chance = random.Random(name)
        for number in range(40):
            first, second = sorted(chance.sample(range(len(data)), 2))
            piece = data[first:second]
            other = chance.choice([b"", 2 * piece, bytes(len(piece)), b"\xff" * len(piece), chance.randbytes(8)])
            yield Case(f"{name}, scrambled {number}", data[:first] + other + data[second:])


def mistaken() -> Iterator[Case]:
    """The signature of one format before the body of another."""
    for name, data in SMALL.items():
        for other, body in SMALL.items():
            yield Case(f"{other} that begins like {name}", data[:_SIGNATURE_BYTES] + body[_SIGNATURE_BYTES:])


def misnamed() -> Iterator[Case]:
    """Good pictures, each of which is sent under the name of another format: the content counts."""
    for name, data in SMALL.items():
        yield Case(f"{name} with a false name", data, SIZE)
