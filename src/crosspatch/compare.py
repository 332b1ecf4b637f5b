"""The one natural path: pictures in, Report out. Each step is a function of its own; this module strings them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypedDict, Unpack

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from crosspatch.decode import Source, read_picture
from crosspatch.errors import Impossible, InvalidRequest
from crosspatch.evidence import Blocks, Evidence, Regions
from crosspatch.histogram import LEVELS, Counts
from crosspatch.intervals import Intervals, analytic, attach, bootstrap, withheld
from crosspatch.labelling import Rule
from crosspatch.measure import Interval, MetricValue, measure, measure_classes
from crosspatch.metric import Metric
from crosspatch.metrics import CATALOGUE
from crosspatch.picture import Channel, Note, Picture
from crosspatch.plane import IgnoreMask, Plane, default_labels, prepare
from crosspatch.rectangles import Rectangle, overlap, random_rectangle
from crosspatch.report import Report
from crosspatch.request import ComparisonRequest, IntervalMethod, Plan, Point, Size

DEPENDENT_PIXELS = "dependent-pixels"


class Options(TypedDict, total=False):
    """What can be asked of a comparison, see ComparisonRequest.of."""

    resize: Size | str | None
    rectangle: Size | str | None
    truth: Point | str | None
    test: Point | str | None
    seed: int | None
    channel: Channel
    labels: str | Rule | None
    ignore: int | tuple[int, ...] | list[int]
    class_names: str | list[str] | tuple[str, ...] | None
    intervals: IntervalMethod
    families: str | list[str] | tuple[str, ...] | None


def compare(
    image: Source, test_image: Source | None = None, *, ignore_mask: Source | None = None, **options: Unpack[Options]
) -> Report:
    """Compare two rectangles of one picture, or two pictures whole (or by one rectangle in both).

    `image` and `test_image` are paths, bytes, binary files, Pillow images or arrays, see `read_picture`, and so is
    `ignore_mask`: where it is not black, pixels are left out. Sizes and places are in pixels of the resized picture.
    Raises a CrosspatchError that names the fault and the fix.
    """
    plan, planes, mask = prepare_planes(image, test_image, ignore_mask, options)
    return compare_planes(plan, *planes, mask=mask)


def prepare_planes(
    image: Source, test_image: Source | None, ignore_mask: Source | None, options: Options
) -> tuple[Plan, list[Plane], IgnoreMask | None]:
    """Decode and resize what a comparison asks for: its plan with all defaults, one plane or two, and the mask."""
    asked = ComparisonRequest.of(**options)
    pictures = [read_picture(source) for source in ((image,) if test_image is None else (image, test_image))]
    mask = None if ignore_mask is None else read_picture(ignore_mask)
    labels = default_labels(*pictures, channel=asked.channel) if asked.labels is None else asked.labels
    mask_size = None if mask is None else (mask.width, mask.height)
    plan = asked.plan([(picture.width, picture.height) for picture in pictures], labels, mask_size)
    planes = [prepare(picture, plan.size, asked.channel, labels) for picture in pictures]
    return plan, planes, None if mask is None else IgnoreMask.of(mask, plan.size)


def random_region(
    picture: Picture | NDArray[np.generic], width: int, height: int, rng: Generator
) -> tuple[Rectangle, NDArray[np.generic]]:
    """A randomly placed `width` x `height` px rectangle of the picture, and its pixels (height, width, ...): a view.

    Every position inside the picture is equally likely, edges included. Raises Impossible when it does not fit.
    """
    pixels = picture.pixels if isinstance(picture, Picture) else picture
    rectangle = random_rectangle(rng, pixels.shape[1], pixels.shape[0], width, height)
    return rectangle, rectangle.cut(pixels)


def compare_planes(
    plan: Plan, plane: Plane, test_plane: Plane | None = None, *, mask: IgnoreMask | None = None
) -> Report:
    """Compare planes of the planned size: two rectangles of one, or one rectangle (or all) of two."""
    asked, other = plan.asked, plane if test_plane is None else test_plane
    truth, test = place(plan, one_picture=test_plane is None)
    regions = Regions(truth.cut(plane.levels), test.cut(other.levels))
    levels = plane.histogram + (0 if other is plane else other.histogram)
    labelling = plan.labels.fit(levels, asked.ignore)
    if asked.class_names is not None:
        labelling = labelling.named(asked.class_names)
    counted = None if mask is None else ~(truth.cut(mask.ignored) | test.cut(mask.ignored))
    evidence = Evidence.of_regions(regions, labelling, asked.ignore, counted)
    metrics = chosen_metrics(asked.families)
    intervals = _intervals(plan, evidence, regions, counted, metrics)
    values = measure(evidence, metrics)
    apart = evidence.apart()
    return Report(
        plan=plan,
        image=plane.facts,
        test_image=None if test_plane is None else test_plane.facts,
        ignore_mask=None if mask is None else mask.facts,
        truth=truth,
        test=test,
        overlap=overlap(truth, test) if test_plane is None else None,
        counted=counted,
        evidence=apart,
        metrics=attach(values, intervals.whole),
        measure_classes=partial(_of_each_class, apart, asked.families, intervals.by_class),
        notes=(
            *_notes(levels, plan.labels, plane, other),
            *_left_out(truth.area_px - evidence.confusion.pixels, truth.area_px),
            *_withheld(len(withheld(values, intervals.whole))),
            *_cautions(metrics),
        ),
    )


def _of_each_class(
    evidence: Evidence, families: tuple[str, ...] | None, intervals: Sequence[Mapping[str, Interval]]
) -> list[dict[str, MetricValue]]:
    return [
        attach(values, intervals[index] if intervals else {})
        for index, values in enumerate(measure_classes(evidence, chosen_metrics(families)))
    ]


def _intervals(
    plan: Plan, evidence: Evidence, regions: Regions, counted: NDArray[np.bool_] | None, metrics: list[Metric]
) -> Intervals:
    if plan.asked.intervals == "none":
        return Intervals({})
    if plan.asked.intervals == "analytic":
        return analytic(evidence, metrics)
    if plan.asked.ignore:
        kept = ~(np.isin(regions.truth, plan.asked.ignore) | np.isin(regions.test, plan.asked.ignore))
        counted = kept if counted is None else kept & counted
    return bootstrap(Blocks.of(regions.truth, regions.test, evidence.labelling, counted), metrics, plan.seed)


def place(plan: Plan, *, one_picture: bool) -> tuple[Rectangle, Rectangle]:
    """The truth's and the test's rectangle: placed where the request says, drawn from its seed where it does not.

    `Generator(PCG64(seed))` draws truth x, truth y, test x, test y, always all four. Without a rectangle the whole
    picture is taken. Raises Impossible when a rectangle does not lie inside the picture.
    """
    size = plan.size if plan.rectangle is None else plan.rectangle
    rng = Generator(PCG64(plan.seed))
    drawn = [random_rectangle(rng, *plan.size, *size) for _ in range(2)]
    if not one_picture:
        if plan.asked.test is not None:
            raise Impossible("one rectangle serves both pictures: place it by truth alone", "test_x")
        truth = _placed(plan, plan.asked.truth, drawn[0], "truth")
        return truth, truth
    truth = _placed(plan, plan.asked.truth, drawn[0], "truth")
    return truth, _placed(plan, plan.asked.test, drawn[1], "test")


def chosen_metrics(families: tuple[str, ...] | None) -> list[Metric]:
    """The metrics of those families, all of them for None. Raises InvalidRequest for a family that does not exist."""
    known = {metric.family for metric in CATALOGUE.values()}
    for family in families or ():
        if family not in known:
            raise InvalidRequest(f"{family!r} is not a family of metrics: use {', '.join(sorted(known))}", "families")
    return [metric for metric in CATALOGUE.values() if families is None or metric.family in families]


def _placed(plan: Plan, point: Point | None, drawn: Rectangle, name: str) -> Rectangle:
    if point is None:
        return drawn
    rectangle = Rectangle(*point, drawn.width, drawn.height)
    rectangle.check_inside(*plan.size, name)
    return rectangle


def _left_out(pairs: int, all_pairs: int) -> tuple[Note, ...]:
    if pairs == 0:
        return ()
    text = f"{pairs:,} of {all_pairs:,} pixel pairs were left out, for a level or a place that is to be ignored."
    return (Note("ignored-pairs", text),)


def _withheld(metrics: int) -> tuple[Note, ...]:
    if metrics == 0:
        return ()
    text = (
        f"No interval is given for {metrics} of the metrics: drawing pixels again biases them (entropies fall, "
        "distances grow) so far that the value lies outside."
    )
    return (Note("intervals-withheld", text),)


def _cautions(metrics: list[Metric]) -> tuple[Note, ...]:
    warnings = dict.fromkeys(metric.family_note for metric in metrics if metric.caution)
    return tuple(Note(DEPENDENT_PIXELS, text) for text in warnings)


def _notes(histogram: Counts, rule: Rule, *planes: Plane) -> tuple[Note, ...]:
    notes = {note: None for plane in planes for note in plane.facts.notes}
    levels = np.flatnonzero(histogram)
    if levels.size == 1:
        text = f"Every pixel has the same level, {levels[0]}: there is nothing to tell apart."
        notes[Note("constant-picture", text)] = None
    elif rule.keeps_values and levels[-1] < LEVELS - 1:
        text = f"Classes are stored values up to {levels[-1]}; metrics of grey levels take these as levels of 0 to 255."
        notes[Note("values-as-levels", text)] = None
    return tuple(notes)
