"""Who may write and read diaries, which times can be right, and when a household is due. Pure: no database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import is_blank
from minqing.core.decision import Decision
from minqing.core.errors import FormatError
from minqing.core.formats import check_length
from minqing.org.enums import FIELD, OVERSIGHT, Role
from minqing.visits.enums import Met

WRITERS = FIELD
READERS = FIELD
LISTERS = FIELD | OVERSIGHT
ASSIGNERS = frozenset({Role.VILLAGE_SECRETARY, Role.CLERK})
# a visit is written down soon after; older ones would move figures that were already reported
LONGEST_BACK = timedelta(days=60)
# phones and servers differ by minutes
SKEW = timedelta(minutes=10)
NEARLY_DUE = timedelta(days=7)
EVERY_DAYS = (30, 60, 90, 180, 365)
# characters of what was said, of who else was there; photos
LONGEST_ROUND: Final = 366
MOST_TEXT: Final = 5000
MOST_PEOPLE: Final = 120
MOST_PICTURES: Final = 6
# one for each checklist, and what is on none
MOST_HAZARDS: Final = 30
MOST_PROMISE: Final = 120
# a promise for longer is none that anybody keeps in mind
LONGEST_PROMISE: Final = timedelta(days=366)
# so long before its day it comes back
PROMISE_NEARS: Final = timedelta(days=7)
CLOSED_FILE: Final = _(
    "The file of this household is closed. The diary is kept with it, marked, and the village secretary is told."
)
NOT_A_MEMBER: Final = _("Somebody who was ticked is no longer in this household. Please tick again.")


def may_record(actor: Actor, area_id: int) -> Decision:
    """Whether the actor may write a diary for a household of that area."""
    if not actor.has(*WRITERS):
        return Decision.no("not_a_writer", _("Diaries are written by cadres, village secretaries and clerks."))
    return within(actor, area_id)


def may_assign(actor: Actor, area_id: int) -> Decision:
    """Whether the actor may put households of that area into somebody's care; imports may, too."""
    if actor.kind != "system" and not actor.has(*ASSIGNERS):
        return Decision.no("not_an_assigner", _("Households are assigned by the village secretary or the clerk."))
    return within(actor, area_id)


def within(actor: Actor, area_id: int) -> Decision:
    if area_id not in actor.areas:
        return Decision.no("other_area", _("This household is not in your area."))
    return Decision.yes()


def may_lead(actor: Actor, area_id: int) -> Decision:
    """Whether the actor may call for a round of visits in that area, or end it."""
    if not actor.has(*ASSIGNERS):
        return Decision.no("not_a_leader", _("A round of visits is begun by the village secretary or the clerk."))
    if area_id not in actor.areas:
        return Decision.no("other_area", _("This place is not in your area."))
    return Decision.yes()


def days_are_right(since: date, until: date, today: date) -> Decision:
    """A round lasts a year at most, and is not over before it begins."""
    if until < since:
        return Decision.no("days_turned", _("The last day lies before the first one."))
    if until < today:
        return Decision.no("days_over", _("The last day is over. Choose a later one."))
    if (until - since).days >= LONGEST_ROUND:
        return Decision.no("days_many", _("A round of visits lasts a year at most."))
    return Decision.yes()


def may_decide(actor: Actor, area_id: int) -> Decision:
    """Whether the actor may say which of two values of a household's file is right."""
    if not actor.has(*WRITERS):
        return Decision.no("not_a_writer", _("Files are kept by cadres, village secretaries and clerks."))
    return within(actor, area_id)


def reads_diaries(actor: Actor) -> bool:
    """Leaders see that a visit took place and what was seen, not what a family said."""
    return actor.has(*READERS)


def time_is_right(visited_at: datetime, now: datetime) -> Decision:
    if visited_at > now + SKEW:
        return Decision.no("in_the_future", _("The visit lies in the future. Check the day."))
    if visited_at < now - LONGEST_BACK:
        return Decision.no("too_long_ago", _("The visit is more than 60 days ago and cannot be added any more."))
    return Decision.yes()


def diary_is_whole(met: str, text: str) -> Decision:
    """Something must be told, unless nobody was there to tell it."""
    if met not in set(Met):
        return Decision.no("met_unknown", _("Choose whether somebody was met."))
    if met != Met.NOBODY and is_blank(text):
        return Decision.no("nothing_said", _("Write in a few words what was said."))
    return Decision.yes()


def somebody_is_named(met: str, *, members: int, people: str) -> Decision:
    """A visit of today says who was met: a member of the household, or somebody else by name."""
    if counts_as_met(met) and not members and is_blank(people):
        return Decision.no("nobody_named", _("Tick who was met, or write a name below."))
    return Decision.yes()


def diary_fits(text: str, people: str, *, pictures: int = 0) -> Decision:
    """How much one diary holds, whichever way it comes."""
    try:
        for value, most in ((text, MOST_TEXT), (people, MOST_PEOPLE)):
            check_length(value, most)
    except FormatError as error:
        return Decision.no(error.code, error.sentence)
    if pictures > MOST_PICTURES:
        return Decision.no("too_many_pictures", _("At most 6 photos. Remove some of them."))
    return Decision.yes()


def somebody_spoke(met: str, *, words: int) -> Decision:
    """What a household says of its matters, somebody of it has said."""
    if words and not counts_as_met(met):
        return Decision.no("nobody_met", _("Nobody was met, so nobody has said how a matter went. Untick one of them."))
    return Decision.yes()


def checklists_are_known(codes: Collection[str], known: Collection[str]) -> Decision:
    if set(codes) - set(known):
        return Decision.no("hazard_unknown", _("Choose hazards from the list."))
    return Decision.yes()


def promise_is_right(text: str, due_on: date, visited_on: date) -> Decision:
    """Something, by a day not before the visit in which it was promised."""
    if is_blank(text):
        return Decision.no("promise_empty", _("Write what was promised."))
    if not visited_on <= due_on <= visited_on + LONGEST_PROMISE:
        return Decision.no("promise_day", _("Choose by when: a day after the visit, within a year."))
    return Decision.yes()


def may_settle(actor: Actor, *, owner: object, area_id: int) -> Decision:
    """Whether the actor may say how a promise ended: who made it, or who leads there, since the other may be gone."""
    if str(actor.id) == str(owner) and actor.has(*WRITERS):
        return within(actor, area_id)
    return may_assign(actor, area_id)


def counts_as_met(met: str) -> bool:
    """A call at an empty house is written down, but the household stays due."""
    return met != Met.NOBODY


def next_due(last: date, every_days: int) -> date:
    return last + timedelta(days=every_days)
