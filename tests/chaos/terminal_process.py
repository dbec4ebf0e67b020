"""One terminal as a process: taps until told to stop, then drains. Run with: identity file, folder, rate.

Writes `accepted` (one fsynced line a tap whose `keep` returned): a kill between commit and note is seen.
Ends by itself with exit code 0 once `stop` exists in the data directory and nothing is pending.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from random import Random

from link.identity import Identity
from link.machine import MachineClock
from link.outbox import Answer, Outbox
from link.uplink import Uplink


def main() -> None:
    identity_file, folder, per_second = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    identity = Identity.load(identity_file)
    chance = Random(f"{identity.terminal}{time.time_ns()}")
    clock = MachineClock()
    outbox = Outbox.open(folder / "outbox.db", machine=identity.terminal)
    uplink = Uplink(
        identity,
        outbox,
        clock,
        software="chaos",
        on_config=lambda _config: None,
        on_change=lambda: None,
        retry_most_s=2.0,
    )
    uplink.start()
    accepted = os.open(folder / "accepted", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    stop = folder / "stop"
    while not stop.exists():
        tap = outbox.keep(Answer("chaos@1", "satisfied", "faces-5", chance.randint(1, 5)), clock.read())
        uplink.wake()
        os.write(accepted, f"{outbox.store} {tap.seq} {tap.rating}\n".encode())
        os.fsync(accepted)
        time.sleep(chance.expovariate(per_second))
    while uplink.status().pending:
        time.sleep(0.1)
    uplink.stop()
    outbox.close()


if __name__ == "__main__":
    main()
