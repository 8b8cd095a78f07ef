"""A machine's own journal compared with what the server has: exchange by exchange, and what the points come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from minqing.machines.agent.journal import Command
from minqing.machines.enums import State, Told
from minqing.machines.models import Machine, Vend

FELL = frozenset({State.DONE, State.LOST})
DID_NOT = frozenset({State.FAILED, State.CALLED_OFF, State.RETURNED})
OPEN = frozenset({State.GIVEN, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Difference:
    """One exchange of which both say different things. ``there``: None where the journal does not know it, ``here``:
    None where the server does not.
    """

    vend: str
    there: Told | None
    here: State | None


def differences(machine: Machine, lines: Iterable[Command]) -> list[Difference]:
    """All that do not agree. Where the journal does not know either, what somebody who looked has said holds."""
    told = {one.id: Told(one.told or Told.UNKNOWN) for one in lines}
    ours = {str(one.pk): one for one in Vend.objects.filter(machine=machine, given_at__isnull=False)}
    called_off = set(called_off_of(machine, told.keys() - ours.keys()))
    found = [
        Difference(id, there, State(vend.state) if (vend := ours.get(id)) else None)
        for id, there in told.items()
        if id not in called_off and not agree(there, ours.get(id))
    ]
    unheard = [one for id, one in ours.items() if id not in told and one.state in FELL and one.decided_by_id is None]
    return found + [Difference(str(one.pk), None, State(one.state)) for one in unheard]


def agree(there: Told, vend: Vend | None) -> bool:
    if vend is None:
        return False
    if there is Told.UNKNOWN:
        return vend.state in OPEN or vend.decided_by_id is not None
    return vend.state in (FELL if there is Told.DROPPED else DID_NOT)


def called_off_of(machine: Machine, ids: Iterable[str]) -> list[str]:
    """Of these, what was called off before the machine was told: its journal may say that it was not carried out."""
    rows = Vend.objects.filter(machine=machine, pk__in=[UUID(one) for one in ids], state=State.CALLED_OFF)
    return [str(id) for id in rows.values_list("pk", flat=True)]


def points_for(machine: Machine, lines: Iterable[Command]) -> int:
    """What its account should have had for all that its journal says has dropped."""
    dropped = [UUID(one.id) for one in lines if one.told == Told.DROPPED]
    return sum(Vend.objects.filter(machine=machine, pk__in=dropped).values_list("price", flat=True))
