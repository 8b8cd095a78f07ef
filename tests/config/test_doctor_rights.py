"""`minqing doctor` compares the database with what the code declares: each check is shown to notice what it is for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import translation

from minqing.config import embedded, refusals
from minqing.config.cli import doctor_address
from minqing.config.cli.doctor import examine, looked_at
from minqing.config.cli.doctor_address import address, refuses
from minqing.core.health import Finding
from minqing.privacy.checks import differences_finding, rights
from minqing.privacy.comparing import Difference
from minqing.privacy.declared import declared
from tests.config.test_upgrade import point
from tests.embedded import SOCKET, drop, fingerprint

NAME = f"{os.environ['MINQING_DB_NAME']}_rights"
APP, OWNER = embedded.APP, embedded.OWNER


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """As a command with that language activates it."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def broken(django_db_setup: None, django_db_blocker: Any) -> Iterator[psycopg.Connection]:
    """A database to break things in, as its superuser; the default connection is its app's."""
    from django.db import connections

    drop(NAME)
    with embedded.superuser(SOCKET) as connection:
        connection.execute(f'CREATE DATABASE "{NAME}" TEMPLATE "mq_template_{fingerprint()}" OWNER {OWNER}')
    with django_db_blocker.unblock():
        names = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
        point(dict.fromkeys(names, NAME))
        with embedded.superuser(SOCKET, NAME) as connection:
            yield connection
        point(names)
    drop(NAME)


def unwell() -> dict[str, Finding]:
    return {one.name: one for one in looked_at("rights", rights) if not one.well}


TABLES, WALLS, CODE, ROLE = "rights to tables", "walls", "functions and triggers", "rights of the app"
# what is done, what undoes it (None: what the operator is told to run), and how it is told
BREAKS = [
    ("ALTER TABLE households_resident DISABLE ROW LEVEL SECURITY",
     "ALTER TABLE households_resident ENABLE ROW LEVEL SECURITY", WALLS, "the wall of households_resident is down"),
    ("ALTER TABLE matters_reporter NO FORCE ROW LEVEL SECURITY",
     "ALTER TABLE matters_reporter FORCE ROW LEVEL SECURITY", WALLS, "the wall of matters_reporter is not forced"),
    ("ALTER POLICY wall ON visits_visit USING (true)", None, WALLS, "the policy of visits_visit is not the declared"),
    ("ALTER POLICY wall ON visits_visit WITH CHECK (true)", None, WALLS, "the policy of visits_visit is not"),
    ("DROP POLICY wall ON matters_step", None, WALLS, "matters_step has lost its policy"),
    ("CREATE POLICY door ON notify_notice USING (true)", None, WALLS, "notify_notice has a second policy door"),
    ("CREATE POLICY door ON org_account USING (true)", None, WALLS, "org_account has a policy door that nobody"),
    (f"GRANT UPDATE ON journal_event TO {APP}", f"REVOKE UPDATE ON journal_event FROM {APP}", TABLES,
     "may UPDATE on journal_event, which it must not"),
    (f"GRANT INSERT ON journal_seal TO {APP}", f"REVOKE INSERT ON journal_seal FROM {APP}", TABLES,
     "may INSERT on journal_seal, which it must not"),
    (f"GRANT TRUNCATE ON visits_visit TO {APP}", f"REVOKE TRUNCATE ON visits_visit FROM {APP}", TABLES,
     "may TRUNCATE on visits_visit"),
    (f"REVOKE INSERT ON journal_event FROM {APP}", f"GRANT INSERT ON journal_event TO {APP}", TABLES,
     "may not INSERT on journal_event, which it needs"),
    (f"REVOKE SELECT ON matters_matter FROM {APP}", f"GRANT SELECT ON matters_matter TO {APP}", TABLES,
     "may not SELECT on matters_matter"),
    ("GRANT SELECT ON households_resident TO PUBLIC", "REVOKE SELECT ON households_resident FROM PUBLIC",
     TABLES, "every role may SELECT on households_resident"),
    (f"GRANT UPDATE (data) ON journal_event TO {APP}", f"REVOKE UPDATE (data) ON journal_event FROM {APP}",
     TABLES, "may UPDATE the column data of journal_event apart"),
    (f"GRANT UPDATE ON SEQUENCE org_area_id_seq TO {APP}", f"REVOKE UPDATE ON SEQUENCE org_area_id_seq FROM {APP}",
     TABLES, "may set the sequence org_area_id_seq"),
    (f"GRANT CREATE ON SCHEMA public TO {APP}", f"REVOKE CREATE ON SCHEMA public FROM {APP}", ROLE,
     "may create tables"),
    (f"ALTER ROLE {APP} BYPASSRLS", f"ALTER ROLE {APP} NOBYPASSRLS", ROLE, "has BYPASSRLS"),
    (f"GRANT {OWNER} TO {APP}", f"REVOKE {OWNER} FROM {APP}", ROLE, f"is a member of {OWNER}"),
    (f"ALTER TABLE households_tag OWNER TO {APP}", f"ALTER TABLE households_tag OWNER TO {OWNER}", "owners",
     f"table households_tag belongs to {APP}"),
    (f"ALTER FUNCTION core_stamp() OWNER TO {APP}", f"ALTER FUNCTION core_stamp() OWNER TO {OWNER}", "owners",
     f"function core_stamp() belongs to {APP}"),
    ("ALTER TABLE journal_event DISABLE TRIGGER refused", "ALTER TABLE journal_event ENABLE TRIGGER refused",
     CODE, "the trigger refused of journal_event is switched off"),
    ("DROP TRIGGER refused ON journal_seal", None, CODE, "the trigger refused of journal_seal is gone"),
    ("CREATE OR REPLACE TRIGGER inserted BEFORE UPDATE ON journal_event FOR EACH ROW EXECUTE FUNCTION "
     "journal_event_inserted()", None, CODE, "the trigger inserted of journal_event is not"),
    ("CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
     None, CODE, "the function journal_refuse is not the declared one"),
    ("ALTER FUNCTION core_stamp() SECURITY INVOKER", "ALTER FUNCTION core_stamp() SECURITY DEFINER",
     CODE, "the function core_stamp is not the declared one"),
    ("ALTER FUNCTION journal_seal_close SET search_path = public", None, CODE,
     "the function journal_seal_close is not the declared one"),
    ("ALTER FUNCTION core_stamp() RESET search_path", None, CODE, "the function core_stamp is not the declared one"),
    ("GRANT EXECUTE ON FUNCTION journal_seal_close TO PUBLIC", None, CODE, "every role may call journal_seal_close("),
]  # fmt: skip


