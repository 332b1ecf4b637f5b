"""Decoding in a process of its own: what it answers, and what is left when it is killed, for real and in many ways."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from bad_pictures import gif
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from werkzeug.test import TestResponse

from crosspatch.errors import PictureTooLarge, UnreadablePicture
from crosspatch.limits import Limits
from crosspatch.web import decoder as decoder_module
from crosspatch.web.app import create_app
from crosspatch.web.decoder import Decoder
from crosspatch.web.decoders import Decoders, DecoderUnavailable
from crosspatch.web.footprint import estimate
from crosspatch.web.mishaps import OutOfMemory
from crosspatch.web.opening import open_first, open_resized
from crosspatch.web.picture_headers import read_header
from crosspatch.web.room import Room
from crosspatch.web.settings import load_settings
from crosspatch.web.turns import Busy, Turns
from crosspatch.web.wire import OUT_OF_MEMORY, pack_head
from crosspatch.web.work import Workbench
from tests.serving import serving

MIB = 2**20
BUDGET = 200 * MIB
WIDTH, HEIGHT = 1200, 900
NOISE = np.random.default_rng(6).integers(0, 256, (HEIGHT // 8, WIDTH // 8, 4), np.uint8)
CLEAR = Image.fromarray(NOISE).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
COLOUR = CLEAR.convert("RGB")
GREY = COLOUR.convert("L")
SIXTEEN = Image.fromarray(np.asarray(GREY).astype(np.uint16) * 257)
TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"


def encoded(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


FILES = {
    "PNG of 1 bit": encoded(GREY.convert("1"), "PNG"),
    "grey PNG": encoded(GREY, "PNG"),
    "grey PNG with alpha": encoded(CLEAR.convert("LA"), "PNG"),
    "grey PNG with a clear level": encoded(GREY, "PNG", transparency=7),
    "PNG of 16 bits": encoded(SIXTEEN, "PNG"),
    "PNG": encoded(COLOUR, "PNG"),
    "PNG with a clear colour": encoded(COLOUR, "PNG", transparency=(1, 2, 3)),
    "PNG with alpha": encoded(CLEAR, "PNG"),
    "PNG of a palette": encoded(COLOUR.convert("P"), "PNG"),
    "PNG of a palette with a clear colour": encoded(COLOUR.convert("P"), "PNG", transparency=3),
    "grey JPEG": encoded(GREY, "JPEG"),
    "JPEG": encoded(COLOUR, "JPEG"),
    "progressive JPEG": encoded(COLOUR, "JPEG", progressive=True, subsampling=0),
    "progressive CMYK JPEG": encoded(COLOUR.convert("CMYK"), "JPEG", progressive=True),
    "turned JPEG": encoded(COLOUR, "JPEG", exif=TURNED),
    "WebP": encoded(COLOUR, "WEBP"),
    "WebP with alpha": encoded(CLEAR, "WEBP"),
    "lossless WebP": encoded(CLEAR, "WEBP", lossless=True, method=0),
    "moving WebP": encoded(COLOUR, "WEBP", save_all=True, append_images=[COLOUR.rotate(180)]),
    "GIF": encoded(COLOUR.convert("P"), "GIF"),
    "BMP": encoded(COLOUR, "BMP"),
    "grey BMP": encoded(GREY, "BMP"),
    "TIFF": encoded(COLOUR, "TIFF"),
    "TIFF of 16 bits": encoded(SIXTEEN, "TIFF"),
    "TIFF with alpha": encoded(CLEAR, "TIFF", compression="tiff_deflate"),
    "TIFF of JPEG": encoded(COLOUR, "TIFF", compression="jpeg"),
}
SMALL = encoded(Image.new("RGB", (40, 30), "red"), "PNG")
# Junk between segments, which Pillow skips and our reader of headers does not: 18 megapixels, small as a file.
_BLACK = encoded(Image.new("RGB", (6000, 3000)), "JPEG")
UNKNOWN = _BLACK[:20] + b"\0" + _BLACK[20:]
# A screen of 16x16 px, and on it, behind more junk than our reader of headers passes over, a frame of 4,000x3,000 px.
_PLAIN = encoded(Image.new("P", (4000, 3000)), "GIF")
_BEGIN = 13 + (6 << (_PLAIN[10] & 7))
LYING = _PLAIN[:6] + b"\x10\0\x10\0" + _PLAIN[10:_BEGIN] + bytes(1000) + _PLAIN[_BEGIN:]


@pytest.fixture
def decoders() -> Decoders:
    return Decoders(Workbench(2, 8, BUDGET), Limits(), Room(BUDGET), 30)


@pytest.fixture(scope="module")
def one() -> Iterator[Decoder]:
    decoder = Decoder()
    yield decoder
    decoder.end()


def until(condition: Callable[[], object], timeout_s: float = 20) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline_s, "waited in vain"
        threading.Event().wait(0.005)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def upload(client: FlaskClient, data: bytes) -> TestResponse:
    assert len(data) < 400_000  # of more, the test client makes a temporary file that it never closes
    return client.post("/api/v1/images", data={"image": (io.BytesIO(data), "a.png")})


def decoders_of(client: FlaskClient) -> Decoders:
    found: Decoders = client.application.extensions["decoders"]
    return found


def bytes_of(picture: Any) -> list[bytes | None]:
    arrays = (picture.pixels, picture.alpha, picture.stored)
    return [None if array is None else array.tobytes() + repr((array.shape, array.dtype)).encode() for array in arrays]


@pytest.mark.parametrize("name", FILES)
def test_it_answers_what_decoding_in_this_process_does(decoders: Decoders, name: str) -> None:
    about, picture, blend = decoders.first(FILES[name])
    here, shown, blended = open_first(FILES[name], Limits())
    assert (bytes_of(picture), blend) == (bytes_of(shown), blended)
    assert {**about, "levels": None} == {**here, "levels": None}
    assert about["levels"] == {key: value and list(value) for key, value in here["levels"].items()} or about["levels"]
    for size, blended in (((300, 200), True), ((300, 200), False)):
        resized = decoders.resized(FILES[name], size, blended)
        assert bytes_of(resized) == bytes_of(open_resized(FILES[name], Limits(), size, blended))


@pytest.mark.parametrize("size", [None, (WIDTH, HEIGHT), (2 * WIDTH, HEIGHT), (WIDTH // 3, 2 * HEIGHT)], ids=str)
@pytest.mark.parametrize("name", FILES)
def test_the_memory_estimated_from_the_header_is_enough(one: Decoder, name: str, size: tuple[int, int] | None) -> None:
    needed_bytes = estimate(FILES[name], size)
    assert needed_bytes is not None
    one.decode(asking(needed_bytes, size), FILES[name], BUDGET)


@pytest.mark.parametrize("name", FILES)
def test_a_header_tells_the_size_without_a_reader(name: str) -> None:
    header = read_header(FILES[name])
    assert header is not None
    assert (header.width, header.height) == (WIDTH, HEIGHT)
    with Image.open(io.BytesIO(FILES[name])) as picture:
        assert header.format == picture.format


@given(st.sampled_from(list(FILES.values())), st.integers(0, 600), st.integers(0, 599), st.binary(max_size=9))
def test_no_header_makes_its_reader_stumble(data: bytes, length: int, place: int, other: bytes) -> None:
    damaged = data[:place] + other + data[place + len(other) : length]
    assert estimate(damaged) != 0


def test_what_a_decoder_refuses_is_refused_in_its_words(decoders: Decoders) -> None:
    for data in (b"no picture", FILES["PNG"][:2000], b""):
        with pytest.raises(UnreadablePicture) as there:
            decoders.first(data)
        with pytest.raises(UnreadablePicture) as here:
            open_first(data, Limits())
        assert str(there.value) == str(here.value)
    pid = decoders.idle[0].pid
    decoders.first(SMALL)
    assert decoders.idle[0].pid == pid  # a refusal costs no decoder


def test_one_decoder_serves_one_after_the_other(decoders: Decoders) -> None:
    decoders.first(SMALL)
    pid = decoders.idle[0].pid
    for _ in range(3):
        decoders.resized(SMALL, (10, 10), True)
    assert [each.pid for each in decoders.idle] == [pid]


def test_a_bomb_is_refused_by_its_header_with_the_limit_and_the_value(client: FlaskClient) -> None:
    bombs = {
        (6000, 6000, "WEBP"): "WEBP of 6000x6000 px, needs about 5",
        (9000, 9000, "PNG"): "9000x9000 px, that is 81.0 megapixels, and at most 40",
    }
    for (width, height, form), words in bombs.items():
        answer = upload(client, encoded(Image.new("L", (width, height)).convert("1"), form))
        assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
        assert words in answer.get_json()["detail"]
        assert form == "PNG" or "at most 200 MiB are taken" in answer.get_json()["detail"]
    assert not decoders_of(client).idle  # none was asked
    assert upload(client, SMALL).status_code == 201


def test_a_header_that_tells_nothing_gets_all_the_memory(client: FlaskClient) -> None:
    assert read_header(UNKNOWN) is None
    answer = upload(client, UNKNOWN)
    assert (answer.status_code, answer.get_json()["width"]) == (201, 6000)


def test_a_header_that_tells_too_little_is_tried_again_with_all_the_memory(client: FlaskClient) -> None:
    assert estimate(LYING) < 4 * MIB  # type: ignore[operator]
    answer = upload(client, LYING)
    assert (answer.status_code, answer.get_json()["width"]) == (201, 4000)


def test_a_webp_whose_reader_hides_that_memory_is_short_is_tried_again_and_a_damaged_one_costs_no_decoder(
    decoders: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoders.first(SMALL)
    pid = decoders.idle[0].pid
    with pytest.raises(UnreadablePicture, match="its parts contradict each other"):
        decoders.first(FILES["WebP"][:200])
    assert decoders.idle[0].pid == pid
    monkeypatch.setattr("crosspatch.web.decoders.allotment", lambda *_: MIB)
    about, _, _ = decoders.first(FILES["WebP"])
    assert (about["width"], about["height"]) == (WIDTH, HEIGHT)


def test_memory_beyond_all_that_there_is_is_refused_and_the_next_picture_is_decoded(tmp_path: Path) -> None:
    client = create_app(load_settings(store=str(tmp_path / "store"), decode_memory_bytes=20 * MIB)).test_client()
    answer = upload(client, LYING)
    assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
    assert "more than 20 MiB of memory" in answer.get_json()["detail"]
    assert upload(client, SMALL).status_code == 201


def test_a_decoder_whose_memory_was_short_goes_on_when_it_has_all_of_it_again() -> None:
    fresh = Decoder()
    for _ in range(3):
        with pytest.raises(OutOfMemory):
            fresh.decode(asking(8 * MIB), LYING, BUDGET)
    assert fresh.decode(asking(BUDGET), LYING, BUDGET)[0]["about"]["width"] == 4000
    fresh.end()


@pytest.mark.parametrize("also", ["", ',"is_whole":false', ',"is_whole":1'])
def test_a_decoder_that_lost_memory_ends(also: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lie(pack_head(json.loads('{"fault":"' + OUT_OF_MEMORY + '"' + also + "}")), monkeypatch)
    loser = Decoder()
    with pytest.raises(OutOfMemory):
        loser.decode(asking(MIB), SMALL, BUDGET)
    assert loser.has_ended


def asking(memory_bytes: int, size: tuple[int, int] | None = None) -> dict[str, Any]:
    return {"size": size, "blend": True, "limits": [None] * 4, "seconds": 30, "memory_bytes": memory_bytes}


def test_a_size_that_takes_too_much_memory_is_what_cannot_be_done(client: FlaskClient) -> None:
    image = upload(client, SMALL).get_json()["id"]
    answer = client.get(f"/api/v1/images/{image}/rendition?width=6000&height=6000")
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/impossible")
    assert "resized to 6000x6000 px, this picture, PNG of 40x30 px, needs about" in answer.get_json()["detail"]
    assert answer.get_json()["errors"][0]["field"] == "width"


def test_a_picture_that_takes_too_long_loses_its_decoder_and_the_next_is_decoded(client: FlaskClient) -> None:
    decoders = decoders_of(client)
    upload(client, SMALL)
    pid, usual_s = decoders.idle[0].pid, decoders.timeout_s
    decoders.timeout_s = 0.001
    answer = upload(client, FILES["WebP"])
    assert (answer.status_code, answer.get_json()["type"]) == (413, "/problems/too-large")
    assert "takes more than 0.001 s to decode" in answer.get_json()["detail"]
    assert not lives(pid)
    decoders.timeout_s = usual_s
    assert upload(client, SMALL).status_code == 201


def test_a_stuck_decoder_ends_by_itself_when_nobody_kills_it(one: Decoder) -> None:
    limits = Path(f"/proc/{one.pid}/limits").read_text()
    asked = asking(50 * MIB)
    one.decode(asked, SMALL, BUDGET)
    after = Path(f"/proc/{one.pid}/limits").read_text()
    cpu = next(line for line in after.splitlines() if line.startswith("Max cpu time"))
    assert 30 < int(cpu.split()[3]) < 120, limits


def test_a_decoder_killed_while_it_rests_is_replaced_unseen(client: FlaskClient, caplog: Any) -> None:
    upload(client, SMALL)
    pid = decoders_of(client).idle[0].pid
    os.kill(pid, signal.SIGKILL)
    assert upload(client, FILES["JPEG"]).status_code == 201
    assert decoders_of(client).idle[0].pid != pid
    assert "a decoder ended by itself (SIGKILL)" in caplog.text


def at_work(decoders: Decoders, then: Callable[[int], None]) -> Callable[[bytes], None]:
    """Decode one picture while `then` is done to the decoder's process, which is held in the middle of it."""

    def run(data: bytes) -> None:
        decoders.first(SMALL)
        pid = decoders.idle[0].pid
        os.kill(pid, signal.SIGSTOP)

        def act() -> None:
            until(lambda: decoders._workbench.running)
            then(pid)
            os.kill(pid, signal.SIGCONT)

        actor = threading.Thread(target=act)
        actor.start()
        try:
            decoders.first(data)
        finally:
            actor.join()

    return run


