"""Everything that the environment may set, read once, typed and frozen.

With nothing set, Minqing runs on one machine out of its ``var/`` folder: an embedded PostgreSQL and keys that
it makes itself on first use. A deployment with its own database sets ``DATABASE_URL`` and keeps its keys in a
secret store.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict, SettingsError

from minqing.config import embedded
from minqing.config.carriers import IN_USE, Carriers
from minqing.config.key_file import LINK, former, former_kept, kept_in, link_kept
from minqing.config.locks import make_own
from minqing.config.processes import Unfit, check_folder, not_usable
from minqing.config.words import N_, _
from minqing.web.public_origin import is_public

# about a place that everybody shares; all others are about somebody's own affairs
LOCAL_SETTINGS = "minqing.env"
PUBLIC_SPACE = (
    "building.estate,building.illegal,building.municipal,building.quality,environment,transport,commerce.lifts,"
    "commerce.markets,commerce.tourism,education.culture,health.epidemic,rural.water"
)


class Env(Carriers):
    """Settings of one deployment. Names are those of environment variables, without regard to case."""

    # hide_input_in_errors: a refused value may stand beside a password in the message otherwise
    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    minqing_var: Path = Field(default=Path("var"), description="folder for data, keys, photos and logs")
    minqing_pgdata: Path | None = Field(default=None, description="embedded database; default: pg in the folder above")
    database_url: SecretStr | None = Field(default=None, description="PostgreSQL of the app role; unset: embedded")
    direct_database_url: SecretStr | None = Field(
        default=None, description="the same past a pool of connections, for worker and commands"
    )
    owner_database_url: SecretStr | None = Field(default=None, description="PostgreSQL of the owner role (migrations)")
    minqing_db_name: str = Field(default="minqing", description="name of the database in the embedded server")
    minqing_origin: str = Field(default="", description="address that residents reach, printed in door plates")
    minqing_hosts: str = Field(default="", description="further host names that are answered, separated by commas")
    minqing_outgoing_networks: str = Field(
        default="", description="private networks that may be called, separated by commas (10.32.0.0/16)"
    )
    minqing_monitors: str = Field(
        default="", description="networks from which figures are asked for (/metrics) beside this machine, by commas"
    )
    minqing_log: Literal["text", "json"] = Field(default="text", description="lines of the log as text or as JSON")
    minqing_debug: bool = Field(default=False, description="Django's debug pages; never in production")
    minqing_demo: bool = Field(default=False, description="show that all people and figures are made up")
    minqing_open311_jurisdiction: str = Field(
        default="", description="jurisdiction_id of Open311; default: the host of the address above"
    )
    minqing_open311_contact: str = Field(default="", description="whom developers of Open311 clients may ask")
    minqing_open311_places: str = Field(
        default=PUBLIC_SPACE, description="categories whose requests are told with a coarse place, separated by commas"
    )
    minqing_open311_listed: str = Field(
        default="", description="categories whose matters of every channel are listed, separated by commas"
    )
    minqing_looks_noted: int = Field(
        default=60, ge=2, description="households opened by one person in one day from which the auditor is told"
    )
    minqing_backup_key: str = Field(
        default="", description="public keys for which backups are encrypted (age1…), separated by commas"
    )
    minqing_backup_folder: Path | None = Field(
        default=None, description="where the worker makes a backup each night; unset: none is made by itself"
    )
    minqing_backup_moments: int = Field(
        default=0, ge=0, le=90, description="how many days back a restore reaches any moment; 0: none is kept"
    )
    backup_database_url: SecretStr | None = Field(
        default=None, description="PostgreSQL of a role that may read every row, for backups of a database of your own"
    )
    port: int = Field(default=8000, ge=1, le=65535, description="port on 127.0.0.1")
    minqing_secret_key: SecretStr | None = Field(default=None, description="signs sessions")
    minqing_field_key: SecretStr | None = Field(default=None, description="32 bytes in hex: encrypts fields")
    minqing_index_key: SecretStr | None = Field(default=None, description="32 bytes in hex: keyed blind index")
    minqing_seal_key: SecretStr | None = Field(default=None, description="32 bytes in hex: Ed25519 key of the seals")
    minqing_old_field_keys: SecretStr | None = Field(
        default=None, description="former field keys in hex, separated by commas, still read"
    )
    minqing_old_index_keys: SecretStr | None = Field(
        default=None, description="former index keys in hex, separated by commas, still looked for"
    )
    minqing_link_key: SecretStr | None = Field(
        default=None, description="32 bytes in hex: makes private links; unset: the index key"
    )

    @model_validator(mode="after")
    def reachable(self) -> Env:
        """What is sent out bears links, which would lead nowhere for ever; raises ValueError, naming the settings."""
        used = [name for name in IN_USE if getattr(self, name)]
        if used and not self.minqing_demo and not is_public(self.origin):
            names = ", ".join(name.upper() for name in used)
            raise ValueError(
                f"{names} is set and messages carry links, so set MINQING_ORIGIN to the address that people reach"
            )
        return self

    @property
    def embedded(self) -> bool:
        """Whether the database is the one that comes with the package."""
        return self.database_url is None

    @property
    def var(self) -> Path:
        return self.minqing_var.expanduser().resolve()

    @property
    def pgdata(self) -> Path:
        return (self.minqing_pgdata or self.var / "pg").expanduser().resolve()

    @property
    def jurisdiction(self) -> str:
        """The host without ``www.``, as the Open311 specification suggests."""
        host = urlsplit(self.origin).hostname or ""
        return (self.minqing_open311_jurisdiction or host.removeprefix("www.")).lower()

    @field_validator("minqing_origin")
    @classmethod
    def plain_origin(cls, given: str) -> str:
        """In the form in which a browser names it: small letters, punycode, no default port, nothing behind it."""
        return origin_of(given) if given.strip() else ""

    @field_validator("minqing_monitors")
    @classmethod
    def networks(cls, given: str) -> str:
        for one in filter(None, given.split(",")):
            ip_network(one.strip())
        return given

    @property
    def monitors(self) -> list[IPv4Network | IPv6Network]:
        return [ip_network(one.strip()) for one in self.minqing_monitors.split(",") if one.strip()]

    @property
    def origin(self) -> str:
        return self.minqing_origin or f"http://127.0.0.1:{self.port}"

    @property
    def hosts(self) -> list[str]:
        """The names by which the pages are reached: this machine's own, the origin's and those added to it."""
        added = [one.strip() for one in self.minqing_hosts.split(",") if one.strip()]
        patterns = [one for one in added if one[0] in ".*"]
        try:
            named = [origin_of(one if "//" in one else f"http://{one}") for one in added if one not in patterns]
        except ValueError:
            raise Unfit(
                _("MINQING_HOSTS: write host names alone, separated by commas: minqing.gov.cn,10.1.2.3")
            ) from None
        found = [host_of(one) for one in ("http://127.0.0.1", "http://localhost", self.origin, *named)]
        return [*dict.fromkeys([*found, *patterns])]


def origin_of(given: str) -> str:
    """``https://host[:port]`` of an address; raises ValueError for anything else."""
    wrong = ValueError(_("write it like https://minqing.county.gov.cn, with nothing behind the host"))
    try:
        parts = urlsplit(given.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = f"[{ip_address(host)}]" if ":" in host else host.encode("idna").decode()
    except ValueError:
        raise wrong from None
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in DEFAULT_PORTS or not HOST.fullmatch(host) or not plain:
        raise wrong
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != DEFAULT_PORTS[parts.scheme] else "")


