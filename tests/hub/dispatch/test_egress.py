from __future__ import annotations

import ssl
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.dispatch.egress import MOST_ANSWER, Egress, Forbidden, Resolve, Unreachable
from hub.dispatch.post import Answer, BadSink, Outgoing
from tests.peers.receiver import Receiver, Script

SECRET_PATH = "/hook?key=do-not-tell"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def post(receiver: Receiver, egress: Egress | None = None, *, host: str = "127.0.0.1") -> Answer:
    outgoing = Outgoing(f"http://{host}:{receiver.port}{SECRET_PATH}", {"X-Test": "1"}, b"{}")
    return (egress or Egress(timeout_s=0.5)).post(outgoing, allow_private=host == "127.0.0.1")


def leads_to(*addresses: str) -> Resolve:
    return lambda host, port: list(addresses)


def test_a_post_arrives_as_composed_and_its_answer_comes_back(receiver: Receiver) -> None:
    receiver.script.append(Script(202, {"Retry-After": "7"}, b"taken"))
    answer = post(receiver)
    assert (answer.status, answer.headers["retry-after"], answer.body) == (202, "7", b"taken")
    [request] = receiver.requests
    assert (request.path, request.body, request.headers["x-test"]) == (SECRET_PATH, b"{}", "1")
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.wrong == ()


def test_redirects_are_not_followed_wherever_they_lead(receiver: Receiver) -> None:
    for place in ("http://169.254.169.254/latest/meta-data/", f"http://127.0.0.1:{receiver.port}/other"):
        receiver.script.append(Script(307, {"Location": place}))
        assert post(receiver).status == 307
    assert len(receiver.requests) == 2


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_to_a_private_address_is_not_connected_to(receiver: Receiver, address: str) -> None:
    with pytest.raises(Forbidden, match="not a public address"):
        post(receiver, Egress(resolve=leads_to(address)), host="hook.example")
    assert receiver.requests == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver: Receiver) -> None:
    with pytest.raises(Forbidden):
        post(receiver, Egress(resolve=leads_to("1.1.1.1", "127.0.0.1")), host="hook.example")


def test_the_machines_own_name_is_looked_up_and_refused(receiver: Receiver) -> None:
    with pytest.raises(Forbidden):
        post(receiver, host="localhost")
    assert receiver.requests == []


def test_a_name_is_looked_up_once_and_the_checked_address_is_the_one_connected_to(receiver: Receiver) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    outgoing = Outgoing(f"http://hook.example:{receiver.port}/", {}, b"{}")
    answer = Egress(resolve=rebinding).post(outgoing, allow_private=True)
    assert answer.status == 204
    assert asked == ["hook.example"]
    assert receiver.requests[0].headers["host"] == f"hook.example:{receiver.port}"


def test_the_next_address_of_a_name_is_tried_when_the_first_does_not_answer(receiver: Receiver) -> None:
    outgoing = Outgoing(f"http://hook.example:{receiver.port}/", {}, b"{}")
    answer = Egress(resolve=leads_to("127.0.0.2", "127.0.0.1")).post(outgoing, allow_private=True)
    assert answer.status == 204


def test_a_private_address_in_the_url_is_refused_before_anything_else(receiver: Receiver) -> None:
    with pytest.raises(BadSink, match="not a public address"):
        Egress().post(Outgoing(f"http://127.0.0.1:{receiver.port}/", {}, b""), allow_private=False)
    assert receiver.requests == []


def test_proxies_of_the_environment_are_not_used(receiver: Receiver) -> None:
    root = Path(__file__).parents[3]
    program = (
        "from hub.dispatch.egress import Egress; from hub.dispatch.post import Outgoing; import sys;"
        "print(Egress().post(Outgoing(sys.argv[1], {}, b''), allow_private=True).status)"
    )
    environment = {"http_proxy": "http://127.0.0.1:1", "all_proxy": "http://127.0.0.1:1", "PYTHONPATH": "."}
    done = subprocess.run(
        [sys.executable, "-c", program, receiver.url],
        env=environment,
        cwd=root,
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert done.stdout.strip() == b"204"


def test_no_more_than_64_kib_of_an_answer_is_read(receiver: Receiver) -> None:
    receiver.script.append(Script(200, {}, b"x" * 3_000_000))
    assert len(post(receiver).body) == MOST_ANSWER


@pytest.mark.parametrize("script", [Script(wait_s=3), Script(drip=True)])
def test_a_receiver_that_is_too_slow_is_left_even_when_it_keeps_sending(
    receiver: Receiver, script: Script
) -> None:
    receiver.script.append(script)
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"no answer within 0\.5 s"):
        post(receiver)
    assert time.monotonic() - began < 1.5


def test_a_broken_or_missing_receiver_is_told_without_the_url(receiver: Receiver) -> None:
    receiver.script.append(Script(drop=True))
    with pytest.raises(Unreachable) as broke:
        post(receiver)
    receiver.down()
    with pytest.raises(Unreachable) as away:
        post(receiver)
    with pytest.raises(Unreachable) as unknown:
        post(receiver, Egress(resolve=_unknown), host="hook.example")
    for told in (broke, away, unknown):
        assert "do-not-tell" not in "".join(traceback.format_exception(told.value))
    assert "refused" in str(away.value)


def _unknown(host: str, port: int) -> list[str]:
    raise OSError("Name or service not known")


def test_certificates_are_checked_against_the_name_though_the_address_is_pinned(tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path, "hook.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Receiver(tls=context) as receiver:
        trusting = Egress(resolve=leads_to("127.0.0.1"), ca_file=str(certificate))
        right = Outgoing(f"https://hook.example:{receiver.port}/", {}, b"{}")
        assert trusting.post(right, allow_private=True).status == 204
        wrong = Outgoing(f"https://other.example:{receiver.port}/", {}, b"{}")
        with pytest.raises(Unreachable, match="certificate"):
            trusting.post(wrong, allow_private=True)
        with pytest.raises(Unreachable, match="certificate"):
            Egress(resolve=leads_to("127.0.0.1")).post(right, allow_private=True)
    assert len(receiver.requests) == 1


def _certificate(directory: Path, name: str) -> tuple[Path, Path]:
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={name}"]
    words += ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run(words, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.fail("openssl is missing; install it with: apt-get install openssl")
    return certificate, key
