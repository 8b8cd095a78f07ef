"""The two database connections: ``default`` as the app role, ``owner`` as the owner role for migrations."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from minqing.config import cluster, embedded
from minqing.config.env import Env
from minqing.config.processes import Unfit
from minqing.config.words import _

LOCK_TIMEOUT = "2s"
# of several servers the one that takes writes is asked, a dead one is passed over, and a connection to one that fell
# off the network ends within a quarter of a minute instead of two hours (seconds; tcp_user_timeout: milliseconds)
OF_SEVERAL: Final = {
    "target_session_attrs": "read-write",
    "connect_timeout": "3",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
WRITES: Final = frozenset({"read-write", "primary"})
# what is answered before it stands on the disks of leader and standby is gone with the leader
UNSAFE: Final = re.compile(r"synchronous_commit\s*=\s*'?(off|false|no|0|local|remote_write)\b", re.I)
COMMON: dict[str, object] = {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_HEALTH_CHECKS": True,
    "TIME_ZONE": None,
}


def from_url(url: str) -> dict[str, object]:
    """Django's settings of a ``postgresql://user:password@host:port/name?option=value`` address.

    Several hosts (``host:port,host:port``) are those of one highly available database, as libpq names them.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    # each is taken apart as an address of its own: IPv6 stands in brackets
    places = [urlsplit(f"//{one}") for one in parts.netloc.rpartition("@")[2].split(",")]
    host = options.pop("host", None) or ",".join(one.hostname or "" for one in places)
    several = "," in host
    return COMMON | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": ",".join(str(one.port or (5432 if len(places) > 1 else "")) for one in places),
        "OPTIONS": (OF_SEVERAL if several else {}) | options,
    }


def from_setting(name: str, value: SecretStr) -> dict[str, Any]:
    """As :func:`from_url`; raises Unfit with the setting's name and nothing of its value."""
    try:
        return from_url(value.get_secret_value())
    except ValueError:
        raise Unfit(
            _("{name} must read postgresql://user:password@host:5432/name (PostgreSQL 15 or later).").format(name=name)
        ) from None


def from_socket(env: Env, user: str) -> dict[str, Any]:
    """Django's settings for the embedded server; a server that is not up shows as a refused connection."""
    socket = embedded.running(env.pgdata)
    # where it will listen: a web server may start while the database is on its way up
    folder = cluster.socket_folder(env.pgdata) if env.pgdata.exists() else env.pgdata
    return COMMON | {
        "NAME": env.minqing_db_name,
        "USER": user,
        "HOST": socket.folder if socket else str(folder),
        "PORT": socket.port if socket else "5432",
        "OPTIONS": {},
    }


def refuse_what_loses(name: str, told: dict[str, Any]) -> None:
    """Raise Unfit where what is answered as done could be lost by the address itself, or nothing could be written."""
    options = told["OPTIONS"]
    if UNSAFE.search(options.get("options", "")):
        raise Unfit(
            _(
                "{name} turns synchronous_commit down: what was answered as done would be lost with the server. "
                "Take it out of the address."
            ).format(name=name)
        )
    if "," in told["HOST"] and options["target_session_attrs"] not in WRITES:
        raise Unfit(
            _("{name} names several servers: with target_session_attrs it must ask for read-write.").format(name=name)
        )


def databases(env: Env) -> dict[str, dict[str, Any]]:
    """Both connections. The app's pages each run in one transaction, so that a write is whole or not at all."""
    if env.database_url is None:
        app = from_socket(env, embedded.APP)
        owner = from_socket(env, embedded.OWNER)
    else:
        app = from_setting("DATABASE_URL", env.database_url)
        owner = from_setting("OWNER_DATABASE_URL", env.owner_database_url) if env.owner_database_url else dict(app)
        refuse_what_loses("DATABASE_URL", app)
        refuse_what_loses("OWNER_DATABASE_URL", owner)
    # generic plans of prepared statements ignore how few areas a village cadre has
    app["OPTIONS"] = app["OPTIONS"] | {"prepare_threshold": None}
    app |= {"ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 600}
    return {"default": app, "owner": owner | {"CONN_MAX_AGE": 0, "OPTIONS": with_lock_timeout(owner["OPTIONS"])}}


def go_direct() -> None:
    """In a worker or a command: past the pool of connections that the pages go through, where there is one."""
    from django.db import connections

    from minqing.config.env import env

    direct = env().direct_database_url
    if direct is None or env().embedded:
        return
    told, now = connections.settings["default"], from_setting("DIRECT_DATABASE_URL", direct)
    refuse_what_loses("DIRECT_DATABASE_URL", now)
    if told["HOST"] != now["HOST"] or told["PORT"] != now["PORT"]:
        connections["default"].close()
        # one dictionary for all: the queue's own connections are made from it too
        told.update({name: now[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        told["OPTIONS"].update(now["OPTIONS"])


def with_lock_timeout(options: dict[str, Any]) -> dict[str, Any]:
    """A migration that waits for a table makes everybody queue behind it: it gives up instead and is run again."""
    given = options.get("options", "")
    return options | {"options": f"{given} -c lock_timeout={LOCK_TIMEOUT}".strip()}
