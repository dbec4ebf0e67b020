"""`make bench`: every measurement as one table with what it was measured beside; or those that are named."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable

from bench import footprint, ingest, keep, kiosk, latency
from bench.figures import Figure, table

MEASUREMENTS: dict[str, Callable[[], list[Figure]]] = {
    "ingest": ingest.measure,
    "keep": keep.measure,
    "kiosk": kiosk.measure,
    "latency": latency.measure,
    "footprint": footprint.measure,
}


def main() -> None:
    """Run those named on the command line, or all."""
    wanted = sys.argv[1:] or list(MEASUREMENTS)
    unknown = set(wanted) - set(MEASUREMENTS)
    if unknown:
        unheard, known = ", ".join(sorted(unknown)), ", ".join(MEASUREMENTS)
        raise SystemExit(f"no measurement {unheard}; there are {known}")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, {time.strftime('%F')}")
    figures: list[Figure] = []
    for name in wanted:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        figures += MEASUREMENTS[name]()
    print(table(figures))


if __name__ == "__main__":
    main()
