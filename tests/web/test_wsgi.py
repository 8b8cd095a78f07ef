"""What comes in from the server, whatever its headers say, ends in a view or in a sentence."""

from __future__ import annotations

import io
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from minqing.web.wsgi import Handler

pytestmark = pytest.mark.usefixtures("gallery")
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=B"
# codecs that make no text, whose names cannot be read, or which are not there
NONE = ["zip", "rot13", "undefined", "hex", "nonsense", "a\0b", "x" * 5000]
# which make text, and come from no browser
WRONG = [*NONE, "idna", "unicode_escape", "gbk", "utf-16"]


def send(content_type: str, *, path: str = "/", query: str = "a=1", method: str = "POST") -> tuple[int, str, str]:
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    body = b"title=x"
    environ |= {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "HTTP_HOST": "127.0.0.1",
    }  # fmt: skip
    response = Handler().get_response(Handler.request_class(environ))
    return response.status_code, response["Content-Type"], response.content.decode()


@pytest.mark.parametrize("charset", WRONG)
@pytest.mark.parametrize("media", [FORM, PARTS])
def test_a_charset_that_no_form_comes_in_is_400_and_a_page(media: str, charset: str) -> None:
    for method in ("POST", "GET"):
        status, kind, text = send(f"{media}; charset={charset}", method=method)
        assert (status, kind) == (400, "text/html; charset=utf-8")
        assert "请" in text


@pytest.mark.parametrize("charset", NONE)
def test_a_charset_that_is_none_is_400_whatever_it_is_of(charset: str) -> None:
    assert send(f"text/plain; charset={charset}", method="GET")[0] == 400
    assert send("text/plain; charset=gbk", method="GET")[0] == 200


@pytest.mark.parametrize("charset", WRONG)
def test_json_is_decoded_by_its_view_and_a_program_is_answered_as_one(charset: str) -> None:
    status, kind, _text = send(f"application/json; charset={charset}", path="/api/refuse/", method="GET")
    assert (status, kind) == (409, "application/problem+json")


@pytest.mark.parametrize(
    "content_type",
    [f"{FORM}; charset*=zip''x", f"{FORM}; charset*=%00''x", f"{FORM}; CHARSET=zip", f'{FORM}; charset="zip"'],
)
def test_other_ways_of_writing_it_are_the_same(content_type: str) -> None:
    assert send(content_type)[0] == 400


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", f'{FORM}; Charset="utf8"', "", ";", "x/y; a"])
def test_what_browsers_send_is_read(content_type: str) -> None:
    assert send(content_type, method="GET")[0] == 200
