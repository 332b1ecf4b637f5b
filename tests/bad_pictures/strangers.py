"""What is no picture of a format that is read, and what is a picture and something else at the same time."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator

from files import encoded
from PIL import Image

from bad_pictures.cases import Case
from bad_pictures.small import RGB, SIZE, SMALL

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>'
_ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'
_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 6\n(/etc/passwd) (r) file\nshowpage\n"
_SCRIPT = b"<script>alert(document.cookie)</script>"
_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>"
# Formats that the decoder's library knows and that are not on the list.
_UNLISTED = ("AVIF", "DDS", "EPS", "ICNS", "ICO", "JPEG2000", "MSP", "PCX", "PPM", "QOI", "SGI", "SPIDER",
             "TGA", "XBM")  # fmt: skip


def strangers() -> Iterator[Case]:
    """Nothing, text, programs, archives, and pictures of formats that are not read."""
    image = Image.fromarray(RGB).resize((16, 16))
    texts = {"nothing": b"", "one byte": b"\x89", "zeros": bytes(1000), "many zeros": bytes(5 * 2**20), "text": b"no\n"}
    drawings = {"SVG": _SVG, "SVG of entities": _ENTITIES, "EPS": _EPS, "PDF": _PDF, "web page": b"<html>" + _SCRIPT}
    others = {
        "ZIP": _zip(),
        "gzip": gzip.compress(SMALL["PNG"], mtime=0),
        "program": b"\x7fELF\2\1\1" + bytes(100),
        "shell script": b"#!/bin/sh\nrm -rf /\n",
        "PSD": b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\6\0\0\0\x08\0\x08\0\3" + bytes(12) + bytes(200),
        "WMF": b"\xd7\xcd\xc6\x9a" + bytes(100),
        "FLI": b"\x80\0\0\0\x11\xaf\xff\xff" + bytes(200),
        "unknown of RIFF": b"RIFF\x24\0\0\0WAVEfmt " + bytes(28),
        "HEIC": b"\0\0\0\x18ftypheic" + bytes(100),
        "video": b"\0\0\0\x18ftypisom" + bytes(100),
        "pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
    }
    for name, data in (texts | drawings | others).items():
        yield Case(name, data, "refused")
    for form in _UNLISTED:
        yield Case(f"{form} of Pillow", _of_pillow(image, form), "refused")


def polyglots() -> Iterator[Case]:
    """A picture with something behind it is that picture; something with a picture behind it is none."""
    wrapped = {"a script": _SCRIPT, "a ZIP": _zip(), "a PDF": _PDF, "an SVG": _SVG, "zeros": bytes(100_000)}
    for name, data in SMALL.items():
        for what, other in wrapped.items():
            yield Case(f"{name} with {what} behind", data + other, SIZE)
            yield Case(f"{what} with {name} behind", other + data, "refused")
        for second in ("PNG", "JPEG", "GIF"):
            yield Case(f"{name} with {second} behind", data + SMALL[second], SIZE)
    for name, data in _scripts_that_are_pictures().items():
        yield Case(name, data)


def _scripts_that_are_pictures() -> dict[str, bytes]:
    """Files whose first bytes are a comment, or an assignment, of a script."""
    gif = SMALL["GIF"]
    comment = b"=1;/*" + _SCRIPT + b"*/"
    jpeg = SMALL["JPEG"]
    return {
        "GIF whose width begins a comment": gif[:6] + b"/*" + gif[8:] + b"*/=1;alert(1)",
        "GIF with a script in its comment": gif[:-1] + b"!\xfe" + bytes([len(comment)]) + comment + b"\0;",
        "JPEG with a script in its comment": jpeg[:2] + b"\xff\xfe\0" + bytes([len(comment) + 2]) + comment + jpeg[2:],
        "BMP whose length begins a comment": b"BM/*" + SMALL["BMP"][4:] + b"*/=1;",
    }


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), bytes(10**6), zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo("../../etc/passwd"), b"x")
    return out.getvalue()


def _of_pillow(image: Image.Image, form: str) -> bytes:
    mode = {"SPIDER": "F", "MSP": "1", "XBM": "1"}.get(form, "RGB")
    return encoded(image.convert(mode), form)
