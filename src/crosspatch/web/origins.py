"""Requests of other sites' pages. In goes a request, out come whether it is one, and what lets a browser pass it on.

What counts is what browsers say and pages cannot: `Sec-Fetch-Site`, and `Origin` where a browser sends no such header
(to plain HTTP on another machine). Programs that are no browsers send neither, and are not concerned.
"""

from __future__ import annotations

from flask import Request, Response

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})
_PORT = {"http": ":80", "https": ":443"}
_API = "/api/"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "600",
}
_EXPOSED = "ETag, Location, Retry-After, X-Request-ID"


class Origins:
    """Tells the service's own page and `allowed` origins from all others."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed

    def refuses(self, request: Request) -> bool:
        """Whether a page of another site asks for what only our own may: to change something, or to use the API.

        A link to an answer of the API may stand anywhere: who follows it reads it, and the other site does not.
        """
        if request.method in _READS and (not request.path.startswith(_API) or _is_followed_link(request)):
            return False
        return not self._allows(request) and _is_foreign(request)

    def preflight(self, request: Request) -> Response | None:
        """The answer to a browser that asks whether it may ask, None for another request."""
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not (asks and request.path.startswith(_API) and self._allows(request)):
            return None
        return Response(status=204, headers=_PREFLIGHT)

    def admit(self, request: Request, response: Response) -> Response:
        """Let an allowed page read an answer of the API."""
        if self._allowed and request.path.startswith(_API):
            response.vary.add("Origin")
            if self._allows(request):
                response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
                response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        return response

    def _allows(self, request: Request) -> bool:
        return request.headers.get("Origin", "") in self._allowed


def _is_foreign(request: Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in _OWN
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    scheme, _, place = origin.partition("://")
    return place != request.headers.get("Host", "").lower().removesuffix(_PORT.get(scheme, ""))


def _is_followed_link(request: Request) -> bool:
    how = request.headers.get("Sec-Fetch-Mode"), request.headers.get("Sec-Fetch-Dest")
    return request.method == "GET" and how == ("navigate", "document")
