"""The embedded broker as a process that can be killed without the hub. Run with: port, secret."""

from __future__ import annotations

import signal
import socket
import sys
from threading import Event

from hub.broker import EmbeddedBroker


class OneSecret:
    """Lets in everybody who knows the run's secret under their own name."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def admits(self, user: str, client_id: str, password: str) -> bool:
        return user == client_id and password == self._secret

    def passwords(self) -> dict[str, str | None]:
        return AllTheSame()


class AllTheSame(dict[str, str | None]):
    """Every terminal may stay."""

    def get(self, _key: str, _default: str | None = None) -> str | None:  # type: ignore[override]
        return ""

    def __missing__(self, _key: str) -> str | None:
        return ""

    def __contains__(self, _key: object) -> bool:
        return True


def main() -> None:
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    door = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    broker = EmbeddedBroker(door, OneSecret(sys.argv[2]))
    broker.start()
    stopping.wait()
    broker.stop()


if __name__ == "__main__":
    main()
