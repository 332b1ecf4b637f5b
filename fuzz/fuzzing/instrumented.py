"""All targets, with coverage compiled into Crosspatch and Pillow. Import this before either of them."""

from __future__ import annotations

import atheris

with atheris.instrument_imports(include=["crosspatch", "PIL"]):
    from fuzzing.targets import TARGETS

__all__ = ["TARGETS"]
