"""A courier as a process of its own, for tests that kill it: DATABASE_URL, then how many ms it is ahead."""

from __future__ import annotations

import sys
import time

from hub.dispatch.courier import Courier
from hub.store.database import Database


def main() -> None:
    ahead = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    courier = Courier(Database(sys.argv[1]), now=lambda: round(time.time() * 1_000) + ahead, poll_s=0.05)
    courier.start()
    print("carrying", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main()
