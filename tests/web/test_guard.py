"""Who may ask: headers, hosts, sites and tokens, against the application and through a real browser's own headers."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image, PngImagePlugin

from crosspatch.web.app import create_app
from crosspatch.web.settings import SettingsError, load_settings

TOKEN = "a-token-of-24-characters"
METRICS = "/api/v1/metrics"
ELSEWHERE = "https://elsewhere.example"
Make = Callable[..., FlaskClient]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A service with settings of its own."""

    def made(**settings: Any) -> FlaskClient:
        return create_app(load_settings(store=str(tmp_path / "store"), **settings)).test_client()

    return made


def picture(info: PngImagePlugin.PngInfo | None = None) -> io.BytesIO:
    data = io.BytesIO()
    Image.linear_gradient("L").save(data, "PNG", pnginfo=info)
    return io.BytesIO(data.getvalue())


def kind(response: Any) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    return response.status_code, response.get_json()["type"].rpartition("/")[2]


# Headers


@pytest.mark.parametrize(
    "path", ["/", "/static_files/app.js", METRICS, "/api/docs", "/metrics", "/healthz", "/nowhere"]
)
def test_every_answer_forbids_frames_sniffing_sensors_and_other_sites(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(headers["Permissions-Policy"].split(", "))
    assert "Strict-Transport-Security" not in headers


# Other sites


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ELSEWHERE},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ],
)
def test_a_request_of_another_site_is_refused_in_words(client: FlaskClient, headers: dict[str, str]) -> None:
    for response in (
        client.get(METRICS, headers=headers),
        client.post("/api/v1/images", data={"image": (picture(), "p.png")}, headers=headers),
        client.delete(f"/api/v1/images/{'0' * 64}", headers=headers),
    ):
        assert kind(response) == (403, "foreign-origin")
        assert "CROSSPATCH_ALLOWED_ORIGINS" in response.get_json()["detail"]
        assert "Access-Control-Allow-Origin" not in response.headers


def test_a_form_of_another_site_is_refused_as_a_page(client: FlaskClient) -> None:
    navigation = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    response = client.post("/compare", data={"image": (picture(), "p.png")}, headers=navigation)
    assert (response.status_code, response.mimetype) == (403, "text/html")
    assert "a page of another site sent this request" in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "https://localhost"},  # a proxy speaks TLS, and the service does not know
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_page_and_programs_are_not_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get(METRICS, headers=headers).status_code == 200
    stored = client.post("/api/v1/images", data={"image": (picture(), "p.png")}, headers=headers)
    assert stored.status_code == 201


@pytest.mark.parametrize(
    ("origin", "host"),
    [("http://Example.org".lower(), "Example.org:80"), ("https://[::1]:8443", "[::1]:8443")],
)
def test_an_origin_is_ours_however_its_host_is_written(client: FlaskClient, origin: str, host: str) -> None:
    assert client.get(METRICS, headers={"Origin": origin, "Host": host}).status_code == 200


def test_a_link_on_another_site_may_be_followed(client: FlaskClient) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for path in ("/", "/api/docs", METRICS):
        with client.get(path, headers=link) as response:
            assert response.status_code == 200


def test_an_allowed_origin_may_ask_and_read_even_refusals(make: Make) -> None:
    client = make(allowed_origins=f"{ELSEWHERE}, http://other.example:8000")
    headers = {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"}
    for response in (client.get(METRICS, headers=headers), client.get("/api/v1/nothing", headers=headers)):
        assert response.headers["Access-Control-Allow-Origin"] == ELSEWHERE
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "Origin" in response.vary
        assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]
    assert kind(client.get(METRICS, headers={"Origin": f"{ELSEWHERE}.net"})) == (403, "foreign-origin")
    assert "Origin" in client.get(METRICS).vary


def test_a_preflight_is_answered_for_allowed_origins_alone(make: Make) -> None:
    client = make(allowed_origins=ELSEWHERE, api_token=TOKEN, rate_limit="1/day")
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    for _ in range(2):
        answer = client.options("/api/v1/comparisons", headers={"Origin": ELSEWHERE, **asks})
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, ELSEWHERE)
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    refused = client.options("/api/v1/comparisons", headers={"Origin": "https://nobody.example", **asks})
    assert kind(refused) == (403, "foreign-origin")


# Hosts


@pytest.mark.parametrize("host", ["example.org", "EXAMPLE.org:8080", "a.b.lab.example", "lab.example", "[::1]:8080"])
def test_an_allowed_host_is_answered(make: Make, host: str) -> None:
    client = make(allowed_hosts="Example.org .lab.example,[::1]")
    assert client.get(METRICS, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "notlab.example", "example.org.evil", "example.org:x", "", "[::2]"]
)
def test_another_host_is_refused_in_words(make: Make, host: str) -> None:
    client = make(allowed_hosts="example.org .lab.example [::1]")
    for path in (METRICS, "/", "/metrics", "/nowhere"):
        response = client.get(path, headers={"Host": host})
        assert kind(response) == (400, "unknown-host")
        assert "CROSSPATCH_ALLOWED_HOSTS" in response.get_json()["detail"]


def test_probes_ask_by_address(make: Make) -> None:
    client = make(allowed_hosts="example.org")
    assert [client.get(path, headers={"Host": "10.0.0.7:8080"}).status_code for path in ("/healthz", "/readyz")] == [
        200,
        200,
    ]


def test_without_the_setting_any_host_will_do(client: FlaskClient) -> None:
    assert client.get(METRICS, headers={"Host": "whatever.example"}).status_code == 200


# Token


