"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from minqing.bookings import rules
from minqing.bookings.enums import HoursKind, Move, State, WaitState
from minqing.bookings.lifecycle import BOOKING
from minqing.bookings.models import Booking, Hand, Hours, Provider, ServedArea, Service, Wait
from minqing.bookings.rules import HANDS, KEEPERS, READERS, SUMS, Situation, may_keep, may_plan
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.org.enums import FIELD
from minqing.org.models import Area
from minqing.points.enums import AccountKind, Code
from minqing.points.services import Posting, house_account, open_account, post_transfers, reserve
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ANYONE, HERE, TOWN, Line, Reach, canary, door, number, planted
from tests.architecture.notices import Told, of
from tests.architecture.reasons import ONE_ROW, ORDERED, PARENT_FIRST, WHOSE
from tests.cast import Cast, at
from tests.privacy.canary import ABOUT, ADDRESS, NAME, NEXT_DOOR, PHONE, Placed

NOW = at("2026-06-01 09:00")


def provider(cast: Cast, area: Area) -> tuple[Any, ...]:
    """One of the area, for which the volunteer acts in the own village."""
    with cast.everything() as by:
        account = open_account(kind=AccountKind.PROVIDER, area=area.pk, name="老李理发", by=by)
        row = Provider.objects.create(
            form=new_id(), area=area, account=account, name="老李理发", opened_at=NOW, changed_at=NOW
        )
        ServedArea.objects.create(provider=row, area=area)
        if area == cast.own:
            Hand.objects.create(provider=row, account=cast.account("volunteer"))
    return (row.pk,)


def service(cast: Cast, area: Area) -> tuple[Any, ...]:
    (pk,) = provider(cast, area)
    row = Service.objects.create(id=new_id(), provider_id=pk, name="上门理发", price=40, minutes=30, added_at=NOW)
    return (pk, row.pk)


def hours(cast: Cast, area: Area) -> tuple[Any, ...]:
    (pk,) = provider(cast, area)
    row = Hours.objects.create(
        id=new_id(), provider_id=pk, kind=HoursKind.WEEKLY, weekday=1, begins="09:00", ends="11:00", added_at=NOW
    )
    return (pk, row.pk)


def booking(cast: Cast, area: Area, **values: Any) -> tuple[Any, ...]:
    pk, what = service(cast, area)
    home = planted(cast, area)
    begins = values.pop("begins_at", clock.now() + timedelta(days=2))
    with cast.everything() as by:
        payer = open_account(kind=AccountKind.HOUSEHOLD, area=area.pk, household=home.pk, by=by).pk
        issuance, id = house_account(kind=AccountKind.ISSUANCE, by=by).pk, new_id()
        given = [Posting(issuance, payer, 40, Code.AWARD)]
        post_transfers(caller="tests", key=f"{id}", postings=given, by=by).checked()
        to, month = Provider.objects.get(pk=pk).account_id, timedelta(days=30)
        kept = reserve(caller="tests", key=f"hold:{id}", debit=payer, credit=to, amount=40, lasting=month, by=by)
        row = Booking.objects.create(
            number=number("YY"), provider_id=pk, service_id=what, area=area, begins_at=begins,
            ends_at=begins + timedelta(minutes=30), price=40, payer_id=payer, hold=kept.checked().ids[0],
            held_until=clock.now() + month,
            free_until=begins, late_share=50, missed_share=0, made_at=NOW, changed_at=NOW,
            **{"state": State.BOOKED.value, "household": home, "name": canary("NAME", cast, area),
               "phone": canary("PHONE", cast, area), "address": "溪边路3号"} | values,
        )  # fmt: skip
    return (row.pk,)


def done(cast: Cast, area: Area) -> tuple[Any, ...]:
    return booking(cast, area, state=State.DONE.value)


def wait(cast: Cast, area: Area, **values: Any) -> tuple[Any, ...]:
    pk, what = service(cast, area)
    home = planted(cast, area)
    with cast.everything():
        row = Wait.objects.create(
            id=new_id(), provider_id=pk, service_id=what, area=area, day=clock.today(),
            state=WaitState.WAITING.value, joined_at=NOW, changed_at=NOW, **{"household": home} | values,
        )  # fmt: skip
    return (row.pk,)


