"""Who is told when something happens to a matter, and what leaves the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import digest, new_id
from minqing.exports import services as exports
from minqing.exports.enums import Purpose
from minqing.journal.models import Event
from minqing.journal.subscriptions import deliver_all
from minqing.matters import notifications, services
from minqing.matters.enums import Channel, Party
from minqing.matters.lifecycle import MOVES
from minqing.matters.models import Matter
from minqing.matters.tickets import ticket_of
from minqing.notify.enums import Param
from minqing.notify.kinds import DIGEST, KINDS
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import job
from minqing.notify.queries.texts import in_app, written
from minqing.notify.services import send_notices
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast

CANARY = "CANARY-家里的事"


def do(cast: Cast, who: str, verb: str, matter: Matter, **values: Any) -> Matter:
    actor = cast.actor(who)
    with transaction.atomic(), acting_as(actor):
        return getattr(services, verb)(id=new_id(), matter=matter, by=actor, **values)


def report(cast: Cast, **values: Any) -> Matter:
    actor = cast.actor("cadre")
    with transaction.atomic(), acting_as(actor):
        return services.report_matter(
            id=new_id(), title="", text=CANARY, area_id=cast.own.id, by=actor, **({"channel": Channel.COUNTER} | values)
        )


def told() -> list[tuple[str, str]]:
    with transaction.atomic(), acting_as(job()):
        from minqing.org.models import Account

        names = dict(Account.objects.values_list("id", "username"))
        return sorted((row.kind, names[row.account]) for row in Notice.objects.all())


def test_the_unit_hears_of_what_it_gets_and_the_clerk_of_what_comes_back(committed_cast: Cast) -> None:
    cast = committed_cast
    matter = do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id)
    deliver_all()
    assert told() == [
        ("matters.assigned", "handler"), ("matters.assigned", "unit_head"), ("matters.received", "clerk"),
    ]  # fmt: skip
    do(cast, "handler", "send_back_matter", matter, reason="不归我们", proposed=cast.office.id)
    deliver_all()
    deliver_all()
    assert told().count(("matters.sent_back", "clerk")) == 1
    with transaction.atomic(), acting_as(job()):
        written = str(list(Notice.objects.values())) + str(list(Outgoing.objects.values()))
    assert CANARY not in written + str(list(Event.objects.values()))


def test_what_waits_to_be_sorted_again_is_told_to_the_clerk_and_not_to_the_unit_that_had_it(
    committed_cast: Cast,
) -> None:
    cast = committed_cast
    withdrawn = do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id)
    withdrawn = do(cast, "clerk", "withdraw_matter", withdrawn, reason="反映人撤回")
    other, cause = (do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id) for _ in range(2))
    other = do(cast, "clerk", "merge_matter", other, cause=cause)
    deliver_all()
    before = told()
    do(cast, "cadre", "reopen_matter", withdrawn, reason="没有解决")
    do(cast, "cadre", "split_matter", other, reason="不是一件事")
    deliver_all()
    assert told().count(("matters.received", "clerk")) == before.count(("matters.received", "clerk")) + 2
    assert not [one for one in told() if one[0] == "matters.reopened"]


def test_a_call_for_help_is_heard_at_once_by_all_who_answer_for_the_place(committed_cast: Cast) -> None:
    report(committed_cast, channel=Channel.SOS)
    deliver_all()
    assert told() == [("matters.sos", who) for who in ("clerk", "leader", "village_secretary")]
    report(committed_cast, channel=Channel.SOS, confidential=True)
    deliver_all()
    assert [who for _kind, who in told()].count("village_secretary") == 1


def test_nobody_is_told_of_what_was_loaded_as_long_past(committed_cast: Cast) -> None:
    report(committed_cast, at=clock.now() - timedelta(days=8))
    deliver_all()
    assert told() == []
    report(committed_cast, at=clock.now() - timedelta(days=6))
    deliver_all()
    assert told() == [("matters.received", "clerk")]


def test_whoever_did_it_is_not_told(committed_cast: Cast) -> None:
    cast = committed_cast
    matter = do(cast, "clerk", "assign_matter", report(cast), unit=cast.office.id)
    deliver_all()
    assert ("matters.assigned", "clerk") not in told()
    assert matter.lead_unit_id == cast.office.id


def test_a_supporting_unit_is_asked_and_the_lead_hears_its_answer(committed_cast: Cast) -> None:
    cast = committed_cast
    matter = do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id)
    matter = do(cast, "clerk", "ask_part", matter, unit=cast.committee.id, task="带路")
    do(cast, "village_secretary", "reply_part", matter, reply="带到了")
    deliver_all()
    assert ("matters.part_asked", "village_secretary") in told()
    assert ("matters.part_answered", "handler") in told()


def test_a_matter_without_a_deadline_is_not_told_as_due_today(committed_cast: Cast) -> None:
    cast = committed_cast
    matter = do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id)
    with transaction.atomic(), cast.everything():
        Matter.objects.filter(pk=matter.pk).update(due_at=None)
    deliver_all()
    with transaction.atomic(), acting_as(job()):
        notice = Notice.objects.filter(kind="matters.assigned").first()
    assert notice is not None
    kind = next(one for one in notifications.KINDS if one.code == notice.kind)
    with translation.override("zh-hans"):
        texts = (in_app(kind, notice.params, {}).body, written(kind, notice.params, {}).body)
        dated = in_app(kind, notice.params | {"day": "2026-12-03"}, {}).body
    assert set(texts) == {"目前没有办理期限。"}
    assert "2026年12月3日" in dated


@pytest.mark.parametrize("kind", notifications.KINDS, ids=lambda kind: kind.code)
def test_every_kind_is_registered_and_carries_numbers_and_days_alone(kind: Any) -> None:
    assert kind in KINDS
    assert set(kind.params) <= {"number", "day"}


def test_every_event_that_somebody_is_told_of_is_one_that_a_move_makes() -> None:
    assert set(notifications.EVENTS) <= {kind.event for kind in MOVES.values()}


def ask(cast: Cast, who: str, area: Any) -> Any:
    actor = cast.actor(who)
    with transaction.atomic(), acting_as(actor):
        return exports.ask_export(
            id=new_id(), kind="matters", query="", purpose=Purpose.MEETING, rows=1_200, area=area.id, by=actor
        )


def decide(cast: Cast, who: str, request: Any, *, approve: bool) -> None:
    actor = cast.actor(who)
    with transaction.atomic(), acting_as(actor):
        exports.decide_export(request=request, approve=approve, by=actor)


def test_an_export_that_waits_is_told_to_those_who_may_approve_it_and_the_word_to_the_one_who_asked(
    committed_cast: Cast,
) -> None:
    cast = committed_cast
    request = ask(cast, "handler", cast.town)
    deliver_all()
    deliver_all()
    assert told() == [("exports.asked", "clerk")]
    decide(cast, "clerk", request, approve=True)
    refused = ask(cast, "handler", cast.town)
    decide(cast, "clerk", refused, approve=False)
    deliver_all()
    assert told().count(("exports.decided", "handler")) == 2
    with transaction.atomic(), acting_as(job()):
        assert {row.params["count"] for row in Notice.objects.all()} == {1_200}


def test_where_the_only_clerk_asks_those_above_decide(committed_cast: Cast) -> None:
    ask(committed_cast, "clerk", committed_cast.town)
    deliver_all()
    assert told() == [("exports.asked", "leader")]


def test_the_unit_hears_what_a_reporter_adds_and_not_what_colleagues_note(committed_cast: Cast) -> None:
    cast, values = committed_cast, {"title": "", "text": CANARY, "channel": Channel.PARTNER}
    hotline = Actor(id=new_id(), kind="partner", name="12345", areas=frozenset({cast.own.id}))
    with transaction.atomic(), acting_as(hotline):
        matter = services.report_matter(id=new_id(), area_id=cast.own.id, by=hotline, **values)  # type: ignore[arg-type]
    do(cast, "clerk", "assign_matter", matter, unit=cast.bureau.id)
    do(cast, "handler", "add_note", matter, text=CANARY)
    bringing = replace(hotline, roles=frozenset({Party.REPORTER.value}))
    with transaction.atomic(), acting_as(bringing):
        services.add_note(id=new_id(), matter=matter, text=CANARY, by=bringing)
    deliver_all()
    assert [one for one in told() if one[0] == "matters.remarked"] == [
        ("matters.remarked", "handler"), ("matters.remarked", "unit_head"),
    ]  # fmt: skip


def test_what_the_reporter_adds_is_heard_by_who_has_the_matter_now(committed_cast: Cast) -> None:
    cast = committed_cast
    matter = do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id)
    do(cast, "handler", "send_back_matter", matter, reason="不归", proposed=cast.office.id)
    helper = cast.actor("volunteer").for_another()
    with transaction.atomic(), acting_as(helper, ticket=digest(ticket_of(matter.pk))):
        services.add_note(id=new_id(), matter=matter, text=CANARY, own=True, by=helper)
    deliver_all()
    assert [one for one in told() if one[0] == "matters.remarked"] == [("matters.remarked", "clerk")]


@pytest.mark.fault(97)
def test_no_text_in_the_app_asks_somebody_who_is_signed_in_to_sign_in() -> None:
    for kind in KINDS:
        if kind.outside or kind.code == DIGEST:
            # these are read outside alone
            continue
        for language, asked in (("en", "sign in"), ("zh-hans", "登录"), ("zh-hant", "登入")):
            with translation.override(language):
                sample = {Param.NUMBER: "MQ-2026-000123-4", Param.DAY: "2026-12-03", Param.COUNT: 3, Param.PLACE: 1}
                text = in_app(kind, {name: sample[param] for name, param in kind.params.items()}, {})
                assert asked not in f"{text.title} {text.body}".lower(), kind.code


@pytest.mark.fault(97)
def test_the_list_tells_the_title_to_those_who_may_read_it_and_one_thing_once(committed_cast: Cast) -> None:
    cast = committed_cast
    matter = do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id)
    do(cast, "handler", "send_back_matter", matter, reason="不归我们", proposed=cast.office.id)
    do(cast, "clerk", "assign_matter", matter, unit=cast.bureau.id)
    deliver_all()
    deliver_all()
    rows = listed(cast, "handler")
    assert (rows.count("<li"), rows.count(CANARY)) == (1, 1)
    assert "登录" not in rows
    rows = listed(cast, "clerk")
    assert (rows.count("<li"), rows.count(CANARY)) == (2, 2), "received, and sent back"
    # what was read is no longer news: it stays, and the next stands beside it
    cast.client("clerk").post(reverse("notify:read_all"))
    do(cast, "handler", "send_back_matter", matter, reason="不归我们", proposed=cast.office.id)
    deliver_all()
    assert listed(cast, "clerk").count("<li") == 3
    # out of sight: that there was something is told, its title is not
    with transaction.atomic(), cast.everything():
        Matter.objects.filter(pk=matter.pk).update(lead_unit=cast.office.id, supporting=[], area=cast.far.id)
    assert CANARY not in listed(cast, "handler")


@pytest.mark.fault(97)
def test_a_confidential_title_is_covered_from_those_who_only_count_it(committed_cast: Cast) -> None:
    cast = committed_cast
    matter, by = report(cast, confidential=True), system_actor("matters.tell")
    with transaction.atomic(), acting_as(by):
        send_notices(
            cause=new_id(), to=[cast.account("clerk").id, cast.account("analyst").id], kind="matters.received",
            subject=f"matter:{matter.pk}", params={"number": matter.number}, link="/matters/", by=by,
        )  # fmt: skip
    assert CANARY in listed(cast, "clerk")
    covered = listed(cast, "analyst")
    assert CANARY not in covered
    assert "保密" in covered


def listed(cast: Cast, who: str) -> str:
    answer = cast.client(who).get(reverse("notify:list"))
    assert answer.status_code == 200
    return answer.content.decode().partition('<ul class="rows">')[2].partition("</ul>")[0]


def test_who_is_named_hears_of_it_and_nobody_of_the_own_doing(committed_cast: Cast) -> None:
    cast = committed_cast
    one = do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id)
    do(cast, "unit_head", "name_handler", one, handler=cast.account("handler").pk)
    do(cast, "unit_head", "name_handler", one, handler=cast.account("unit_head").pk)
    do(cast, "unit_head", "name_handler", one, handler=None)
    do(cast, "handler", "take_matter", one)
    deliver_all()
    assert [who for kind, who in told() if kind == "matters.named"] == ["handler"]
    assert Event.objects.filter(type="matters.matter.taken").count() == 1
