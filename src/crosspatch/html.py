"""The report that stands alone: one HTML file that needs no network. In go a Report and what is drawn, out comes HTML.

It is the page itself, read-only: its own markup, style and modules, with the numbers and the pictures inlined, and the
same in tables where scripts are off. Its policy allows nothing but that one script and that one style, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shlex
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crosspatch.errors import Impossible
from crosspatch.histogram import Levels
from crosspatch.linker import link
from crosspatch.metric import Metric
from crosspatch.metrics import CATALOGUE
from crosspatch.picture import Picture, default_size, for_eyes, resize
from crosspatch.report import Report, software
from crosspatch.request import Plan
from crosspatch.table import percent

if TYPE_CHECKING:
    from jinja2 import Template
TEMPLATES = Path(__file__).parent / "templates"
STATIC_FILES = Path(__file__).parent / "web" / "static_files"
DRAWN_PX = 1024
# Both regions are in the file, byte by byte: browsers, and the memory of a server, have an end.
MOST_REGION_PX = 2**24


@dataclass(frozen=True, eq=False)
class Shown:
    """What is drawn of one picture, and what it is called.

    `original` and `resized` are (H, W) or (H, W, 3) uint8, for eyes, at most 1,024 px on their longest sides; `levels`
    (H, W) uint8 is the plane that is compared.
    """

    original: NDArray[np.uint8]
    resized: NDArray[np.uint8]
    levels: Levels
    name: str = ""

    @classmethod
    def of(cls, original: Picture, resized: Picture, plan: Plan, name: str = "") -> Shown:
        """A picture and the same resized as planned, both drawn as large as a report shows them."""
        levels = resized.levels(plan.asked.channel, stored=plan.labels.keeps_values)
        return cls(_drawn(original), _drawn(resized), levels, name)


def html_report(report: Report, shown: Sequence[Shown]) -> str:
    """The report as one HTML file. `shown` is the picture, or the truth and the test where there are two.

    The same report gives the same text. Raises Impossible for regions of more than 2^24 px.
    """
    names = [each.name for each in shown]
    return _template().render(
        page=_page(),
        policy=report_policy(),
        report=report,
        names=[name for name in names if name],
        percent=None if report.overlap is None else percent(report.overlap),
        pictures=[_picture(report, each, index, len(shown)) for index, each in enumerate(shown)],
        families=_families(report),
        methods=_methods(report),
        software=software(),
        command=_command(report, shown),
        data=_data(report, names),
        levels=_levels(report, shown),
    )


def report_policy() -> str:
    """The Content-Security-Policy of every report: one script and one style, known by their hashes, and no network."""
    page = _page()
    return (
        f"default-src 'none'; script-src 'sha256-{_hash(page.script)}'; style-src 'sha256-{_hash(page.style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


class _Page(NamedTuple):
    """What all reports share. The body is the page's own, up to where the tables for browsers without scripts come."""

    before: str
    after: str
    style: str
    script: str
    icon: str


