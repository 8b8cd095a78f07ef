"""The diary on the phone: one page for all of it, the worker that keeps it for times without a signal, its manifest.

None of the three says anything of anybody: a phone keeps them, and what is in them is filled from what it holds itself.
"""

from __future__ import annotations

import hashlib
import json

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minqing.org.access import PageRequest, page
from minqing.sync.enums import Outcome
from minqing.visits.forms.diary import DiaryForm
from minqing.visits.operations import OLD_HAZARDS
from minqing.visits.rules import MOST_PICTURES, WRITERS
from minqing.web.csp import scan_page
from minqing.web.texts import texts as words

FILES = ("dist/app.css", "dist/desk.css", "dist/diary.css", "dist/diary.js", "dist/icons.svg", "web/icon.svg")
# what reads codes is fetched once all that the page begins with is there
LATER = ("dist/scanner.js", "dist/zxing_reader.wasm")


def files() -> list[str]:
    """Their names change with their content, so that these make a build."""
    return [static(one) for one in FILES]


@scan_page
@page(roles=WRITERS)
@require_safe
def phone(request: PageRequest) -> HttpResponse:
    return render(
        request, "visits/phone.html", {"form": DiaryForm(members=None), "texts": texts(), "most_photos": MOST_PICTURES}
    )


@page(roles=WRITERS)
@require_safe
def worker(request: PageRequest) -> HttpResponse:
    """A few lines, and then the worker itself by its name with the hash."""
    later = [static(one) for one in LATER]
    made_of = [*files(), *later, get_language(), sorted(texts().items())]
    build = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    shell = {"build": build, "page": reverse("visits:phone"), "files": files(), "later": later}
    lines = f"self.SHELL = {json.dumps(shell)};\nimportScripts({json.dumps(static('dist/diary-worker.js'))});\n"
    return HttpResponse(lines, content_type="text/javascript; charset=utf-8")


