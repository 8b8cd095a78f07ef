"""Rows as earlier releases left them mean after the upgrade what they meant: every move can be made on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps as django_apps
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils.translation import override

from minqing.config import embedded
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.documents.queries import template_in_use
from minqing.exports.models import ExportRequest
from minqing.exports.services import decide_export, take_export
from minqing.intake.enums import Mode
from minqing.intake.models import ImportRun
from minqing.intake.services import ask_to_load
from minqing.journal.models import Event, Position
from minqing.journal.queries import parked
from minqing.journal.subscriptions import deliver, retry_parked, subscriptions
from minqing.listing.models import SavedFilter
from minqing.localnames.queries import word_of
from minqing.matters import services
from minqing.matters.enums import Channel, ClockKind, PauseReason, State
from minqing.matters.models import Clock, Matter
from minqing.notify import services as notify
from minqing.notify.models import Choice, Notice
from minqing.notify.queries import job
from minqing.org.enums import Role
from minqing.org.models import Account, Post
from minqing.org.queries import actor_of, posts_in_force, system_actor, who_changed
from minqing.partners.queries.inbound import inbox_actor
from minqing.partners.services.dead_letters import replay_delivery, settle_delivery
from minqing.partners.services.receiving import replay_event, settle_event
from minqing.privacy.access import acting_as
from minqing.privacy.checks import rights
from minqing.publications.models import Publication, QuarterFigures
from minqing.publications.services import withdraw_publication
from minqing.routing.models import RouteCase
from minqing.routing.services import retire_routes, roll_back_routes
from minqing.visits.models import DiaryEntry
from tests.cast import signed_in
from tests.config.last_release import LEAVES, MOVED, LastRelease
from tests.embedded import SOCKET, drop

pytestmark = pytest.mark.xdist_group("upgrade")

NAME = f"{os.environ['MINQING_DB_NAME']}_upgrade"
# the leaves of commit 9900f58: deadlines as columns, no clocks, no parts, a flag for the operator
FIRST = [
    ("doorstep", "0002_unlogged"), ("files", "0001_initial"), ("households", "0002_walls"),
    ("intake", "0001_initial"), ("journal", "0002_append_only"), ("matters", "0002_walls"), ("org", "0001_initial"),
    ("visits", "0002_walls"),
]  # fmt: skip
# the release after it, in which a pause on such a row took its deadline away
BETWEEN = [("matters", "0021_export_post"), ("notify", "0003_replaced")]
NOW = datetime(2026, 9, 16, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in the county
SUNDAY = datetime(2026, 9, 27, 4, 0, tzinfo=UTC)
ALL = (
    "SELECT set_config('minqing.areas', (SELECT array_agg(id)::text FROM org_area), false), "
    "set_config('minqing.units', (SELECT array_agg(id)::text FROM org_unit), false), "
    "set_config('minqing.confidential', 'yes', false)"
)


def migrate(*targets: tuple[str, str | None]) -> Any:
    """To those states, or to the present; the tables as they are then."""
    executor = MigrationExecutor(connections["owner"])
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
    executor = MigrationExecutor(connections["owner"])
    return executor.loader.project_state(list(executor.loader.applied_migrations)).apps


def lay_out(apps: Any) -> None:
    def made(room: str, model: str, **values: Any) -> Any:
        return apps.get_model(room, model).objects.using("owner").create(**values)

    day = {"valid_from": date(2020, 1, 1)}
    city = made("org", "Area", id=1, code="C", name="嵊州市", level="city", path="1.", **day)
    town = made("org", "Area", id=2, code="T1", name="石璜镇", level="township", parent=city, path="1.2.", **day)
    village = made("org", "Area", id=3, code="V1", name="棠溪村", level="village", parent=town, path="1.2.3.", **day)
    office = made("org", "Unit", id=1, code="U1", name="石璜镇综合服务办", kind="office", area=town)
    other = made("org", "Unit", id=2, code="U2", name="石璜镇城建办", kind="office", area=town)
    people = {
        "handler": ("handler", office, town), "head": ("unit_head", office, town), "clerk": ("clerk", office, town),
        "leader": ("leader", office, city), "second": ("handler", other, town),
    }  # fmt: skip
    for name, (role, unit, area) in people.items():
        account = made("org", "Account", id=new_id(), username=name, name=name)
        made("org", "Post", id=new_id(), account=account, unit=unit, area=area, role=role, since=date(2020, 1, 1))
    made("org", "Account", id=new_id(), username="first", name="first", is_staff=True)
    former = made("org", "Account", id=new_id(), username="former", name="former", is_staff=True)
    made(
        "org", "Post", id=new_id(), account=former, unit=office, area=city, role="operator", since=date(2020, 1, 1),
        until=date(2026, 1, 1),
    )  # fmt: skip
    made("matters", "Category", code="road", name="道路", working_days=7)
    with connections["owner"].cursor() as cursor:
        cursor.execute(ALL)
    for title, state, days, values in (
        ("overdue", "assigned", -30, {}),
        ("running", "accepted", 6, {}),
        ("waiting", "accepted", 6, {}),
        ("passed on", "accepted", 6, {}),
        ("supervised", "accepted", 6, {"mechanism": "supervised"}),
        ("sunday", "accepted", 0, {"due_at": SUNDAY}),
        ("paused", "accepted", 6, {"category_id": "road"}),
        ("answered", "finished", 6, {"finished_at": NOW}),
        ("new", "received", 0, {"lead_unit": None, "assigned_at": None, "due_at": None}),
        ("sent back", "received", 0, {"assigned_at": None, "due_at": None}),
    ):
        id = new_id()
        row = {"lead_unit": office, "assigned_at": NOW - timedelta(days=40), "due_at": NOW + timedelta(days=days)}
        matter = made(
            "matters", "Matter", id=id, number=f"MQ-{title}", title=title, text=title, area=village, state=state,
            channel=Channel.COUNTER, received_at=NOW - timedelta(days=41), **row | values,
        )  # fmt: skip
        made(
            "matters",
            "Step",
            id=id,
            matter=matter,
            move="receive",
            state="received",
            at=matter.received_at,
            by="system:x",
        )
        if title == "sent back":
            for ago, move, to in ((40, "assign", "assigned"), (3, "send_back", "received")):
                made("matters", "Step", id=new_id(), matter=matter, move=move, state=to, by="system:x",
                     at=NOW - timedelta(days=ago))  # fmt: skip


def pause_in_between(apps: Any) -> None:
    """As the release in between did it: no clock came to a deadline, so there was none."""
    matters = apps.get_model("matters", "Matter").objects.using("owner")
    matter = matters.get(title="paused")
    matters.filter(pk=matter.pk).update(state="suspended", due_at=None)
    apps.get_model("matters", "Pause").objects.using("owner").create(
        id=new_id(), matter=matter, reason="season", started_at=NOW - timedelta(days=39),
        planned_end=NOW + timedelta(days=30), stops=["finish"],
    )  # fmt: skip


def export_in_between(apps: Any) -> None:
    """Exports belonged to matters; the clerk did not want to be told of those that wait."""
    account = apps.get_model("org", "Account").objects.using("owner").get(username="clerk")
    post = apps.get_model("org", "Post").objects.using("owner").get(account=account)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('minqing.account', %s, false)", [str(account.pk)])
    apps.get_model("matters", "ExportRequest").objects.using("owner").create(
        id=new_id(), account=account, area_id=2, query="state=open", purpose="meeting", rows=1_200, state="asked",
        asked_at=NOW, post=post.pk,
    )  # fmt: skip
    apps.get_model("notify", "Choice").objects.using("owner").create(
        id=new_id(), account=account.pk, channel="app", kinds_off=["matters.export_asked", "matters.given"]
    )


def admin_in_between() -> None:
    """As Django's admin left its log behind, with somebody's change in it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("""
            CREATE TABLE django_admin_log (
                id serial PRIMARY KEY, object_repr text,
                user_id uuid REFERENCES org_account DEFERRABLE INITIALLY DEFERRED,
                content_type_id int REFERENCES django_content_type DEFERRABLE INITIALLY DEFERRED
            );
            INSERT INTO django_content_type (app_label, model) VALUES ('admin', 'logentry');
            INSERT INTO auth_permission (name, codename, content_type_id)
            SELECT 'x', 'add_logentry', id FROM django_content_type WHERE app_label = 'admin';
            INSERT INTO django_admin_log (object_repr, user_id, content_type_id)
            SELECT 'x', org_account.id, kind.id FROM org_account, django_content_type AS kind WHERE app_label = 'admin';
            INSERT INTO django_migrations (app, name, applied) VALUES ('admin', '0001_initial', now());
        """)