def host_of(origin: str) -> str:
    """The host as Django compares it: without the port, IPv6 in brackets."""
    netloc = urlsplit(origin).netloc
    return netloc if netloc.endswith("]") else netloc.rpartition(":")[0] or netloc


DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
WANTED = {
    "int_parsing": N_("write a whole number"),
    "bool_parsing": N_("write true or false"),
}
NAMED_FIELD = re.compile(r'field "(\w+)"')
KEYS = ("secret_key", "field_key", "index_key", "seal_key")
# a seal without a signature is still a seal
OPTIONAL = frozenset({"seal_key"})
# kept beside them once one was changed
FURTHER = (*map(former, ("field_key", "index_key")), LINK)
LEAST_SECRET = 32


class KeysMissing(Unfit):
    """A database that holds something must not be opened with keys made up on the spot."""


class KeysUnfit(Unfit):
    """A key that is there cannot be one."""


@cache
def env() -> Env:
    """The settings; raises :class:`~minqing.config.processes.Unfit` naming what is wrong, never its value."""
    # what `minqing init` was told; the environment goes before it
    local = Path(os.environ.get("MINQING_VAR") or "var").expanduser() / LOCAL_SETTINGS
    try:
        # Windows' own editor marks the beginning of a file
        return Env(_env_file=local, _env_file_encoding="utf-8-sig")  # type: ignore[call-arg]
    except UnicodeDecodeError:
        raise Unfit(_("{path} is not in UTF-8. Save it anew in that encoding.").format(path=local)) from None
    except PermissionError:
        raise not_readable(local) from None
    except (ValidationError, SettingsError) as error:
        raise Unfit(
            _("{wrong}. Correct it in the environment (docs/operations.md names every setting).").format(
                wrong=what_is_wrong(error)
            )
        ) from None


