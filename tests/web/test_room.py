"""Memory that several processes share: small pictures at once, a large one alone, nobody passed, nothing lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from crosspatch.web.room import Room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(100, 2, tmp_path)


class Asker:
    """Someone who enters in a thread of its own, and stays until told."""

    def __init__(self, room: Room, needed_bytes: int) -> None:
        self.is_in, self._leave = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._stay, args=(room, needed_bytes), daemon=True)
        self._thread.start()

    def _stay(self, room: Room, needed_bytes: int) -> None:
        with room.entered(needed_bytes):
            self.is_in.set()
            self._leave.wait(20)

    def leave(self) -> None:
        self._leave.set()
        self._thread.join(20)

    @property
    def waits(self) -> bool:
        return not self.is_in.wait(0.1)


def test_each_worker_has_an_equal_share_and_a_lone_process_has_all(room: Room) -> None:
    assert (room.share_bytes, Room(100).share_bytes) == (50, 100)
    with Room(100).entered(100), Room(100).entered(100):
        pass


def test_what_fits_a_share_goes_on_at_once(room: Room) -> None:
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(room.entered(50))


@pytest.mark.parametrize(("first", "second"), [(51, 1), (1, 51), (100, 100)])
def test_what_exceeds_a_share_is_alone(room: Room, first: int, second: int) -> None:
    with room.entered(first):
        asker = Asker(room, second)
        assert asker.waits
    assert asker.is_in.wait(20)
    asker.leave()


def test_whoever_waits_for_all_is_not_passed(room: Room) -> None:
    first = Asker(room, 1)
    assert first.is_in.wait(20)
    large = Asker(room, 100)
    assert large.waits
    later = Asker(room, 1)
    assert later.waits
    first.leave()
    assert large.is_in.wait(20)
    assert later.waits
    large.leave()
    assert later.is_in.wait(20)
    later.leave()


def test_a_process_that_dies_gives_its_place_back(room: Room) -> None:
    code = f"""
from pathlib import Path
from crosspatch.web.room import Room
with Room(100, 2, Path({str(room.directory)!r})).entered(100):
    print("in", flush=True)
    input()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        asker = Asker(room, 1)
        assert asker.waits
        other.kill()
    assert asker.is_in.wait(20)
    asker.leave()
