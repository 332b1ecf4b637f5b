"""What a person asks for. In go options as text or numbers, out comes a ComparisonRequest, checked field by field.

Every way in (library, command line, HTTP) ends here, so that all of them read a request alike.
"""

from __future__ import annotations

import operator
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, get_args

from crosspatch.errors import Impossible, InvalidRequest
from crosspatch.histogram import LEVELS
from crosspatch.labelling import Rule
from crosspatch.picture import CHANNELS, Channel
from crosspatch.rectangles import default_side_px

MAX_SEED = 2**53 - 1
_CONTROL = re.compile("[\x00-\x1f\x7f]")
IntervalMethod = Literal["none", "analytic", "bootstrap"]
INTERVAL_METHODS: tuple[IntervalMethod, ...] = get_args(IntervalMethod)
Size = tuple[int, int]
Point = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class ComparisonRequest:
    """One comparison, as asked for. None stands for the default, which may depend on the picture.

    Sizes are (width, height) and places (x, y) of a top left corner, in pixels of the resized picture. Raises
    InvalidRequest, naming the field, for a value out of range.
    """

    resize: Size | None = None
    rectangle: Size | None = None
    truth: Point | None = None
    test: Point | None = None
    seed: int | None = None
    channel: Channel = "luminance"
    labels: Rule | None = None
    ignore: tuple[int, ...] = ()
    class_names: tuple[str, ...] | None = None
    intervals: IntervalMethod = "none"
    families: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        _check_at_least(1, self.resize, ("width", "height"))
        _check_at_least(1, self.rectangle, ("rectangle_width", "rectangle_height"))
        _check_at_least(0, self.truth, ("truth_x", "truth_y"))
        _check_at_least(0, self.test, ("test_x", "test_y"))
        if self.seed is not None and not 0 <= self.seed <= MAX_SEED:
            raise InvalidRequest(f"a seed is a whole number from 0 to 2^53 - 1, not {self.seed}", "seed")
        if self.channel not in CHANNELS:
            raise InvalidRequest(f"{self.channel!r} is not a channel: use {', '.join(CHANNELS)}", "channel")
        if self.intervals not in INTERVAL_METHODS:
            known = ", ".join(INTERVAL_METHODS)
            raise InvalidRequest(f"{self.intervals!r} is not a way to make intervals: use {known}", "intervals")
        for level in self.ignore:
            if not 0 <= level < LEVELS:
                raise InvalidRequest(f"a level to ignore is a whole number from 0 to 255, not {level}", "ignore")

    @classmethod
    def of(
        cls,
        *,
        resize: Size | str | None = None,
        rectangle: Size | str | None = None,
        truth: Point | str | None = None,
        test: Point | str | None = None,
        seed: int | None = None,
        channel: Channel = "luminance",
        labels: str | Rule | None = None,
        ignore: int | Iterable[int] = (),
        class_names: str | Iterable[str] | None = None,
        intervals: IntervalMethod = "none",
        families: str | Iterable[str] | None = None,
    ) -> ComparisonRequest:
        """Read options as a person writes them: sizes as "512x384" or (512, 384), places as "120,48" or (120, 48)."""
        return cls(
            resize=_pair(resize, ("width", "height"), parse_size),
            rectangle=_pair(rectangle, ("rectangle_width", "rectangle_height"), parse_size),
            truth=_pair(truth, ("truth_x", "truth_y"), parse_point),
            test=_pair(test, ("test_x", "test_y"), parse_point),
            seed=None if seed is None else whole_number(seed, "seed"),
            channel=channel,
            labels=_rule(labels),
            ignore=tuple(sorted({whole_number(level, "ignore") for level in _several(ignore)})),
            class_names=None if class_names is None else _words(class_names, "class_names"),
            intervals=intervals,
            families=None if families is None else _words(families, "families"),
        )

    def plan(self, sizes: Sequence[Size], labels: Rule, mask: Size | None = None) -> Plan:
        """Fill in the defaults for pictures of these sizes (one, or two), and `labels` unless a labelling is asked for.

        `mask` is the size of an ignore mask. Raises Impossible when sizes differ and no resize is asked for.
        """
        if self.resize is None:
            _check_alike(sizes, mask)
        size = sizes[0] if self.resize is None else self.resize
        rectangle = self.rectangle
        if rectangle is None and len(sizes) == 1:
            rectangle = (default_side_px(*size),) * 2
        seed = secrets.randbelow(MAX_SEED + 1) if self.seed is None else self.seed
        return Plan(self, size, rectangle, seed, labels if self.labels is None else self.labels)


