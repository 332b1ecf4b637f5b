"""The command line: `crosspatch compare | baseline | metrics | serve`. In go arguments, out goes the answer.

The answer goes to standard output, messages to standard error. Exit status: 0 done, 1 the input is at fault (one clear
line), 2 usage.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal, get_args

import click

import crosspatch
from crosspatch.baseline import DEFAULT_PAIRS, Baseline, BaselineRun
from crosspatch.command import Given, fail, faults_in_words, of_a_comparison
from crosspatch.compare import prepare_planes
from crosspatch.errors import CrosspatchError
from crosspatch.report import Report
from crosspatch.request import INTERVAL_METHODS
from crosspatch.table import baseline_table, metrics_table, report_table

Format = Literal["table", "json", "csv", "html"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(crosspatch.__version__, prog_name="crosspatch")
def main() -> None:
    """How well do two equally sized patches of pixels agree, one taken as ground truth and the other as test data?

    \b
    Example:
      crosspatch compare photo.jpg --resize 512x512 --rectangle 64x64 --seed 7
    """


@main.command()
@of_a_comparison
@click.option(
    "--intervals",
    type=click.Choice(INTERVAL_METHODS),
    default="none",
    show_default=True,
    help="95 % intervals: by blocks of neighbours, or by formula as if pixels were independent.",
)
@click.option("--format", "form", type=click.Choice(get_args(Format)), default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there, not to standard output.")
def compare(
    image: Path,
    test_image: Path | None,
    ignore_mask: Path | None,
    class_names: Path | None,
    form: Format,
    output: Path | None,
    **options: Any,
) -> None:
    """Compare two rectangles of IMAGE, or IMAGE (the truth) with TEST_IMAGE.

    \b
    Examples:
      crosspatch compare photo.jpg --resize 512x512 --rectangle 64x64 --seed 7 --format json
      crosspatch compare truth.png test.png --ignore 255 --intervals bootstrap
      crosspatch compare photo.jpg --format html --output report.html
    """
    with faults_in_words():
        given = Given.read(image, test_image, ignore_mask, class_names)
        options["class_names"] = given.class_names
        report = crosspatch.compare(given.picture, given.test_picture, ignore_mask=given.ignore_mask, **options)
        _write(_html(report, given) if form == "html" else _render(report, form), output)


@main.command()
@of_a_comparison
@click.option("--pairs", type=int, default=DEFAULT_PAIRS, show_default=True, help="How many random pairs to measure.")
@click.option("--disjoint", is_flag=True, help="Draw only rectangles that do not overlap.")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there, not to standard output.")
def baseline(
    image: Path,
    test_image: Path | None,
    ignore_mask: Path | None,
    class_names: Path | None,
    pairs: int,
    disjoint: bool,
    form: Literal["table", "json", "csv"],
    output: Path | None,
    **options: Any,
) -> None:
    """Tell the chance level of a comparison: every metric over many random pairs of rectangles in IMAGE.

    With TEST_IMAGE, over random shifts of it. The comparison itself is ranked among them.

    \b
    Examples:
      crosspatch baseline photo.jpg --rectangle 64x64 --pairs 10000 --seed 7
      crosspatch baseline photo.jpg --seed 7 --disjoint --format csv
    """
    with faults_in_words():
        given = Given.read(image, test_image, ignore_mask, class_names)
        found = _measure(given, pairs, {**options, "class_names": given.class_names}, disjoint=disjoint)
        _write(_json(found.to_dict()) if form == "json" else _baseline_text(found, form), output)


@main.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def metrics(form: Literal["table", "json"]) -> None:
    """List every metric with its range and formula; as JSON with all that is said of it, its source among it.

    \b
    Example:
      crosspatch metrics --format json
    """
    catalogue = crosspatch.METRICS.values()
    _write(_json([metric.to_dict() for metric in catalogue]) if form == "json" else metrics_table(catalogue), None)


class _WithSettings(click.Command):
    """A command whose help lists the settings; read only when help is asked for, as it takes time."""

    def format_epilog(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        from crosspatch.web.settings import describe_settings

        formatter.write(f"\nSettings, as environment variables:\n\n{describe_settings()}\n")


@main.command(cls=_WithSettings)
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="TCP port to listen on.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the page and the API, by default on http://localhost:8080.

    \b
    Example:
      crosspatch serve --port 9000
    """
    from crosspatch.web.server import serve as run
    from crosspatch.web.settings import load_settings

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    try:
        run(load_settings(**given))
    except CrosspatchError as fault:
        fail(str(fault))


def _measure(given: Given, pairs: int, options: Any, *, disjoint: bool) -> Baseline:
    """The baseline, with a bar on standard error while it is measured, where that is a terminal."""
    plan, planes, mask = prepare_planes(given.picture, given.test_picture, given.ignore_mask, options)
    run = BaselineRun.of(plan, *planes, mask=mask, pairs=pairs, disjoint=disjoint)
    with click.progressbar(length=pairs, file=sys.stderr, label="random pairs", hidden=not sys.stderr.isatty()) as bar:
        for step in run.steps():
            bar.update(step.done - bar.pos)
    return run.result


def _baseline_text(found: Baseline, form: Literal["table", "csv"]) -> str:
    return found.to_csv() if form == "csv" else baseline_table(found)


def _render(report: Report, form: Format) -> str | bytes:
    if form == "json":
        return _json(report.to_dict())
    return report.to_csv() if form == "csv" else report_table(report)


def _html(report: Report, given: Given) -> str:
    from crosspatch.html import Shown, html_report

    blend = not report.plan.labels.keeps_values
    return html_report(
        report,
        [
            Shown.of(picture, crosspatch.resize(picture, *report.plan.size, blend=blend), report.plan, _text(path.name))
            for path, picture in zip(given.paths, given.pictures, strict=True)
        ],
    )


def _text(name: str) -> str:
    """A file name as text, whatever its bytes."""
    return os.fsencode(name).decode("utf-8", "replace")


def _json(value: object) -> bytes:
    from crosspatch.jsontext import dump  # a tenth of a table's time to import

    return dump(value) + b"\n"


def _write(text: str | bytes, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_bytes(text if isinstance(text, bytes) else text.encode())
