"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("activities.activity.written", _("wrote an activity")),
    Deed("activities.activity.changed", _("changed an activity")),
    Deed("activities.activity.published", _("published an activity")),
    Deed("activities.activity.cancelled", _("cancelled an activity")),
    Deed("activities.activity.ended", _("said that an activity is over")),
    Deed("activities.activity.settled", _("confirmed who came to an activity as the first of two")),
    Deed("activities.activity.sent_back", _("sent the list of an activity back")),
    Deed("activities.activity.thanked", _("gave points to all who came to an activity")),
    Deed("activities.activity.reported", _("told how an activity was")),
    Deed("activities.sign_up.made", _("signed somebody up for an activity")),
    Deed("activities.sign_up.waiting", _("put somebody on the waiting list of an activity")),
    Deed("activities.sign_up.moved_up", _("let somebody move up from a waiting list")),
    Deed("activities.sign_up.withdrawn", _("took a sign-up for an activity back")),
    Deed("activities.sign_up.came", _("checked somebody in at an activity")),
    Deed("activities.sign_up.undone", _("took a check-in at an activity back")),
    Deed("activities.person.followed", _("took sign-ups along with somebody who moved"), Doing.UPKEEP),
    Deed("activities.person.erased", _("erased a person's sign-ups on request")),
    Deed("activities.activity.looked_at", _("looked at who comes to an activity"), Doing.LOOK),
)
