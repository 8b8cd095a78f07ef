"""What makes some of the demo's open matters hard: told by the ordinary services, a while after their past ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, Final

from minqing.core.actor import Actor
from minqing.core.clock import local_date
from minqing.core.ids import new_id
from minqing.households.demo import Staff
from minqing.matters import services
from minqing.matters.demo import words
from minqing.matters.enums import Move, Outcome, PauseReason
from minqing.matters.queries import matter_for
from minqing.matters.services.history import PastMatter
from minqing.privacy.access import acting_as

SOON = timedelta(days=3)
# of what is told such matters are no office's, or no longer
BEFORE_A_COURT = ("起诉到法院",)
OUT_OF_DOORS = ("building", "road", "transport", "environment")
INDOORS = (PauseReason.REPORTER, PauseReason.THIRD_PARTY)
DAY = timedelta(days=1)


@dataclass
class Case:
    """A matter under way with those around it. Its moves come at equal pauses between its last step and now."""

    matter: PastMatter
    unit: int
    clerk: Actor
    handler: Actor
    now: datetime
    at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.at = self.matter.steps[-1].at

    def do(self, service: Callable[..., Any], by: Actor, **more: object) -> None:
        self.at += (self.now - self.at) / 6
        with acting_as(by):
            service(id=new_id(), matter=matter_for(by, self.matter.id), by=by, at=self.at, **more)


class Scenarios:
    """Chooses matters in turn: the same stories in the same proportion at every scale."""

    def __init__(self, now: datetime, staff: Staff) -> None:
        self.now, self.staff, self.leader = now, staff, staff.person("leader")
        self.bureaus = [unit for unit in staff.units if unit.kind == "bureau" and staff.of_unit(unit.id)]
        self.turn = 0
        self.people: dict[tuple[str, int], Actor | None] = {}
        # matters in hand by their titles, with which another one that says the same can be handled
        self.causes: dict[str, PastMatter] = {}
        self.twins = 0
        self.stories = {kind: cycle(stories) for kind, stories in STORIES.items()}

    def give(self, matters: Sequence[PastMatter]) -> int:
        """Go on with some of ``matters``, which were just stored; returns with how many."""
        kinds = defaultdict(list)
        for matter in matters:
            if kind := self.kind_of(matter):
                kinds[kind].append(matter)
        told = 0
        # those in hand first: others are merged into them
        for kind in STORIES:
            for matter in kinds[kind]:
                case = self.case(matter)
                if case is None:
                    continue
                if kind is Move.ACT:
                    self.causes[matter.title] = matter
                if (story := self.story(kind, matter)) is not None:
                    told += story(self, case) is not False
        return told

    def story(self, kind: Move, matter: PastMatter) -> Story | None:
        """What becomes of it; of two that say what another has said one is left for the clerk to see."""
        if kind is Move.RECEIVE:
            if matter.title in self.causes:
                self.twins += 1
                return Scenarios.merged if self.twins % 2 else None
            if not any(word in matter.text for word in BEFORE_A_COURT):
                return None
        return next(self.stories[kind])

    def kind_of(self, matter: PastMatter) -> Move | None:
        """The last move of one that waits or is in time; None for what is over, nearly due or late."""
        last, given = matter.steps[-1], [step for step in matter.steps if step.due_at]
        if last.move is Move.RECEIVE:
            return Move.RECEIVE
        if last.move in {Move.ACT, Move.ASSIGN} and given and given[-1].due_at > self.now + SOON:  # type: ignore[operator]
            return last.move
        return None

    def case(self, matter: PastMatter) -> Case | None:
        unit = next((step.unit_id for step in reversed(matter.steps) if step.unit_id), 0)
        clerk = self.found("clerk", matter.area_id, self.staff.clerk_over)
        handler = self.found("unit", unit, self.staff.of_unit) if unit else clerk
        return Case(matter, unit, clerk, handler, self.now) if clerk and handler else None

    def found(self, what: str, key: int, look: Callable[[int], Actor | None]) -> Actor | None:
        if (what, key) not in self.people:
            self.people[what, key] = look(key)
        return self.people[what, key]

    def others(self, case: Case) -> list[Any]:
        """Bureaus that do not have it, beginning with another one each time."""
        self.turn += 1
        at = self.turn % len(self.bureaus)
        return [unit for unit in self.bureaus[at:] + self.bureaus[:at] if unit.id != case.unit]

    def of(self, unit: Any) -> Actor:
        found = self.found("unit", unit.id, self.staff.of_unit)
        assert found is not None  # noqa: S101  # chosen because somebody is there
        return found

    def joint(self, case: Case) -> None:
        """Two parts: one answered, one open."""
        first, second, *_rest = self.others(case)
        for unit in (first, second):
            case.do(services.ask_part, case.clerk, unit=unit.id, task=words.PART)
        case.do(services.reply_part, self.of(first), reply=words.PART_REPLY, outcome=Outcome.SOLVED)

    def refused(self, case: Case) -> None:
        """A part that its unit says is another's."""
        first, second, *_rest = self.others(case)
        case.do(services.ask_part, case.clerk, unit=first.id, task=words.PART)
        case.do(services.refuse_part, self.of(first), reason=words.BACK, proposed=second.id)

    def supervised(self, case: Case) -> bool | None:
        if self.leader is None:
            return False
        case.do(services.supervise_matter, self.leader, order=words.ORDER)
        case.do(services.report_on_matter, case.handler, text=words.REPORT)
        return None

    def suspended(self, case: Case) -> None:
        self.turn += 1
        out_of_doors = case.matter.category_code.startswith(OUT_OF_DOORS)
        reason = PauseReason.SEASON if out_of_doors else INDOORS[self.turn % len(INDOORS)]
        until = local_date(self.now + 20 * DAY)
        case.do(services.suspend_matter, case.handler, reason=reason, until=until, text=words.WAITS[reason.value])

    def asked(self, case: Case) -> None:
        case.do(services.ask_extension, case.handler, days=5, reason=words.MORE_TIME)

    def granted(self, case: Case) -> None:
        self.asked(case)
        # nobody grants an own request: where the clerk handles it, too, it waits for a colleague
        if case.clerk.id != case.handler.id:
            case.do(services.grant_extension, case.clerk)

    def contested(self, case: Case) -> None:
        """Two units have said that it is not theirs."""
        first, second, *_rest = self.others(case)
        case.do(services.send_back_matter, case.handler, reason=words.BACK, proposed=first.id)
        case.do(services.assign_matter, case.clerk, unit=first.id)
        case.do(services.send_back_matter, self.of(first), reason=words.BACK, proposed=second.id)

    def merged(self, case: Case) -> None:
        cause = self.causes[case.matter.title]
        with acting_as(case.clerk):
            whole = matter_for(case.clerk, cause.id)
        case.do(services.merge_matter, case.clerk, cause=whole, note=words.SAME)

    def declined(self, case: Case) -> None:
        case.do(services.decline_matter, case.clerk, reason=words.NOT_OURS)

    def appealed(self, case: Case) -> None:
        """Somebody of the place speaks for the reporter."""
        self.declined(case)
        case.do(services.appeal_matter, case.clerk, reason=words.APPEAL)


Story = Callable[[Scenarios, Case], "bool | None"]
# by the last move of the past; None leaves a matter as it is
STORIES: Final[dict[Move, tuple[Story | None, ...]]] = {
    Move.ACT: (
        Scenarios.joint,
        Scenarios.suspended,
        Scenarios.granted,
        Scenarios.supervised,
        Scenarios.refused,
        Scenarios.asked,
    ),
    Move.ASSIGN: (Scenarios.contested, None, None),
    Move.RECEIVE: (Scenarios.declined, Scenarios.appealed),
}
