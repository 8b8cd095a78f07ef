"""What other systems sent about a person: found in the body as it came, whatever it is packed in."""

from __future__ import annotations

import base64
import json

import pytest

from minqing.core import clock
from minqing.partners.enums import InboundState
from minqing.partners.formats.events import Envelope
from minqing.partners.models import Inbound
from minqing.partners.subjects import SUBJECTS, about
from minqing.privacy.subjects import Person
from tests.cast import Cast
from tests.partners.conftest import partner_of

pytestmark = pytest.mark.django_db
DATA = {"name": "穆柳鹮", "tel": "139-5751-1223"}
PLAIN = json.dumps(DATA, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (PLAIN.encode(), "utf-8"),
        (PLAIN.encode("gb18030"), "gbk"),
        (PLAIN.encode("utf-16"), "utf-16"),
        (json.dumps(DATA).encode(), ""),
        (json.dumps({"tel": 13957511223}).encode(), ""),
        (json.dumps({"data_base64": base64.b64encode(json.dumps(DATA).encode()).decode()}).encode(), ""),
        # what is no event is kept for the operator
        (json.dumps(DATA).encode()[:-1], ""),
        (PLAIN.encode("gb18030")[:-1], "latin-9"),
    ],
)
def test_what_came_in_is_read_as_it_was_meant(cast: Cast, body: bytes, charset: str) -> None:
    person = Person(cause="test:1", name="穆柳鹮", phones=frozenset({"13957511223"}), areas=frozenset({cast.own.id}))
    raw = {name: Envelope(text, charset=charset).dump() for name, text in {"1": body, "2": b"{}"}.items()}
    with cast.everything() as by:
        partner = partner_of(cast)
        for event, text in raw.items():
            Inbound.objects.create(
                partner=partner,
                area=cast.own, source="//hotline", event=event, next_at=clock.now(), received_at=clock.now(),
                state=InboundState.DEAD, raw=text,
            )  # fmt: skip
        assert [one.event for one in about(person)] == ["1"]
        assert SUBJECTS.erase(person=person, by=by, at=clock.now()) == 1
        assert about(person) == []
        assert Inbound.objects.get(event="2").raw
