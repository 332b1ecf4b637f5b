"""The store, on real files and a real Redis: what is kept, for how long, how much, and what is said when it is not."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
import redis

from crosspatch.errors import PictureTooLarge
from crosspatch.web.sealed import seal
from crosspatch.web.settings import Settings, load_settings
from crosspatch.web.shelf import Shelf
from crosspatch.web.shelf_files import FileShelf
from crosspatch.web.shelf_redis import RedisShelf
from crosspatch.web.store import ExpiredImage, ImageStore, StoreUnavailable, UnknownImage, open_store

NEVER = "0" * 64
ABOUT = {"width": 3, "notes": ["ä"]}


@pytest.fixture(params=["files", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "files":
        return load_settings(store=str(tmp_path / "store"))
    address = request.getfixturevalue("redis_address")
    with redis.Redis.from_url(address) as client:
        client.flushdb()
    return load_settings(store=address)


@pytest.fixture
def store(settings: Settings) -> ImageStore:
    return open_store(settings)


@pytest.fixture
def on_files(tmp_path: Path) -> Settings:
    return load_settings(store=str(tmp_path / "store"))


def smaller(settings: Settings, **changes: object) -> ImageStore:
    return open_store(settings.model_copy(update=changes))


def shelf(settings: Settings) -> Shelf:
    return RedisShelf(settings.store) if settings.redis else FileShelf(Path(settings.store))


def keys(settings: Settings) -> list[str]:
    return sorted(entry.key for entry in shelf(settings).entries())


def until(condition: Callable[[], object], timeout_s: float = 10) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "waited in vain"
        os.sched_yield()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gone(store: ImageStore, image_id: str) -> bool:
    try:
        store.about(image_id)
    except ExpiredImage:
        return True
    return False


def test_what_is_put_is_read(store: ImageStore) -> None:
    assert store.read(store.put(b"picture", ABOUT).id) == b"picture"


def test_the_id_is_the_sha256_of_the_bytes(store: ImageStore) -> None:
    assert store.put(b"picture", ABOUT).id == hashlib.sha256(b"picture").hexdigest()


def test_the_description_comes_back_with_the_time_of_expiry(store: ImageStore) -> None:
    stored = store.put(b"picture", ABOUT)
    assert store.about(stored.id) == stored
    assert stored.about == ABOUT


def test_a_picture_expires_after_its_lifetime_in_utc(store: ImageStore, settings: Settings) -> None:
    expires_at = store.put(b"picture", ABOUT).expires_at
    assert expires_at.tzinfo is UTC
    assert 0 <= settings.store_lifetime_s - (expires_at - datetime.now(UTC)).total_seconds() < 10


def test_another_process_sees_the_same_picture(settings: Settings) -> None:
    image_id = open_store(settings).put(b"picture", ABOUT).id
    code = "from crosspatch.web.store import *; from crosspatch.web.settings import load_settings; import sys\n"
    code += "sys.stdout.buffer.write(open_store(load_settings(store=sys.argv[1])).read(sys.argv[2]))"
    run = subprocess.run([sys.executable, "-c", code, settings.store, image_id], capture_output=True, check=True)
    assert run.stdout == b"picture"


def test_putting_again_renews_the_lifetime(settings: Settings) -> None:
    first = smaller(settings, store_lifetime_s=10).put(b"picture", ABOUT)
    renewed = smaller(settings, store_lifetime_s=1000).put(b"picture", ABOUT)
    assert open_store(settings).about(first.id).expires_at == renewed.expires_at > first.expires_at


def test_a_picture_that_never_was_here_is_unknown(store: ImageStore) -> None:
    with pytest.raises(UnknownImage, match="no picture with this id is here: upload it first"):
        store.about(NEVER)


@pytest.mark.parametrize("text", ["", "..", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, f"{NEVER}\n", "é" * 64])
def test_what_is_no_id_never_reaches_the_shelf(store: ImageStore, text: str) -> None:
    for ask in (store.about, store.read, store.delete, lambda text: store.derived(text, "key")):
        with pytest.raises(UnknownImage, match="64 hexadecimal digits"):
            ask(text)


def test_an_expired_picture_is_told_from_one_that_never_was_here(settings: Settings) -> None:
    store = smaller(settings, store_lifetime_s=1)
    image_id = store.put(b"picture", ABOUT).id
    until(lambda: gone(store, image_id))
    with pytest.raises(ExpiredImage, match="no longer here, pictures stay for 1 seconds at most: upload it again"):
        store.read(image_id)


def test_the_time_of_expiry_holds_while_the_bytes_are_still_there(store: ImageStore, settings: Settings) -> None:
    stored = store.put(b"picture", ABOUT)
    past = {"about": ABOUT, "expires_at": datetime.now(UTC).isoformat()}
    shelf(settings).set(f"{stored.id}.about", seal(json.dumps(past).encode()), 100)
    with pytest.raises(ExpiredImage, match="no longer here"):
        store.about(stored.id)
    assert keys(settings) == [f"{stored.id}.seen"]


def test_an_expired_picture_leaves_nothing_but_the_memory_of_it(settings: Settings) -> None:
    store = smaller(settings, store_lifetime_s=1)
    image_id = store.put(b"picture", ABOUT).id
    store.put_derived(image_id, "512x512", b"levels")
    until(lambda: keys(settings) == [f"{image_id}.seen"])
    assert store.usage() == (0, 0)


def test_a_deleted_picture_is_gone_with_all_that_was_derived_from_it(store: ImageStore, settings: Settings) -> None:
    image_id = store.put(b"picture", ABOUT).id
    store.put_derived(image_id, "512x512", b"levels")
    store.delete(image_id)
    assert keys(settings) == [f"{image_id}.seen"]
    with pytest.raises(ExpiredImage):
        store.read(image_id)


def test_deleting_what_never_was_here_is_refused(store: ImageStore) -> None:
    with pytest.raises(UnknownImage):
        store.delete(NEVER)


def test_a_picture_put_again_after_its_deletion_is_here_again(store: ImageStore) -> None:
    store.delete(store.put(b"picture", ABOUT).id)
    assert store.read(store.put(b"picture", ABOUT).id) == b"picture"


def test_derived_data_comes_back_under_its_key_only(store: ImageStore) -> None:
    image_id = store.put(b"picture", ABOUT).id
    store.put_derived(image_id, "512x512", b"levels")
    assert (store.derived(image_id, "512x512"), store.derived(image_id, "64x64")) == (b"levels", None)


def test_derived_data_of_a_picture_that_is_not_here_is_not_kept(store: ImageStore, settings: Settings) -> None:
    store.put_derived(NEVER, "512x512", b"levels")
    assert keys(settings) == []


def test_the_key_of_derived_data_is_never_a_name_in_the_store(store: ImageStore, settings: Settings) -> None:
    image_id = store.put(b"picture", ABOUT).id
    store.put_derived(image_id, "../../etc/passwd", b"levels")
    assert store.derived(image_id, "../../etc/passwd") == b"levels"
    assert all(key.startswith(image_id) and "/" not in key for key in keys(settings))


def test_more_pictures_than_allowed_push_out_what_expires_first(settings: Settings) -> None:
    short, long = smaller(settings, store_lifetime_s=600), smaller(settings, store_lifetime_s=1000, store_max_images=2)
    later = long.put(b"expires later", ABOUT).id
    sooner = short.put(b"expires sooner", ABOUT).id
    newest = long.put(b"newest", ABOUT).id
    assert gone(long, sooner)
    assert (long.read(later), long.read(newest), long.usage()[0]) == (b"expires later", b"newest", 2)


def test_more_bytes_than_allowed_push_out_what_expires_first(settings: Settings) -> None:
    store = smaller(settings, store_max_bytes=5000)
    ids = [store.put(bytes([i]) * 2000, ABOUT).id for i in range(3)]
    assert [gone(store, image_id) for image_id in ids].count(True) == 1
    assert store.read(ids[2]) == b"\2" * 2000
    assert store.usage()[1] <= 5000


def test_the_bytes_of_derived_data_count(settings: Settings) -> None:
    store = smaller(settings, store_max_bytes=5000)
    first = store.put(b"a" * 1000, ABOUT).id
    store.put_derived(first, "key", b"b" * 3000)
    assert 4000 < store.usage()[1] <= 5000
    store.put(b"c" * 2000, ABOUT)
    assert store.usage()[1] <= 5000


def test_derived_data_goes_before_any_picture(settings: Settings) -> None:
    store = smaller(settings, store_max_bytes=5000)
    first, second = store.put(b"a" * 1000, ABOUT).id, store.put(b"b" * 1000, ABOUT).id
    store.put_derived(second, "key", b"d" * 2000)
    third = store.put(b"c" * 1500, ABOUT).id
    assert [gone(store, each) for each in (first, second, third)] == [False, False, False]
    assert store.derived(second, "key") is None


def test_derived_data_pushes_no_picture_out(settings: Settings) -> None:
    store = smaller(settings, store_max_bytes=5000)
    ids = [store.put(bytes([i]) * 2000, ABOUT).id for i in range(2)]
    store.put_derived(ids[1], "key", b"b" * 2000)
    assert [len(store.read(image_id)) for image_id in ids] == [2000, 2000]
    assert store.derived(ids[1], "key") is None


def test_renewing_a_picture_in_a_full_store_pushes_nothing_out(settings: Settings) -> None:
    store = smaller(settings, store_max_bytes=5000, store_max_images=2)
    ids = [store.put(bytes([i]) * 2200, ABOUT).id for i in range(2)]
    store.put(b"\1" * 2200, ABOUT)
    assert [gone(store, image_id) for image_id in ids] == [False, False]


def test_a_picture_larger_than_the_store_is_refused_and_pushes_nothing_out(settings: Settings) -> None:
    store = smaller(settings, store_max_bytes=5000)
    first = store.put(b"picture", ABOUT).id
    with pytest.raises(PictureTooLarge, match="use a smaller picture"):
        store.put(b"x" * 5000, ABOUT)
    assert store.read(first) == b"picture"


def test_usage_counts_pictures_and_all_their_bytes(store: ImageStore) -> None:
    image_id = store.put(b"x" * 1000, ABOUT).id
    before = store.usage()
    store.put_derived(image_id, "key", b"y" * 500)
    after = store.usage()
    assert (before[0], after[0]) == (1, 1)
    assert before[1] >= 1000
    assert 500 <= after[1] - before[1] <= 504  # a file begins with four bytes of its own


def test_what_a_crash_left_without_a_description_counts_and_goes_in_its_turn(settings: Settings) -> None:
    shelf(settings).set(f"{NEVER}.image", b"x" * 4000, 10)
    store = smaller(settings, store_max_bytes=5000)
    assert store.usage()[0] == 0
    assert store.usage()[1] >= 4000
    image_id = store.put(b"y" * 2000, ABOUT).id
    assert keys(settings) == [f"{image_id}.about", f"{image_id}.image", f"{image_id}.seen"]


def test_damaged_bytes_are_never_handed_out_but_deleted(store: ImageStore, settings: Settings) -> None:
    image_id = store.put(b"picture", ABOUT).id
    shelf(settings).set(f"{image_id}.image", b"another", 100)
    with pytest.raises(ExpiredImage, match="damaged"):
        store.read(image_id)
    assert keys(settings) == [f"{image_id}.seen"]


def test_lost_bytes_are_an_expired_picture(store: ImageStore, settings: Settings) -> None:
    image_id = store.put(b"picture", ABOUT).id
    shelf(settings).delete(f"{image_id}.image")
    with pytest.raises(ExpiredImage):
        store.read(image_id)


DAMAGES = (
    *(b"", b"{}", b"[1]", b"\xff", 9999 * b"["),
    *(b'{"about": {}, "expires_at": 7}', b'{"about": {}, "expires_at": "2999-01-01T00:00:00"}'),
)


@pytest.mark.parametrize("damage", [*DAMAGES, *map(seal, DAMAGES)], ids=lambda damage: str(damage[:40]))
def test_a_damaged_description_is_an_expired_picture(store: ImageStore, settings: Settings, damage: bytes) -> None:
    image_id = store.put(b"picture", ABOUT).id
    shelf(settings).set(f"{image_id}.about", damage, 100)
    with pytest.raises(ExpiredImage):
        store.about(image_id)


def test_a_description_with_any_one_byte_changed_is_an_expired_picture(store: ImageStore, settings: Settings) -> None:
    image_id = store.put(b"picture", ABOUT).id
    whole = shelf(settings).get(f"{image_id}.about")
    assert whole is not None
    for place in range(len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        shelf(settings).set(f"{image_id}.about", damaged, 100)
        assert gone(store, image_id), place
    shelf(settings).set(f"{image_id}.about", whole, 100)
    assert store.about(image_id).about == ABOUT


def test_a_pickle_in_a_file_is_bytes_and_never_run(on_files: Settings, tmp_path: Path) -> None:
    store, bomb = open_store(on_files), pickle.dumps(Bomb(tmp_path / "ran"))
    image_id = store.put(b"picture", ABOUT).id
    (Path(on_files.store) / f"{image_id}.about").write_bytes(b"\xff" * 4 + bomb)
    with pytest.raises(ExpiredImage, match="damaged"):
        store.about(image_id)
    assert not (tmp_path / "ran").exists()


def test_a_pickle_in_redis_is_bytes_and_never_run(redis_address: str, tmp_path: Path) -> None:
    store, bomb = open_store(load_settings(store=redis_address)), pickle.dumps(Bomb(tmp_path / "ran"))
    image_id = store.put(b"picture", ABOUT).id
    with redis.Redis.from_url(redis_address) as client:
        client.set(f"crosspatch:{image_id}.about", b"!" + bomb, ex=100)
    with pytest.raises(ExpiredImage, match="damaged"):
        store.about(image_id)
    assert not (tmp_path / "ran").exists()


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_only_so_many_of_the_gone_are_remembered(settings: Settings) -> None:
    place = shelf(settings)
    for i in range(1010):
        place.set(f"{i:064x}.seen", b"", 1000 + i)
    store = open_store(settings)
    store.put(b"picture", ABOUT)
    assert len([key for key in keys(settings) if key.endswith(".seen")]) == 1000
    with pytest.raises(UnknownImage):
        store.about(f"{0:064x}")


def test_a_store_that_works_is_ready_and_left_as_it_was(store: ImageStore, settings: Settings) -> None:
    store.ready()
    assert keys(settings) == []


class CrowdedShelf(FileShelf):
    """Lets another process, as it were, put a picture between our measuring and our writing."""

    other: Callable[[], object] | None = None

    def set(self, key: str, data: bytes, lifetime_s: int) -> None:
        other, self.other = self.other, None
        if other is not None:
            other()
        super().set(key, data, lifetime_s)


def test_a_picture_that_another_process_put_meanwhile_counts(on_files: Settings) -> None:
    crowded = CrowdedShelf(Path(on_files.store))
    crowded.other = lambda: open_store(on_files).put(b"another", ABOUT)
    store = ImageStore(crowded, lifetime_s=1000, max_images=1, max_bytes=5000)
    assert store.read(store.put(b"picture", ABOUT).id) == b"picture"
    assert store.usage()[0] == 1


def test_room_is_made_before_a_picture_is_written(on_files: Settings) -> None:
    crowded = CrowdedShelf(Path(on_files.store))
    store = ImageStore(crowded, lifetime_s=1000, max_images=1, max_bytes=5000)
    store.put(b"picture", ABOUT)
    kept: list[int] = []
    crowded.other = lambda: kept.append(store.usage()[0])
    store.put(b"another", ABOUT)
    assert kept == [0]


def put_many(settings_and_first: tuple[dict[str, object], int]) -> None:
    settings, first = settings_and_first
    store = open_store(load_settings(**settings))
    for i in range(first, first + 15):
        image_id = store.put(bytes([i]) * 1000, {"i": i}).id
        try:
            if store.read(image_id) != bytes([i]) * 1000:
                raise AssertionError("a picture was read that was not put")
        except ExpiredImage:
            pass  # another process needed the room


def test_several_processes_at_once_keep_the_bounds_and_leave_no_part(settings: Settings) -> None:
    bounded = {"store": settings.store, "store_max_images": 5, "store_max_bytes": 20_000}
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as processes:
        list(processes.map(put_many, [(bounded, first) for first in (0, 20, 40)]))
    images, length = open_store(load_settings(**bounded)).usage()
    assert 0 < images <= 5
    assert length <= 20_000
    assert settings.redis or list(Path(settings.store).glob("*.partial")) == []


def test_a_directory_is_made_for_this_user_alone(on_files: Settings) -> None:
    open_store(on_files).put(b"picture", ABOUT)
    directory = Path(on_files.store)
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in directory.iterdir()} == {0o600}


def test_expired_files_are_removed_from_the_disk_when_the_store_is_measured(on_files: Settings) -> None:
    image_id = open_store(on_files).put(b"picture", ABOUT).id
    for file in Path(on_files.store).iterdir():
        os.utime(file, (0, 0))
    open_store(on_files).usage()
    assert list(Path(on_files.store).glob(f"{image_id}*")) == []


def test_files_of_others_are_left_alone(on_files: Settings) -> None:
    store = open_store(on_files)
    other = Path(on_files.store) / "thesis.txt"
    other.write_text("years of work")
    os.utime(other, (0, 0))
    store.put(b"picture", ABOUT)
    assert (other.read_text(), store.usage()[0]) == ("years of work", 1)


def test_a_part_that_a_crash_left_is_removed_once_it_is_old(on_files: Settings) -> None:
    store = open_store(on_files)
    fresh, old = Path(on_files.store) / "a.partial", Path(on_files.store) / "b.partial"
    for part in (fresh, old):
        part.write_bytes(b"part")
    os.utime(old, (0, 0))
    store.usage()
    assert (fresh.exists(), old.exists()) == (True, False)


def test_a_directory_that_cannot_be_made_is_said_with_a_fix(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"the store is full or cannot be written: .*CROSSPATCH_STORE"):
        open_store(load_settings(store=str(tmp_path / "file" / "store")))


def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a directory away")
    os.chown(tmp_path, 12345, 12345)
    with pytest.raises(StoreUnavailable, match="it belongs to another user"):
        open_store(load_settings(store=str(tmp_path)))


def test_a_link_that_another_user_laid_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a link away")
    (tmp_path / "link").symlink_to(tmp_path)
    os.chown(tmp_path / "link", 12345, 12345, follow_symlinks=False)
    with pytest.raises(StoreUnavailable, match="it belongs to another user"):
        open_store(load_settings(store=str(tmp_path / "link")))


# A limit on the size of files fails a write in its middle, as a full disk does.
FULL = """
import resource, signal, sys
from pathlib import Path
from crosspatch.web.settings import load_settings
from crosspatch.web.store import *
store = open_store(load_settings(store=sys.argv[1]))
kept = store.put(b"picture", {}).id
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
for data, about in ((b"x" * 100_000, {}), (b"y", {"notes": "z" * 100_000})):
    try:
        store.put(data, about)
    except StoreUnavailable as fault:
        print(fault)
