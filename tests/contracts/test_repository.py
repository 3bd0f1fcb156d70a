"""What the repository promises to whoever clones it: pins, paths, sizes, documents that agree with the program."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINS = sorted((ROOT / "requirements").glob("*.txt"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "tracker").rglob("*.md"))]


def tracked(pattern: str = "*") -> list[Path]:
    """The files of the repository that are under version control or about to be."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", pattern]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path for name in names if (path := ROOT / name).is_file()]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ── Pins ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PINS, ids=relative)
def test_pins_carry_versions_and_hashes_and_no_address(path: Path) -> None:
    text = path.read_text()
    requirements = re.split(r"\n(?=\S)", re.sub(r"(?m)^ *#.*\n", "", text).strip())
    assert "://" not in text
    assert "index-url" not in text
    for requirement in requirements:
        assert re.match(r"[a-z0-9-]+==\S+ ", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_every_dependency_is_pinned() -> None:
    pinned = set(re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements/runtime.txt").read_text()))
    named = {re.split(r"[<>=\[ ]", dependency)[0].lower() for dependency in PROJECT["dependencies"]}
    assert named <= pinned


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    machine = re.compile(r"(?<![\w.}/])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+)/")
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{relative(path)}: {line.strip()[:100]}" for line in text.splitlines() if machine.search(line)]
    assert found == []


def test_python_files_stay_readable_in_one_sitting() -> None:
    lengths = {relative(path): len(path.read_text().splitlines()) for path in tracked("*.py")}
    assert {name: lines for name, lines in lengths.items() if lines > 500} == {}


def test_word_lists_live_in_the_rules_not_in_the_program() -> None:
    """Seven or more words in one literal, or in one alternation of a pattern, are data (tracker/rules).

    The readers of formats are let off: the names of a schema's elements are its grammar, not words of the language.
    """
    found = []
    for path in tracked("tracker/**/*.py"):
        if "documents/formats" in path.as_posix():
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.List | ast.Tuple | ast.Set):
                words = [e.value for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
                dutch = [word for word in words if _looks_dutch(word)]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "|" in node.value:
                dutch = max((re.findall(r"[a-zë]{3,}", group) for group in _alternations(node.value)), key=len)
            else:
                continue
            if len(dutch) >= 7:
                found.append(f"{relative(path)}:{node.lineno}: {' '.join(dutch[:7])} …")
    assert found == []


def _looks_dutch(word: str) -> bool:
    return bool(re.search(r"aa|ee|oo|uu|ij|sch|ui|oe|lijk|ing$|ën|ie", word))


def _alternations(pattern: str) -> list[str]:
    return re.findall(r"[a-zë]+(?:\|[a-zë]+)+", pattern) or [""]


# ── Documents ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_changelog_tells_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"(?m)^## \[?{re.escape(PROJECT['version'])}\b", changelog)


def test_every_file_of_the_rules_is_explained() -> None:
    explained = (ROOT / "tracker/rules/README.md").read_text()
    files = [path for path in tracked("tracker/rules/*") if path.suffix in {".toml", ".csv"}]
    missing = [relative(p) for p in files if p.name not in explained and f"{p.parent.name}/" not in explained]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_to_files_that_exist(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    named = set(re.findall(r"(?m)(?:^\$ |^|`)make ([a-z-]+)", page.read_text()))
    assert named <= targets


def test_decisions_are_numbered_and_short() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.name[:3] for path in decisions] == [f"{n:03}" for n in range(1, len(decisions) + 1)]
    assert {path.name: n for path in decisions if (n := len(path.read_text().splitlines())) > 25} == {}


def test_the_layers_in_the_documents_are_those_that_are_held() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    held = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    page = (ROOT / "docs" / "architecture.md").read_text()
    drawn = page.split("## Which way imports run")[1].split("```")[1].strip().splitlines()
    assert [line.split("  ")[0].strip() for line in drawn] == held
