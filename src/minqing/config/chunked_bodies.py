"""Bodies that come in pieces.

Clients that write a body without counting it first (Node's ``http.request``, streams of Java) send it chunked, without
a length, and Django reads nothing where there is none: a report would seem to lack all it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
PIECE: Final = 64 * 1024
IN_MEMORY: Final = 2 * 1024 * 1024
# six pictures of 20 MB and what goes with them
MOST: Final = 128 * 1024 * 1024


def with_length(application: Application) -> Application:
    """``application`` with bodies counted before it reads them; of one larger than ``MOST`` no more than says so."""

    def counted(environ: Environ, start_response: object) -> Iterable[bytes]:
        if not is_chunked(environ):
            return application(environ, start_response)
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            length = copied(environ["wsgi.input"], body)
            body.seek(0)
            return application(environ | {"wsgi.input": body, "CONTENT_LENGTH": str(length)}, start_response)

    return counted


def is_chunked(environ: Environ) -> bool:
    """Whether there is a body without a length, whose end the server knows."""
    coding = environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    return not environ.get("CONTENT_LENGTH") and coding == "chunked" and bool(environ.get("wsgi.input_terminated"))


def copied(source: Any, target: IO[bytes]) -> int:
    length = 0
    while length <= MOST and (piece := source.read(PIECE)):
        length += target.write(piece)
    return length