@pytest.mark.fault(131)
def test_each_difference_is_told_in_its_row_with_the_statement_that_mends_it(broken: psycopg.Connection) -> None:
    assert unwell() == {}
    for broke, undo, kind, words in BREAKS:
        broken.execute(broke)
        found = unwell()
        assert kind in found, broke
        assert words in found[kind].seen, (broke, found[kind].seen)
        assert found[kind].mend, broke
        broken.execute(undo or found[kind].mend.removeprefix("As owner: "))
        broken.execute(f"GRANT ALL ON households_tag TO {OWNER}")
        broken.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON households_tag TO {APP}")
        broken.execute(f"GRANT EXECUTE ON FUNCTION core_stamp() TO {APP}")
        assert unwell() == {}, (broke, unwell())


@pytest.mark.fault(131)
def test_a_right_that_is_lacking_is_a_sentence_everywhere_and_no_traceback(broken: psycopg.Connection) -> None:
    for table in ("journal_event", "procrastinate_jobs", "core_release", "privacy_keyprint", "notify_outgoing"):
        broken.execute(f"REVOKE SELECT ON {table} FROM {APP}")
        try:
            found = examine()
        finally:
            broken.execute(f"GRANT SELECT ON {table} TO {APP}")
        told = {one.name: one for one in found if not one.well}
        assert any("permission denied" in one.seen for one in told.values()), table
        if "rights to tables" in {one.name for one in found}:
            assert f"may not SELECT on {table}" in told["rights to tables"].seen


@pytest.mark.fault(131)
def test_no_function_of_the_owner_is_called_by_every_role_and_those_of_its_rights_look_where_they_say(
    broken: psycopg.Connection,
) -> None:
    """As of a role for reports that somebody adds to the database: it could have sealed what it liked."""
    stated = declared().functions
    definers = {name for name, one in stated.items() if one.definer}
    assert definers >= {"journal_seal_leaves", "journal_seal_close", "core_stamp", "journal_event_inserted"}
    assert {stated[name].settings for name in definers} == {("search_path=pg_catalog, public, pg_temp",)}
    called = broken.execute(
        "SELECT proname, has_function_privilege('pg_monitor', oid, 'EXECUTE'), has_function_privilege(%s, oid, "
        "'EXECUTE') FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) = %s",
        [APP, OWNER],
    ).fetchall()
    assert definers <= {name for name, *_who in called}
    assert {tuple(who) for _name, *who in called} == {(False, True)}


