"""What happens to exchanges as time passes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.machines import carriers
from minqing.machines.services import sweep_all
from minqing.org.queries import system_actor


@app.periodic(cron="* * * * *", periodic_id="machines.sweep")
@app.task(name="machines.sweep", queueing_lock="machines.sweep", pass_context=False)
def sweep(timestamp: int) -> int:
    """End what no machine has fetched in time, and say of what was fetched and never told that it is not known.

    Nothing waits for it: the next at the machine finds it done.
    """
    return sweep_all(by=system_actor("machines.sweep"))


@app.task(name="machines.hint", pass_context=False)
def hint(code: str) -> bool:
    """Tell a machine to ask now. Not tried again: it asks by itself before that would help."""
    return carriers.hint(code)
