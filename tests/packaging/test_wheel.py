"""The program works as an installed package: built as a wheel, in an environment and a folder of its own."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: One worker builds and installs for all of them.
pytestmark = pytest.mark.xdist_group("wheel")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", target, ROOT]
    subprocess.run(build, check=True, capture_output=True, text=True)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="session")
def run(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the installed `tracker` in an empty folder, with a home of its own and no configuration."""
    base = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", base / "venv"], check=True)
    python = base / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, capture_output=True, text=True)
    # The libraries are lent by the environment that runs the tests; a path file does not lend its editable install.
    site = next((base / "venv" / "lib").glob("python3*")) / "site-packages"
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (base / "empty").mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "PYTHON"))}
    environment |= {"HOME": str(base / "home"), "XDG_DATA_HOME": str(base / "data")}

    def run(*command: str | Path, python_code: str | None = None) -> subprocess.CompletedProcess[str]:
        program = [python, "-c", python_code] if python_code else [python.with_name("tracker"), *command]
        return subprocess.run(program, cwd=base / "empty", env=environment, capture_output=True, text=True)

    return run


def test_the_wheel_carries_what_the_program_reads(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "tracker/_data/migrations/env.py" in names
    for folder, suffix in (("_data/templates", ".j2"), ("_data/migrations/versions", ".py"), ("rules", ".toml")):
        assert any(n.startswith(f"tracker/{folder}/") and n.endswith(suffix) for n in names), folder
    assert {n for n in names if n.startswith("tracker/samples/")} >= {"tracker/samples/brief-revalidatiezorg.pdf"}


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0].split("-")[0] for n in names} == {"tracker", "toezeggingen_tracker"}
    assert [n for n in names if "sqlite3" in n or "__pycache__" in n] == []


def test_the_installed_package_is_the_one_that_runs(run: Run) -> None:
    said = run(python_code="import tracker; print(tracker.__file__)").stdout
    assert Path(said.strip()).parts[-3:] == ("site-packages", "tracker", "__init__.py")
    assert not Path(said).is_relative_to(ROOT)


def test_it_says_its_version(run: Run, wheel: Path) -> None:
    version = wheel.name.split("-")[1]
    assert version in run("--version").stdout


def test_extract_in_an_empty_folder(run: Run) -> None:
    done = run("extract", ROOT / "tracker/samples/brief-dorpsbussen.md", "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    mentions = [json.loads(line) for line in done.stdout.splitlines()]
    assert "2025-07-03" in {m["deadline"]["to"] for m in mentions if m["deadline"]}


def test_demo_in_an_empty_folder(run: Run) -> None:
    demo = run("demo")
    assert demo.returncode == 0, demo.stderr
    assert "TT-2024-" in demo.stdout


def test_ingest_and_list_without_any_configuration(run: Run) -> None:
    read = run("ingest", *sorted((ROOT / "tracker/samples").glob("brief-*")))
    assert read.returncode == 0, read.stderr
    listed = run("list", "--overdue", "--as-of", "2026-07-01", "--format", "json")
    assert listed.returncode == 0, listed.stderr
    assert "2026-06-30" in {commitment["due"] for commitment in json.loads(listed.stdout)}


def test_the_package_folder_is_never_written_to(run: Run) -> None:
    files = "import tracker, pathlib; p = pathlib.Path(tracker.__file__).parent; "
    files += (
        "print(*sorted(str(f.relative_to(p)) for f in p.rglob('*') if f.suffix != '.pyc' and f.is_file()), sep='\\n')"
    )
    before = run(python_code=files).stdout
    run("demo")
    assert run(python_code=files).stdout == before
