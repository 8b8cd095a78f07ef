"""Each role at each move, through the page's own address: what the rule allows can be done, what it refuses cannot.

Nothing is listed by hand but the lives below: moves, states, roles and parts are those of the tables, and a new one
that no life here reaches fails the last lines of the test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.files.services import store_picture
from minqing.matters import rules
from minqing.matters.enums import Move, Party, State
from minqing.matters.forms.moves import FORMS
from minqing.matters.models import Evidence, Matter, Step
from minqing.matters.views.moves import extras
from minqing.org.enums import Role
from tests.architecture.forms import Offered, Page, invented
from tests.architecture.rows import each
from tests.cast import Cast
from tests.matters.lives import Life
from tests.matters.test_views import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88)]

# each line is a matter: who does what, with the values that the move needs; the unit is the first of the line
HAND = [("clerk", "assign_matter"), ("unit", "accept_matter")]
ASKED = [
    ("clerk", "assign_matter"),
    ("unit", "ask_part", "other"), ("other", "refuse_part"), ("unit", "ask_part", "third"), ("unit", "ask_extension"),
]  # fmt: skip
LIVES: dict[str, list[tuple[str, ...]]] = {
    "received": [],
    "contested": [*HAND, ("unit", "send_back_matter"), ("clerk", "assign_matter"), ("unit", "send_back_matter")],
    "assigned": [HAND[0]],
    "assigned, all asked": ASKED,
    "in hand": HAND,
    "taken": [*HAND, ("unit", "take_matter")],
    "in hand, all asked": [*ASKED, ("unit", "accept_matter")],
    "supervised": [*HAND, ("leader", "supervise_matter")],
    "waits": [*HAND, ("unit", "suspend_matter")],
    "waits, all asked": [*ASKED, ("unit", "accept_matter"), ("unit", "suspend_matter")],
    "waits, supervised": [*HAND, ("leader", "supervise_matter"), ("leader", "suspend_matter")],
    "answered": [*HAND, ("unit", "finish_matter")],
    "confirmed": [*HAND, ("unit", "finish_matter"), ("resident", "confirm_matter")],
    "withdrawn": [("resident", "withdraw_matter")],
    "declined": [("clerk", "decline_matter")],
    "merged": [("clerk", "merge_matter")],
}
UNITS = {
    "bureau": ("handler", "office"),
    "office": ("clerk", "committee"),
    "committee": ("village_secretary", "bureau"),
}
# what a unit does is the same whichever unit it is: only where posts of other roles are in it does it matter
WHERE = {"bureau": tuple(LIVES), "office": ("assigned", "in hand, all asked", "waits", "supervised"),
         "committee": ("assigned", "in hand, all asked", "waits", "supervised")}  # fmt: skip


def lived(life: Life, name: str, unit: str) -> Matter:
    """A matter brought through the moves of a line."""
    who, other = UNITS[unit]
    people = {"unit": who, "other": UNITS[other][0], "third": UNITS[UNITS[other][1]][0]}
    places = {"unit": unit, "other": other, "third": UNITS[other][1]}
    values: dict[str, Callable[[str], dict[str, Any]]] = {
        "assign_matter": lambda _: {"unit": getattr(life.cast, unit).pk, "due_days": 5},
        "send_back_matter": lambda _: {"reason": "不归我们", "proposed": getattr(life.cast, other).pk},
        "ask_part": lambda asked: {"unit": getattr(life.cast, places[asked]).pk, "task": "请核实"},
        "refuse_part": lambda _: {"reason": "不是我们", "proposed": getattr(life.cast, places["third"]).pk},
        "ask_extension": lambda _: {"days": 3, "reason": "等材料"},
        "supervise_matter": lambda _: {"order": "限期办结", "report_days": 2},
        "suspend_matter": lambda _: {"reason": "reporter", "until": later(), "text": "等一等"},
        "finish_matter": lambda _: {"reply": "已换新灯。"},
        "confirm_matter": lambda _: {"solved": True},
        "decline_matter": lambda _: {"reason": "属于供电公司"},
        "merge_matter": lambda _: {"cause": life.report()},
    }
    matter = life.report(at=None)
    for line in LIVES[name]:
        by, verb, *rest = line
        matter = life.do(people.get(by, by), verb, matter, **values.get(verb, lambda _: {})(rest[0] if rest else ""))
    return matter


def later() -> Any:
    from datetime import date

    return date.fromisoformat(invented("date", {}))


def offered(client: Client, matter: Matter) -> dict[Move, Offered]:
    """The forms that stand on the page, and those that its links open."""
    here = reverse("matters:detail", args=[matter.pk])
    page = Page(client.get(here).content.decode())
    links = {link for link in page.links if link.startswith(f"{here}moves/")}
    opened = [form for link in sorted(links) for form in Page(client.get(link).content.decode()).forms]
    forms = [form for form in (*page.forms, *opened) if form.action.startswith(f"{here}moves/")]
    named = {Move(form.action.removeprefix(f"{here}moves/").strip("/")): form for form in forms}
    assert {Move(link.removeprefix(f"{here}moves/").strip("/")) for link in links} <= set(named), "a link to no form"
    return named


def any_values(matter: Matter, move: Move) -> dict[str, Any]:
    """What somebody would send to whom the form is not shown."""
    html = str(FORMS[move](**extras(matter)))
    return Page(f"<form>{html}</form>").forms[0].filled({"request_id": str(new_id())})


def sent(
    cast: Cast, client: Client, matter: Matter, address: str, values: dict[str, Any], *, twice: bool = False
) -> tuple[int, int, str, str]:
    """Status, how many steps it made, what a second time did amiss, and the page; then it is as if it had not been.

    ``twice``: what was done is sent again, as by a double tap: the same answer, and nothing more (fault 67).
    """

    def steps() -> int:
        with cast.everything():
            return Step.objects.count()

    amiss = ""
    with transaction.atomic():
        before = steps()
        answer = client.post(address, values)
        made = steps() - before
        if twice and answer.status_code == 302:
            again = client.post(address, values)
            more = steps() - before - made
            if (again.status_code, more) != (302, 0):
                amiss = f"answers {again.status_code} and makes {more} more steps: {said(again.content.decode())}"
        transaction.set_rollback(True)
    return answer.status_code, made, amiss, answer.content.decode()


def said(page: str) -> str:
    """What the page says is wrong."""
    return " ".join(re.findall(r"<li><a href=\"#[^<]*</a>[^<]*|<h1[^<]*<", page))[:300]


WHO = {role: who for who, role in [
    ("cadre", Role.CADRE), ("village_secretary", Role.VILLAGE_SECRETARY), ("clerk", Role.CLERK),
    ("handler", Role.HANDLER), ("unit_head", Role.UNIT_HEAD), ("leader", Role.LEADER), ("analyst", Role.ANALYST),
]}  # fmt: skip


def all_lives(cast: Cast) -> tuple[Life, dict[tuple[str, str], Matter]]:
    """A matter of each line, by the unit that has it and the name of the line."""
    life = Life(cast)
    return life, {(unit, name): lived(life, name, unit) for unit, names in WHERE.items() for name in names}


@each(list(WHO), shares=4, laid=all_lives)
def test_a_role_can_make_the_moves_that_its_pages_offer_and_no_others(
    lives: tuple[Life, dict[tuple[str, str], Matter]], role: Role
) -> None:
    life, matters = lives
    cast = life.cast
    client, actor = cast.client(WHO[role]), cast.actor(WHO[role])
    done: set[Move] = set()
    refused: set[Move] = set()
    seen: set[State] = set()
    wrong: list[str] = []
    for unit, names in WHERE.items():
        for name in names:
            matter = life.now(matters[unit, name])
            situation = matter.situation
            if not rules.sees(actor, situation):
                continue
            if unit != "bureau" and rules.parties(actor, situation).isdisjoint({Party.UNIT, Party.SUPPORT}):
                # for whoever is of none of the units it is the same again
                continue
            seen.add(State(matter.state))
            shown = offered(client, matter)
            allowed = {move for move in FORMS if rules.may(move, actor, situation)}
            wrong += [f"{name}, {unit}: offered against the rule: {move}" for move in set(shown) - allowed]
            other = life.report()
            for move, form in shown.items():
                values = form.filled({"number": other.number})
                status, made, again, page = sent(cast, client, matter, form.action, values, twice=move not in done)
                if status != 302 or made < 1:
                    wrong.append(f"{name}, {unit}: {move} is offered and answers {status}: {said(page)}")
                elif again:
                    wrong.append(f"{name}, {unit}: {move}, tapped twice, {again}")
                done.add(move)
            # an address is there for every move: once for each it is tried without the form
            for move in set(FORMS) - set(shown) - refused:
                address = reverse("matters:move", args=[matter.pk, move.value])
                with cast.everything():
                    values = any_values(matter, move) | ({"number": other.number} if move is Move.MERGE else {})
                status, made, _again, _page = sent(cast, client, matter, address, values)
                if status < 400 or made:
                    wrong.append(f"{name}, {unit}: {move} is not offered, and yet done ({status})")
                refused.add(move)
    assert not wrong, "\n".join(wrong)
    may = {move for move in FORMS if role in rules.movers(move)}
    assert done == may, f"no life above brings {role} to {sorted(may - done)}; beyond the table: {sorted(done - may)}"
    assert seen == set(State) or role in {Role.HANDLER, Role.UNIT_HEAD}, f"no life is in {set(State) - seen}"


def test_who_reads_a_matter_sees_its_photos(cast: Cast) -> None:
    """Those sent with the report and those of its steps, as thumbnails and in full."""
    life = Life(cast)
    matter = lived(life, "answered", "bureau")
    with cast.everything() as by:
        for step in (None, Step.objects.filter(matter=matter, move=Move.FINISH.value).get()):
            kept = store_picture(id=new_id(), upload=jpeg(), name="home.jpg", by=by)
            Evidence.objects.create(matter=matter, attachment=kept, step=step)
    for role in Role:
        client = cast.client(role.value)
        answer = client.get(reverse("matters:detail", args=[matter.pk]))
        shown = [one for one in Page(answer.content.decode()).pictures if "/pictures/" in one]
        assert len(shown) == (2 if answer.status_code == 200 else 0), role
        for picture in shown:
            assert client.get(picture).status_code == client.get(picture.partition("?")[0]).status_code == 200, role
