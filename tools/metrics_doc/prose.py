"""Small things of Markdown. In go words, out come words."""

from __future__ import annotations

import inspect
import re


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def paragraphs(of: object) -> list[str]:
    """The docstring of a module or a class, a line for each paragraph."""
    return [" ".join(part.split()) for part in (inspect.getdoc(of) or "").split("\n\n")]


def docstring(of: object) -> str:
    """The docstring of a class as one paragraph."""
    return " ".join(paragraphs(of))
