"""The long form, on both brokers: `python -m tests.chaos [--seconds 60] [--kills 36] [--seed N] …`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.estate_at_war import wage


def main() -> None:
    words = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    words.add_argument(
        "--seconds", type=float, default=60.0, help="how long processes are killed, per broker"
    )
    words.add_argument("--kills", type=int, default=36, help="how many kills, per broker")
    words.add_argument("--terminals", type=int, default=20)
    words.add_argument("--seed", type=int, default=int(time.time()))
    chosen = words.parse_args()
    print(f"seed {chosen.seed}; {chosen.terminals} terminals, {chosen.seconds:.0f} s on each broker")
    ended_well = True
    for kind in ("mosquitto", "amqtt"):
        folder = Path(tempfile.mkdtemp(prefix=f"taploop-chaos-{kind}-"))
        outcome = wage(
            folder,
            kind=kind,
            seed=chosen.seed,
            seconds=chosen.seconds,
            kills=chosen.kills,
            terminals_count=chosen.terminals,
        )
        print(outcome.line(kind), flush=True)
        good = not outcome.lost and not outcome.foreign and not outcome.missing
        good = good and outcome.stored == outcome.kept == outcome.scored
        ended_well &= good
        print("  every tap exactly once" if good else f"  NOT SO: see {folder}", flush=True)
    sys.exit(0 if ended_well else 1)


if __name__ == "__main__":
    main()
