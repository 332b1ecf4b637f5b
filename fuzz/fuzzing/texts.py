"""What people write in options: sizes, places, labellings, names, whole command lines."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path
from typing import Any

import click
import numpy as np

from crosspatch.command import of_a_comparison
from crosspatch.errors import CrosspatchError
from crosspatch.histogram import LEVELS
from crosspatch.labelling import Labelling, Rule
from crosspatch.places import disjoint_places, random_places
from crosspatch.rectangles import Rectangle, overlap, random_rectangle
from crosspatch.request import ComparisonRequest, Plan, parse_point, parse_size
from fuzzing.target import hold, lines_of, target, text_of

_DIGITS = ("0", "1", "255", "999999999", "1000000000", "٣", "²")
_SPACES = (" ", "\t", "\u00a0", "\u2003", "\x1c", "\x85")


@target(
    seeds=["512x384", " 1 × 1 ", "64X64", "120,48", " 0 , 0 ", "-1,2", "512x", "1e3x1", "999999999x999999999"],
    words=["x", "X", "×", ",", "-", "+", *_DIGITS, *_SPACES],
    most_bytes=64,
)
def sizes_and_places(data: bytes) -> None:
    """sizes `512x384` and places `120,48`: what is read is written and read again alike"""
    text = text_of(data)
    with contextlib.suppress(CrosspatchError):
        width, height = parse_size(text, "width")
        hold(min(width, height) >= 0 and parse_size(f"{width}x{height}", "width") == (width, height), text)
    with contextlib.suppress(CrosspatchError):
        x, y = parse_point(text, "truth_x")
        hold(min(x, y) >= 0 and parse_point(f"{x},{y}", "truth_x") == (x, y), text)


@target(
    seeds=["512x384\n64x48\n10,20\n300,200\n7", "9x9\n9x9\n0,0\n0,0\n0", "20x10\n5x5\n\n\n1", "8x8\n4x8\n\n4,0\n3"],
    words=["x", ",", "\n", "-", *_DIGITS],
    most_bytes=100,
)
def rectangles(data: bytes) -> None:
    """a request for rectangles: those that are placed lie in the picture, overlap each other alike, or not at all"""
    size, rectangle, truth, test, seed = lines_of(data, 5)[:5]
    with contextlib.suppress(CrosspatchError):
        asked = ComparisonRequest.of(
            resize=size or None,
            rectangle=rectangle or None,
            truth=truth or None,
            test=test or None,
            seed=int(seed) if seed.isdecimal() and len(seed) < 20 else None,
        )
        plan = asked.plan([(40, 30)], Rule("otsu"))
        if max(plan.size) <= 1 << 14:
            _check_places(plan)


def _check_places(plan: Plan) -> None:
    wanted = plan.rectangle or plan.size
    rng = np.random.default_rng(plan.seed)
    one, other = (_placed(rng, plan, each) for each in (plan.asked.truth, plan.asked.test))
    hold(one.cut(np.empty(plan.size[::-1], np.uint8)).shape == (one.height, one.width), one)
    found = overlap(one, other)
    hold(found == overlap(other, one) and 0 <= found.percent <= 100 and 0 <= found.iou <= 1, one, other)
    hold((found.percent == 100) == (one == other), one, other)
    for draw, most_px in ((random_places, wanted[0] * wanted[1]), (disjoint_places, 0)):
        places = draw(rng, plan.size, wanted, 3)
        hold(int(places.overlap_px(*wanted).max()) <= most_px, plan)
        for x, y in ((places.truth_x, places.truth_y), (places.test_x, places.test_y)):
            hold(min(x.min(), y.min()) >= 0, plan)
            hold(x.max() + wanted[0] <= plan.size[0] and y.max() + wanted[1] <= plan.size[1], plan)


def _placed(rng: np.random.Generator, plan: Plan, place: tuple[int, int] | None) -> Rectangle:
    wanted = plan.rectangle or plan.size
    found = random_rectangle(rng, *plan.size, *wanted) if place is None else Rectangle(*place, *wanted)
    found.check_inside(*plan.size, "truth")
    return found


@target(
    seeds=["otsu", " values ", "threshold:128", "threshold:1,255", "levels:2", "levels:256", "threshold:0", "levels:1"],
    words=["otsu", "values", "threshold:", "levels:", ":", ",", *_DIGITS, *_SPACES],
    most_bytes=64,
)
def labels(data: bytes) -> None:
    """labellings `threshold:128`: written and read again alike, and every level gets at most one class"""
    text, levels = lines_of(data, 2)[:2]
    with contextlib.suppress(CrosspatchError):
        rule = Rule.parse(text)
        hold(Rule.parse(str(rule)) == rule, text)
        histogram = np.bincount(np.frombuffer(levels.encode(errors="replace") or b"0", np.uint8), minlength=LEVELS)
        found = rule.fit(histogram, ignore=(48,) if len(levels) % 2 else ())
        for starts in (found.truth_starts, found.test_starts):
            _check_starts(found, starts)


def _check_starts(found: Labelling, starts: tuple[int, ...]) -> None:
    hold(len(starts) == len(found.classes) == len(set(found.classes)), found)
    hold(all(one < other for one, other in itertools.pairwise(starts)), found)
    known = found.lookup(starts)
    hold(len(known) == LEVELS, found)
    hold(all(known[level] is None for level in found.absent), found)
    hold(all(each is None or 0 <= each < len(starts) for each in known), found)


@click.command(add_help_option=False)
@of_a_comparison
def _compare(class_names: Path | None, **given: Any) -> None:
    options = {name: value for name, value in given.items() if name not in ("image", "test_image", "ignore_mask")}
    names = None if class_names is None else str(class_names).split("/")
    asked = ComparisonRequest.of(class_names=names, **options)
    hold(all(type(level) is int for level in asked.ignore) and type(asked.seed) in (int, type(None)), asked)
    again = {name: getattr(asked, name) for name in ComparisonRequest.__dataclass_fields__}
    hold(ComparisonRequest.of(**again) == asked, asked)


@target(
    seeds=[
        "a.png\n--resize\n512x512\n--rectangle=64x64\n--seed\n7",
        "a.png\nb.png\n--truth=1,2\n--test=3,4\n--channel\nred\n--labels=otsu\n--ignore=255\n--ignore\n0",
        "--families=rates,agreement\n--class-names\nsky/sea\n--ignore-mask=m.png\n--\n-a.png",
    ],
    words=[
        *("--resize", "--rectangle", "--truth", "--test", "--seed", "--channel", "--labels", "--ignore"),
        *(
            "--ignore-mask",
            "--class-names",
            "--families",
            "rates",
            "luminance",
            "\n",
            "=",
            "--",
            "x",
            ",",
            "/",
            *_DIGITS,
        ),
    ],
)
def command_line(data: bytes) -> None:
    """arguments of `crosspatch compare`: refused in words, or a request that is read again alike"""
    arguments = [line for line in text_of(data).split("\n") if "\0" not in line]
    with contextlib.suppress(click.ClickException, CrosspatchError):
        _compare.main(arguments, "crosspatch", standalone_mode=False)
