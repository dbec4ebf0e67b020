"""Real touches on real screens, in a kiosk that nobody sees."""

from __future__ import annotations

import itertools
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from link import staff_pin
from link.identity import Identity
from link.questionnaire import FACES_4, FACES_5, KEYS_7, NPS_11
from tests.kiosk.asks import REASONS, config
from tests.kiosk.conftest import KioskProcess, Start, closed_port

SIZES = ("1280x800", "800x1280", "1920x1080")
LONG = "您对这一次上门维修服务的及时性、专业程度、工作态度和最终的维修效果总体上满意吗？"
ONLINE = {"online": True, "terminal": "k-test"}


def as_json(given: object) -> object:
    """What goes over the puppet's strings."""
    return msgspec.json.decode(msgspec.json.encode(given))


@pytest.mark.parametrize("cell", range(5))
def test_a_touch_on_each_face_keeps_its_rating_and_thanks(kiosk: KioskProcess, cell: int):
    before = len(kiosk.rows())
    kiosk.tap(cell)
    words = kiosk.until("Thanked")["words"]
    rows = kiosk.rows()
    assert len(rows) == before + 1
    assert (rows[-1]["rating"], rows[-1]["questionnaire"], rows[-1]["layout"]) == (
        cell + 1,
        "lobby@7",
        "row-5",
    )
    assert ("对不起，让您不满意了。我们会处理。" if cell < 2 else "谢谢！您的评价已保存。") in words
    assert any("已保存在本机，联网后自动上报。" in word for word in words)
    assert any(rows[-1].get("slip", "no slip") in word.replace("-", "") for word in words) is (cell < 2)


def test_two_hundred_touches_are_two_hundred_taps(start_kiosk: Start):
    kiosk = start_kiosk("640x400")  # few pixels to draw: the count is what matters here
    kiosk("push", ms=1_000)
    for touch in range(200):
        kiosk.tap(touch % 5, finger=f"finger {touch}")
        kiosk.until("Thanked")
        kiosk("push", ms=10_500)
        kiosk("push", ms=500)
    ratings = [row["rating"] for row in kiosk.rows()]
    assert ratings == [1, 2, 3, 4, 5] * 40


def test_no_widget_is_left_behind_by_a_visit(kiosk: KioskProcess):
    held = []
    for _ in range(3):
        for face in (0, 4):
            kiosk.tap(face)
            kiosk.until("Thanked")
            kiosk("push", ms=10_500)
            kiosk("push", ms=500)
        held.append(kiosk("held"))
    assert held[1] == held[2]


def test_a_face_changes_in_the_frame_in_which_it_is_touched(kiosk: KioskProcess, tmp_path: Path):
    x, y = kiosk.middle(3)
    kiosk("picture", path=str(tmp_path / "free.png"))
    kiosk("down", x=x, y=y)
    kiosk("picture", path=str(tmp_path / "pressed.png"))
    kiosk("up", x=x, y=y)
    free, pressed = (Image.open(tmp_path / f"{name}.png").convert("RGB") for name in ("free", "pressed"))
    corner = round(x - 90), round(kiosk.height - y - 190)
    assert free.getpixel(corner) == (255, 255, 255)
    assert pressed.getpixel(corner) != (255, 255, 255)
    kiosk.until("Thanked")


def test_one_finger_read_twice_is_one_tap_and_is_told_to_the_hub(kiosk: KioskProcess):
    rows, counted = len(kiosk.rows()), kiosk("state")["counts"]["duplicate"]
    x, y = kiosk.middle(2)
    kiosk("down", x=x, y=y, finger="panel")
    kiosk("down", x=x + 3, y=y, finger="mouse")
    kiosk("up", x=x, y=y, finger="panel")
    kiosk("up", x=x + 3, y=y, finger="mouse")
    state = kiosk.until("Thanked")
    assert len(kiosk.rows()) == rows + 1
    assert state["counts"]["duplicate"] == counted + 1 == state["duplicates_told"]


def test_the_cells_leave_no_gap_and_fill_the_width(kiosk: KioskProcess):
    cells = kiosk("cells")
    for left, right in itertools.pairwise(cells):
        assert left[0] + left[2] == pytest.approx(right[0], abs=0.5)
    assert cells[0][0] < 0.03 * kiosk.width
    assert cells[-1][0] + cells[-1][2] > 0.97 * kiosk.width


def test_the_right_key_of_a_mouse_and_its_wheel_are_no_fingers(kiosk: KioskProcess):
    before, (x, y) = len(kiosk.rows()), kiosk.middle(1)
    for button in ("right", "middle", "scrollup"):
        kiosk("down", x=x, y=y, finger=button, button=button)
        kiosk("up", x=x, y=y, finger=button)
    assert kiosk("state")["stage"] == "Asking"
    assert len(kiosk.rows()) == before


