"""What happens to bookings as time passes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.bookings.services import pass_time
from minqing.org.queries import system_actor


@app.periodic(cron="*/10 * * * *", periodic_id="bookings.pass_time")
@app.task(name="bookings.pass_time", queueing_lock="bookings.pass_time", pass_context=False)
def bookings_pass_time(timestamp: int) -> int:
    """Offers that ran out, silence that is an answer, holds to renew, people to remind. Returns how many."""
    return pass_time(by=system_actor("bookings.pass_time"))
