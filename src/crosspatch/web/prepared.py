"""Files and other answers that stay the same, compressed once and for all. In goes content, out come answers.

Names do not change with a new version, so every use is asked for anew (`no-cache`) and mostly answered with 304. Not by
Brotli: where memory is short, as `memory` makes it, its library ends the whole process.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from crosspatch.web.tags import tag_of_bytes, tagged
from crosspatch.web.work import in_native_thread

COMPRESSED = frozenset(
    {
        "application/json",
        "application/problem+json",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "image/svg+xml",
    }
)


@dataclass(frozen=True, eq=False)
class Prepared:
    """Content, and the same by each encoding that makes it smaller."""

    content: bytes
    media_type: str
    tag: str
    encoded: Mapping[str, bytes]

    @classmethod
    def of(cls, content: bytes, media_type: str) -> Prepared:
        """Compress the content as far as its type is worth it."""
        encoded: dict[str, bytes] = {}
        if media_type in COMPRESSED:
            data = gzip.compress(content, 9, mtime=0)
            encoded = {"gzip": data} if len(data) < len(content) else {}
        return cls(content, media_type, tag_of_bytes(content), encoded)

    def answer(self) -> Response:
        """The answer to the request: by the encoding that it likes best, a part of it, or 304."""
        # A part is one of the content itself: nobody can decode a part of an encoding.
        ranged = "Range" in request.headers
        encoding = None if ranged else request.accept_encodings.best_match([*self.encoded, "identity"])
        data = self.encoded.get(encoding or "")
        response = Response(self.content if data is None else data, mimetype=self.media_type)
        tagged(response, self.tag if data is None else f"{self.tag}:{encoding}", "no-cache")
        if data is not None:
            response.headers["Content-Encoding"] = str(encoding)
        response.vary.add("Accept-Encoding")
        response.make_conditional(request, accept_ranges=data is None, complete_length=len(self.content))
        return response


class Files:
    """The files of a directory, each prepared at its first use, and again when it has changed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._ready: dict[Path, tuple[tuple[int, int], Prepared]] = {}

    def answer(self, name: str) -> Response:
        """The answer to a request for that file. Raises NotFound."""
        return self._prepared(name).answer()

    def prepare(self) -> None:
        """Prepare all files."""
        for file in sorted(self._directory.rglob("*")):
            if file.is_file():
                self._prepared(file.relative_to(self._directory).as_posix())

    def _prepared(self, name: str) -> Prepared:
        joined = safe_join(str(self._directory), name)
        if joined is None or not os.path.isfile(joined):  # noqa: PTH113  Path.is_file raises for names that are too long
            raise NotFound
        path = Path(joined)  # one for all ways to write its name, "a/../b" too: each would be kept
        facts = path.stat()
        stamp = facts.st_mtime_ns, facts.st_size
        known = self._ready.get(path)
        if known is None or known[0] != stamp:
            media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
            known = self._ready[path] = stamp, in_native_thread(lambda: Prepared.of(path.read_bytes(), media_type))
        return known[1]