@pytest.fixture(scope="module")
def upgraded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of the first release, used in the one between, and brought up to date. Both connections are its."""
    drop(NAME)
    embedded.ensure_database(SOCKET, NAME)
    with django_db_blocker.unblock():
        names = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
        point(dict.fromkeys(names, NAME))
        try:
            lay_out(migrate(*FIRST))
            between = migrate(*BETWEEN)
            pause_in_between(between)
            export_in_between(between)
            last = migrate(*LEAVES)
            LastRelease(last, NOW).lay_out()
            admin_in_between()
            connections["owner"].close()
            migrate()
            from minqing.config.reference import load_reference
            from minqing.privacy.grants import apply_grants

            apply_grants()
            load_reference()
            yield
        finally:
            point(names)
    drop(NAME)


def point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def retry_one(*, message: Any, by: Actor) -> None:
    assert notify.retry_parked(ids=[message.pk], by=by) == 1


def drop_one(*, message: Any, by: Actor) -> None:
    assert notify.drop_parked(ids=[message.pk], by=by) == 1


def settle_one(*, event: Any, by: Actor) -> None:
    settle_event(event_id=event.pk, by=by, at=NOW)


def replay_one(*, event: Any, by: Actor) -> None:
    replay_event(event_id=event.pk, by=by, at=NOW)


def load_one(*, run: ImportRun, by: Actor) -> None:
    assert ask_to_load(run=run, mode=Mode.VALID, by=by)


@pytest.fixture
def rows(upgraded: None) -> Iterator[None]:
    """What a test does to the upgraded rows is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def person(name: str) -> Actor:
    account = Account.objects.get(username=name)
    return actor_of(account, posts_in_force(account.pk)[0])


