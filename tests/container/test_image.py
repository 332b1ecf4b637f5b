"""What the image is made of, and how it is made."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from container.containers import ROOT, docker, docker_says

import crosspatch

HERE = Path(__file__).parent
MOST_ADDED_MB = 205  # 330 MB unpacked, of which the official slim base takes about 125


def inside(image: str, script: str) -> list[str]:
    """The lines that a shell script prints in a container of the image, run as root so that it sees everything."""
    return docker("run", "--rm", "--user", "0", "--entrypoint", "sh", image, "-c", script).split()


def test_hadolint_finds_nothing(tools: Path) -> None:
    done = subprocess.run([tools / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_structure_is_as_described(image: str, tools: Path) -> None:
    command = [tools / "container-structure-test", "test", "--image", image, "--config", HERE / "structure.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_adds_little_to_its_base(base: str, image: str) -> None:
    sizes = [int(docker("inspect", "--format", "{{.Size}}", name)) for name in (image, base)]
    assert (sizes[0] - sizes[1]) / 1e6 < MOST_ADDED_MB


def test_it_has_no_pip(image: str) -> None:
    names = " -o ".join(f"-name {name}" for name in ("pip", "'pip[0-9]*'", "'pip-*'", "ensurepip"))
    assert inside(image, f"find / -xdev \\( {names} \\)") == []


def test_it_has_no_compiler(image: str) -> None:
    assert inside(image, "command -v gcc cc g++ clang ld as make rustc go || true") == []


def test_it_has_no_package_cache(image: str) -> None:
    places = "/root/.cache /var/cache/apt/archives/*.deb /var/lib/apt/lists/*Packages* /tmp/* /opt/*/.cache"
    assert inside(image, f"ls -d {places} 2>/dev/null || true") == []


def test_it_has_no_tests_of_dependencies(image: str) -> None:
    assert inside(image, "find /opt -type d -name tests") == []


def test_it_holds_exactly_what_is_locked(image: str) -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = {f"{name}=={version}" for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE)}
    listing = (
        "from importlib.metadata import distributions; print(*(f'{d.name}=={d.version}' for d in distributions()))"
    )
    held = docker("run", "--rm", "--entrypoint", "/opt/crosspatch/bin/python", image, "-c", listing).split()
    named = {re.sub("[_.](?=.*==)", "-", name.lower()) for name in held}
    assert named - locked == {f"crosspatch=={crosspatch.__version__}"}


def test_its_version_is_the_projects(image: str) -> None:
    label = '{{index .Config.Labels "org.opencontainers.image.version"}}'
    assert docker("inspect", "--format", label, image).strip() == crosspatch.__version__


def test_its_health_check_needs_no_shell(image: str) -> None:
    test = docker("inspect", "--format", "{{json .Config.Healthcheck.Test}}", image)
    assert test.startswith('["CMD",')
    assert "crosspatch.web.health" in test


def test_the_context_holds_only_what_the_dockerfile_copies() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert rules[rules.index("*") - 1].startswith("#")
    assert let_in == {name for copied in copies for name in copied.split()}


def test_a_change_of_source_leaves_the_layer_of_dependencies(base: str, image: str, tmp_path: Path) -> None:
    context = tmp_path / "context"
    context.mkdir()
    for name in ("Dockerfile", ".dockerignore", "requirements.txt", "requirements-build.txt", "pyproject.toml",
                 "README.md", "LICENSE", "CHANGELOG.md"):  # fmt: skip
        shutil.copy(ROOT / name, context)
    shutil.copytree(ROOT / "src", context / "src", ignore=shutil.ignore_patterns("__pycache__"))
    with (context / "src" / "crosspatch" / "errors.py").open("a", encoding="utf-8") as source:
        source.write(f"# {tmp_path}\n")
    command = ["build", "--progress=plain", "--build-arg", f"BASE={base}", str(context)]
    log = docker_says(*command)
    steps = dict(re.findall(r"^(#\d+) \[(.+)$", log, re.MULTILINE))
    cached = {steps[number] for number in re.findall(r"^(#\d+) CACHED", log, re.MULTILINE) if number in steps}
    assert any("requirements.txt" in step and "pip" in step for step in cached), log
    assert any("COPY --from=builder /opt/crosspatch" in step for step in cached), log
    assert not any("COPY src" in step for step in cached), log
