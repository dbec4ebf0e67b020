"""What the hub says about itself: one line a custody change, for people or for collectors.

In: a format and a level. Out: structlog and Python's logging, both to standard error.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal, TextIO, cast

import structlog

Format = Literal["text", "json"]
_QUIET = ("amqtt", "transitions", "websockets", "asyncio", "alembic", "urllib3")
"""They tell their own troubles in their own words; what matters of it we say ourselves."""

# without the values of variables, among which are passwords and keys
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


class _StandardError:
    """Standard error as it is at the moment of each line, so that whoever redirects it gets the lines."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(form: Format, level: str) -> None:
    """Set up logging for the whole process, before anything starts."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=form == "json"),
    ]
    last: list[structlog.typing.Processor]
    if form == "json":
        last = [_TRACEBACKS, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        plain = structlog.dev.plain_traceback
        colours = sys.stderr.isatty()
        last = [structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=18, exception_formatter=plain)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _StandardError())),
    )
    _route_logging(shared, last, number)


def _route_logging(
    shared: list[structlog.typing.Processor], last: list[structlog.typing.Processor], level: int
) -> None:
    handler = logging.StreamHandler(cast(TextIO, _StandardError()))
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, *last])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