def moved(maker: Any, *more: Any) -> Any:
    return lambda cast, area: (*maker(cast, area), *more)


def at_door(*more: Any) -> Any:
    """Nobody is known there: sent to say who they are, whatever is asked for."""
    return lambda cast, area: (*door(cast, area), *(one() if callable(one) else one for one in more))


KEPT: Reach = {"village_secretary": HERE, "clerk": TOWN}
HELPED: Reach = {**KEPT, "cadre": HERE}
ACTED: Reach = {**HELPED, "volunteer": HERE}
PLANNED: Reach = {**KEPT, "volunteer": HERE}


def erased(cast: Cast, placed: Placed) -> None:
    """A booking of the person that is over, with all that was said of it, and one time they wait for."""
    whose = {"household": placed.home, "resident": placed.resident}
    told = {"name": NAME, "phone": PHONE, "address": ADDRESS, "reason": ABOUT, "said": ABOUT}
    booking(cast, cast.own, state=State.CONFIRMED.value, **whose, **told)
    wait(cast, cast.own, **whose)
    booking(cast, cast.own, state=State.CONFIRMED.value, reason=NEXT_DOOR, said=NEXT_DOOR)


CANARY = {erased}
OWN_TEXTS = {"bookings.Booking": dict.fromkeys(("name", "phone", "address"), WHOSE)}


LINES = {
    "bookings:list": Line(FIELD),
    "bookings:new": Line(FIELD),
    "bookings:leave": Line(FIELD, at=wait, reach=HELPED, post=True, ok=302),
    "bookings:providers": Line(READERS),
    "bookings:open_provider": Line(KEEPERS),
    "bookings:provider": Line(
        READERS, at=provider, reach={**ACTED, "leader": {"own", "other", "far"}, "analyst": {"own", "other", "far"}}
    ),
    "bookings:add_service": Line(KEEPERS, at=provider, reach=KEPT, post=True, ok=422),
    "bookings:end_service": Line(KEEPERS, at=service, reach=KEPT, post=True, ok=302),
    "bookings:add_hours": Line(HANDS, at=provider, reach=PLANNED, post=True, ok=422),
    "bookings:end_hours": Line(HANDS, at=hours, reach=PLANNED, post=True, ok=302),
    "bookings:hands": Line(KEEPERS, at=provider, reach=KEPT, post=True, ok=302),
    "bookings:close": Line(KEEPERS, at=provider, reach=KEPT, post=True, ok=422),
    "bookings:day": Line(HANDS, at=provider, reach=PLANNED, coming={"volunteer"}),
    "bookings:earned": Line(
        SUMS, at=provider, reach={**KEPT, "leader": {"own", "other", "far"}, "analyst": {"own", "other", "far"}}
    ),
    "bookings:detail": Line(HANDS, at=booking, reach=ACTED, coming={"volunteer"}),
    "bookings:move": Line(HANDS, at=moved(booking, "call_off"), reach=ACTED, post=True, ok=422, refused={"cadre": 403}),
    "bookings:rate": Line(FIELD, at=done, reach=HELPED, post=True, ok=422),
    "bookings:own": Line(ANYONE, at=door, ok=302),
    "bookings:times": Line(ANYONE, at=at_door(new_id), ok=302),
    "bookings:own_booking": Line(ANYONE, at=at_door(new_id), ok=302),
    "bookings:own_move": Line(ANYONE, at=at_door(new_id, "cancel"), ok=302),
    "bookings:own_leave": Line(ANYONE, at=at_door(new_id), ok=302),
}


def may_make(*moves: Move) -> Any:
    """Whether somebody may make one of these at a booking of the own village, for which the volunteer acts, in some
    state in which it is open.
    """

    def rule(cast: Cast, actor: Actor) -> bool:
        now, hands = clock.now(), frozenset({cast.account("volunteer").pk})
        own, hour = cast.own.id, timedelta(hours=1)
        return any(
            rules.may(move, actor, Situation(state, own, None, own, hands, begins, now, None), now)
            for begins in (now - hour, now + hour)
            for move in moves
            for state, made in BOOKING.changing
            if made is move and state is not None
        )

    return rule


