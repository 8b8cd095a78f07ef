"""Events as sentences: who did what, one a line, without a code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from minqing.audit.kinds import DEEDS, page_label
from minqing.audit.queries.naming import Names, place_of
from minqing.core.room import Doing
from minqing.journal.subscriptions import Event
from minqing.org.queries import unit_names


@dataclass(frozen=True)
class Sentence:
    """One event: when, by whom, what, and where it was; ``later`` the moment at which it was written down, if it was
    long after.
    """

    at: datetime
    who: str
    did: str
    place: str
    doing: Doing
    later: datetime | None
    key: str


# what is sent from a place without signal is written down later than it happened; of less nobody needs to be told
LATER = 3600


def lines_of(events: Sequence[Any]) -> list[Sentence]:
    """The same number of statements for one event as for fifty."""
    names = Names(
        [one for event in events for one in subjects_of(event)],
        [event.actor for event in events],
    )
    return [line_of(event, names) for event in events]


def subjects_of(event: Event) -> Iterable[str]:
    data = event.data
    # a number that the event knows need not be asked for
    if not data.get("number"):
        yield event.subject
    for name in ("household", "account"):
        if data.get(name):
            yield f"{name}:{data[name]}"
    if event.actor.startswith("resident:household:"):
        yield event.actor.removeprefix("resident:")


def line_of(event: Event, names: Names) -> Sentence:
    deed = DEEDS.get(event.type)
    late = (event.recorded_at - event.at).total_seconds() > LATER
    return Sentence(
        at=event.at,
        who=names.who(event.actor),
        did=sentence_of(event, names),
        place=place_of(event.data),
        doing=deed.doing if deed else Doing.DONE,
        later=event.recorded_at if late else None,
        key=key_of(event),
    )


def sentence_of(event: Event, names: Names) -> str:
    """What was done, in the words of the room whose event it is."""
    deed = DEEDS.get(event.type)
    if deed is None:
        return _("did something that no part of the system tells of")
    words = defaultdict(lambda: "–", facts(event, names))
    if deed.words:
        words |= {name: str(one) for name, one in deed.words(event.data).items()}
    return str(deed.told).format_map(words)


def facts(event: Event, names: Names) -> dict[str, str]:
    """The words that every deed may name."""
    data = event.data
    label = page_label(event.subject.removeprefix("page:")) if event.subject.startswith("page:") else ""
    return {
        "what": names.of(event.subject, str(data.get("number") or "")),
        "number": str(data.get("number") or "–"),
        "unit": unit_of(data),
        "person": names.of(f"account:{data['account']}") if data.get("account") else _("somebody"),
        "household": names.of(f"household:{data['household']}") if data.get("household") else _("a household"),
        "page": _("a page of “{label}”").format(label=label) if label else _("a page"),
        "day": day_of(event.subject),
    }


def unit_of(data: dict[str, object]) -> str:
    unit = data.get("unit")
    return unit_names().get(unit, "–") if isinstance(unit, int) else _("nobody yet")


def day_of(subject: str) -> str:
    """Of ``seals:2026-11-29`` the day."""
    try:
        day = date.fromisoformat(subject.partition(":")[2])
    except ValueError:
        return "–"
    return day.isoformat()


def key_of(event: Event) -> str:
    """The place of a line of a page, for the address of the next one."""
    return f"{round(event.at.timestamp() * 1_000_000)}-{event.seq}"
