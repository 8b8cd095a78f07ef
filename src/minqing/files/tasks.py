"""Daily housekeeping of stored files."""

from __future__ import annotations

from procrastinate.contrib.django import app

from minqing.files.services import sweep_orphans


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="files.sweep_orphans", pass_context=False)
def sweep(timestamp: int) -> int:
    """Remove files whose request was rolled back."""
    return sweep_orphans()
