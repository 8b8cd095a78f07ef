"""Which life of the database this is: a backup that was restored is another one, and so is a standby that took over."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import connection

# one database of one server, on one line of its history
TOLD: Final = """
    SELECT s.system_identifier::text || ':' || c.timeline_id || ':' || (SELECT oid FROM pg_database
    WHERE datname = current_database()) FROM pg_control_system() s, pg_control_checkpoint() c
"""


def incarnation() -> str:
    """Sixteen digits of its own, the same for as long as nothing was put back."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD)
        (told,) = cursor.fetchone()
    return hashlib.sha256(str(told).encode()).hexdigest()[:16]
