"""A service of its own for each test, on a store of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crosspatch.web.app import create_app
from crosspatch.web.settings import load_settings


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return create_app(load_settings(store=str(tmp_path / "store"))).test_client()
