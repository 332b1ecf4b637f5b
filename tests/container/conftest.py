"""An image and a container, made once for all of these tests; tools of their own, installed from a lock with hashes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from container.containers import ROOT, Container, docker, engine_is_here, running

HERE = Path(__file__).parent
STAND_IN = "crosspatch-base:test"
IMAGE = "crosspatch:test"
TOOLS = ROOT / ".venv-container"


@pytest.fixture(scope="session")
def _engine() -> None:
    if not engine_is_here():
        if "docker" in os.environ.get("REQUIRE", ""):
            pytest.fail("REQUIRE names docker, and no Docker engine answers", pytrace=False)
        pytest.skip("no Docker engine answers (tests/container/engine starts one)")


@pytest.fixture(scope="session")
def base(_engine: None) -> str:
    """The base image: the one that CROSSPATCH_TEST_BASE names, or a stand-in for the official one."""
    named = os.environ.get("CROSSPATCH_TEST_BASE")
    if named is None and not docker("images", "--quiet", STAND_IN):
        subprocess.run([HERE / "base-image", STAND_IN], check=True)
    return named or STAND_IN


@pytest.fixture(scope="session")
def image(base: str) -> str:
    """The image, built from this checkout."""
    docker("build", "--build-arg", f"BASE={base}", "--tag", IMAGE, str(ROOT))
    return IMAGE


@pytest.fixture(scope="session")
def container(image: str) -> Iterator[Container]:
    """The service under all its restrictions."""
    with running(image) as found:
        yield found


@pytest.fixture(scope="session")
def tools() -> Path:
    """The directory of hadolint and container-structure-test."""
    lock, mark = ROOT / "requirements-container.txt", TOOLS / ".installed"
    if not mark.exists() or mark.read_text(encoding="utf-8") != lock.read_text(encoding="utf-8"):
        subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
        pip = [TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "--requirement", lock], check=True)
        mark.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
    return TOOLS / "bin"
