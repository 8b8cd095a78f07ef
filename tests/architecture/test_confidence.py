"""What was told in confidence reaches nobody who may not read it: in every state, by every page, sheet and call."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters import notifications
from minqing.matters.enums import State
from minqing.matters.models import Matter
from minqing.matters.tickets import ticket_of
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import job
from minqing.org.enums import UnitKind
from minqing.org.models import Unit
from minqing.partners.queries.hooks import body_for, endpoints_for
from minqing.privacy.access import acting_as
from minqing.publications.forms import OpenForm
from minqing.publications.queries.opened import published
from minqing.publications.services import prepare_publication
from tests.api.conftest import Caller
from tests.architecture.test_crawl import Walk
from tests.cast import Cast, category, signed_in
from tests.matters.lives import Life
from tests.matters.test_doors import LIVES, lived
from tests.matters.test_printing import told_by
from tests.partners.conftest import endpoint_of, partner_of

pytestmark = [pytest.mark.django_db, pytest.mark.fault(78)]

MARK = "CANARY"
# in the village, in another one, in another township, and who counts, keeps or looks on without reading
ELSEWHERE = (
    "cadre", "other_cadre", "far_cadre", "far_clerk", "village_secretary", "volunteer", "analyst", "liaison", "auditor",
    "operator",
)  # fmt: skip
WORDS = frozenset({"text", "reason", "note", "reply", "task", "order"})


class Confiding(Life):
    """Whatever is reported is told in confidence, and every word that is said of it bears the mark.

    ``beside`` are open matters that came to stand under each before there was a wall.
    """

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.home = cast.household()
        self.beside: list[Matter] = []
        self.secret: list[Matter] = []
        self.joins = True
        # a unit that is asked to join reads it: here that is none of whose people the tests look through
        self.asked = Unit.objects.create(code="U9", name="市妇联", kind=UnitKind.BUREAU, area=cast.city)

    def report(self, **values: Any) -> Matter:
        said = {
            "title": f"{MARK}-TITLE 路灯坏了", "text": f"{MARK}-TEXT 村口路灯坏了，李四家。", "place": f"{MARK}-PLACE",
            "reporter_name": f"{MARK}-NAME", "reporter_phone": "13912345678", "contact": f"{MARK}-CONTACT",
            "household_id": self.home.pk, "category_code": "road", "confidential": True,
        }  # fmt: skip
        matter = super().report(**said | values)
        self.secret.append(matter)
        if self.joins:
            child = super().report(household_id=self.home.pk, category_code="road", at=None)
            with self.cast.everything():
                Matter.objects.filter(pk=child.pk).update(state=State.MERGED.value, cause=matter)
            self.beside.append(child)
        return matter

    def do(self, who: str, verb: str, matter: Matter, **values: Any) -> Matter:
        if verb == "confirm_matter":
            values["text"] = "谢谢"
        if verb == "ask_part" and values["unit"] == self.cast.committee.pk:
            values["unit"] = self.asked.pk
        apart = {"reason"} if verb == "suspend_matter" else set()
        marked = {name: f"{MARK}-{verb} {value}" if name in WORDS - apart else value for name, value in values.items()}
        return super().do(who, verb, matter, **marked)


@pytest.fixture
def told(cast: Cast) -> Confiding:
    """One of each line of the table of lives, and each notice of them written."""
    category("road")
    life = Confiding(cast)
    for name in LIVES:
        # two that are put together are both told in confidence, or it is refused: tests/matters/test_merging.py
        life.joins = name != "merged"
        lived(life, name, "bureau")
    for event in Event.objects.filter(type__in=notifications.EVENTS).order_by("seq"):
        notifications.notify(event)
    return life


class Ear(Client):
    """A browser that remembers all that it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str]] = []

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        if answer.streaming:
            answer.streaming_content = [b"".join(answer.streaming_content)]
            content = b"".join(list(answer.streaming_content))
            answer.streaming_content = [content]
        else:
            content = answer.content
        self.heard.append((f"{request['REQUEST_METHOD']} {request['PATH_INFO']}", "\n".join(read(content))))
        return answer

    @property
    def leaks(self) -> list[str]:
        return [f"{address}: {around(text)}" for address, text in self.heard if MARK in text]


