"""The document of metrics. In goes the catalogue, out come the texts of docs/metrics.md and docs/boundary.svg."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from metrics_doc.document import document
from metrics_doc.drawing import drawing
from metrics_doc.prose import slug

__all__ = ["DOCS", "slug", "texts"]

DOCS = Path(__file__).parents[2] / "docs"


@cache
def texts() -> dict[str, str]:
    """Each file of `docs` that is generated, by name."""
    return {"metrics.md": document(), "boundary.svg": drawing()}
