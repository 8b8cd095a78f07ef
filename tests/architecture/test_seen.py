"""Who changes what somebody else has changed since is shown that first: no last writer wins, whichever form it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.deadlines.models import Norm
from minqing.matters.enums import Move
from minqing.matters.forms.moves import FORMS
from minqing.matters.lifecycle import MOVES
from minqing.matters.models import Phrase, Step
from minqing.org.enums import Role
from minqing.routing.models import Route, RouteSet
from minqing.web.forms import OnceForm, SeenMixin
from tests.architecture.of_rooms import brought
from tests.architecture.tree import templates, text
from tests.cast import Cast, category, person
from tests.matters.lives import Life
from tests.pairs import overlapped

pytestmark = pytest.mark.fault(81)

# forms that add something new, or look something up: they change nothing that stands
ADDS = brought("ADDS").keys()


def forms_below(base: type) -> Iterator[type]:
    for one in base.__subclasses__():
        yield one
        yield from forms_below(one)


def test_every_form_that_is_sent_adds_or_carries_what_it_was_made_from() -> None:
    bare = {
        one.__name__
        for one in forms_below(OnceForm)
        if one.__module__.startswith("minqing.") and not issubclass(one, SeenMixin)
    }
    assert bare - ADDS == set(), "a form that changes something takes SeenMixin and says stands_at"


# hidden fields that say which of several forms on a page it is
NAMED = ("norm", "form", "kind")


@dataclass
class Change:
    """A page with a form, and what two people write into it."""

    what: str
    who: tuple[str, str]
    page: str
    post: str
    mine: dict[str, Any]
    theirs: dict[str, Any]
    shown: str


def fields_of(page: str, action: str, marker: str = "") -> dict[str, Any]:
    """What a browser would send of the form with that address, untouched."""
    for form in re.findall(r"<form\b.*?</form>", page, re.S):
        opening = form.split(">", 1)[0]
        given = re.search(r'action="([^"]*)"', opening)
        if (
            html.unescape(given[1] if given else action) != action
            or 'method="post"' not in opening
            or marker not in form
        ):
            continue
        found: dict[str, Any] = {}
        for tag in re.findall(r"<input\b[^>]*>", form):
            attrs = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
            kind = attrs.get("type", "text")
            if "name" not in attrs or (kind in {"checkbox", "radio"} and " checked" not in tag):
                continue
            found.setdefault(attrs["name"], []).append(
                attrs.get("value", "on" if kind in {"checkbox", "radio"} else "")
            )
        for name, body in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
            found[name] = [html.unescape(body.removeprefix("\n"))]
        for name, body in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
            chosen = re.findall(r'<option value="([^"]*)"[^>]* selected', body)
            first = re.findall(r'<option value="([^"]*)"', body)[:1]
            found[name] = [html.unescape(one) for one in chosen or first]
        return found
    raise AssertionError(f"no form for {action}")


def changes(cast: Cast) -> list[Change]:
    life = Life(cast)
    home = cast.household(number="H-77")
    one = cast.resident(home, "张桂芬", relation="head")
    received, at_work = cast.matter(), life.accepted()
    norm = Norm.objects.get(room="matters", way="immediate", kind="finish")
    clerks, cadres = ("clerk", "second_clerk"), ("cadre", "village_secretary")
    operators = ("operator", "operator")

    def move(matter: Any, verb: str) -> tuple[str, str]:
        return (reverse("matters:move", args=[matter.pk, verb]),) * 2

    edit, people = f"/households/{home.pk}/edit/", reverse("households:person", args=[one.pk])
    norms, ladder = reverse("deadlines:norms"), reverse("deadlines:ladder")
    names = reverse("localnames:names") + "?language=zh-hans"
    with cast.everything():
        reply = Phrase.objects.create(title="问候", text="您好", unit=cast.bureau, changed_at=clock.now())
    replies, handlers = reverse("matters:phrase", args=[reply.pk]), ("handler", "handler")
    draft = RouteSet.objects.create(area=cast.town, number=1, state="draft", made_by="x", made_at=clock.now())
    rule = Route.objects.create(
        set=draft, order=1, name="路灯", condition={"categories": ["road"]}, unit=cast.bureau, mark="x"
    )
    rules = reverse("routing:route_edit", args=[draft.pk, rule.pk])
    return [
        Change("assign", clerks, *move(received, "assign"), {"unit": str(cast.bureau.pk), "due_days": "5"},
               {"unit": str(cast.office.pk), "due_days": "3"}, "second_clerk"),
        Change("sort", clerks, *move(life.report(), "classify"), {"category": "road"}, {"category": "transport"}, ""),
        Change("transfer", clerks, *move(at_work, "transfer"), {"unit": str(cast.office.pk), "reason": "归服务办"},
               {"unit": str(cast.committee.pk), "reason": "归村里"}, "归服务办"),
        Change("household", cadres, edit, edit, {"address": "溪边路1号"}, {"address": "溪边路2号"}, "溪边路1号"),
        Change("person", cadres, people, people, {"name": "张桂芳"}, {"name": "张桂兰"}, "张桂芳"),
        Change("norm", operators, norms, norms, {"norm": str(norm.pk), "amount": "7"}, {"amount": "9"}, "7"),
        Change("ladder", operators, ladder, ladder, {"amount-head": "2"}, {"amount-head": "1"}, "2"),
        Change("pause", operators, ladder, ladder, {"form": "matters-season", "longest": "30"},
               {"longest": "40"}, "30"),
        Change("names", operators, names, names, {"kind": "state", "word-received": "新到"},
               {"word-received": "新来"}, "新到"),
        Change("phrase", handlers, replies, replies, {"text": "您好呀"}, {"text": "您好吗"}, "您好呀"),
        Change("rule", clerks, rules, rules, {"name": "路灯一"}, {"name": "路灯二"}, "路灯一"),
    ]  # fmt: skip


def test_the_second_of_two_who_change_the_same_is_shown_what_the_first_did(cast: Cast) -> None:
    category("road")
    category("transport")
    person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
    for one in changes(cast):
        first, second = (cast.client(who) for who in one.who)
        marker = next((f'name="{name}" value="{one.mine[name]}"' for name in NAMED if name in one.mine), "")
        opened = [fields_of(client.get(one.page).content.decode(), one.post, marker) for client in (first, second)]
        assert all(fields["seen"] for fields in opened), one.what
        mine, theirs = opened[0] | one.mine, opened[1] | one.theirs
        assert first.post(one.post, mine).status_code == 302, one.what
        # the same form once more is the first one's own
        assert first.post(one.post, mine).status_code == 302, one.what
        answer = second.post(one.post, theirs)
        page = html.unescape(answer.content.decode())
        assert answer.status_code == 409, one.what
        if one.shown and one.shown != "second_clerk":
            assert one.shown in page, one.what
        # what was typed is kept, and goes through once it was read what stands there
        again = fields_of(answer.content.decode(), one.post)
        assert again["seen"] != opened[1]["seen"], one.what
        assert second.post(one.post, again).status_code in {302, 403}, one.what


def test_a_remark_of_the_house_and_an_added_word_stand_beside_each_other(cast: Cast) -> None:
    assert {move for move in FORMS if MOVES[move].adds} == {
        Move.NOTE,
        Move.ACT,
        Move.REPORT,
        Move.REPLY_PART,
        Move.FOLLOW_UP,
    }
    matter = cast.matter()
    person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
    note, sort = (reverse("matters:move", args=[matter.pk, verb]) for verb in ("note", "classify"))
    category("road")
    typed, sorted_ = (fields_of(cast.client("clerk").get(one).content.decode(), one) for one in (note, sort))
    typed |= {"text": "一"}
    assert cast.client("second_clerk").post(note, {"request_id": str(new_id()), "text": "二"}).status_code == 302
    assert cast.client("clerk").post(note, typed).status_code == 302
    assert cast.client("clerk").post(sort, sorted_ | {"category": "road"}).status_code == 302
    with cast.everything():
        assert Step.objects.filter(matter=matter, move="note").count() == 2


def test_two_at_the_very_same_moment_are_one_after_the_other(committed_cast: Cast) -> None:
    with transaction.atomic():
        home = committed_cast.household(number="H-77")
    address = f"/households/{home.pk}/edit/"
    cadre, secretary = committed_cast.client("cadre"), committed_cast.client("village_secretary")
    opened = fields_of(cadre.get(address).content.decode(), address)

    def send(client: Any, text: str) -> Any:
        return lambda: client.post(address, opened | {"request_id": str(new_id()), "address": text}).status_code

    assert sorted(overlapped(send(cadre, "一号"), send(secretary, "二号"))) == [302, 409]


def test_what_oneself_did_or_time_brought_is_no_surprise_and_the_reporters_word_is(cast: Cast) -> None:
    life = Life(cast)
    client = cast.client("handler")

    def finishing(matter: Any) -> tuple[str, dict[str, Any]]:
        address = reverse("matters:move", args=[matter.pk, "finish"])
        page = client.get(reverse("matters:detail", args=[matter.pk])).content.decode()
        return address, fields_of(page, address) | {"reply": "已换新灯。", "outcome": "solved"}

    for who, verb, values in (
        ("handler", "note_progress", {"text": "我已到场"}),
        ("system", "escalate_matter", {}),
    ):
        matter = life.accepted()
        address, typed = finishing(matter)
        life.do(who, verb, matter, **values)
        assert client.post(address, typed).status_code == 302, verb
    matter = life.accepted()
    address, typed = finishing(matter)
    life.do("resident", "add_note", matter, text="又坏了一盏")
    answer = client.post(address, typed)
    assert answer.status_code == 409
    assert "又坏了一盏" in answer.content.decode()


# buttons alone that carry no version → why what stood on the page need not be known
UNSEEN = brought("UNSEEN")
FORM = re.compile(r"<form\b([^>{]*(?:\{[%{].*?[%}]\}[^>{]*)*)>(.*?)</form>", re.S)
FIELDS = re.compile(r"\{% field|fields\.html|<textarea|<select|type=\"(?!hidden)|<input(?![^>]*type=\"hidden\")")


# by the part for it, by the field, or by hand where the field's id would stand on the page several times
CARRIES = re.compile(r"press\.html|\.seen \}\}|name=\"seen\" value=\"\{\{")


def buttons() -> dict[str, list[str]]:
    """The names of the addresses to which a button alone is sent, with the markup of each such form."""
    found: dict[str, list[str]] = {}
    for path in templates().values():
        for opening, body in FORM.findall(text(path)):
            if 'method="post"' not in opening or FIELDS.search(body):
                continue
            for name in re.findall(r'\{% url "([^"]+)"', opening) or [path.name]:
                found.setdefault(name, []).append(body)
    return found


def test_a_button_is_pressed_on_what_stood_on_the_page_or_says_why_that_does_not_matter() -> None:
    bare = {name for name, bodies in buttons().items() if not all(CARRIES.search(body) for body in bodies)}
    assert bare - set(UNSEEN) == set(), "include web/parts/press.html, or say above why not"
    assert set(UNSEEN) - bare == set(), "gone, or carries it by now"