def may_rate(cast: Cast, actor: Actor) -> Any:
    situation = Situation(State.DONE, cast.own.id, None, cast.own.id, frozenset(), clock.now(), clock.now(), None)
    return rules.may_rate(actor, situation)


def may_book(cast: Cast, actor: Actor) -> Any:
    return rules.may_book(actor, cast.own.id, new_id())


def plans(cast: Cast, actor: Actor) -> Any:
    return may_plan(actor, cast.own.id, {cast.account("volunteer").pk})


MOVE = "bookings:move"
ACTS = {
    "open_provider": Act("bookings:open_provider", at_home(may_keep)),
    "add_service": Act("bookings:add_service", at_home(may_keep)),
    "end_service": Act("bookings:end_service", at_home(may_keep)),
    "add_hours": Act("bookings:add_hours", plans, shared=True),
    "end_hours": Act("bookings:end_hours", plans, shared=True),
    "change_hands": Act("bookings:hands", at_home(may_keep)),
    "close_provider": Act("bookings:close", at_home(may_keep)),
    "book": Act("bookings:new", may_book),
    "join_waiting": Act("bookings:new", may_book),
    "leave_waiting": Act("bookings:leave", may_book),
    "accept_booking": Act(MOVE, may_make(Move.ACCEPT), shared=True),
    "decline_booking": Act(MOVE, may_make(Move.LAPSE), shared=True),
    "cancel_booking": Act(MOVE, may_make(Move.CANCEL), shared=True),
    "call_off_booking": Act(MOVE, may_make(Move.CALL_OFF), shared=True),
    "arrive_booking": Act(MOVE, may_make(Move.ARRIVE), shared=True),
    "finish_booking": Act(MOVE, may_make(Move.FINISH), shared=True),
    "confirm_booking": Act(MOVE, may_make(Move.CONFIRM), shared=True),
    "doubt_booking": Act(MOVE, may_make(Move.DOUBT), shared=True),
    "say_missed": Act(MOVE, may_make(Move.SAY_MISSED), shared=True),
    "say_not_come": Act(MOVE, may_make(Move.SAY_NOT_COME), shared=True),
    "contradict_booking": Act(MOVE, may_make(Move.CONTRADICT), shared=True),
    "miss_booking": Act(MOVE, may_make(Move.MISS), shared=True),
    "fail_booking": Act(MOVE, may_make(Move.FAIL), shared=True),
    "give_back_points": Act(MOVE, may_make(Move.GIVE_BACK), shared=True),
    "rate_booking": Act("bookings:rate", may_rate),
}
WITHOUT_PAGE = {
    "serve_instead": "with a change of areas that the operator makes",
    "load_terms": "the reference data of an upgrade",
    "pass_time": "what time does, by the job",
    "follow_bookings": "by somebody's move to another household",
    "follow_home": "by a household's move to another area",
}
# behind a code there is no role
ASKING = frozenset({"bookings:times", "bookings:own_move", "bookings:own_leave"})
UNPAIRED = {
    "bookings.services.providers.serve_instead": "part of org.services.changes.carry_on",
}
ADDS = {"OpenProviderForm", "ServiceForm", "HoursForm", "TimeForm", "BookForm", "WaitForm"}
UNSEEN = {"bookings:times": "adds a booking"}
BY_SERVICE = {
    "bookings.forms.providers.OpenProviderForm": "bookings.services.providers.open_provider",
    "bookings.forms.providers.ServiceForm": "bookings.services.providers.add_service",
    "bookings.forms.providers.HoursForm": "bookings.services.providers.add_hours",
    "bookings.forms.bookings.BookForm": "bookings.services.booking.book",
    "bookings.forms.bookings.WaitForm": "bookings.services.waiting.join_waiting",
}
UNDER_PROVIDER = "under the name of the provider, in the order of bookings.services.booking"
LOCKED = {
    "bookings.services.waiting.leave_all": "the names of their providers, in order, then rows in that of their ids",
    "bookings.subjects.erase": "the waits first, then bookings: as a provider's name before its rows",
    "bookings.services.providers.serve_instead": "its rows are locked by the change of areas, in order",
    "bookings.services.upkeep.remind": UNDER_PROVIDER,
    "bookings.services.upkeep.urge": UNDER_PROVIDER,
    "bookings.services.upkeep.renew_hold": UNDER_PROVIDER,
    "bookings.services.moves.begin": UNDER_PROVIDER,
    "bookings.services.moves.rate_booking": ONE_ROW,
    "bookings.services.following.follow": UNDER_PROVIDER,
    "bookings.services.providers.close_provider": UNDER_PROVIDER,
    "bookings.services.providers.lock_provider": PARENT_FIRST,
    "bookings.services.providers.end_service": UNDER_PROVIDER,
    "bookings.services.providers.end_hours": UNDER_PROVIDER,
    "bookings.services.providers.close_waits": UNDER_PROVIDER,
    "bookings.services.waiting.leave_waiting": UNDER_PROVIDER,
    "bookings.services.waiting.offer_freed": ORDERED,
    "bookings.services.upkeep.pass_time": ONE_ROW,
}
TOLD_BY = {
    "bookings.services.following.follow": "bookings.household.followed",
    "bookings.services.providers.open_provider": "bookings.provider.opened",
    "bookings.services.providers.change_hands": "bookings.provider.changed",
    "bookings.services.providers.end_service": "bookings.provider.changed",
    "bookings.services.providers.end_hours": "bookings.provider.changed",
    "bookings.services.upkeep.pass_time": "no event: a day that is over, on which nobody waits any more",
    "bookings.services.providers.close_waits": "bookings.provider.closed",
}
INSIDE = {
    "bookings.services.providers.serve_instead",
    "bookings.services.following.follow_bookings",
    "bookings.services.following.follow_home",
    "bookings.services.booking.load_terms",
    "bookings.services.upkeep.pass_time",
    "bookings.services.upkeep.renew_hold",
    "bookings.services.upkeep.settle_silence",
    "bookings.services.upkeep.remind",
    "bookings.services.upkeep.urge",
}
BY_OTHER_WAYS = {
    "bookings:own": "from one's own points, once one has shown who one is",
    "bookings:times": "from the services at the door",
    "bookings:own_booking": "from the own bookings at the door",
    "bookings:own_move": "from an own booking at the door",
    "bookings:own_leave": "from what one waits for at the door",
}


