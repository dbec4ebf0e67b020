"""Whatever is wrong, a page says so and how to go on.

In: what a page does. Out: its answer, or a kind page.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from fastapi import Response

from hub.parts import Parts
from hub.web.survey.exchange import page
from hub.web.survey.offers import NotOffered
from hub.web.survey.pages import Pages
from hub.web.survey.paper import Reader

_log = structlog.get_logger("survey")


class Kindly:
    """Does what a page does; a code that leads nowhere and a store that cannot be read get their own page."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts, self._pages = parts, pages

    def __call__(self, reader: Reader, act: Callable[[], Response]) -> Response:
        """Do it; NotOffered and a store that is away become a page."""
        try:
            return act()
        except NotOffered as wrong:
            return page(self._pages.wrong(reader, wrong), self._pages.policy, wrong.status)
        except Exception as error:
            if not self._parts.database.is_at_fault(error):
                raise
            which = reader.path.split("/")[1]  # what follows may be a slip, which is nobody else's business
            _log.warning("survey.store_away", page=which, error=str(error))
            return page(self._pages.down(reader), self._pages.policy, 503)
