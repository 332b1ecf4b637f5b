"""Refusals of who asks, not of what is asked. Each says why in words, and what its answer carries besides."""

from __future__ import annotations

from crosspatch.errors import CrosspatchError


class Refusal(CrosspatchError):
    """A request that is turned away before it is looked at. `headers` go with the answer."""

    headers: tuple[tuple[str, str], ...] = ()


class UnknownHost(Refusal):
    """The request names a host that this service is not."""


class ForeignOrigin(Refusal):
    """A page of another site sent the request."""


class TokenNeeded(Refusal):
    """The request carries no token, or a wrong one."""

    # Browsers know the second, ask for it, and send it with all that the page asks for.
    headers = (
        ("WWW-Authenticate", 'Bearer realm="Crosspatch"'),
        ("WWW-Authenticate", 'Basic realm="Crosspatch", charset="UTF-8"'),
    )


class TooOften(Refusal):
    """The client has asked more often than it may. `retry_after_s`, whole seconds, says when to try again."""

    def __init__(self, rate: str, retry_after_s: int) -> None:
        super().__init__(f"you may ask {rate.replace('/', ' times per ')}: try again in {retry_after_s} s")
        self.headers = (("Retry-After", str(retry_after_s)),)