def test_no_key_ends_the_kiosk_or_opens_a_panel(kiosk: KioskProcess):
    before = kiosk("state")["words"]
    for code in (27, 282, 13, 32):
        kiosk("key", code=code)
    assert kiosk("state")["words"] == before


def test_only_the_mouse_provider_reads_touches(kiosk: KioskProcess):
    assert [name for name in kiosk("providers") if name != "SDL2MotionEventProvider"] == [
        "MouseMotionEventProvider"
    ]


def test_the_status_line_tells_the_truth(kiosk: KioskProcess):
    kiosk("link", **ONLINE)
    assert "点一下就完成评价，不记名" in _soon(kiosk, "点一下就完成评价，不记名")
    kiosk("link", **ONLINE, pending=3)
    assert "待上报 3 条" in _soon(kiosk, "待上报 3 条")
    kiosk("link", online=False, pending=3)
    assert _soon(kiosk, "未联网：评价会先存在本机，联网后自动上报 · 待上报 3 条")


def _soon(kiosk: KioskProcess, wanted: str) -> list[str]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if wanted in (words := kiosk("state")["words"]):
            return words
    pytest.fail(f"{wanted} does not appear in {words}")


def test_the_next_question_replaces_the_faces(kiosk: KioskProcess):
    kiosk("config", config=as_json(config(NPS_11, revision=8)))
    _soon(kiosk, "10")
    kiosk("push", ms=1_000)
    kiosk.tap(0)
    kiosk.until("Thanked")
    assert (kiosk.rows()[-1]["rating"], kiosk.rows()[-1]["scale"]) == (0, "nps-11")
    kiosk("config", config=as_json(config()))
    kiosk("push", ms=10_500)
    _soon(kiosk, "非常满意")


@pytest.mark.parametrize("size", SIZES)
def test_nothing_leaves_its_room_on_any_screen(start_kiosk: Start, size: str):
    kiosk = start_kiosk(size)
    for scale in (NPS_11, KEYS_7, FACES_4, FACES_5):
        for revision, zh in ((20, "您满意吗？"), (21, LONG)):
            kiosk("config", config=as_json(config(scale, revision=revision, zh=zh)))
            _soon(kiosk, zh)
            assert kiosk("overflow") == []
    kiosk("push", ms=1_000)
    kiosk.tap(0)
    kiosk.until("Thanked")
    assert kiosk("overflow") == []
    kiosk("config", config=None)
    kiosk("push", ms=10_500)
    kiosk.until("Waiting")
    kiosk("link", terminal="k-7q2m9x", hub="hub.example.com.cn:1883", last_error="Connection refused " * 3)
    _soon(kiosk, "hub.example.com.cn:1883")
    assert kiosk("overflow") == []


def test_an_unpaired_kiosk_says_so_with_the_error_and_starts_when_it_is_enrolled(start_kiosk: Start):
    kiosk = start_kiosk(paired=False)
    words = kiosk.until("Waiting")["words"]
    assert "这台终端还没有登记入网" in words
    assert any("identity.json" in word for word in words)
    assert kiosk("overflow") == []
    Identity("k-test", "secret", "127.0.0.1", closed_port()).save(kiosk.folder / "identity.json")
    assert _soon(kiosk, "您对大堂的环境卫生满意吗？")
    kiosk("push", ms=1_000)
    kiosk.tap(4)
    kiosk.until("Thanked")
    assert [row["rating"] for row in kiosk.rows()] == [5]


def test_a_kiosk_without_memory_says_where_its_hub_should_be(start_kiosk: Start):
    kiosk = start_kiosk(remembers=False)
    words = kiosk.until("Waiting")["words"]
    assert "正在等待第一份问卷" in words
    assert "k-test" in words
    assert any(word.startswith("127.0.0.1:") for word in words)


def test_a_full_disk_is_told_and_the_answer_is_kept_when_there_is_room(start_kiosk: Start):
    kiosk, thanked = start_kiosk(), 0
    kiosk("room", size=16 * 1024)
    while thanked < 60:
        kiosk("push", ms=10_500)
        kiosk.until("Asking")
        kiosk("push", ms=500)
        kiosk.tap(0)
        if kiosk.after("Keeping")["stage"] != "Thanked":
            break
        thanked += 1
    words = kiosk("state")["words"]
    assert {"暂停服务", "Out of service"} <= set(words)
    assert kiosk("overflow") == []
    assert len(kiosk.rows()) == thanked
    kiosk("room", size=None)
    kiosk("push", ms=10_000)
    kiosk.until("Asking")
    assert len(kiosk.rows()) == thanked + 1


