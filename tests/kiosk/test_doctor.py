"""The doctor finds what is made to fail, and says what to do about it."""

from __future__ import annotations

import json
import os
import resource
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk import doctor_hub, doctor_machine, doctor_network
from kiosk.commands import main
from kiosk.finding import MARKS, NAMES, Finding
from kiosk.health import Machine
from kiosk.memory import Memory
from kiosk.only_one import AlreadyRunning, OnlyOne, running
from link.answer import Answer
from link.clock import Reading
from link.identity import Identity
from link.machine import MachineClock, machine_id
from link.outbox import Outbox
from link.uplink import Uplink
from tests.kiosk.asks import config
from tests.kiosk.conftest import ROOT, furnish
from tests.peers import small_disk
from tests.peers.mosquitto import StartMosquitto
from tests.peers.small_hub import SmallHub

NOW = 1_795_428_000_000
WELL = Machine(48.0, 10**10, (), 0, "test", clock_trusted=True)


def doctor(folder: Path, *words: str) -> Result:
    """What an installer reads."""
    given = ["doctor", "--identity", str(folder / "identity.json"), "--data", str(folder / "data"), *words]
    return CliRunner().invoke(main, given, env={"SDL_VIDEODRIVER": "offscreen", "TERM": "xterm"})


def told(folder: Path, *words: str) -> dict[str, dict[str, object]]:
    """The same for a program: check → finding."""
    findings = json.loads(doctor(folder, "--json", *words).output)["findings"]
    return {finding["check"]: finding for finding in findings}


def at_port(folder: Path, port: int, password: str = "secret", host: str = "127.0.0.1") -> Identity:
    found = Identity("k-test", password, host, port)
    found.save(folder / "identity.json")
    return found


@pytest.fixture
def hub(mosquitto: StartMosquitto) -> Iterator[SmallHub]:
    """A broker that knows the terminal `k-test` by its password, and a hub behind it."""
    broker = mosquitto(users={"k-test": "secret", "hub": "hub-password"})
    small = SmallHub(broker.port)
    small.port = broker.port  # type: ignore[attr-defined]
    small.online(online=True)
    yield small
    small.stop()


def test_nothing_is_wrong_with_a_kiosk_that_has_all(tmp_path: Path, hub: SmallHub):
    folder = furnish(tmp_path / "k")
    at_port(folder, hub.port)  # type: ignore[attr-defined]
    found = doctor(folder)
    assert found.exit_code == 0, found.output
    assert "✔ 登录服务器" in found.output
    assert "收到回执" in found.output
    assert found.output.endswith("没有问题。\n")
    (tap,) = hub.taps.values()
    assert tap.test


def test_a_running_kiosk_carries_the_test_tap_itself(tmp_path: Path, hub: SmallHub):
    folder = furnish(tmp_path / "k")
    identity = at_port(folder, hub.port)  # type: ignore[attr-defined]
    lock = OnlyOne(folder / "data")
    outbox = Outbox.open(folder / "data" / "outbox.db", machine=machine_id(), terminal="k-test")
    uplink = Uplink(
        identity, outbox, MachineClock(), software="t", on_config=lambda _: None, on_change=lambda: None
    )
    uplink.start()
    found = told(folder)
    sessions = {state.session for owner, state in hub.states if owner == "k-test"}
    uplink.stop()
    outbox.close()
    lock.release()
    assert str(os.getpid()) in str(found["login"]["sentence"])
    assert found["receipts"]["level"] == "well"
    assert len(sessions) == 1


def test_a_config_that_waits_at_the_hub_is_kept_for_the_kiosk(tmp_path: Path, hub: SmallHub):
    folder = furnish(tmp_path / "k")
    at_port(folder, hub.port)  # type: ignore[attr-defined]
    hub.configure("k-test", config(revision=9))
    doctor(folder)
    remembered = Memory(folder / "data", "k-test").recall()
    assert remembered is not None
    assert remembered.revision == 9


def test_a_wrong_password_is_told_as_such(tmp_path: Path, hub: SmallHub):
    folder = furnish(tmp_path / "k")
    at_port(folder, hub.port, "wrong")  # type: ignore[attr-defined]
    found = doctor(folder, "--language", "en")
    assert found.exit_code == 1
    assert "✘ sign-in at the hub: not let in" in found.output
    assert "taploop-hub terminal passwd" in found.output
    assert "test tap" not in found.output


def test_a_broker_without_a_hub_gives_no_receipt(tmp_path: Path, mosquitto: StartMosquitto):
    folder = furnish(tmp_path / "k")
    identity = at_port(folder, mosquitto(users={"k-test": "secret"}).port)
    asked = doctor_hub.question(folder / "data", identity, NOW)
    outbox = doctor_hub.open_outbox(folder / "data" / "outbox.db", "k-test")
    with closing(outbox):
        found = doctor_hub.try_out(outbox, identity, asked, by_kiosk=False, within=1.5)
    assert (found.check, found.level) == ("receipts", "wrong")
    assert "no receipt came" in found.sentence["en"]


