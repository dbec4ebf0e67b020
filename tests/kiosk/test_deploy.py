"""What an installer gets: units that systemd takes, and an installation that can go back."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kiosk.commands import main, run
from kiosk.staff_acts import EXIT_BY_STAFF
from tests.kiosk.conftest import ROOT

DEPLOY = ROOT / "deploy" / "kiosk"
UNITS = ("taploop-kiosk.service", "taploop-kiosk-failed.service")
SESSIONS = ("kms", "x11", "cage")


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


@pytest.mark.parametrize("script", ["install.sh", "wheelhouse.sh", "system/taploop-doctor"])
def test_a_script_is_sound_and_can_be_run(script: str):
    path = DEPLOY / script
    assert path.stat().st_mode & 0o111
    shell = "sh" if path.read_text().startswith("#!/bin/sh") else "bash"
    subprocess.run([shell, "-n", str(path)], check=True)


@pytest.mark.parametrize("session", SESSIONS)
def test_systemd_takes_the_units(tmp_path: Path, session: str):
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.fail("systemd-analyze is missing; run: apt-get install systemd")
    for unit in UNITS:
        (tmp_path / unit).write_text(_with_programs_that_are_here(text(unit)))
    if session != "kms":
        folder = tmp_path / "taploop-kiosk.service.d"
        folder.mkdir()
        (folder / "session.conf").write_text(_with_programs_that_are_here(text(f"sessions/{session}.conf")))
    found = subprocess.run(
        [verifier, "verify", "--man=no", *(str(tmp_path / unit) for unit in UNITS)],
        capture_output=True,
        text=True,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin", "SYSTEMD_LOG_LEVEL": "warning"},
        check=False,
    )
    ours = [line for line in found.stderr.splitlines() if "taploop" in line]
    assert found.returncode == 0, found.stderr
    assert not ours


def _with_programs_that_are_here(unit: str) -> str:
    return re.sub(r"(ExecStart=[-+]?)/\S+", r"\1/bin/true", unit)


def test_the_unit_waits_for_no_network():
    assert "network" not in re.sub(r"^#.*$", "", text(UNITS[0]), flags=re.MULTILINE)


def test_the_unit_leaves_the_kiosk_ended_when_staff_ended_it():
    assert f"RestartPreventExitStatus={EXIT_BY_STAFF}\n" in text(UNITS[0])


def test_every_setting_of_unit_and_defaults_is_one_of_the_command():
    known = {one.envvar for one in run.params if getattr(one, "envvar", None)}
    files = [*UNITS, "sessions/x11.conf", "sessions/cage.conf", "system/taploop-kiosk.default"]
    named = {name for file in files for name in re.findall(r"\bTAPLOOP_[A-Z]+(?==)", text(file))}
    assert named <= known
    assert named
    assert {"run", "doctor", "apologise"} <= set(main.commands)


def test_the_kiosk_may_use_its_devices_and_no_others():
    unit = text(UNITS[0])
    assert re.findall(r"DeviceAllow=(\S+)", unit) == [
        "char-drm",
        "char-input",
        "char-tty",
        "char-alsa",
        "char-fb",
    ]
    assert {"video", "render", "input", "audio"} <= set(
        re.findall(r"SupplementaryGroups=(.*)", unit)[0].split()
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--session", "desktop"], "kms, x11 or cage"),
        (["--rotate", "45"], "0, 90, 180 or 270"),
        (["--diagonal", "large"], "number of inches"),
        (["--what"], "--help"),
        (["--back"], "no version before"),
        ([], "no wheelhouse"),
    ],
)
def test_what_was_meant_otherwise_is_told(tmp_path: Path, words: list[str], sentence: str):
    found = install(DEPLOY, tmp_path, *words)
    assert found.returncode == 1
    assert sentence in found.stderr


def test_a_wheelhouse_is_made_for_a_machine_that_exists(tmp_path: Path):
    for words in (["armv7l", str(tmp_path)], ["x86_64"], ["x86_64", str(tmp_path), "3.14"]):
        found = subprocess.run(
            [DEPLOY / "wheelhouse.sh", *words], capture_output=True, text=True, check=False
        )
        assert found.returncode == 1
        assert found.stderr.startswith("wheelhouse: ")


def install(house: Path, root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installer for another root folder."""
    variables = {"TAPLOOP_ROOT": str(root), "PATH": f"{Path(sys.base_prefix)}/bin:/usr/bin:/bin:/usr/sbin"}
    return subprocess.run(
        [house / "install.sh", *words], env=variables, capture_output=True, text=True, check=False
    )


def wheelhouse(folder: Path, version: str, *, starts: bool = True) -> Path:
    """A small one: the real scripts, and a program that only tells its version."""
    shutil.copytree(DEPLOY, folder)
    (folder / "wheels").mkdir()
    about = f"taploop-{version}.dist-info"
    code = f"def main():\n    print({version!r})\n" if starts else "def main():\n    raise SystemExit(1)\n"
    files = {
        "taploop_told.py": code,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: taploop\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "[console_scripts]\ntaploop-kiosk = taploop_told:main\n",
    }
    with zipfile.ZipFile(folder / "wheels" / f"taploop-{version}-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)
        wheel.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"]))
    (folder / "requirements.txt").write_text("# nothing else\n")
    (folder / "made-for").write_text(
        f"arch={platform.machine()}\npython={sys.version_info[0]}.{sys.version_info[1]}\n"
    )
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def current(root: Path) -> str:
    program = root / "opt" / "taploop" / "current" / "bin" / "taploop-kiosk"
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()


def test_two_versions_lie_side_by_side_and_either_can_run(tmp_path: Path):
    root = tmp_path / "root"
    first = install(wheelhouse(tmp_path / "one", "1.0"), root, "--diagonal", "10.1", "--session", "x11")
    assert first.returncode == 0, first.stderr
    assert current(root) == "1.0"
    assert "TAPLOOP_DIAGONAL=10.1\n" in (root / "etc/default/taploop-kiosk").read_text()
    assert (root / "etc/systemd/system/taploop-kiosk.service.d/session.conf").exists()

    again = install(tmp_path / "one", root)
    assert again.returncode == 0, again.stderr
    assert "TAPLOOP_DIAGONAL=10.1\n" in (root / "etc/default/taploop-kiosk").read_text()
    assert not (root / "etc/systemd/system/taploop-kiosk.service.d/session.conf").exists()

    assert install(wheelhouse(tmp_path / "two", "2.0"), root).returncode == 0
    assert current(root) == "2.0"
    assert install(tmp_path / "two", root, "--back").returncode == 0
    assert current(root) == "1.0"

    broken = install(wheelhouse(tmp_path / "three", "3.0", starts=False), root)
    assert "does not start; nothing was changed" in broken.stderr
    assert current(root) == "1.0"


def test_a_damaged_wheelhouse_is_not_installed(tmp_path: Path):
    house = wheelhouse(tmp_path / "one", "1.0")
    with (house / "taploop-kiosk.service").open("a") as unit:
        unit.write("# bitten\n")
    found = install(house, tmp_path / "root")
    assert "damaged" in found.stderr
    assert not (tmp_path / "root" / "opt").exists()
