"""What the gate costs, and that nothing it keeps is ever out of date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minqing.config import embedded
from minqing.core.actor import Actor
from minqing.core.cache_version import STAMPS, assume_versions
from minqing.demo.bench import is_frame
from minqing.org import services
from minqing.org.enums import Role
from minqing.org.models import Account, Area, Post, WorkDay
from minqing.org.queries import all_areas, areas_below, areas_seen, units_at_work, work_calendar
from minqing.privacy.access import NoTransaction, acting_as, acting_to_the_end
from minqing.worktime.calendar import WorkCalendar
from tests.cast import Cast
from tests.embedded import SOCKET
from tests.privacy.test_pooled import left

# a plain Saturday and a plain Monday
DAY, OTHER_DAY = date(2026, 10, 17), date(2026, 10, 19)
SYSTEM = Actor.system("test")


def statements(captured: CaptureQueriesContext) -> list[str]:
    """What was asked, without what opens and closes transactions."""
    return [query["sql"] for query in captured if not is_frame(query["sql"])]


def stamps() -> dict[str, str]:
    """As the gate reads them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMPS}")
        return dict(cursor.fetchone()[0])


@pytest.fixture
def elsewhere(committed_cast: Cast) -> Iterator[psycopg.Connection]:
    """Another process: its commits are its own."""
    with psycopg.connect(
        host=SOCKET.folder, port=SOCKET.port, user=embedded.APP, dbname=connection.settings_dict["NAME"],
        autocommit=True,
    ) as connected:  # fmt: skip
        yield connected
        connected.execute("DELETE FROM org_workday WHERE source = 'elsewhere'")


def say(elsewhere: psycopg.Connection, working: bool, day: date = DAY) -> None:
    elsewhere.execute(
        "INSERT INTO org_workday (date, working, name, source) VALUES (%s, %s, '', 'elsewhere') "
        "ON CONFLICT (date) DO UPDATE SET working = EXCLUDED.working, source = 'elsewhere'",
        [day, working],
    )


@pytest.mark.usefixtures("test_pages")
def test_the_gate_of_a_page_is_three_statements(committed_cast: Cast) -> None:
    client = committed_cast.client("clerk")
    client.get("/t/plain")
    for ask in (client.get, client.head, client.post):
        with CaptureQueriesContext(connection) as captured:
            assert ask("/t/plain").status_code == 200
        session, account, context = statements(captured)
        assert "django_session" in session
        assert "org_account" in account
        assert "minqing.areas" in context
        assert ("transaction_read_only" in context) is (ask != client.post)


@pytest.mark.usefixtures("test_pages")
@pytest.mark.parametrize("posts", [1, 3])
def test_it_is_the_same_for_somebody_with_several_posts(committed_cast: Cast, posts: int) -> None:
    account = committed_cast.account("cadre")
    for area in [committed_cast.other, committed_cast.far][: posts - 1]:
        Post.objects.create(account=account, unit=committed_cast.office, area=area, role=Role.CADRE)
    client = committed_cast.client("cadre")
    client.get("/t/plain")
    with CaptureQueriesContext(connection) as captured:
        client.get("/t/plain")
    assert len(statements(captured)) == 3


@pytest.mark.usefixtures("test_pages")
def test_inside_another_transaction_the_gate_puts_back_what_was_open(cast: Cast) -> None:
    client = cast.client("clerk")
    client.get("/t/plain")
    with acting_as(cast.actor("far_cadre")):
        before = left()
        for ask in (client.get, client.post):
            with CaptureQueriesContext(connection) as captured:
                assert ask("/t/plain").status_code == 200
            assert len(statements(captured)) == 4
            assert left() == before


def test_acting_to_the_end_needs_a_transaction_and_ends_with_it(committed_cast: Cast) -> None:
    clerk, nobody = committed_cast.actor("clerk"), left()
    with pytest.raises(NoTransaction), acting_to_the_end(clerk, read_only=True):
        pass
    with transaction.atomic(), acting_to_the_end(clerk, read_only=True):
        assert left() != nobody
    assert left() == nobody
    with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_to_the_end(clerk, read_only=False):
        raise ZeroDivisionError
    assert left() == nobody


