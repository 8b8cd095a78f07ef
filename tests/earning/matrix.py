"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.deadlines.enums import Rung
from minqing.earning.enums import Confirmer, Move, Period, State, Way
from minqing.earning.lifecycle import CLAIM
from minqing.earning.models import Claim
from minqing.earning.queries import TICKETS, current_version
from minqing.earning.rules import BUDGETS, SECONDS, Situation, may, may_change_functions, may_keep_budgets, may_take_in
from minqing.earning.services import BudgetTerms, save_budget
from minqing.org.enums import FIELD, OVERSIGHT, Role
from minqing.org.models import Area
from minqing.privacy.access import acting_as
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ALL, ANYONE, TOWN, Line, Reach, canary, door, fixed, number, planted
from tests.architecture.notices import Told, of
from tests.architecture.reasons import PART_OF_ANOTHER, WHOSE
from tests.cast import Cast, at
from tests.privacy.canary import ABOUT, ADDRESS, NAME, NEXT_DOOR, Placed

READERS = FIELD | OVERSIGHT | {Role.OPERATOR, Role.AUDITOR}
# what people are thanked for is the same everywhere
EVERYWHERE = dict.fromkeys(sorted(READERS), ALL)
HERE = frozenset({"own"})
REACH: Reach = {"cadre": HERE, "village_secretary": HERE, "clerk": TOWN}


def claim(cast: Cast, area: Area, **values: Any) -> tuple[Any, ...]:
    home, id = planted(cast, area), new_id()
    with cast.everything():
        Claim.objects.create(
            id=id, number=number("XF"), version=current_version("road_swept"), area=area, happened_on=clock.today(),
            received_at=at("2026-06-01 09:00"), changed_at=at("2026-06-01 09:00"), ticket=TICKETS.digest_of(id),
            **{"way": Way.DOOR, "state": State.SENT, "household": home, "name": canary("NAME", cast, area),
               "words": canary("NOTE", cast, area)} | values,
        )  # fmt: skip
    return (id,)


def link(cast: Cast, area: Area) -> tuple[Any, ...]:
    (id,) = claim(cast, area)
    return (TICKETS.ticket_of(id),)


def door_of(cast: Cast, area: Area) -> tuple[Any, ...]:
    return (*door(cast, area), "elders_honoured")


def refused(cast: Cast, area: Area) -> tuple[Any, ...]:
    return claim(cast, area, state=State.REFUSED)


def erased(cast: Cast, placed: Placed) -> None:
    """The person's own claim, refused after an objection, and somebody else's of which they are a witness."""
    words = {"words": ABOUT, "place": ADDRESS, "witness": NAME, "reasons": ABOUT, "appeal": ABOUT}
    own = {"household": placed.home, "resident": placed.resident, "name": NAME}
    claim(cast, cast.own, state=State.REFUSED, **words, **own)
    told = {"words": NEXT_DOOR, "place": f"{NAME}家门口", "witness": NAME, "reasons": NEXT_DOOR, "appeal": NEXT_DOOR}
    claim(cast, cast.own, state=State.REFUSED, **told)


CANARY = {erased}
OWN_TEXTS = {"earning.Claim": dict.fromkeys(("name",), WHOSE)}


def a_budget(cast: Cast, _area: Area) -> tuple[Any, ...]:
    with acting_as(by := cast.actor("operator")):
        save_budget(code="clean", wanted=BudgetTerms(name="环境整治专项", points=20, period=Period.MONTH), by=by)
    return ("clean",)


