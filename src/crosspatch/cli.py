"""The command line: `crosspatch compare | metrics | serve`. In go arguments, out goes the answer to standard output.

Messages go to standard error. Exit status: 0 done, 1 the input is at fault (one clear line), 2 usage.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args

import click

import crosspatch
from crosspatch.errors import CrosspatchError, Impossible, InvalidRequest
from crosspatch.picture import CHANNELS, Picture
from crosspatch.report import Report
from crosspatch.request import INTERVAL_METHODS
from crosspatch.table import metrics_table, report_table

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
@click.argument("image", type=click.Path(path_type=Path))
@click.argument("test_image", type=click.Path(path_type=Path), required=False)
@click.option("--resize", metavar="WxH", help="Resize to this width and height in pixels first.  [default: own size]")
@click.option(
    "--rectangle", metavar="WxH", help="Size of both rectangles.  [default: a square, 1/4 of the longest side]"
)
@click.option("--truth", metavar="X,Y", help="Place the truth rectangle.  [default: drawn from the seed]")
@click.option("--test", metavar="X,Y", help="Place the test rectangle.  [default: drawn from the seed]")
@click.option("--seed", type=int, help="Repeat a comparison exactly.  [default: drawn, and reported]")
@click.option("--channel", type=click.Choice(CHANNELS), default="luminance", show_default=True)
@click.option("--labels", help="otsu, threshold:T, threshold:T,S, levels:K or values.  [default: by the picture]")
@click.option("--ignore", type=int, multiple=True, metavar="LEVEL", help="Leave out pairs that hold this level.")
@click.option(
    "--ignore-mask",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Leave out pixels where this picture is not black.",
)
@click.option("--class-names", type=click.Path(path_type=Path), metavar="FILE", help="One class name a line, in order.")
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
    try:
        names = None if class_names is None else _read_names(class_names)
        paths = [path for path in (image, test_image) if path is not None]
        pictures = [_read(path) for path in paths]
        mask = None if ignore_mask is None else _read(ignore_mask)
        report = crosspatch.compare(*pictures, ignore_mask=mask, class_names=names, **options)
        _write(_html(report, paths, pictures) if form == "html" else _render(report, form), output)
    except Impossible as fault:
        _fail(str(fault))
    except InvalidRequest as fault:
        raise click.UsageError(str(fault)) from None
    except BrokenPipeError:
        raise  # whoever reads has read enough, as in `| head`: click leaves quietly
    except OSError as fault:
        _fail(f"{fault.filename}: {fault.strerror}" if fault.filename else str(fault.strerror or fault))


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
        _fail(str(fault))


def _read(path: Path) -> Picture:
    try:
        return crosspatch.read_picture(path)
    except CrosspatchError as fault:
        _fail(f"{path}: {fault}")


def _read_names(path: Path) -> list[str]:
    try:
        names = path.read_text(encoding="utf-8-sig").rstrip().splitlines()
    except UnicodeDecodeError:
        _fail(f"{path}: class names are text in UTF-8, one a line")
    for number, name in enumerate(names, 1):
        if not name.strip():
            _fail(f"{path}: line {number} is empty, and each line names a class")
    return names


def _render(report: Report, form: Format) -> str:
    if form == "json":
        return _json(report.to_dict())
    return report.to_csv() if form == "csv" else report_table(report)


def _html(report: Report, paths: list[Path], pictures: list[Picture]) -> str:
    from crosspatch.html import Shown, html_report

    blend = not report.plan.labels.keeps_values
    return html_report(
        report,
        [
            Shown.of(picture, crosspatch.resize(picture, *report.plan.size, blend=blend), report.plan, _text(path.name))
            for path, picture in zip(paths, pictures, strict=True)
        ],
    )


def _text(name: str) -> str:
    """A file name as text, whatever its bytes."""
    return os.fsencode(name).decode("utf-8", "replace")


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False) + "\n"


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def _fail(text: str) -> NoReturn:
    click.echo(f"crosspatch: {text}", err=True)
    sys.exit(1)
