"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("visits.visit.recorded", _("wrote down a visit to {household}")),
    Deed("visits.visit.after_closing", _("wrote down a visit to {household}, whose file was closed")),
    Deed("visits.photo.added", _("added a photo to a visit to {household}")),
    Deed("visits.visit.viewed", _("opened the diary of a visit to {what}"), Doing.LOOK),
    Deed("visits.household.followed", _("kept the day of the next visit to {what}"), Doing.UPKEEP),
    Deed("visits.promise.made", _("wrote down what was promised to {household}")),
    Deed("visits.promise.settled", _("said whether what was promised to {household} was kept")),
    Deed("visits.assignment.made", _("gave {what} into the care of {person}")),
    Deed("visits.assignment.changed", _("changed how often {what} is visited")),
    Deed("visits.assignment.ended", _("ended the care of {person} for {what}")),
    Deed(
        "visits.conflict.found", _("changed in the file of {what} without a signal what stands there otherwise by now")
    ),
    Deed("visits.conflict.decided", _("decided which of two values stands in the file of {what}")),
    Deed("visits.conflict.viewed", _("looked at two values for the file of {what}"), Doing.LOOK),
    Deed("visits.campaign.opened", _("began a round of visits")),
    Deed("visits.campaign.closed", _("ended a round of visits")),
    Deed("visits.history.loaded", _("loaded earlier visits"), Doing.UPKEEP),
    Deed("visits.care.loaded", _("loaded who cares for which household"), Doing.UPKEEP),
    Deed("visits.person.erased", _("erased a person in diaries on request")),
)
