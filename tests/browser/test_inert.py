"""Harmful texts in every field that somebody can fill, and the pages of every role, in a real browser.

A text is inert when no script of it runs, nothing of it becomes an element or an attribute, the content security
policy has nothing to stop (``open_page`` fails on any console error), and no long word pushes a page off a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import digest, new_id, random_token
from minqing.files.models import Attachment
from minqing.files.services import store_picture
from minqing.hazards.models import Hazard
from minqing.households.models import Household, Resident, Tag, TagGrant
from minqing.intake.models import ImportRun
from minqing.matters.models import Confirmation, Evidence, Matter, Reporter, Step
from minqing.matters.tickets import ticket_of
from minqing.org.models import Account, Area, Post, Unit
from minqing.visits.models import DiaryEntry, Visit, VisitHazard, VisitPhoto
from minqing.visits.services import assign_household
from tests.browser.server import sign_in
from tests.cast import Cast
from tests.files.pictures import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.fault(36)]

LONG = "W" * 70
PAYLOADS = (
    "<script>ran=1</script>",
    "<img src=x onerror=ran=1>",
    '"><b data-ran onclick=ran=1>',
    "'onfocus=ran=1 autofocus x='",
    "</script><script>ran=1</script>",
    "<svg/onload=ran=1 data-ran>",
    "<a href=javascript:ran=1>a</a>",
    "{{7*7}}{%debug%}${7*7}",
    "=cmd|'/C calc'!A0",
    "\u202egnp.exe\u202c",
    '","x":"</title><b data-ran>',
    "</textarea></option><b data-ran>",
    "javascript:ran=1//",
    "<b data-ran hx-get=/ hx-trigger=load>",
    "<iframe srcdoc='<script>ran=1</script>'>",
)
# what a payload would have left behind, had it been taken for anything but text
HARM = """() => {
  const found = [];
  if (window.ran !== undefined) found.push("a script ran");
  for (const one of document.querySelectorAll("[data-ran], iframe, img[src='x'], base, object, embed"))
    found.push(one.outerHTML.slice(0, 80));
  for (const one of document.querySelectorAll("*"))
    for (const {name, value} of one.attributes)
      if (name.startsWith("on") || (/^(href|src|action|formaction)$/.test(name) && /^\\s*javascript:/i.test(value)))
        found.push(`${one.tagName} ${name}=${value.slice(0, 60)}`);
  return found;
}"""
# the elements that stick out, if the page can be pushed sideways
TOO_WIDE = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > page.clientWidth)
    .map(one => `${one.tagName}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`);
}"""
Shown = Callable[[str], Any]


class Corpus:
    """Gives each field other payloads than the last, as many as fit, the longest unbroken word among them."""

    def __init__(self) -> None:
        self.turn: Iterator[str] = cycle(PAYLOADS)

    def __call__(self, length: int = 600) -> str:
        text = f"{LONG} " if length >= 150 else ""
        while True:
            payload = next(self.turn)
            if len(payload) > length:
                continue
            if len(text) + len(payload) > length:
                return text or payload
            text += payload

    def unbroken(self, length: int) -> str:
        return (next(p for p in self.turn if len(p) < length) + "W" * length)[:length]


@pytest.fixture
def planted(committed_cast: Cast, tmp_path: Path) -> dict[str, Any]:
    """Every text field of every room holds payloads; the addresses of what they lie in."""
    cast, bad = committed_cast, Corpus()
    with transaction.atomic():
        organisation(cast, bad)
        home, person = household(cast, bad)
        found: dict[str, Any] = {"home": home.id, "resident": person.id}
        with cast.everything():
            found |= {"run": run(cast, bad).id, **matters(cast, bad, home), **visits(cast, bad, home)}
        found["door"] = cast.code(home, random_token())
    return found


def organisation(cast: Cast, bad: Corpus) -> None:
    for model, fields in (
        (Area, {"name": 60}),
        (Unit, {"name": 80, "phone": 30}),
        (Account, {"name": 60}),
        (Post, {"title": 60}),
    ):
        for row in model._default_manager.all():
            for name, length in fields.items():
                setattr(row, name, bad.unbroken(length) if name == "name" else bad(length))
            row.save(update_fields=list(fields))


