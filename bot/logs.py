"""The log: one line an event, on standard error.

    2026-03-02T09:00:00Z INFO started mode=polling seconds=1.2

A line is time, level, the event's name and its fields. An exception becomes two fields of the same line: what it is, and the lines of code
it passed. What a library says in its own words is the field `said` of the event `library`.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

HOME: Final = str(Path(__file__).resolve().parent.parent)
SHOWN: Final = 300
"""Characters of a value; SQLAlchemy would quote a whole statement."""
FRAMES: Final = 8

_EVENT: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*( \w+=(\S+|\"[^\"]*\"))*")
_PLAIN: Final = re.compile(r"[^\s\"'=]+")
_TOKEN: Final = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{20,}")
_PASSWORD: Final = re.compile(r"(?<=://)([^\s/:@]+):[^\s/@]+@")


def event(log: logging.Logger, name: str, level: int = logging.INFO, *, error: BaseException | None = None, **fields: object) -> None:
    """Log an event: its name in the past tense or as a noun, what it is about as fields. Never put a value into the name."""
    log.log(level, "%s", " ".join((name, *(f"{field}={_quoted(value)}" for field, value in fields.items()))), exc_info=error)


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Send every logger's lines to standard error. `secrets` are masked wherever they turn up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # They tell every request and every poll; what matters of it the bot logs itself.
    for library in ("telegram", "aiohttp", "asyncio", "alembic", "aiosqlite", "sqlalchemy"):
        logging.getLogger(library).setLevel(logging.WARNING)
    # Failures of polling the runtime logs itself, once and without a traceback; this logger would log each again.
    logging.getLogger("telegram.ext").setLevel(logging.CRITICAL)
    for teller in ("Application", "ExtBot"):
        logging.getLogger(f"telegram.ext.{teller}").setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def reason(error: BaseException) -> str:
    """What an exception says, in a few words: SQLAlchemy's own text is the driver's and a whole statement."""
    cause = getattr(error, "orig", None) or error
    text = str(cause).strip()
    return f"{type(cause).__name__}: {text.splitlines()[0]}" if text else type(cause).__name__


class LineFormatter(logging.Formatter):
    """One record, one line, no secret in it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        return _printable(self._masked(" ".join((stamp, record.levelname, _told(record), *_cause(record)))))

    def _masked(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return _PASSWORD.sub(r"\1:***@", _TOKEN.sub("***", line))


def _told(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except (TypeError, ValueError):
        message = str(record.msg)
    return message if _EVENT.fullmatch(message) else f"library name={record.name} said={_quoted(message)}"


def _cause(record: logging.LogRecord) -> Iterator[str]:
    if record.exc_info and record.exc_info[1]:
        _, error, trace = record.exc_info
        yield f"error={_quoted(reason(error))}"
        if trace:
            yield f"at={_quoted(' < '.join(_frames(trace)))}"


def _frames(trace: TracebackType) -> Iterator[str]:
    """Where it happened, innermost first: our own lines, and the last of a library."""
    innermost, *others = reversed(traceback.extract_tb(trace))
    own = (frame for frame in others if frame.filename.startswith(HOME) and ".venv" not in frame.filename)
    for frame in (innermost, *own)[:FRAMES]:
        yield f"{frame.filename.removeprefix(HOME + '/')}:{frame.lineno} {frame.name}"


def _quoted(value: object) -> str:
    text = _printable(str(value))
    text = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return text if _PLAIN.fullmatch(text) else '"' + text.replace('"', "'") + '"'


def _printable(text: str) -> str:
    """One line, whatever it held: a line break in a value must not look like another event."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
