"""What the doctor looks at of the journal: its seals and its subscribers."""

from __future__ import annotations

from django.utils.translation import gettext as _

from minqing.core.health import Finding, count_finding
from minqing.journal.queries import parked, unsealed
from minqing.journal.seal_faults import CounterBehind, seal_state


def sealed() -> Finding:
    """Seals are made each minute where something happened; a quiet week leaves none and lacks none."""
    try:
        found = seal_state()
    except CounterBehind as behind:
        return Finding(_("journal"), False, _("nothing is sealed"), str(behind))
    waiting = unsealed(found.begin)
    told = [
        _("seal {number} is not ours: {reason}").format(number=number, reason=reason) for number, reason in found.bad
    ]
    if waiting:
        told.append(_("{waiting} events not sealed for more than an hour").format(waiting=waiting))
    mend = _("Run: minqing journal verify") if found.bad else _("Run: minqing journal seal")
    return Finding(_("journal"), not told, "; ".join(told) or _("sealed"), mend)


def events_parked() -> Finding:
    return count_finding(
        _("events parked"),
        parked().values_list("subscriber", flat=True),
        _("A subscriber could not take these events. Mend the cause, then run “minqing journal retry”."),
    )