def household(cast: Cast, bad: Corpus) -> tuple[Household, Resident]:
    home = cast.household(number="<b data-ran>&'\"{{7*7}}H-1", address=bad(200), note=bad())
    person = cast.resident(home, bad.unbroken(60), relation="head", phone="<b data-ran>", identity_number=bad(60))
    with cast.everything():
        tag = Tag.objects.filter(retired=False, sensitive=False).order_by("code").first()
        TagGrant.objects.create(
            household=home, resident=person, area=home.area, tag=tag, reason=bad(200), source="visit",
            granted_by="system:test", granted_at=clock.now(), expires_on=clock.today() + timedelta(days=9),
        )  # fmt: skip
        secretary = cast.actor("village_secretary")
        assign_household(household=home, account_id=cast.account("cadre").id, every_days=90, by=secretary)
    return home, person


def matters(cast: Cast, bad: Corpus, home: Household) -> dict[str, Any]:
    """One that waits at the clerk's, one in hand, one answered that waits for the reporter's word."""
    given = {"household": home, "place": bad(200), "outside_number": None}
    waiting = cast.matter(title=bad(200), text=bad(), **given)
    assigned = {"lead_unit": cast.bureau, "assigned_at": clock.now()}
    in_hand = cast.matter(title=bad.unbroken(200), text=bad(), state="accepted", **assigned, **given)
    answered = cast.matter(title=bad(200), text=bad(), state="finished", finished_at=clock.now(), **assigned, **given)
    Matter.objects.filter(id=in_hand.id).update(outside_number=bad(60))
    Matter.objects.filter(id=answered.id).update(ticket=digest(ticket_of(answered.id)))
    picture = attachment(cast, bad)
    for one in (in_hand, answered):
        Reporter.objects.create(matter=one, name=bad(60), phone=bad(60))
        for move, state in (("receive", "received"), ("act", "accepted"), ("finish", "finished")):
            step = Step.objects.create(
                matter=one, move=move, state=state, at=clock.now(), by="system:test", by_name=bad(60),
                unit=cast.bureau, text=bad(),
            )  # fmt: skip
        Evidence.objects.create(matter=one, step=step, attachment=picture)
        Confirmation.objects.create(
            id=new_id(), matter=one, answered=True, solved=False, satisfaction=1, text=bad(), at=clock.now(), by="x"
        )
    return {"waiting": waiting.id, "in_hand": in_hand.id, "ticket": ticket_of(answered.id), "picture": picture.id}


def attachment(cast: Cast, bad: Corpus) -> Attachment:
    import io

    kept = store_picture(id=new_id(), upload=io.BytesIO(jpeg((80, 60))), name="a.jpg", by=cast.actor("cadre"))
    Attachment.objects.filter(id=kept.id).update(name=bad(100) + ".jpg")
    return kept


