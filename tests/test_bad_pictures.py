"""The corpus of bad pictures, read by the library and by the decoder's process: right, or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bad_pictures import FAMILIES, Case
from bad_pictures.cases import Size
from bad_pictures.small import SMALL
from bad_pictures.verdict import fault_of_reading, fault_of_refusing

from crosspatch import CrosspatchError, read_picture
from crosspatch.web.decoders import Decoders
from crosspatch.web.room import Room
from crosspatch.web.settings import load_settings
from crosspatch.web.work import Workbench

SETTINGS = load_settings()
# Of each of the two largest families the decoder's process gets so many, evenly chosen.
MOST_EACH = 1500
# Pictures of a family that may cost their decoder, because their headers hide how much they take.
MAY_LOSE = {"gif bombs": 2}
# What this process may read itself, and what is made quickly: bombs are for the decoder's, whose memory is bounded.
HARMLESS = [name for name in FAMILIES if not name.endswith("bombs")]


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    memory_bytes = SETTINGS.decode_memory_bytes
    found = Decoders(Workbench(1, 1, memory_bytes), SETTINGS.limits, Room(memory_bytes), SETTINGS.decode_timeout_s)
    yield found
    found.idle.pop().end()


@pytest.mark.parametrize("family", HARMLESS)
def test_the_library_reads_what_is_right_and_refuses_the_rest_in_words(family: str) -> None:
    faults = {repr(case): fault for case in FAMILIES[family]() if (fault := fault_of(case, _by_the_library))}
    assert faults == {}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_decoder_reads_what_is_right_and_refuses_the_rest_in_words(decoders: Decoders, family: str) -> None:
    cases = list(FAMILIES[family]())
    decoders.first(SMALL["PNG"])
    used = {decoders.idle[0].pid}

    def read(data: bytes) -> Size:
        try:
            about, _, _ = decoders.first(data)
        finally:
            used.add(decoders.idle[0].pid)
        return about["width"], about["height"]

    chosen = cases[:: 1 + len(cases) // MOST_EACH]
    faults = {repr(case): fault for case in chosen if (fault := fault_of(case, read))}
    assert faults == {}
    assert len(used) - 1 <= MAY_LOSE.get(family, 0)


@pytest.mark.parametrize("family", HARMLESS)
def test_the_corpus_is_the_same_each_time_it_is_made(family: str) -> None:
    cases = list(FAMILIES[family]())
    assert cases == list(FAMILIES[family]())
    assert len({case.name for case in cases}) == len(cases)


def fault_of(case: Case, read: Callable[[bytes], Size]) -> str:
    """What is wrong with how a case is read; empty when nothing is."""
    try:
        size = read(case.data)
    except CrosspatchError as refusal:
        return fault_of_refusing(case, str(refusal))
    return fault_of_reading(case, size)


def _by_the_library(data: bytes) -> Size:
    picture = read_picture(data, limits=SETTINGS.limits)
    return picture.width, picture.height
