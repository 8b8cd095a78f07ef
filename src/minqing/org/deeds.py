"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("org.page.refused", _("was refused {page}"), Doing.DENIED),
    Deed("org.page.not_found", _("asked for something on {page} that is not theirs or is not there"), Doing.DENIED),
    Deed("org.account.signed_in", _("signed in"), Doing.SIGN),
    Deed("org.account.signed_out", _("signed out"), Doing.SIGN),
    Deed("org.account.refused", _("gave a wrong password for {what}"), Doing.DENIED),
    Deed("org.account.locked_out", _("was kept from signing in as {what} after too many tries"), Doing.DENIED),
    Deed("org.account.password_changed", _("changed their password"), Doing.SIGN),
    Deed("org.account.password_set", _("set a password for {what}")),
    Deed("org.account.language_chosen", _("chose the language of the pages"), Doing.SIGN),
    Deed("org.account.created", _("added the account of {what}")),
    Deed("org.account.updated", _("changed the account of {what}")),
    Deed("org.account.switched_off", _("switched the account of {what} off")),
    Deed("org.account.switched_on", _("switched the account of {what} on")),
    Deed("org.post.created", _("gave a post to {person}")),
    Deed("org.post.updated", _("changed a post of {person}")),
    Deed("org.post.ended", _("ended a post of {person}")),
    Deed("org.area.created", _("added the area {what}")),
    Deed("org.area.updated", _("changed the area {what}")),
    Deed("org.area.renamed", _("renamed the area {what}")),
    Deed("org.area.moved", _("moved the area {what}")),
    Deed("org.area.merged", _("made the area {what} part of another one")),
    Deed("org.area.rows_carried", _("took what lay in the area {what} to where it is now"), Doing.UPKEEP),
    Deed("org.area.merge_finished", _("took along all that lay in the area {what}"), Doing.UPKEEP),
    Deed("org.area.change_undone", _("undid a change of the area {what}")),
    Deed("org.area.undo_finished", _("brought all back into the area {what}"), Doing.UPKEEP),
    Deed("org.area.closed", _("closed the area {what}")),
    Deed("org.area.reopened", _("opened the area {what} again")),
    Deed("org.unit.created", _("added the unit {what}")),
    Deed("org.unit.updated", _("changed the unit {what}")),
    Deed("org.unit.closed", _("put the unit {what} out of use")),
    Deed("org.unit.reopened", _("took the unit {what} into use again")),
    Deed("org.work_day.created", _("set a day as working or free")),
    Deed("org.work_day.updated", _("changed a day to working or free")),
    Deed("org.work_day.cleared", _("took back what was set for a day")),
    Deed("org.work_days.loaded", _("loaded the calendar of working days"), Doing.UPKEEP),
    Deed("org.areas_import.loaded", _("loaded areas from a table")),
    Deed("org.units_import.loaded", _("loaded units from a table")),
    Deed("org.staff_import.loaded", _("loaded staff from a table")),
    Deed("org.work_days_import.loaded", _("loaded working days from a table")),
)
