"""The values behind the golden vectors: one message a name; every field travels at least once."""

from __future__ import annotations

import msgspec

from link import kiosk_settings, questionnaire
from link.messages import (
    Card,
    Command,
    Config,
    DayCount,
    HubState,
    Message,
    Receipt,
    Refusal,
    Reply,
    State,
    StoreState,
    Tap,
    TapBatch,
)

BOOT = "5f0c9d3e-7a51-4f7e-9a27-0d6c1c0e9b11"
LOBBY = questionnaire.Questionnaire(
    "lobby",
    3,
    {"zh-CN": "大堂", "en": "Lobby"},
    (
        questionnaire.Question(
            "overall",
            {"zh-CN": "您对这里的大堂环境满意吗？", "en": "Are you satisfied with this lobby?"},
            questionnaire.FACES_5,
            (
                questionnaire.Reason("dirty", {"zh-CN": "地面脏", "en": "Dirty floor"}),
                questionnaire.Reason(
                    "trapped", {"zh-CN": "有人被困", "en": "Somebody is trapped"}, safety=True
                ),
            ),
        ),
    ),
)
SPRING = questionnaire.Questionnaire(
    "spring",
    1,
    {"zh-CN": "春节", "en": "Spring Festival"},
    (questionnaire.Question("recommend", {"zh-CN": "愿意推荐吗？"}, questionnaire.NPS_11),),
)
SETTINGS = kiosk_settings.KioskSettings(
    opening=(kiosk_settings.Opening("07:00", "22:30", (1, 2, 3, 4, 5)),),
    turns=(kiosk_settings.Turn("spring", 20270206, 20270221, share=1, priority=1),),
    theme="contrast",
    sound=True,
    qr="beside",
)
TAP = Tap(
    seq=1,
    tapped_at=1_795_428_000_123,
    uptime=86_400_123,
    boot=BOOT,
    trusted=True,
    day=20261123,
    questionnaire="lobby@3",
    question="satisfied",
    scale="faces-5",
    rating=5,
)
ODD_TAP = Tap(
    seq=2**53 - 1,
    tapped_at=0,
    uptime=0,
    boot="旧",
    trusted=False,
    day=0,
    questionnaire="电梯@12",
    question="推荐",
    scale="nps-11",
    rating=0,
    layout="keys-11/elder",
    proof="rotating",
    test=True,
    burst=True,
)
AMENDING_TAP = Tap(
    seq=42,
    tapped_at=1_795_428_000_123,
    uptime=86_400_123,
    boot=BOOT,
    trusted=True,
    day=20261123,
    questionnaire="lobby@3",
    question="overall",
    scale="faces-5",
    rating=1,
    amends=41,
    reasons=("dirty", "trapped"),
    slip="7K3QX9TF2MZA",
    urgent=True,
)
STORE = StoreState(
    store="8f538c9159a16809",
    last_seq=41,
    pending=((1, 3), (7, 7), (40, 41)),
    pending_count=6,
    refused_count=1,
    oldest_pending_at=1_795_428_000_123,
    days=(DayCount(20261123, 38), DayCount(0, 3)),
)
VALUES: dict[str, Message] = {
    "tap_batch": TapBatch(
        1, "8f538c9159a16809", BOOT, 86_500_000, 1_795_428_100_000, trusted=True, taps=(TAP, ODD_TAP)
    ),
    "tap_batch_amending": TapBatch(
        1, "8f538c9159a16809", BOOT, 86_500_000, 1_795_428_100_000, trusted=True, taps=(AMENDING_TAP,)
    ),
    "receipt_committed": Receipt(1, "8f538c9159a16809", committed=((1, 3), (7, 7))),
    "receipt_refused": Receipt(1, "8f538c9159a16809", refused=(Refusal(9, "`rating` is above 10"),)),
    "receipt_unreadable": Receipt(1, "", unreadable=("0123456789abcdef",)),
    "state_birth": State(
        1,
        "birth",
        "c0ffee",
        BOOT,
        86_400_000,
        1_795_428_000_000,
        trusted=True,
        software="taploop-kiosk 0.1.0",
        store=STORE,
        config_revision=7,
        disk_free=12_345_678_901,
        temperature=48.5,
        duplicate_touches=2,
        counts={"duplicate": 2, "slid_off": 1},
        troubles=("clock_untrusted", "no_receipts"),
    ),
    "state_will": State(1, "will", "c0ffee"),
    "config": Config(
        1,
        7,
        touchpoint={"name": "1号楼大堂", "name_en": "Lobby 1", "place": "1号楼", "label": "7K3QX9TF"},
        questionnaire=msgspec.Raw(questionnaire.encode(LOBBY)),
        survey_url="http://192.0.2.7:8080/t/7K3QX9TF",
        hotline="400-000-0000",
        languages=("zh-CN",),
        heartbeat_after=60,
        hub_url="http://192.0.2.7:8080",
        lift_code="3-201",
        more_questionnaires=(msgspec.Raw(questionnaire.encode(SPRING)),),
        settings=msgspec.Raw(kiosk_settings.encode(SETTINGS)),
        cards=(
            Card(
                "7",
                {"zh-CN": "大堂灯太暗", "en": "The lobby is too dark"},
                {"zh-CN": "换了12盏灯", "en": "12 lamps replaced"},
                20261120,
                "/cards/7.jpg",
            ),
        ),
    ),
    "command_ping": Command(1, "c-1", "ping", 1_795_428_060_000),
    "command_resend": Command(1, "c-2", "resend", 1_795_428_060_000, "8f538c9159a16809", ((1, 41),)),
    "command_door_key": Command(
        1,
        "c-3",
        "door_key",
        1_795_428_060_000,
        key="00112233445566778899aabbccddeeff",
        label="7K3QX9TF",
        valid_until=1_795_514_400_000,
    ),
    "reply_ok": Reply(1, "c-1", ok=True),
    "reply_error": Reply(1, "c-2", ok=False, error="expired before it arrived"),
    "hub_online": HubState(1, online=True, at=1_795_428_000_000),
    "hub_leaving": HubState(1, online=False, at=1_795_428_000_000, min_version=1, retry_after=10),
}