LINES = {
    "earning:functions": Line(READERS),
    "earning:function": Line(READERS, at=fixed("road_swept"), reach=EVERYWHERE),
    "earning:add_function": Line({Role.OPERATOR}),
    "earning:budgets": Line(BUDGETS),
    "earning:add_budget": Line({Role.OPERATOR}),
    "earning:budget": Line({Role.OPERATOR}, at=a_budget, reach={"operator": ALL}),
    "earning:list": Line(FIELD),
    "earning:new": Line(FIELD),
    # leaders those alone to which somebody objects
    "earning:detail": Line(FIELD | {Role.LEADER}, at=claim, reach=REACH),
    "earning:confirm": Line(FIELD, at=claim, reach=REACH, post=True, ok=422),
    "earning:refuse": Line(FIELD, at=claim, reach=REACH, post=True, ok=422),
    "earning:correct": Line({Role.CLERK}, at=claim, reach=REACH, post=True, ok=422),
    "earning:appeal": Line(FIELD, at=refused, reach=REACH, post=True, ok=422),
    "earning:grant": Line(SECONDS, at=claim, reach=REACH, post=True, ok=422),
    "earning:uphold": Line(SECONDS, at=claim, reach=REACH, post=True, ok=422),
    "earning:pass": Line(SECONDS, at=claim, reach=REACH, post=True, ok=403),
    "earning:own_appeal": Line(ANYONE, at=link, post=True, ok=422),
    "earning:photo": Line(FIELD, at=lambda cast, area: (*claim(cast, area), new_id()), reach={}),
    "earning:choose": Line(ANYONE, at=door),
    "earning:claim": Line(ANYONE, at=door_of),
    "earning:follow": Line(ANYONE, at=link),
}


def may_make(*moves: Move) -> Any:
    """Whether somebody may make one of these at a claim that others took in, in some state in which it is open."""

    def rule(cast: Cast, actor: Any) -> bool:
        return any(
            may(move, actor, Situation(state, cast.own.id, points, Confirmer.VILLAGE, None, None))
            for move in moves
            for points in (5, 60)
            for state, made in CLAIM.changing
            if made is move and state is not None
        )

    return rule


def looked_over(cast: Cast) -> Situation:
    return Situation(State.AWARDED, cast.own.id, 5, Confirmer.VILLAGE, None, None, drawn=True)


ACTS = {
    "change_function": Act("earning:function", lambda _cast, actor: may_change_functions(actor), shared=True),
    "add_function": Act("earning:add_function", lambda _cast, actor: may_change_functions(actor)),
    "add_budget": Act("earning:add_budget", lambda _cast, actor: may_keep_budgets(actor)),
    "change_budget": Act("earning:budget", lambda _cast, actor: may_keep_budgets(actor)),
    "send_claim": Act("earning:new", at_home(may_take_in)),
    "confirm_claim": Act("earning:confirm", may_make(Move.VOUCH, Move.CONFIRM)),
    "refuse_claim": Act("earning:refuse", may_make(Move.REFUSE)),
    "appeal_claim": Act("earning:appeal", may_make(Move.APPEAL)),
    "grant_appeal": Act("earning:grant", may_make(Move.GRANT)),
    "uphold_refusal": Act("earning:uphold", may_make(Move.UPHOLD)),
    "pass_claim": Act("earning:pass", lambda cast, actor: may(Move.PASS, actor, looked_over(cast))),
    "correct_claim": Act("earning:correct", may_make(Move.CORRECT)),
}
WITHOUT_PAGE = {
    "follow_claims": "by a household's move to another area",
    "load_functions": "the reference data of an upgrade",
    "open_balance": "row by row with a table of paper books",
    "draw_sample": "a job of the night",
    "fill_begun": "a job of the night",
    "doubt_thanks": "by what happened in another room",
    "save_budget": "row by row with a table of budgets",
    "thank_for": "by what happened in another room",
    "thank_together": "by the room in which people took part together",
}
# behind a code there is no role
ASKING = frozenset({"earning:claim", "earning:own_appeal"})
ADDS = {"NewBudgetForm", "NewFunctionForm", "ClaimForm", "PaperForm"}
BY_SERVICE = {
    "earning.forms.functions.NewFunctionForm": "earning.services.functions.add_function",
    "earning.forms.budgets.NewBudgetForm": "earning.services.budgets.add_budget",
    "earning.forms.door.ClaimForm": "earning.services.claims.send_claim",
    "earning.forms.claims.PaperForm": "earning.services.claims.send_claim",
}
LOCKED = {
    "earning.services.following.follow_claims": "rows of one household, in order of their ids",
    "earning.services.claims.begin": "the claim, then its awards and what the ledger locks",
    "earning.services.functions.next_version": "versions of functions, under their one name",
    "earning.services.claims.show_pictures": PART_OF_ANOTHER,
    "earning.services.budgets.changed": "the budget, under its own name, then what the ledger locks",
    "earning.services.budgets.held": PART_OF_ANOTHER,
    "earning.services.budgets.fill": PART_OF_ANOTHER,
    "earning.services.budgets.fill_begun": "one budget at a time, then what the ledger locks",
    "earning.services.budgets.paid_from": PART_OF_ANOTHER,
    "earning.services.functions.held_budget": PART_OF_ANOTHER,
    "earning.services.appeals.keep": PART_OF_ANOTHER,
    "earning.services.samples.doubt_thanks": "one claim",
    "earning.services.samples.draw_sample": "claims of one day, under the name of that day",
    "earning.services.awards.give": PART_OF_ANOTHER,
    "earning.services.awards.take_back": PART_OF_ANOTHER,
    "earning.services.together.give_all": PART_OF_ANOTHER,
    "earning.subjects.erase": "claims of one person, then their awards",
}
TOLD_BY = {
    "earning.services.functions.next_version": "earning.function.changed",
    "earning.services.claims.show_pictures": "earning.claim.sent",
    "earning.services.together.give_all": "earning.claim.awarded",
}
INSIDE = {
    "earning.services.following.follow_claims",
    "earning.services.functions.load_functions",
    "earning.services.claims.thank_for",
    "earning.services.samples.doubt_thanks",
    "earning.services.samples.draw_sample",
    "earning.services.budgets.fill_begun",
    "earning.services.together.thank_together",
}


