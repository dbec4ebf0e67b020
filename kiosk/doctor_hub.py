"""The doctor between terminal and hub: who it is, what it asks, may it sign in, do receipts come.

In: identity, memory, outbox. Out: findings. The test tap is a real one, marked as a test: it goes the whole
way and is left out of every score. While a kiosk runs, its own session carries the test tap; a second one of
the same terminal would push it off the line.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from kiosk import health
from kiosk.content import BadConfig, Plan, plan_from, plan_texts
from kiosk.coverage import missing
from kiosk.finding import Finding, look, well, wrong
from kiosk.memory import Memory
from link.answer import Answer
from link.clock import Reading
from link.identity import Identity, IdentityError
from link.machine import MachineClock, machine_id
from link.messages import Config, StoreState
from link.outbox import Outbox, OutboxError
from link.session import Address, Session
from link.uplink import Uplink

SIGN_IN_WITHIN = 12.0
RECEIPT_WITHIN = 20.0
"""Seconds; a running kiosk looks at its outbox every five."""
PLACE_IT = (
    "先让它连上一次服务器，并在管理页把它安装到一个触点",
    "let it reach the hub once, and place it at a touchpoint on the manager page",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What memory holds: a plan, or a finding that says why there is none."""

    plan: Plan | None
    revision: int
    finding: Finding


def identity(path: Path) -> tuple[Identity | None, Finding]:
    """Who this terminal is."""
    try:
        found = Identity.load(path)
    except IdentityError as error:
        return None, wrong(
            "identity",
            f"{error}",
            f"{error}",
            "给这台终端登记；登记之前，后面的都无法检查",
            "enrol this terminal; nothing else can be checked before",
        )
    where = f"{found.hub_host}:{found.hub_port}"
    told = f"{found.terminal}，服务器 {where}", f"terminal {found.terminal}, hub {where}"
    return found, well("identity", *told)


def question(data: Path, found: Identity, now: int) -> Asked:
    """There is something to ask, and the font has all its characters. `now`: ms UTC."""
    memory = Memory(data, found.terminal)
    config = memory.recall()
    if config is None:
        return Asked(
            None,
            0,
            wrong("question", "还没有收到题目", "no question has reached this terminal yet", *PLACE_IT),
        )
    try:
        plan = plan_from(config)
    except BadConfig as error:
        return Asked(None, config.revision, _cannot_be_asked(error))
    if not plan.asks:
        told = "服务器认得它，但没有给它安排题目", "the hub knows this terminal but has no question for it"
        return Asked(plan, config.revision, wrong("question", *told, *PLACE_IT))
    return Asked(plan, config.revision, _drawable(plan, config, _age(data, found.terminal, now)))


def _drawable(plan: Plan, config: Config, age: int) -> Finding:
    name = plan.asks[0].questionnaire
    if boxes := missing(plan_texts(plan)):
        return look(
            "question",
            f"{name}：字体里没有 {boxes}",
            f"{name}: the font lacks {boxes}",
            "在管理页换成常用字",
            "use other characters on the manager page",
        )
    return well(
        "question",
        f"{name}，配置第 {config.revision} 版，{health.span(age)} 前收到",
        f"{name}, config {config.revision}, received {health.span(age)} ago",
    )


def _cannot_be_asked(error: BadConfig) -> Finding:
    told = f"题目无法显示：{error}", f"the question cannot be asked: {error}"
    return wrong("question", *told, "在管理页改正", "correct it on the manager page")


def _age(data: Path, terminal: str, now: int) -> int:
    try:
        return max(0, now - int((data / f"config.{terminal}.json").stat().st_mtime * 1000))
    except OSError:
        return 0


def sign_in(found: Identity, within: float = SIGN_IN_WITHIN) -> Finding:
    """Sign in as this terminal, and out again. Only while no kiosk runs."""
    outcome: SimpleQueue[str] = SimpleQueue()
    session = Session(
        Address(found.hub_host, found.hub_port, found.tls, found.ca_file),
        user=found.terminal,
        password=found.password,
        will=None,
        on_up=lambda: outcome.put(""),
        on_down=outcome.put,
        on_message=lambda _: None,
    )
    session.start()
    try:
        reason = outcome.get(timeout=within)
    except Empty:
        reason = f"no answer within {within:.0f} s"
    finally:
        session.stop()
    if not reason:
        return well("login", f"{found.terminal} 已登录", f"signed in as {found.terminal}")
    return wrong(
        "login",
        f"服务器拒绝登录：{reason}",
        f"not let in: {reason}",
        "在管理页查看这台终端是否已停用；或用 taploop-hub terminal passwd 重新发一份身份文件",
        "see whether this terminal was retired; or give it a new identity file: taploop-hub terminal passwd",
    )


