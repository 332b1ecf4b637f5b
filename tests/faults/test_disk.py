"""Disks that are full, read-only or gone, and files that are damaged, for real: on a small file system.

Every request gets what is right, or a clear refusal; readiness tells the truth; all is well again afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from load import Answer, Service, need, service, until
from samples import id_of, picture

FIRST, OTHER = picture(1), picture(2)
# Larger than what a form keeps in memory: it is laid aside in the temporary directory, on the same disk.
LARGE = picture(3, 700, 600)
MOUNTS = "mount --make-rprivate / && mount -t tmpfs -o size=4m,nr_inodes=300 none {0} && mkdir {0}/tmp"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    need("mount", present=_may_mount())
    room = tmp_path_factory.mktemp("service")
    disk = room / "disk"
    disk.mkdir()
    environment = {"TMPDIR": str(disk / "tmp")}
    with service(room, environment, MOUNTS.format(disk), store=disk / "store", cache_bytes=0) as found:
        yield found


@pytest.fixture
def disk(running: Service) -> Path:
    return running.inside(running.room / "disk")


@pytest.fixture(scope="module")
def pixels(running: Service) -> bytes:
    running.upload(FIRST)
    return running.pixels(id_of(FIRST)).body


def test_a_full_disk(running: Service, disk: Path, stored: str, pixels: bytes) -> None:
    with _full_of_bytes(disk):
        _refuses_but_serves(running, stored, pixels)
        assert running.ask(f"/api/v1/images/{stored}", "DELETE").status == 204
        assert running.ask(f"/api/v1/images/{stored}").status == 404
    _is_well(running, pixels)
    assert not list((disk / "store").glob("*.partial"))


def test_a_disk_without_inodes(running: Service, disk: Path, stored: str, pixels: bytes) -> None:
    with _full_of_files(disk):
        _refuses_but_serves(running, stored, pixels)
    _is_well(running, pixels)


def test_a_read_only_disk(running: Service, disk: Path, stored: str, pixels: bytes) -> None:
    with _read_only(running, running.room / "disk"):
        _refuses_but_serves(running, stored, pixels)
        refused = running.ask(f"/api/v1/images/{stored}", "DELETE")
        assert (refused.status, refused.is_clear()) == (503, True)
    _is_well(running, pixels)


def test_a_store_that_is_gone(running: Service, disk: Path, stored: str, pixels: bytes) -> None:
    shutil.rmtree(disk / "store")
    _says_why(running.ask("/readyz"))
    _says_why(running.upload(OTHER))
    assert {running.compare(stored).status, running.pixels(stored).status} <= {404, 503}
    (disk / "store").mkdir(mode=0o700)
    _is_well(running, pixels)


def test_a_full_disk_that_is_written_by_many_shows_no_part(running: Service, disk: Path, stored: str) -> None:
    """The disk fills while pictures come: whatever was answered 201 is whole."""
    filler, answers = disk / "filler", []
    for turn in range(40):
        data = picture(100 + turn, 160, 120)
        answers.append((data, running.upload(data)))
        with filler.open("ab") as file, suppress(OSError):
            file.write(bytes(60_000))
    assert {answer.status for _, answer in answers} == {201, 503}
    assert all(answer.is_clear() for _, answer in answers)
    for data, answer in answers:
        described = running.ask(f"/api/v1/images/{id_of(data)}")
        assert described.status == 200 if answer.status == 201 else described.status in (200, 404)
        image = disk / "store" / f"{id_of(data)}.image"
        assert image.read_bytes()[4:] == data if described.status == 200 else not image.exists()
    filler.unlink()
    for data, _ in answers:
        running.ask(f"/api/v1/images/{id_of(data)}", "DELETE")


def _truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _empty(file: Path) -> None:
    os.truncate(file, 0)


def _directory(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "inside").touch()


def _link(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.with_name(f"{id_of(OTHER)}{file.suffix}").name)


def _loop(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.name)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _huge(file: Path) -> None:
    os.truncate(file, 2**33)


DAMAGES = (_truncate, _flip, _empty, _directory, _link, _loop, _pipe, _huge)


@pytest.mark.parametrize("word", ["about", "image", "seen"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file(
    running: Service, disk: Path, stored: str, pixels: bytes, word: str, damage: Callable[[Path], None]
) -> None:
    assert running.upload(OTHER).status == 201
    damage(disk / "store" / f"{stored}.{word}")
    for answer in (running.pixels(stored), running.ask(f"/api/v1/images/{stored}")):
        assert answer.status in (200, 404), answer.body
        assert answer.is_clear()
    answer = running.pixels(stored)
    assert answer.body == pixels if answer.status == 200 else answer.status == 404
    assert running.upload(picture(5)).status == 201, "others are not touched"
    assert running.ask("/metrics").status == 200
    _is_well(running, pixels)


def test_a_full_memory_disk_kills_no_worker_that_counts(tmp_path: Path) -> None:
    """Files mapped into memory are written where there is room: the kernel kills who writes into a hole (SIGBUS)."""
    need("mount", present=_may_mount())
    script = "mount --make-rprivate / && mount -t tmpfs -o size=1m none /dev/shm"
    with service(tmp_path, None, script) as running:
        workers, server = running.workers(), running.process.pid
        with _full_of_bytes(running.inside(Path("/dev/shm"))):
            for turn in range(30):  # new routes and statuses, so new counts
                assert running.ask(f"/nothing/{turn}").status == 404
                assert running.upload(picture(turn)).status == 201
                assert running.ask("/api/v1/metrics").status == 200
                assert running.ask("/metrics").status == 200
            assert running.workers() == workers
            # Those that come have no room at all, nor has the first process to add up the counts of the dead.
            for victim in workers:
                os.kill(victim, 9)
            until(lambda: len(running.workers() - workers) == 2)
            until(running.is_ready)
            anew = running.workers()
            assert {running.upload(picture(turn)).status for turn in range(10)} == {201}
            assert running.ask("/metrics").status == 200
            assert (running.workers(), running.process.pid) == (anew, server)
        assert "SIGBUS" not in running.log
        assert "no room to count" in running.log
        assert "Traceback" not in running.log


def _refuses_but_serves(running: Service, stored: str, pixels: bytes) -> None:
    _says_why(running.ask("/readyz"))
    _says_why(running.upload(OTHER))
    _says_why(running.upload(LARGE))
    assert running.pixels(stored).body == pixels
    assert running.compare(stored).status == 200
    assert {running.ask(path).status for path in ("/", "/healthz", "/metrics", "/api/v1/metrics")} == {200}


def _says_why(answer: Answer) -> None:
    assert (answer.status, answer.json["type"]) == (503, "/problems/store-unavailable"), answer.body
    assert "make room" in answer.json["detail"]


def _is_well(running: Service, pixels: bytes) -> None:
    assert running.ask("/readyz").status == 200
    for data in (FIRST, OTHER, LARGE):
        assert running.upload(data).status == 201
    assert running.pixels(id_of(FIRST)).body == pixels
    assert running.compare(id_of(OTHER)).status == 200


@contextmanager
def _full_of_bytes(disk: Path) -> Iterator[None]:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                pass
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def _full_of_files(disk: Path) -> Iterator[None]:
    fillers = disk / "fillers"
    fillers.mkdir()
    try:
        try:
            for number in range(1000):
                (fillers / str(number)).touch()
        except OSError:
            pass
        yield
    finally:
        shutil.rmtree(fillers)


@contextmanager
def _read_only(running: Service, disk: Path) -> Iterator[None]:
    def remount(how: str) -> None:
        inside = ("nsenter", "--target", str(running.process.pid), "--mount")
        subprocess.run([*inside, "mount", "-o", f"remount,{how}", str(disk)], check=True)

    remount("ro")
    try:
        yield
    finally:
        remount("rw")


def _may_mount() -> bool:
    trial = ["unshare", "--mount", "sh", "-c", "mount --make-rprivate / && mount -t tmpfs none /mnt"]
    try:
        return subprocess.run(trial, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
