"""What happens to claims as time passes."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from procrastinate.contrib.django import app

from minqing.core import clock
from minqing.earning.services import draw_sample, fill_begun
from minqing.org.queries import system_actor

# a night on which the machine stood still is made up for
DAYS_BACK: Final = 7


@app.periodic(cron="20 1 * * *", periodic_id="earning.draw")
@app.task(name="earning.draw", queueing_lock="earning.draw", pass_context=False)
def earning_draw(timestamp: int) -> int:
    """Of what was given by itself each day before, a share is drawn by lot for somebody to look at, once of a day.

    Returns how many.
    """
    today, by = clock.today(), system_actor("earning.draw")
    return sum(draw_sample(day=today - timedelta(days=back), by=by) for back in range(DAYS_BACK, 0, -1))


@app.periodic(cron="5 0 * * *", periodic_id="earning.budgets")
@app.task(name="earning.budgets", queueing_lock="earning.budgets", pass_context=False)
def earning_budgets(timestamp: int) -> int:
    """Put in the points of periods that have begun; whoever gives sooner does it then. Returns of how many budgets."""
    return fill_begun(by=system_actor("earning.budgets"))
