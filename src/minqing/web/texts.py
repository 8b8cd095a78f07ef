"""Sentences that the browser's modules show. The page carries them as JSON; JavaScript holds no text."""

from __future__ import annotations

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """Keys are used in frontend/*.js as ``text("key")``; a test holds both sides together."""
    return {
        "offline": _("No connection. Nothing was lost; try again when there is a signal."),
        "unreached": _(
            "No connection: it was not sent. What you wrote is still here; press again when there is a signal."
        ),
        "signed-out": _(
            "You are signed out. What you wrote is still here: sign in in the new window, come back, press again."
        ),
        "sign-in": _("Sign in"),
        "failed": _("That did not work. Please try again."),
        "retry": _("Try again"),
        "close": _("Close"),
        "not-now": _("Not now"),
        "go-on": _("Go on"),
        "combo-hint": _("Type to find"),
        "combo-out": _("Unchoose"),
        "combo-found": _("Found:"),
        "combo-more": _("Type on to narrow it down. More:"),
        "combo-none": _("Nothing like that"),
        "copied": _("Copied"),
        "copy-failed": _("Could not copy. Press and hold the text to copy it."),
        "not-a-photo": _("This file is not a photo:"),
        "too-many-photos": _("No more photos can be added. At most:"),
        "photo-broken": _("This photo cannot be read. Choose another one:"),
        "remove-photo": _("Remove photo"),
        "place-searching": _("Looking for your place …"),
        "place-found": _("Place found, accurate to metres:"),
        "place-denied": _("The phone does not share its place. Allow it in the settings, or say in words where it is."),
        "place-unavailable": _("The place could not be found. Go outside, or say in words where it is."),
        "place-timeout": _("Finding the place took too long. Try again, or say in words where it is."),
        "place-unsupported": _("This browser cannot find your place. Say in words where it is."),
        "scan-start": _("Hold the code in front of the camera."),
        "scan-no-camera": _("The camera cannot be used. Choose a photo of the code, or type the number."),
        "scan-none": _("No code found in this photo. Try again closer and with more light."),
        "scan-foreign": _("This is not a code of this service."),
        "diaries-wait": _("Sign out? Diaries wait on this phone, and stay sealed on it until you sign in again:"),
        "keys": _("Keys"),
        "key-next": _("To the next row"),
        "key-previous": _("To the row before"),
        "key-open": _("Open the row"),
        "key-tick": _("Tick the row"),
        "key-search": _("Search"),
        "key-help": _("Show these keys"),
        "keys-off": _("Switch these keys off on this device"),
    }