def found(title: str) -> Matter:
    with acting_as(system_actor("test")):
        return Matter.objects.get(title=title)


def do(name: str, verb: str, title: str, **values: Any) -> Matter:
    by = system_actor("test") if name == "system" else person(name)
    with acting_as(by):
        return getattr(services, verb)(
            id=new_id(), matter=Matter.objects.get(title=title), by=by, **{"at": NOW} | values
        )


def running(title: str) -> Clock | None:
    with acting_as(system_actor("test")):
        rows = Clock.objects.filter(matter__title=title, kind=ClockKind.FINISH, stopped_at=None, counts=True)
        return rows.first()


@pytest.mark.fault(125)
def test_every_running_matter_has_the_clock_of_its_deadline_and_no_other_has(rows: None) -> None:
    for title in ("overdue", "running", "waiting", "passed on", "supervised", "sunday"):
        one, matter = running(title), found(title)
        assert one is not None, title
        assert one.due_at == matter.due_at, "what was promised stands"
        assert one.unit_id == 1
        assert one.calendar
    assert (running("answered"), running("new")) == (None, None)


@pytest.mark.fault(92)
@pytest.mark.fault(125)
def test_what_waits_for_a_unit_has_waited_since_it_came_or_was_sent_back(rows: None) -> None:
    # one working day after the Thursday of its receipt, and after the Sunday on which it was sent back
    for title, since, due in (("new", 41, date(2026, 8, 7)), ("sent back", 3, date(2026, 9, 14))):
        with acting_as(system_actor("test")):
            one = Clock.objects.get(matter__title=title)
        assert (one.kind, one.stopped_at, one.started_at) == ("assign", None, NOW - timedelta(days=since))
        assert one.due_at is not None
        assert clock.local_date(one.due_at) == due
        assert found(title).due_at == one.due_at


@pytest.mark.fault(125)
def test_reckoned_anew_a_deadline_stays_on_its_day(rows: None) -> None:
    with acting_as(system_actor("test")):
        Clock.objects.update(calendar="")
        before = dict(Matter.objects.exclude(title="paused").values_list("title", "due_at"))
    from minqing.deadlines.services.passing import reckon_locked
    from minqing.matters.services.periodic import UPKEEP

    with acting_as(system_actor("test")) as by:
        reckon_locked(UPKEEP, {one.pk: one for one in Matter.objects.all()}, by=by, at=NOW)
        after = dict(Matter.objects.exclude(title="paused").values_list("title", "due_at"))
    for title in ("overdue", "running", "waiting"):
        days = [clock.local_date(one[title]) for one in (before, after)]
        assert days[0] == days[1], title
    assert clock.local_date(after["sunday"]) == date(2026, 9, 28), "a term that ends on a rest day ends on the next"