@pytest.mark.usefixtures("test_pages")
def test_what_is_taken_away_is_gone_with_the_next_request(committed_cast: Cast) -> None:
    account = committed_cast.account("cadre")
    client = committed_cast.client("cadre")
    assert client.get("/t/plain").status_code == 200
    services.end_post(post=Post.objects.get(account=account), by=SYSTEM)
    assert client.get("/t/plain").status_code == 403
    second = committed_cast.client("clerk")
    assert second.get("/t/plain").status_code == 200
    Account.objects.filter(username="clerk").update(is_active=False)
    assert second.get("/t/plain").status_code == 302
    third = committed_cast.client("leader")
    services.set_password(account=committed_cast.account("leader"), password="another-long-phrase", by=SYSTEM)
    assert third.get("/t/plain").status_code == 302


def test_an_area_that_is_moved_changes_hands_with_the_next_request(committed_cast: Cast) -> None:
    clerk = committed_cast.account("clerk")
    with assume_versions(stamps()):
        assert committed_cast.other.id in areas_below([committed_cast.town.path])
    services.save_area(
        code="V2", name="白竹村", level=committed_cast.other.level, parent=committed_cast.other_town, by=SYSTEM
    )
    with assume_versions(stamps()), CaptureQueriesContext(connection) as captured:
        assert committed_cast.other.id not in areas_below([committed_cast.town.path])
        assert committed_cast.other.id in areas_below([committed_cast.other_town.path])
    assert len(captured) == 1
    assert clerk.is_active


@pytest.mark.fault(49)
def test_a_working_day_changed_by_another_process_counts_at_once(elsewhere: psycopg.Connection) -> None:
    for working in (True, False, True):
        say(elsewhere, working)
        for _twice in range(2):
            with assume_versions(stamps()):
                assert work_calendar().is_working_day(DAY) is working
    with assume_versions(stamps()), CaptureQueriesContext(connection) as captured:
        work_calendar()
    assert len(captured) == 0


@pytest.mark.fault(49)
def test_rows_newer_than_the_stamp_that_was_read_are_not_kept_under_it(elsewhere: psycopg.Connection) -> None:
    say(elsewhere, True)
    before = stamps()
    say(elsewhere, False)
    # a request that read the stamps just before the change, and the rows just after it
    with assume_versions(before):
        assert not work_calendar().is_working_day(DAY)
    with assume_versions(stamps()), CaptureQueriesContext(connection) as captured:
        assert not work_calendar().is_working_day(DAY)
    assert len(captured) == 0, "kept under the stamp of its own snapshot"


@pytest.mark.fault(49)
def test_a_change_that_waits_for_its_commit_is_seen_by_nobody_else(elsewhere: psycopg.Connection) -> None:
    say(elsewhere, True)
    elsewhere.execute("BEGIN")
    say(elsewhere, False)
    with assume_versions(stamps()):
        assert work_calendar().is_working_day(DAY)
    elsewhere.execute("ROLLBACK")
    say(elsewhere, False, OTHER_DAY)
    with assume_versions(stamps()):
        assert work_calendar().is_working_day(DAY)
        assert not work_calendar().is_working_day(OTHER_DAY)


def test_a_request_sees_its_own_change(cast: Cast) -> None:
    with assume_versions(stamps()):
        for working in (True, False):
            services.set_work_day(on=DAY, working=working, by=SYSTEM)
            assert work_calendar().is_working_day(DAY) is working
        services.clear_work_day(on=DAY, by=SYSTEM)
        assert not work_calendar().is_working_day(DAY)


@given(st.lists(st.tuples(st.sampled_from(["day", "area", "unit"]), st.booleans(), st.booleans()), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_is_what_the_tables_hold(cast: Cast, changes: list[tuple[str, bool, bool]]) -> None:
    """Whatever is changed, kept or rolled back: with stamps and without, the same is told."""
    for table, keep, value in changes:
        try:
            with transaction.atomic():
                change(cast, table, value)
                agree()
                if not keep:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        agree()


def change(cast: Cast, table: str, value: bool) -> None:
    """By the ORM and not by a service: the stamp does not depend on who writes."""
    if table == "day":
        WorkDay.objects.update_or_create(date=DAY, defaults={"working": value})
    elif table == "area":
        Area.objects.filter(pk=cast.own.pk).update(name="棠溪新村" if value else "棠溪村")
    else:
        type(cast.bureau).objects.filter(pk=cast.bureau.pk).update(active=value)


def agree() -> None:
    whole = Actor.system("test", areas=all_areas())

    def told() -> tuple[Any, ...]:
        calendar: WorkCalendar = work_calendar()
        return calendar.overrides, [area.name for area in areas_seen(whole)], [unit.id for unit in units_at_work()]

    plain = told()
    for _twice in range(2):
        with assume_versions(stamps()):
            assert told() == plain
