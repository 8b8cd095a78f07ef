"""What comes in pieces is read as what comes at once."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest

from minqing.config import chunked_bodies
from minqing.config.chunked_bodies import with_length


def environ(body: bytes, **more: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/", "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", **more,
    }  # fmt: skip


def read(body: bytes, **more: Any) -> Any:
    """What a view would find in the form."""

    def application(given: dict[str, Any], _start: Any) -> list[bytes]:
        found.append(WSGIRequest(given).POST)
        return []

    found: list[Any] = []
    assert with_length(application)(environ(body, **more), None) == []
    return found[0].dict()


def test_a_form_in_pieces_is_read_whole() -> None:
    assert read(b"a=1&b=%E8%B7%AF") == {"a": "1", "b": "路"}


def test_a_length_that_was_sent_is_believed_and_an_end_that_nobody_knows_is_not_waited_for() -> None:
    assert read(b"a=1&b=2", CONTENT_LENGTH="3") == {"a": "1"}
    assert read(b"a=1", **{"wsgi.input_terminated": False}) == {}


def test_a_body_without_end_is_too_large(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    monkeypatch.setattr(chunked_bodies, "MOST", 1000)
    monkeypatch.setattr(chunked_bodies, "PIECE", 100)
    source = BytesIO(b"a=" + b"x" * 5000)
    with pytest.raises(RequestDataTooBig):
        read(b"", **{"wsgi.input": source})
    assert source.tell() == 1100, "no more was read than says so"
