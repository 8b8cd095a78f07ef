"""Standard Webhooks: our signatures against the authors' own library and its published example."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from minqing.core import clock
from minqing.partners.formats import signing

# https://github.com/standard-webhooks/standard-webhooks: the example in each of its libraries' tests
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def code_of(**values: object) -> str:
    given: dict[str, object] = {"webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE}
    now = values.pop("now", AT)
    body = values.pop("body", BODY)
    with pytest.raises(signing.Unsigned) as caught:
        signing.verify([SECRET], given=given | values, body=body, now=now)  # type: ignore[arg-type]
    return caught.value.code


def test_the_published_example_comes_out_the_same() -> None:
    assert signing.sign(SECRET, id=ID, at=AT, body=BODY) == SIGNATURE
    headers = {"webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE}
    assert signing.verify([SECRET], given=headers, body=BODY, now=AT + timedelta(minutes=5)) == ID


@settings(max_examples=30)
@given(body=st.text(), id=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_the_authors_library_takes_what_we_sign_and_we_what_it_signs(body: str, id: str) -> None:
    secret, now = signing.new_secret(), clock.now()
    headers = signing.headers([secret], id=id, at=now, body=body.encode())
    assert Webhook(secret).verify(body, headers, json_parse=False) is None
    theirs = Webhook(secret).sign(id, now, body)
    assert theirs == signing.sign(secret, id=id, at=now, body=body.encode())
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.new_secret()).verify(body, headers, json_parse=False)


def test_a_body_that_is_no_utf_8_is_signed_as_it_is() -> None:
    body = "路灯".encode("gb18030")
    headers = signing.headers([SECRET], id=ID, at=AT, body=body)
    assert signing.verify([SECRET], given=headers, body=body, now=AT) == ID


def test_while_a_secret_is_changed_either_is_enough() -> None:
    old, new = signing.new_secret(), signing.new_secret()
    headers = signing.headers([new, old], id=ID, at=AT, body=BODY)
    for known in ([old], [new], [SECRET, old]):
        assert signing.verify(known, given=headers, body=BODY, now=AT) == ID


def test_a_secret_is_at_least_as_long_as_the_standard_wants() -> None:
    assert len(base64.b64decode(signing.new_secret().removeprefix("whsec_"), validate=True)) == 32


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"webhook-id": ""}, "not_signed"),
        ({"webhook-signature": ""}, "not_signed"),
        ({"webhook-timestamp": ""}, "not_signed"),
        ({"webhook-timestamp": "soon"}, "wrong_clock"),
        ({"webhook-timestamp": "9" * 30}, "wrong_clock"),
        ({"webhook-timestamp": "-1"}, "wrong_clock"),
        ({"webhook-timestamp": "１６１４２６５３３０"}, "wrong_clock"),
        ({"now": AT + timedelta(minutes=5, seconds=1)}, "wrong_clock"),
        ({"now": AT - timedelta(minutes=5, seconds=1)}, "wrong_clock"),
        ({"webhook-timestamp": "1614265331"}, "wrong_signature"),
        ({"webhook-id": "other"}, "wrong_signature"),
        ({"body": BODY + b" "}, "wrong_signature"),
        ({"webhook-signature": SIGNATURE.replace("v1", "v1a")}, "wrong_signature"),
        ({"webhook-signature": "v1,不 v1, v1 v2,x ,"}, "wrong_signature"),
    ],
)
def test_what_was_changed_is_refused(values: dict[str, object], code: str) -> None:
    assert code_of(**values) == code
