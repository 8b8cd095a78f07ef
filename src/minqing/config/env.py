"""Everything that the environment may set, read once, typed and frozen.

With nothing set, Minqing runs on one machine out of its ``var/`` folder: an embedded PostgreSQL and keys that
it makes itself on first use. A deployment with its own database sets ``DATABASE_URL`` and keeps its keys in a
secret store.
"""

from __future__ import annotations

import json
import os
import secrets
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from minqing.config.carriers import Carriers

# about a place that everybody shares; all others are about somebody's own affairs
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
    owner_database_url: SecretStr | None = Field(default=None, description="PostgreSQL of the owner role (migrations)")
    minqing_db_name: str = Field(default="minqing", description="name of the database in the embedded server")
    minqing_origin: str = Field(default="", description="address that residents reach, printed in door plates")
    minqing_hosts: str = Field(default="", description="further host names that are answered, separated by commas")
    minqing_outgoing_networks: str = Field(
        default="", description="private networks that may be called, separated by commas (10.32.0.0/16)"
    )
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
    port: int = Field(default=8000, ge=1, le=65535, description="port on 127.0.0.1")
    minqing_secret_key: SecretStr | None = Field(default=None, description="signs sessions")
    minqing_field_key: SecretStr | None = Field(default=None, description="32 bytes in hex: encrypts fields")
    minqing_index_key: SecretStr | None = Field(default=None, description="32 bytes in hex: keyed blind index")
    minqing_seal_key: SecretStr | None = Field(default=None, description="32 bytes in hex: Ed25519 key of the seals")
    minqing_old_field_keys: SecretStr | None = Field(
        default=None, description="former field keys in hex, separated by commas, still read"
    )

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

    @property
    def origin(self) -> str:
        return (self.minqing_origin or f"http://127.0.0.1:{self.port}").rstrip("/")


KEYS = ("secret_key", "field_key", "index_key", "seal_key")


class KeysMissing(Exception):
    """A production database must not be opened with keys made up on the spot."""


@cache
def env() -> Env:
    return Env()


@cache
def keys() -> dict[str, str]:
    """The four keys: those of the environment, else (embedded only) those kept in ``var/keys.json`` (mode 0600)."""
    settings = env()
    given = {name: getattr(settings, f"minqing_{name}") for name in KEYS}
    found = {name: value.get_secret_value() for name, value in given.items() if value is not None}
    missing = [name for name in KEYS if name not in found and name != "seal_key"]
    if not missing:
        return found
    if not settings.embedded:
        names = ", ".join(f"MINQING_{name.upper()}" for name in missing)
        raise KeysMissing(f"Set {names}: a database of your own needs keys of your own (see docs/operations.md).")
    return kept_keys(settings.var / "keys.json") | found


def kept_keys(path: Path) -> dict[str, str]:
    """Read the keys kept at ``path``; make them, each 32 random bytes in hex, if the file is not there yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({name: secrets.token_hex(32) for name in KEYS}, file)
        try:
            # link, not rename: of two processes that start together one wins and both read its keys
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
