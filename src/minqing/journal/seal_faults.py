"""Up to which transaction all is sealed, and what is wrong with the seals on top of that."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from minqing.journal.models import Event, Seal, SealedEvent
from minqing.journal.queries import horizon
from minqing.journal.seals import digest_of, signature_holds


class CounterBehind(RuntimeError):
    """The server's transaction counter is behind the journal's: the database was moved by a logical copy."""


@dataclass(frozen=True)
class SealState:
    """Up to which transaction all is sealed, and the seals on top that are none of the sealer's, with the reason."""

    begin: int
    bad: tuple[tuple[int, str], ...] = ()


def seal_state() -> SealState:
    """Look from the last seal down to the first that the sealer can have made."""
    bad: list[tuple[int, str]] = []
    end = horizon()
    for seal in Seal.objects.order_by("-number").iterator(chunk_size=10):
        reason = fault_of(seal, end)
        if not reason:
            return SealState(seal.horizon, tuple(bad))
        bad.append((seal.number, reason))
    return SealState(0, tuple(bad))


def fault_of(seal: Seal, end: int) -> str:
    """Why the sealer cannot have made it, empty if it can. Its events are looked at by ``minqing journal verify``."""
    if digest_of(seal) != seal.digest:
        return _("its digest is not its own")
    if seal.signature and not signature_holds(seal):
        return _("its signature is wrong")
    if SealedEvent.objects.filter(seal_id=seal.number).count() != seal.size or not seal.size:
        return _("it has another number of events than it says")
    if seal.horizon > end:
        if seal.signature or Event.objects.filter(tx__gte=end).exists():
            raise CounterBehind(
                _(
                    "transaction {end} of this server lies before {horizon} of the last seal: set its counter "
                    "forward with pg_resetwal --next-transaction-id"
                ).format(end=end, horizon=seal.horizon)
            )
        return _("it covers transactions that have not begun")
    return ""
