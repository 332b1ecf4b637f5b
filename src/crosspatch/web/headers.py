"""The headers that every answer carries. In goes an answer, out comes the same with what browsers may do with it.

Strict-Transport-Security is not among them: it is for whoever has the certificate to promise TLS for a host name.
"""

from __future__ import annotations

from flask import Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI writes style elements and draws with data: images.
DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace("blob:", "data:")
_DENIED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer", "microphone",
    "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with it a form of the page comes with `Origin: null`, as if from elsewhere.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _DENIED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def protect(response: Response) -> Response:
    """Add the headers. An answer that has a policy of its own keeps it."""
    policy = DOCS_POLICY if request.path.startswith("/api/docs") else POLICY
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.update(_ALWAYS)
    return response