def test_a_disk_that_hangs_is_told_and_the_answer_is_kept_once(kiosk: KioskProcess):
    before = len(kiosk.rows())
    with closing(sqlite3.connect(kiosk.folder / "data" / "outbox.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        kiosk.tap(2)
        kiosk.until("Keeping")
        kiosk("push", ms=3_000)
        assert "正在保存您的评价" in kiosk.until("OutOfService")["words"]
        other.execute("ROLLBACK")
    kiosk.until("Thanked")
    assert len(kiosk.rows()) == before + 1


def test_a_whole_bad_visit_by_hand(start_kiosk: Start):
    kiosk = start_kiosk()
    extras = {"survey_url": "https://pj.cn/t/7K3QX9TF", "hub_url": "https://pj.cn", "hotline": "400-820-0001"}
    kiosk("config", config=as_json(config(reasons=REASONS, zh="满意吗？", **extras)))
    _soon(kiosk, "满意吗？")
    kiosk("push", ms=1_000)
    kiosk.tap(1)
    kiosk.until("Choosing")
    kiosk("push", ms=300)
    kiosk.touch("reason:dirty")
    kiosk.touch("done")
    words = kiosk.until("Thanked")["words"]
    first, second = kiosk.rows()
    assert (first["seq"], second["amends"], second["reasons"]) == (1, 1, ["dirty"])
    assert first["slip"] == second["slip"]
    assert first["tapped_at"] == second["tapped_at"]
    assert any(first["slip"] in word.replace("-", "") for word in words)
    assert kiosk("overflow") == []


def test_somebody_in_danger_is_told_whom_to_call(start_kiosk: Start):
    kiosk = start_kiosk()
    extras = {"hotline": "400-820-0001", "lift_code": "31-0042"}
    kiosk("config", config=as_json(config(reasons=REASONS, zh="满意吗？", **extras)))
    _soon(kiosk, "满意吗？")
    kiosk("push", ms=1_000)
    kiosk.tap(0)
    kiosk.until("Choosing")
    kiosk("push", ms=300)
    kiosk.touch("reason:trapped")
    words = kiosk.until("Warned")["words"]
    assert "400-820-0001" in words
    assert any("31-0042" in word for word in words)
    assert kiosk("overflow") == []
    kiosk("push", ms=300)
    kiosk.touch("known")
    kiosk.until("Thanked")
    assert [row.get("urgent", False) for row in kiosk.rows()] == [False, True]


def test_the_wrong_face_is_replaced(start_kiosk: Start):
    kiosk = start_kiosk()
    kiosk("push", ms=1_000)
    kiosk.tap(0)
    kiosk.until("Thanked")
    kiosk("push", ms=300)
    kiosk.touch("undo")
    kiosk.until("Asking")
    kiosk("push", ms=300)
    kiosk.tap(4)
    kiosk.until("Thanked")
    assert [(row["rating"], row.get("amends", 0)) for row in kiosk.rows()] == [(1, 0), (5, 1)]


def test_staff_hold_two_corners_and_type_a_pin(start_kiosk: Start):
    kiosk = start_kiosk()
    pin = staff_pin.hashed("471100", b"salt", rounds=1_000)
    kiosk("config", config=as_json(config(zh="满意吗？", settings={"staff_pin": pin})))
    _soon(kiosk, "满意吗？")
    kiosk("push", ms=1_000)
    top = kiosk.height - 10
    kiosk("down", x=10, y=top, finger="left")
    kiosk("down", x=kiosk.width - 10, y=top, finger="right")
    kiosk("push", ms=5_000)
    kiosk("up", x=10, y=top, finger="left")
    kiosk("up", x=kiosk.width - 10, y=top, finger="right")
    kiosk.until("Typing")
    for digit in "471100":
        kiosk("push", ms=300)
        kiosk.touch(f"digit:{digit}")
    kiosk("push", ms=300)
    kiosk.touch("done")
    kiosk.until("Attending")
    assert kiosk("overflow") == []
    kiosk("push", ms=300)
    kiosk.touch("test")
    _soon(kiosk, "已保存，等待服务器回执 saved, waiting for the hub")
    assert [row["test"] for row in kiosk.rows()] == [True]


def test_the_light_goes_out_and_a_touch_brings_it_back(start_kiosk: Start):
    kiosk = start_kiosk()
    never = [{"opens": "00:00", "closes": "00:01", "weekdays": [1 + (time.localtime().tm_wday + 3) % 7]}]
    kiosk("config", config=as_json(config(settings={"opening": never, "dim_to": 0})))
    kiosk.until("Sleeping")
    assert kiosk("state")["words"] == []
    kiosk("down", x=600, y=400)
    kiosk("up", x=600, y=400)
    kiosk.until("Asking")
    assert kiosk.rows() == []
