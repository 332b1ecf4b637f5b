"""What a browser asks for: the page, its static files, the answer without scripts, the API's own page, health."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask_openapi3.openapi import OpenAPI

from crosspatch.web.comparing import compare_shown, pictures, read_form, stand_alone, uploaded_name
from crosspatch.web.documented import complete
from crosspatch.web.prepared import Files
from crosspatch.web.problems import PLAIN_PATH

STATIC_FILES = Files(Path(__file__).parent / "static_files")
SWAGGER_FILES = Files(Path(str(files("flask_openapi3_swagger"))) / "templates" / "swagger")

pages = Blueprint("pages", __name__, template_folder="templates")


@pages.get("/")
def index() -> Response:
    """The page."""
    return STATIC_FILES.answer("index.html")


@pages.get("/static_files/<path:name>")
def static_file(name: str) -> Response:
    """What the page is made of."""
    return STATIC_FILES.answer(name)


@pages.post(PLAIN_PATH)
def compare() -> Response:
    """The report that stands alone, for browsers without scripts."""
    return stand_alone(compare_shown(read_form()), uploaded_name("image"), uploaded_name("test_image"))


@pages.get("/api/v1/openapi.json")
def openapi() -> Response:
    """The OpenAPI document."""
    document = cast(OpenAPI, current_app).api_doc
    complete(document)
    if current_app.config["SETTINGS"].api_token is None:
        document["components"].pop("securitySchemes", None)  # empty: Swagger UI would offer to authorise
    else:
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
    return jsonify(document)


@pages.get("/api/docs")
def docs() -> str:
    """A page to try the API."""
    return render_template("docs.html")


@pages.get("/api/docs/<path:name>")
def docs_file(name: str) -> Response:
    """What that page is made of."""
    return SWAGGER_FILES.answer(name)


@pages.get("/healthz")
def alive() -> Response:
    """Liveness: the process answers."""
    return jsonify({"status": "alive"})


@pages.get("/readyz")
def ready() -> Response:
    """Readiness: a picture can be stored. 503 when it cannot."""
    pictures().store.ready()
    return jsonify({"status": "ready"})
