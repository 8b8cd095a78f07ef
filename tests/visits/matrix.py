"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.models import Household
from minqing.org.enums import FIELD, OVERSIGHT
from minqing.org.models import Area
from minqing.privacy.access import acting_as
from minqing.visits import rules as visit_rules
from minqing.visits.models import Campaign, FileConflict, Promise, Visit
from minqing.visits.services import assign_household, make_promise
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ANYONE, LEADING, NOBODY, Line, canary, door, household, planted, unknown, visit
from tests.architecture.notices import Told, of
from tests.architecture.offers import Scene, in_own
from tests.architecture.reasons import COUNTED, ONE_ROW, READS_ONLY, WHOSE
from tests.cast import Cast
from tests.privacy.canary import ABOUT, NEXT_DOOR, Placed


def conflict(cast: Cast, area: Area) -> tuple[Any, ...]:
    home = planted(cast, area)
    who = {cast.own.pk: "cadre", cast.other.pk: "other_cadre", cast.far.pk: "far_cadre"}[area.pk]
    with cast.everything():
        made = FileConflict.objects.create(household=home, area=area, account=cast.account(who), field="address",
                                           value=canary("ADDRESS", cast, area), stands=home.address,
                                           written_at=clock.now(), received_at=clock.now())  # fmt: skip
    return (made.pk,)


def campaign(cast: Cast, area: Area) -> tuple[Any, ...]:
    """Of a village; names nobody."""
    today = clock.today()
    made = Campaign.objects.create(id=new_id(), name="走访", area=area, since=today, until=today,
                                   made_by=cast.account("clerk"), made_at=clock.now())  # fmt: skip
    return (made.pk,)


def promise(cast: Cast, area: Area) -> tuple[Any, ...]:
    (id,) = visit(cast, area)
    with cast.everything():
        one = Visit.objects.get(pk=id)
        made = Promise.objects.create(visit=one, household_id=one.household_id, area=area, account_id=one.account_id,
                                      text=canary("DIARY", cast, area), due_on=clock.today(),
                                      made_at=clock.now())  # fmt: skip
    return (made.pk,)


LINES = {
    "visits:list": Line(FIELD | OVERSIGHT),
    "visits:new": Line(FIELD, at=household),
    "visits:phone": Line(FIELD),
    "visits:worker": Line(FIELD),
    "visits:manifest": Line(FIELD),
    "visits:detail": Line(FIELD, at=visit),
    "visits:picture": Line(FIELD, at=unknown("small"), reach=NOBODY),
    "visits:conflicts": Line(FIELD),
    "visits:conflict": Line(FIELD, at=conflict),
    "visits:campaigns": Line(FIELD | OVERSIGHT),
    "visits:new_campaign": Line(LEADING),
    "visits:campaign": Line(FIELD | OVERSIGHT, at=campaign),
    "visits:close_campaign": Line(LEADING, at=unknown(), reach=NOBODY, post=True),
    "visits:promises": Line(FIELD),
    "visits:promise": Line(FIELD, at=promise),
    "visits:care": Line(LEADING),
    "visits:hand_over": Line(LEADING),
    "visits:end_care": Line(LEADING, at=unknown(), reach=NOBODY, post=True),
    "visits:cadre": Line(ANYONE, at=door),
}
BY_OTHER_WAYS = {
    "visits:campaign": "of a round that somebody has begun",
    "visits:worker": "asked for by the diary on the phone",
    "visits:manifest": "asked for by the browser that puts it beside other apps",
}
NOTICES = {
    "visits.after_closing": (
        Told("visits.visit.after_closing", of("visit", visit), lambda cast: {"area": cast.own.pk}),
    ),
}
TOLD_BY = {
    "visits.services.diary.record_visit": "visits.visit.recorded",
    "visits.services.days.count_next_visit_days": COUNTED,
    "visits.services.days.keep": COUNTED,
    "visits.services.days.rebuild_visit_days": COUNTED,
    "visits.services.assignments.move_due": "visits.visit.recorded",
    "visits.subjects.forget_name": "visits.person.erased",
}
LOCKED = {
    "visits.services.moves.follow_household": "rows of one household, whose lock the change of its area is under",
    "visits.queries.files.visible_conflict": ONE_ROW,
    "visits.queries.promises.visible_promise": ONE_ROW,
    "visits.subjects.erase": "the household first, then its visits in the order of their ids",
    "visits.services.assignments.pass_on": "its household is held, in the order of their ids",
    "visits.services.campaigns.close_campaign": ONE_ROW,
    "visits.services.assignments.assign_household": ONE_ROW,
    "visits.services.assignments.end_assignment": ONE_ROW,
    "visits.services.assignments.move_due": "one cadre's care of a household that is held",
    "visits.services.promises.settle_promise": ONE_ROW,
    "visits.services.files.decide_conflict": "the household first, then what is asked about its file",
}
UNPAIRED = {
    "visits.services.days.count_next_visit_days": "count_stale_visit_days",
    "visits.services.days.rebuild_visit_days": "count_stale_visit_days",
    "visits.services.days.wrong_visit_days": READS_ONLY,
}
INSIDE = {
    "visits.services.days.count_next_visit_days",
    "visits.services.days.count_stale_visit_days",
    "visits.services.days.rebuild_visit_days",
    "visits.services.days.wrong_visit_days",
    "visits.services.moves.follow_household",
}
ADDS = {
    "DiaryForm",
    "CareForm",
    "HandOverForm",
    "CampaignForm",
}
BY_SERVICE = {
    "visits.forms.handover.HandOverForm": "visits.services.assignments.hand_over_care",
    "visits.forms.campaigns.CampaignForm": "visits.services.campaigns.open_campaign",
}
ACTS = {
    "hand_over_care": Act("visits:hand_over", at_home(visit_rules.may_assign)),
    "open_campaign": Act("visits:new_campaign", at_home(visit_rules.may_lead)),
    "close_campaign": Act("visits:close_campaign", at_home(visit_rules.may_lead)),
    "record_visit": Act("visits:new", at_home(visit_rules.may_record)),
    "assign_households": Act("visits:care", at_home(visit_rules.may_assign)),
    "decide_conflict": Act("visits:conflict", at_home(visit_rules.may_decide)),
    "make_promise": Act("visits:new", at_home(visit_rules.may_record)),
    "settle_promise": Act(
        "visits:promise", lambda cast, actor: visit_rules.may_settle(actor, owner=actor.id, area_id=cast.own.id)
    ),
    "add_photo": Act("sync:photo", at_home(visit_rules.may_record)),
    "end_assignment": Act("visits:end_care", at_home(visit_rules.may_assign)),
}
WITHOUT_PAGE = {
    "assign_household": "by tables of households",
    "follow_household": "after a household has moved",
    "join_file": "by phones, in what they hand in",
    "count_next_visit_days": "the worker's",
    "count_stale_visit_days": "the worker's",
    "rebuild_visit_days": "the operator's command",
    "wrong_visit_days": "the operator's command",
}


