"""What happens to claims as time passes."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from minqing.core import clock
from minqing.earning.services import draw_sample
from minqing.org.queries import system_actor


@app.periodic(cron="20 1 * * *", periodic_id="earning.draw")
@app.task(name="earning.draw", queueing_lock="earning.draw", pass_context=False)
def earning_draw(timestamp: int) -> int:
    """Of what was given by itself the day before, a share is drawn by lot for somebody to look at. Returns how many."""
    return draw_sample(day=clock.today() - timedelta(days=1), by=system_actor("earning.draw"))
