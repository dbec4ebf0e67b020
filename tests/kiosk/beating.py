"""A frame loop under a watchdog, in a process of its own. A word on stdin stops one part of it for good."""

from __future__ import annotations

import sys
import threading
import time

from kiosk import watchdog
from kiosk.watchdog import Watchdog


def main() -> None:
    watchdog.FRAME_WITHIN = watchdog.INBOX_WITHIN = watchdog.STORE_WITHIN = 300
    stopped: set[str] = set()
    threading.Thread(target=lambda: [stopped.add(line.strip()) for line in sys.stdin], daemon=True).start()
    dog = Watchdog.of_this_process(lambda: time.monotonic_ns() // 1_000_000)
    dog.ready()
    while "end" not in stopped:
        time.sleep(0.02)
        if "frames" in stopped:
            continue
        if "inbox" not in stopped:
            dog.emptied()
        if "store" not in stopped:
            dog.store_answered()
        dog.turned()
    dog.stopping()


if __name__ == "__main__":
    main()
