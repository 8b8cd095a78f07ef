"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from minqing.activities.enums import Move, SignUpState, State
from minqing.activities.lifecycle import ACTIVITY
from minqing.activities.models import Activity, Report, SignUp
from minqing.activities.rules import READERS, Situation, may, may_list, may_report, may_sign_up_others, may_write
from minqing.core import clock
from minqing.core.ids import new_id
from minqing.earning.queries import current_version
from minqing.households.models import Resident
from minqing.org.enums import FIELD
from minqing.org.models import Area
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ANYONE, TOWN, Line, Reach, beside, canary, door, planted
from tests.architecture.notices import Told, of
from tests.architecture.reasons import FINDS_CHANGES, PARENT_FIRST, WHOSE
from tests.cast import Cast
from tests.privacy.canary import NAME, NEXT_DOOR, Placed

HOUR = timedelta(hours=1)
HELD: Reach = {"cadre": frozenset({"own"}), "village_secretary": frozenset({"own"}), "clerk": TOWN}


def activity(cast: Cast, area: Area, state: State = State.OPEN, **values: Any) -> tuple[Any, ...]:
    """One that is going on, with somebody who has a place."""
    home, now = planted(cast, area), clock.now()
    with cast.everything():
        one = Activity.objects.create(
            area=area, starts_at=now - HOUR, ends_at=now + HOUR, state=state,
            sign_up_until=now + HOUR, version=current_version("river_clean"), changed_at=now,
            **{"title": "清理溪边垃圾", "place": "桥头", "written_by": cast.account("other_cadre")} | values,
        )  # fmt: skip
        resident = Resident.objects.get(household=home)
        SignUp.objects.create(
            activity=one, area=area, household=home, resident=resident, name=canary("NAME", cast, area),
            state=SignUpState.IN, signed_at=now,
        )  # fmt: skip
    return (one.pk,)


def draft(cast: Cast, area: Area) -> tuple[Any, ...]:
    return activity(cast, area, State.DRAFT)


def ended(cast: Cast, area: Area) -> tuple[Any, ...]:
    return activity(cast, area, State.ENDED)


def signed(cast: Cast, area: Area) -> tuple[Any, ...]:
    (pk,) = activity(cast, area)
    with cast.everything():
        return (pk, SignUp.objects.get(activity=pk).pk, "came")


def behind(cast: Cast, area: Area) -> tuple[Any, ...]:
    return (*door(cast, area), *activity(cast, area))


def erased(cast: Cast, placed: Placed) -> None:
    """The person came, waits for the next time, and is named in what the village and the county announce."""
    now = clock.now()
    given = {"household": placed.home, "resident": placed.resident, "name": NAME, "signed_at": now}
    with cast.everything():
        for where in (cast.own, cast.city):
            texts = {"title": f"谢谢{NAME}", "words": NEXT_DOOR, "place": f"{NAME}家门口", "reasons": NEXT_DOOR}
            (pk,) = activity(cast, cast.own, State.ENDED, **texts)
            Activity.objects.filter(pk=pk).update(area=where)
            Report.objects.create(activity_id=pk, words=NEXT_DOOR, written_at=now, written_by=cast.account("cadre"))
            SignUp.objects.create(activity_id=pk, area=cast.own, state=SignUpState.CAME, **given)
        (pk,) = activity(cast, cast.own, capacity=1)
        SignUp.objects.create(activity_id=pk, area=cast.own, state=SignUpState.WAITING, **given)


CANARY = {erased}
OWN_TEXTS = {"activities.SignUp": dict.fromkeys(("name",), WHOSE)}


LINES = {
    "activities:list": Line(READERS),
    "activities:new": Line(FIELD),
    "activities:detail": Line(READERS, at=activity),
    "activities:change": Line(FIELD, at=draft, reach=HELD),
    "activities:code": Line(FIELD, at=activity, reach=HELD),
    "activities:move": Line(FIELD, at=beside(activity, "cancel"), reach=HELD, post=True, ok=422),
    "activities:add": Line(FIELD, at=activity, reach=HELD),
    "activities:mark": Line(FIELD, at=signed, reach=HELD, post=True, ok=302),
    "activities:report": Line(FIELD, at=ended, reach=HELD),
    "activities:photo": Line(READERS, at=beside(activity, new_id()), reach={}),
    "activities:door_photo": Line(ANYONE, at=lambda cast, area: (*behind(cast, area), new_id()), ok=404),
    "activities:door": Line(ANYONE, at=door),
    "activities:at_door": Line(ANYONE, at=behind),
    "activities:check_in": Line(ANYONE, at=behind, post=True, ok=302),
}


