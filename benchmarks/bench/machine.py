"""Where and with what a run was made: the machine, Python and the version of every library that took part."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which

LIBRARIES = (
    "crosspatch",
    "numpy",
    "pillow",
    "scipy",
    "scikit-learn",
    "scikit-image",
    "torch",
    "torchmetrics",
    "monai",
    "MetricsReloaded",
    "pycm",
    "opencv-python-headless",
)


@dataclass(frozen=True)
class Machine:
    """The processor, its cores, memory in GiB, and versions by name: None for what is absent."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    versions: dict[str, str | None]

    @classmethod
    def here(cls) -> Machine:
        """This machine."""
        versions = {name: _version(name) for name in LIBRARIES}
        versions |= {"ImageMagick": _printed("compare", "-version", word=2), "wrk": _printed("wrk", "-v", word=1)}
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        return cls(_processor(), os.cpu_count() or 1, memory, f"{platform.system()} {platform.machine()}", versions)

    def lines(self) -> list[str]:
        """In words."""
        present = ", ".join(f"{name} {found}" for name, found in self.versions.items() if found)
        absent = [name for name, found in self.versions.items() if not found]
        lines = [
            (
                f"Machine: {self.processor}, {self.cores} cores, {self.memory_gib:.0f} GiB of memory, {self.system}, "
                f"Python {platform.python_version()}. Versions: {present}."
            ),
            "",
        ]
        if absent:
            lines += [f"Absent, and so not measured: {', '.join(absent)}. {_WHY_ABSENT}", ""]
        return lines


_WHY_ABSENT = "MetricsReloaded is not in the package index, so that no lock can pin it."


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _printed(program: str, option: str, word: int) -> str | None:
    if which(program) is None:
        return None
    done = subprocess.run([program, option], capture_output=True, text=True, check=False)
    words = (done.stdout or done.stderr).split()
    return words[word] if len(words) > word else "?"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