@pytest.mark.fault(125)
def test_an_overdue_one_climbs_to_the_top(rows: None) -> None:
    with acting_as(system_actor("test")):
        one = Clock.objects.get(matter__title="overdue")
    assert one.escalate_at is not None
    assert one.escalate_at < NOW
    climbed = []
    while do("system", "escalate_matter", "overdue") and found("overdue").rung not in climbed:
        climbed.append(found("overdue").rung)
    assert climbed == [Rung.HEAD, Rung.TOWNSHIP, Rung.CITY]


@pytest.mark.fault(125)
def test_what_waits_too_long_already_climbs_rung_by_rung_from_the_next_working_day_on(rows: None) -> None:
    by = system_actor("test")
    with acting_as(by):
        clocks = list(Clock.objects.filter(kind=ClockKind.ASSIGN))
        begins = {one.heard_from for one in clocks}
    assert len(clocks) == 4
    (begin,) = begins
    assert begin is not None
    assert begin > clock.now(), "whoever sorts there has the time until then"
    with acting_as(by):
        Clock.objects.filter(kind=ClockKind.FINISH).update(escalate_at=None)
    assert deadlines.escalate_due(by=by, at=begin) == 0
    assert deadlines.escalate_due(by=by, at=begin + timedelta(minutes=1)) == 3, "and not three rungs each"
    assert {found(title).rung for title in ("new", "sent back", "message")} == {Rung.HEAD}
    assert deadlines.escalate_due(by=by, at=begin + timedelta(minutes=6)) == 0
    assert deadlines.escalate_due(by=by, at=begin + timedelta(days=30)) == 8


@pytest.mark.fault(125)
def test_what_was_contested_is_looked_at_on_the_rung_above_as_before(rows: None) -> None:
    assert found("contested").rung == Rung.HEAD
    with acting_as(by := system_actor("test")):
        (one,) = Clock.objects.filter(matter__title="contested")
        assert one.heard_from is not None
        deadlines.escalate_due(by=by, at=one.heard_from + timedelta(days=30))
    carried = Event.objects.filter(subject=f"matter:{one.matter_id}", type="matters.matter.escalated").order_by("seq")
    assert [event.data["rung"] for event in carried] == [Rung.TOWNSHIP, Rung.CITY]


@pytest.mark.fault(92)
@pytest.mark.fault(125)
def test_a_message_of_a_board_that_was_loaded_without_a_clock_waits_with_one(rows: None) -> None:
    with acting_as(system_actor("test")):
        (one,) = Clock.objects.filter(matter__title="message")
    matter = found("message")
    assert (one.kind, one.stopped_at, one.started_at) == ("assign", None, matter.received_at)
    assert one.due_at is not None
    assert one.due_at < NOW
    assert matter.due_at == one.due_at
    assert matter.rung == Rung.OFFICER


@pytest.mark.fault(125)
def test_more_time_can_be_asked_for_and_granted(rows: None) -> None:
    before = found("running").due_at
    do("handler", "ask_extension", "running", days=3, reason="等材料")
    after = do("clerk", "grant_extension", "running").due_at
    assert before is not None
    assert after is not None
    assert after > before


@pytest.mark.fault(125)
def test_a_pause_keeps_the_deadline_and_gives_back_its_time(rows: None) -> None:
    before = found("waiting").due_at
    paused = do(
        "handler", "suspend_matter", "waiting", reason=PauseReason.SEASON, until=date(2026, 12, 1), text="等秋收"
    )  # fmt: skip
    assert paused.state == "suspended"
    resumed = do("handler", "resume_matter", "waiting", at=NOW + timedelta(days=14))
    assert before is not None
    assert resumed.due_at is not None
    assert resumed.due_at > before + timedelta(days=10)