def may_make(*moves: Move) -> Any:
    """Whether somebody may make one of these at an activity that others wrote, in some state in which it is open."""
    now = clock.now()

    def rule(cast: Cast, actor: Any) -> bool:
        return any(
            may(move, actor, situation(cast, state, points), now)
            for move in moves
            for points in (5, 60)
            for state, made in ACTIVITY.transitions
            if made is move and state is not None
        )

    return rule


def situation(cast: Cast, state: State = State.OPEN, points: int = 0) -> Situation:
    now = clock.now()
    return Situation(state, cast.own.pk, now - HOUR, now + HOUR, now + HOUR, points)


ACTS = {
    "write_activity": Act("activities:new", at_home(may_write)),
    "change_activity": Act("activities:change", may_make(Move.CHANGE)),
    "publish_activity": Act("activities:move", may_make(Move.PUBLISH)),
    "cancel_activity": Act("activities:move", may_make(Move.CANCEL)),
    "end_activity": Act("activities:move", may_make(Move.END)),
    "confirm_attendance": Act("activities:move", may_make(Move.SETTLE, Move.THANK)),
    "send_back_list": Act("activities:move", may_make(Move.SEND_BACK), shared=True),
    "report_activity": Act("activities:report", lambda cast, actor: may_report(actor, situation(cast, State.ENDED))),
    "sign_up": Act("activities:add", lambda cast, actor: may_sign_up_others(actor, cast.own.pk, situation(cast))),
    "withdraw": Act("activities:mark", lambda cast, actor: may_sign_up_others(actor, cast.own.pk, situation(cast))),
    "check_in": Act("activities:mark", lambda cast, actor: may_list(actor, situation(cast), clock.now())),
    "undo_check_in": Act("activities:mark", lambda cast, actor: may_list(actor, situation(cast), clock.now())),
}
WITHOUT_PAGE = {
    "check_in_by_code": "by residents behind a door, who have no post",
    "follow_sign_ups": "by somebody's move to another household",
}
# behind a code there is no role
ASKING = frozenset({"activities:at_door", "activities:check_in"})
BY_OTHER_WAYS = {
    "activities:change": "from a draft",
    "activities:code": "from one that goes on",
}
ADDS = {"HowItWasForm", "ActivityForm", "SignForm", "SignOthersForm", "DigitsForm"}
UNSEEN = {
    "door_one.html": "adds a sign-up, or finds that it is withdrawn",
}
BY_SERVICE = {
    "activities.forms.reports.HowItWasForm": "activities.services.reports.report_activity",
    "activities.forms.activities.ChangeForm": FINDS_CHANGES,
    "activities.forms.people.SignOthersForm": "activities.services.people.sign_up",
}
LOCKED = {
    "activities.services.activities.begin": PARENT_FIRST,
    "activities.services.people.withdraw": PARENT_FIRST,
    "activities.services.people.give_up_places": "activities of one person in order of their ids, each before its own",
    "activities.services.people.move_up": PARENT_FIRST,
    "activities.services.people.listed": PARENT_FIRST,
    "activities.services.people.check_in_by_code": PARENT_FIRST,
    "activities.services.reports.report_activity": PARENT_FIRST,
    "activities.subjects.erase": "sign-ups of one person",
    "activities.services.following.follow_sign_ups": "sign-ups of one person, in order of their ids",
    "activities.services.thanking.thank_all": "under the lock of the activity: its sign-ups in order of their ids",
}
TOLD_BY = {
    "activities.services.thanking.thank_all": "activities.activity.thanked",
}
INSIDE = {"activities.services.people.give_up_places", "activities.services.following.follow_sign_ups"}
BY_TOKEN = {"activities.services.people.check_in_by_code"}


def activities_of_the_village(cast: Cast) -> None:
    activity(cast, cast.own)
    activity(cast, cast.own, State.ENDED)
    draft(cast, cast.own)


PLANTED = {activities_of_the_village}


def cancelled(cast: Cast, area: Area) -> tuple[Any, ...]:
    """For which the clerk has signed somebody up."""
    (pk,) = activity(cast, area, State.CANCELLED)
    with cast.everything():
        SignUp.objects.filter(activity=pk).update(signed_by=cast.account("clerk"))
    return (pk,)


CANCELLED = Told("activities.activity.cancelled", of("activity", cancelled))
NOTICES = {
    "activities.cancelled": (CANCELLED,),
    "activities.off": (CANCELLED,),
    "activities.place": (Told("activities.sign_up.moved_up", of("sign_up", signed)),),
}