def try_out(
    outbox: Outbox, found: Identity, asked: Asked, *, by_kiosk: bool, within: float = RECEIPT_WITHIN
) -> Finding:
    """Keep a tap marked as a test and wait until the hub's receipt has settled it.

    `by_kiosk`: a kiosk runs and sends it; otherwise this signs in for the moment.
    """
    if asked.plan is None or not asked.plan.asks:
        return look("receipts", "还没有题目，无法试点", "no question yet, so no test tap", *PLACE_IT)
    uplink = None if by_kiosk else _uplink(outbox, found, asked.revision)
    if uplink:
        uplink.start()
    try:
        return _followed(outbox, _answer(asked.plan), uplink, within)
    except OutboxError as error:
        return broken("receipts", error)
    finally:
        if uplink:
            uplink.stop()


def _followed(outbox: Outbox, answer: Answer, uplink: Uplink | None, within: float) -> Finding:
    clock = MachineClock()
    refused = outbox.figures(clock.read()).refused_count
    seq = outbox.keep(answer, clock.read()).seq
    if uplink:
        uplink.wake()
    began = time.monotonic()
    while not _settled(outbox, seq) and time.monotonic() - began < within:
        time.sleep(0.02)
    took = time.monotonic() - began
    error = uplink.status().last_error if uplink else ""
    if not _settled(outbox, seq) or outbox.figures(clock.read()).refused_count > refused:
        return _no_receipt(error)
    return well(
        "receipts", f"试点 {took:.1f} 秒后收到回执", f"the test tap's receipt came after {took:.1f} s"
    )


def _uplink(outbox: Outbox, found: Identity, revision: int) -> Uplink:
    memory = Memory(outbox.path.parent, found.terminal)

    def take(config: Config) -> str | None:
        try:
            plan_from(config)
            memory.remember(config)  # the kiosk finds it at its next start
        except (BadConfig, OSError) as error:
            return str(error)
        return None

    return Uplink(
        found,
        outbox,
        MachineClock(),
        software="taploop-kiosk doctor",
        on_config=take,
        on_change=lambda: None,
        config_revision=revision,
    )


def _answer(plan: Plan) -> Answer:
    ask = plan.asks[0]
    scale = ask.question.scale
    return Answer(ask.questionnaire, ask.question.id, scale.id, scale.levels[-1].value, test=True)


def _settled(outbox: Outbox, seq: int) -> bool:
    waiting = outbox.due(1, seq - 1)
    return not waiting or waiting[0].seq != seq


def _no_receipt(error: str) -> Finding:
    told = f"：{error}" if error else ""
    return wrong(
        "receipts",
        f"试点已存在本机，但没有收到回执{told}",
        f"the test tap is kept here, but no receipt came{told.replace('：', ': ')}",
        "确认服务器程序在运行、磁盘没满；再看这台终端在服务器上的权限",
        "check that the hub itself runs and its disk has room, then this terminal's rights at the broker",
    )


def outbox_state(outbox: Outbox, reading: Reading) -> Finding:
    """How many answers wait here, and for how long."""
    try:
        figures, pending = outbox.figures(reading), outbox.pending()
        oldest = outbox.oldest_pending_at(reading)
    except OutboxError as error:
        return broken("outbox", error)
    if "store_replaced" in outbox.troubles:
        return look(
            "outbox",
            f"存储文件换过新的；{_counts(figures, pending)[0]}",
            f"the store was replaced by a new one; {_counts(figures, pending)[1]}",
            "存储卡可能坏了，或是从别的终端拷来的：请更换",
            "the card may be failing, or is a copy of another terminal's: replace it",
        )
    if not pending:
        return well("outbox", *_counts(figures, pending))
    waited = health.span(max(0, reading.wall - oldest)) if oldest else "–"
    zh, en = _counts(figures, pending)
    return look(
        "outbox",
        f"{zh}，最早一条已等 {waited}",
        f"{en}, the oldest for {waited}",
        "不会丢；连上服务器后自动上报",
        "nothing is lost: they go by themselves once the hub is reached",
    )


def _counts(figures: StoreState, pending: int) -> tuple[str, str]:
    made = figures.last_seq
    return f"共 {made} 条，{pending} 条待上报", f"{made} answers made, {pending} wait here"


def broken(check: str, error: OutboxError) -> Finding:
    """The store itself fails."""
    told = f"{error}", f"{error}"
    return wrong(
        check,
        *told,
        "腾出空间；如果没有用，更换存储卡",
        "free some space; if that does not help, replace the card",
    )


def open_outbox(path: Path, terminal: str) -> Outbox:
    """The kiosk's own outbox; raises OutboxError. A kiosk that runs goes on using it."""
    return Outbox.open(path, machine=machine_id(), terminal=terminal)
