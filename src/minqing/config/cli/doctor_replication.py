"""What ``minqing doctor`` says of a database of several servers: does what was acknowledged outlive one of them?"""

from __future__ import annotations

from typing import Final

import psycopg
from django.db import connection, connections

from minqing.config.env import env
from minqing.config.words import N_, _
from minqing.core.health import Finding

# of a role, of a database or of the server: by whatever the session that writes has it
SAFE: Final = {"synchronous_commit": {"on", "remote_apply"}, "fsync": {"on"}, "full_page_writes": {"on"}}
SETTINGS: Final = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
# without the right to see them a row has its process alone
STANDBYS: Final = "SELECT application_name, state, sync_state FROM pg_stat_replication ORDER BY application_name"
IN_STEP: Final = {"sync", "quorum"}


def acknowledged() -> Finding:
    """Whether what is answered as done stands on the disk by then, and on the standby's."""
    name = N_("what is acknowledged")
    if env().embedded:
        return Finding(name, True, _("stands on this machine's disk"))
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS, [[*SAFE]])
        found = [f"{key}={value}" for key, value in cursor.fetchall() if value not in SAFE[key]]
    told = _("is answered before it is safe: {what}").format(what=", ".join(found))
    return Finding(
        name,
        not found,
        told if found else _("stands on the disk before it is answered"),
        _("Set them to on, for the server, the database and the role (docs/operations.md, Three servers)"),
    )


def standbys() -> Finding:
    """Whether the leader of several servers has its standbys, and one of them in step with it."""
    name, servers = N_("standbys"), connection.settings_dict["HOST"].count(",") + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_standby_names')")
        (asked,) = cursor.fetchone()
        cursor.execute(STANDBYS)
        rows = cursor.fetchall()
    if rows:
        # the app's role belongs to no group that sees them
        with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as owner:
            rows = owner.execute(STANDBYS).fetchall()
    if servers == 1 and not asked and not rows:
        return Finding(name, True, _("none: there is one server"))
    if any(state is None for _name, state, _sync in rows):
        told = _("{count} connected; which of them is in step cannot be seen").format(count=len(rows))
        mend = _("Let the owner see them: GRANT pg_read_all_stats TO {role}").format(
            role=connections["owner"].settings_dict["USER"]
        )
        return Finding(name, False, told, mend)
    streaming = [(standby, sync) for standby, state, sync in rows if state == "streaming"]
    told = ", ".join(f"{standby} ({sync})" for standby, sync in streaming) or _("none is connected")
    if not asked:
        told += _("; the leader waits for none of them")
    elif not any(sync in IN_STEP for _standby, sync in streaming):
        told += _("; none is in step: nothing can be written until one is")
    well = bool(asked) and any(sync in IN_STEP for _standby, sync in streaming) and len(streaming) >= servers - 1
    return Finding(name, well, told, _("Look at the servers: patronictl list (docs/operations.md, Three servers)"))