def test_a_decoder_killed_at_work_is_replaced_and_the_picture_decoded_all_the_same(decoders: Decoders) -> None:
    at_work(decoders, lambda pid: os.kill(pid, signal.SIGKILL))(FILES["PNG"])


def test_a_decoder_that_crashes_tells_that_the_picture_is_damaged(decoders: Decoders) -> None:
    with pytest.raises(UnreadablePicture, match="SIGSEGV"):
        at_work(decoders, lambda pid: os.kill(pid, signal.SIGSEGV))(FILES["PNG"])
    decoders.first(SMALL)


@pytest.mark.parametrize("number", [signal.SIGXCPU, signal.SIGALRM])
def test_a_decoder_that_ends_at_its_own_limit_took_too_long(decoders: Decoders, number: int) -> None:
    with pytest.raises(PictureTooLarge, match="takes more than 30 s"):
        at_work(decoders, lambda pid: os.kill(pid, number))(FILES["PNG"])
    decoders.first(SMALL)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff\xff\xff\xff",
        b"\0\0\0\x02[]",
        b"\0\0\0\x02{}",
        b"\0\0\0\x03not",
        b'\0\0\0\x36{"arrays":[["pixels","uint8",[1000000,1000000]]]}      ',
        b'\0\0\0\x36{"arrays":[["pixels","object",[1,1]]]}                 ',
        b'\0\0\0\x36{"arrays":[["__class__","uint8",[1,1]]]}               ',
        b'\0\0\0\x36{"arrays":[["pixels","uint8",[-1,-1]]]}                ',
        b'\0\0\0\x36{"fault":"SystemExit","text":"","field":null}          ',
    ],
)
def test_a_decoder_that_lies_is_not_believed(decoders: Decoders, said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    lie(said, monkeypatch)
    with pytest.raises(DecoderUnavailable):
        decoders.resized(SMALL, (40, 30), True)
    monkeypatch.undo()
    decoders.idle.pop().end()  # a liar that was to be the next
    decoders.first(SMALL)


@pytest.mark.parametrize("also", ["", ',"about":3', ',"about":{}', ',"about":{},"blend":1'])
def test_a_decoder_that_describes_nothing_is_not_believed(
    decoders: Decoders, also: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie(pack_head(json.loads('{"arrays":[["pixels","uint8",[1,1]]]' + also + "}")) + b"\0", monkeypatch)
    with pytest.raises(DecoderUnavailable):
        decoders.first(SMALL)


def lie(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever is started say this in place of a decoder."""
    liar = f"import os; os.write(1, b'\\x06'); os.read(0, 1); os.write(1, {said!r})"
    monkeypatch.setattr(decoder_module, "_COMMAND", [sys.executable, "-c", liar])


def test_a_decoder_that_cannot_be_started_is_a_fault_of_ours(client: FlaskClient, monkeypatch: Any) -> None:
    for command in (["/no/such/program"], [sys.executable, "-c", "raise SystemExit(3)"]):
        monkeypatch.setattr(decoder_module, "_COMMAND", command)
        answer = upload(client, SMALL)
        assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/decoder-unavailable")
        monkeypatch.undo()
    decoders_of(client).idle.clear()
    assert upload(client, SMALL).status_code == 201


def test_a_decoder_knows_no_secret_has_nothing_open_and_is_the_first_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSPATCH_STORE", "redis://:secret@localhost")
    fresh = Decoder()
    asked = asking(50 * MIB)
    fresh.decode(asked, SMALL, BUDGET)
    assert b"secret" not in Path(f"/proc/{fresh.pid}/environ").read_bytes()
    assert sorted(each.name for each in Path(f"/proc/{fresh.pid}/fd").iterdir()) == ["0", "1", "2"]
    assert Path(f"/proc/{fresh.pid}/oom_score_adj").read_text() == "1000\n"
    fresh.end()
    assert not lives(fresh.pid)


def test_a_damaged_picture_takes_no_memory_from_the_next(decoders: Decoders) -> None:
    def data_mib() -> int:
        status = Path(f"/proc/{decoders.idle[0].pid}/status").read_text()
        return int(status.partition("VmData:")[2].split()[0]) // 1024

    damaged = encoded(COLOUR, "TIFF", compression="tiff_lzw")
    damaged = damaged[:2000] + bytes(len(damaged) - 4000) + damaged[-2000:]
    held = []
    for _ in range(8):
        with pytest.raises(UnreadablePicture):
            decoders.first(damaged)
        decoders.first(SMALL)  # whoever answers this has cleared up
        held.append(data_mib())
    assert held[-1] <= held[1]


def test_a_file_full_of_metadata_gets_the_memory_that_it_takes_at_once(decoders: Decoders) -> None:
    decoders.first(SMALL)
    pid = decoders.idle[0].pid
    comment = b"!\xfe" + (b"\xff" + bytes(255)) * 40_000 + b"\0"
    about, _, _ = decoders.first(gif.head(8, 6) + comment + gif.frame() + gif.END)
    assert (about["width"], decoders.idle[0].pid) == (8, pid)


def test_memory_goes_back_when_a_decoder_rests(decoders: Decoders) -> None:
    def resident_bytes() -> int:
        return int(Path(f"/proc/{decoders.idle[0].pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    decoders.first(SMALL)
    least = resident_bytes()
    for name in FILES:
        decoders.first(FILES[name])
    until(lambda: resident_bytes() < least + 12 * MIB)


def test_decoders_end_with_those_who_made_them(decoders: Decoders) -> None:
    decoders.first(SMALL)
    pid = decoders.idle[0].pid
    decoders._closing()
    assert not lives(pid)


def test_decoders_end_when_their_worker_is_killed() -> None:
    code = """
from crosspatch.limits import Limits
from crosspatch.web.decoders import Decoders
from crosspatch.web.room import Room
from crosspatch.web.work import Workbench
decoders = Decoders(Workbench(1, 1, 2**27), Limits(), Room(2**27), 30)
decoders.warm()
print(decoders.idle[0].pid, flush=True)
input()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
        assert lives(pid)
        worker.kill()
    until(lambda: not lives(pid))


def test_under_gevent_an_asker_that_leaves_takes_its_decoder_along_and_the_hub_never_stops() -> None:
    code = f"""
from gevent import monkey
monkey.patch_all()
import os, signal, gevent
from crosspatch.limits import Limits
from crosspatch.web.decoders import Decoders
from crosspatch.web.room import Room
from crosspatch.web.work import Workbench
small = {SMALL!r}
bench = Workbench(2, 8, 2**27)
decoders = Decoders(bench, Limits(), Room(2**27), 30)
decoders.warm()
decoders.first(small)
pid = decoders.idle[0].pid
os.kill(pid, signal.SIGSTOP)
try:
    with gevent.Timeout(0.2):
        decoders.first(small)
except gevent.Timeout:
    print("left")
with gevent.Timeout(10):
    while bench.running:
        gevent.sleep(0.001)
print(pid in [each.pid for each in decoders.idle], os.path.exists(f"/proc/{{pid}}"))
together = [gevent.spawn(decoders.first, small) for _ in range(8)]
gevent.joinall(together, timeout=20, raise_error=True)
print(len({{each.value[1].pixels.tobytes() for each in together}}), len(decoders.idle) <= 2)
"""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.stdout.splitlines(), run.returncode) == (["left", "False False", "1 True"], 0), run.stderr


def test_those_who_want_memory_wait_for_it_in_order_and_others_pass() -> None:
    turns = Turns(4, 3, 100, lambda: None)
    turns.enter(70)
    came: list[int] = []
    threads = [threading.Thread(target=lambda each=each: (turns.enter(each), came.append(each))) for each in (60, 20)]
    for number, thread in enumerate(threads):
        thread.start()
        until(lambda number=number: turns.waiting == number + 1)
    turns.enter(0)
    assert (came, turns.running) == ([], 2)
    turns.leave(0, 70)
    for thread in threads:
        thread.join(10)
    assert (sorted(came), turns.running, turns.waiting) == ([20, 60], 3, 0)


def test_too_many_who_wait_for_memory_are_sent_away() -> None:
    turns = Turns(4, 0, 100, lambda: None)
    turns.enter(70)
    with pytest.raises(Busy):
        turns.enter(40)
    turns.enter(30)
    turns.leave(0, 70)
    turns.leave(0, 30)
    turns.enter(100)


def post(address: str, data: bytes) -> tuple[int, str]:
    place = urlsplit(address)
    client = HTTPConnection(str(place.hostname), place.port, timeout=30)
    try:
        head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
        client.request(
            "POST", "/api/v1/images", head + data + b"\r\n--b--", {"Content-Type": "multipart/form-data; boundary=b"}
        )
        answer = client.getresponse()
        return answer.status, answer.read().decode()
    finally:
        client.close()


def running_decoders(store: Path) -> list[int]:
    """The decoders whose server keeps its pictures in `store`."""
    found = []
    for directory in Path("/proc").iterdir():
        try:
            if directory.name.isdigit() and b"crosspatch.web.decoding" in (directory / "cmdline").read_bytes():
                parent = (directory / "stat").read_text().rpartition(")")[2].split()[1]
                if f"CROSSPATCH_STORE={store}".encode() in Path(f"/proc/{parent}/environ").read_bytes():
                    found.append(int(directory.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def test_a_live_server_answers_while_its_decoders_are_killed_and_leaves_none_behind(tmp_path: Path) -> None:
    with serving(tmp_path / "store", tmp_path / "log") as address:
        until(lambda: len(running_decoders(tmp_path / "store")) == 2)  # one for each worker, before anybody asks
        answers = []
        for number in range(12):
            for pid in running_decoders(tmp_path / "store") if number % 3 == 0 else ():
                os.kill(pid, signal.SIGKILL)
            answers.append(post(address, FILES["JPEG"] if number % 2 else SMALL)[0])
        assert answers == [201] * 12
        status, words = post(address, encoded(Image.new("RGB", (6000, 6000)), "WEBP"))
        assert (status, "at most 200 MiB" in words) == (413, True)
        assert [post(address, each)[0] for each in (UNKNOWN, LYING)] == [201, 201]
        assert post(address, FILES["PNG"][:5000])[0] == 415
        left = running_decoders(tmp_path / "store")
    until(lambda: not any(lives(pid) for pid in left))


def test_a_live_server_kills_what_takes_too_long_and_goes_on(tmp_path: Path) -> None:
    slow = encoded(Image.fromarray(np.asarray(CLEAR).repeat(3, 0).repeat(3, 1)), "WEBP", method=0)
    with serving(tmp_path / "store", tmp_path / "log", DECODE_TIMEOUT_S="0.02") as address:
        until(lambda: len(running_decoders(tmp_path / "store")) == 2)
        for _ in range(4):
            status, words = post(address, slow)
            assert (status, "takes more than 0.02 s to decode" in words) == (413, True)
        until(lambda: post(address, SMALL)[0] == 201)
