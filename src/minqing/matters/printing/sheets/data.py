"""What a sheet may show: plain words by field name, the same for Word, PDF and the county's template.

A list of the fields for those who write templates is in ``docs/guides/operator.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.documents.kinds import Fields, cleaned, format_time, said
from minqing.matters import queries
from minqing.matters.enums import Channel, Move, PartState
from minqing.matters.models import Matter, Reporter
from minqing.matters.models.naming import mechanism_word, state_word
from minqing.matters.questions import answer_pairs

MOST_STEPS: Final = 200
STOPS: Final = "。，！？；：.,!?;: \t\r\n\u3000"


def sheet_data(matter: Matter, *, named: bool) -> Fields:
    """The fields of ``matter``, in the deployment's language.

    Steps and remarks that the reporter does not read stay out; name, telephone and contact wish are empty unless
    ``named``, which the caller has asked the rules about.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return cleaned({**facts_of(matter), **lists_of(matter), **reporter_of(matter if named else None)})


def facts_of(matter: Matter) -> dict[str, object]:
    return {
        "number": matter.number,
        "outside_number": matter.outside_number,
        "title": matter.title,
        "text": beyond(matter.title, matter.text),
        "category": matter.category.called if matter.category else "",
        "area": matter.area.name,
        "place": matter.place,
        "channel": Channel(matter.channel).label,
        "mechanism": mechanism_word(matter.mechanism),
        "state": state_word(matter.state),
        "unit": matter.holder.name if matter.holder else "",
        "received": format_time(matter.received_at),
        "due": format_time(matter.due_at),
        "finished": format_time(matter.finished_at),
        "outcome": matter.outcome_label,
        "outcome_note": matter.outcome_note,
        "confidential": _("Confidential") if matter.confidential else "",
        "printed": format_time(clock.now()),
    }


def beyond(title: str, text: str) -> str:
    """``text`` without the title, where it only says it again; the sheet prints both below one another."""
    rest = text.strip().removeprefix(title.strip())
    if len(rest) == len(text.strip()):
        return text
    # a title that was cut out of the middle of a sentence is left where it stands
    return rest.lstrip(STOPS) if not rest or rest[0] in STOPS else text


def lists_of(matter: Matter) -> dict[str, object]:
    # every step but a remark between offices; what the reporter does not read of it stays out
    steps = [step for step in reversed(queries.steps_of(matter)) if step.move != Move.NOTE]
    reply = next((step.text for step in reversed(steps) if step.move == Move.FINISH), "")
    questions = matter.category.asks if matter.category else []
    dossier = queries.dossier_of(matter.pk)
    words = [word for word in dossier.words if not word.declined]
    return {
        "reply": reply,
        "answers": [{"question": asked, "answer": given} for asked, given in answer_pairs(questions, matter.answers)],
        "steps": [
            {
                "at": format_time(step.at),
                "what": Move(step.move).done,
                "who": step.unit.name if step.unit else "",
                "text": step.text if step.public else "",
            }
            for step in steps[-MOST_STEPS:]
        ],
        "parts": [
            {"unit": part.unit, "state": PartState(part.state).label, "text": part.reply} for part in dossier.parts
        ],
        "solved": said(words[0].solved) if words else "",
        "answered": said(words[0].answered) if words else "",
        "satisfaction": words[0].satisfaction if words else "",
    }


def reporter_of(matter: Matter | None) -> dict[str, object]:
    row = Reporter.objects.filter(matter=matter).first() if matter else None
    return {
        "reporter_name": row.name if row else "",
        "reporter_phone": row.phone if row else "",
        "contact": row.contact if row else "",
    }


# for docs and for trying out templates; held against sheet_data() by a test
FIELDS: Final = (
    "number",
    "outside_number",
    "title",
    "text",
    "category",
    "area",
    "place",
    "channel",
    "mechanism",
    "state",
    "unit",
    "received",
    "due",
    "finished",
    "outcome",
    "outcome_note",
    "confidential",
    "printed",
    "reply",
    "solved",
    "answered",
    "satisfaction",
    "reporter_name",
    "reporter_phone",
    "contact",
)
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "answers": ("question", "answer"),
    "steps": ("at", "what", "who", "text"),
    "parts": ("unit", "state", "text"),
}