def test_a_tap_that_the_hub_refuses_is_no_receipt(tmp_path: Path, hub: SmallHub):
    folder = furnish(tmp_path / "k")
    at_port(folder, hub.port)  # type: ignore[attr-defined]
    hub.refuses = lambda _: "unknown questionnaire"
    found = told(folder)["receipts"]
    assert found["level"] == "wrong"
    assert "unknown questionnaire" in str(found["sentence"])


def test_a_closed_port_is_found_before_anything_behind_it(tmp_path: Path):
    folder = furnish(tmp_path / "k")
    found = told(folder)
    assert found["hub"]["level"] == "wrong"
    assert "firewall" in str(found["hub"]["advice"])
    assert not {"tls", "login", "receipts"} & set(found)


def test_a_name_that_nobody_knows_is_told(tmp_path: Path):
    found = doctor_network.dns("hub.invalid")
    assert found.level == "wrong"
    assert doctor_network.dns("127.0.0.1").well
    assert "127.0.0.1" in doctor_network.dns("localhost").sentence["en"] + "127.0.0.1"


def test_a_missing_identity_ends_the_questions(tmp_path: Path):
    found = told(tmp_path)
    assert list(found)[-1] == "identity"
    assert found["identity"]["level"] == "wrong"


def test_an_identity_that_others_can_read_is_told(tmp_path: Path):
    folder = furnish(tmp_path / "k")
    (folder / "identity.json").chmod(0o644)
    assert "chmod 600" in doctor(folder).output


def test_a_terminal_without_a_question_is_told_how_to_get_one(tmp_path: Path):
    found = told(furnish(tmp_path / "k", remembers=False))
    assert found["question"]["level"] == "wrong"
    assert "place it at a touchpoint" in str(found["question"]["advice"])


def test_a_question_with_letters_that_cannot_be_drawn_is_looked_at(tmp_path: Path):
    folder = furnish(tmp_path / "k", remembers=False)
    Memory(folder / "data", "k-test").remember(config(zh="满意吗？🙂"))
    found = told(folder)["question"]
    assert found["level"] == "look"
    assert "🙂" in str(found["sentence"])


def test_looking_without_a_tap_changes_nothing(tmp_path: Path):
    folder = furnish(tmp_path / "k")
    before = sorted(path.name for path in (folder / "data").iterdir())
    doctor(folder, "--no-tap")
    assert sorted(path.name for path in (folder / "data").iterdir()) == before


def test_waiting_answers_are_counted_and_told_to_be_safe(tmp_path: Path):
    folder = furnish(tmp_path / "k")
    outbox = Outbox.open(folder / "data" / "outbox.db", machine=machine_id(), terminal="k-test")
    outbox.keep(Answer("lobby@7", "clean", "faces-5", 4), MachineClock().read())
    outbox.close()
    found = told(folder)["outbox"]
    assert found["level"] == "look"
    assert "1 wait here" in str(found["sentence"])
    assert "nothing is lost" in str(found["advice"])


def test_a_store_that_cannot_be_opened_is_wrong(tmp_path: Path):
    folder = furnish(tmp_path / "k")
    (folder / "data" / "outbox.db").mkdir()
    assert told(folder)["outbox"]["level"] == "wrong"


def test_a_directory_that_cannot_be_written_is_wrong(tmp_path: Path):
    (tmp_path / "file").touch()
    found = doctor_machine.storage(tmp_path / "file" / "data")
    assert found.level == "wrong"
    assert "writable" in (found.advice or {})["en"]


FULL = """
import sys
from pathlib import Path
from kiosk import doctor_machine
print(doctor_machine.storage(Path(sys.argv[1])).data())
"""


def test_a_full_disk_is_wrong(tmp_path: Path):
    def no_file_may_grow() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    python = [sys.executable, "-c", FULL, str(tmp_path)]
    if "tmpfs" in small_disk.kinds():
        mount = (
            f"mount -t tmpfs -o size=8k tmpfs {tmp_path} && head -c 8192 /dev/zero > {tmp_path}/full; exec"
        )
        command = ["unshare", "--mount", "sh", "-c", f'{mount} "$@"', "sh", *python]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert "'wrong'" in found.stdout, found.stderr
        assert "No space left" in found.stdout
    found = subprocess.run(
        python, cwd=ROOT, capture_output=True, text=True, preexec_fn=no_file_may_grow, check=False
    )
    assert "'wrong'" in found.stdout, found.stderr


