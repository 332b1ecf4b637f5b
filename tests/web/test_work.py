"""The workbench: how much runs at once, who waits, who is sent away. Under gevent in processes of their own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from crosspatch.errors import CrosspatchError
from crosspatch.web.turns import Busy
from crosspatch.web.work import Workbench, in_native_thread, on_gevent_hub, while_waiting

# The functions below block a native thread until the hub opens a gate, as NumPy would by computing. The gates are pipes
# read with the unpatched `read`: a lock of gevent would let the hub run while it is "blocked". Gevent patches what is
# imported already, as it does where the service runs.
PREAMBLE = """
from crosspatch.web.turns import Busy, Turns
from crosspatch.web.work import *
from gevent import monkey
monkey.patch_all()
import os, threading
import gevent
read = monkey.get_original("os", "read")
native = monkey.get_original("threading", "get_ident")
class Gate:
    def __init__(self):
        self.out, self.into = os.pipe()
    def wait(self):
        return read(self.out, 1)
    def open(self):
        os.write(self.into, b".")
def until(condition):
    with gevent.Timeout(10):
        while not condition():
            gevent.sleep(0.001)
gevent.sleep(0)
"""


def under_gevent(code: str) -> str:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", PREAMBLE + code], capture_output=True, text=True, timeout=30
    )
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.strip()


def until(condition: Callable[[], object], timeout_s: float = 10) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "waited in vain"
        threading.Event().wait(0.001)


def test_elsewhere_a_function_runs_in_the_thread_that_asks() -> None:
    assert Workbench(1, 0).run(threading.get_ident) == threading.get_ident()


def test_elsewhere_is_not_the_hub() -> None:
    assert not on_gevent_hub()


def test_arguments_reach_the_function_and_its_result_comes_back() -> None:
    assert Workbench(1, 0).run(int, "ff", base=16) == 255


def test_what_a_function_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        Workbench(1, 0).run(lambda: 1 / 0)


def test_a_function_that_raised_gives_its_place_back() -> None:
    bench = Workbench(1, 0)
    with pytest.raises(ZeroDivisionError):
        bench.run(lambda: 1 / 0)
    assert (bench.running, bench.run(int)) == (0, 0)


def test_threads_share_the_places_of_a_bench() -> None:
    bench, gate = Workbench(1, 1), threading.Event()
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(bench.run(lambda: gate.wait(10)))) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: bench.running == 1 and bench.waiting == 1)
    with pytest.raises(Busy):
        bench.run(int)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert (results, bench.running, bench.waiting) == ([True, True], 0, 0)


def test_busy_says_when_to_try_again() -> None:
    assert (str(Busy(3)), Busy(3).retry_after_s) == ("the server has all the work it can take: try again in 3 s", 3)
    assert issubclass(Busy, CrosspatchError)


def test_under_gevent_a_function_runs_in_another_thread() -> None:
    assert under_gevent("print(Workbench(1, 0).run(native) == native())") == "False"


def test_under_gevent_the_hub_serves_others_while_a_function_blocks_its_thread() -> None:
    code = """
bench, gate = Workbench(1, 0), Gate()
asker = gevent.spawn(bench.run, gate.wait)
until(lambda: bench.running == 1)
gate.open()  # only a hub that still runs gets here
print(asker.get(timeout=10))
"""
    assert under_gevent(code) == "b'.'"


def test_under_gevent_what_a_function_raises_is_raised_with_its_type_and_nothing_is_printed() -> None:
    code = """
for fault in (ZeroDivisionError, KeyError, SystemExit, StopIteration):
    def fail(): raise fault("why")
    try:
        Workbench(1, 0).run(fail)
    except fault as caught:
        print(type(caught).__name__, caught.args)
"""
    assert under_gevent(code).splitlines() == [
        f"{name} ('why',)" for name in ("ZeroDivisionError", "KeyError", "SystemExit", "StopIteration")
    ]


def test_under_gevent_nothing_else_runs_while_a_turn_is_given() -> None:
    code = """
turns, others = Turns(1, 2, 0, lambda: None), []
def soon(): gevent.get_hub().loop.run_callback(others.append, "ran")
for give in (lambda: turns.enter(0), lambda: turns.leave(0, 0), turns.enter_idle, turns.leave_idle):
    gevent.sleep(0.001)
    others.clear()
    soon()
    give()
    print(others)
