"""What the doctor looks at of machines."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.health import Finding, count_finding
from minqing.machines.queries import forgotten

PATIENCE: Final = timedelta(days=2)


def to_decide() -> Finding:
    """Points that are held for something of which nobody has said what became of it."""
    waiting = forgotten(clock.now() - PATIENCE).values_list("machine__name", flat=True)
    mend = _("Ask who keeps the machine to look and to say on its page whether it dropped.")
    return count_finding(_("exchanges at machines"), list(waiting), mend)
