"""Defaults of settings that follow from the machine or from other settings. In go those, out come values."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What requests may hold besides pictures, with room to spare.
_FIELDS_BYTES = 2**20


def own_directory() -> str:
    """A directory for this user alone."""
    return str(Path(tempfile.gettempdir()) / f"crosspatch-{os.geteuid()}")


def processors() -> int:
    """How many processors there are."""
    return os.cpu_count() or 1


def four_each(settings: dict[str, Any]) -> int:
    """Four times as many as compute at once."""
    return 4 * int(settings.get("computations", 1))


def four_files(settings: dict[str, Any]) -> int:
    """The bytes of four pictures."""
    return files_at_least(4, settings)


def files_at_least(count: int, settings: Mapping[str, Any]) -> int:
    """The bytes of so many pictures, the largest that are taken, with the fields of their requests."""
    return _FIELDS_BYTES + count * int(settings.get("max_upload_bytes", 0))