@pytest.mark.fault(131)
def test_what_the_migrations_say_is_read_to_its_last_word(broken: psycopg.Connection) -> None:
    """Every wall, function of ours and trigger that is there was declared: nothing is overlooked in silence."""
    stated = declared()
    walled = {row[0] for row in broken.execute("SELECT relname FROM pg_class WHERE relrowsecurity").fetchall()}
    assert set(stated.walls) == walled
    triggers = broken.execute(
        "SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal "
        "AND relname NOT LIKE 'procrastinate%'"
    ).fetchall()
    assert set(stated.triggers) == set(triggers)
    ours = broken.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'procrastinate%'"
    ).fetchall()
    assert set(stated.functions) == {name for (name,) in ours}


def test_walls_as_a_backup_brings_them_back_are_the_declared_ones(broken: psycopg.Connection) -> None:
    """`pg_dump` writes the form in which a condition was kept, and of that PostgreSQL keeps another one."""
    walls = broken.execute(
        "SELECT polrelid::regclass::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) "
        "FROM pg_policy WHERE polname = 'wall'"
    ).fetchall()
    assert len(walls) > 20
    for table, seen, written in walls:
        broken.execute(f"DROP POLICY wall ON {table}")
        broken.execute(f"CREATE POLICY wall ON {table} USING ({seen}) WITH CHECK ({written})")
    assert WALLS not in unwell()


def test_many_differences_are_counted() -> None:
    found = differences_finding("walls", [Difference(f"wall {number}", "mend") for number in range(20)])
    assert (found.well, found.seen.count("\n"), found.mend) == (False, 12, "mend")
    assert found.seen.endswith("… and 8 more")
    assert differences_finding("walls", []).seen == "as declared"


# the address


@pytest.mark.fault(129)
def test_a_host_that_is_not_answered_is_named_in_the_log_and_by_doctor(
    db: None, caplog: pytest.LogCaptureFixture, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR = tmp_path
    monkeypatch.setattr(refusals, "_noted", set())
    for host in ("minqing.county.example", "minqing.county.example:8000", "10.32.1.7", "<script>", "x" * 300):
        assert Client().get("/healthz/", headers={"Host": host}).status_code == 400
    from minqing.config.logs import Scrub

    told = [record.getMessage() for record in caplog.records if Scrub().filter(record)]
    assert any("host minqing.county.example is not answered" in one and "MINQING_HOSTS" in one for one in told)
    assert not any("<script>" in one for one in told)
    assert refusals.refused_hosts()[:2] == ["minqing.county.example", "10.32.1.7"]
    assert "minqing.county.example, 10.32.1.7" in address().seen


@pytest.mark.fault(129)
def test_the_host_of_the_origin_is_answered_and_has_one_form(monkeypatch: pytest.MonkeyPatch) -> None:
    from pydantic import ValidationError

    from minqing.config.env import Env

    for given, origin, host in (
        ("https://MQ.County.example/", "https://mq.county.example", "mq.county.example"),
        ("https://mq.example:443", "https://mq.example", "mq.example"),
        ("http://10.32.1.7:8000", "http://10.32.1.7:8000", "10.32.1.7"),
        ("https://民情.example", "https://xn--feu74w.example", "xn--feu74w.example"),
        ("http://[FD00::1]:8000", "http://[fd00::1]:8000", "[fd00::1]"),
    ):
        monkeypatch.setenv("MINQING_ORIGIN", given)
        assert (Env().origin, Env().hosts[2:]) == (origin, [host])
    monkeypatch.setenv("MINQING_HOSTS", "b.example:8000, https://c.example, .d.example")
    assert Env().hosts[3:] == ["b.example", "c.example", ".d.example"]
    for wrong in (
        "mq.example",
        "https://",
        "https://mq.example/path",
        "ftp://mq.example",
        "https://a b",
        "http://x:99999",
    ):
        monkeypatch.setenv("MINQING_ORIGIN", wrong)
        with pytest.raises(ValidationError, match="nothing behind the host"):
            Env()


@pytest.mark.fault(129)
def test_a_running_server_that_refuses_the_address_is_noticed() -> None:
    class Strict(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.headers["Host"] == "good.example" else 400)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Strict)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert [refuses(server.server_port, host) for host in ("good.example", "bad.example")] == [False, True]
    finally:
        server.shutdown()
        server.server_close()
    assert not refuses(server.server_port, "good.example"), "nothing runs, nothing refuses"


@pytest.mark.fault(130)
def test_messages_without_an_address_are_no_clean_bill(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ORIGIN = "http://127.0.0.1:8000"
    monkeypatch.setattr(doctor_address, "refuses", lambda port, host: False)
    assert address().well
    assert "no plates and slips are printed" in address().seen
    from minqing.config.env import Env

    monkeypatch.setattr(Env, "carriers", lambda self: {"smtp_host": "mail.example"})
    assert "MINQING_ORIGIN" in address().mend
    assert not address().well
