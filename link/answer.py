"""What a person answered, and the tap it becomes once it has a seq and a clock reading; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from link.clock import Reading
from link.messages import Tap


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered, before it has an identity."""

    questionnaire: str
    question: str
    scale: str
    rating: int
    layout: str = ""
    proof: Literal["kiosk", "rotating", "static"] = "kiosk"
    test: bool = False
    burst: bool = False
    amends: int = 0
    """Seq of the tap of the same store that this one replaces; 0: none."""
    reasons: tuple[str, ...] = ()
    slip: str = ""
    urgent: bool = False

    def as_tap(self, seq: int, reading: Reading) -> Tap:
        """The tap that is kept."""
        return Tap(
            seq=seq,
            tapped_at=reading.wall,
            uptime=reading.uptime,
            boot=reading.boot,
            trusted=reading.trusted,
            day=reading.day if reading.trusted else 0,
            questionnaire=self.questionnaire,
            question=self.question,
            scale=self.scale,
            rating=self.rating,
            layout=self.layout,
            proof=self.proof,
            test=self.test,
            burst=self.burst,
            amends=self.amends,
            reasons=self.reasons,
            slip=self.slip,
            urgent=self.urgent,
        )