@pytest.mark.fault(125)
def test_one_that_lost_its_deadline_to_a_pause_has_one_again(rows: None) -> None:
    assert (found("paused").due_at, running("paused") is not None) == (None, True), "nobody knows while it waits"
    resumed = do("handler", "resume_matter", "paused")
    assert resumed.due_at is not None
    assert resumed.due_at > NOW


@pytest.mark.fault(125)
@pytest.mark.parametrize(
    ("title", "moves"),
    [
        ("overdue", [("handler", "accept_matter", {}), ("handler", "note_progress", {"text": "已到场"}),
                     ("handler", "finish_matter", {"reply": "修好了"})]),
        ("running", [("clerk", "classify_matter", {"category": "road"}), ("clerk", "assign_matter", {"unit": 2})]),
        ("passed on", [("handler", "transfer_matter", {"unit": 2, "reason": "不归我们"}),
                       ("second", "accept_matter", {})]),
        ("waiting", [("leader", "supervise_matter", {"order": "抓紧", "due_days": 5, "report_days": 2})]),
        ("supervised", [("handler", "report_on_matter", {"text": "进展顺利"}),
                        ("leader", "release_matter", {"reason": "已解决"})]),
        ("sunday", [("clerk", "ask_part", {"unit": 2, "task": "协助清障"})]),
        ("new", [("clerk", "assign_matter", {"unit": 1})]),
        ("sent back", [("clerk", "assign_matter", {"unit": 2})]),
    ],
)  # fmt: skip
def test_every_other_move_is_made_as_on_a_row_of_today(
    rows: None, title: str, moves: list[tuple[str, str, dict[str, Any]]]
) -> None:
    for name, verb, values in moves:
        do(name, verb, title, **values)
        one, matter = running(title), found(title)
        if matter.state in {"assigned", "accepted"}:
            assert one is not None, verb
            assert one.due_at == matter.due_at, verb


def old(room: str, model: str, **values: Any) -> Any:
    return django_apps.get_model(room, model).objects.get(**values)


