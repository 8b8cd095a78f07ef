"""What a page says to who comes too late: what was done meanwhile and by whom, how it stands, and where to go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Conflict, DomainError, Elsewhere, StoredValue, Way
from minqing.matters import queries, rules
from minqing.matters.enums import Move, State
from minqing.matters.models import Matter, Step
from minqing.matters.models.naming import mechanism_word
from minqing.matters.queries.passed_on import GIVING, Gone
from minqing.worktime.hours import local

# refusals of a service to who was second
LATE: Final = frozenset({"wrong_state", "assigned_already", "handled_already"})
# ways to give a matter to another unit once one has it, the gentler first
ANEW: Final = {
    Move.TRANSFER: gettext_lazy("Transfer it to another unit"),
    Move.ASSIGN: gettext_lazy("Assign it anew"),
}
ASSIGNED: Final = gettext_lazy("It is assigned already. To give it to another unit, open the matter.")


def when(moment: datetime) -> str:
    return f"{local(moment):%m-%d %H:%M}"


def step_value(step: Any) -> StoredValue:
    """A step as somebody reads it who has not seen it: when, what, by whom; to which unit, and its words."""
    head = " · ".join(str(one) for one in (when(step.at), Move(step.move).done, step.by_name) if one)
    towards = f"→ {step.unit.name}" if step.move in GIVING and step.unit else ""
    return StoredValue(head, "\n".join(filter(None, [towards, step.text, step.aside])) or "–")


def present_state(matter: Matter, steps: Sequence[Any]) -> Iterator[StoredValue]:
    """How it is handled now, where one of the ``steps`` gave it to a unit."""
    if any(step.move in GIVING for step in steps):
        yield StoredValue(_("Way of handling"), mechanism_word(matter.mechanism))
        if matter.due_at:
            yield StoredValue(_("Due"), f"{local(matter.due_at):%Y-%m-%d %H:%M}")


def waits(matter: Matter) -> Decision:
    """Whether it still waits for a unit, as the queue has it."""
    return Decision.yes() if matter.state == State.RECEIVED else Decision.no("assigned_already", ASSIGNED)


def ways(matter: Matter, by: Actor | None) -> tuple[Way, ...]:
    """To the matter, and to the form that gives it to another unit where the actor may."""
    address = reverse("matters:detail", args=[matter.pk])
    found = [Way(_("Open the matter"), address)]
    open_to = (move for move in ANEW if by and matter.lead_unit_id and rules.may(move, by, matter.situation))
    for move in [*open_to][:1]:
        found.append(Way(ANEW[move], reverse("matters:move", args=[matter.pk, move.value])))
    return tuple(found)


def late(error: DomainError, matter: Matter, move: Move, by: Actor) -> DomainError:
    """What somebody reads whose move is not open any more: that it was made already, by whom and when."""
    now = queries.matter_for(by, matter.pk) or matter
    last = Step.objects.filter(matter=now, move=move.value).select_related("unit").order_by("at", "id").last()
    if last is not None and last.state == now.state:
        error = Conflict("done_already", f"{which(now, by)}{done_sentence(last)}")
    error.ways = ways(now, by)
    return error


def which(matter: Matter, by: Actor) -> str:
    """The matter that is meant: at the queue it is said above twenty of them."""
    title = queries.title_told(by, matter.title, confidential=matter.confidential)
    return _("%(number)s “%(title)s”: ") % {"number": matter.number, "title": title}


def done_sentence(step: Step) -> str:
    made = str(Move(step.move).done)
    if step.move in GIVING and step.unit:
        made = f"{made} → {step.unit.name}"
    words = {"move": made, "who": step.by_name or _("the system"), "when": when(step.at)}
    return _("This was done already: %(move)s, by %(who)s, %(when)s. Yours is not stored.") % words


def elsewhere(gone: Gone) -> Elsewhere:
    """For who had the matter open while it went to somebody else."""
    words = {"number": gone.number, "unit": gone.unit, "when": when(gone.at) if gone.at else ""}
    told = _("%(number)s went to %(unit)s (%(when)s). What you wrote is not stored; it stands below.")
    if not gone.unit:
        told = _("%(number)s is not with your unit any more. What you wrote is not stored; it stands below.")
    way = Way(_("Worklist"), reverse("listing:worklist"))
    return Elsewhere(sentence=told % words, ways=[way, Way(_("All matters"), reverse("matters:list"))])