def not_readable(path: Path) -> Unfit:
    """Whose it is, where that can be seen."""
    try:
        check_folder(path.parent)
    except Unfit as unfit:
        return unfit
    except OSError:
        # closed further up
        pass
    return not_usable(path)


def what_is_wrong(error: ValidationError | SettingsError) -> str:
    if isinstance(error, SettingsError):
        # before any value was looked at: one that is JSON cannot be read as such
        return f"{'/'.join(re.findall(NAMED_FIELD, str(error))).upper()}: must be JSON, in single quotes"
    return "; ".join(
        f"{'.'.join(map(str, one['loc'])).upper() or 'Settings'}: {in_words(one['type'], one['msg'])}"
        for one in error.errors(include_input=False)
    )


def in_words(kind: str, message: str) -> str:
    """Pydantic's own message only of what is seldom got wrong."""
    if kind == "value_error":
        # one of ours
        return message.removeprefix("Value error, ")
    return _(WANTED[kind]) if kind in WANTED else message


@cache
def keys() -> dict[str, str]:
    """The four keys: those of the environment, else (embedded only) those kept in ``var/keys.json`` (mode 0600).

    Raises :class:`KeysMissing` or :class:`KeysUnfit`. New ones are made only where the database holds nothing yet, and
    kept only where there is one.
    """
    settings = env()
    given = {name: getattr(settings, f"minqing_{name}") for name in KEYS}
    found = {name: value.get_secret_value() for name, value in given.items() if value is not None}
    missing = [name for name in KEYS if name not in found and name not in OPTIONAL]
    if missing and not settings.embedded:
        names = ", ".join(f"MINQING_{name.upper()}" for name in missing)
        raise KeysMissing(
            _("Set {names}: a database of your own needs keys of your own (see docs/operations.md).").format(
                names=names
            )
        )
    for name, value in found.items():
        check_key(name, value, f"MINQING_{name.upper()}")
    if not missing:
        return found
    path = settings.var / "keys.json"
    if not path.exists() and not (settings.pgdata / "PG_VERSION").exists():
        # nothing is written with them, so nothing is kept: a tool that looks at the code makes no county's keys
        return made_up() | found
    if not path.exists() and embedded.holds_something(settings.pgdata, settings.minqing_db_name):
        raise KeysMissing(
            _(
                "{path} is gone, and the database in {pgdata} was written with those keys. Put back your "
                "copy of that file: without it no encrypted number can be read again. New keys are made "
                "only for an empty database."
            ).format(path=path, pgdata=settings.pgdata)
        )
    return kept_keys(path) | found


