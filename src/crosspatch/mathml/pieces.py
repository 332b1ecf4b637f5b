"""Pieces of formulas, and what joins them. In go nodes that say how tightly they hold, out come larger ones."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, auto
from itertools import pairwise
from typing import Any, NamedTuple

Node = list[Any]
APPLIED, TIMES, AND_INDEX = "\u2061", "\u2062", "\u2063"  # signs that are not seen, but read aloud
# A name that is set like a sign stands a thin space off what follows it.
THIN_SPACE = {"lspace": "0", "rspace": "0.167em"}


class Bond(IntEnum):
    """How tightly a piece holds together, loosest first: a looser piece is fenced where a tighter one must stand."""

    OR = auto()
    AND = auto()
    NOT = auto()
    RELATION = auto()
    UNION = auto()
    INTERSECTION = auto()
    ADDITION = auto()
    # What follows a sum's sign reaches as far as a product does, and is over where an addition begins.
    SERIES = auto()
    PRODUCT = auto()
    FRACTION = auto()
    POWER = auto()
    ATOM = auto()


class Piece(NamedTuple):
    """A node, and how tightly it holds together."""

    node: Node
    bond: Bond


def fenced(piece: Piece, least: Bond) -> Node:
    """The piece, in parentheses unless it holds together at least that tightly."""
    if piece.bond >= least:
        return piece.node
    # A condition that is counted with stands in Iverson's brackets: 1 where it holds, else 0.
    left, right = "[]" if piece.bond <= Bond.RELATION < least else "()"
    return between(left, piece.node, right)


def between(left: str, inside: Node, right: str) -> Node:
    """Fences around a node."""
    return ["mrow", ["mo", left], inside, ["mo", right]]


def joined(nodes: Sequence[Node], separator: Node) -> Node:
    """The nodes in a row, with a separator between any two."""
    row = [part for node in nodes for part in (separator, node)][1:]
    return row[0] if len(row) == 1 else ["mrow", *row]


def indexed(base: Node, index: Node) -> Piece:
    """A name with an index."""
    return Piece(["msub", base, index], Bond.ATOM)


def power(base: Node, exponent: Node) -> Piece:
    """A power; where the base has an index, the exponent stands above it."""
    node = ["msubsup", *base[1:], exponent] if base[0] == "msub" else ["msup", base, exponent]
    return Piece(node, Bond.POWER)


def negative(piece: Piece) -> Piece:
    """The piece with a minus before it."""
    return Piece(["mrow", ["mo", "−"], fenced(piece, Bond.SERIES)], Bond.ADDITION)


def series(sign: str, lines: Sequence[Node], body: Piece) -> Piece:
    """An operator such as the sum's, what it runs over in lines beneath, and what it is applied to."""
    operator: Node = ["mo", sign] if len(sign) == 1 else ["mo", THIN_SPACE, sign]
    for line in lines:
        operator = ["munder", operator, line]
    return Piece(["mrow", operator, fenced(body, Bond.SERIES)], Bond.SERIES)


def divided(above: Sequence[Piece], below: Piece) -> list[Piece]:
    """The product of some factors over a denominator, as factors.

    That is one fraction; but a series with a range, over something plain, is one over that, times the series.
    """
    denominator = fenced(below, Bond.ADDITION)
    if len(above) == 1 and above[0].bond is Bond.SERIES and _has_range(above[0].node) and not _has_range(denominator):
        return [Piece(["mfrac", ["mn", "1"], denominator], Bond.FRACTION), *above]
    return [Piece(["mfrac", fenced(times(above), Bond.ADDITION), denominator], Bond.FRACTION)]


def _has_range(node: Node) -> bool:
    return node[0] == "munder" or any(_has_range(child) for child in node[1:] if isinstance(child, list))


def times(factors: Sequence[Piece]) -> Piece:
    """The product of factors. A series reaches over all that follows it: one that is not the last is fenced."""
    if len(factors) == 1:
        return factors[0]
    *before, last = factors
    alone = all(factor.bond is not Bond.SERIES for factor in before)
    nodes = [*(fenced(factor, Bond.PRODUCT) for factor in before), fenced(last, Bond.SERIES if alone else Bond.PRODUCT)]
    product = nodes[:1]
    for left, right in pairwise(nodes):
        product += [_sign_between(left, right), right]
    return Piece(["mrow", *product], Bond.SERIES if alone and last.bond is Bond.SERIES else Bond.PRODUCT)


def _sign_between(left: Node, right: Node) -> Node:
    """What is set between two factors: a dot where they would run into each other, else nothing that is seen."""
    start, end = _first_leaf(right), _base(left)
    is_log = start[-1] == "log"
    if start[0] == "mn" or (not is_log and (_is_long(end) or (_is_long(start) and end[0] != "mn"))):
        return ["mo", "·"]
    return ["mo", THIN_SPACE, TIMES] if _is_long(start) or end[0] == "mfrac" else ["mo", TIMES]


def _base(node: Node) -> Node:
    """What an index or a power is attached to."""
    return _base(node[1]) if node[0] in ("msub", "msup", "msubsup") else node


def _first_leaf(node: Node) -> Node:
    """Where reading begins, but that a fraction and a root have a beginning of their own."""
    if node[0] in ("mrow", "msub", "msup", "msubsup", "munder"):
        return _first_leaf(node[1])
    return node


def _is_long(node: Node) -> bool:
    return node[0] == "mi" and len(node[-1]) > 1
