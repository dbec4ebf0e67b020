"""The pages' server: uvicorn in a thread of its own, on a socket that is listening already.

In: an ASGI app and a socket. Out: answers; `stop()` lets those under way finish for a second.
"""

from __future__ import annotations

import logging
import socket
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

LAST_ANSWERS_S = 1


class Serving:
    """One server; it owns the socket from `start` on."""

    def __init__(self, app: ASGIApp, door: socket.socket, trusted_proxies: tuple[str, ...]) -> None:
        for name in ("uvicorn", "uvicorn.error"):
            logging.getLogger(name).addFilter(_says_more_than_goodbye)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=list(trusted_proxies),
            timeout_keep_alive=75,
            timeout_graceful_shutdown=LAST_ANSWERS_S,
        )
        self._door = door
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._run, name="web", daemon=True)

    def start(self) -> None:
        """Begin to answer; what came since the socket listens is answered too."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more, finish, and close the port."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._door.close()

    @property
    def alive(self) -> bool:
        """Whether the server still runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        self._server.run(sockets=[self._door])


def _says_more_than_goodbye(record: logging.LogRecord) -> bool:
    """Live pages are always cut off at the end; that is no error."""
    return "graceful shutdown exceeded" not in record.getMessage()
