"""What the journal's events of this room are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Doing

DEEDS = (
    Deed("sync.device.registered", _("made a phone their own for diaries without a signal")),
    Deed("sync.device.unlocked", _("got the key again that opens what a phone holds")),
    Deed("sync.device.revoked", _("closed a phone on which diaries are kept")),
    Deed("sync.letters.kept", _("handed in diaries sealed, to be decided about")),
    Deed("sync.letters.viewed", _("opened diaries that were handed in sealed"), Doing.LOOK),
    Deed("sync.letters.decided", _("decided about diaries that were handed in sealed")),
    Deed("sync.photo.refused", _("sent a photo that could not be taken")),
    Deed("sync.photo.lost", _("told that a photo is not on the phone any more")),
    Deed("sync.photo.given_up", _("waited no longer for a photo that had not come for two months")),
)
