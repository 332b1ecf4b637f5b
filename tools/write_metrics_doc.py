"""Writes docs/metrics.md, what every metric of the catalogue means, and its drawing, docs/boundary.svg."""

from __future__ import annotations

from metrics_doc import DOCS, texts

if __name__ == "__main__":
    for name, text in texts().items():
        (DOCS / name).write_text(text, encoding="utf-8")
