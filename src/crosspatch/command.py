"""What the commands share: the arguments that say what is compared, its files read, and faults as one line each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from crosspatch.decode import read_picture
from crosspatch.errors import CrosspatchError, Impossible, InvalidRequest
from crosspatch.metrics import CATALOGUE
from crosspatch.picture import CHANNELS, Picture

FAMILIES = tuple(dict.fromkeys(metric.family for metric in CATALOGUE.values()))


def _families(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> list[str] | None:
    """Names of families, one or more an option; None where there is no option."""
    names = [name.strip() for option in given for name in option.split(",")]
    for name in names:
        if name not in FAMILIES:
            raise click.BadParameter(f"{name!r} is not a family of metrics: use {', '.join(FAMILIES)}")
    return names or None


_ARGUMENTS = (
    click.argument("image", type=click.Path(path_type=Path)),
    click.argument("test_image", type=click.Path(path_type=Path), required=False),
    click.option(
        "--resize", metavar="WxH", help="Resize to this width and height in pixels first.  [default: own size]"
    ),
    click.option(
        "--rectangle",
        metavar="WxH",
        help="Size of both rectangles.  [default: a square, 1/4 of the longest side]",
    ),
    click.option("--truth", metavar="X,Y", help="Place the truth rectangle.  [default: drawn from the seed]"),
    click.option("--test", metavar="X,Y", help="Place the test rectangle.  [default: drawn from the seed]"),
    click.option("--seed", type=int, help="Repeat a comparison exactly.  [default: drawn, and reported]"),
    click.option("--channel", type=click.Choice(CHANNELS), default="luminance", show_default=True),
    click.option("--labels", help="otsu, threshold:T, threshold:T,S, levels:K or values.  [default: by the picture]"),
    click.option("--ignore", type=int, multiple=True, metavar="LEVEL", help="Leave out pairs that hold this level."),
    click.option(
        "--ignore-mask",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Leave out pixels where this picture is not black.",
    ),
    click.option(
        "--class-names",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="One class name a line, in order.",
    ),
    click.option(
        "--families",
        multiple=True,
        callback=_families,
        metavar="NAME[,NAME]",
        help=f"Only these families of metrics: {', '.join(FAMILIES)}.  [default: all]",
    ),
)


def of_a_comparison(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options that say what is compared."""
    for declare in reversed(_ARGUMENTS):
        command = declare(command)
    return command


@dataclass(frozen=True)
class Given:
    """The files of a command, read."""

    paths: list[Path]
    picture: Picture
    test_picture: Picture | None
    ignore_mask: Picture | None
    class_names: list[str] | None

    @classmethod
    def read(cls, image: Path, test_image: Path | None, ignore_mask: Path | None, class_names: Path | None) -> Given:
        """Read the files. One that cannot be read ends the command."""
        names = None if class_names is None else _read_names(class_names)
        return cls(
            paths=[path for path in (image, test_image) if path is not None],
            picture=_read(image),
            test_picture=None if test_image is None else _read(test_image),
            ignore_mask=None if ignore_mask is None else _read(ignore_mask),
            class_names=names,
        )

    @property
    def pictures(self) -> list[Picture]:
        """The picture, or both."""
        return [each for each in (self.picture, self.test_picture) if each is not None]


@contextmanager
def faults_in_words() -> Iterator[None]:
    """Whatever is wrong with the input ends in one clear line, and the exit status that says whose fault it is."""
    try:
        yield
    except Impossible as fault:
        fail(str(fault))
    except InvalidRequest as fault:
        raise click.UsageError(str(fault)) from None
    except BrokenPipeError:
        raise  # whoever reads has read enough, as in `| head`: click leaves quietly
    except OSError as fault:
        fail(f"{fault.filename}: {fault.strerror}" if fault.filename else str(fault.strerror or fault))


def _read(path: Path) -> Picture:
    try:
        return read_picture(path)
    except CrosspatchError as fault:
        fail(f"{path}: {fault}")


def _read_names(path: Path) -> list[str]:
    try:
        names = path.read_text(encoding="utf-8-sig").rstrip().splitlines()
    except UnicodeDecodeError:
        fail(f"{path}: class names are text in UTF-8, one a line")
    for number, name in enumerate(names, 1):
        if not name.strip():
            fail(f"{path}: line {number} is empty, and each line names a class")
    return names


def fail(text: str) -> NoReturn:
    """End the command: the input is at fault."""
    click.echo(f"crosspatch: {text}", err=True)
    sys.exit(1)
