"""What this room brings to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from minqing.core.room import Deed, Entry, Group, Life, Listener, Mount, Room, SlotPart
from minqing.org.enums import Goes
from minqing.org.kinds import Placed
from minqing.publications.lifecycle import PUBLICATION
from minqing.publications.listeners import matter_reopened
from minqing.publications.rules import EDITORS
from minqing.publications.services import index_publications
from minqing.publications.slots import at_foot, on_matter, on_wall
from minqing.publications.subjects import SUBJECTS

# what the journal's events of this room are called
DEEDS = (
    Deed("publications.publication.prepared", _("prepared a text for the public")),
    Deed("publications.publication.reviewed", _("reviewed a text for the public")),
    Deed("publications.publication.published", _("published a text")),
    Deed("publications.publication.withdrawn", _("withdrew a published text")),
    Deed("publications.figures.asked", _("asked for the figures of a quarter to be published")),
    Deed("publications.figures.published", _("published the figures of a quarter")),
    Deed("publications.person.erased", _("erased a person in published texts on request")),
)

ROOM = Room(
    name="publications",
    pages=(Mount("", "minqing.publications.urls"),),
    entries=(Entry(110, "publications:list", _("For the public"), "share", EDITORS, Group.TOOLS),),
    listeners=(Listener("publications-follow-reopening", ("matters.matter.reopened",), matter_reopened),),
    reference=(index_publications,),
    lifecycles=(
        Life(
            "Publications 政务公开",
            PUBLICATION,
            "A clerk or leader of the matter's area; the review by somebody else than who wrote the text. The system\n"
            "only withdraws, when the matter is opened again.",
        ),
    ),
    subjects=SUBJECTS,
    demo="minqing.publications.demo.Publications",
    parts=(
        SlotPart("matters.matter", on_matter),
        SlotPart("matters.wall", on_wall),
        SlotPart("doorstep.foot", at_foot),
        SlotPart("org.sign_in", at_foot),
    ),
    placed=(Placed(model="publications.Publication", goes=Goes.STAYS),),
    deeds=DEEDS,
    jobs={
        "publications.figures": _("Counting the figures for the public"),
    },
)