def test_a_disk_that_is_nearly_full_is_wrong_before_it_is_full(tmp_path: Path):
    if "tmpfs" not in small_disk.kinds():
        return  # the limit of the other test has the same sentence
    command = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        f'mount -t tmpfs -o size=2m tmpfs {tmp_path}; exec "$@"',
        "sh",
    ]
    python = [sys.executable, "-c", FULL, str(tmp_path)]
    found = subprocess.run([*command, *python], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "nearly full" in found.stdout


@pytest.mark.parametrize(
    ("machine", "level", "word"),
    [
        (WELL, "well", "48"),
        (replace(WELL, temperature=None), "well", "nothing unusual"),
        (replace(WELL, temperature=83.0), "look", "heat sink"),
        (replace(WELL, power=("was_slowed",)), "well", "48"),
        (replace(WELL, power=("under_voltage",)), "look", "power supply"),
        (replace(WELL, power=("was_under_voltage",)), "look", "power supply"),
    ],
)
def test_weak_power_and_heat_are_told_with_their_cure(machine: Machine, level: str, word: str):
    found = doctor_machine.power(machine)
    assert found.level == level
    assert word in str(found.data())


def test_a_clock_that_nobody_set_is_told_with_what_it_means():
    assert doctor_machine.clock(Reading("b", 0, NOW, trusted=True, day=20261123)).well
    unset = doctor_machine.clock(Reading("b", 0, NOW, trusted=False, day=0))
    assert (unset.level, "RTC" in str(unset.advice)) == ("look", True)
    stopped = doctor_machine.clock(Reading("b", 0, 0, trusted=False, day=0))
    assert (stopped.level, "1970" in stopped.sentence["en"]) == ("wrong", True)


def test_the_gateway_is_read_from_the_kernels_table(tmp_path: Path):
    route, neighbours = tmp_path / "route", tmp_path / "arp"
    route.write_text("Iface Destination Gateway\neth0 00000000 0100A8C0 0003\neth0 0000A8C0 00000000 0001\n")
    neighbours.write_text("IP address HW type Flags\n192.168.0.1 0x1 0x2 aa:bb\n")
    assert doctor_network.default_gateway(route) == "192.168.0.1"
    assert doctor_network.gateway("10.0.0.1", route, neighbours).well
    neighbours.write_text("IP address HW type Flags\n192.168.0.1 0x1 0x0 00:00\n")
    assert "router" in str(doctor_network.gateway("10.0.0.1", route, neighbours).advice)
    route.write_text("Iface Destination Gateway\n")
    assert doctor_network.gateway("10.0.0.1", route, neighbours).level == "look"
    assert doctor_network.default_gateway(tmp_path / "nothing") == ""


def test_without_any_network_there_is_no_address(tmp_path: Path):
    if "tmpfs" not in small_disk.kinds():
        pytest.skip("needs a network namespace of its own: root or user namespaces")
    script = "from kiosk.doctor_network import address; print(address('192.0.2.9').data())"
    command = ["unshare", "--net", sys.executable, "-c", script]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "no network address" in found.stdout


@contextmanager
def tls_server(folder: Path, *subject: str) -> Iterator[tuple[int, Path]]:
    """A server with a certificate of its own making; its port and the certificate."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    words = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    made = ["openssl", "req", "-x509", *words, "-keyout", key, "-out", certificate, *subject]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as door:
        stop = threading.Event()
        thread = threading.Thread(target=_greet, args=(door, context, stop), daemon=True)
        thread.start()
        yield door.getsockname()[1], certificate
        stop.set()
        socket.create_connection(door.getsockname()).close()
        thread.join()


def _greet(door: socket.socket, context: ssl.SSLContext, stop: threading.Event) -> None:
    while True:
        plain, _ = door.accept()
        with plain:
            if stop.is_set():
                return
            try:
                context.wrap_socket(plain, server_side=True).close()
            except OSError:
                continue


def test_a_certificate_is_accepted_only_from_whom_it_should_be(tmp_path: Path):
    right = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    with tls_server(tmp_path, *right) as (port, certificate):
        known = Identity("k-test", "secret", "127.0.0.1", port, tls=True, ca_file=str(certificate))
        assert doctor_network.tls(known).well
        stranger = doctor_network.tls(replace(known, ca_file=""))
        assert stranger.level == "wrong"
        assert "self-signed" in stranger.sentence["en"]
        lost = doctor_network.tls(replace(known, ca_file=str(tmp_path / "nothing.pem")))
        assert lost.level == "wrong"
    with tls_server(tmp_path, "-subj", "/CN=other", "-addext", "subjectAltName=DNS:other") as (
        port,
        certificate,
    ):
        other = Identity("k-test", "secret", "127.0.0.1", port, tls=True, ca_file=str(certificate))
        assert "mismatch" in doctor_network.tls(other).sentence["en"]


def test_two_kiosks_never_share_a_store(tmp_path: Path):
    first = OnlyOne(tmp_path)
    assert running(tmp_path) == os.getpid()
    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        OnlyOne(tmp_path)
    first.release()
    assert running(tmp_path) == 0
    assert running(tmp_path / "nothing") == 0
    second = OnlyOne(tmp_path)
    second.release()


def test_a_lock_that_cannot_be_written_does_not_stop_the_kiosk(tmp_path: Path):
    (tmp_path / "file").touch()
    OnlyOne(tmp_path / "file" / "data").release()


def test_every_finding_has_a_name_in_both_languages():
    assert all(set(name) == {"zh-CN", "en"} for name in NAMES.values())
    found = Finding("hub", "wrong", {"zh-CN": "连不上", "en": "closed"}, {"zh-CN": "检查", "en": "check"})
    assert found.line("en") == f"{MARKS['wrong']} hub's port: closed\n    → check"
