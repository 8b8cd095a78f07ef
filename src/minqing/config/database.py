"""The two database connections: ``default`` as the app role, ``owner`` as the owner role for migrations."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from minqing.config import cluster, embedded
from minqing.config.env import Env
from minqing.config.processes import Unfit
from minqing.config.words import _

LOCK_TIMEOUT = "2s"
COMMON: dict[str, object] = {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_HEALTH_CHECKS": True,
    "TIME_ZONE": None,
}


def from_url(url: str) -> dict[str, object]:
    """Django's settings of a ``postgresql://user:password@host:port/name?option=value`` address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    return COMMON | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
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


def databases(env: Env) -> dict[str, dict[str, Any]]:
    """Both connections. The app's pages each run in one transaction, so that a write is whole or not at all."""
    if env.database_url is None:
        app = from_socket(env, embedded.APP)
        owner = from_socket(env, embedded.OWNER)
    else:
        app = from_setting("DATABASE_URL", env.database_url)
        owner = from_setting("OWNER_DATABASE_URL", env.owner_database_url) if env.owner_database_url else dict(app)
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
    if told["HOST"] != now["HOST"] or told["PORT"] != now["PORT"]:
        connections["default"].close()
        # one dictionary for all: the queue's own connections are made from it too
        told.update({name: now[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        told["OPTIONS"].update(now["OPTIONS"])


def with_lock_timeout(options: dict[str, Any]) -> dict[str, Any]:
    """A migration that waits for a table makes everybody queue behind it: it gives up instead and is run again."""
    given = options.get("options", "")
    return options | {"options": f"{given} -c lock_timeout={LOCK_TIMEOUT}".strip()}
