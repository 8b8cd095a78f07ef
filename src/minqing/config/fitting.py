"""No page is answered by software or keys that are not those of the data, whatever serves the application.

``minqing up`` looks before it serves; another web server, or one on a second machine, is asked at its first request:
what it wrote under another key nobody could read again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from django.db import Error

from minqing.config.processes import Unfit
from minqing.config.words import _

logger = logging.getLogger(__name__)


class Fitting:
    """``application``, once software and keys were found to be those of the database; else 503 until it is restarted.

    While the database does not answer, nothing is known: ``application`` says so itself, and it is looked again.
    """

    def __init__(self, application: Callable[[dict[str, Any], Any], Iterable[bytes]]) -> None:
        self.application, self.lock = application, Lock()
        self.fits: bool | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.fits is None:
            with self.lock:
                self.look()
        if self.fits is False:
            return self.refused(start_response)
        return self.application(environ, start_response)

    def look(self) -> None:
        if self.fits is not None:
            return
        from minqing.config.preflight import check_keys, check_release

        try:
            check_release()
            check_keys()
        except Unfit as unfit:
            self.fits = False
            # once: whoever runs it mends it and starts it anew
            logger.critical("nothing is answered: %s", str(unfit))
        except Error:
            return
        else:
            self.fits = True

    def refused(self, start_response: Any) -> Iterable[bytes]:
        told = _("This system is not set up rightly and answers nothing; its log says why.").encode()
        head = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(told))}
        start_response("503 Service Unavailable", [*head.items(), ("Cache-Control", "no-store")])
        return [told]
