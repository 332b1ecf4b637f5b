"""What a file is that Crosspatch cannot open. In go its bytes, out come words for the person who sent it."""

_LOOKS_LIKE = (
    (b"%PDF", 0, "a PDF"),
    (b"%!PS", 0, "PostScript"),
    (b"<svg", 0, "an SVG drawing"),
    (b"<?xml", 0, "XML or an SVG drawing"),
    (b"<!DOCTYPE", 0, "a web page"),
    (b"<html", 0, "a web page"),
    (b"PK\x03\x04", 0, "a ZIP archive or an office document"),
    (b"8BPS", 0, "a Photoshop document"),
    (b"ftypavif", 4, "an AVIF picture"),
    (b"ftyphei", 4, "an HEIC picture"),
    (b"ftypmif1", 4, "an HEIC picture"),
    (b"ftyp", 4, "a video"),
    (b"\x1aE\xdf\xa3", 0, "a video"),
    (b"\x00\x00\x01\x00", 0, "an icon"),
    (b"\x00\x00\x00\x0cjP", 0, "a JPEG 2000 picture"),
    (b"\x1f\x8b", 0, "a gzip archive"),
    (b"\x89PNG", 0, "a PNG that is damaged or cut off"),
    (b"\xff\xd8", 0, "a JPEG that is damaged or cut off"),
    (b"WEBP", 8, "a WebP that is damaged or cut off"),
    (b"GIF8", 0, "a GIF that is damaged or cut off"),
    (b"II*\x00", 0, "a TIFF that is damaged or cut off"),
    (b"MM\x00*", 0, "a TIFF that is damaged or cut off"),
)


def looks_like(data: bytes) -> str:
    """A predicate for "it ...": "is empty", "looks like a PDF". Judged by the first bytes, never by the name."""
    if not data:
        return "is empty"
    start = data[:512].lstrip()
    for magic, offset, name in _LOOKS_LIKE:
        if start[offset:].lower().startswith(magic.lower()):
            return f"looks like {name}"
    if not any(byte < 9 for byte in start):
        return "looks like text"
    return "has none of their signatures"
