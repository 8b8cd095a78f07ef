"""One source of every right: the posts in force, asked at each request. Nothing else opens anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Invalid, NotFound, Refused
from minqing.core.ids import new_id
from minqing.exports import services as exports
from minqing.exports.enums import Purpose
from minqing.intake.models import ImportRun
from minqing.intake.queries import visible_run, visible_runs
from minqing.journal.models import Event
from minqing.org.enums import Role
from minqing.org.models import Account, Post
from minqing.org.notifications import people
from minqing.org.queries import actor_of
from minqing.org.services import end_post, save_post
from minqing.privacy.access import acting_as
from tests.cast import Cast, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.fault(69)]

Events = Callable[[str], list[Event]]
BY = Actor.system("test")
ROOM = (
    "/operator/", "/operator/areas/", "/operator/units/", "/operator/people/", "/operator/people/add/",
    "/operator/people/passwords/", "/operator/days/", "/partners/", "/matters/norms/",
)  # fmt: skip


def end(account: Account) -> None:
    for post in Post.objects.filter(account=account, until=None):
        end_post(post=post, by=BY)


def test_accounts_hold_no_right_of_their_own() -> None:
    names = {field.name for field in Account._meta.get_fields()}
    assert not names & {"is_staff", "is_superuser", "groups", "user_permissions", "logentry_permissions"}
    assert not hasattr(Account, "has_perm")


def test_with_its_post_the_operator_s_room_is_gone_in_the_session_that_is_open(cast: Cast) -> None:
    client, account = cast.client("operator"), cast.account("operator")
    own = f"/operator/people/{account.id}/posts/add/"
    assert client.get(own).status_code == 200
    end(account)
    for address in (*ROOM, own):
        assert client.get(address).status_code == 403, address
    sent = {
        "request_id": str(new_id()), "unit": cast.office.id, "area": cast.city.id, "role": "leader", "title": "",
        "since": "2026-01-01",
    }  # fmt: skip
    assert client.post(own, sent).status_code == 403
    before = account.password
    picked = {"request_id": str(new_id()), "pick": str(account.id)}
    assert client.post("/operator/people/passwords/", picked).status_code == 403
    account.refresh_from_db()
    assert account.password == before
    assert not Post.objects.filter(account=account, until=None).exists()
    assert "/operator/" not in client.get("/me").content.decode()


def test_a_former_operator_in_another_post_is_no_operator(cast: Cast) -> None:
    account = cast.account("operator")
    end(account)
    save_post(account=account, unit=cast.office, area=cast.town, role=Role.LEADER, by=BY)
    client = signed_in(Client(), account)
    assert client.get("/leader/").status_code == 200
    for address in ROOM:
        assert client.get(address).status_code == 403, address


def test_the_operator_s_post_counts_on_its_days_alone_and_beside_others(cast: Cast) -> None:
    account, today = cast.account("cadre"), clock.today()
    client = cast.client("cadre")
    post, _made = save_post(account=account, unit=None, area=None, role=Role.OPERATOR, by=BY)
    for since, until, seen in (
        (today + timedelta(days=1), None, 403),
        (today, None, 200),
        (date(2020, 1, 1), today, 200),
        (date(2020, 1, 1), today - timedelta(days=1), 403),
    ):
        Post.objects.filter(pk=post.pk).update(since=since, until=until)
        assert client.post("/me/post", {"post": str(post.pk)}).status_code == (302 if seen == 200 else 409)
        assert client.get("/operator/people/").status_code == seen, (since, until)
    Post.objects.filter(pk=post.pk).update(until=None)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert client.get("/operator/people/").status_code == 302


def test_only_an_operator_s_post_is_in_no_place_and_it_is_held_once(cast: Cast) -> None:
    account = cast.account("cadre")
    for unit, area in ((None, None), (cast.office, None), (None, cast.town)):
        with pytest.raises(Invalid):
            save_post(account=account, unit=unit, area=area, role=Role.CLERK, by=BY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.create(account=account, unit=unit, area=area, role=Role.CLERK)
    first, _made = save_post(account=account, unit=None, area=None, role=Role.OPERATOR, by=BY)
    second, outcome = save_post(account=account, unit=None, area=None, role=Role.OPERATOR, by=BY)
    assert (second.pk, outcome) == (first.pk, "unchanged")
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(account=account, role=Role.OPERATOR)
    address = f"/operator/people/{account.id}/posts/add/"
    sent = {"request_id": str(new_id()), "unit": "", "area": "", "role": "clerk", "title": "", "since": "2026-01-01"}
    answer = cast.client("operator").post(address, sent)
    assert answer.status_code == 422
    assert {"unit", "area"} <= set(answer.context["form"].errors)


def test_what_was_approved_in_one_post_is_not_taken_in_another(cast: Cast) -> None:
    """The word was for the list of the township that has ended for the clerk, not for the next one's."""
    account = cast.account("clerk")
    before = cast.actor("clerk")
    with acting_as(before):
        row = exports.ask_export(
            id=new_id(), kind="matters", query="", purpose=Purpose.MEETING, rows=2_000, area=cast.town.pk, by=before
        )
    with acting_as(cast.actor("leader")):
        exports.decide_export(request=row, approve=True, by=cast.actor("leader"))
    end(account)
    post, _made = save_post(account=account, unit=cast.office, area=cast.other_town, role=Role.CLERK, by=BY)
    client = signed_in(Client(), account)
    assert f"{row.pk}/file/" not in client.get("/matters/exports/").content.decode()
    answer = client.post(f"/matters/exports/{row.pk}/file/")
    assert answer.status_code == 403
    with pytest.raises(Refused) as refused, acting_as(actor_of(account, post)):
        exports.take_export(request=row, by=actor_of(account, post))
    assert refused.value.code == "other_post"


def test_a_table_that_was_brought_in_one_post_is_not_seen_in_another(cast: Cast) -> None:
    """Its marked-up copy names people of the township that the clerk has left."""
    account, before = cast.account("clerk"), cast.actor("clerk")
    run = ImportRun.objects.create(
        id=new_id(), kind="households", name="户情.xlsx", by=account.id, post=before.post, made_at=clock.now()
    )
    assert visible_run(before, run.id) == run
    end(account)
    post, _made = save_post(account=account, unit=cast.office, area=cast.other_town, role=Role.CLERK, by=BY)
    after = actor_of(account, post)
    assert not visible_runs(after).exists()
    with pytest.raises(NotFound):
        visible_run(after, run.id)
    assert signed_in(Client(), account).get(f"/imports/{run.id}/").status_code == 404


def test_who_holds_no_post_is_sent_nothing_more(cast: Cast) -> None:
    account = cast.account("clerk")
    assert account.id in people([account.id])
    end(account)
    assert account.id not in people([account.id])
