"""What is wrong with this terminal, in words an installer can act on.

In: where its files are. Out: one finding a question, in the order in which an installer would ask, each with
what to do. Looking changes nothing; the test tap at the end is a tap, marked as a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk import doctor_hub, doctor_machine, doctor_network, doctor_screen, health
from kiosk.environment import Session
from kiosk.finding import Finding, well
from kiosk.graphics_probe import probe
from kiosk.only_one import running
from kiosk.terminal import Place
from link.clock import Reading
from link.identity import Identity
from link.machine import MachineClock
from link.outbox import OutboxError


@dataclass(frozen=True, slots=True)
class Order:
    """What the doctor is asked to do."""

    place: Place
    session: Session | None = None
    sound: bool = False
    tap: bool = True
    """Sign in and make a test tap, when everything before that is well."""
    within: float = doctor_hub.RECEIPT_WITHIN


def findings(order: Order, software: str) -> Iterator[Finding]:
    """Look at everything."""
    reading = MachineClock().read()
    yield from _machine(order, software, reading)
    yield from _screen(order)
    found, finding = doctor_hub.identity(order.place.identity)
    yield finding
    if found is not None:
        yield from _line(order, found, reading)


def _machine(order: Order, software: str, reading: Reading) -> Iterator[Finding]:
    yield doctor_machine.power(health.examine(order.place.data, software, reading))
    yield doctor_machine.storage(order.place.data)
    yield doctor_machine.clock(reading)


def _screen(order: Order) -> Iterator[Finding]:
    yield doctor_screen.libraries()
    graphics = probe()
    yield doctor_screen.screen(order.session, graphics)
    yield doctor_screen.renderer(graphics)
    yield doctor_screen.touch()
    yield doctor_screen.sound(order.sound)
    yield doctor_screen.font()


def _line(order: Order, found: Identity, reading: Reading) -> Iterator[Finding]:
    asked = doctor_hub.question(order.place.data, found, reading.wall)
    yield asked.finding
    reached = True
    for finding in doctor_network.on_the_way(found):
        reached = finding.level != "wrong"
        yield finding
    if reached and order.tap:
        yield from _end_to_end(order, found, reading)
    if order.place.outbox.exists():
        yield _outbox(order, found, reading)


def _end_to_end(order: Order, found: Identity, reading: Reading) -> Iterator[Finding]:
    kiosk = running(order.place.data)
    if kiosk:
        told = (
            f"终端程序正在运行（进程 {kiosk}），由它登录",
            f"the kiosk runs (process {kiosk}) and signs in itself",
        )
        yield well("login", *told)
    else:
        finding = doctor_hub.sign_in(found)
        yield finding
        if finding.level == "wrong":
            return
    try:
        outbox = doctor_hub.open_outbox(order.place.outbox, found.terminal)
    except OutboxError as error:
        yield doctor_hub.broken("receipts", error)
        return
    try:
        asked = doctor_hub.question(order.place.data, found, reading.wall)
        yield doctor_hub.try_out(outbox, found, asked, by_kiosk=bool(kiosk), within=order.within)
    finally:
        outbox.close()


def _outbox(order: Order, found: Identity, reading: Reading) -> Finding:
    try:
        outbox = doctor_hub.open_outbox(order.place.outbox, found.terminal)
    except OutboxError as error:
        return doctor_hub.broken("outbox", error)
    try:
        return doctor_hub.outbox_state(outbox, reading)
    finally:
        outbox.close()
