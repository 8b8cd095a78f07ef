"""What is thanked by itself, as other rooms tell it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from minqing.core.clock import local_date
from minqing.earning.enums import Happening
from minqing.earning.services import doubt_thanks, follow_claims, thank_for
from minqing.journal.subscriptions import Event
from minqing.matters.enums import Channel, Outcome, State
from minqing.matters.protocols import MatterRead
from minqing.matters.queries import visible_matters
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as

# reports behind a household's code, and suggestions, which come by the same way
THANKED: Final = {
    Channel.CODE.value: Happening.REPORT_TRUE,
    Channel.SUGGESTION.value: Happening.SUGGESTION_ADOPTED,
}


def matter_confirmed(event: Event) -> None:
    """A report from behind a household's code proved true, or a suggestion was adopted: the household is thanked once.

    The unit that answered says whether it was solved, and so whether it was true or adopted; the reporter's own word
    can withhold the points and never gives them. Not for what was told in confidence: the household would read of it.
    """
    with acting_as(system_actor("earning.thank")) as by:
        row = visible_matters(by).filter(pk=event.subject.removeprefix("matter:")).first()
        if row is None or row.household_id is None or row.confidential or not proved(row):
            return
        if (happening := THANKED.get(row.channel)) is None:
            return
        thank_for(
            happening=happening,
            cause=event.subject,
            area_id=row.area_id,
            household_id=row.household_id,
            happened_on=local_date(row.received_at),
            by=by,
        )


def matter_opened_again(event: Event) -> None:
    """Somebody says now that it is not solved: nothing is taken back by itself, a person looks at it."""
    with acting_as(system_actor("earning.thank")) as by:
        doubt_thanks(cause=event.subject, by=by)


def proved(row: MatterRead) -> bool:
    """Whether the unit solved it, and the reporter does not say that it is not solved."""
    return row.state == State.CONFIRMED and row.outcome == Outcome.SOLVED and row.last_solved is not False


def household_moved(event: Event) -> None:
    """A household's file changed: if it lies in another area now, its claims go with it. Where its area became
    part of another one they stay, with the past of that place.
    """
    area = event.data.get("area")
    if "area_id" in event.data.get("fields", ()) and isinstance(area, int) and event.data.get("kept") is not True:
        with acting_as(system_actor("earning.follow")) as by:
            follow_claims(household=UUID(event.subject.removeprefix("household:")), area=area, by=by)