Walk = list[tuple[str, Callable[..., Any], dict[str, Any], str]]
# what is no matter: how the row is called, which it is, and its walk as (who, move, how, the state after it)
OTHERS: dict[str, tuple[str, Callable[[], Any], Walk]] = {
    "an export is let go and taken": (
        "request",
        lambda: old("exports", "ExportRequest"),
        [("leader", decide_export, {"approve": True, "at": NOW}, "approved"),
         ("clerk", take_export, {"at": NOW}, "taken")],
    ),
    "an export is refused": (
        "request",
        lambda: old("exports", "ExportRequest"),
        [("leader", decide_export, {"approve": False, "at": NOW}, "refused")],
    ),
    "what is public is taken back": (
        "publication",
        lambda: old("publications", "Publication", title="answered"),
        [("clerk", withdraw_publication, {}, "withdrawn")],
    ),
    "a draft is given up": (
        "publication",
        lambda: old("publications", "Publication", title="paused"),
        [("clerk", withdraw_publication, {}, "withdrawn")],
    ),
    "rules go out of force and come back": (
        "routes",
        lambda: old("routing", "RouteSet"),
        [("clerk", retire_routes, {}, "retired"), ("clerk", roll_back_routes, {}, "live")],
    ),
    "a message that no carrier took is tried again": (
        "message", lambda: old("notify", "Outgoing"), [("first", retry_one, {}, "queued")],
    ),
    "a message that no carrier took is given up": (
        "message", lambda: old("notify", "Outgoing"), [("first", drop_one, {}, "dropped")],
    ),
    "what a partner was not told is done with, and sent after all": (
        "delivery",
        lambda: old("partners", "Delivery"),
        [("first", settle_delivery, {"at": NOW}, "settled"), ("first", replay_delivery, {"at": NOW}, "queued")],
    ),
    "what a partner sent is done with, and read anew": (
        "event",
        lambda: old("partners", "Inbound"),
        [("first", settle_one, {}, "settled"), ("first", replay_one, {}, "received")],
    ),
    "a table that was checked is loaded": (
        "run", lambda: old("intake", "ImportRun", name="checked.xlsx"), [("clerk", load_one, {}, "loading")],
    ),
    "a table whose load broke off goes on": (
        "run", lambda: old("intake", "ImportRun", name="broken off.xlsx"), [("clerk", load_one, {}, "loading")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_matter_moves_on_too(rows: None, name: str) -> None:
    word, found, moves = OTHERS[name]
    passed = []
    for who, move, how, _state in moves:
        by = person(who)
        keeper = {"message": job, "event": inbox_actor}.get(word, lambda by=by: by)()
        with acting_as(keeper):
            row = found()
        with acting_as(by):
            move(**{word: row}, by=by, **how)
        with acting_as(keeper):
            passed.append(found().state)
    assert passed == [state for *_rest, state in moves]


@pytest.mark.fault(125)
def test_each_page_of_each_old_row_opens(rows: None) -> None:
    client = signed_in(Client(), Account.objects.get(username="clerk"))
    for address in ("/matters/", "/matters/triage/", "/matters/wall/"):
        assert client.get(address).status_code in {200, 403}, address
    with acting_as(system_actor("test")):
        ids = list(Matter.objects.values_list("pk", flat=True))
    for id in ids:
        assert client.get(f"/matters/{id}/").status_code == 200


@pytest.mark.fault(125)
def test_the_upgrade_is_in_the_journal_and_is_made_once(rows: None) -> None:
    events = Event.objects.filter(type="matters.clocks.backfilled").order_by("at")
    assert [len(event.data["matters"]) for event in events] == [7, 2, 1, 4]
    migrate()
    with acting_as(system_actor("test")):
        assert Clock.objects.count() == 11


def test_nothing_is_left_of_django_s_admin(rows: None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_admin_log')")
        assert cursor.fetchone() == (None,)
        for left in (
            "django_content_type WHERE app_label = 'admin'", "auth_permission WHERE codename LIKE '%logentry'",
            "django_migrations WHERE app = 'admin'",
        ):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {left}")
            assert cursor.fetchone() == (0,), left


@pytest.mark.fault(69)
def test_a_flag_without_a_post_becomes_a_post_and_one_that_outlived_its_post_nothing(rows: None) -> None:
    held = {one.account.username: one for one in Post.objects.filter(role=Role.OPERATOR, until=None)}
    assert set(held) == {"first"}
    assert (held["first"].unit_id, held["first"].area_id) == (None, None)
    assert signed_in(Client(), Account.objects.get(username="first")).get("/operator/").status_code == 200
    assert signed_in(Client(), Account.objects.get(username="former")).get("/operator/").status_code in {403, 404}


def test_an_export_that_waits_waits_on_and_who_wished_not_to_be_told_is_not_told(rows: None) -> None:
    with acting_as(person("clerk")):
        (asked,) = ExportRequest.objects.all()
        assert (asked.kind, asked.rows, asked.query, asked.state) == ("matters", 1_200, "state=open", "asked")
        (choice,) = Choice.objects.filter(account=asked.account_id)
        assert set(choice.kinds_off) == {"exports.asked", "matters.given"}
    with acting_as(person("handler")):
        assert not ExportRequest.objects.exists()
    client = signed_in(Client(), Account.objects.get(username="leader"))
    assert f"/matters/exports/{asked.pk}/decide/" in client.get("/matters/exports/").content.decode()


def test_an_export_that_was_asked_for_before_the_upgrade_is_told_after_it_and_one_laid_aside_can_be_retried(
    rows: None,
) -> None:
    tell = next(one for one in subscriptions() if one.name == "exports-tell")
    assert deliver("exports-tell") == 2
    with acting_as(job()):
        told = {(one.account, one.kind) for one in Notice.objects.all()}
    accounts = dict(Account.objects.values_list("username", "pk"))
    assert told == {(accounts["leader"], "exports.asked"), (accounts["clerk"], "exports.decided")}
    (laid_aside,) = parked().filter(subscriber=tell.name)
    retry_parked(laid_aside)
    assert not parked().exists()


def test_visits_that_the_upgrade_has_counted_are_not_told_one_by_one(rows: None) -> None:
    old = Event.objects.get(type="visits.visit.recorded")
    assert Position.objects.get(name="visits-days").tx >= old.tx
    assert deliver("visits-days") == 0


def test_what_was_ticked_of_hazards_stands_in_the_words_of_its_diary(rows: None) -> None:
    with acting_as(system_actor("test")):
        rows_of_home = DiaryEntry.objects.filter(visit__household__number="H-old").order_by("pk")
        texts = list(rows_of_home.values_list("text", flat=True))
    assert texts == ["厨房看过了。\n看到的隐患：燃气（软管裂了）；电线电器", "看到的隐患：火灾", "没事。"]


def test_a_table_that_was_half_loaded_goes_on_as_it_began(rows: None) -> None:
    matters = ImportRun.objects.filter(kind="matters")
    assert dict(matters.values_list("name", "choice")) == {"half.xlsx": "table", "waiting.xlsx": ""}


def test_what_went_to_other_rooms_has_its_rows_walls_and_rights(rows: None) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT name FROM core_edition WHERE name ~ '(localname|routeset)$' ORDER BY name")
        assert cursor.fetchall() == [("localnames_localname",), ("routing_routeset",)]
        cursor.execute("SELECT task_name, lock, queueing_lock FROM procrastinate_jobs WHERE task_name LIKE '%figures'")
        assert cursor.fetchall() == [("publications.figures", "publications.figures", "publications.figures:2026Q2")]
    with override("zh-hans"):
        assert word_of(State.RECEIVED) == "已收件"
    assert template_in_use("matters") == b"a county's own"
    with acting_as(person("clerk")):
        assert [(one.list, one.query) for one in SavedFilter.objects.all()] == [("matters", "light=red")]
    with acting_as(person("handler")):
        assert not SavedFilter.objects.exists()
    assert QuarterFigures.objects.filter(year=2026, quarter=1).count() == 1
    # everybody reads what is published, and a draft those who see its matter
    assert [one.title for one in Publication.objects.all()] == ["answered"]
    with acting_as(person("clerk")):
        assert {one.title for one in Publication.objects.all()} == {"answered", "paused"}


def test_rules_in_force_and_what_they_sent_are_there_for_whom_they_were(rows: None) -> None:
    """The page still says by which rule a matter came, the clerk's advice follows the rules, a case keeps its wall."""
    client = signed_in(Client(), Account.objects.get(username="clerk"))
    with acting_as(person("clerk")):
        matter = Matter.objects.get(title="running")
        (case,) = RouteCase.objects.all()
    with acting_as(person("handler")):
        assert not RouteCase.objects.exists()
    assert "“都归办公室”" in client.get(f"/matters/{matter.pk}/").content.decode()
    with acting_as(person("clerk")):
        waiting = Matter.objects.filter(state=State.RECEIVED, contested=False)[0]
    assert "“都归办公室”" in client.get(f"/matters/triage/?open={waiting.pk}").content.decode()
    page = client.get(f"/matters/routes/{case.set_id}/").content.decode()
    assert "路灯不亮" in page
    assert who_changed(f"routes:{case.set_id}")


def test_the_doctor_finds_rights_walls_and_triggers_as_declared(upgraded: None) -> None:
    assert {one.name: one.seen for one in rights() if not one.well} == {}


def ids(table: str) -> list[Any]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(ALL)
        cursor.execute("SELECT set_config('minqing.account', (SELECT account_id::text FROM org_post "
                       "JOIN org_account a ON a.id = account_id WHERE a.username = 'clerk'), false)")  # fmt: skip
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        return cursor.fetchall()


# the last one: the rows of the others stand in what it goes back from
def test_the_way_back_and_forward_again_keeps_the_rows(upgraded: None) -> None:
    connections["default"].close()
    before = [ids(table) for table in MOVED.values()]
    assert [len(rows) for rows in before] == [1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1]
    migrate(("matters", "0029_last_word"), ("exports", None))
    assert [ids(table) for table in MOVED] == before
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT name FROM core_edition WHERE name ~ '(localname|routeset)$' ORDER BY name")
        assert cursor.fetchall() == [("matters_localname",), ("matters_routeset",)]
        cursor.execute("SELECT queueing_lock FROM procrastinate_jobs WHERE task_name = 'matters.figures'")
        assert cursor.fetchall() == [("matters.figures:2026Q2",)]
        cursor.execute("SELECT kinds_off FROM notify_choice WHERE kinds_off ? 'matters.export_asked'")
        assert len(cursor.fetchall()) == 1
    migrate()
    assert [ids(table) for table in MOVED.values()] == before
