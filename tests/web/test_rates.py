"""How often a client may ask, and who the client is, with and without proxies, in memory and in Redis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from crosspatch.web.admission import networks_of
from crosspatch.web.app import create_app
from crosspatch.web.proxies import Proxies
from crosspatch.web.settings import load_settings

METRICS = "/api/v1/metrics"
Make = Callable[..., FlaskClient]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(**settings: Any) -> FlaskClient:
        return create_app(load_settings(**{"store": str(tmp_path / "store"), **settings})).test_client()

    return made


def ask(client: FlaskClient, address: str = "192.0.2.1", forwarded: str | None = None) -> int:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    response = client.get(METRICS, headers=headers, environ_base={"REMOTE_ADDR": address})
    return response.status_code


def test_by_default_nobody_is_limited(client: FlaskClient) -> None:
    assert {ask(client) for _ in range(100)} == {200}


def test_who_asks_too_often_is_told_when_to_try_again(make: Make) -> None:
    client = make(rate_limit="3/hour")
    assert [ask(client) for _ in range(3)] == [200, 200, 200]
    refused = client.get(METRICS, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    wait_s = int(refused.headers["Retry-After"])
    assert 3500 < wait_s <= 3601
    problem = refused.get_json()
    assert (problem["type"], problem["detail"]) == (
        "/problems/too-often",
        f"you may ask 3 times per hour: try again in {wait_s} s",
    )


def test_each_client_has_a_rate_of_its_own(make: Make) -> None:
    client = make(rate_limit="1/hour")
    assert [ask(client, each) for each in ("192.0.2.1", "192.0.2.1", "192.0.2.2")] == [200, 429, 200]


def test_addresses_of_one_network_of_ipv6_are_one_client(make: Make) -> None:
    client = make(rate_limit="1/hour")
    addresses = ("2001:db8::1", "2001:db8::2:3", "2001:db8:0:1::1", "::ffff:192.0.2.1", "192.0.2.1")
    assert [ask(client, each) for each in addresses] == [200, 429, 200, 200, 429]


def test_the_page_and_probes_are_not_limited(make: Make) -> None:
    client = make(rate_limit="1/hour")
    for path in ("/", "/static_files/app.js", "/healthz", "/readyz", "/metrics", "/api/docs", "/api/v1/openapi.json"):
        for _ in range(2):
            with client.get(path) as response:
                assert response.status_code == 200


def test_the_form_without_scripts_is_limited(make: Make) -> None:
    client = make(rate_limit="1/hour")
    assert [client.post("/compare").status_code for _ in range(2)] == [400, 429]


def test_guesses_at_the_token_are_limited(make: Make) -> None:
    client = make(rate_limit="2/hour", api_token="a-token-of-24-characters")
    assert [ask(client) for _ in range(3)] == [401, 401, 429]


def test_a_stranger_cannot_pass_for_others(make: Make) -> None:
    client = make(rate_limit="1/hour")
    assert [ask(client, forwarded=f"198.51.100.{each}") for each in range(3)] == [200, 429, 429]
    client = make(rate_limit="1/hour", trusted_proxies="10.0.0.0/8")
    assert [ask(client, forwarded=f"198.51.100.{each}") for each in range(3)] == [200, 429, 429]


def test_behind_a_trusted_proxy_clients_are_told_apart_and_cannot_pass_for_others(make: Make) -> None:
    client = make(rate_limit="1/hour", trusted_proxies="10.0.0.0/8, 2001:db8::5")
    behind = [ask(client, "10.1.1.1", each) for each in ("198.51.100.1", "198.51.100.1", "198.51.100.2")]
    assert behind == [200, 429, 200]
    assert ask(client, "10.1.1.1", "203.0.113.9, 198.51.100.1") == 429  # the first was made up


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9,198.51.100.1,10.9.9.9", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "," * 5000, "10.0.0.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_last_address_that_no_trusted_proxy_has(
    peer: str, forwarded: str | None, client: str
) -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    Proxies(lambda seen, _: [], networks_of("10.0.0.0/8"))(environ, lambda *_: lambda _: None)
    assert environ["REMOTE_ADDR"] == client


def test_replicas_count_together_in_redis(make: Make, redis_address: str) -> None:
    settings = {"store": redis_address, "rate_limit": "3/hour"}
    one, other = make(**settings), make(**settings)
    assert [ask(each, "192.0.2.77") for each in (one, other, one, other, one)] == [200, 200, 200, 429, 429]
    refused = other.get(METRICS, environ_base={"REMOTE_ADDR": "192.0.2.77"})
    assert 3500 < int(refused.headers["Retry-After"]) <= 3601
    with one.get("/readyz") as ready:
        assert ready.status_code == 200


def test_a_redis_that_is_away_is_said_and_lets_nobody_pass(make: Make) -> None:
    client = make(store="redis://me:secret@127.0.0.1:1/0", rate_limit="3/hour")
    response = client.get(METRICS)
    assert (response.status_code, response.get_json()["type"]) == (503, "/problems/store-unavailable")
    assert "secret" not in response.text
