"""The drawing of what the boundary metrics measure. In go two masks, out comes an SVG with a background of its own."""

from __future__ import annotations

from math import dist
from xml.etree import ElementTree as ET

import numpy as np

from crosspatch.metrics import CATALOGUE
from metrics_doc.digits import stated
from metrics_doc.outlines import Place, band, boundary, masks, nearest

CELL, MARGIN, GAP, TOP, LEGEND, LINE = 28, 20, 36, 56, 106, 22
# The page's own colours for truth, test and both.
INK, GRID, PAPER, TRUTH, TEST = "#14191f", "#d9dee4", "#ffffff", "#0a66c2", "#b84a00"
PALE = {(True, True): "#e3e3e6", (True, False): "#dce9f7", (False, True): "#f8e6d8"}
BANDS = {(True, True): INK, (True, False): TRUTH, (False, True): TEST}
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
# From so many boundary pixels of each mask a line is drawn, so far apart that their lengths stay legible.
LINES, APART_PX = 4, 2


def drawing() -> str:
    """The text of docs/boundary.svg."""
    rows, columns = masks().truth.shape
    second = MARGIN + columns * CELL + GAP
    width, height = second + columns * CELL + MARGIN, TOP + rows * CELL + LEGEND
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-family": FONT})
    svg.attrib |= {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height), "font-size": "13"}
    _add(svg, "title").text = "What the boundary metrics measure"
    _add(svg, "desc").text = _description()
    _add(svg, "rect", width=width, height=height, rx=8, fill=PAPER, stroke=GRID)
    _distances(_panel(svg, MARGIN, "Distances a and b of the boundaries"))
    _bands(_panel(svg, second, "Bands A and B of Boundary IoU"))
    ET.indent(svg)
    return ET.tostring(svg, encoding="unicode") + "\n"


def values() -> dict[str, float]:
    """The boundary metrics of the masks that are drawn, by key."""
    return {key: metric(masks()).item() for key, metric in CATALOGUE.items() if metric.family == "boundary"}


def _description() -> str:
    return (
        "Two masks on a grid of pixels, the truth blue and the test orange. Left: their boundary pixels, and lines "
        "from some of them to the nearest boundary pixel of the other mask. The longest is the Hausdorff distance, "
        f"{stated(values()['hausdorff_px'])} px. Right: the bands along the inside of both boundaries. Boundary IoU is "
        f"the share of the pixels in either band that are in both, {stated(values()['boundary_iou'])}."
    )


def _panel(svg: ET.Element, left: int, heading: str) -> ET.Element:
    """A grid of pixels with both masks in pale colours; its corner is the origin."""
    panel = _add(svg, "g", transform=f"translate({left} {TOP})")
    _text(panel, (0, -18), heading, font_size=16, font_weight=600)
    pair = masks()
    for y, x in np.ndindex(pair.truth.shape):
        fill = PALE.get((bool(pair.truth[y, x]), bool(pair.test[y, x])), PAPER)
        _square(panel, (y, x), fill, stroke=GRID)
    return panel


def _distances(panel: ET.Element) -> None:
    truth, test = boundary(masks().truth), boundary(masks().test)
    for place in truth:
        _truth_mark(panel, _centre(place))
    for place in test:
        _test_mark(panel, _centre(place))
    directions = (truth, test, TRUTH), (test, truth, TEST)
    ours, theirs, _ = max(directions, key=lambda way: max(_length(place, way[1]) for place in way[0]))
    longest = max(ours, key=lambda place: _length(place, theirs))
    taken = [longest, nearest(longest, theirs)]
    for places, others, colour in directions * LINES:
        free = [place for place in places if _is_free(place, others, taken)]
        for start in sorted(free, key=lambda place: -_length(place, others))[:1]:
            taken += start, nearest(start, others)
            _line(panel, start, nearest(start, others), colour)
    _line(panel, taken[0], taken[1], INK, width=4)
    _legend_of_distances(panel)


def _is_free(place: Place, others: list[Place], taken: list[Place]) -> bool:
    """Whether there is a distance to draw that is not near a line that is drawn already."""
    ends = place, nearest(place, others)
    return place not in others and all(dist(a, b) >= APART_PX for a in ends for b in taken)


