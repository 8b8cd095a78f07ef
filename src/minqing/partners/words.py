"""Why something was not sent or not taken over, in the operator's words. Codes without a word stand behind one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CUT: Final = _("Cannot be read: cut off or not JSON")
WHY: Final[Mapping[str, StrOrPromise]] = {
    # sending
    "dns": _("Host name not known"),
    "connect": _("Not reachable"),
    "tls": _("Certificate not trusted"),
    "timeout": _("No answer in time"),
    "protocol": _("Answer not understood"),
    "address_refused": _("Address leads inside"),
    "too_old": _("Waited for more than ten days"),
    # taking over
    "not_json": CUT,
    "not_an_object": CUT,
    "no_data": CUT,
    "data_twice": _("Data came twice in one event"),
    "twice_named": _("A name stands twice in one object"),
    "encoding": _("Characters cannot be read"),
    "characters": _("Characters cannot be read"),
    "specversion": _("Not CloudEvents 1.0"),
    "time": _("Its time cannot be read"),
    "media_type": _("Not JSON"),
    "id_used": _("Its id was used for another event"),
    "no_mapping": _("Field mapping is missing"),
    "unknown_type": _("Type of event not known"),
    "unknown_area": _("Code of the area not known"),
    "category": _("Category not in use"),
    "data": _("A field is missing or wrong"),
    "matter_unknown": _("Matter not found"),
    "wrong_state": _("Does not fit the matter's state"),
    "wrong_party": _("Not for this partner to do"),
    "too_late": _("Overtaken by a later event"),
    "out_of_order": _("Waiting for what comes before it"),
    "fault": _("A fault of this system"),
    "place": _("The place on the map cannot be right"),
    "phone": _("The phone number cannot be right"),
    "unknown_field": _("There is no such field"),
    "answer": _("The answer does not fit the question"),
    "question": _("The category does not ask this"),
    "satisfaction": _("Satisfaction is a number from 1 to 5"),
    "proposed": _("The unit that is named instead is not known"),
    "conflict": _("Somebody else was changing the matter"),
    "request_used": _("Was done before"),
}


PREFIX: Final = "cn.minqing."
ALL: Final = _("All that happens to matters")
EVENTS: Final[Mapping[str, StrOrPromise]] = {
    "matter.reported": _("Matter reported"),
    "matter.received": _("Matter received"),
    "matter.classified": _("Sorted"),
    "matter.assigned": _("Given to a unit"),
    "matter.unassigned": _("Assignment taken back"),
    "matter.decided": _("Unit decided on the spot"),
    "matter.transferred": _("Passed to another unit"),
    "matter.accepted": _("Taken in hand"),
    "matter.named": _("Handler named"),
    "matter.taken": _("Taken on by a handler"),
    "matter.noted": _("News of it"),
    "matter.remarked": _("Note left"),
    "matter.sent_back": _("Sent back"),
    "matter.suspended": _("Put on hold"),
    "matter.resumed": _("Goes on"),
    "matter.finished": _("Answered"),
    "matter.followed_up": _("Reporter asked"),
    "matter.confirmed": _("The reporter's word"),
    "matter.reopened": _("Taken up again"),
    "matter.declined": _("Outside the duty"),
    "matter.appealed": _("Appeal"),
    "matter.withdrawn": _("Withdrawn by the reporter"),
    "matter.merged": _("Handled with others"),
    "matter.split": _("On its own again"),
    "matter.supervised": _("Supervision ordered"),
    "matter.reported_on": _("Interim report made"),
    "matter.released": _("Supervision ended"),
    "matter.escalated": _("Carried up"),
    "matter.reckoned": _("Deadline reckoned anew"),
    "part.asked": _("Another unit asked to join"),
    "part.replied": _("Part answered"),
    "part.refused": _("Part refused"),
    "part.decided": _("Part decided on the spot"),
    "part.dropped": _("Part taken back"),
    "extension.asked": _("More time asked for"),
    "extension.granted": _("More time granted"),
    "extension.refused": _("More time refused"),
}


def event_word(type: str) -> StrOrPromise:
    """What an event of that type tells; the type itself where it is of another system's own making."""
    name = type.removeprefix(PREFIX)
    return ALL if name in {"*", "matter.*"} else EVENTS.get(name, name)


def why_sent(status: int | None, error: str) -> StrOrPromise:
    """Of a delivery: what was answered, else why nothing was."""
    if status and 300 <= status < 400:
        return format_lazy(_("HTTP {status}: it leads elsewhere, and is not followed"), status=status)
    return f"HTTP {status}" if status else WHY.get(error, error)


def why_taken(code: str) -> StrOrPromise:
    if code in WHY:
        return WHY[code]
    if code.startswith("no_"):
        return format_lazy(_("{name} is missing"), name=code.removeprefix("no_"))
    if code.endswith("_unfit"):
        return format_lazy(_("{name} cannot be what it is"), name=code.removesuffix("_unfit"))
    return format_lazy(_("Refused here ({code})"), code=code)
