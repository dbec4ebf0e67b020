"""The house keeps its own rules: what calls itself pure is held to it, and the checks find what they seek."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"


@pytest.fixture(autouse=True)
def scripts_on_the_path() -> Iterator[None]:
    sys.path.insert(0, str(SCRIPTS))
    yield
    sys.path.remove(str(SCRIPTS))


def calls_itself_pure(path: Path) -> bool:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return bool(re.search(r"; pure\.", said.split("\n\n")[0]))


def test_a_file_is_held_to_be_pure_exactly_when_it_says_so() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    held = {module for one in contracts if one["name"].startswith("pure") for module in one["source_modules"]}
    said = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for package in ("link", "hub", "kiosk", "demo")
        for path in (ROOT / package).rglob("*.py")
        if calls_itself_pure(path)
    }
    assert held == said


def test_a_run_of_lines_that_stands_twice_is_found_and_told_once() -> None:
    from check_duplicates import code_lines, repeated

    run = "\n".join(f"value_{n} = start + {n}" for n in range(9))
    here = code_lines(Path("a.py"), f"start = 1\n{run}\nlast = 2\n")
    there = code_lines(Path("b.py"), f"# another beginning\n\nstart = 3\n{run}\n")
    found = repeated([here, there], 7)
    assert [(a.path.name, a.number, b.path.name, b.number, count) for a, b, count in found] == [
        ("a.py", 2, "b.py", 4, 9)
    ]


def test_imports_comments_and_docstrings_are_no_repetition() -> None:
    from check_duplicates import code_lines

    said = '"""One\ntwo."""\nimport os\nfrom a import (\n    b,\n    c,\n)\n# word\n\nx = 1  # why\n'
    assert [line.text for line in code_lines(Path("a.py"), said)] == ["x = 1"]


@pytest.mark.parametrize(
    "line",
    [
        "see https://" + "py" + "pi.org/simple",
        "registry=https://registry." + "npm" + "js.org/",
        "path = '/" + "root" + "/x'",
        "cd /" + "home" + "/someone/taploop",
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "x = 1  # " + "TO" + "DO later",
    ],
)
def test_what_must_not_be_committed_is_found(line: str) -> None:
    from check_tree import RULES

    assert any(pattern.search(line) for _, pattern, _ in RULES)


@pytest.mark.parametrize("line", ["/opt/taploop", "ls ./work/", "the root / of it", "a todo list"])
def test_what_may_be_committed_is_let_through(line: str) -> None:
    from check_tree import RULES

    assert not any(pattern.search(line) for _, pattern, _ in RULES)


@pytest.mark.parametrize(
    ("path", "telling"),
    [
        ("hub/utils.py", False),
        ("hub/web/manager/pages.py", True),
        ("hub/manager/x.py", False),
        ("link/outbox.py", True),
    ],
)
def test_names_that_tell_nothing_are_found(path: str, *, telling: bool) -> None:
    from check_sizes import TELL_NOTHING, names_of

    assert bool(names_of(Path(path)) & TELL_NOTHING) is not telling


def test_the_requirements_are_pinned_hashed_and_name_no_index() -> None:
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        lines = file.read_text("utf-8").splitlines()
        assert not [line for line in lines if "://" in line or line.startswith("-")]
        named = [line for line in lines if re.match(r"[a-z0-9]", line)]
        assert named
        assert all("==" in line and line.endswith("\\") for line in named), file.name


def test_every_list_of_requirements_takes_the_versions_of_the_widest() -> None:
    def versions(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))

    widest = versions("dev")
    for name in ("run", "kiosk", "postgres"):
        assert versions(name).items() <= widest.items(), name


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + [
        one for extra in project["optional-dependencies"].values() for one in extra
    ]
    locked = (ROOT / "requirements" / "dev.txt").read_text("utf-8")
    for one in wanted:
        name = re.match(r"[A-Za-z0-9_-]+", one)
        assert name
        assert f"\n{name[0].lower().replace('_', '-')}==" in locked, f"{one}: run scripts/lock"


@pytest.mark.parametrize("script", ["scripts/setup", "scripts/check", "scripts/lock", ".ci/run"])
def test_a_shell_script_is_sound_and_can_be_run(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0
