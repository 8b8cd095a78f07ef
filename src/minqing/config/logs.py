"""Logging that holds no personal data: what is known to look like a person's number is blotted out."""

from __future__ import annotations

import logging
import re
from typing import Any

# eighteen or fifteen digits (identity card), a mobile number, and the private part of a link
PRIVATE = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)|(?<=/h/)[\w-]+|(?<=/m/)[\w-]+")


class Scrub(logging.Filter):
    """Replaces personal numbers and private links in a record's message, arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = PRIVATE.sub("…", record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = PRIVATE.sub("…", logging.Formatter().formatException(record.exc_info))
        return True


def logging_config(debug: bool) -> dict[str, Any]:
    """Django's LOGGING: one stream, no request bodies, no SQL parameters."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"scrub": {"()": "minqing.config.logs.Scrub"}},
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "stream": {"class": "logging.StreamHandler", "filters": ["scrub"], "formatter": "line"},
        },
        "root": {"handlers": ["stream"], "level": "INFO" if debug else "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO" if debug else "WARNING", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # parameters of a statement are people's data
            "django.db.backends": {"handlers": [], "level": "WARNING"},
            "axes": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "minqing": {"level": "INFO"},
        },
    }
