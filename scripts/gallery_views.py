"""Every screen of the kiosk as an example: a made-up estate's words in the views that screens draw.

In: a language and whether elder mode is on. Out: views by name, as `kiosk.view` would make them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kiosk import wording
from kiosk.views import (
    AttractView,
    Cell,
    Chip,
    Code,
    CodeView,
    Countdown,
    Manners,
    NoticeView,
    PadView,
    Pair,
    QuestionView,
    ReasonsView,
    SafetyView,
    SleepView,
    StaffView,
    Target,
    ThanksView,
    View,
)
from link.questionnaire import SCALES, Text

PHOTO = Path(__file__).resolve().parent.parent / "docs" / "gallery" / "photo.jpg"
HUB = "https://fankui.example.cn"
SLIP = "7K3Q-X9TF-2M4A"
DOOR = f"{HUB}/t/7K3QX9TF?c=H4M2Q8ZD"
COUNTDOWN = Countdown(0, 20_000)
NOW = 7_000
"""When the pictures are taken: the countdown is not full any more."""
STARS = {"zh-CN": ("很差", "较差", "一般", "较好", "很好"), "en": ("Poor", "Weak", "Fair", "Good", "Great")}


class Estate:
    """The words of one language, the other beneath where there is room."""

    def __init__(
        self, language: str, *, elder: bool = False, low_row: bool = False, theme: str = "calm"
    ) -> None:
        self.language = language
        self.other = "en" if language == "zh-CN" else "zh-CN"
        self.manners = Manners(theme, elder, low_row)  # type: ignore[arg-type] # one of the three themes

    def say(self, zh: str, en: str) -> Pair:
        """A wording of the estate's own."""
        return self.own({"zh-CN": zh, "en": en})

    def own(self, text: Text) -> Pair:
        """A wording of the kiosk's own."""
        return Pair(text[self.language], text[self.other])

    def cells(self, scale: str, pressed: int | None = None) -> tuple[Cell, ...]:
        """The answers of a scale."""
        if scale == "stars-5":
            words = [self.say(*both) for both in zip(STARS["zh-CN"], STARS["en"], strict=True)]
            return tuple(Cell("star", w, i == pressed, f"level:{i + 1}") for i, w in enumerate(words))
        return tuple(
            Cell(
                level.face,
                Pair(str(level.value)) if level.face == "none" else self.own(level.words),
                number == pressed,
                f"level:{level.value}",
            )
            for number, level in enumerate(SCALES[scale].levels)
        )

    @property
    def where(self) -> Pair:
        """Where the terminal stands."""
        return self.say("云栖花园 · 3 号楼 1 单元大堂", "Yunqi Garden · Building 3, Unit 1, lobby")

    @property
    def question(self) -> Pair:
        """What is asked."""
        return self.say("您对大堂的环境卫生满意吗？", "How satisfied are you with how clean the lobby is?")

    @property
    def buttons(self) -> tuple[Target, ...]:
        """Language, elder mode, low row."""
        other = "English" if self.language == "zh-CN" else "中文"
        elder = wording.PLAIN if self.manners.elder else wording.ELDER
        low = wording.HIGH_ROW if self.manners.low_row else wording.LOW_ROW
        return (
            Target("language", Pair(other)),
            Target("elder", self.own(elder)),
            Target("low_row", self.own(low)),
        )

    def asks(self, scale: str = "faces-5", **more: object) -> QuestionView:
        """The question with a scale's answers."""
        view = QuestionView(
            self.where,
            self.question,
            self.cells(scale),
            self.own(wording.HINT),
            online=True,
            buttons=self.buttons,
            manners=self.manners,
        )
        if scale == "nps-11":
            words = self.say(
                "您愿意把我们的物业服务推荐给亲友吗？",
                "How likely are you to recommend our service to friends?",
            )
            view = replace(view, question=words)
        if view.cells[0].face == "none":
            ends = wording.ENDS.get(scale, wording.ENDS[""])
            view = replace(view, ends=(self.own(ends[0]), self.own(ends[1])))
        return replace(view, **more)  # type: ignore[arg-type] # fields of the view

    def chips(self) -> tuple[Chip, ...]:
        """Six reasons, two chosen, one of them a danger."""
        words = (
            ("dirty", "地面有污渍", "Dirty floor"),
            ("smell", "有异味", "Bad smell"),
            ("bins", "垃圾桶满了", "Bins are full"),
            ("late", "打扫不及时", "Cleaned too late"),
            ("staff", "保洁态度不好", "Unfriendly staff"),
            ("danger", "有安全隐患", "Something is dangerous"),
        )
        return tuple(
            Chip(f"reason:{name}", self.say(zh, en), name in ("smell", "late"), name == "danger")
            for name, zh, en in words
        )

    def reasons(self, *, online: bool = True) -> ReasonsView:
        """After a bad answer."""
        more = Code(f"{HUB}/s/{SLIP.replace('-', '')}", self.own(wording.TELL_MORE), SLIP)
        return ReasonsView(
            self.own(wording.WHY_KEPT),
            self.own(wording.WHY),
            self.chips(),
            (Target("undo", self.own(wording.UNDO)), Target("done", self.own(wording.DONE))),
            COUNTDOWN,
            more if online else None,
            self.own(wording.REASONS_NOTE if online else wording.SAVED_HERE),
            self.manners,
        )

    def thanks(self, *, bad: bool) -> ThanksView:
        """The answer is kept."""
        follow = Code(f"{HUB}/s/{SLIP.replace('-', '')}", self.own(wording.FOLLOW), SLIP)
        return ThanksView(
            self.own(wording.THANKS_BAD if bad else wording.THANKS),
            self.own(wording.SAVED) if bad else Pair(""),
            bad,
            follow if bad else None,
            () if bad else (Target("undo", self.own(wording.UNDO)),),
            COUNTDOWN if bad else None,
            self.manners,
        )

    def safety(self) -> SafetyView:
        """Whom to call."""
        return SafetyView(
            self.own(wording.SAFETY),
            "400-820-1196",
            "沪A3-0217",
            self.own(wording.SAFETY_ADVICE),
            (Target("known", self.own(wording.KNOWN)),),
            COUNTDOWN,
            self.manners,
            self.own(wording.LIFT_CODE),
        )

    def attract(self, photo: str) -> AttractView:
        """An announcement."""
        names = (self.own(wording.SAID), self.own(wording.DID))
        return AttractView(
            self.say("大堂的垃圾桶总是满的，有味道", "The bins in the lobby are always full and smell"),
            self.say("每天多清一次，换了带盖的桶", "One more round a day, and new bins with a lid"),
            self.say("2026年11月18日", "18 November 2026"),
            photo,
            2,
            3,
            self.cells("faces-5"),
            self.question,
            self.where,
            self.manners,
            names,
        )

    def door(self) -> CodeView:
        """The QR terminal."""
        return CodeView(
            self.where,
            self.question,
            Code(DOOR, self.own(wording.SCAN)),
            self.own(wording.SCAN_NOTE),
            self.buttons[:2],
            self.manners,
        )

    def staff(self) -> StaffView:
        """Figures of health."""
        rows = (
            (wording.LINE, self.own(wording.LINE_UP).main, "good"),
            (wording.WAITING_TAPS, "12", "warn"),
            (wording.OLDEST, "3 min", "plain"),
            (wording.DISK, "24.1 GB", "good"),
            (wording.TEMPERATURE, "71 °C", "bad"),
            (wording.CLOCK, "2026-11-23 14:05", "good"),
            (wording.SOFTWARE, "0.1.0", "plain"),
            (wording.CONFIG, "17", "plain"),
        )
        acts = {
            "test": wording.TEST,
            "network": wording.NETWORK,
            "pair": wording.PAIR,
            "exit": wording.EXIT,
            "leave": wording.LEAVE,
        }
        return StaffView(
            self.own(wording.STAFF),
            tuple((self.own(name), value, state) for name, value, state in rows),  # type: ignore[misc]
            tuple(Target(name, self.own(words)) for name, words in acts.items()),
        )

    def pad(self) -> PadView:
        """The staff corner's door."""
        digits = [Target(f"digit:{digit}", Pair(str(digit))) for digit in range(10)]
        acts = (("back", wording.BACK), ("done", wording.ENTER), ("leave", wording.LEAVE))
        digits += [Target(name, self.own(words)) for name, words in acts]
        return PadView(self.own(wording.PIN), self.own(wording.PIN_HINT), 2, tuple(digits))

    def views(self, photo: str) -> dict[str, View]:
        """Every screen by name."""
        beside = Code(DOOR, self.own(wording.SCAN))
        details = (
            (self.own(wording.TERMINAL), "k-7q2m9x"),
            (self.own(wording.ADDRESS), "192.168.1.36"),
            (self.own(wording.HUB), "192.168.1.10:1883"),
            (self.own(wording.LAST_ERROR), "Connection refused"),
        )
        low = Estate(self.language, elder=self.manners.elder, low_row=True)
        no_config = (self.own(wording.NO_CONFIG), self.own(wording.NO_CONFIG_NEXT))
        closed = (self.own(wording.CLOSED), self.own(wording.TROUBLES["full"]))
        return {
            "question": self.asks(),
            "pressed": self.asks(cells=self.cells("faces-5", 3)),
            "four": self.asks("faces-4"),
            "stars": self.asks("stars-5", cells=self.cells("stars-5", 3)),
            "keys7": self.asks("keys-7"),
            "keys10": self.asks("keys-10"),
            "nps": self.asks("nps-11"),
            "beside": self.asks(code=beside),
            "offline": self.asks(online=False, status=self.own(wording.OFFLINE), buttons=()),
            "low": low.asks(),
            "contrast": replace(self.asks(), manners=replace(self.manners, theme="contrast")),
            "traffic": replace(self.asks(), manners=replace(self.manners, theme="traffic")),
            "reasons": self.reasons(),
            "reasons_offline": self.reasons(online=False),
            "reasons_low": replace(self.reasons(), manners=replace(self.manners, low_row=True)),
            "thanks": self.thanks(bad=False),
            "sorry": self.thanks(bad=True),
            "safety": self.safety(),
            "attract": self.attract(photo),
            "attract_plain": self.attract(""),
            "code": self.door(),
            "sleep": SleepView(self.own(wording.ASLEEP), 25),
            "pad": self.pad(),
            "staff": self.staff(),
            "waiting": NoticeView("wait", *no_config, details),
            "closed": NoticeView("pause", *closed, ()),
        }