@dataclass(frozen=True)
class Plan:
    """A comparison with every default filled in. `rectangle` is None where two pictures are compared whole."""

    asked: ComparisonRequest
    size: Size
    rectangle: Size | None
    seed: int
    labels: Rule


def _check_alike(sizes: Sequence[Size], mask: Size | None) -> None:
    named = [f"{width}x{height} px" for width, height in sizes]
    if len(set(sizes)) > 1:
        raise Impossible(f"the pictures differ in size, {named[0]} and {named[1]}: ask for a resize", "width")
    if mask is not None and mask != sizes[0]:
        raise Impossible(
            f"the ignore mask is {mask[0]}x{mask[1]} px and the picture {named[0]}: ask for a resize", "ignore_mask"
        )


def _rule(labels: str | Rule | None) -> Rule | None:
    if labels is None or isinstance(labels, Rule):
        return labels
    if isinstance(labels, str):
        return Rule.parse(labels)
    raise InvalidRequest(f"{labels!r} is not a labelling: write it as text, as in 'threshold:128'", "labels")


def _words(given: str | Iterable[str], field: str) -> tuple[str, ...]:
    """Several words; one alone stands for itself."""
    words = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    for word in words:
        if not isinstance(word, str) or not word.strip() or _CONTROL.search(word):
            raise InvalidRequest(f"{word!r} is not a name: each of {field} is text of one line, not empty", field)
    return words


def parse_size(text: str, field: str) -> Size:
    """Read "512x384" as (width, height) in pixels. Raises InvalidRequest."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*[xX×]\s*(\d{1,9})\s*", text, re.ASCII)
    if match is None:
        raise InvalidRequest(f"{text!r} is not a size: write width x height in pixels, as in 512x384", field)
    return int(match[1]), int(match[2])


def parse_point(text: str, field: str) -> Point:
    """Read "120,48" as (x, y) in pixels. Raises InvalidRequest."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*,\s*(\d{1,9})\s*", text, re.ASCII)
    if match is None:
        raise InvalidRequest(f"{text!r} is not a place: write x,y in pixels, as in 120,48", field)
    return int(match[1]), int(match[2])


def _pair(
    value: tuple[int, int] | str | None, fields: tuple[str, str], parse: Callable[[str, str], tuple[int, int]]
) -> tuple[int, int] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return parse(value, fields[0])
    try:
        first, second = value
    except (TypeError, ValueError):
        raise InvalidRequest(f"{fields[0]} and {fields[1]} are two whole numbers, not {value!r}", fields[0]) from None
    return whole_number(first, fields[0]), whole_number(second, fields[1])


def whole_number(value: int, field: str) -> int:
    """A Python int, whatever kind of integer it was: NumPy's cannot be written as JSON. Raises InvalidRequest."""
    if not isinstance(value, bool):
        with suppress(TypeError):
            return operator.index(value)
    raise InvalidRequest(f"{field} is a whole number, not {value!r}", field)


def _several(values: int | Iterable[int]) -> Iterable[int]:
    return values if isinstance(values, Iterable) else (values,)


def _check_at_least(least: int, values: tuple[int, int] | None, fields: tuple[str, str]) -> None:
    for value, field in zip(values or (), fields, strict=False):
        if value < least:
            raise InvalidRequest(f"{field} is a whole number of pixels, at least {least}, not {value}", field)
