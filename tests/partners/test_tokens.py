"""Tokens of other systems: what they open, how often, until when, and what it costs to ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from minqing.core.actor import Actor
from minqing.core.errors import DomainError, Invalid, Refused
from minqing.journal.models import Event
from minqing.partners import rules
from minqing.partners.access import identify, require_scope
from minqing.partners.models import Bucket, Partner, Token
from minqing.partners.services import issue_token, register_partner, revoke_token, sweep_buckets
from tests.cast import Cast, at

NOON = at("2026-10-12 12:00")
SYSTEM = Actor.system("test")


def partner_of(cast: Cast, code: str = "hotline", **values: Any) -> Partner:
    given = {"name": "12345热线", "area": cast.town, "unit": cast.bureau} | values
    return register_partner(code=code, by=SYSTEM, **given)


def token_for(partner: Partner, *scopes: str, **values: Any) -> tuple[Token, str]:
    return issue_token(partner=partner, label="test", scopes=scopes or ["matters:read"], by=SYSTEM, **values)


def refusal(text: str, **values: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        identify(text, **{"address": "203.0.113.7", "at": NOON} | values)
    return caught.value


def test_a_token_makes_its_partner_an_actor_with_areas_unit_and_scopes(cast: Cast) -> None:
    partner = partner_of(cast)
    _token, text = token_for(partner, "matters:report", "open311")
    actor = identify(text, address="203.0.113.7", at=NOON)
    assert (actor.kind, actor.id, actor.ref) == ("partner", partner.id, f"partner:{partner.id}")
    assert actor.areas == {cast.town.id, cast.own.id, cast.other.id}
    assert actor.units == {cast.bureau.id}
    require_scope(actor, "matters:report")
    with pytest.raises(Refused) as caught:
        require_scope(actor, "figures:read")
    assert (caught.value.code, caught.value.http_status) == ("scope_missing", 403)


def test_identifying_costs_two_statements_and_the_bucket(cast: Cast) -> None:
    _token, text = token_for(partner_of(cast))
    identify(text, address="203.0.113.7", at=NOON)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        identify(text, address="203.0.113.7", at=NOON)
    asked = [one["sql"] for one in caught.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(asked) == 3, asked
    assert sum("partners_bucket" in sql for sql in asked) == 1


def test_the_text_of_a_token_is_kept_nowhere(cast: Cast) -> None:
    token, text = token_for(partner_of(cast))
    assert len(text) >= 27
    assert text not in str(list(Token.objects.values())) + str(list(Event.objects.values()))
    assert token.digest != text
    assert token.digest not in str(list(Event.objects.values()))


def test_unknown_revoked_expired_and_switched_off_look_the_same_but_for_the_code(cast: Cast) -> None:
    partner = partner_of(cast)
    revoked, text = token_for(partner)
    _expired, old = token_for(partner, expires_at=NOON)
    revoke_token(token=revoked, by=SYSTEM)
    revoke_token(token=revoked, by=SYSTEM)
    refused = [refusal("mq_nothing"), refusal(text), refusal(old)]
    assert [one.code for one in refused] == ["token_unknown", "token_revoked", "token_revoked"]
    assert {(str(one.sentence), one.http_status, str(one.data)) for one in refused} == {
        (str(refused[0].sentence), 401, "{}")
    }
    assert Event.objects.filter(type="partners.token.revoked").count() == 1
    _token, good = token_for(partner)
    partner_of(cast, active=False)
    assert refusal(good).code == "token_revoked"


def test_an_expiry_is_a_moment(cast: Cast) -> None:
    _token, text = token_for(partner_of(cast), expires_at=NOON)
    assert identify(text, address="", at=NOON - timedelta(seconds=1))
    assert refusal(text, at=NOON).code == "token_revoked"


def test_a_token_bound_to_networks_is_refused_from_elsewhere(cast: Cast) -> None:
    _token, text = token_for(partner_of(cast), networks=["203.0.113.0/24", "2001:db8::/32"])
    assert identify(text, address="203.0.113.9", at=NOON)
    assert identify(text, address="2001:db8::1", at=NOON)
    assert refusal(text, address="198.51.100.1").code == "address_refused"
    assert refusal(text, address="unix:").code == "address_refused"


@pytest.mark.fault(18)
def test_too_many_calls_are_told_when_to_come_again(cast: Cast) -> None:
    partner = partner_of(cast)
    _token, text = token_for(partner, rate=6, burst=3)
    for _n in range(3):
        identify(text, address="", at=NOON)
    refused = refusal(text)
    assert (refused.code, refused.http_status, refused.data) == ("rate_limited", 429, {"retry_after": 10})
    assert identify(text, address="", at=NOON + timedelta(seconds=10))
    _other, second = token_for(partner)
    assert identify(second, address="", at=NOON), "another token has a bucket of its own"
    assert sweep_buckets(at=NOON + timedelta(hours=1)) == Bucket.objects.count() + 2


def test_the_day_of_use_is_written_once_a_day(cast: Cast) -> None:
    token, text = token_for(partner_of(cast))
    for when in (NOON, NOON, NOON + timedelta(days=1)):
        identify(text, address="", at=when)
        token.refresh_from_db()
        assert token.last_used_on == when.date()


def test_only_the_operator_lets_anyone_in(cast: Cast) -> None:
    partner = partner_of(cast)
    token, _text = token_for(partner)
    for role in ("clerk", "leader"):
        by = cast.actor(role)
        with pytest.raises(Refused):
            register_partner(code="x", name="x", area=cast.own, by=by)
        with pytest.raises(Refused):
            issue_token(partner=partner, label="", scopes=["open311"], by=by)
        with pytest.raises(Refused):
            revoke_token(token=token, by=by)
    assert register_partner(code="brain", name="城市大脑", area=cast.city, by=cast.actor("operator"))


@pytest.mark.parametrize(
    "values",
    [
        {"scopes": []},
        {"scopes": ["nowhere:read"]},
        {"rate": 0},
        {"burst": 0},
        {"rate": 60000},
        {"networks": ["nowhere"]},
    ],
)
def test_a_token_that_could_not_work_is_not_made(cast: Cast, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        issue_token(**{"partner": partner_of(cast), "label": "", "scopes": ["open311"], "by": SYSTEM} | values)
    assert Token.objects.count() == 0


def test_a_change_is_told_by_its_fields_and_no_change_not_at_all(cast: Cast) -> None:
    for name in ("12345热线", "12345热线", "政务热线"):
        partner_of(cast, name=name)
    told = Event.objects.filter(type__startswith="partners.partner.").order_by("seq")
    assert [one.type.rpartition(".")[2] for one in told] == ["created", "updated"]
    assert told[1].data == {"fields": ["name"]}


@given(rate=st.integers(1, rules.MOST), burst=st.integers(1, rules.MOST))
def test_a_minute_refills_as_many_as_the_rate_says(rate: int, burst: int) -> None:
    limit = rules.limit_of(rate, burst)
    assert abs(limit.every * rate - timedelta(minutes=1)) < timedelta(milliseconds=10)
    assert limit.furthest(NOON) == NOON + burst * limit.every