def read(content: bytes) -> Iterator[str]:
    """A page as it is, of a workbook or a document each of its parts."""
    if content[:2] != b"PK":
        yield content.decode(errors="replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        yield from (packed.read(name).decode(errors="replace") for name in packed.namelist())


class Reading(Walk):
    """Opens all that is offered but the printed papers: the same words are in the page and in the document."""

    def look(self, url: str, came_from: str) -> Iterator[tuple[str, str]]:
        return iter(()) if urlsplit(url).path.endswith(".pdf") else super().look(url, came_from)


def around(text: str) -> str:
    at = text.index(MARK)
    return " ".join(text[max(0, at - 60) : at + 60].split())


def heard_by(told: Confiding, role: str) -> Ear:
    """Whatever somebody of that role is shown who opens all that is offered and types what is not."""
    ear = signed_in(Ear(), told.cast.people[role])
    walk = Reading(ear)
    for start in ("/", "/matters/", "/notices/", f"/households/{told.home.pk}/", f"/visits/new/{told.home.pk}/"):
        walk.from_page(start)
    for matter in told.secret:
        # what no link leads to may be typed
        for tail in ("", "similar/", "sheet.docx", "publication/"):
            ear.get(f"/matters/{matter.pk}/{tail}")
        for paper in ("sheet.pdf", "slip.pdf"):
            assert ear.get(f"/matters/{matter.pk}/{paper}").status_code >= 400, (role, paper)
    ear.post("/matters/export/", {"request_id": str(new_id()), "purpose": "meeting", "query": ""})
    for typed in (MARK.lower(), "李四", "路灯坏了"):
        ear.get("/matters/", {"text": typed})
    ear.post(
        "/matters/similar/", {"title": "路灯坏了", "text": "村口路灯坏了，李四家。", "area": str(told.cast.own.pk)}
    )
    return ear


def test_no_page_table_or_sheet_of_who_may_not_read_it_holds_a_word_of_it(told: Confiding) -> None:
    for role in ELSEWHERE:
        # nobody's counters, and nothing that was asked for, are the next one's
        cache.clear()
        with transaction.atomic():
            ear = heard_by(told, role)
            transaction.set_rollback(True)
        assert len(ear.heard) > 20, role
        assert not ear.leaks, "\n".join([role, *ear.leaks])


def test_no_page_of_another_reporter_of_the_household_or_of_the_public_holds_a_word_of_it(told: Confiding) -> None:
    ear = Ear()
    walk = Reading(ear)
    token = told.cast.code(told.home)
    for start in (f"/h/{token}", f"/h/{token}/cadre", "/open/", "/follow"):
        walk.from_page(start)
    for child in told.beside:
        # each of its own: the walk takes one for all
        ear.get(f"/m/{ticket_of(child.pk)}")
        ear.get(f"/m/{ticket_of(child.pk)}/thanks")
    ear.get("/open/", {"text": "路灯坏了"})
    ear.get("/open311/requests.json")
    assert not ear.leaks, "\n".join(ear.leaks)
    words = [text for child in told.beside for _move, text in told.read_outside(child)]
    assert any(words), "what is told to the others is told without the words"
    assert MARK not in " ".join(words)


def test_none_is_published_in_whatever_state(told: Confiding) -> None:
    clerk = told.cast.actor("clerk")
    texts = {"title": "路灯", "question": "一处路灯不亮。", "answer": "换了新灯。"}
    states = set()
    for matter in map(told.now, told.secret):
        states.add(State(matter.state))
        with acting_as(clerk), pytest.raises(DomainError):
            prepare_publication(id=new_id(), matter=matter, by=clerk, **texts)
    assert states == set(State)
    assert not published(OpenForm({}).wanted()).exists()


def test_no_notice_message_event_or_call_of_another_system_holds_a_word_of_it(told: Confiding) -> None:
    with acting_as(job()):
        written = str([*Notice.objects.values(), *Outgoing.objects.values()])
        assert Notice.objects.exists()
    assert MARK not in written
    partner = partner_of(told.cast, "brain", area=told.cast.city, unit=None)
    endpoint_of(partner, "http://127.0.0.1:9/hook")
    bodies = []
    with told.cast.everything():
        matters = {f"matter:{one.pk}": one for one in Matter.objects.select_related("area", "lead_unit")}
        for event in Event.objects.filter(type__startswith="matters."):
            matter = matters.get(event.subject)
            if matter is not None:
                bodies.append(body_for(partner, event, matter))
                assert matter.confidential <= (not endpoints_for(event, matter)), event.type
    assert bodies
    assert MARK not in json.dumps(bodies, ensure_ascii=False)
    assert MARK not in str(list(Event.objects.values("subject", "data")))
    caller = Caller(told.cast, "watcher", area=told.cast.city, unit=None)
    answers = [caller.get("/matters", limit=200), caller.get("/matters", text="路灯坏了"), caller.get("/figures")]
    answers += [caller.get(f"/matters/{one.pk}") for one in told.secret]
    assert MARK not in " ".join(answer.content.decode() for answer in answers)


def test_whoever_decides_on_it_reads_it(told: Confiding) -> None:
    """Else the tests above would find nothing because nothing is there."""
    ear = signed_in(Ear(), told.cast.people["leader"])
    for matter in told.secret:
        ear.get(f"/matters/{matter.pk}/")
        ear.get(f"/matters/{matter.pk}/sheet.docx")
    assert len(ear.leaks) == 2 * len(told.secret)


def test_what_the_printed_sheet_says_stands_in_the_document_too(cast: Cast) -> None:
    """That is why the tests above read the document alone, which takes a hundredth of the time."""
    category("road")
    life = Confiding(cast)
    life.joins = False
    matter = life.report(at=None)
    leader = cast.client("leader")
    printed, document = (leader.get(f"/matters/{matter.pk}/sheet.{kind}").content for kind in ("pdf", "docx"))
    marked = set(re.findall(f"{MARK}-[A-Z]+", told_by(printed)))
    assert marked
    assert marked <= set(re.findall(f"{MARK}-[A-Z]+", "\n".join(read(document))))