print(sorted(file.suffix for file in Path(sys.argv[1]).iterdir()), store.read(kept))
"""


def test_a_write_that_fails_in_its_middle_is_said_and_leaves_nothing(on_files: Settings) -> None:
    run = subprocess.run([sys.executable, "-c", FULL, on_files.store], capture_output=True, text=True, check=True)
    *said, left = run.stdout.splitlines()
    words = f"the store is full or cannot be written: {on_files.store}: File too large; make room"
    assert [line.startswith(words) for line in said] == [True, True]
    assert left == "['.about', '.image', '.seen'] b'picture'"
    assert run.stderr == ""


def test_a_directory_that_vanished_is_not_ready(on_files: Settings) -> None:
    store = open_store(on_files)
    Path(on_files.store).rmdir()
    with pytest.raises(StoreUnavailable, match="No such file or directory"):
        store.ready()


def test_a_redis_that_does_not_answer_is_said_without_its_password() -> None:
    store = open_store(load_settings(store=f"redis://me:secret@127.0.0.1:{free_port()}/0"))
    with pytest.raises(StoreUnavailable, match=r"the store at redis://\*\*\*@127\.0\.0\.1:.*refused") as fault:
        store.ready()
    assert "secret" not in str(fault.value)


def test_a_redis_that_hangs_is_given_up_within_seconds() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        store = open_store(load_settings(store=f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
        began_s = time.monotonic()
        with pytest.raises(StoreUnavailable, match="Timeout"):
            store.about(NEVER)
        assert time.monotonic() - began_s < 3.5


def test_a_redis_that_was_started_anew_is_used_again(redis_address: str) -> None:
    store = open_store(load_settings(store=redis_address))
    store.ready()
    with redis.Redis.from_url(redis_address) as client:
        client.client_kill_filter(_type="normal", skipme=True)
    store.ready()


def test_a_full_redis_is_said(redis_address: str) -> None:
    with redis.Redis.from_url(redis_address) as client:
        client.config_set("maxmemory", 1)
        try:
            with pytest.raises(StoreUnavailable, match="cannot be reached or written"):
                open_store(load_settings(store=redis_address)).put(b"picture", ABOUT)
        finally:
            client.config_set("maxmemory", 0)


def test_other_keys_of_a_redis_are_left_alone(redis_address: str) -> None:
    with redis.Redis.from_url(redis_address) as client:
        client.flushdb()
        others = dict.fromkeys((b"thesis", b"crosspatch:thesis"), b"years of work" * 1000)
        client.mset(others)
        store = open_store(load_settings(store=redis_address, store_max_images=1, store_max_bytes=2000))
        store.put(b"picture", ABOUT)
        store.put(b"another", ABOUT)
        images, length = store.usage()
        assert (images, length < 2000, {key: client.get(key) for key in others}) == (1, True, others)


def test_every_key_in_redis_expires_by_itself(redis_address: str) -> None:
    with redis.Redis.from_url(redis_address) as client:
        client.flushdb()
        open_store(load_settings(store=redis_address)).put(b"picture", ABOUT)
        assert all(client.ttl(key) > 0 for key in client.scan_iter())
