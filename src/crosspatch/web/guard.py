"""Who may ask. In goes a request, out comes nothing when it may pass, or a refusal before anything is read or computed.

In this order: the host that it names, the site that it comes from, how often its client has asked, its token.
"""

from __future__ import annotations

import hmac

from flask import Flask, Response, request

from crosspatch.web.admission import hosts_of, networks_of, origins_of, rate_of
from crosspatch.web.origins import Origins
from crosspatch.web.proxies import Proxies
from crosspatch.web.rates import Rates
from crosspatch.web.refusals import ForeignOrigin, TokenNeeded, UnknownHost
from crosspatch.web.settings import Settings

# Whoever asks for these asks this machine by its address, and learns no more than whether it is there.
_PROBES = frozenset({"/healthz", "/readyz"})
# The same everywhere, and needed to learn how to use a token.
_OPEN = ("/api/docs", "/api/v1/openapi.json")
_MEASUREMENTS = "/metrics"


def guard(app: Flask, settings: Settings) -> None:
    """Guard an application. Call it before anything else looks at requests."""
    checks = _Guard(settings)
    app.before_request(checks.admit)
    app.after_request(lambda response: checks.origins.admit(request, response))
    app.wsgi_app = Proxies(app.wsgi_app, networks_of(settings.trusted_proxies))  # type: ignore[method-assign]


class _Guard:
    def __init__(self, settings: Settings) -> None:
        self._hosts = hosts_of(settings.allowed_hosts)
        self._by_address = _PROBES if settings.metrics_port is None else _PROBES | {_MEASUREMENTS}
        self.origins = Origins(origins_of(settings.allowed_origins))
        rate = rate_of(settings.rate_limit)
        self._rates = None if rate is None else Rates(rate, settings)
        self._token = None if settings.api_token is None else settings.api_token.get_secret_value().encode()

    def admit(self) -> Response | None:
        """The answer to a preflight, otherwise None. Raises a Refusal."""
        self._check_host()
        if self.origins.refuses(request):
            raise ForeignOrigin(
                "a page of another site sent this request: name that site in CROSSPATCH_ALLOWED_ORIGINS to let it"
            )
        preflight = self.origins.preflight(request)
        if preflight is None and _is_api():
            if self._rates is not None:
                self._rates.count(request.remote_addr)
            self._check_token()
        return preflight

    def _check_host(self) -> None:
        if not self._hosts or request.path in self._by_address:
            return
        name = _without_port(request.headers.get("Host", "").lower())
        if not any(name == each.removeprefix(".") or (each[0] == "." and name.endswith(each)) for each in self._hosts):
            raise UnknownHost("this service goes by another name: CROSSPATCH_ALLOWED_HOSTS lists those it answers to")

    def _check_token(self) -> None:
        if self._token is None:
            return
        secret = _secret()
        if secret is None:
            raise TokenNeeded("this service asks for a token: send it as `Authorization: Bearer ...`")
        if not hmac.compare_digest(secret.encode(errors="replace"), self._token):
            raise TokenNeeded("that is not the token of this service: CROSSPATCH_API_TOKEN was set to another")


def _secret() -> str | None:
    """What the request brings as a token, a browser as the password of anyone."""
    try:
        given = request.authorization
    except ValueError:  # Werkzeug's, of letters that are not in Base64
        return None
    return None if given is None else given.token if given.type == "bearer" else given.password


def _is_api() -> bool:
    """Whether pictures could be reached by it: the API, and the form of a browser without scripts."""
    if request.path == "/compare":
        return request.method == "POST"
    return request.path.startswith("/api/") and not request.path.startswith(_OPEN)


def _without_port(host: str) -> str:
    name, _, port = host.rpartition(":")
    return name if port.isdecimal() and name else host