def a_provider_with_a_booking(cast: Cast) -> None:
    # the day of a provider is today's first
    booking(cast, cast.own, begins_at=clock.now())
    booking(cast, cast.own)
    hours(cast, cast.own)


def two_who_differ(cast: Cast) -> None:
    booking(cast, cast.own, state=State.DOUBTED.value, begins_at=clock.now())
    wait(cast, cast.own)


PLANTED = {a_provider_with_a_booking, two_who_differ}


def of_helper(cast: Cast) -> Any:
    return cast.account("cadre")


def told(word: str, state: State) -> Told:
    """Of a booking that the cadre made for the household, with a provider for whom the volunteer acts."""
    return Told(f"bookings.booking.{word}", of("booking", booking, state=state.value, taken_by=of_helper))


NOTICES = {
    "bookings.made": (told("made", State.BOOKED), told("accepted", State.BOOKED)),
    "bookings.cancelled": (told("cancelled", State.CANCELLED),),
    "bookings.called_off": (told("called_off", State.CALLED_OFF),),
    "bookings.offered": (told("offered", State.OFFERED),),
    "bookings.reminded": (told("reminded", State.BOOKED),),
    "bookings.done": (told("done", State.DONE),),
    "bookings.not_come": (told("not_come", State.NOT_COME),),
    "bookings.doubted": (told("doubted", State.DOUBTED), told("contradicted", State.DOUBTED)),
    "bookings.miss_said": (told("miss_said", State.MISS_SAID),),
    "bookings.fail_said": (told("fail_said", State.FAIL_SAID),),
    "bookings.missed": (told("missed", State.MISSED),),
    "bookings.decided": (replace(told("confirmed", State.CONFIRMED), data={"decided": True}),),
    "bookings.undecided": (told("urged", State.DOUBTED),),
    "bookings.news": (told("done", State.DONE),),
}
STAFFED = {
    "bookings.Hand.account": "of_person",
}
