"""The wheel holds all that the package needs, and nothing that it does not."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from serving import ROOT

SHIPPED = {".py", ".html", ".js", ".css", ".svg", ".jpg", ".png", ".md", ".typed"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    build = f"from flit_core.buildapi import build_wheel; print(build_wheel({str(target)!r}))"
    done = subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True, text=True)
    return target / done.stdout.strip()


def package_files() -> set[str]:
    source = ROOT / "src"
    return {
        path.relative_to(source).as_posix()
        for path in (source / "crosspatch").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if name.startswith("crosspatch/")}
    assert names == package_files()
    assert {Path(name).suffix for name in names} <= SHIPPED


def test_the_wheel_has_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "crosspatch=crosspatch.cli:main" in archive.read(entry_points).decode().replace(" ", "")


def test_an_installed_wheel_serves_the_page(wheel: Path, tmp_path: Path) -> None:
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    ask = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from crosspatch.web.app import create_app; from crosspatch.web.settings import load_settings\n"
        f"app = create_app(load_settings(store={str(tmp_path / 'store')!r})); client = app.test_client()\n"
        "assert sys.modules['crosspatch'].__file__.startswith(sys.path[0])\n"
        "print([client.get(path).status_code for path in ('/', '/static_files/style.css', '/static_files/app.js')])"
    )
    done = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[200, 200, 200]"
