"""One pass of a watch as a process of its own, for tests that kill it: DATABASE_URL and the time in ms."""

from __future__ import annotations

import sys

from hub.alerts.watch import Watch
from hub.live import Live
from hub.store.database import Database


def main() -> None:
    database = Database(sys.argv[1])
    watch = Watch(database, now=lambda: int(sys.argv[2]), live=Live())
    watch.tick()
    watch.take_batches()
    database.close()


if __name__ == "__main__":
    main()
