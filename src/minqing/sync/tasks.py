"""Periodic jobs of what devices hand in."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.org.queries import system_actor
from minqing.sync.services import drop_old_pieces, give_up_old_photos, remind_of_letters


@app.periodic(cron="25 3 * * *", periodic_id="sync.pieces")
@app.task(name="sync.pieces", queueing_lock="sync.pieces", pass_context=False)
def drop_pieces(timestamp: int) -> int:
    """Drop pieces of photos that stood still, and wait no longer for those that never came. Returns how many photos."""
    return drop_old_pieces() + give_up_old_photos(by=system_actor("sync.pieces"))


# before offices open: whoever is reminded can decide at once
@app.periodic(cron="40 5 * * *", periodic_id="sync.letters")
@app.task(name="sync.letters", queueing_lock="sync.letters", pass_context=False)
def remind(timestamp: int) -> int:
    """Remind of letters about which nobody has decided, and tell those above. Returns of how many."""
    return remind_of_letters(by=system_actor("sync.letters"))
