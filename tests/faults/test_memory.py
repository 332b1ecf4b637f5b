"""Little memory and many who want the same: what needs more is refused, and no worker ends."""

from __future__ import annotations

from pathlib import Path

from load import Clients, service

LARGE = "/api/docs/js/swagger-ui-bundle.js"


def test_many_who_are_first_to_ask_for_a_large_file_end_no_worker(tmp_path: Path) -> None:
    with service(tmp_path, worker_memory_bytes=2**26) as running:
        workers = running.workers()
        with Clients(20, lambda *_: running.ask(LARGE, Accept_Encoding="gzip, br, zstd"), most=2) as many:
            many.wait()
        assert (many.broken, running.workers()) == ([], workers)
        assert {answer.status for answer in many.answers} <= {200, 422}
        assert running.ask(LARGE).status == 200
