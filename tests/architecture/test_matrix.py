"""Every address × twelve roles × three distances, and what no address may do. The table is in ``matrix.py``."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minqing.org.enums import Role
from minqing.org.models import Account, Area, Post
from tests.architecture.addresses import addresses
from tests.architecture.listening import listening
from tests.architecture.matrix import EXEMPT, EXEMPT_SPACES, LINES, MACHINES, Line
from tests.architecture.rows import each
from tests.cast import Cast, session_of

ROLES = ["visitor", *(role.value for role in Role)]
DISTANCES = ["own", "other", "far"]
NAMES = sorted(LINES)
READABLE = [name for name in NAMES if not LINES[name].post]
# the roles that may read a resident's own data, within reach; a reporter's also those who handle the matter
FIELD_ROLES = {"cadre", "village_secretary", "clerk"}
HANDLING = FIELD_ROLES | {"handler", "unit_head"}
SEES = {
    "cadre": {"own"},
    "village_secretary": {"own"},
    "clerk": {"own", "other"},
    "handler": {"own"},
    "unit_head": {"own"},
}
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP)\b", re.I)
# the session's end, the journal after the answer, and the count of wrong guesses at private links
AFTERWARDS = ("django_session", "journal_event", "doorstep_bucket")
HTMX = {"HX-Request": "true"}
# these take none
NO_DATA = {"healthz", "readyz", "metrics"}


def client(cast: Cast, role: str, **options: Any) -> Client:
    browser = Client(**options)
    if role != "visitor":
        browser.cookies[settings.SESSION_COOKIE_NAME] = cast.sessions.get(role) or session_of(cast.account(role))
    return browser


def clients(cast: Cast) -> dict[str, Client]:
    return {role: client(cast, role) for role in ROLES}


def area(cast: Cast, distance: str) -> Area:
    return {"own": cast.own, "other": cast.other, "far": cast.far}[distance]


def address(cast: Cast, name: str, line: Line, distance: str) -> str:
    return reverse(name, args=line.at(cast, area(cast, distance)) if line.at else ())


def ask(browser: Client, url: str, line: Line, **extra: Any) -> Any:
    return browser.post(url, **extra) if line.post else browser.get(url, dict(line.also), **extra)


def whoever_may(line: Line) -> str:
    """A role that finds the own object, else one that passes the gate."""
    if line.anyone:
        return "visitor"
    passing = [role for role in ROLES if role in line.roles]
    return next((role for role in passing if line.expected(role, "own") != 404), passing[0])


def exempt(name: str) -> bool:
    return name in EXEMPT or name.partition(":")[0] in EXEMPT_SPACES


def test_every_address_is_listed_and_every_listed_one_is_there() -> None:
    found = {one.name for one in addresses() if not exempt(one.name)}
    assert not found - set(LINES), "list them in tests/architecture/matrix.py: one line each"
    assert not set(LINES) - found, "listed, but gone"


def test_every_view_went_through_the_gate_with_the_roles_of_the_table() -> None:
    wrong = []
    for one in addresses():
        if exempt(one.name) or one.name not in LINES:
            continue
        line = LINES[one.name]
        if one.gate is None:
            wrong.append(f"{one.name}: decorate its view with org.access.page")
        elif one.gate.anyone != line.anyone or (not line.anyone and set(one.gate.roles) != set(line.roles)):
            wrong.append(f"{one.name}: open to {sorted(one.gate.roles)}, listed {sorted(line.roles)}")
    assert not wrong, "\n".join(wrong)


def distances(line: Line, role: str) -> list[str]:
    """Those that can make a difference: the gate sends ``role`` away before it looks for the object."""
    return DISTANCES if line.at and (line.anyone or role in line.roles) else DISTANCES[:1]


def addresses_of(cast: Cast, name: str) -> dict[str, str]:
    line = LINES[name]
    return {distance: address(cast, name, line, distance) for distance in (DISTANCES if line.at else DISTANCES[:1])}


@pytest.mark.fault(19)
@pytest.mark.fault(20)
@each(NAMES)
def test_each_role_gets_what_the_table_says_at_each_distance_and_sees_nothing_that_is_not_its_own(
    cast: Cast, name: str
) -> None:
    """Canaries lie in three areas; those beyond reach, and those a role has no right to, appear nowhere."""
    from tests.architecture.matrix import matter

    line = LINES[name]
    for distance in DISTANCES if not line.post else ():
        matter(cast, area(cast, distance))
    urls, wrong = addresses_of(cast, name), []
    for role, browser in clients(cast).items():
        for distance in distances(line, role):
            with listening() as heard:
                answer = ask(browser, urls[distance], line)
            got, wanted = answer.status_code, line.expected(role, distance)
            if got != wanted and not (line.post and wanted == line.ok and got in {200, 302, 204, 400, 409, 422}):
                wrong.append(f"{role} at {distance}: {got}, not {wanted}")
            if line.post:
                continue
            shown = [body(answer)]
            for asked in [{}, {"q": "CANARY"}] if "q" in heard.read else [{}]:
                # a refusal as a fragment is one sentence: tests/web
                if heard.htmx and got < 400:
                    shown.append(body(browser.get(urls[distance], {**line.also, **asked}, headers=HTMX)))
                if asked:
                    shown.append(body(browser.get(urls[distance], {**line.also, **asked})))
            wrong += [f"{role} is shown {found}" for one in shown for found in leaks(line, role, one)]
    assert not wrong, "\n".join(wrong)


def leaks(line: Line, role: str, shown: str) -> list[tuple[str, str]]:
    found = re.findall(r"CANARY-([A-Z]+)-([A-Z]+)", shown)
    return [(kind, distance) for kind, distance in found if not may_read(line, role, kind, distance)]


@each([name for name in NAMES if LINES[name].post])
def test_what_takes_post_alone_shows_nothing_on_get(cast: Cast, name: str) -> None:
    url = address(cast, name, LINES[name], "own")
    of_the_demo_alone = {404} if name.startswith("design:") else set()
    assert {browser.get(url).status_code for browser in clients(cast).values()} <= {405, 403, 302} | of_the_demo_alone


@each(READABLE)
def test_posting_is_refused_to_whom_the_page_is_refused(cast: Cast, name: str) -> None:
    line = LINES[name]
    urls = addresses_of(cast, name)
    for role, browser in clients(cast).items():
        for distance in distances(line, role):
            wanted = line.expected(role, distance)
            if wanted in {302, 403, 404}:
                # opened it leads on to the place beside the queue; sent without a word it says what is missing
                allowed = {wanted, 405} | ({422} if name == "routing:route" and wanted == 302 else set())
                assert browser.post(urls[distance]).status_code in allowed, (role, distance)


@pytest.mark.fault(35)
@each([name for name in [*NAMES, *(name for name in EXEMPT if name not in MACHINES)] if name not in NO_DATA])
def test_no_post_without_a_csrf_token(cast: Cast, name: str) -> None:
    line = LINES.get(name, Line(frozenset({"anyone"})))
    url = address(cast, name, line, "own")
    role = "operator" if name in EXEMPT and name != "account_login" else whoever_may(line)
    browser = client(cast, role, enforce_csrf_checks=True)
    for headers in ({}, HTMX):
        assert browser.post(url, headers=headers).status_code == 403, headers


@pytest.mark.fault(35)
@each(sorted(MACHINES), shares=1)
def test_what_other_systems_call_opens_to_no_session(cast: Cast, name: str) -> None:
    url = reverse(name, args=MACHINES[name])
    for role in ROLES:
        answer = client(cast, role, enforce_csrf_checks=True).post(url, {}, content_type="application/json")
        assert answer.status_code == 401, role


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8", "replace")) + str(answer.headers)


def may_read(line: Line, role: str, kind: str, distance: str) -> bool:
    right = HANDLING | line.coming if kind in {"NAME", "PHONE"} else FIELD_ROLES
    return role in right and distance.lower() in SEES.get(role, {"own"}) and kind != "IDNO"


@each(READABLE)
def test_looking_never_writes(cast: Cast, name: str) -> None:
    line = LINES[name]
    url = address(cast, name, line, "own")
    browser = client(cast, whoever_may(line))
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        browser.get(url, dict(line.also))
    wrote = [query["sql"] for query in captured if WRITES.match(query["sql"])]
    assert not [sql for sql in wrote if not any(table in sql for table in AFTERWARDS)]


@each(READABLE)
def test_head_is_answered_like_get(cast: Cast, name: str) -> None:
    line = LINES[name]
    url = address(cast, name, line, "own")
    browser = client(cast, whoever_may(line))
    shown, asked = browser.get(url, dict(line.also)), browser.head(url, dict(line.also))
    assert (asked.status_code, asked.content) == (shown.status_code, b"")


@pytest.mark.fault(21)
# that button changes just what is looked at here
@each([name for name in NAMES if name != "administration:switch_off"])
def test_keys_that_no_form_has_change_nothing(cast: Cast, name: str) -> None:
    line = LINES[name]
    url = address(cast, name, line, "own")
    before = standing(cast)
    extra = {
        "is_staff": "on", "is_superuser": "on", "is_active": "", "role": "operator", "roles": "operator",
        "area": str(cast.far.id), "area_id": str(cast.far.id), "state": "confirmed", "by": "system:test",
        "account": str(cast.account("operator").id), "closed_at": "2020-01-01", "unit_id": str(cast.bureau.id),
    }  # fmt: skip
    sent = line.data(cast) if line.data else {}
    client(cast, whoever_may(line)).post(url, {**extra, **sent})
    assert standing(cast) == before


def standing(cast: Cast) -> dict[str, Any]:
    """What those keys aim at: rights, posts, and what lies in the far township."""
    from minqing.households.models import Household
    from minqing.matters.models import Matter
    from minqing.visits.models import Visit

    with cast.everything():
        return {
            "rights": sorted(Account.objects.values_list("username", "is_active")),
            "posts": sorted(map(str, Post.objects.values_list("account", "role", "area", "unit"))),
            "households": sorted(map(str, Household.objects.values_list("id", "area_id", "closed_at"))),
            "far": [model.objects.filter(area=cast.far).count() for model in (Household, Matter, Visit)],
            "confirmed": Matter.objects.filter(state="confirmed").count(),
        }


def test_an_unknown_host_is_refused_everywhere(cast: Cast) -> None:
    for name in NAMES:
        url = address(cast, name, LINES[name], "own")
        assert client(cast, "cadre").get(url, headers={"Host": "evil.example"}).status_code == 400
