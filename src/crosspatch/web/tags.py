"""What a client already has. In goes what an answer is made of, out comes its ETag, or 304 before anything is computed.

An answer that is a function of its request is known by the request and by the software that would make it: its ETag is
known before it is made. Flask-Compress marks the ETag of what it compressed by a colon and the encoding's name.
"""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from flask import Response, request

import crosspatch

_PACKAGE = Path(crosspatch.__file__).parent
# What numbers, drawings and their text depend on besides our own files.
_SOFTWARE = ("numpy", "scipy", "pillow", "orjson", "jinja2")
_DIGITS = 32


def tag_of_bytes(content: bytes) -> str:
    """The ETag of an answer with this content."""
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def tag_of_request(*parts: object) -> str:
    """The ETag of the answer that this software makes of these parts of a request, JSON values."""
    return tag_of_bytes(json.dumps([_software(), *parts]).encode())


def unchanged(tag: str, cache_control: str) -> Response | None:
    """304 when the client says that it has the answer with this ETag, in whichever encoding; None otherwise."""
    for known in request.if_none_match.as_set(include_weak=True):
        if known.partition(":")[0] == tag:
            response = Response(status=304, headers={"Cache-Control": cache_control})
            response.set_etag(known)
            return response
    return None


def tagged(response: Response, tag: str, cache_control: str) -> Response:
    """The answer with its ETag."""
    response.headers["Cache-Control"] = cache_control
    response.set_etag(tag)
    return response


@cache
def _software() -> str:
    """Our own files, whatever version they are called, and the versions of all else."""
    digest = hashlib.sha256(repr([platform.python_version(), *map(version, _SOFTWARE)]).encode())
    for file in sorted(file for file in _PACKAGE.rglob("*") if file.is_file() and "__pycache__" not in file.parts):
        digest.update(f"{file.relative_to(_PACKAGE)} {file.stat().st_size} ".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