def former_keys(name: str) -> list[str]:
    """Field or index keys that are still needed: those of the environment and (embedded only) of ``var/keys.json``."""
    settings = env()
    told = getattr(settings, f"minqing_{former(name)}")
    given = [one.strip() for one in told.get_secret_value().split(",") if one.strip()] if told else []
    path = settings.var / "keys.json"
    kept = former_kept(path, name) if settings.embedded else []
    for found, where in ((given, f"MINQING_{former(name).upper()}"), (kept, f"“{former(name)}” in {path}")):
        for one in found:
            check_key(name, one, where)
    return [*dict.fromkeys([*given, *kept])]


def link_key() -> str:
    """The key of private links and check codes; empty where that is the index key, which was never changed."""
    settings = env()
    path = settings.var / "keys.json"
    given = settings.minqing_link_key.get_secret_value() if settings.minqing_link_key else ""
    kept = link_kept(path) if settings.embedded else ""
    for found, where in ((given, "MINQING_LINK_KEY"), (kept, f"“link_key” in {path}")):
        if found:
            check_key("link_key", found, where)
    # the first of all, as long as it is still told
    return given or kept or next(iter(former_keys("index_key")), "")


def all_keys() -> dict[str, Any]:
    """All that the settings hold of keys (``FIELD_KEYS``)."""
    return keys() | {
        "old_field_keys": former_keys("field_key"), "old_index_keys": former_keys("index_key"), "link_key": link_key()
    }  # fmt: skip


def check_key(name: str, value: object, where: str) -> None:
    """Raise :class:`KeysUnfit` unless ``value`` has the form of the key; the value is not told."""
    if name == "secret_key":
        if not isinstance(value, str) or len(value) < LEAST_SECRET:
            raise KeysUnfit(
                _(
                    "{where} has fewer than {LEAST_SECRET} characters, which former releases allowed. Make a "
                    "new one (openssl rand -hex 32): everybody signs in again. If that one is said not to be "
                    "the key of this database, run: minqing keys accept secret_key"
                ).format(where=where, LEAST_SECRET=LEAST_SECRET)
            )
        return
    try:
        fits = isinstance(value, str) and value.isascii() and len(value) == 64 and len(bytes.fromhex(value)) == 32
    except ValueError:
        fits = False
    if not fits:
        raise KeysUnfit(
            _(
                "{where} is no key: one is 64 hexadecimal digits (32 bytes). Put back the key this "
                "database began with; for a new database make one with: openssl rand -hex 32"
            ).format(where=where)
        )


def made_up() -> dict[str, str]:
    """New ones, each 32 random bytes in hex."""
    return {name: secrets.token_hex(32) for name in KEYS}


def kept_keys(path: Path) -> dict[str, str]:
    """Read the keys kept at ``path``; make them if the file is not there yet."""
    if not path.exists():
        make_own(path.parent)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made_up(), file)
        try:
            # link, not rename: of two processes that start together one wins and both read its keys
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    try:
        kept = kept_in(path)
    except (OSError, ValueError) as error:
        raise KeysUnfit(
            _("{path} cannot be read ({kind}). Put back your copy of that file.").format(
                path=path, kind=type(error).__name__
            )
        ) from None
    lacking = [name for name in KEYS if name not in kept and name not in OPTIONAL]
    if lacking:
        raise KeysUnfit(
            _("{path} lacks {lacking}. Put back your copy of that file.").format(path=path, lacking=", ".join(lacking))
        )
    found: dict[str, str] = {name: kept[name] for name in KEYS if name in kept}
    for name, value in found.items():
        check_key(name, value, f"“{name}” in {path}")
    return found
