"""Signing in and out: what it says, whom it locks out, what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from minqing.journal.models import Event
from minqing.org.models import Account
from tests.cast import PASSWORD, Cast

Events = Callable[[str], list[Event]]
URL = "/accounts/login/"


def try_in(client: Client, name: str = "cadre", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(URL, {"login": name, "password": password, **extra})


def test_a_cadre_signs_in_with_name_and_password(cast: Cast, events: Events) -> None:
    client = Client()
    assert client.get(URL).status_code == 200
    answer = try_in(client, next="/me")
    assert (answer.status_code, answer["Location"]) == (302, "/me")
    assert client.get("/me").status_code == 200
    (event,) = events("org.account.signed_in")
    assert event.subject == f"account:{cast.account('cadre').id}"


@pytest.mark.fault(33)
def test_the_session_is_renewed_at_sign_in_and_dead_after_sign_out(cast: Cast, events: Events) -> None:
    client = Client()
    client.cookies["sessionid"] = "chosen-by-a-thief"
    try_in(client)
    kept = client.cookies["sessionid"].value
    assert kept != "chosen-by-a-thief"
    assert client.post("/accounts/logout/").status_code == 302
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get("/me").status_code == 302
    assert len(events("org.account.signed_out")) == 1


@pytest.mark.fault(32)
def test_unknown_user_wrong_password_and_dismissed_account_look_the_same(cast: Cast, events: Events) -> None:
    Account.objects.filter(username="handler").update(is_active=False)
    cases = [("nobody", PASSWORD), ("cadre", "wrong-pass-phrase"), ("handler", PASSWORD), ("leader", "")]
    answers = [try_in(Client(), name, password) for name, password in cases[:3]]
    assert {answer.status_code for answer in answers} == {200}
    texts = []
    for answer, (name, _password) in zip(answers, cases, strict=False):
        form = answer.context["form"]
        texts.append((str(form.errors), name in str(form["login"])))
    assert len(set(texts)) == 1
    refused = events("org.account.refused")
    assert len(refused) == 3
    assert refused[0].subject == "account:unknown"
    assert "nobody" not in str([event.data for event in refused]) + str([event.subject for event in refused])


@pytest.mark.fault(31)
def test_lock_out_is_by_user_and_address_so_the_victim_still_gets_in(cast: Cast, events: Events) -> None:
    attacker = Client(REMOTE_ADDR="10.9.9.9")
    for _ in range(7):
        assert try_in(attacker, password="guess").status_code == 200
    last = try_in(attacker, password="guess")
    assert last.status_code == 429
    assert "org/locked.html" in [template.name for template in last.templates]
    # the right password does not help from there
    assert try_in(attacker).status_code == 429
    assert events("org.account.locked_out")
    assert try_in(Client(REMOTE_ADDR="10.1.1.1")).status_code == 302
    # and another user is not locked out at the attacker's address
    assert try_in(Client(REMOTE_ADDR="10.9.9.9"), "clerk").status_code == 302


@pytest.mark.fault(31)
def test_a_subscriber_of_ipv6_has_one_address_however_many_he_has(cast: Cast) -> None:
    for n in range(8):
        try_in(Client(REMOTE_ADDR=f"2001:db8:1:1::{n}"), password="wrong")
    shut = try_in(Client(REMOTE_ADDR="2001:db8:1:1:ffff::9"))
    assert shut.status_code != 302, "locked there"
    assert try_in(Client(REMOTE_ADDR="2001:db8:1:2::1")).status_code == 302


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "http://localhost/", "javascript:alert(1)", r"\\evil.example"]
)
def test_after_signing_in_one_stays_on_this_host(cast: Cast, there: str) -> None:
    assert try_in(Client(), next=there)["Location"] == "/"


def test_behind_a_tls_proxy_the_address_is_the_one_the_proxy_wrote(rf: Any, settings: Any) -> None:
    from minqing.org.signin import client_address

    request = rf.get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "1.2.3.4, 10.0.0.7"})
    settings.HTTPS = False
    assert client_address(request) == "127.0.0.1"
    settings.HTTPS = True
    assert client_address(request) == "10.0.0.7"


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_pages_of_allauth_that_we_do_not_use_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_account_s_language_comes_with_it(cast: Cast) -> None:
    Account.objects.filter(username="cadre").update(language="en")
    client = Client()
    assert try_in(client).cookies["django_language"].value == "en"
    assert "My posts and settings" in client.get("/me").content.decode()


def test_sign_in_page_tells_no_names_and_no_passwords(cast: Cast, settings: Any) -> None:
    settings.DEMO = True
    page = Client().get(URL).content.decode()
    assert PASSWORD not in page
    assert not [account for account in cast.people.values() if account.name in page]


def test_who_is_signed_in_already_is_sent_on(cast: Cast) -> None:
    assert cast.client("cadre").get(URL, {"next": "/me"})["Location"] == "/me"


@pytest.mark.fault(33)
def test_a_new_password_ends_all_other_sessions(cast: Cast, events: Events) -> None:
    here, elsewhere = cast.client("cadre"), cast.client("cadre")
    sent = {"oldpassword": PASSWORD, "password1": "a-new-pass-phrase", "password2": "a-new-pass-phrase"}
    assert here.get("/accounts/password/change/").status_code == 200
    assert here.post("/accounts/password/change/", sent | {"oldpassword": "no"}).status_code == 200
    assert here.post("/accounts/password/change/", sent)["Location"] == "/me"
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 302
    assert len(events("org.account.password_changed")) == 1


@pytest.mark.fault(4)
def test_a_dismissed_cadre_s_session_is_dead_at_once(cast: Cast) -> None:
    client = cast.client("cadre")
    assert client.get("/me").status_code == 200
    Account.objects.filter(username="cadre").update(is_active=False)
    assert client.get("/me").status_code == 302


def test_a_session_ends_after_a_working_day(cast: Cast, settings: Any) -> None:
    client = Client()
    try_in(client)
    assert timedelta(hours=12).total_seconds() >= settings.SESSION_COOKIE_AGE
    assert client.session.get_expire_at_browser_close()
