"""How much is let through at the door. Pure.

Each room keeps the limits of its own residents' pages in its ``rules.py``. Many phones of one mobile network, and a
whole village office, share one address: limits by address are wide, those by code and link are narrow, and those of
guesses on a number are narrow for one address and wide for all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from minqing.core.limits import Limit

# addresses that lead nowhere: codes of the door and private links. With none left a wrong one is refused before it is
# answered; a right one opens, whoever else guessed from the same network
GUESS_BY_ADDRESS: Final = Limit("guess.address", 60, timedelta(seconds=30))
CHECK_BY_BOTH: Final = Limit("check.both", 10, timedelta(minutes=10))
CHECK_BY_NUMBER: Final = Limit("check.number", 600, timedelta(seconds=30))
CHECK_FIRST: Final = Limit("check.first", 3, timedelta(hours=8))
CHECK_BY_ADDRESS: Final = Limit("check.address", 30, timedelta(minutes=1))
# wrong answers of who one is, for one household: four figures are soon tried through
PROVE_BY_HOME: Final = Limit("prove.home", 10, timedelta(minutes=30))
PROVE_BY_ADDRESS: Final = Limit("prove.address", 30, timedelta(minutes=1))
# how long a phone is known after its owner has shown who they are: its own, and one that was lent
REMEMBERED: Final = timedelta(days=180)
LENT: Final = timedelta(minutes=15)