GUARDED = [
    ("GET", METRICS),
    ("HEAD", METRICS),
    ("POST", "/api/v1/images"),
    ("POST", "/api/v1/baselines"),
    ("GET", "/api/v2"),
]


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_without_the_token_the_api_is_closed(make: Make, method: str, path: str) -> None:
    response = make(api_token=TOKEN).open(path, method=method)
    assert response.status_code == 401
    assert response.headers.getlist("WWW-Authenticate") == [
        'Bearer realm="Crosspatch"',
        'Basic realm="Crosspatch", charset="UTF-8"',
    ]
    if method != "HEAD":
        assert kind(response) == (401, "token-needed")
        assert "Authorization: Bearer" in response.get_json()["detail"]


@pytest.mark.parametrize(
    "given",
    [
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer",
        "Bearer \xe9",
        f"Digest {TOKEN}",
        TOKEN,
        "Basic !!",
        "Basic Og==",
        "Basic \xe9",
    ],
)
def test_a_wrong_token_is_refused_and_not_repeated(make: Make, given: str) -> None:
    response = make(api_token=TOKEN).get(METRICS, headers={"Authorization": given})
    assert kind(response) == (401, "token-needed")
    assert TOKEN[:-1] not in response.text


def test_the_token_opens_the_api_for_programs_and_browsers(make: Make) -> None:
    client = make(api_token=TOKEN)
    assert client.get(METRICS, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert client.get(METRICS, headers={"Authorization": f"bearer {TOKEN}"}).status_code == 200
    assert client.get(METRICS, auth=("anyone", TOKEN)).status_code == 200
    compared = client.post("/compare", data={"image": (picture(), "p.png")}, auth=("", TOKEN))
    assert (compared.status_code, compared.mimetype) == (200, "text/html")


def test_without_scripts_the_form_needs_the_token_too(make: Make) -> None:
    response = make(api_token=TOKEN).post("/compare", data={"image": (picture(), "p.png")})
    assert (response.status_code, response.mimetype) == (401, "text/html")


def test_what_holds_no_picture_stays_open(make: Make) -> None:
    client = make(api_token=TOKEN)
    for path in ("/", "/static_files/app.js", "/api/docs", "/api/v1/openapi.json", "/healthz", "/readyz"):
        with client.get(path) as response:
            assert response.status_code == 200


def test_the_openapi_document_says_that_a_token_is_needed_when_it_is(make: Make) -> None:
    document = make(api_token=TOKEN).get("/api/v1/openapi.json").get_json()
    (name,) = document["security"][0]
    assert document["components"]["securitySchemes"][name] == {"type": "http", "scheme": "bearer"}
    assert "security" not in make().get("/api/v1/openapi.json").get_json()


def test_the_openapi_document_has_every_refusal_at_every_route(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    for operation in (each for path in paths.values() for each in path.values()):
        assert {"400", "401", "403", "414", "429", "431", "500", "503"} <= set(operation["responses"])


@pytest.mark.parametrize("token", ["", "short", "x" * 15, "x" * 257, "with a space in it", "käse" * 5])
def test_a_token_that_protects_nothing_stops_the_start_and_is_not_shown(token: str) -> None:
    with pytest.raises(SettingsError, match=r"^api_token cannot be used: it must be 16 to 256 letters") as refusal:
        load_settings(api_token=token)
    assert not token or token not in str(refusal.value)


def test_the_token_is_not_in_what_settings_look_like() -> None:
    settings = load_settings(api_token=TOKEN)
    assert TOKEN not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("allowed_hosts", "example.org:80"),
        ("allowed_hosts", "*"),
        ("allowed_origins", "elsewhere.example"),
        ("allowed_origins", "https://elsewhere.example/"),
        ("allowed_origins", "null"),
        ("allowed_origins", "*"),
        ("trusted_proxies", "proxy"),
        ("trusted_proxies", "10.0.0.0/33"),
        ("rate_limit", "60"),
        ("rate_limit", "0/minute"),
        ("rate_limit", "60/fortnight"),
    ],
)
def test_a_wrong_value_stops_the_start_in_words(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} is .* and must be "):
        load_settings(**{name: value})


# What strangers write


EVIL = "<script>alert(1)</script>\"'&.png"


def test_names_of_files_and_what_is_in_them_are_never_markup(client: FlaskClient) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", EVIL)
    info.add_itxt("XML:com.adobe.xmp", EVIL)
    stored = client.post("/api/v1/images", data={"image": (picture(info), EVIL)})
    assert "script" not in stored.text
    assert all("script" not in value for value in stored.headers.values() if "self" not in value)
    image = stored.get_json()["id"]
    drawn = client.get(f"/api/v1/images/{image}/rendition?width=32&height=32")
    assert (b"script" in drawn.data, Image.open(io.BytesIO(drawn.data)).info) == (False, {})
    asked = {
        "image": image,
        "format": "html",
        "name": EVIL,
        "class_names": ["<img src=x onerror=alert(1)>", "b"],
        "seed": "1",
    }
    shown = client.get("/api/v1/comparisons", query_string=asked)
    plain = client.post("/compare", data={"image": (picture(info), EVIL)})
    for page in (shown, plain):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_what_a_refusal_repeats_is_never_markup(client: FlaskClient) -> None:
    form = {"image": (picture(), EVIL), "<script>alert(1)</script>": "x", "channel": "<script>alert(1)</script>"}
    page = client.post("/compare", data=form)
    assert (page.status_code, page.mimetype, "<script>" in page.text) == (400, "text/html", False)
    for response in (client.get("/<script>alert(1)</script>"), client.get("/api/v1/images/<script>")):
        assert response.mimetype == "application/problem+json"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
