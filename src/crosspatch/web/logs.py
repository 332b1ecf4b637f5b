"""How the service logs. In go records of the standard `logging`, ours, gunicorn's and Python's warnings; out come lines
on standard error: JSON for machines, columns for a terminal.

What is under way while a request is served carries its id by itself. No picture, file name or query string is logged:
the log of a request names its route's pattern, and what gunicorn says of a client is cut before it quotes it.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from gunicorn.glogging import Logger as GunicornLogger
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

LogFormat = Literal["auto", "json", "text"]
_Event = MutableMapping[str, Any]
_OURS = "crosspatch"
_QUERY = re.compile(r"\?[^\s'\"]+")
# "Invalid request from ip=192.0.2.7: Invalid HTTP request line: 'GET /?what=ever'": no more than what is wrong.
_QUOTED = re.compile(r"^(Invalid request from ip=\S*: [^:'\"]*).*", re.DOTALL)


def configure_logging(level: str, form: LogFormat) -> None:
    """Log from `level` on to standard error, in this whole process. `auto` is text on a terminal, JSON elsewhere.

    Other libraries are heard from warnings on: Pillow's debugging prints what is in a picture.
    """
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(as_text=as_text, colors=sys.stderr.isatty()))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(_OURS).setLevel(level.upper())
    logging.captureWarnings(True)


def formatter(*, as_text: bool, colors: bool = False) -> logging.Formatter:
    """Turns a record into one line of JSON, or into text for people; a traceback comes with it."""
    finish: list[Processor]
    if as_text:
        finish = [ConsoleRenderer(colors=colors, sort_keys=False, exception_formatter=plain_traceback)]
    else:
        finish = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ExtraAdder(),
            _process,
            _discreet,
        ],
        processors=[ProcessorFormatter.remove_processors_meta, *finish],
    )


class ServerLog(GunicornLogger):
    """Gunicorn's log, in our format and on our handler. Gunicorn is given this class by name."""

    def setup(self, cfg: Any) -> None:
        """Take away the handler that gunicorn has just made."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _process(_: Any, __: str, event: _Event) -> _Event:
    event["pid"] = event["_record"].process
    event.pop("message", None)  # left in the record by a handler that was faster
    return event


def _discreet(_: Any, __: str, event: _Event) -> _Event:
    """What clients send stays out of what gunicorn says."""
    if event["logger"].startswith("gunicorn"):
        event["event"] = _QUOTED.sub(r"\1", _QUERY.sub("", event["event"]))
    return event
