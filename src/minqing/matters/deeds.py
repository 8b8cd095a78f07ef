"""What the journal's events of this room are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing
from minqing.matters.enums import Channel


def channel(data: Mapping[str, Any]) -> dict[str, str]:
    """By which way it came."""
    code = str(data.get("channel"))
    return {"channel": str(Channel(code).label) if code in set(Channel) else "–"}


DEEDS = (
    Deed("matters.matter.received", _("reported {what} ({channel})"), words=channel),
    Deed("matters.matter.classified", _("sorted {what}")),
    Deed("matters.matter.assigned", _("handed {what} to {unit}")),
    Deed("matters.matter.unassigned", _("took the assignment of {what} back")),
    Deed("matters.matter.decided", _("decided on the spot that {unit} handles {what}")),
    Deed("matters.matter.transferred", _("transferred {what} to {unit}")),
    Deed("matters.matter.accepted", _("took {what} in hand")),
    Deed("matters.matter.named", _("said who in the unit has {what}")),
    Deed("matters.matter.taken", _("took {what} on as the one who has it in the unit")),
    Deed("matters.matter.noted", _("noted progress of {what}")),
    Deed("matters.matter.remarked", _("left an internal note on {what}")),
    Deed("matters.matter.sent_back", _("sent {what} back")),
    Deed("matters.part.asked", _("asked units to join in {what}")),
    Deed("matters.part.replied", _("answered a part of {what}")),
    Deed("matters.part.refused", _("refused a part of {what}")),
    Deed("matters.part.decided", _("decided on the spot who has a part of {what}")),
    Deed("matters.part.dropped", _("took a part of {what} back")),
    Deed("matters.extension.asked", _("asked for more time for {what}")),
    Deed("matters.extension.granted", _("granted more time for {what}")),
    Deed("matters.extension.refused", _("refused more time for {what}")),
    Deed("matters.matter.suspended", _("put {what} on hold")),
    Deed("matters.matter.resumed", _("resumed {what}")),
    Deed("matters.matter.finished", _("finished {what} with a reply")),
    Deed("matters.matter.followed_up", _("asked the reporter of {what}")),
    Deed("matters.matter.confirmed", _("said how {what} was solved")),
    Deed("matters.matter.reopened", _("took {what} up again")),
    Deed("matters.matter.declined", _("declined {what} as outside the duty")),
    Deed("matters.matter.appealed", _("appealed about {what}")),
    Deed("matters.matter.withdrawn", _("withdrew {what}")),
    Deed("matters.matter.merged", _("put {what} together with another matter")),
    Deed("matters.matter.split", _("let {what} be handled on its own again")),
    Deed("matters.matter.supervised", _("put {what} under supervision")),
    Deed("matters.matter.reported_on", _("made an interim report on {what}")),
    Deed("matters.matter.released", _("ended the supervision of {what}")),
    Deed("matters.matter.escalated", _("carried {what} up because it is late"), Doing.UPKEEP),
    Deed("matters.matter.reckoned", _("reckoned the deadlines of {what} anew"), Doing.UPKEEP),
    Deed("matters.picture.added", _("added a photo to the report of {what}")),
    Deed("matters.reporter.revealed", _("looked at the reporter of {what}"), Doing.LOOK),
    Deed("matters.caller.looked_up", _("looked up matters by a caller's number"), Doing.LOOK),
    Deed("matters.confidential.opened", _("opened {what}, told in confidence"), Doing.LOOK),
    Deed("matters.slip.printed", _("printed the slip of {what}"), Doing.OUT),
    Deed("matters.sheet.printed", _("printed a sheet of {what}"), Doing.OUT),
    Deed("matters.history.loaded", _("loaded earlier matters"), Doing.UPKEEP),
    Deed("matters.import.loaded", _("loaded matters from a table")),
    Deed("matters.categories.loaded", _("loaded the categories"), Doing.UPKEEP),
    Deed("matters.category.added", _("added a category of matters")),
    Deed("matters.category.changed", _("changed a category of matters, or what it asks")),
    Deed("matters.category.left", _("put a category of matters aside")),
    Deed("matters.category.taken_up", _("took a category of matters into use again")),
    Deed("matters.categories_import.loaded", _("loaded categories of matters from a table")),
    Deed("matters.phrase.saved", _("saved a canned reply")),
    Deed("matters.phrase.dropped", _("deleted a canned reply")),
    Deed("matters.call_backs.drawn", _("drew matters for follow-up calls"), Doing.UPKEEP),
    Deed("matters.person.corrected", _("corrected a reporter on request")),
    Deed("matters.person.erased", _("erased a reporter on request")),
    Deed("matters.person.withheld", _("withheld a reporter on request")),
)
