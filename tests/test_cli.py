"""The command line: the library's numbers, and an exit status that can be relied on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from files import encoded

import crosspatch
from crosspatch.cli import main

NOISE = np.random.default_rng(8).integers(0, 256, (9, 9), np.uint8)
PLACED = ["--resize", "120x90", "--rectangle", "32x16", "--seed", "7"]


@pytest.fixture
def photo(tmp_path, photograph):
    path = tmp_path / "photo.png"
    path.write_bytes(encoded(photograph, "PNG"))
    return path


@pytest.fixture
def masks(tmp_path, photograph):
    paths = tmp_path / "truth.png", tmp_path / "test.png"
    for channel, path in enumerate(paths):
        path.write_bytes(encoded(photograph[..., channel] > 128, "PNG"))
    return paths


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def process(*arguments, cwd=None):
    """The command as installed, in a process of its own."""
    command = [Path(sys.executable).with_name("crosspatch"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=cwd, check=False)


# In a process of its own


def test_json_goes_to_standard_output_alone_and_holds_the_numbers_of_the_library(photo):
    done = process("compare", photo, *PLACED, "--format", "json")
    expected = crosspatch.compare(photo, resize=(120, 90), rectangle=(32, 16), seed=7).to_dict()
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(json.dumps(expected))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"%PDF-1.7", "looks like a PDF"), (encoded(NOISE, "PNG")[:60], "damaged or cut off")],
    ids=["empty", "PDF", "cut off"],
)
def test_a_file_that_is_no_picture_ends_with_1_and_one_line_that_names_it(tmp_path, content, words):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    done = process("compare", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"crosspatch: {path}: ")
    assert (words in done.stderr, done.stderr.count("\n"), done.stderr[-1]) == (True, 1, "\n")


@pytest.mark.parametrize(
    "arguments", [["compare"], ["compare", "--format", "yaml", "photo.png"], ["paint"], ["compare", "a", "b", "c"]]
)
def test_a_misused_command_ends_with_2_and_without_a_traceback(arguments):
    done = process(*arguments)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)
    assert "Error: " in done.stderr


def test_a_reader_that_has_gone_is_left_quietly(photo):
    reader, writer = os.pipe()
    os.close(reader)
    command = [Path(sys.executable).with_name("crosspatch"), "compare", photo]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


# In this process


@pytest.mark.parametrize("command", sorted(main.commands))
def test_the_help_of_every_command_shows_an_example(command):
    done = run(command, "--help")
    assert (done.exit_code, "Example" in done.output, f"\n    crosspatch {command}" in done.output) == (0, True, True)


def test_the_help_lists_every_command():
    listed = run("--help").output.partition("Commands:")[2].split()
    assert set(main.commands) <= set(listed)


def test_the_version_is_that_of_the_library():
    assert run("--version").output.split()[-1] == crosspatch.__version__


def test_every_option_reaches_the_library(masks, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("ground\nlake\n", encoding="utf-8")
    done = run(
        "compare", *masks, "--resize", "50x40", "--rectangle", "20x10", "--truth", "3,4", "--channel", "red",
        "--labels", "values", "--ignore", 7, "--ignore", 9, "--class-names", names, "--intervals", "bootstrap",
        "--seed", 0, "--format", "json",
    )  # fmt: skip
    expected = crosspatch.compare(
        *masks, resize=(50, 40), rectangle=(20, 10), truth=(3, 4), channel="red", labels="values",
        ignore=(7, 9), class_names=["ground", "lake"], intervals="bootstrap", seed=0,
    )  # fmt: skip
    assert json.loads(done.stdout) == json.loads(json.dumps(expected.to_dict()))


def test_a_file_of_names_may_begin_with_a_mark_and_end_with_empty_lines(masks, tmp_path):
    names = tmp_path / "names.txt"
    names.write_bytes(b"\xef\xbb\xbfground\r\nlake\r\n\r\n")
    options = ("--labels", "values", "--ignore", 7, "--ignore", 9, "--class-names", names, "--format", "json")
    assert json.loads(run("compare", *masks, *options).stdout)["labels"]["classes"] == ["ground", "lake"]


@pytest.mark.parametrize(
    ("content", "words"),
    [("ground\n\nlake\n", "names.txt: line 2 is empty"), ("lake\nlake\n", "two classes are called 'lake'")],
)
def test_names_that_name_nothing_or_two_classes_end_with_1_and_one_line(masks, tmp_path, content, words):
    names = tmp_path / "names.txt"
    names.write_text(content, encoding="utf-8")
    done = run("compare", *masks, "--labels", "values", "--ignore", 7, "--ignore", 9, "--class-names", names)
    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_request_in_the_json_repeats_the_command(photo):
    first = json.loads(run("compare", photo, "--resize", "120x90", "--format", "json").stdout)
    again = run("compare", photo, "--resize", "120x90", "--seed", first["request"]["seed"], "--format", "json")
    assert json.loads(again.stdout) == first


@pytest.mark.parametrize("arguments", [["--families", "errors,rates"], ["--families", "rates", "--families", "errors"]])
def test_only_the_families_asked_for_are_computed(photo, arguments):
    found = json.loads(run("compare", photo, *PLACED, *arguments, "--format", "json").stdout)
    families = {crosspatch.METRICS[row["key"]].family for row in found["metrics"]}
    assert families == set(found["request"]["families"]) == {"rates", "errors"}


def test_help_names_every_family_of_metrics():
    text = " ".join(run("compare", "--help").stdout.split())
    families = dict.fromkeys(metric.family for metric in crosspatch.METRICS.values())
    assert f"Only these families of metrics: {', '.join(families)}." in text


@pytest.mark.parametrize(("form", "method"), [("csv", "to_csv"), ("json", "to_dict")])
def test_a_file_takes_the_answer_and_standard_output_stays_empty(photo, tmp_path, form, method):
    output = tmp_path / "report"
    done = run("compare", photo, *PLACED, "--format", form, "--output", output)
    expected = getattr(crosspatch.compare(photo, resize="120x90", rectangle="32x16", seed=7), method)()
    assert (done.exit_code, done.output) == (0, "")
    text = output.read_text(encoding="utf-8")
    assert (json.loads(text) if form == "json" else text) == (
        json.loads(json.dumps(expected)) if form == "json" else expected
    )


@pytest.mark.parametrize("to_file", [True, False])
def test_an_html_report_holds_the_numbers_of_the_library_and_the_name_of_the_file(photo, tmp_path, to_file):
    output = tmp_path / "report.html"
    done = run("compare", photo, *PLACED, "--format", "html", *(["--output", output] if to_file else []))
    text = output.read_text(encoding="utf-8") if to_file else done.stdout
    (data,) = re.findall(r'id="report-data">([^<]*)<', text)
    expected = crosspatch.compare(photo, resize=(120, 90), rectangle=(32, 16), seed=7).to_dict()
    assert (done.exit_code, text.startswith("<!doctype html>")) == (0, True)
    assert json.loads(data)["report"] == json.loads(json.dumps(expected))
    assert json.loads(data)["names"] == ["photo.png"]


def test_an_html_report_of_the_same_file_twice_holds_two_pictures(photo):
    assert run("compare", photo, photo, "--format", "html").stdout.count("data-original ") == 2


def test_a_file_name_that_is_no_text_is_written_as_text(photo, tmp_path):
    odd = tmp_path / os.fsdecode(b"\xff.png")
    odd.write_bytes(photo.read_bytes())
    done = run("compare", odd, *PLACED, "--format", "html", "--output", tmp_path / "report.html")
    assert (done.exit_code, done.output) == (0, "")
    assert "\ufffd.png, " in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_table_is_the_default(photo):
    assert run("compare", photo, *PLACED).stdout.startswith("truth     32x16 px at ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rectangle", "600x600"], "a 600x600 px rectangle does not fit in the 512x512 px picture"),
        (["--rectangle", "64x64", "--truth", "449,0"], "use 0 to 448"),
        (["--channel", "alpha"], "opaque"),
        (["--resize", "999999999x999999999"], "ask for a smaller one"),
        (["--class-names", "absent.txt"], "absent.txt: No such file or directory"),
        (["--output", "absent/report.json"], "absent/report.json: No such file or directory"),
    ],
)
def test_what_cannot_be_done_ends_with_1_and_one_line(photo, arguments, words):
    done = run("compare", photo, *arguments)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("crosspatch: ")
    assert words in done.stderr


def test_a_picture_that_is_not_there_ends_with_1_and_its_name(tmp_path):
    done = run("compare", tmp_path / "absent.png")
    assert (done.exit_code, done.stderr) == (1, f"crosspatch: {tmp_path / 'absent.png'}: No such file or directory\n")


def test_of_two_pictures_the_one_at_fault_is_named(photo, tmp_path):
    text = tmp_path / "test.png"
    text.write_text("not a picture", encoding="utf-8")
    assert run("compare", photo, text).stderr.startswith(f"crosspatch: {text}: this file is not a picture")


def test_class_names_that_are_not_text_end_with_1_and_one_line(masks, photo):
    done = run("compare", *masks, "--class-names", photo)
    assert (done.exit_code, done.stderr) == (1, f"crosspatch: {photo}: class names are text in UTF-8, one a line\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--labels", "median"], ["--resize", "5"], ["--rectangle", "0x4"], ["--truth", "1"],
        ["--families", "beauty"], ["--families", "rates,"],
        ["--test", "-1,0"], ["--seed", "-1"], ["--seed", "x"], ["--channel", "hue"], ["--ignore", "256"],
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_read_is_a_matter_of_usage(photo, arguments):
    done = run("compare", photo, *arguments)
    assert (done.exit_code, done.stdout, "Error: " in done.stderr) == (2, "", True)


def test_metrics_lists_the_catalogue():
    listed = json.loads(run("metrics", "--format", "json").stdout)
    assert listed == [metric.to_dict() for metric in crosspatch.METRICS.values()]
    assert run("metrics").stdout.count("\n") == len(listed) + 1
