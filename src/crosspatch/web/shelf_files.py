"""A shelf that is a directory, one file for a key, shared by all processes of a machine. In go bytes, out come bytes.

Files are written beside and renamed, so that no reader sees a part. What does not look like ours is left alone.
"""

from __future__ import annotations

import os
import shutil
import stat
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from cachelib.file import FileSystemCache

from crosspatch.web.shelf import KEY, Entry, RawBytes, StoreUnavailable
from crosspatch.web.work import in_native_thread

_PARTIAL = ".partial"
_ABANDONED_S = 600
# When it expires.
_HEAD_BYTES = 4


class _PlainName:
    """A "hash" for cachelib that leaves a key as it is, so that a directory can be read by eye and by prefix."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hexdigest(self) -> str:
        return self._key.decode("ascii")


class _Files(FileSystemCache):
    """cachelib's files, written whole or not at all; the time of a file is when it expires."""

    serializer = cast(Any, RawBytes())

    def set(self, key: str, value: bytes, timeout: Any = None, mgmt_element: bool = False) -> bool:  # noqa: ARG002
        """True; raises OSError, where cachelib would log, return False and leave a part."""
        expires_s = self._normalize_timeout(timeout)
        handle, partial = tempfile.mkstemp(suffix=_PARTIAL, dir=self._path)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(struct.pack("I", expires_s))
                file.write(value)
            os.utime(partial, (expires_s, expires_s))
            Path(partial).replace(self._get_filename(key))
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
        return True

    def _run_safely(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)  # cachelib waits up to 10 s for what only Windows refuses for a moment


class FileShelf:
    """A directory of our own, one file for a key, shared by all processes of a machine."""

    def __init__(self, directory: Path, most_bytes: int = 2**40) -> None:
        """Nothing that has more than `most_bytes` is read: what we keep is smaller."""
        self._directory = directory
        self._most_bytes = most_bytes
        with self._in_our_words():
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check_owner()
            self._files = _Files(str(directory), threshold=0, hash_method=_PlainName)

    def get(self, key: str) -> bytes | None:
        """The bytes; None when there are none, or they expired."""
        with self._in_our_words():
            return in_native_thread(self._read, key)

    def set(self, key: str, data: bytes, lifetime_s: int) -> None:
        """Keep the bytes; all or nothing."""
        with self._in_our_words():
            in_native_thread(self._write, key, data, lifetime_s)

    def delete(self, key: str) -> None:
        """Forget the bytes, if any."""
        with self._in_our_words():
            in_native_thread(_discard, self._directory / key)

    def entries(self) -> list[Entry]:
        """All that is kept. What expired is removed on the way."""
        with self._in_our_words():
            return in_native_thread(lambda: list(self._alive()))

    def _read(self, key: str) -> bytes | None:
        """What is no file of ours, or cannot be one for its length, is none: a pipe would keep us waiting."""
        path = self._directory / key
        try:
            facts = path.lstat()
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(facts.st_mode) or not _HEAD_BYTES <= facts.st_size <= self._most_bytes + _HEAD_BYTES:
            return None
        return cast(bytes | None, self._files.get(key))

    def _write(self, key: str, data: bytes, lifetime_s: int) -> None:
        try:
            self._files.set(key, data, lifetime_s)
        except IsADirectoryError:
            _discard(self._directory / key)
            self._files.set(key, data, lifetime_s)

    def _alive(self) -> Iterator[Entry]:
        now_s = time.time()
        for file in os.scandir(self._directory):
            try:
                facts = file.stat(follow_symlinks=False)
                if file.name.endswith(_PARTIAL):
                    if facts.st_mtime < now_s - _ABANDONED_S:
                        Path(file).unlink()
                elif KEY.fullmatch(file.name):
                    if facts.st_mtime < now_s or not stat.S_ISREG(facts.st_mode):
                        _discard(Path(file))
                    else:
                        yield Entry(file.name, facts.st_size, facts.st_mtime)
            except FileNotFoundError:
                pass  # another process was faster

    def _check_owner(self) -> None:
        for facts in (self._directory.lstat(), self._directory.stat()):
            if facts.st_uid not in (0, os.geteuid()):
                raise PermissionError("it belongs to another user")

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            reason = fault.strerror or fault
            raise StoreUnavailable(
                f"the store is full or cannot be written: {self._directory}: {reason}; "
                "make room, or name another directory in CROSSPATCH_STORE"
            ) from fault


def _discard(path: Path) -> None:
    """Remove a file, or whatever has its name: not what a link points to."""
    try:
        path.unlink(missing_ok=True)
    except (IsADirectoryError, PermissionError):  # the second on systems that are not Linux
        if not path.is_dir() or path.is_symlink():
            raise
        shutil.rmtree(path)