def visits(cast: Cast, bad: Corpus, home: Household) -> dict[str, Any]:
    visit = Visit.objects.create(
        household=home, area=home.area, account=cast.account("cadre"), visited_at=clock.now(), recorded_at=clock.now()
    )
    DiaryEntry.objects.create(visit=visit, area=home.area, text=bad(), met_people=bad(120))
    found = Hazard.objects.create(
        number=f"HZ{new_id().hex[-8:]}", area=home.area, household=home, words=bad(200), severity="ordinary",
        charge="owner", state="found", found_by=visit.account, found_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip
    VisitHazard.objects.create(visit=visit, area=home.area, hazard=found)
    VisitPhoto.objects.create(visit=visit, area=home.area, attachment=attachment(cast, bad))
    return {"visit": visit.id}


def run(cast: Cast, bad: Corpus) -> ImportRun:
    clerk = cast.account("clerk")
    problem = {"row": 2, "column": bad(60), "value": bad(100), "text": bad(100)}
    mapping = {"columns": [[bad(60), bad(60)]], "unknown": [bad(60)], "missing": [bad(60)], "warnings": [bad()]}
    return ImportRun.objects.create(
        kind="households", state="checked", name=bad(110) + ".csv", stored="x", sha256="0" * 64, by=clerk.id,
        post=cast.actor("clerk").post, by_name=bad(120), made_at=clock.now(), total_rows=2, problem_rows=1,
        problems=[problem], mapping=mapping, message=bad(300),
    )  # fmt: skip


@pytest.fixture
def shown(open_page: Any) -> Callable[..., Shown]:
    """``shown("clerk")`` signs in on a phone and gives a function that opens a page and looks for harm."""

    def visitor(role: str = "") -> Shown:
        page = open_page("phone")
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        if role:
            sign_in(page, role)

        def look(path: str) -> Any:
            answer = page.goto(path, wait_until="load")
            assert answer.ok, (role, path, answer.status)
            inert(page, f"{role} {path}", dialogs)
            return page

        return look

    return visitor


def inert(page: Any, where: str, dialogs: Sequence[str]) -> None:
    assert page.evaluate(HARM) == [], where
    assert dialogs == [], where
    assert page.evaluate(TOO_WIDE) == [], where


def test_nothing_that_people_write_becomes_more_than_text_for_those_who_walk(
    planted: dict[str, Any], shown: Callable[..., Shown]
) -> None:
    look, here = shown("cadre"), planted
    home = f"/households/{here['home']}"
    for path in (
        "/", "/me", "/households/", f"{home}/", f"{home}/edit/", f"{home}/tags/", f"{home}/code/",
        f"/households/people/{here['resident']}/", f"/households/people/{here['resident']}/move/", "/visits/",
        f"/visits/{here['visit']}/", f"/visits/new/{here['home']}/", "/matters/", f"/matters/{here['in_hand']}/",
        "/matters/new/", f"/matters/?text={PAYLOADS[2]}&state={PAYLOADS[3]}", f"/visits/?area={PAYLOADS[1]}",
    ):  # fmt: skip
        look(path)
    page = look("/")
    page.fill("#find", PAYLOADS[2])
    page.keyboard.press("Enter")
    page.wait_for_url("**/households/search/")
    inert(page, "search", [])


def test_nothing_that_people_write_becomes_more_than_text_for_those_who_sort_and_lead(
    planted: dict[str, Any], shown: Callable[..., Shown]
) -> None:
    here = planted
    clerk = shown("clerk")
    for path in ("/", "/matters/triage/", f"/matters/triage/{here['waiting']}/", f"/matters/{here['waiting']}/",
                 "/imports/", f"/imports/{here['run']}/", "/visits/care/"):  # fmt: skip
        page = clerk(path)
    page = clerk(f"/matters/{here['in_hand']}/")
    page.get_by_role("button", name="查看反映人").click()
    page.locator("#reporter a").wait_for()
    inert(page, "reporter", [])
    secretary = shown("village_secretary")
    for path in ("/", f"/households/{here['home']}/", "/households/plates/", "/visits/care/"):
        secretary(path)
    leader = shown("leader")
    for path in ("/leader/", "/matters/", f"/matters/{here['in_hand']}/", "/visits/"):
        leader(path)
    handler = shown("handler")
    for path in ("/", "/matters/", f"/matters/{here['in_hand']}/"):
        handler(path)


def test_nothing_that_people_write_becomes_more_than_text_for_the_operator_and_residents(
    planted: dict[str, Any], committed_cast: Cast, shown: Callable[..., Shown]
) -> None:
    cast, operator = committed_cast, shown("operator")
    operator("/")
    for path in (
        "/operator/", "/operator/areas/", "/operator/units/", "/operator/people/", f"/operator/areas/{cast.own.id}/",
        f"/operator/areas/{cast.own.id}/rename/", f"/operator/units/{cast.bureau.id}/",
        f"/operator/people/{cast.account('cadre').id}/", f"/operator/units/?q={PAYLOADS[2]}",
    ):  # fmt: skip
        operator(path)
    resident = shown()
    door, matter = f"/h/{planted['door']}", f"/m/{planted['ticket']}"
    for path in (door, f"{door}/report", f"{door}/cadre", matter, f"{matter}/thanks", "/follow", "/h/check",
                 f"{matter}/photos/{planted['picture']}"):  # fmt: skip
        resident(path)