DIARY = {"visited_on": "", "met_people": "邻居", "sent_at": ""}


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
            "visits:care": {"pick": [str(home.pk)], "account": str(cast.account("village_secretary").pk)},
            "visits:new": DIARY,
        },
    )


def to_a_closed_file(cast: Cast) -> Scene:
    """A visit before it was closed is written down; nobody cares for it."""
    home = cast.household()
    with cast.everything():
        Household.objects.filter(pk=home.pk).update(closed_at=clock.now())
    return Scene(
        pages=[reverse("visits:new", args=[home.pk]), reverse("visits:care")],
        acts={("visits:new", str(home.pk)): in_own(cast, visit_rules.may_record)},
        filled={"visits:new": DIARY},
    )


def two_values(cast: Cast) -> Scene:
    (one,) = conflict(cast, cast.own)
    return Scene(
        pages=[reverse("visits:conflict", args=[one])],
        acts={("visits:conflict", str(one)): in_own(cast, visit_rules.may_decide)},
        filled={"visits:conflict": {"take": "no"}},
    )


def promised(cast: Cast) -> Scene:
    (one,) = promise(cast, cast.own)
    owner = cast.account("cadre").pk
    return Scene(
        pages=[reverse("visits:promise", args=[one])],
        acts={("visits:promise", str(one)): in_own(cast, lambda actor, area: visit_rules.may_settle(
            actor, owner=owner, area_id=area))},
        filled={"visits:promise": {"kept": "yes"}},
    )  # fmt: skip


def a_promise(cast: Cast) -> None:
    promise(cast, cast.own)


def a_file_that_two_changed(cast: Cast) -> None:
    conflict(cast, cast.own)


OFFERS = {"two values": two_values, "promise": promised, "care": care, "visit to a closed file": to_a_closed_file}


def a_visit(cast: Cast) -> None:
    visit(cast, cast.own)


def erased(cast: Cast, placed: Placed) -> None:
    """What the person was promised at home, and what of the person in a promise to others."""
    with acting_as(by := cast.actor("cadre")):
        for one in Visit.objects.filter(account_id=by.id).order_by("pk"):
            text = ABOUT if one.household_id == placed.home.pk else NEXT_DOOR
            make_promise(id=new_id(), visit=one, text=text, due_on=clock.today(), by=by)


CANARY = {erased}
PLANTED = {a_visit, a_file_that_two_changed, a_promise}
OWN_TEXTS = {"visits.Visit": dict.fromkeys(("datum",), WHOSE)}
STAFFED = {
    "visits.HouseholdAssignment.account": "of_person",
    "visits.Visit.account": "what was done",
    "visits.FileConflict.account": "who wrote it; those of the place decide",
    "visits.Promise.account": "of_person",
}