@page(roles=WRITERS)
@require_safe
def manifest(request: PageRequest) -> HttpResponse:
    """By which a phone puts the diary beside its other apps."""
    told = {
        "name": _("People's diary"),
        "short_name": _("Diary"),
        "lang": get_language(),
        "start_url": reverse("visits:phone"),
        "scope": reverse("visits:phone"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0d5c55",
        "icons": [{"src": static("web/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(told, content_type="application/manifest+json")


def of_hazards() -> dict[str, str]:
    """With the kinds by which drafts of before have ticked."""
    kinds = {f"hazard-{kind}": str(label) for kind, label in OLD_HAZARDS.items()}
    return {"hazards": _("Hazards seen"), "hazard-words": _("Where, and how bad"), **kinds}


def texts() -> dict[str, str]:
    """Sentences of the phone's pages; frontend/diary holds none. A test holds both sides together."""
    return of_hazards() | {
        "title": _("People's diary"),
        "begin": _("Keep diaries on this phone"),
        "open": _("Open"),
        "empty": _(
            "The households in your care are kept on this phone, encrypted: you find them and write without a signal. "
            "It takes a signal once. Do it on a phone of your own."
        ),
        "closed": _("The diary on this phone is shut. Sign in where there is a signal; what you wrote is still here."),
        "signed-out": _("Signed out: what you wrote is kept here and is sent once you have signed in."),
        "no-signal": _("No signal. What you write is kept on this phone."),
        "no-store": _("This browser cannot keep diaries safely. Write them on the page of the household."),
        **dict.fromkeys(
            ("no_device", "another-person"),
            _("Somebody else is signed in. What waits here is not shown to them, and not sent as theirs."),
        ),
        "closing": _("This phone was closed for diaries. Photos are still to be handed in, then it is emptied."),
        "device_revoked": _("This phone was closed for diaries. It holds nothing of any household any more."),
        "in-step": _("Everything that could be sent has arrived."),
        "sending": _("Sending …"),
        "homes": _("Households in your care"),
        "no-homes": _("No household is in your care."),
        "part": _("Not all households have come yet; they come on with a signal. So far:"),
        "left": _("A household is not in your care any more. It is with:"),
        "due": _("is due"),
        "overdue": _("{n} days overdue"),
        "due-today": _("It is due today"),
        "due-in": _("{n} days left"),
        "desk": _("To all other pages"),
        "last": _("Last visit"),
        "begun": _("A diary is begun and kept."),
        "go-on": _("Go on writing"),
        "arrived-month": _("Arrived this month:"),
        "waiting": _("Waiting:"),
        "waits": _("Waits for a signal."),
        "find": _("Find"),
        "find-hint": _("Name, first letters, address or number"),
        "none-found": _("No household in your care is called so."),
        "not-here": _("This household is not on this phone."),
        "people": _("Who lives there"),
        "write": _("Write the diary"),
        "keeping": _("Keeping …"),
        "kept": _("Kept on this phone."),
        "not-kept": _("It could not be kept on this phone. The text is still here: copy it before you leave."),
        "look-above": _("Something is missing: it is said beside each field."),
        "choose-met": _("Choose whether somebody was met."),
        "nothing-said": _("Write in a few words what was said."),
        "nobody-named": _("Tick who was met, or write a name below."),
        "nothing-promised": _("Write what was promised."),
        "no-promised-day": _("Choose by when: a day after the visit, within a year."),
        "nothing-named": _("Say in one line what needs doing."),
        **{one: sentence for one, sentence in words().items() if one.startswith("place-")},
        **of_scanning(),
        **of_the_pin(),
        **of_the_outbox(),
        **of_the_file(),
        **of_photos(),
    }


def of_the_pin() -> dict[str, str]:
    return {
        "pin": _("PIN for this phone"),
        "pin-figures": _("PIN"),
        "pin-hint": _(
            "With a PIN of six figures the diary asks for it whenever it is opened. Five wrong ones, and the key is "
            "deleted from this phone; what you wrote stays sealed here, and opens again once you have signed in."
        ),
        "pin-set": _("Set the PIN"),
        "pin-drop": _("Remove the PIN"),
        "pin-six": _("Choose six figures."),
        "pin-later": _("To set it takes a signal once, and you must be signed in. Try it again there."),
        "pin-wrong": _("That is not the PIN. Tries left:"),
        "pin-forgotten": _("Who has forgotten it signs in anew after five wrong tries. Nothing of what waits is lost."),
    }


def of_scanning() -> dict[str, str]:
    return {
        "scan": _("Scan"),
        **{one: words()[one] for one in ("scan-start", "scan-no-camera", "scan-foreign", "scan-none")},
        "scan-unknown": _("No household in your care on this phone has this code or number."),
        "scan-later": _("What reads codes is not on this phone yet; it comes with a signal. Type the number instead."),
    }


def of_the_outbox() -> dict[str, str]:
    return {
        "aside": _("Diaries that cannot be opened any more, since the server lost their key. Write them once more:"),
        "sealed": _("Diaries that wait here, sealed:"),
        "outbox": _("Outbox"),
        "send": _("Send now"),
        "nothing-waits": _("Nothing waits."),
        "arrived": _("Arrived"),
        "refused": _("Could not be taken"),
        "edit": _("Edit"),
        "begun-first": _("Another diary of this household is begun. Finish it first, or throw it away."),
        "retry": _("Try again"),
        "save-file": _("Save what is unsent"),
        "not-saved": _("It could not be saved. Try it in another browser, or copy the text."),
        "unsent-long": _(
            "Something has waited on this phone for three days. A phone may drop what it holds: save it as a file and "
            "hand that in at a desk. Nobody can read the file but the server."
        ),
        "drop-off": _("Hand in sealed"),
        "drop-hint": _(
            "Whoever cannot sign in any more hands in here what was written: the village secretary or the clerk "
            "decides whether it is taken."
        ),
        "dropped": _("Handed in. Waiting for a decision:"),
        "not-dropped": _("It could not be handed in. Try it where there is a signal."),
        "decided": _("It was decided about all that was handed in."),
        **{f"outcome-{one.value}": str(one.label) for one in Outcome},
    }


def of_the_file() -> dict[str, str]:
    return {
        "file": _("Change the file"),
        "file-address": _("Address"),
        "file-here": _("Who lives here now"),
        "file-hint": _("What somebody else has changed too is not written over: both stay, until one decides."),
        "nothing-changed": _("Nothing was changed."),
        "away": _("lives elsewhere at present"),
        "finish": _("Finish"),
        "drop": _("Throw the draft away"),
    }


def of_photos() -> dict[str, str]:
    return {
        "photos": _("Photos"),
        "photo": _("Photo"),
        "photos-come": _("Photos still to come:"),
        "photos-wait": _("All words have arrived. Photos still to come:"),
        "photo-after": _("Goes once the words have arrived."),
        "photo-again": _("The camera closed this page before the last photo was kept. Take it once more."),
        "photo-broken": _("A photo could not be read. Choose another one."),
        "photo-drop": _("Throw the photo away"),
        "photo-full": _("There is no space left on this phone. Words are still kept; delete something to add photos."),
        "photo-left": _("The server could not take it for three days, and this phone was closed."),
        "photo-large": _("A photo is larger than 4 MB. Take it again."),
        "photo-stuck": _(
            "It could not be sent whole. It is tried again by itself; where the signal is good, press “Send now”."
        ),
        "photo-unreadable": _("It cannot be opened on this phone any more."),
        "remove-photo": _("Remove photo"),
        "too-many-photos": _("No more photos can be added. At most:"),
        "tried": _("Times tried:"),
        "tried-again": _("next at"),
    }
