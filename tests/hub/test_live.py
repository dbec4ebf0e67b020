"""Nobody who waits for news misses it, in threads and in event loops."""

from __future__ import annotations

import asyncio
import time
from threading import Thread, Timer

from hub.live import Live


def test_a_thread_that_waits_wakes_when_told() -> None:
    live = Live()
    Timer(0.05, live.tell).start()
    assert live.wait_blocking(0, 5) == 1


def test_news_told_before_the_wait_is_not_missed() -> None:
    live = Live()
    live.tell()
    assert live.wait_blocking(0, 0) == 1
    assert asyncio.run(live.wait(0, 0)) == 1


def test_waiting_for_nothing_ends_at_the_timeout_with_the_same_version() -> None:
    live = Live()
    live.tell()
    assert live.wait_blocking(1, 0.01) == 1
    assert asyncio.run(live.wait(1, 0.01)) == 1


def test_every_page_that_waits_wakes_when_a_thread_tells() -> None:
    live = Live()

    async def pages() -> list[int]:
        waiting = [asyncio.create_task(live.wait(0, 5)) for _ in range(100)]
        await asyncio.sleep(0.01)
        Thread(target=live.tell).start()
        return await asyncio.gather(*waiting)

    started = time.monotonic()
    assert asyncio.run(pages()) == [1] * 100
    assert time.monotonic() - started < 4


def test_a_page_that_went_away_leaves_no_waiter_behind() -> None:
    live = Live()

    async def leave() -> None:
        waiting = asyncio.create_task(live.wait(0, 5))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(leave())
    assert not live._waiters
    live.tell()


def test_pages_stop_waiting_when_the_server_is_about_to_stop() -> None:
    live = Live()

    async def pages() -> list[int]:
        waiting = [asyncio.create_task(live.wait(0, 60)) for _ in range(3)]
        await asyncio.sleep(0.01)
        live.close()
        return [*await asyncio.gather(*waiting), await live.wait(99, 60)]

    started = time.monotonic()
    assert asyncio.run(pages()) == [1, 1, 1, 1]
    assert live.closed
    assert time.monotonic() - started < 4