turns.enter(0)
next_one = gevent.spawn(turns.enter, 0)
until(lambda: turns.waiting == 1)
others.clear()
soon()
turns.leave(0, 0)
print(others)
next_one.join(10)
"""
    assert under_gevent(code).splitlines() == ["[]"] * 5


def test_under_gevent_no_more_run_at_once_than_there_are_places() -> None:
    code = """
bench, gate = Workbench(2, 10), Gate()
now, most = [], []
def work():
    now.append(1); most.append(len(now)); gate.wait(); now.pop()
askers = [gevent.spawn(bench.run, work) for _ in range(8)]
until(lambda: bench.running == 2 and bench.waiting == 6 and len(now) == 2)
for _ in askers: gate.open()
gevent.joinall(askers, timeout=10, raise_error=True)
print(len(most), max(most), bench.running, bench.waiting)
"""
    assert under_gevent(code) == "8 2 0 0"


def test_under_gevent_who_comes_when_the_queue_is_full_is_sent_away_at_once() -> None:
    code = """
bench, gate = Workbench(1, 1), Gate()
askers = [gevent.spawn(bench.run, gate.wait) for _ in range(2)]
until(lambda: bench.waiting == 1)
try:
    bench.run(int)
except Busy as fault:
    print(fault.retry_after_s, bench.running, bench.waiting)
for _ in askers: gate.open()
gevent.joinall(askers, timeout=10, raise_error=True)
print(bench.run(int))
"""
    assert under_gevent(code).splitlines() == ["1 1 1", "0"]


def test_under_gevent_those_who_wait_are_served_in_the_order_in_which_they_came() -> None:
    code = """
bench, gate, order = Workbench(1, 20), Gate(), []
askers = [gevent.spawn(bench.run, gate.wait)]
until(lambda: bench.running == 1)
for i in range(20):
    askers.append(gevent.spawn(bench.run, order.append, i))
    until(lambda: bench.waiting == i + 1)
gate.open()
gevent.joinall(askers, timeout=10, raise_error=True)
print(order == list(range(20)))
"""
    assert under_gevent(code) == "True"


def test_under_gevent_an_asker_killed_while_it_waits_leaves_the_queue() -> None:
    code = """
bench, gate, done = Workbench(1, 2), Gate(), []
first = gevent.spawn(bench.run, gate.wait)
killed, third = gevent.spawn(bench.run, done.append, "killed"), gevent.spawn(bench.run, done.append, "third")
until(lambda: bench.waiting == 2)
killed.kill()
print(bench.running, bench.waiting)
gate.open()
gevent.joinall([first, third], timeout=10, raise_error=True)
print(done, bench.running, bench.waiting)
"""
    assert under_gevent(code).splitlines() == ["1 1", "['third'] 0 0"]


def test_under_gevent_an_asker_killed_just_when_its_turn_came_hands_the_place_on() -> None:
    code = """
bench, done = Workbench(1, 2), []
bench._enter()
killed, third = gevent.spawn(bench.run, done.append, "killed"), gevent.spawn(bench.run, done.append, "third")
until(lambda: bench.waiting == 2)
killed.kill(block=False)
bench._leave(0)  # gives the place to one that will not wake
third.join(10)
print(done, bench.running, bench.waiting)
"""
    assert under_gevent(code) == "['third'] 0 0"


def test_under_gevent_the_place_of_a_killed_asker_is_free_only_when_its_function_has_ended() -> None:
    code = """
bench, gate = Workbench(1, 0), Gate()
asker = gevent.spawn(bench.run, gate.wait)
until(lambda: bench.running == 1)
gevent.sleep(0.01)
asker.kill()
try:
    bench.run(int)
except Busy:
    print("busy")
gate.open()
until(lambda: bench.running == 0)
print(bench.run(int))
"""
    assert under_gevent(code).splitlines() == ["busy", "0"]


def test_under_gevent_a_timeout_of_the_asker_is_its_own() -> None:
    code = """
bench, gate = Workbench(1, 0), Gate()
try:
    with gevent.Timeout(0.05):
        bench.run(gate.wait)
except gevent.Timeout:
    print("late")
gate.open()
until(lambda: bench.running == 0)
"""
    assert under_gevent(code) == "late"


def test_under_gevent_a_function_on_the_bench_may_use_native_threads_itself() -> None:
    code = """
def nested():
    return in_native_thread(native) == native()
