"""What the tests share: how hypothesis runs, and a few pictures."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from hypothesis import HealthCheck, settings
from numpy.typing import NDArray

settings.register_profile(
    "crosspatch",
    deadline=None,  # a slow machine is no fault
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("crosspatch")


@pytest.fixture
def rng() -> np.random.Generator:
    """The same numbers for every test."""
    return np.random.default_rng(20)


@pytest.fixture(scope="session")
def photograph() -> NDArray[np.uint8]:
    """A colour photograph (512, 512, 3)."""
    return skimage.data.astronaut()


@pytest.fixture(scope="session")
def grey_photograph() -> NDArray[np.uint8]:
    """A grey photograph (512, 512)."""
    return skimage.data.camera()
