"""Jobs of household files."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.core.retry import once_more
from minqing.households.services import propose_duplicates
from minqing.org.queries import system_actor
from minqing.privacy.access import transaction_as


@app.periodic(cron="20 3 * * *", periodic_id="households.duplicates")
@app.task(name="households.duplicates", queueing_lock="households.duplicates", pass_context=False)
def find_duplicates(timestamp: int) -> int:
    """Each night, when nobody works at the files. Returns how many new pairs were found."""

    def work() -> int:
        with transaction_as(system_actor("households.duplicates")) as by:
            return propose_duplicates(by=by)

    return once_more(work)
