"""Words of what devices hand in. Pure."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.words import Word


class Outcome(Word):
    """What became of an operation, as its receipt says for ever.

    A closed set from the first release on: a phone of today must understand what the server of next year tells it.
    """

    APPLIED = "applied", _("Taken")
    MERGED = "merged", _("Taken beside another change")
    CONFLICT = "conflict", _("Two wrote the same: somebody decides")
    HANDED_OVER = "handed_over", _("Taken and handed on")
    REFUSED = "refused", _("Could not be taken")
    OWED = "owed", _("Taken, a photo is still to come")


class Wait(Word):
    """Why an operation has no receipt yet: nothing is written down of it, and the device sends it again."""

    BUILDS_ON = "builds_on", _("It waits for what was written before it.")
    DAMAGED = "damaged", _("It was damaged on its way.")
    UNKNOWN_KIND = "unknown_kind", _("The server does not know this kind yet.")
    FAILED = "failed", _("Something went wrong on the server.")
    NUMBER_TAKEN = "number_taken", _("Its number belongs to something else.")
    ID_TAKEN = "id_taken", _("It was sent once already, with other words.")


class Arrival(Word):
    """How far a photo has come that an operation has named."""

    OWED = "owed", _("Still to come")
    RECEIVED = "received", _("Arrived")
    LOST = "lost", _("Lost on the phone")
    REFUSED = "refused", _("Could not be taken")


class Came(Word):
    """Which way something came that is sealed to the server."""

    FILE = "file", _("In a file")
    PHONE = "phone", _("From the phone")


# nothing of these is asked for any more; one that was given up may still come
ENDED: Final = frozenset({Arrival.RECEIVED, Arrival.REFUSED})
