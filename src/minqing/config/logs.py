"""Logging that holds no personal data.

A name cannot be told from other words by a pattern, so what may carry one is not written at all: the message of an
exception, the address of a request, the values of a statement. What stays says where (frames of the traceback, the
page's name) and what (class, SQLSTATE, table, constraint, our own code). Numbers and private links are blotted out of
all that is left.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType

from django.http.request import split_domain_port

from minqing.config.log_lines import JSON, json_line
from minqing.core.errors import DomainError
from minqing.core.outage import is_outage

PRIVATE = re.compile(
    r"(?<!\d)(?:"
    # identity card of eighteen or fifteen digits, in groups too; a bank card
    r"\d{6}[ -]?\d{8}[ -]?\d{3}[\dXxＸｘ]|\d{15,19}"
    # mobile number, in groups too, and one of a house with its area code
    r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[ -]?\d{7,8}"
    r")(?!\d)"
    # the private part of a link, and whatever stands in a query
    r"|(?<=/[hHmM]/)[\w-]+|(?<=/open/)[\w-]+|(?<=[?&])[^\s?#\"']+"
)
LONGEST_HOST = 100
REFUSED_HOST = "django.security.DisallowedHost"
# written by the interpreter out of names in the code
SAFE = (ImportError, NameError, AttributeError, NotImplementedError, RecursionError)


def blot(text: str) -> str:
    return PRIVATE.sub("…", text)


def describe(error: BaseException) -> str:
    """Class of an exception and what of it names nobody."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    detail = detail_of(error)
    return f"{name}: {detail}" if detail else name


def detail_of(error: BaseException) -> str:
    if isinstance(error, DomainError):
        return error.code
    if isinstance(error, SAFE):
        return blot(str(error))
    if isinstance(error, OSError):
        # without the file, which may be named after somebody
        return error.strerror or ""
    # psycopg's error, or Django's around it; DETAIL and the message itself quote values
    told = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if told is None:
        return ""
    known = [told.sqlstate, told.table_name, told.column_name, told.constraint_name]
    return " ".join(part for part in known if part)


def format_exception(error: BaseException) -> str:
    """A traceback without the messages of its exceptions, causes first as Python prints them."""
    return "".join(traceback_lines(error, set()))


def traceback_lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from traceback_lines(before, seen)
        yield "\n\nwhich led to:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield describe(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield "\n\none of these:\n\n"
            yield from traceback_lines(one, seen)


class Scrub(logging.Filter):
    """Takes people out of a record: its message, arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = message_of(record)
        record.args = ()
        if record.exc_info:
            error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
            if record.name == REFUSED_HOST:
                # anybody on the network makes one; where it was noticed says nothing
                error = None
            elif error is not None and is_outage(error):
                # where it was noticed says nothing of why, and everybody notices it
                record.msg = f"{record.msg}: the database is away ({describe(error)})"
                error = None
            record.exc_text = format_exception(error) if error else None
            # whatever formats the record later has nothing else to write
            record.exc_info = None
        record.stack_info = None
        return True


class JsonLine(logging.Formatter):
    """What the line would say, taken apart; nothing of what else a record carries, which no filter has seen."""

    def format(self, record: logging.LogRecord) -> str:
        return json_line(
            record.getMessage(),
            at=record.created, level=record.levelname, logger=record.name, traceback=record.exc_text or "",
        )  # fmt: skip


def message_of(record: logging.LogRecord) -> str:
    if record.name == REFUSED_HOST:
        host = refused_host(getattr(record, "request", None))
        return blot(f"400 host {host} is not answered; if it is one of yours add it to MINQING_HOSTS")
    if status := getattr(record, "status_code", None):
        return f"{status} {page_of(getattr(record, 'request', None))}"
    if record.name == "_granian":
        # a traceback as text follows
        return blot(record.getMessage().partition("\n")[0])
    if isinstance(record.args, tuple):
        record.args = tuple(describe(part) if isinstance(part, BaseException) else part for part in record.args)
    return blot(describe(record.msg) if isinstance(record.msg, BaseException) else record.getMessage())


def refused_host(request: object) -> str:
    """The name in the request's Host header, if it can be one; it comes from outside."""
    header = getattr(request, "META", {}).get("HTTP_HOST", "")
    return split_domain_port(header)[0][:LONGEST_HOST] or "(no name)"


def page_of(request: object) -> str:
    """Method and name of the page instead of its address."""
    match = getattr(request, "resolver_match", None)
    method = getattr(request, "method", None) or "-"
    return f"{method} {match.view_name or 'page without a name' if match else 'no such page'}"


def uncaught(kind: type[BaseException], error: BaseException, frames: TracebackType | None) -> None:
    """What ends a process goes the same way as everything else."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, frames)
    else:
        logging.getLogger("minqing").critical("ended by an error", exc_info=(kind, error, frames))


def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def guard_services() -> None:
    """For web server and worker: nothing is written past the log when a thread or the process dies."""
    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread


def logging_config(debug: bool, form: str = "text") -> dict[str, object]:
    """Django's LOGGING: one stream of lines in that form, no request bodies, no SQL parameters."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"scrub": {"()": "minqing.config.logs.Scrub"}},
        "formatters": {
            "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            JSON: {"()": "minqing.config.logs.JsonLine"},
        },
        "handlers": {
            "stream": {"class": "logging.StreamHandler", "filters": ["scrub"], "formatter": form},
        },
        "root": {"handlers": ["stream"], "level": "INFO" if debug else "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO" if debug else "WARNING", "propagate": True},
            # its lines are addresses; pages are told by django.request
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            # parameters of a statement are people's data
            "django.db.backends": {"handlers": [], "level": "WARNING"},
            # the web server tells what an application raised
            "_granian": {"handlers": ["stream"], "level": "WARNING", "propagate": False},
            # who tried to sign in; counted in the database
            "axes": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "minqing": {"level": "INFO"},
        },
    }