def _length(place: Place, others: list[Place]) -> float:
    return dist(place, nearest(place, others))


def _bands(panel: ET.Element) -> None:
    truth, test = band(masks().truth), band(masks().test)
    for y, x in np.ndindex(truth.shape):
        bands = bool(truth[y, x]), bool(test[y, x])
        if any(bands):
            _square(panel, (y, x), BANDS[bands], stroke=PAPER)
    both, either = (int(count) for count in masks().band_overlap)
    share = stated(values()["boundary_iou"])
    rows = (
        (TRUTH, "in A, the band of the truth, alone"),
        (TEST, "in B, the band of the test, alone"),
        (INK, f"in both: {both} of {either} px, a Boundary IoU of {share}"),
        (PALE[True, False], "pale: the rest of a mask"),
    )
    for row, (colour, words) in enumerate(rows):
        y = _legend_line(panel, row, words)
        _add(panel, "rect", x=1, y=y - 8, width=16, height=16, fill=colour)


def _legend_of_distances(panel: ET.Element) -> None:
    found = {key: stated(value) for key, value in values().items()}
    words = "boundary of the truth; blue lines: a, to the test's"
    _truth_mark(panel, (9, _legend_line(panel, 0, words)))
    words = "boundary of the test; orange lines: b, to the truth's"
    _test_mark(panel, (9, _legend_line(panel, 1, words)))
    y = _legend_line(panel, 2, f"the longest of all: Hausdorff distance, {found['hausdorff_px']} px")
    _add(panel, "line", x1=0, y1=y, x2=18, y2=y, stroke=INK, stroke_width=4)
    average, dice = found["average_surface_distance_px"], found["surface_dice"]
    _legend_line(panel, 3, f"average of all: {average} px; share up to 1 px: {dice}")


def _legend_line(panel: ET.Element, row: int, words: str) -> int:
    """Write a line of the legend under the grid, and say at which height its symbol goes."""
    y = masks().truth.shape[0] * CELL + 20 + row * LINE
    _text(panel, (28, y + 4), words)
    return y


def _line(panel: ET.Element, start: Place, end: Place, colour: str, width: int = 2) -> None:
    """A line from pixel to pixel with its length beside it."""
    (x1, y1), (x2, y2) = _centre(start), _centre(end)
    _add(panel, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=PAPER, stroke_width=width + 3)
    _add(panel, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=width)
    _add(panel, "circle", cx=x1, cy=y1, r=width + 1, fill=colour, stroke=PAPER)
    halo = {"stroke": PAPER, "stroke_width": 4, "paint_order": "stroke", "font_weight": 600}
    _text(
        panel,
        ((x1 + x2) // 2, (y1 + y2) // 2 - 6),
        f"{dist(start, end):.3g}",
        fill=colour,
        text_anchor="middle",
        **halo,
    )


def _truth_mark(panel: ET.Element, centre: tuple[int, int]) -> None:
    x, y = centre
    _add(panel, "rect", x=x - 9, y=y - 9, width=18, height=18, fill="none", stroke=TRUTH, stroke_width=2.5)


def _test_mark(panel: ET.Element, centre: tuple[int, int]) -> None:
    _add(panel, "circle", cx=centre[0], cy=centre[1], r=5.5, fill="none", stroke=TEST, stroke_width=2.5)


def _square(panel: ET.Element, place: Place, fill: str, stroke: str) -> None:
    y, x = place
    _add(panel, "rect", x=x * CELL, y=y * CELL, width=CELL, height=CELL, fill=fill, stroke=stroke)


def _centre(place: Place) -> tuple[int, int]:
    return place[1] * CELL + CELL // 2, place[0] * CELL + CELL // 2


def _text(parent: ET.Element, at: tuple[int, int], words: str, **attributes: object) -> None:
    _add(parent, "text", **({"x": at[0], "y": at[1], "fill": INK} | attributes)).text = words


def _add(parent: ET.Element, kind: str, **attributes: object) -> ET.Element:
    return ET.SubElement(parent, kind, {name.replace("_", "-"): str(value) for name, value in attributes.items()})
