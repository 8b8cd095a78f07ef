"""WSGI request and handler: a header that cannot be read is answered with a page, not an error before any view."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

UNREADABLE = "unreadable"


class Request(WSGIRequest):
    """Text is UTF-8 whatever ``charset`` says; :class:`minqing.web.middleware.Readable` judges what it says.

    Django takes any codec that Python knows for the encoding of form and address, and fails outside of all handlers
    for one that makes no text of bytes (``zip``, ``rot13``, ``undefined``) or whose name holds a NUL.
    """

    def _set_content_type_params(self, meta: Any) -> None:
        try:
            found = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            # a parameter in the form of RFC 2231 that names no encoding
            found = UNREADABLE, {"charset": UNREADABLE}
        self.content_type = found[0]
        # names of parameters are written as anybody likes (RFC 9110, 5.6.6)
        self.content_params = {name.lower(): str(value) for name, value in found[1].items()}


class Handler(WSGIHandler):
    request_class = Request
