"""What the doctor looks at of machines."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from minqing.core import clock
from minqing.core.health import Finding, count_finding
from minqing.machines import carriers
from minqing.machines.queries import forgotten

PATIENCE: Final = timedelta(days=2)


def to_decide() -> Finding:
    """Points that are held for something of which nobody has said what became of it."""
    waiting = forgotten(clock.now() - PATIENCE).values_list("machine__name", flat=True)
    mend = _("Ask who keeps the machine to look and to say on its page whether it dropped.")
    return count_finding(_("exchanges at machines"), list(waiting), mend)


def hints() -> Finding:
    """The broker by which machines are told to ask at once; they ask by themselves where it is gone, only less soon."""
    name, to = _("broker of the exchange machines"), carriers.broker()
    if to is None:
        return Finding(name, True, _("none is set up, machines ask each second"))
    try:
        carriers.tell(to)
    except carriers.NoBroker as error:
        mend = _(
            "Look whether it runs, and at MINQING_MQTT_URL, _USER, _PASSWORD and _CA. Machines go on asking meanwhile."
        )
        return Finding(name, False, _("not usable: {why}").format(why=error), mend)
    return Finding(name, True, _("it lets this system in"))
