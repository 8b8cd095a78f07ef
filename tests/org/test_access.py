"""The gate in front of every page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import InternalError
from django.test import Client

from minqing.core.ids import new_id
from minqing.journal.models import Event, Send
from minqing.org.enums import Role
from minqing.org.models import Post, WorkDay
from tests.cast import Cast

Events = Callable[[str], list[Event]]
pytestmark = pytest.mark.usefixtures("test_pages")


def test_a_visitor_is_sent_to_sign_in_and_back(db: None) -> None:
    answer = Client().get("/t/plain?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=%2Ft%2Fplain%3Fpage%3D2")
    assert Client().post("/t/plain")["Location"] == "/accounts/login/?next=%2F"


def test_the_browser_is_told_where_to_sign_in_and_comes_back_to_the_page_shown(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/matters?state=open"}
    answer = Client().get("/t/plain", headers=headers)
    assert answer.status_code == 204
    assert json.loads(answer["HX-Trigger"]) == {"signed-out": "/accounts/login/?next=%2Fmatters%3Fstate%3Dopen"}


def test_an_htmx_request_cannot_send_people_to_another_host(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/x"}
    told = json.loads(Client().get("/t/plain", headers=headers)["HX-Trigger"])
    assert told == {"signed-out": "/accounts/login/?next=%2F"}


def test_a_form_about_to_be_sent_is_told_who_sends_and_the_token_that_counts(cast: Cast) -> None:
    for client, signed_in in ((Client(), False), (cast.client("cadre"), True)):
        answer = client.get("/here")
        assert (answer.json()["signed_in"], answer["Cache-Control"]) == (signed_in, "no-store")
        assert len(answer.json()["token"]) == 64


def test_another_role_is_refused_with_a_sentence_and_journalled(cast: Cast, events: Events) -> None:
    answer = cast.client("cadre").get("/t/clerks", headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert "This page is for other posts than yours." in answer.content.decode()
    (event,) = events("org.page.refused")
    assert (event.subject, event.actor) == ("page:t_clerks", f"user:{cast.account('cadre').id}")
    assert cast.client("clerk").get("/t/clerks").content == b"clerks"


def test_an_account_without_a_post_is_told_so(cast: Cast) -> None:
    Post.objects.filter(account=cast.account("cadre")).update(until=date(2024, 1, 1))
    client = cast.client("cadre")
    answer = client.get("/t/plain", headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert "holds no post" in answer.content.decode()
    # the way out, and the operator's word, stay open
    assert client.get("/me").status_code == 200


def test_a_post_counts_from_its_first_to_its_last_day(cast: Cast) -> None:
    from minqing.core import clock

    client, posts = cast.client("cadre"), Post.objects.filter(account=cast.account("cadre"))
    today = clock.today()
    for since, until, seen in [
        (today, today, 200),
        (today + timedelta(days=1), None, 403),
        (today - timedelta(days=9), today - timedelta(days=1), 403),
    ]:
        posts.update(since=since, until=until)
        assert client.get("/t/plain").status_code == seen


def test_a_visitor_passes_where_anyone_may(cast: Cast) -> None:
    assert Client().get("/t/open").content == b"resident"
    assert cast.client("cadre").get("/t/open").content == b"user"


def test_get_and_head_cannot_write(cast: Cast) -> None:
    for method in ("get", "head"):
        with pytest.raises(InternalError, match="read-only"):
            getattr(cast.client("cadre"), method)("/t/writes")
    assert cast.client("cadre").post("/t/writes").content == b"written"
    assert WorkDay.objects.filter(date="2030-01-01").exists()


def named_day(name: str = "一") -> WorkDay:
    return WorkDay.objects.create(date="2030-01-01", working=True, name=name)


@pytest.mark.fault(81)
@pytest.mark.parametrize("refused", [False, True])
def test_a_form_that_was_refused_is_not_known_as_taken_when_it_comes_again(cast: Cast, refused: bool) -> None:
    day = named_day()
    first, second = cast.client("clerk"), cast.client("clerk")
    form = {"seen": first.get("/t/renames").content.decode(), "request_id": str(new_id()), "name": "二"}
    assert first.post(f"/t/renames{'?not' if refused else ''}", form).status_code == (422 if refused else 302)
    assert Send.objects.count() == (0 if refused else 1)
    other = {"seen": first.get("/t/renames").content.decode(), "request_id": str(new_id()), "name": "三"}
    assert second.post("/t/renames", other).status_code == 302
    # taken, it is the first one's own that is sent twice; refused, it never was and is stale by now
    assert first.post("/t/renames", form).status_code == (409 if refused else 302)
    day.refresh_from_db()
    assert day.name == ("三" if refused else "二")


def test_who_may_not_pass_leaves_no_trace_of_a_form(cast: Cast) -> None:
    named_day()
    form = {"seen": "day:2030-01-01|x", "request_id": str(new_id()), "name": "二"}
    assert cast.client("cadre").post("/t/renames", form).status_code == 403
    assert not Send.objects.exists()


def test_what_a_visitor_sends_again_is_no_change_of_somebody_else(cast: Cast) -> None:
    named_day()
    token = Client().get("/t/renamed").content.decode()
    form = {"seen": token, "request_id": str(new_id()), "name": "二"}
    assert [Client().post("/t/renamed", form).status_code for _time in range(2)] == [302, 302]
    assert Client().post("/t/renamed", form | {"name": "三"}).status_code == 409
    assert Send.objects.count() == 1


def test_head_is_answered_like_get_without_a_body(cast: Cast) -> None:
    answer = cast.client("cadre").head("/t/plain")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_not_allowed(cast: Cast, method: str) -> None:
    assert getattr(cast.client("cadre"), method)("/t/plain").status_code == 405


def test_what_was_looked_at_is_journalled_after_the_answer(cast: Cast, events: Events) -> None:
    assert cast.client("cadre").get("/t/looks").content == b"seen"
    (event,) = events("households.household.viewed")
    assert (event.subject, event.data) == ("household:1", {"fields": ["name"]})


@pytest.mark.fault(19)
def test_what_was_not_found_is_journalled_with_the_id_that_was_tried_and_no_secret(cast: Cast, events: Events) -> None:
    tried = new_id()
    client = cast.client("cadre")
    assert client.get(f"/t/hidden/{tried}/CANARY-TOKEN").status_code == 404
    assert client.get("/t/lost").status_code == 404
    first, second = events("org.page.not_found")
    assert (first.subject, first.data) == ("page:t_hidden", {"id": str(tried)})
    assert second.subject == "page:t_lost"


def test_an_unknown_address_is_404_for_visitor_and_cadre(cast: Cast, events: Events) -> None:
    assert Client().get("/no/such/page").status_code == 404
    assert cast.client("cadre").get("/no/such/page").status_code == 404


def test_several_posts_one_chosen(cast: Cast) -> None:
    account = cast.account("cadre")
    second = Post.objects.create(account=account, unit=cast.office, area=cast.town, role=Role.CLERK)
    client = cast.client("cadre")
    assert client.get("/t/clerks").status_code == 403
    assert client.post("/me/post", {"post": str(second.id)}).status_code == 302
    assert client.get("/t/clerks").status_code == 200
    Post.objects.filter(id=second.id).update(until=date(2024, 1, 1))
    assert client.get("/t/clerks").status_code == 403


def test_nobody_acts_in_another_s_post(cast: Cast) -> None:
    others = Post.objects.get(account=cast.account("clerk"))
    client = cast.client("cadre")
    assert client.post("/me/post", {"post": str(others.id)}).status_code == 409
    assert client.post("/me", me_form(post=str(others.id))).status_code == 422
    session = client.session
    session["post"] = str(others.id)
    session.save()
    assert client.get("/t/clerks").status_code == 403


def me_form(**changed: Any) -> dict[str, Any]:
    return {"request_id": str(new_id()), "language": "zh-hans"} | changed


def test_my_page_keeps_post_language_and_print(cast: Cast, events: Events) -> None:
    client, account = cast.client("cadre"), cast.account("cadre")
    post = Post.objects.get(account=account)
    page = client.get("/me").content.decode()
    assert "棠溪村村委会" in page
    sent = me_form(post=str(post.id), language="en", large_print="on")
    answer = client.post("/me", sent)
    assert answer.status_code == 302
    assert answer.cookies["text_size"].value == "large"
    account.refresh_from_db()
    assert account.language == "en"
    shown = client.get("/me").content.decode()
    assert 'data-text="large"' in shown
    assert "Saved." in shown
    assert len(events("org.account.language_chosen")) == 1
    assert client.post("/me", sent | {"large_print": ""}).cookies["text_size"].value == ""
    assert len(events("org.account.language_chosen")) == 1


def test_an_unknown_host_is_refused(db: None) -> None:
    assert Client().get("/t/open", headers={"Host": "evil.example"}).status_code == 400
