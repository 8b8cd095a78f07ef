"""What matters of the made-up county have gone through until now, with their steps. No database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.deadlines.enums import Light
from minqing.households.demo import House, Occasion, Times, Worker
from minqing.matters.demo.words import BACK, NOT_NOW, NOT_SOLVED, ORDER, PARTLY, Story, Tale, stories
from minqing.matters.enums import Channel, Mechanism, Move, Outcome, State
from minqing.matters.services.history import PastMatter, PastStep, PastWord
from minqing.worktime.calendar import WorkCalendar

CHANNELS = (Channel.VISIT, Channel.CODE, Channel.COUNTER)
# what people also tell from an app that speaks Open311
SHARED = frozenset({"transport", "environment", "building"})
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# a closed matter came in at least this long ago
SETTLED = 32
# before this hour what came in last came in the evening before
MORNING = 10
# so many say where
NEAR_BY = 0.5
# how long a village's matters take, of what is usual: some are quick, some late
PACES = (0.55, 0.8, 0.95, 1.3)
MECHANISMS = (Mechanism.IMMEDIATE,) * 8 + (Mechanism.JOINT,) * 2 + (Mechanism.SUPERVISED,)


@dataclass(frozen=True)
class Desk:
    """Who handles a story told in a village: category, unit, its officer, usual working days."""

    category: str
    unit_id: int
    handler: Worker
    days: int


@dataclass(frozen=True)
class Recipe:
    """A matter that is not over: where it stands and how its deadline looks.

    ``like`` "twin": another has told the same; "court": it lies before a court.
    """

    state: State
    light: Light = Light.GREY
    scenario: Move | None = None
    like: str = ""


RECIPES = (
    Recipe(State.RECEIVED, like="court"),
    Recipe(State.ACCEPTED, Light.GREEN),
    Recipe(State.ACCEPTED, Light.YELLOW),
    Recipe(State.ASSIGNED, Light.GREEN),
    Recipe(State.FINISHED),
    Recipe(State.ACCEPTED, Light.RED),
    Recipe(State.RECEIVED, like="twin"),
    Recipe(State.ASSIGNED, Light.YELLOW),
    Recipe(State.ACCEPTED, Light.GREEN),
    Recipe(State.RECEIVED, scenario=Move.SEND_BACK),
    Recipe(State.FINISHED),
    Recipe(State.ASSIGNED, Light.RED),
    Recipe(State.ACCEPTED, Light.GREEN),
    Recipe(State.ASSIGNED, Light.GREEN, scenario=Move.REOPEN),
    Recipe(State.WITHDRAWN),
    Recipe(State.RECEIVED),
)


@dataclass
class Steps:
    """Steps in the order of their times, in office hours as far as that order and the present moment allow."""

    times: Times
    steps: list[PastStep] = field(default_factory=list)

    def add(self, move: Move, want: datetime, who: Worker | str, **more: object) -> datetime:
        hours = self.times.office if isinstance(who, Worker) else self.times.awake
        at = min(max(hours(want), self.last + 7 * MINUTE), self.times.now) if self.steps else want
        by, name = (who.ref, who.name) if isinstance(who, Worker) else (who, "")
        self.steps.append(PastStep(move, at, by, name, **more))  # type: ignore[arg-type]
        return at

    def order(self, leader: Worker | None) -> bool:
        """A leader orders supervision as soon as a unit has it; False where nobody leads, or no unit ever had it."""
        given = next((at for at, step in enumerate(self.steps) if step.move is Move.ASSIGN), None)
        if leader is None or given is None:
            return False
        at = self.steps[given].at + MINUTE
        self.steps.insert(given + 1, PastStep(Move.SUPERVISE, at, leader.ref, leader.name, ORDER, public=False))
        return True

    @property
    def over(self) -> bool:
        return self.steps[-1].move in {Move.CONFIRM, Move.WITHDRAW}

    @property
    def last(self) -> datetime:
        return self.steps[-1].at


class Past:
    """Everything that happened to a row of households; the same for the same chances and moment, keys apart."""

    def __init__(
        self,
        random: Random,
        *,
        now: datetime,
        calendar: WorkCalendar,
        days: int,
        desk: Callable[[Story, House], Desk],
        leader: Worker | None = None,
    ) -> None:
        self.random, self.times = random, Times(random, now=now, calendar=calendar, days=days)
        self.now, self.calendar, self.desk, self.leader = now, calendar, desk, leader
        told = stories()
        self.spot, self.court, self.transport = told["spot"], told["court"], told["transport"]
        self.stories = [one for kind, all in told.items() if kind not in {"spot", "court"} for one in all]
        self.recipes = self.shared = self.taken = self.answered = 0
        # what was told last in each village and is in hand
        self.causes: dict[str, Tale] = {}

    def of(
        self, houses: Sequence[House], occasions: list[Occasion], *, circulated: int, under_way: int, solved: int
    ) -> list[PastMatter]:
        """So many matters: some told on a visit, others come by the code at the door or the counter."""
        matters = []
        self.causes = {}
        for number in range(solved + circulated):
            channel = Channel.VISIT if number < solved else self.random.choices(CHANNELS, (55, 33, 12))[0]
            occasion = occasions.pop() if channel is Channel.VISIT and occasions else None
            if channel is Channel.VISIT and occasion is None:
                channel = Channel.COUNTER
            house = occasion.house if occasion else self.random.choice(houses)
            over = number >= solved + under_way
            tale, matter = self.solved(house) if number < solved else self.circulated(house, channel, over=over)
            matters.append(matter)
            if occasion:
                occasion.at, occasion.matter_id, occasion.said = matter.steps[0].at, matter.id, tale.words("said")
        return matters

    def reported(self, channel: Channel, tale: Tale, *, least: int) -> datetime:
        """When it was told: at a counter while it is open, on a visit by day, by phone when there is time."""
        day = self.times.day(least, tale.story.when)
        if channel is Channel.COUNTER:
            return self.times.at_work(day)
        return self.times.on_a_round(day) if channel is Channel.VISIT else self.times.at_home(day, tale.story.when)

    def today(self) -> datetime:
        """A moment of this day, or of the evening before where it has hardly begun."""
        early = self.now - self.times.midnight < MORNING * HOUR
        end = self.times.midnight - 2 * HOUR if early else self.now
        return end - self.random.random() * 4 * HOUR

    def solved(self, house: House) -> tuple[Tale, PastMatter]:
        """Told on a visit and settled by the village at once."""
        tale = self.random.choice(self.spot).told(self.random)
        desk = self.desk(tale.story, house)
        at = self.reported(Channel.VISIT, tale, least=6)
        steps = Steps(self.times)
        steps.add(Move.RECEIVE, at, house.cadre)
        due = self.calendar.add_working_days(at, 1)
        steps.add(Move.ASSIGN, at, house.clerk, unit_id=house.committee_id, due_at=due.at, provisional=due.provisional)
        steps.add(Move.ACCEPT, steps.last, house.secretary)
        finished = steps.last + self.random.uniform(0.3, 26) * HOUR
        steps.add(Move.FINISH, finished, house.secretary, text=tale.words("reply"), outcome=Outcome.SOLVED)
        steps.add(Move.CONFIRM, steps.last + self.random.uniform(1, 48) * HOUR, house.cadre)
        word = PastWord(True, True, self.random.choice((4, 5, 5)))
        return tale, self.matter(house, tale, desk.category, Channel.VISIT, steps, word=word)

    def circulated(self, house: House, channel: Channel, *, over: bool) -> tuple[Tale, PastMatter]:
        """Sent to an office or bureau; ``over`` ones are confirmed or withdrawn, the others under way."""
        self.recipes += not over
        recipe = None if over else RECIPES[(self.recipes - 1) % len(RECIPES)]
        tale = self.tale(house, recipe)
        desk = self.desk(tale.story, house)
        if channel is not Channel.VISIT and tale.story.category in SHARED:
            # every other of these was sent by an app
            self.shared += 1
            channel = Channel.OPEN311 if self.shared % 2 else channel
        reporters: dict[Channel, Worker | str] = {
            Channel.VISIT: house.cadre,
            Channel.COUNTER: house.clerk,
            Channel.CODE: resident(house),
            Channel.OPEN311: resident(house),
        }
        if recipe is None:
            at = self.reported(channel, tale, least=SETTLED)
            steps, word = self.settled(house, tale, desk, reporters[channel], at)
        else:
            steps, word = self.under_way(house, tale, desk, reporters[channel], recipe), None
        return tale, self.matter(house, tale, desk.category, channel, steps, word=word)

    def tale(self, house: House, recipe: Recipe | None) -> Tale:
        """What is told; of two in one village the second may tell what the first has told."""
        if recipe and recipe.like == "twin" and house.village.code in self.causes:
            return self.causes[house.village.code]
        pool: Sequence[Story] = self.stories
        if recipe and recipe.like == "court":
            pool = self.court
        elif recipe and self.recipes % 3 == 0:
            # every third goes to the bureau whose officer can be tried out
            pool = self.transport
        tale = self.random.choice(pool).told(self.random)
        if recipe and recipe.state is State.ACCEPTED and recipe.light is Light.GREEN:
            self.causes[house.village.code] = tale
        return tale

    def settled(
        self, house: House, tale: Tale, desk: Desk, reporter: Worker | str, told: datetime
    ) -> tuple[Steps, PastWord | None]:
        random, steps = self.random, Steps(self.times)
        at = steps.add(Move.RECEIVE, told, reporter)
        if random.random() < 0.03:
            steps.add(Move.WITHDRAW, at + random.uniform(2, 20) * HOUR, reporter)
            return steps, None
        self.assign(steps, at + random.uniform(1, 20) * HOUR, house, desk)
        pace = PACES[sum(map(ord, house.village.code)) % len(PACES)]
        self.work(steps, tale, desk, steps.last + random.uniform(0.25, 1.15) * pace * desk.days * DAY)
        if random.random() < 0.04:
            steps.add(Move.REOPEN, steps.last + random.uniform(3, 40) * HOUR, reporter, text=NOT_SOLVED)
            self.work(steps, tale, desk, steps.last + random.uniform(1, 3) * DAY)
        steps.add(Move.CONFIRM, steps.last + random.uniform(2, 60) * HOUR, reporter)
        solved = random.random() < 0.97
        rating = random.choices((3, 4, 5), (1, 4, 7))[0] if solved else random.choice((1, 2, 3))
        thanks = random.choice(tale.story.thanks) if solved and random.random() < 0.6 else ""
        return steps, PastWord(True, solved, rating, thanks)

    def under_way(self, house: House, tale: Tale, desk: Desk, reporter: Worker | str, recipe: Recipe) -> Steps:
        random, steps = self.random, Steps(self.times)
        if recipe.state in {State.RECEIVED, State.WITHDRAWN} and recipe.scenario is None:
            steps.add(Move.RECEIVE, self.today(), reporter)
            if recipe.state is State.WITHDRAWN:
                steps.add(Move.WITHDRAW, self.now, reporter)
            return steps
        assigned = (
            self.now
            - {Light.YELLOW: 60, Light.RED: random.uniform(30, 40)}.get(recipe.light, random.uniform(1.2, 3)) * DAY
        )
        steps.add(Move.RECEIVE, assigned - random.uniform(1, 20) * HOUR, reporter)
        due = self.due(recipe.light)
        self.assign(steps, assigned, house, desk, due=due)
        if recipe.scenario is Move.SEND_BACK:
            steps.add(Move.SEND_BACK, steps.last + 2 * HOUR, desk.handler, text=BACK, public=False)
        elif recipe.scenario is Move.REOPEN:
            self.work(steps, tale, desk, steps.last + 4 * HOUR)
            steps.add(Move.REOPEN, self.now - HOUR, reporter, text=NOT_SOLVED, due_at=due)
        elif recipe.state is State.FINISHED:
            self.work(steps, tale, desk, self.now - random.uniform(1, 6) * HOUR)
        elif recipe.state is State.ACCEPTED:
            steps.add(Move.ACCEPT, steps.last + 3 * HOUR, desk.handler)
            steps.add(Move.ACT, steps.last + 5 * HOUR, desk.handler, text=random.choice(tale.story.progress))
        return steps

    def due(self, light: Light) -> datetime:
        """A deadline that shows in this colour now."""
        if light is Light.YELLOW:
            return self.calendar.add_working_days(self.now, 1).at
        if light is Light.RED:
            return self.calendar.add_working_days(self.now - 20 * DAY, self.random.randrange(5)).at
        return self.calendar.add_working_days(self.now, self.random.randrange(6, 12)).at

    def assign(self, steps: Steps, at: datetime, house: House, desk: Desk, *, due: datetime | None = None) -> None:
        usual = self.calendar.add_working_days(at, desk.days)
        more = {"due_at": due or usual.at, "provisional": usual.provisional}
        steps.add(Move.ASSIGN, at, house.clerk, unit_id=desk.unit_id, **more)

    def work(self, steps: Steps, tale: Tale, desk: Desk, finish: datetime) -> None:
        steps.add(Move.ACCEPT, steps.last + self.random.uniform(0.5, 5) * HOUR, desk.handler)
        if self.random.random() < 0.6:
            middle = steps.last + (finish - steps.last) * 0.4
            steps.add(Move.ACT, middle, desk.handler, text=self.random.choice(tale.story.progress))
        steps.add(Move.FINISH, finish, desk.handler, text=tale.words("reply"), **self.went())

    def went(self) -> dict[str, object]:
        """How it went: of twenty answers two solve a part, and one cannot be done for now."""
        self.answered += 1
        nth = self.answered % 20
        if nth in {6, 13}:
            return {"outcome": Outcome.PARTLY, "outcome_note": PARTLY[self.answered // 5 % len(PARTLY)]}
        if nth == 17:
            return {"outcome": Outcome.NOT_NOW, "outcome_note": NOT_NOW[self.answered // 20 % len(NOT_NOW)]}
        return {"outcome": Outcome.SOLVED}

    def matter(
        self,
        house: House,
        tale: Tale,
        category: str,
        channel: Channel,
        steps: Steps,
        *,
        word: PastWord | None,
    ) -> PastMatter:
        random = self.random
        # of what is under way a leader or a clerk decides, as they do: see scenarios.py
        mechanism = random.choice(MECHANISMS) if steps.over else Mechanism.IMMEDIATE
        if mechanism is Mechanism.SUPERVISED and not steps.order(self.leader):
            mechanism = Mechanism.JOINT
        who = random.choice(house.home.people)
        named = channel is not Channel.VISIT and random.random() < 0.8
        longitude, latitude = house.grid.inside(random)
        return PastMatter(
            id=new_id(),
            title=f"{house.village.name}{tale.words('title')}",
            text=tale.words("text") + (f"就在{house.home.address}附近。" if random.random() < NEAR_BY else ""),
            area_id=house.area_id,
            channel=channel,
            steps=steps.steps,
            category_code=category,
            mechanism=mechanism,
            household_id=house.id,
            place=house.home.address,
            point=Point(latitude, longitude),
            word=word,
            handler_id=self.handler_of(steps),
            reporter_name=who.name if named else "",
            reporter_phone=who.phone if named else "",
        )

    def handler_of(self, steps: Steps) -> UUID | None:
        """Whoever took it in hand has it, in three of four; the others wait for somebody to be named."""
        taken = [step.by for step in steps.steps if step.move is Move.ACCEPT]
        self.taken += bool(taken)
        return UUID(taken[-1].removeprefix("user:")) if taken and self.taken % 4 else None


def resident(house: House) -> str:
    return f"resident:household:{house.id}"
