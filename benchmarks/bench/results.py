"""What a row found, and how it is written. In go outcomes of rows, out comes RESULTS.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from bench.machine import Machine
from bench.targets import TARGETS
from bench.timing import Contest

NOT_MEASURED = "not measured"
MARKS = "<!-- figures of make bench -->", "<!-- end of figures -->"
_UNITS = ((1.0, "s"), (1e3, "ms"), (1e6, "µs"))


@dataclass(frozen=True)
class Outcome:
    """`measured` in words for the table of targets, `met` None where nothing was measured, and the section's text."""

    measured: str
    met: bool | None
    section: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def seconds(value: float) -> str:
    """Three digits and a unit."""
    scale, unit = next(((scale, unit) for scale, unit in _UNITS if value * scale >= 1), _UNITS[-1])
    scaled = value * scale
    return f"{scaled:,.{0 if scaled >= 100 else 1 if scaled >= 10 else 2}f} {unit}"


def times(ratio: float) -> str:
    """How many times."""
    return f"{ratio:,.{0 if ratio >= 20 else 1 if ratio >= 2 else 2}f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> list[str]:
    """A Markdown table: columns of words, then of figures."""
    rule = ["---"] * words + ["---:"] * (len(head) - words)
    lines = [" | ".join(cells) for cells in (head, rule, *rows)]
    return [*(f"| {line} |" for line in lines), ""]


def _apart(difference: float | None) -> str:
    return "not compared" if difference is None else f"{difference:.0e}" if difference else "0"


def contest_table(first: str, contests: Mapping[str, Contest]) -> list[str]:
    """A row for each contest and side: its median, and how many times longer than ours it takes."""
    rows = []
    for label, found in contests.items():
        rows.append([label, f"**{found.ours}**", seconds(found.median_s(found.ours)), "1", ""])
        for peer in found.peers:
            row = [seconds(found.median_s(peer)), times(found.ratio(peer)), _apart(found.differences.get(peer))]
            rows.append([label, peer, *row])
    return table([first, "by", "median", "times as long", "values differ by at most"], rows, words=2)


def headline(readme: str, outcomes: Mapping[str, Outcome]) -> str:
    """README with the figures of this run between its marks."""
    rows = [
        [target.work, outcomes[target.name].measured] for target in TARGETS if outcomes[target.name].met is not None
    ]
    before, _, rest = readme.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return "\n".join([before + MARKS[0], *table(["work", "measured"], rows, words=2)[:-1], MARKS[1] + after])


def document(outcomes: Mapping[str, Outcome], growth: list[str], machine: Machine, took_s: float) -> str:
    """RESULTS.md."""
    rows = []
    for target in TARGETS:
        found = outcomes[target.name]
        measured = f"[{found.measured}](#{target.name})" if found.section else found.measured
        met = NOT_MEASURED if found.met is None else "yes" if found.met else f"[no](#why-not-{target.name})"
        rows.append([target.work, target.target, measured, met])
    lines = [
        "# How fast is Crosspatch?",
        "",
        (
            "Made by `make bench`, which runs Crosspatch and its peers on the same inputs, in the same run and in "
            "turns, each on one thread. Values are compared before anything is timed. Times are medians, ratios "
            f"medians of the ratios round by round. This run took {took_s / 60:.0f} minutes."
        ),
        "",
        *table(["work", "target", "measured", "met"], rows, words=4),
        *machine.lines(),
    ]
    for target in TARGETS:
        if outcomes[target.name].section:
            lines += [f"## {target.name}", "", *outcomes[target.name].section]
    return "\n".join([*lines, *growth]).rstrip("\n") + "\n"
