"""One bad picture, and what must become of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Size = tuple[int, int]


@dataclass(frozen=True)
class Case:
    """A file that somebody may send. `outcome` is the size it must be read with, or "refused".

    None where either is right: then, if it is read, it must have the size that its header says.
    """

    name: str
    data: bytes
    outcome: Size | Literal["refused"] | None = None

    def __repr__(self) -> str:
        return f"{self.name} ({len(self.data)} bytes)"
