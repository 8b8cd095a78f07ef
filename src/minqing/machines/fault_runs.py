"""``minqing trial machine``: power, line and processes go at every moment of an exchange, and the books balance."""

from __future__ import annotations

from minqing.core.language import sentences
from minqing.core.plays import FaultRun

_ = sentences(__name__)

RUN = FaultRun(
    name="machine",
    help=_(
        "Cut power and line of exchange machines, kill them, the server and the database while people have goods "
        "for points.\n\nExit code 1: something was paid twice or for nothing, or the books do not balance."
    ),
    run="minqing.machines.broken.running:run",
)
