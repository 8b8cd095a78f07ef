"""What the fault run asks for inside the county: machines and people, somebody who looks, and the books."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.doorstep.codes import COOKIE, kept_of
from minqing.households.queries import code_since, visible_residents
from minqing.households.queries.visibility import visible_codes
from minqing.machines import rules, services
from minqing.machines.agent.journal import NoJournal, read_lines
from minqing.machines.enums import State
from minqing.machines.models import Machine, Vend
from minqing.machines.queries import first_machine
from minqing.machines.queries.journals import differences
from minqing.org.enums import Role
from minqing.org.queries import account_at_work, accounts_over, actor_of, posts_in_force, system_actor
from minqing.points.enums import AccountKind, Code
from minqing.points.queries import balance_of
from minqing.points.queries.verifying import verify
from minqing.points.services import Posting, house_account, open_account, post_transfers
from minqing.privacy.access import transaction_as
from minqing.redeeming.enums import ItemKind
from minqing.redeeming.services import add_item

POINTS: Final = 1_000_000
PRICE: Final = 15
ENDED: Final = frozenset({State.DONE, State.LOST})


def clerk_over(area: int) -> Actor:
    """A clerk of the made-up county who looks after machines there."""
    account = account_at_work(accounts_over(area, [Role.CLERK])[0])
    assert account is not None  # noqa: S101  # the made-up county has one
    return actor_of(account, next(one for one in posts_in_force(account.pk) if one.role == Role.CLERK))


def laid_out(given: dict[str, Any]) -> list[dict[str, object]]:
    """So many machines with their slots, and two people for each who are known at its door, one of them with points."""
    place = first_machine()
    assert place is not None  # noqa: S101  # the made-up county has one
    clerk = clerk_over(place.area_id)
    with transaction_as(clerk) as by:
        item = add_item(id=new_id(), area_id=place.area_id, kind=ItemKind.GOOD, name="试验水", price=PRICE, by=by).pk
    people = residents(place.area.path, 2 * int(given["machines"]))
    return [
        {
            **machine(place.area_id, number, item, int(given["slots"]), clerk),
            "people": people[2 * number : 2 * number + 2],
        }
        for number in range(int(given["machines"]))
    ]


def machine(area: int, number: int, item: Any, slots: int, clerk: Actor) -> dict[str, Any]:
    with transaction_as(clerk) as by:
        made = services.register_machine(id=new_id(), name=f"试验机{number}", place="村口", area_id=area, by=by)
        for slot in range(1, slots + 1):
            services.save_slot(machine=made, number=slot, item=item, stock=rules.MOST_STOCK, low=0, by=by)
        return {"code": made.code, "key": services.give_key(machine=made, by=by)}


def residents(path: str, count: int) -> list[dict[str, object]]:
    """Of so many households one each: their account, full of points, and what their phone keeps of who they are."""
    found: list[dict[str, object]] = []
    with transaction_as(system_actor("machines.broken")) as by:
        issued = house_account(kind=AccountKind.ISSUANCE, by=by).pk
        codes = visible_codes(by).filter(revoked_at=None, household__area__path__startswith=path)
        for household, area in codes.order_by("pk").values_list("household_id", "household__area_id")[: 2 * count]:
            one = visible_residents(by).filter(household_id=household, left_at=None).first()
            if one is None or len(found) == count:
                continue
            account = open_account(kind=AccountKind.RESIDENT, area=area, resident=one.pk, by=by).pk
            opening = Posting(issued, account, POINTS, Code.OPENING)
            post_transfers(caller="machines.broken", key=f"open:{account}", postings=[opening], by=by).checked()
            kept = kept_of(household, one.pk, str(code_since(by, household)), clock.now() + timedelta(days=1))
            found.append({"account": account, "cookie": [COOKIE, kept], "has": [*had(account)]})
    return found


def had(account: int) -> tuple[int, int]:
    """What is there and what of it is held, as for something booked."""
    holding = balance_of(account)
    return holding.posted, holding.held


def looked(fallen: dict[str, list[str]]) -> int:
    """Somebody opens each machine and says what became of what nobody knows. Returns of how many."""
    decided = 0
    for one in Machine.objects.filter(code__in=fallen):
        clerk = clerk_over(one.area_id)
        for vend in Vend.objects.filter(machine=one, state=State.UNKNOWN):
            with transaction_as(clerk) as by:
                services.decide_vend(vend=vend.pk, dropped=str(vend.pk) in fallen[one.code], by=by)
            decided += 1
    return decided


def books(given: dict[str, Any]) -> dict[str, Any]:
    """Once nothing is under way: what fell, what the server says, and where the points are; all of it must fit."""
    wrong = [str(one) for one in verify()]
    states: Counter[str] = Counter()
    for told in given["machines"]:
        found = Machine.objects.get(code=told["code"])
        vends = {str(one.pk): one for one in Vend.objects.filter(machine=found)}
        states.update(one.state for one in vends.values())
        wrong += [f"{found.code}: {one}" for one in of_machine(found, vends, told)]
        try:
            lines = read_lines(Path(told["journal"]))
        except NoJournal as error:
            wrong.append(f"{found.code}: {error}")
        else:
            wrong += [f"{found.code}: {one}" for one in differences(found, lines)]
    return {"wrong": wrong, "states": dict(states), "fallen": sum(len(one["fallen"]) for one in given["machines"])}


def of_machine(machine: Machine, vends: dict[str, Vend], told: dict[str, Any]) -> list[str]:
    fallen = told["fallen"]
    ended = {id for id, one in vends.items() if one.state in ENDED}
    paid = {id for id, one in vends.items() if one.state == State.DONE and one.transfer}
    checks = {
        "a piece fell twice for one exchange": len(fallen) != len(set(fallen)),
        "acknowledged and not there": bool(set(told["chosen"]) - set(vends)),
        "what fell is not what ended": set(fallen) != ended,
        "its account": balance_of(machine.account_id).posted != PRICE * len(fallen),
        "under way": any(
            one.state not in {*ENDED, State.FAILED, State.CALLED_OFF, State.RETURNED} for one in vends.values()
        ),
        "locked": machine.locked_at is not None,
    }
    wrong = [name for name, is_so in checks.items() if is_so]
    for person in told["people"]:
        own = sum(PRICE for id in paid if vends[id].account_id == person["account"])
        posted, held = had(person["account"])
        if [posted, held] != [person["has"][0] - own, person["has"][1]]:
            wrong.append(f"points of account {person['account']}: {posted} and {held} held, paid {own}")
    return wrong