@cache
def _page() -> _Page:
    body = _between(_static("index.html"), "<!-- body -->", "<!-- /body -->")
    body = re.sub(r"<!-- live -->.*?<!-- /live -->", "", body, flags=re.DOTALL)
    body = re.sub(r"<!-- report\n(.*?)/report -->", r"\1", body, flags=re.DOTALL)
    before, _, after = body.partition("<!-- without scripts -->")
    return _Page(
        before=before.strip(),
        after=after.strip(),
        style=_static("style.css"),
        script=link(STATIC_FILES, "report.js"),
        icon=_data_url("image/svg+xml", _static("icon.svg").encode()),
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html")


def _static(name: str) -> str:
    return (STATIC_FILES / name).read_text(encoding="utf-8")


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data(report: Report, names: list[str]) -> str:
    """The report and its metrics' declarations as JSON that ends no script, whatever is in it."""
    catalogue = [metric.to_dict() for metric in CATALOGUE.values()]
    data = {"report": report.to_dict(), "catalogue": catalogue, "names": names}
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _levels(report: Report, shown: Sequence[Shown]) -> str:
    """The levels of the truth region, then of the test region, then which pairs are counted, unless all are.

    Row by row, a byte each: deflated, in base64.

    Not a picture: some browsers add noise to what is read back from a canvas.
    """
    if report.truth.area_px > MOST_REGION_PX:
        raise Impossible(
            f"an HTML report holds regions of at most {MOST_REGION_PX / 1e6:.1f} megapixels: ask for a resize, for a "
            "smaller rectangle, or for another format",
            "rectangle_width",
        )
    regions = report.truth.cut(shown[0].levels), report.test.cut(shown[-1].levels)
    counted = () if report.counted is None else (report.counted.view(np.uint8),)
    packed = zlib.compress(b"".join(plane.tobytes() for plane in (*regions, *counted)), 9)
    return base64.b64encode(packed).decode()


def _picture(report: Report, shown: Shown, index: int, pictures: int) -> dict[str, object]:
    rectangles = (("truth", report.truth), ("test", report.test))
    return {
        "name": shown.name,
        "facts": report.image if index == 0 else report.test_image,
        "original": _smallest_url(shown.original),
        "resized": _data_url("image/png", _encoded(shown.resized, "PNG")),
        "rectangles": rectangles if pictures == 1 else rectangles[index : index + 1],
    }


def _families(report: Report) -> dict[str, list[tuple[Metric, dict[str, object]]]]:
    families: dict[str, list[tuple[Metric, dict[str, object]]]] = {}
    for key, metric in report.metrics.items():
        families.setdefault(CATALOGUE[key].family, []).append((CATALOGUE[key], metric.to_dict()))
    return families


def _methods(report: Report) -> list[str]:
    return list(dict.fromkeys(each.interval.method for each in report.metrics.values() if each.interval is not None))


def _command(report: Report, shown: Sequence[Shown]) -> str:
    """The command line that gives the same numbers."""
    names = [each.name or unnamed for each, unnamed in zip(shown, ("IMAGE", "TEST_IMAGE"), strict=False)]
    # A file name is data: a leading dash must not become an option.
    paths = [f"./{name}" if name.startswith("-") else name for name in names]
    options = (f"--{name} {value}" for name, value in _options(report))
    return " ".join(("crosspatch compare", *map(shlex.quote, paths), *options))


def _options(report: Report) -> Iterator[tuple[str, object]]:
    plan, asked = report.plan, report.plan.asked
    yield "resize", "{}x{}".format(*plan.size)
    if plan.rectangle is not None:
        yield "rectangle", "{}x{}".format(*plan.rectangle)
    for name, place in (("truth", asked.truth), ("test", asked.test)):
        if place is not None:
            yield name, "{},{}".format(*place)
    yield from (("seed", plan.seed), ("channel", asked.channel), ("labels", plan.labels))
    yield from (("ignore", level) for level in asked.ignore)
    if asked.class_names is not None:
        # The command reads names from a file; bash and zsh make one of what printf writes.
        yield "class-names", f"<(printf '%s\\n' {shlex.join(asked.class_names)})"
    if asked.families:
        yield "families", ",".join(asked.families)
    if report.ignore_mask is not None:
        yield "ignore-mask", "IGNORE_MASK"
    if asked.intervals != "none":
        yield "intervals", asked.intervals


def _drawn(picture: Picture) -> NDArray[np.uint8]:
    return for_eyes(resize(picture, *default_size(picture.width, picture.height, DRAWN_PX)).pixels)


def _smallest_url(pixels: NDArray[np.uint8]) -> str:
    """A drawing as PNG, or as JPEG where that takes less, as it does for photographs."""
    drawings = {"image/png": _encoded(pixels, "PNG"), "image/jpeg": _encoded(pixels, "JPEG", quality=90)}
    kind = min(drawings, key=lambda kind: len(drawings[kind]))
    return _data_url(kind, drawings[kind])


def _encoded(pixels: NDArray[np.uint8], form: str, **options: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form, **options)
    return out.getvalue()


def _data_url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
