"""What the faults share: a picture that is there, and workers that must outlive whatever is done to `running`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from load import Service
from samples import id_of, picture


@pytest.fixture
def stored(running: Service) -> Iterator[str]:
    assert running.upload(picture(1)).status == 201
    workers = running.workers()
    yield id_of(picture(1))
    assert running.workers() == workers, "no worker has died of it"
    assert "Traceback" not in running.log