print(Workbench(1, 0).run(nested), in_native_thread(native) == native())
"""
    assert under_gevent(code) == "True False"


def test_under_gevent_a_thousand_killed_askers_leak_nothing() -> None:
    code = """
bench, gate = Workbench(2, 1000), Gate()
askers = [gevent.spawn(bench.run, gate.wait) for _ in range(1000)]
until(lambda: bench.waiting == 998)
gevent.killall(askers)
for _ in range(2): gate.open()
until(lambda: bench.running == 0)
print(bench.waiting, bench.run(int))
"""
    assert under_gevent(code) == "0 0"


def test_elsewhere_short_work_runs_in_the_thread_that_asks() -> None:
    assert in_native_thread(threading.get_ident) == threading.get_ident()


def test_elsewhere_work_for_idle_times_runs_in_the_thread_that_asks() -> None:
    assert Workbench(1, 0).run_when_idle(threading.get_ident) == threading.get_ident()


def test_under_gevent_work_for_idle_times_waits_until_nothing_else_runs() -> None:
    code = """
bench, gate, order = Workbench(2, 0), Gate(), []
asker = gevent.spawn(bench.run, gate.wait)
until(lambda: bench.running == 1)
patient = gevent.spawn(bench.run_when_idle, order.append, "patient")
bench.run(order.append, "asker")  # there is a second place, and it is taken at once
gevent.idle()
print(order, patient.ready())
gate.open()
patient.get(timeout=10)
print(order)
"""
    assert under_gevent(code).splitlines() == ["['asker'] False", "['asker', 'patient']"]


def test_under_gevent_no_asker_waits_for_work_of_idle_times() -> None:
    code = """
bench, gate = Workbench(1, 0), Gate()
patient = gevent.spawn(bench.run_when_idle, gate.wait)
gevent.idle()
print(bench.run(lambda: "at once"), patient.ready())
gate.open()
print(patient.get(timeout=10))
"""
    assert under_gevent(code).splitlines() == ["at once False", "b'.'"]


def test_under_gevent_work_for_idle_times_is_done_one_at_a_time_in_order() -> None:
    code = """
bench, gate, order = Workbench(4, 0), Gate(), []
first = gevent.spawn(bench.run_when_idle, gate.wait)
gevent.idle()
others = [gevent.spawn(bench.run_when_idle, order.append, number) for number in range(5)]
gevent.idle()
others[2].kill()  # while it waits
print(order)
gate.open()
gevent.joinall(others, timeout=10)
print(order)
"""
    assert under_gevent(code).splitlines() == ["[]", "[0, 1, 3, 4]"]


def test_under_gevent_whoever_is_killed_in_an_idle_time_does_not_block_the_next() -> None:
    code = """
bench, gate = Workbench(1, 0), Gate()
killed = gevent.spawn(bench.run_when_idle, gate.wait)
gevent.idle()
killed.kill()
after = gevent.spawn(bench.run_when_idle, lambda: "after")
gevent.idle()
print(after.ready())  # the killed one's function still runs
gate.open()
print(after.get(timeout=10))
"""
    assert under_gevent(code).splitlines() == ["False", "after"]


def test_under_gevent_a_reader_hears_that_there_is_nothing_yet() -> None:
    code = """
from crosspatch.web.work import while_waiting
gate = Gate()
heard = while_waiting(lambda: Workbench(1, 0).run(gate.wait), 0.001)
print(next(heard), next(heard))
gate.open()
print([each for each in heard if each is not None])
print(list(while_waiting(lambda: 7, 1)))
"""
    assert under_gevent(code).splitlines() == ["None None", "[b'.']", "[7]"]


def test_under_gevent_a_reader_that_leaves_ends_the_wait() -> None:
    code = """
from crosspatch.web.work import while_waiting
bench, gate = Workbench(1, 1), Gate()
asker = gevent.spawn(bench.run, gate.wait)
until(lambda: bench.running == 1)
heard = while_waiting(lambda: bench.run(lambda: None), 0.001)
next(heard)
print(bench.waiting)
heard.close()
until(lambda: bench.waiting == 0)
gate.open()
print(asker.get(timeout=10))
"""
    assert under_gevent(code).splitlines() == ["1", "b'.'"]


def test_elsewhere_a_reader_hears_the_result_alone() -> None:
    assert list(while_waiting(lambda: 7, 1)) == [7]
