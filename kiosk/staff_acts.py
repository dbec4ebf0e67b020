"""What staff may do to the terminal itself: have it paired anew, and end the program.

In: the identity file and how many answers still wait. Out: the file under another name; or one sentence that
says why not yet.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from link.questionnaire import Text

EXIT_BY_STAFF = 75
"""Exit code after "exit" in the staff corner: the unit leaves it ended. After any other it starts again."""


class AnswersWait(Exception):
    """Answers of this identity are not at the hub yet; under another they could not be sent."""

    def __init__(self, pending: int) -> None:
        super().__init__(f"{pending}: {self.__doc__}")
        self.pending = pending

    @property
    def words(self) -> Text:
        """The sentence for the screen."""
        return {
            "zh-CN": f"还有 {self.pending} 条评价没有上报。先恢复网络，等上报完再重新登记。",
            "en": f"{self.pending} answers have not been sent. Restore the network and let them go first.",
        }


def pair_anew(identity: Path, *, pending: int, sure: bool, at: int) -> Path:
    """Move the identity aside, so that the terminal asks to be paired; return where it is now.

    `pending` answers would stay on the disk for good: raise AnswersWait unless `sure`. `at` (ms UTC) names
    the file. Raise OSError when it cannot be moved; then nothing has changed.
    """
    if pending and not sure:
        raise AnswersWait(pending)
    day = datetime.fromtimestamp(at / 1000, UTC).strftime("%Y%m%d-%H%M%S")
    aside = identity.with_name(f"{identity.name}.{day}.old")
    identity.rename(aside)
    folder = os.open(identity.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a power cut must not bring the old identity back
    finally:
        os.close(folder)
    return aside