def a_claim_that_waits(cast: Cast) -> None:
    claim(cast, cast.own)


def a_claim_that_was_refused(cast: Cast) -> None:
    claim(cast, cast.own, state=State.REFUSED)


def a_budget_that_is_kept(cast: Cast) -> None:
    a_budget(cast, cast.own)


PLANTED = {a_budget_that_is_kept, a_claim_that_waits, a_claim_that_was_refused}


def helped(cast: Cast) -> Any:
    return cast.account("cadre")


# an objection that nobody decides on
OBJECTED = of(
    "claim", claim, state=State.APPEALED, appeal="当天在值班。", appealed_at=at("2026-06-01 09:00"),
    due_at=at("2026-06-15 17:30"),
)  # fmt: skip
NOTICES = {
    "earning.refused": tuple(
        Told(f"earning.claim.{word}", of("claim", claim, state=state, taken_by=helped))
        for word, state in (("refused", State.REFUSED), ("upheld", State.UPHELD))
    ),
    "earning.corrected": (Told("earning.claim.corrected", of("claim", claim, state=State.CORRECTED, taken_by=helped)),),
    "earning.appealed": (Told("earning.claim.appealed", OBJECTED),),
    "earning.nearing": (Told("earning.claim.nearing", OBJECTED),),
    "earning.overdue": tuple(
        Told("earning.claim.escalated", OBJECTED, {"rung": rung.value})
        for rung in (Rung.HEAD, Rung.TOWNSHIP, Rung.CITY)
    ),
}
NO_MARKS = {
    "earning.Budget.points": "what each period fills a budget with",
    "earning.FunctionVersion.points": "what a function thanks with, whoever does it",
    "earning.Award.points": "what one award gave, as the entry of the ledger has it",
}

AT_ONCE = {"earning.0004_appeals"}
STAFFED = {
    "earning.ClaimClock.unit": "no unit has an objection",
    "earning.FunctionVersion.by": "what was done",
}
