"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("households.household.created", _("opened the file of {what}")),
    Deed("households.household.updated", _("changed the file of {what}")),
    Deed("households.household.closed", _("closed the file of {what}")),
    Deed("households.household.viewed", _("opened the file of {what}, to look at it"), Doing.LOOK),
    Deed("households.household.searched", _("searched for a person or number and came upon {what}"), Doing.LOOK),
    Deed("households.resident.created", _("added a person to {what}")),
    Deed("households.resident.updated", _("changed a person of {what}")),
    Deed("households.resident.moved", _("moved a person to {what}")),
    Deed("households.resident.left", _("noted that a person left {what}")),
    Deed("households.resident.merged", _("made two entries of one person one, in {what}")),
    Deed("households.resident.told_apart", _("said that two entries are two people, in {what}")),
    Deed("households.resident.parted", _("took back that two entries are one person, in {what}")),
    Deed("households.duplicates.found", _("looked for people on file twice"), Doing.UPKEEP),
    Deed("households.resident.revealed", _("looked at a number of a person of {what}"), Doing.LOOK),
    Deed("households.tag.granted", _("gave a tag to {what}")),
    Deed("households.tag.revoked", _("took a tag of {what} back")),
    Deed("households.tag.listed", _("listed households with a sensitive tag"), Doing.LOOK),
    Deed("households.tag.added", _("added a kind of tag")),
    Deed("households.tag.changed", _("changed a kind of tag")),
    Deed("households.tag.left", _("put a kind of tag aside")),
    Deed("households.tag.taken_up", _("took a kind of tag into use again")),
    Deed("households.tags_import.loaded", _("loaded kinds of tags from a table")),
    Deed("households.tags.loaded", _("loaded the kinds of tags"), Doing.UPKEEP),
    Deed("households.code.issued", _("issued a code for the door of {what}")),
    Deed("households.code.revoked", _("revoked the code at the door of {what}")),
    Deed("households.code.refused", _("could not open {what} by its code"), Doing.DENIED),
    Deed("households.plates.printed", _("printed door plates of {what}"), Doing.OUT),
    Deed("households.import.loaded", _("loaded households from a table")),
    Deed("households.person.erased", _("erased a person of a household on request")),
)
