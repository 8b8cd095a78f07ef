"""Each role at each act beside the moves of matters, through its own page: offered is allowed is done, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.exports import rules as exporting
from minqing.exports.enums import Purpose as ExportPurpose
from minqing.exports.enums import State as ExportState
from minqing.exports.models import ExportRequest
from minqing.households import rules as household_rules
from minqing.households.enums import Purpose
from minqing.households.models import Household, Resident, TagGrant
from minqing.matters.enums import State
from minqing.visits import rules as visit_rules
from minqing.visits.services import assign_household
from tests.architecture.acts import exports
from tests.architecture.matrix import grant
from tests.architecture.of_rooms import brought
from tests.architecture.offers import Scene, walk
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.fault(88), pytest.mark.fault(93)]
Rule = Callable[[Actor], Any]
DIARY = {"visited_on": "", "met_people": "邻居", "sent_at": ""}


def in_own(cast: Cast, rule: Callable[[Actor, int], Any]) -> Rule:
    return lambda actor: rule(actor, cast.own.id)


def file(cast: Cast) -> Scene:
    """A household with one person and one tag; another one stands without a code."""
    (key,) = grant(cast, cast.own)
    with cast.everything():
        home = TagGrant.objects.get(pk=key).household
        person = Resident.objects.get(household=home)
    there = cast.household(number="H-90002")
    change, issue = in_own(cast, household_rules.may_change), in_own(cast, household_rules.may_issue_codes)
    named = {"name": "张桂芬", "phone": "", "identity_number": "", "born_on": "1970-01-01"}
    own = {name: reverse(f"households:{name}", args=[home.pk]) for name in ("edit", "person_add", "code", "tags")}
    of_person = {name: reverse(f"households:{name}", args=[person.pk]) for name in ("person", "person_move")}
    pages = [reverse("households:add"), reverse("households:plates"), reverse("households:file", args=[home.pk])]
    return Scene(
        pages=[*pages, *own.values(), *of_person.values()],
        acts={
            ("households:add",): change,
            ("households:plates",): issue,
            ("households:code", str(home.pk)): issue,
            **{(f"households:{name}", str(home.pk)): change for name in ("edit", "person_add", "tags")},
            **{(f"households:{name}", str(person.pk)): change for name in ("person", "person_move", "person_left")},
            ("households:tag_revoke", str(key)): change,
            **{("households:reveal", str(person.pk), what): change for what in ("phone", "identity")},
        },
        filled={
            "households:add": {"number": "H-90001"},
            "households:edit": {"address": "溪边路9号"},
            "households:person_add": named,
            "households:person": named,
            "households:person_move": {"number": there.number},
            "households:reveal": {"purpose": next(iter(Purpose)).value},
        },
    )


def empty_file(cast: Cast) -> Scene:
    home = cast.household()
    change = in_own(cast, household_rules.may_change)
    return Scene(
        pages=[reverse("households:edit", args=[home.pk])],
        acts={("households:edit", str(home.pk)): change, ("households:close", str(home.pk)): change},
        filled={"households:edit": {"address": "溪边路9号"}},
    )


def closed_file(cast: Cast) -> Scene:
    """It is corrected, and a visit before it was closed is written down; nobody moves in, and no code is made."""
    home = cast.household()
    with cast.everything():
        Household.objects.filter(pk=home.pk).update(closed_at=clock.now())
    key = str(home.pk)
    names = ("households:edit", "households:person_add", "households:code", "households:tags", "visits:new")
    change, record = in_own(cast, household_rules.may_change), in_own(cast, visit_rules.may_record)
    return Scene(
        pages=[*(reverse(name, args=[home.pk]) for name in names), reverse("visits:care")],
        acts={("households:edit", key): change, ("households:tags", key): change, ("visits:new", key): record},
        filled={"households:edit": {"address": "溪边路9号"}, "visits:new": DIARY},
    )


def care(cast: Cast) -> Scene:
    home = cast.household()
    with cast.everything() as system:
        given = assign_household(household=home, account_id=cast.account("cadre").id, every_days=30,
                                 by=system)  # fmt: skip
    assign, record = in_own(cast, visit_rules.may_assign), in_own(cast, visit_rules.may_record)
    return Scene(
        pages=[reverse("visits:care"), reverse("visits:new", args=[home.pk])],
        acts={
            ("visits:care",): assign,
            ("visits:end_care", str(given.pk)): assign,
            ("visits:new", str(home.pk)): record,
        },
        filled={
            "visits:care": {"households": [str(home.pk)], "account": str(cast.account("village_secretary").pk)},
            "visits:new": DIARY,
        },
    )


def to_export(cast: Cast) -> Scene:
    cast.matter(state=State.ASSIGNED, lead_unit=cast.bureau, assigned_at=clock.now())
    acts: dict[tuple[str, ...], Rule] = {("matters:export", "matters"): lambda actor: exports(cast, actor)}
    return Scene(pages=[reverse("matters:export")], acts=acts)


def export_in(state: ExportState, *, late: bool = False) -> Callable[[Cast], Scene]:
    def made(cast: Cast) -> Scene:
        now = clock.now()
        at = now - exporting.DAY if late else now
        cast.matter(state=State.ASSIGNED, lead_unit=cast.bureau, assigned_at=now)
        with cast.everything():
            decided = {} if state is ExportState.ASKED else {"decided_at": at, "decided_by": cast.account("leader")}
            row = ExportRequest.objects.create(
                kind="matters",
                account=cast.account("clerk"), post=cast.actor("clerk").post, area=cast.town, query="", rows=1,
                state=state.value, purpose=ExportPurpose.MEETING.value, asked_at=at, **decided,
            )  # fmt: skip

        def decides(actor: Actor) -> Any:
            return exporting.may_decide(actor, account=row.account_id, area_id=row.area_id, state=state)

        def takes(actor: Actor) -> Any:
            return exporting.may_take(
                actor, account=row.account_id, post=row.post, state=state, decided_at=decided.get("decided_at"),
                now=clock.now(),
            )  # fmt: skip

        key = str(row.pk)
        return Scene(
            pages=[reverse("exports:list")],
            acts={
                ("exports:decide", key, "yes"): decides,
                ("exports:decide", key, "no"): decides,
                ("exports:take", key): takes,
            },
        )

    return made


SCENES: dict[str, Callable[[Cast], Scene]] = {
    "file": file,
    "empty file": empty_file,
    "closed file": closed_file,
    "care": care,
    "list to export": to_export,
    **{f"export {state}": export_in(state) for state in ExportState},
    "export approved long ago": export_in(ExportState.APPROVED, late=True),
    **brought("OFFERS"),
}


@pytest.mark.parametrize("name", SCENES)
def test_what_is_offered_is_allowed_and_done_and_nothing_else(cast: Cast, name: str) -> None:
    wrong = walk(cast, SCENES[name](cast))
    assert not wrong, "\n".join(wrong)
